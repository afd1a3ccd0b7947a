/* SPDX-License-Identifier: MIT */
/*
 * The command `misuse`: waiting. The watcher's patience is cut short for it, from seconds to a moment.
 *
 * Read next: sched/wait.c, sched/lost_wakeup.c.
 */
#define MISUSE_SUBJECT "waiting"
#include "misuse.h"
#include "sched/lost_wakeup.h"
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/sched.h>
#include <linux/sched/sysctl.h>
#include <linux/wait.h>

#define PATIENCE_MS	100
#define ROUNDS_MAX	1500	/* naps of 20 ms until one gives up */

static DECLARE_WAIT_QUEUE_HEAD(queue);
static bool ready;

static int wait_until_ready(void *unused)
{
	wait_event(queue, READ_ONCE(ready));
	return 0;
}

/* The sleeper looks, finds that it is not ready yet, and sleeps on; nobody wakes it after that. */
static void wake_too_early(struct task_struct *p)
{
	unsigned long slept;

	while (!wait_task_inactive(p, TASK_UNINTERRUPTIBLE))
		msleep(1);
	slept = READ_ONCE(p->nvcsw);
	wake_up(&queue);
	while (READ_ONCE(p->nvcsw) == slept)
		msleep(1);
	WRITE_ONCE(ready, true);
}

static int lost_wakeup(void)
{
	unsigned int before = READ_ONCE(lost_wakeups_told);
	struct task_struct *p;

	WRITE_ONCE(ready, false);
	p = misuse_start(wait_until_ready, NULL, "sleeper");
	if (IS_ERR(p))
		return PTR_ERR(p);
	wake_too_early(p);
	lost_wakeup_watch(PATIENCE_MS);
	for (int i = 0; i < ROUNDS_MAX && READ_ONCE(lost_wakeups_told) == before; i++)
		msleep(20);
	lost_wakeup_watch(0);
	wake_up(&queue);
	return misuse_finish(p);
}
MISUSE("lost-wakeup", lost_wakeup, "wake_up() before the condition is made true: the sleeper sleeps on");
