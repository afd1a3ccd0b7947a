/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Spinlocks: short critical sections, never slept in. Something that may sleep wants <linux/mutex.h>.
 *
 * Choose by who else takes the lock: only threads: spin_lock(); softirqs and timers too: spin_lock_bh(); interrupt
 * handlers too: spin_lock_irq(), or spin_lock_irqsave() where interrupts may already be off.
 * Context: any; all forms disable preemption until the unlock. Locking twice on one CPU is reported and panics:
 * nothing could end that wait.
 * Semantics: Linux's Documentation/locking/spinlocks. Differs: fair by tickets, where Linux queues.
 */
#include <linux/preempt.h>
#include <linux/irqflags.h>
#include <linux/spinlock_types.h>
#include <linux/bottom_half.h>
#include <asm/cmpxchg.h>
#include <asm/barrier.h>
#include <asm/percpu.h>
#include <asm/current.h>

DECLARE_PER_CPU(int, cpu_number);

/* Waits until `ticket` is served; kernel/locking/spinlock.c. */
void raw_spin_wait(raw_spinlock_t *lock, u16 ticket);

#define raw_spin_lock_init(lock)	do { *(lock) = (raw_spinlock_t)__RAW_SPIN_LOCK_UNLOCKED(); } while (0)
#define spin_lock_init(lock)		raw_spin_lock_init(lock)

static __always_inline void __raw_spin_acquire(raw_spinlock_t *lock)
{
	u16 ticket = xadd(&lock->next, 1);

	/* ORDER(spinlock): the locked xadd, or the acquire in raw_spin_wait(), pairs with the release of the unlock. */
	if (unlikely(READ_ONCE(lock->serving) != ticket))
		raw_spin_wait(lock, ticket);
	lock->holder = raw_cpu_read(cpu_number) + 1;
}

static __always_inline void __raw_spin_release(raw_spinlock_t *lock)
{
	lock->holder = 0;
	/* ORDER(spinlock): what was written under the lock is seen by the next holder. */
	smp_store_release(&lock->serving, (u16)(lock->serving + 1));
}

static __always_inline bool __raw_spin_tryacquire(raw_spinlock_t *lock)
{
	u32 old = READ_ONCE(lock->tickets);

	if ((u16)old != old >> 16)
		return false;
	/* ORDER(spinlock): a successful cmpxchg is a full barrier, and so an acquire. */
	if (cmpxchg(&lock->tickets, old, old + (1u << 16)) != old)
		return false;
	lock->holder = raw_cpu_read(cpu_number) + 1;
	return true;
}

static inline bool raw_spin_is_locked(raw_spinlock_t *lock)
{
	u32 v = READ_ONCE(lock->tickets);

	return (u16)v != v >> 16;
}

static inline bool raw_spin_is_contended(raw_spinlock_t *lock)
{
	u32 v = READ_ONCE(lock->tickets);

	return (u16)((v >> 16) - (u16)v) > 1;
}

/* Does this CPU hold the lock? For assertions. */
static inline bool raw_spin_is_held(const raw_spinlock_t *lock)
{
	return READ_ONCE(lock->holder) == raw_cpu_read(cpu_number) + 1;
}

static __always_inline void raw_spin_lock(raw_spinlock_t *lock)
{
	preempt_disable();
	__raw_spin_acquire(lock);
}

static __always_inline void raw_spin_unlock(raw_spinlock_t *lock)
{
	__raw_spin_release(lock);
	preempt_enable();
}

static __always_inline int raw_spin_trylock(raw_spinlock_t *lock)
{
	preempt_disable();
	if (likely(__raw_spin_tryacquire(lock)))
		return 1;
	preempt_enable();
	return 0;
}

static __always_inline void raw_spin_lock_irq(raw_spinlock_t *lock)
{
	local_irq_disable();
	raw_spin_lock(lock);
}

static __always_inline void raw_spin_unlock_irq(raw_spinlock_t *lock)
{
	__raw_spin_release(lock);
	local_irq_enable();
	preempt_enable();
}

#define raw_spin_lock_irqsave(lock, flags) \
	do { \
		local_irq_save(flags); \
		raw_spin_lock(lock); \
	} while (0)

static __always_inline void raw_spin_unlock_irqrestore(raw_spinlock_t *lock, unsigned long flags)
{
	__raw_spin_release(lock);
	local_irq_restore(flags);
	preempt_enable();
}

static __always_inline void raw_spin_lock_bh(raw_spinlock_t *lock)
{
	local_bh_disable();
	raw_spin_lock(lock);
}

static __always_inline void raw_spin_unlock_bh(raw_spinlock_t *lock)
{
	__raw_spin_release(lock);
	preempt_enable_no_resched();
	local_bh_enable();
}

static __always_inline int raw_spin_trylock_irq(raw_spinlock_t *lock)
{
	local_irq_disable();
	if (raw_spin_trylock(lock))
		return 1;
	local_irq_enable();
	return 0;
}

#define raw_spin_trylock_irqsave(lock, flags) \
	({ \
		local_irq_save(flags); \
		int __got = raw_spin_trylock(lock); \
		if (!__got) \
			local_irq_restore(flags); \
		__got; \
	})

#define spin_lock(l)			raw_spin_lock(l)
#define spin_unlock(l)			raw_spin_unlock(l)
#define spin_trylock(l)			raw_spin_trylock(l)
#define spin_lock_irq(l)		raw_spin_lock_irq(l)
#define spin_unlock_irq(l)		raw_spin_unlock_irq(l)
#define spin_lock_irqsave(l, f)		raw_spin_lock_irqsave(l, f)
#define spin_unlock_irqrestore(l, f)	raw_spin_unlock_irqrestore(l, f)
#define spin_lock_bh(l)			raw_spin_lock_bh(l)
#define spin_unlock_bh(l)		raw_spin_unlock_bh(l)
#define spin_trylock_irq(l)		raw_spin_trylock_irq(l)
#define spin_trylock_irqsave(l, f)	raw_spin_trylock_irqsave(l, f)
#define spin_is_locked(l)		raw_spin_is_locked(l)
#define spin_is_contended(l)		raw_spin_is_contended(l)
#define spin_lock_nested(l, sub)	raw_spin_lock(l)
#define raw_spin_lock_nested(l, sub)	raw_spin_lock(l)
#define spin_lock_irqsave_nested(l, f, s) raw_spin_lock_irqsave(l, f)
#define assert_spin_locked(l)		BUG_ON(!raw_spin_is_locked(l))
#define assert_raw_spin_locked(l)	BUG_ON(!raw_spin_is_locked(l))
