/* SPDX-License-Identifier: MIT */
/*
 * The command `misuse`: threads that do not let others have their turn, and freezing done wrong.
 *
 * Read next: power/process.c, sched/rt_limit.c.
 */
#define MISUSE_SUBJECT "keeping a CPU"
#include "misuse.h"
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/freezer.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/sched/rt.h>
#include <linux/sched/task.h>
#include <linux/time64.h>
#include <linux/wait.h>

static int never_sleep(void *unused)
{
	while (!kthread_should_stop())
		;
	return 0;
}

static int runaway_fifo(void)
{
	struct task_struct *p = kthread_create(never_sleep, NULL, "misuse/runaway");

	if (IS_ERR(p))
		return PTR_ERR(p);
	sched_rt_limit_told = false;	/* it is said once only, and this is to be seen */
	sched_set_fifo(p);
	wake_up_process(p);
	while (!READ_ONCE(sched_rt_limit_told) && sysctl_sched_rt_runtime >= 0)
		msleep(50);
	return kthread_stop(p);
}

MISUSE("runaway-fifo", runaway_fifo, "a real-time thread that never sleeps");

#undef MISUSE_SUBJECT
#define MISUSE_SUBJECT "freezing"

static DECLARE_WAIT_QUEUE_HEAD(nothing_comes);

static int freezable_sleeper(void *unused)
{
	set_freezable();
	wait_event_freezable(nothing_comes, kthread_should_stop());
	return 0;
}

static int stubborn_sleeper(void *unused)
{
	set_freezable();
	wait_event(nothing_comes, kthread_should_stop());
	return 0;
}

static int freeze_and_end(void *unused)
{
	freeze_processes();
	freeze_kernel_threads();
	return 0;
}

/* Started, and freezable already. */
static struct task_struct *start_freezable(int (*fn)(void *), const char *name)
{
	struct task_struct *p = kthread_run(fn, NULL, "%s", name);

	while (!IS_ERR(p) && (READ_ONCE(p->flags) & PF_NOFREEZE))
		msleep(1);
	return p;
}

static int refuse_to_freeze(void)
{
	struct task_struct *p = start_freezable(stubborn_sleeper, "misuse/refuses");
	unsigned int before = freeze_timeout_msecs;

	if (IS_ERR(p))
		return PTR_ERR(p);
	while (!wait_task_inactive(p, TASK_UNINTERRUPTIBLE))
		msleep(1);
	freeze_timeout_msecs = 2000;	/* it wakes, and must have the time to sleep again on a busy host, too */
	if (!freeze_processes()) {
		freeze_kernel_threads();
		thaw_processes();
	}
	freeze_timeout_msecs = before;
	return kthread_stop(p);
}

MISUSE("refuse-to-freeze", refuse_to_freeze, "a freezable thread that does not wait freezably");

static int stop_frozen_thread(void)
{
	struct task_struct *p = start_freezable(freezable_sleeper, "misuse/frozen");
	int err;

	if (IS_ERR(p))
		return PTR_ERR(p);
	err = freeze_processes() ?: freeze_kernel_threads();
	kthread_stop(p);
	if (current->flags & PF_SUSPEND_TASK)
		thaw_processes();
	return err;
}

MISUSE("stop-frozen-thread", stop_frozen_thread, "kthread_stop() of a thread that one has frozen oneself");

static int end_with_others_frozen(void)
{
	return misuse_run_thread(freeze_and_end, "freezer");
}

MISUSE("end-with-others-frozen", end_with_others_frozen, "freeze_processes(), and ending without a thaw");
