/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * For who wakes a thread under a spinlock and gives that lock back next: complete(), a worker's queue. Private to
 * kernel/; core.c has the story ("A wake-up that preempts").
 */
#include <linux/irqflags.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

/* Flags of a wake-up. */
#define WF_SYNC			0x01	/* the waker will sleep at once */
#define WF_FORK			0x02
#define WF_TTWU			0x04
#define WF_UNLOCKS		0x08	/* the waker holds one spinlock and nothing else, and gives it back next */

/* What came of it: p was awake; it was woken; and with WF_UNLOCKS: it has the queue, which is locked, and is to be
 * given the CPU by preempt_schedule_to(). */
enum { NOT_WOKEN, WOKEN, WOKEN_AND_NEXT };

int try_to_wake_up(struct task_struct *p, unsigned int state, int wake_flags);
void preempt_schedule_to(struct task_struct *p);

/* Nothing but the one spinlock just taken, with these flags, keeps this CPU from switching threads. */
static __always_inline bool is_only_lock(unsigned long flags)
{
	return !arch_irqs_disabled_flags(flags) && preempt_count() == PREEMPT_OFFSET;
}

/*
 * wake_up_and_unlock: wake_up_process() and raw_spin_unlock_irqrestore() in one. If p shall preempt the caller, and
 * nothing else keeps it from doing so, the CPU goes to p as soon as the lock is given back.
 * Context: any, the lock taken by _irqsave. Return: false: p was awake, and the lock is still held.
 */
static __always_inline bool wake_up_and_unlock(struct task_struct *p, raw_spinlock_t *lock, unsigned long flags)
{
	int woken = try_to_wake_up(p, TASK_NORMAL, is_only_lock(flags) ? WF_UNLOCKS : 0);

	if (woken == WOKEN_AND_NEXT) {
		/* Its level of preempt_count stays: that is the one at which schedule() switches. */
		__raw_spin_release(lock);
		preempt_schedule_to(p);
	} else if (woken) {
		raw_spin_unlock_irqrestore(lock, flags);
	}
	return woken;
}

/* unlock_and_wake: the same for p or, if it is NULL, nobody. The lock is given back in any case. */
static __always_inline void unlock_and_wake(struct task_struct *p, raw_spinlock_t *lock, unsigned long flags)
{
	if (!p || !wake_up_and_unlock(p, lock, flags))
		raw_spin_unlock_irqrestore(lock, flags);
}
