/* SPDX-License-Identifier: MIT */
/*
 * khungtaskd: who sleeps uninterruptibly for too long, and why.
 *
 * A thread in state D can be ended by nothing but the event that it waits for. If that takes minutes, somebody has
 * forgotten something: an unlock, a complete(), a wake-up. The watcher looks at all threads twice per time limit and
 * reports each such sleeper once: where it sleeps, for what lock, who has the lock and what he does. It changes
 * nothing: the sleeper sleeps on.
 *
 * Not reported: sleepers that a signal can kill, those that are idle by profession (TASK_IDLE), frozen ones.
 * The limit is hung_task_timeout_secs= on the command line; 0 switches the watch off.
 *
 * Locking: none. What it reads of a thread may be out of date at once; next_task_get() holds a reference, and a
 * backtrace is taken while the thread cannot be woken.
 * Read next: locking/held.c.
 */
#include <linux/sched/sysctl.h>
#include "locking/held.h"
#include <linux/err.h>
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/kthread.h>
#include <linux/sched/clock.h>
#include <linux/sched/task.h>

#define REPORTS_MAX	10	/* at a stretch: who reads more? */

unsigned long sysctl_hung_task_timeout_secs = 120;

static struct task_struct *watcher;	/* constant after boot */
static unsigned int watch_ms;		/* instead of the seconds; 0: these */
static int reports_left = REPORTS_MAX;

static int __init set_timeout(char *arg)
{
	return arg && kstrtoul(arg, 0, &sysctl_hung_task_timeout_secs) == 0;
}
__setup("hung_task_timeout_secs=", set_timeout);

static u64 limit_ns(void)
{
	unsigned int ms = READ_ONCE(watch_ms);

	return ms ? ms * NSEC_PER_MSEC : sysctl_hung_task_timeout_secs * NSEC_PER_SEC;
}

static bool sleeps_too_long(struct task_struct *p, u64 limit)
{
	unsigned int state = READ_ONCE(p->__state);
	u64 since = READ_ONCE(p->last_switch), now = local_clock();

	if (!(state & TASK_UNINTERRUPTIBLE) || (state & (TASK_WAKEKILL | TASK_NOLOAD | TASK_FROZEN)))
		return false;
	return !READ_ONCE(p->on_cpu) && now > since && now - since > limit && READ_ONCE(p->hung_told) != since;
}

static void report(struct task_struct *p)
{
	const char *what, *name;
	struct task_struct *owner;
	bool for_lock = blocked_get(p, &what, &name, &owner);

	pr_warn("------------[ hung ]------------\n");
	pr_warn("thread %s (%d) has slept uninterruptibly for %llu ms: nothing but what it waits for can end that\n",
		p->comm, p->pid, (local_clock() - p->last_switch) / NSEC_PER_MSEC);
	if (for_lock)
		blocked_explain(p, KERN_WARNING);
	else
		pr_warn("It waits for no lock: a complete(), wake_up() or wake_up_process() must come, and has not\n");
	show_sleeper(p, KERN_WARNING);
	if (owner)
		put_task_struct(owner);
	WRITE_ONCE(p->hung_told, READ_ONCE(p->last_switch));
	if (!--reports_left)
		pr_warn("hung tasks: no more reports until somebody asks for them\n");
}

static void look_at_all(u64 limit)
{
	struct task_struct *p = NULL;

	while ((p = next_task_get(p)))
		if (reports_left > 0 && sleeps_too_long(p, limit))
			report(p);
}

static int watch(void *unused)
{
	while (!kthread_should_stop()) {
		u64 limit = limit_ns();

		if (limit)
			look_at_all(limit);
		schedule_timeout_interruptible(limit ? nsecs_to_jiffies(limit / 2) + 1 : MAX_SCHEDULE_TIMEOUT);
	}
	return 0;
}

void hung_task_watch(unsigned int ms)
{
	reports_left = REPORTS_MAX;
	WRITE_ONCE(watch_ms, ms);
	if (watcher)
		wake_up_process(watcher);
}

static int __init hung_task_init(void)
{
	struct task_struct *p = kthread_run(watch, NULL, "khungtaskd");

	if (IS_ERR(p))
		return PTR_ERR(p);
	watcher = p;
	return 0;
}
core_initcall(hung_task_init);
