/* SPDX-License-Identifier: MIT */
/*
 * Cancelling: taking a work back.
 *
 * To take a work back is to become the owner of its PENDING bit (workqueue.c). Where is it?
 *
 *	its timer runs		stop the timer; who stops it has the bit
 *	nobody has it		set the bit
 *	on a list		lock the pool, and see that it is still there; then take it off
 *	none of these		its owner is about to queue it, with interrupts off; it won't be long: look again
 *	somebody cancels it	only he may; come back when he is done
 *
 * The _sync forms keep the bit, with CANCELING beside it, and flush: while the bit is set nobody can queue the work,
 * not even the work itself. Then they give it back. Several cancellers at once wait for one another:
 *
 *	the one who has it				the others
 *	clear CANCELING and PENDING			wait_event: put themselves on cancel_wait
 *	full barrier			ORDER(work-cancel)	full barrier (in wait_event)
 *	does anybody wait? wake them all		is it still being cancelled?
 *
 * Whoever comes second takes the work back once more, for it may have been queued in between.
 *
 * Cancelling for good without waiting (cancel_work()) leaves a function that has begun to its end.
 * Read next: rescuer.c.
 */
#include "workqueue.h"
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/wait.h>

static DECLARE_WAIT_QUEUE_HEAD(cancel_wait);

/* Take it off the list that it is on. Return: false if it is on none (any more). Interrupts are off. */
static bool take_off_list(struct work_struct *work)
{
	struct worker_pool *pool = work_pool(work);
	struct pool_workqueue *pwq;
	unsigned long data;

	if (!pool)
		return false;
	raw_spin_lock(&pool->lock);
	pwq = work_pwq(work);
	if (!pwq || pwq->pool != pool) {
		raw_spin_unlock(&pool->lock);
		return false;
	}
	/* An inactive work may have barriers linked behind it. Only on the worklist can they do without it. */
	data = work_data(work);
	if (data & WORK_STRUCT_INACTIVE) {
		pwq_activate_work(pwq, work);
		data = work_data(work);
	}
	list_del_init(&work->entry);
	work_set_pool_keep_pending(work, pool);
	pwq_work_done(pwq, data);
	/* A barrier that was behind it, or a work that may begin in its place, waits for nothing else now. */
	if (pool_needs_worker(pool))
		pool_wake_worker(pool);
	raw_spin_unlock(&pool->lock);
	return true;
}

static int try_grab(struct work_struct *work, bool is_delayed)
{
	/* The timer had the bit: now we do. */
	if (is_delayed && del_timer(&to_delayed_work(work)->timer))
		return GRAB_WAS_PENDING;
	/* ORDER(work-pending): as a queuer's. */
	if (!test_and_set_bit(WORK_STRUCT_PENDING_BIT, (unsigned long *)&work->data.counter))
		return GRAB_WAS_IDLE;
	if (take_off_list(work))
		return GRAB_WAS_PENDING;
	return work_is_canceling(work) ? GRAB_CANCELLING : -EAGAIN;
}

/* Become the owner. Interrupts are off then, until the caller restores *flags; not if somebody cancels it. */
int work_grab(struct work_struct *work, bool is_delayed, unsigned long *flags)
{
	int was;

	for (;;) {
		local_irq_save(*flags);
		was = try_grab(work, is_delayed);
		if (was >= 0)
			return was;
		local_irq_restore(*flags);
		if (was == GRAB_CANCELLING)
			return was;
		cpu_relax();
	}
}

/* ---- without waiting ---- */

static bool cancel(struct work_struct *work, bool is_delayed)
{
	unsigned long flags;
	int was = work_grab(work, is_delayed, &flags);

	if (was == GRAB_CANCELLING)
		return false;
	work_release_pending(work);
	local_irq_restore(flags);
	return was;
}

bool cancel_work(struct work_struct *work)
{
	return cancel(work, false);
}
EXPORT_SYMBOL(cancel_work);

bool cancel_delayed_work(struct delayed_work *dwork)
{
	return cancel(&dwork->work, true);
}
EXPORT_SYMBOL(cancel_delayed_work);

/* ---- and waiting ---- */

static bool cancel_sync(struct work_struct *work, bool is_delayed)
{
	unsigned long flags;
	int was;

	might_sleep();
	lockdep_waits_for("work", work->func);
	while ((was = work_grab(work, is_delayed, &flags)) == GRAB_CANCELLING)
		wait_event(cancel_wait, !work_is_canceling(work));
	atomic_long_or(WORK_OFFQ_CANCELING, &work->data);
	local_irq_restore(flags);
	/* Before there are workers, nothing runs. */
	if (wq_online && !WARN(work_is_own(work), "work %ps calls cancel_..._sync() on itself: it would wait for its "
			       "own end for ever. Without _sync it would not\n", work->func))
		wq_flush_work(work);
	/* The pool stays known: after the mistake above the work still runs there, and must not run twice at once. */
	work_release_pending(work);
	/* ORDER(work-cancel): given back, full barrier (the xchg, and one more in here), then: does anybody wait? */
	if (wq_has_sleeper(&cancel_wait))
		wake_up_all(&cancel_wait);
	return was;
}

bool cancel_work_sync(struct work_struct *work)
{
	return cancel_sync(work, false);
}
EXPORT_SYMBOL(cancel_work_sync);

bool cancel_delayed_work_sync(struct delayed_work *dwork)
{
	return cancel_sync(&dwork->work, true);
}
EXPORT_SYMBOL(cancel_delayed_work_sync);
