/* SPDX-License-Identifier: MIT */
/*
 * Flushers: threads that wait for a place in a list of works.
 *
 * Who flushes puts a work of his own behind the one that he waits for. That work is all the queue he needs: he is the
 * only one who waits for it, and it is reached once. So there is no completion, with a lock and a list for others who
 * never come, and nothing is called: the worker, who has the list's lock anyway, marks the flusher and wakes him.
 *
 *	flusher					worker, under the list's lock
 *	-------					-----------------------------
 *	state = UNINTERRUPTIBLE			f->state = REACHED
 *	full barrier		ORDER(sleep-wake)	full barrier (pi_lock)
 *	f->state? WAITS: sleep			flusher's state? asleep: wake it
 *	f->state? not GONE yet: in a moment	f->state = GONE
 *	return: *f is gone		ORDER(flusher)
 *
 * He does not take the list's lock again, for the worker may be freed by then: his flush may have been what the other
 * waited for to do so. The moment is that of a spinlock: the other side has interrupts off.
 *
 * Rejected: waking with a reference to the thread, after the mark, as it might come when the thread sleeps elsewhere.
 * Read next: kthread_work.c, workqueue/flush.c.
 */
#include "flusher.h"
#include <linux/sched/shake.h>

void __sched flusher_sleep(struct flusher *f)
{
	shake_point();
	for (;;) {
		/* ORDER(sleep-wake): the state, then the condition. */
		set_current_state(TASK_UNINTERRUPTIBLE);
		if (READ_ONCE(f->state) != FLUSHER_WAITS)
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	/* ORDER(flusher): nobody touches *f any more. */
	while (smp_load_acquire(&f->state) != FLUSHER_GONE)
		cpu_relax();
}
