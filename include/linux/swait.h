/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Simple wait queues: sleepers only, no callbacks, each woken one is taken off; one swake_up_one() wakes one sleeper.
 * Nearly always <linux/wait.h> or <linux/completion.h> is what you want; this is for code written against it.
 *
 * Context of swait_*: thread, may sleep. swake_up_one: any. swake_up_all: thread or softirq (in Linux interrupts must
 * be on). Return of the event forms: as those of <linux/wait.h>.
 * Differs from Linux: lost wake-ups are not looked for here (<linux/wait.h>), nor heads on stacks that have gone.
 * Semantics: the comments of Linux's include/linux/swait.h.
 */
#include <linux/list.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

struct swait_queue_head {
	raw_spinlock_t		lock;
	struct list_head	task_list;	/* lock; the longest waiter first */
};

struct swait_queue {
	struct task_struct	*task;		/* constant */
	struct list_head	task_list;	/* the head's lock */
};

#define __SWAITQUEUE_INITIALIZER(name)	{ .task = current, .task_list = LIST_HEAD_INIT((name).task_list) }
#define DECLARE_SWAITQUEUE(name)	struct swait_queue name = __SWAITQUEUE_INITIALIZER(name)
#define __SWAIT_QUEUE_HEAD_INITIALIZER(name) \
	{ .lock = __RAW_SPIN_LOCK_UNLOCKED(name.lock), .task_list = LIST_HEAD_INIT((name).task_list) }
#define DECLARE_SWAIT_QUEUE_HEAD(name)	struct swait_queue_head name = __SWAIT_QUEUE_HEAD_INITIALIZER(name)
#define DECLARE_SWAIT_QUEUE_HEAD_ONSTACK(name)	DECLARE_SWAIT_QUEUE_HEAD(name)

#define init_swait_queue_head(q)							\
	do {										\
		raw_spin_lock_init(&(q)->lock);						\
		INIT_LIST_HEAD(&(q)->task_list);					\
	} while (0)

/* swait_active: is anybody there? Only a hint without the lock, and a full barrier of yours; swq_has_sleeper has it. */
static inline int swait_active(struct swait_queue_head *q)
{
	return !list_empty(&q->task_list);
}

static inline bool swq_has_sleeper(struct swait_queue_head *q)
{
	/* ORDER(sleep-wake): waker's half without the lock: condition, full barrier, then the queue is read. */
	smp_mb();
	return swait_active(q);
}

void swake_up_one(struct swait_queue_head *q);
void swake_up_all(struct swait_queue_head *q);
void swake_up_locked(struct swait_queue_head *q);

void prepare_to_swait_exclusive(struct swait_queue_head *q, struct swait_queue *wait, int state);
long prepare_to_swait_event(struct swait_queue_head *q, struct swait_queue *wait, int state);
void finish_swait(struct swait_queue_head *q, struct swait_queue *wait);

#define ___swait_event(wq, condition, state, ret, cmd)					\
	({										\
		__label__ out;								\
		DECLARE_SWAITQUEUE(__wait);						\
		long __ret = (ret);							\
											\
		for (;;) {								\
			long __int = prepare_to_swait_event(&(wq), &__wait, state);	\
											\
			if (condition)							\
				break;							\
			if (___wait_is_interruptible(state) && __int) {			\
				__ret = __int;						\
				goto out;						\
			}								\
			cmd;								\
		}									\
		finish_swait(&(wq), &__wait);						\
out:		__ret;									\
	})

#define __swait_event_timeout(wq, condition, state, timeout)				\
	___swait_event(wq, ___wait_cond_timeout(condition), state, timeout,		\
		       __ret = schedule_timeout(__ret))

#define __swait_event_once(wq, condition, state)					\
	({										\
		int __once = 0;								\
		if (!(condition))							\
			__once = ___swait_event(wq, condition, state, 0, schedule());	\
		__once;									\
	})

#define __swait_event_timed(wq, condition, state, timeout)				\
	({										\
		long __ret = (timeout);							\
		if (!___wait_cond_timeout(condition))					\
			__ret = __swait_event_timeout(wq, condition, state, timeout);	\
		__ret;									\
	})

#define swait_event_exclusive(wq, condition)						\
	((void)__swait_event_once(wq, condition, TASK_UNINTERRUPTIBLE))
#define swait_event_interruptible_exclusive(wq, condition)				\
	__swait_event_once(wq, condition, TASK_INTERRUPTIBLE)
#define swait_event_idle_exclusive(wq, condition)					\
	((void)__swait_event_once(wq, condition, TASK_IDLE))
#define swait_event_timeout_exclusive(wq, condition, timeout)				\
	__swait_event_timed(wq, condition, TASK_UNINTERRUPTIBLE, timeout)
#define swait_event_interruptible_timeout_exclusive(wq, condition, timeout)		\
	__swait_event_timed(wq, condition, TASK_INTERRUPTIBLE, timeout)
#define swait_event_idle_timeout_exclusive(wq, condition, timeout)			\
	__swait_event_timed(wq, condition, TASK_IDLE, timeout)
