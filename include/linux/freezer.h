/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The freezer: bring threads to a halt at a place of their choosing, all of them, and let them go on later.
 *
 * Kernel threads take no part unless they ask for it by set_freezable(). One that did waits in freezable sleep,
 *
 *	set_freezable();
 *	while (!kthread_should_stop()) {
 *		wait_event_freezable(wq, work_to_do || kthread_should_stop());		<linux/wait.h>
 *		...
 *	}
 *
 * where it is frozen without waking, or calls try_to_freeze() in its loop. To hold up one thread, rather use
 * kthread_park().
 * Semantics: Linux 6.1's Documentation/power/freezing-of-tasks and kernel/freezer.c.
 */
#include <linux/sched.h>

/* Is anybody frozen or to be? All that freezing() costs when nobody is. Lock to write: freezer_lock. */
extern bool freezer_active;
/* Threads that are no kernel threads shall freeze; all shall. Written by freeze_processes() and the like only. */
extern bool pm_freezing, pm_nosig_freezing;
/* How long those may wait until all are frozen. */
extern unsigned int freeze_timeout_msecs;

bool freezing_slow_path(struct task_struct *p);

/* freezing: shall p be frozen now? frozen: is it? Context: any; momentary. */
static inline bool freezing(struct task_struct *p)
{
	return unlikely(READ_ONCE(freezer_active)) && freezing_slow_path(p);
}
bool frozen(struct task_struct *p);

/*
 * set_freezable: from now on the calling thread can be frozen; if that is wanted at this moment, it is at once.
 * try_to_freeze: a place where the caller can be frozen. Return of both: true if it was (and now goes on).
 * A frozen thread is in TASK_FROZEN, which no ordinary wake-up ends, no signal and no kthread_stop(): they take effect
 * when it is thawed. So kthread_stop() of a frozen thread returns after the thaw; only kthread_freezable_should_stop()
 * does not fall asleep any more once the thread was asked to stop.
 * Context: the thread itself, may sleep, no lock held that others need.
 */
bool set_freezable(void);
bool __refrigerator(bool check_kthr_stop);
static inline bool try_to_freeze(void)
{
	might_sleep();
	if (likely(!freezing(current)))
		return false;
	return __refrigerator(false);
}

/*
 * One thread. freeze_task: a sleeper in freezable sleep becomes frozen where it is, another one is woken, in order to
 * freeze itself. Return: true if it has yet to. __thaw_task: it goes on; only when freezing(p) has become false.
 * Context: any; the caller keeps p alive.
 * Differs from Linux: a thread that is no kernel thread is woken like one, and gets no false signal: there is no
 * return to user mode at which it would be frozen.
 */
bool freeze_task(struct task_struct *p);
void __thaw_task(struct task_struct *p);

/*
 * All threads. freeze_processes: those that are no kernel threads; freeze_kernel_threads: then the kernel threads that
 * are freezable, and freezable workqueues. The caller is left out, and must be the one who thaws. Both wait up to
 * freeze_timeout_msecs. Return: 0, or -EBUSY when somebody refused: then the log says who, where and why, and those
 * that this call was to freeze go on. thaw_processes: everybody goes on. thaw_kernel_threads: the kernel threads.
 * Context: thread, may sleep.
 * Differs from Linux: freezing what another thread has frozen, and kernel threads before processes, is refused with a
 * warning, -EBUSY and -EINVAL. Init takes no part. A thread that ends without thawing the others is made to, with a
 * warning; and if it stops a frozen thread, that one is let go, with a warning. In Linux both hang.
 */
int freeze_processes(void);
int freeze_kernel_threads(void);
void thaw_processes(void);
void thaw_kernel_threads(void);

/* For exit.c and kthread.c: those two cases of the last sentence. */
void freezer_exit(void);
void freezer_let_go(struct task_struct *p);
