/* SPDX-License-Identifier: MIT */
/*
 * khungtaskd: who sleeps uninterruptibly for too long, and why.
 *
 * A thread in state D can be ended by nothing but the event that it waits for. If that takes minutes, somebody has
 * forgotten something: an unlock, a complete(), a wake-up. The watcher looks at all threads twice per time limit and
 * reports each such sleeper once: where it sleeps, for what lock, who has the lock and what he does. It changes
 * nothing: the sleeper sleeps on.
 *
 * It also wakes, now and then, who waits in wait_event*() for long, to see whether a wake-up was lost: that story is in
 * sched/lost_wakeup.c.
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
#include "sched/lost_wakeup.h"
#include <linux/err.h>
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/kthread.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/sched/clock.h>
#include <linux/sched/task.h>
#include <linux/time64.h>

#define REPORTS_MAX	10	/* at a stretch: who reads more? */

#define SETTLE_MAX	(2 * NSEC_PER_SEC)	/* so late may a wake-up come */

unsigned long sysctl_hung_task_timeout_secs = 120;
unsigned long sysctl_lost_wakeup_secs = 5;

static struct task_struct *watcher;	/* constant after boot */
static unsigned int watch_ms, lost_ms;	/* instead of the seconds; 0: these */
static int reports_left = REPORTS_MAX;

static int __init set_timeout(char *arg)
{
	return arg && kstrtoul(arg, 0, &sysctl_hung_task_timeout_secs) == 0;
}
__setup("hung_task_timeout_secs=", set_timeout);

static int __init set_lost_wakeup(char *arg)
{
	return arg && kstrtoul(arg, 0, &sysctl_lost_wakeup_secs) == 0;
}
__setup("lost_wakeup_secs=", set_lost_wakeup);

static u64 limit_ns(unsigned int ms, unsigned long secs)
{
	return ms ? ms * NSEC_PER_MSEC : secs * NSEC_PER_SEC;
}

static bool sleeps_too_long(struct task_struct *p, u64 limit)
{
	unsigned int state = READ_ONCE(p->__state);
	u64 since = asleep_since(p), now = local_clock();

	if (!(state & TASK_UNINTERRUPTIBLE) || (state & (TASK_WAKEKILL | TASK_NOLOAD | TASK_FROZEN)))
		return false;
	return !READ_ONCE(p->on_cpu) && now > since && now - since > limit && READ_ONCE(p->hung_told) != since;
}

/* Whom p waits for in kthread_stop(), with a reference; or NULL. */
static struct task_struct *stopped_get(struct task_struct *p)
{
	struct task_struct *stopped;

	rcu_read_lock();
	stopped = READ_ONCE(p->stops);
	if (stopped && !refcount_inc_not_zero(&stopped->usage))
		stopped = NULL;
	rcu_read_unlock();
	return stopped;
}

/* It waits for no lock; for what, is known in one case only. */
static void explain_event(struct task_struct *p)
{
	struct task_struct *stopped = stopped_get(p);

	if (!stopped) {
		pr_warn("It waits for no lock: a complete(), wake_up(), wake_up_process() or time-out must come, and "
			"has not\n");
		return;
	}
	pr_warn("It waits in kthread_stop() for the end of %s (%d), which must look at kthread_should_stop() in its\n",
		stopped->comm, stopped->pid);
	pr_warn("loop, and in the condition of each wait, and then return. It has not\n");
	if (READ_ONCE(stopped->on_cpu))
		pr_warn("%s (%d) runs on CPU %u\n", stopped->comm, stopped->pid, task_cpu(stopped));
	show_sleeper(stopped, KERN_WARNING);
	put_task_struct(stopped);
}

static void report(struct task_struct *p)
{
	const char *what, *name;
	struct task_struct *owner;
	bool for_lock = blocked_get(p, &what, &name, &owner);
	u64 since = asleep_since(p);

	pr_warn("------------[ hung ]------------\n");
	pr_warn("thread %s (%d) has slept uninterruptibly for %llu ms: nothing but what it waits for can end that\n",
		p->comm, p->pid, (local_clock() - since) / NSEC_PER_MSEC);
	if (for_lock)
		blocked_explain(p, KERN_WARNING);
	else
		explain_event(p);
	show_sleeper(p, KERN_WARNING);
	if (owner)
		put_task_struct(owner);
	WRITE_ONCE(p->hung_told, since);
	if (!--reports_left)
		pr_warn("hung tasks: no more reports until somebody asks for them\n");
}

/* A limit of 0: do not look for that. */
static void look_at_all(u64 hung, u64 lost)
{
	struct task_struct *p = NULL;

	while ((p = next_task_get(p))) {
		if (hung && reports_left > 0 && sleeps_too_long(p, hung))
			report(p);
		if (lost)
			probe_sleeper(p, lost);
	}
}

/* ns until there is something to see again; 0: for ever. */
static u64 next_look(u64 hung, u64 lost)
{
	u64 settle = lost ? min_t(u64, lost / 2, SETTLE_MAX) : SETTLE_MAX;

	if (lost_wakeups_judge(settle))
		return settle;
	if (!hung || !lost)
		return hung ? hung / 2 : lost;
	return min(hung / 2, lost);
}

static int watch(void *unused)
{
	while (!kthread_should_stop()) {
		u64 hung = limit_ns(READ_ONCE(watch_ms), sysctl_hung_task_timeout_secs);
		u64 lost = limit_ns(READ_ONCE(lost_ms), sysctl_lost_wakeup_secs), next;

		look_at_all(hung, lost);
		next = next_look(hung, lost);
		schedule_timeout_interruptible(next ? nsecs_to_jiffies(next) + 1 : MAX_SCHEDULE_TIMEOUT);
	}
	return 0;
}

static void look_now(void)
{
	if (watcher)
		wake_up_process(watcher);
}

void hung_task_watch(unsigned int ms)
{
	reports_left = REPORTS_MAX;
	WRITE_ONCE(watch_ms, ms);
	look_now();
}

void lost_wakeup_watch(unsigned int ms)
{
	WRITE_ONCE(lost_ms, ms);
	look_now();
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
