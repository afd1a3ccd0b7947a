/* SPDX-License-Identifier: MIT */
/*
 * The freezer, for all threads: freeze_processes() and the like.
 *
 * Everybody is asked again and again, with pauses, until all are frozen, or the time is over. Who runs is left alone in
 * that round; who sleeps unfreezably is woken, in order to come by a try_to_freeze(). That it is asked again, not
 * waited for, is Linux's way, too: a thread may turn to freezable sleep at any moment, and schedule() shall not have to
 * know of the freezer.
 *
 * Two steps, as in Linux: what is no kernel thread first, for it may need kernel threads in order to come to a halt;
 * then kernel threads and workqueues. If somebody refuses, the log says who, in which state, where it sleeps, and what
 * its author should change; then all of that step go on, for half a frozen machine is of no use.
 *
 * Locking: owner_lock for who has frozen the others. The walk over all threads holds none: a thread that is born while
 * it goes on comes later in it, or in the next round. Read next: workqueue/hotplug.c for works.
 */
#include <linux/freezer.h>
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/sched/debug.h>
#include <linux/sched/task.h>
#include <linux/timekeeping.h>
#include <linux/workqueue.h>

unsigned int freeze_timeout_msecs = 20 * MSEC_PER_SEC;

static DEFINE_SPINLOCK(owner_lock);
static struct task_struct *froze_all;	/* owner_lock: who called freeze_processes(); NULL: nobody is frozen */

/* ---- all freeze ---- */

/* Linux prints the thread; why it is not frozen, its author has to find out. Here is what he would find. */
static const char *why_not(struct task_struct *p)
{
	unsigned int state = READ_ONCE(p->__state);

	if (state == TASK_RUNNING)
		return "it runs: its loop does not come by try_to_freeze()";
	if (state & TASK_PARKED)
		return "it is parked: unpark it, or let it park as no freezable thread";
	if (state & TASK_INTERRUPTIBLE)
		return "it was woken, and sleeps again: let it wait by wait_event_freezable(), or call try_to_freeze()";
	return "it waits for something that must come first, uninterruptibly: whoever is to bring it may be frozen";
}

static void report_refusers(const char *what, unsigned int todo, bool wq_busy, u64 ms)
{
	struct task_struct *p = NULL;

	pr_err("Freezing of %s failed after %llu.%03llu seconds (%u tasks refusing to freeze, wq_busy=%d):\n", what,
	       ms / MSEC_PER_SEC, ms % MSEC_PER_SEC, todo, wq_busy);
	if (wq_busy)
		show_all_workqueues();
	while ((p = next_task_get(p))) {
		if (p == current || !freezing(p) || frozen(p))
			continue;
		pr_err("%s (%d) refuses: %s\n", p->comm, p->pid, why_not(p));
		sched_show_task(p);
	}
}

/* Ask everybody once. Return: how many are still to freeze. */
static unsigned int ask_all(void)
{
	struct task_struct *p = NULL;
	unsigned int todo = 0;

	while ((p = next_task_get(p)))
		todo += p != current && freeze_task(p);
	return todo;
}

static int try_to_freeze_tasks(const char *what, bool user_only)
{
	u64 start = ktime_get_ns(), ms;
	unsigned long end = jiffies_refresh() + msecs_to_jiffies(freeze_timeout_msecs);
	unsigned int todo, pause_us = USEC_PER_MSEC;
	bool wq_busy = false;

	if (!user_only)
		freeze_workqueues_begin();
	for (;;) {
		todo = ask_all();
		if (!user_only)
			wq_busy = freeze_workqueues_busy();
		if ((!todo && !wq_busy) || time_after(jiffies, end))
			break;
		/* Most need a moment, some need long. */
		usleep_range(pause_us / 2, pause_us);
		if (pause_us < 8 * USEC_PER_MSEC)
			pause_us *= 2;
	}
	ms = (ktime_get_ns() - start) / NSEC_PER_MSEC;
	if (todo || wq_busy) {
		msleep(1);	/* whom the last round has woken is to be found where it sleeps, not on its way there */
		report_refusers(what, todo, wq_busy, ms);
		return -EBUSY;
	}
	pr_info("Freezing %s ... (elapsed %llu.%03llu seconds) done.\n", what, ms / MSEC_PER_SEC, ms % MSEC_PER_SEC);
	return 0;
}

static bool become_the_freezer(void)
{
	bool mine;

	spin_lock_irq(&owner_lock);
	mine = !froze_all || froze_all == current;
	if (mine) {
		froze_all = current;
		current->flags |= PF_SUSPEND_TASK;
		WRITE_ONCE(pm_freezing, true);
		WRITE_ONCE(freezer_active, true);
	}
	spin_unlock_irq(&owner_lock);
	return mine;
}

int freeze_processes(void)
{
	int err;

	might_sleep();
	if (WARN(!become_the_freezer(), "thread %s (%d) calls freeze_processes(), but another one has frozen all "
		 "already, and must thaw them first\n", current->comm, current->pid))
		return -EBUSY;
	err = try_to_freeze_tasks("user space processes", true);
	if (err)
		thaw_processes();
	return err;
}

int freeze_kernel_threads(void)
{
	int err;

	might_sleep();
	if (WARN(!(current->flags & PF_SUSPEND_TASK), "thread %s (%d) calls freeze_kernel_threads() without "
		 "freeze_processes() before it\n", current->comm, current->pid))
		return -EINVAL;
	WRITE_ONCE(pm_nosig_freezing, true);
	err = try_to_freeze_tasks("remaining freezable tasks", false);
	if (err)
		thaw_kernel_threads();
	return err;
}

/* ---- all go on ---- */

/* What the caller has cleared, each thread has read under the lock that __thaw_task() takes. */
static void thaw_all(const char *what, bool kernel_threads_only)
{
	struct task_struct *p = NULL;

	thaw_workqueues();
	while ((p = next_task_get(p)))
		if ((p->flags & PF_KTHREAD) || !kernel_threads_only)
			__thaw_task(p);
	pr_info("Restarting %s ... done.\n", what);
	cond_resched();
}

void thaw_processes(void)
{
	struct task_struct *who;

	spin_lock_irq(&owner_lock);
	who = froze_all;
	froze_all = NULL;
	current->flags &= ~PF_SUSPEND_TASK;
	WRITE_ONCE(pm_freezing, false);
	WRITE_ONCE(pm_nosig_freezing, false);
	WRITE_ONCE(freezer_active, false);
	spin_unlock_irq(&owner_lock);
	WARN(who != current, "thread %s (%d) calls thaw_processes(), but has not frozen anybody\n", current->comm,
	     current->pid);
	thaw_all("tasks", false);
}

void thaw_kernel_threads(void)
{
	WRITE_ONCE(pm_nosig_freezing, false);
	thaw_all("kernel threads", true);
}

void freezer_exit(void)
{
	if (WARN(current->flags & PF_SUSPEND_TASK, "thread %s (%d) ends after freeze_processes(), and only it could "
		 "thaw the others: they are thawed now\n", current->comm, current->pid))
		thaw_processes();
}
