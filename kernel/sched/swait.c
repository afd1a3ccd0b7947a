/* SPDX-License-Identifier: MIT */
/*
 * Simple wait queues: a list of sleeping threads under a raw spinlock.
 *
 * The race, and why it is right, are those of wait.c; what is left out is the entry's function, and waking several by
 * one call with the lock held for as long as that takes: swake_up_all() lets the lock go between two of them.
 *
 * ORDER(sleep-wake): a sleeper is on the list before its state is set, both under the lock; the waker takes that lock.
 * Read next: wait.c.
 */
#include <linux/swait.h>
#include <linux/export.h>
#include <linux/lockdep.h>
#include <linux/sched/shake.h>

void swake_up_locked(struct swait_queue_head *q)
{
	struct swait_queue *first;

	lockdep_assert_held(&q->lock);
	if (list_empty(&q->task_list))
		return;
	first = list_first_entry(&q->task_list, struct swait_queue, task_list);
	wake_up_process(first->task);
	/* ORDER(wait-entry): once the sleeper finds itself off, nobody here touches its entry. */
	list_del_init_careful(&first->task_list);
}
EXPORT_SYMBOL(swake_up_locked);

void swake_up_one(struct swait_queue_head *q)
{
	unsigned long flags;

	shake_point();
	raw_spin_lock_irqsave(&q->lock, flags);
	swake_up_locked(q);
	raw_spin_unlock_irqrestore(&q->lock, flags);
}
EXPORT_SYMBOL(swake_up_one);

/* Who comes while it goes on is not woken: the list is taken away first. */
void swake_up_all(struct swait_queue_head *q)
{
	unsigned long flags;
	LIST_HEAD(woken);

	shake_point();
	raw_spin_lock_irqsave(&q->lock, flags);
	list_splice_init(&q->task_list, &woken);
	while (!list_empty(&woken)) {
		struct swait_queue *first = list_first_entry(&woken, struct swait_queue, task_list);

		wake_up_state(first->task, TASK_NORMAL);
		/* ORDER(wait-entry): as above. */
		list_del_init_careful(&first->task_list);
		if (list_empty(&woken))
			break;
		raw_spin_unlock_irqrestore(&q->lock, flags);
		raw_spin_lock_irqsave(&q->lock, flags);
	}
	raw_spin_unlock_irqrestore(&q->lock, flags);
}
EXPORT_SYMBOL(swake_up_all);

static void enqueue(struct swait_queue_head *q, struct swait_queue *wait)
{
	lockdep_assert_held(&q->lock);
	wait->task = current;
	if (list_empty(&wait->task_list))
		list_add_tail(&wait->task_list, &q->task_list);
}

void prepare_to_swait_exclusive(struct swait_queue_head *q, struct swait_queue *wait, int state)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&q->lock, flags);
	enqueue(q, wait);
	set_current_state(state);
	raw_spin_unlock_irqrestore(&q->lock, flags);
	shake_point();
}
EXPORT_SYMBOL(prepare_to_swait_exclusive);

/* With a signal pending we must not stay, nor swallow a wake-up: as prepare_to_wait_event(). */
long prepare_to_swait_event(struct swait_queue_head *q, struct swait_queue *wait, int state)
{
	unsigned long flags;
	long ret = 0;

	raw_spin_lock_irqsave(&q->lock, flags);
	if (signal_pending_state(state, current)) {
		list_del_init(&wait->task_list);
		ret = -ERESTARTSYS;
	} else {
		enqueue(q, wait);
		set_current_state(state);
	}
	raw_spin_unlock_irqrestore(&q->lock, flags);
	shake_point();
	return ret;
}
EXPORT_SYMBOL(prepare_to_swait_event);

void finish_swait(struct swait_queue_head *q, struct swait_queue *wait)
{
	unsigned long flags;

	__set_current_state(TASK_RUNNING);
	/* ORDER(wait-entry): if we are off the list, the waker has finished with the entry. */
	if (list_empty_careful(&wait->task_list))
		return;
	raw_spin_lock_irqsave(&q->lock, flags);
	list_del_init(&wait->task_list);
	raw_spin_unlock_irqrestore(&q->lock, flags);
}
EXPORT_SYMBOL(finish_swait);
