/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Spinlocks: short critical sections, never slept in. Something that may sleep wants <linux/mutex.h>. Many readers and
 * few writers: rwlock_t, below; readers that must not wait at all: <linux/seqlock.h>.
 *
 * Choose by who else takes the lock: only threads: spin_lock(); softirqs and timers too: spin_lock_bh(); interrupt
 * handlers too: spin_lock_irq(), or spin_lock_irqsave() where interrupts may already be off.
 * Context: any; all forms disable preemption until the unlock. The trylock forms return 1 if taken, else 0.
 * Locking twice on one CPU is reported. If nobody else has come meanwhile, the second locking counts as part of the
 * first and the machine goes on; else, and in interrupts, it panics: nothing could end that wait.
 * Semantics: Linux's Documentation/locking/spinlocks. Differs: fair by tickets, where Linux queues.
 */
#include <linux/preempt.h>
#include <linux/irqflags.h>
#include <linux/spinlock_types.h>
#include <linux/lockdep_hooks.h>
#include <linux/bottom_half.h>
#include <linux/types.h>
#include <asm/cmpxchg.h>
#include <asm/barrier.h>
#include <asm/percpu.h>
#include <asm/current.h>

/* What this CPU writes into a lock's `holder`: its number plus one. Constant once the CPU runs. */
DECLARE_PER_CPU(u32, lock_holder_id);

/*
 * The spinlock that this CPU took when preempt_count's depth became so many, for messages only: an entry is out of date
 * once its lock was released, which the lock itself knows (holder).
 */
#define SPIN_DEPTH_MAX	256
DECLARE_PER_CPU(raw_spinlock_t *, spin_taken[SPIN_DEPTH_MAX]);

static __always_inline void spin_note_taken(raw_spinlock_t *lock)
{
	unsigned long depth;

	asm volatile("movzbl %%gs:%3, %k0\n\t"
		     "movq %2, %%gs:spin_taken(,%0,8)"
		     : "=&r" (depth), "=m" (spin_taken[0]) : "r" (lock), "m" (__preempt_count));
}

/* For messages: the innermost spinlock that this CPU holds, by name, or the general words for it if none is found.
 * Good until the next call on this CPU. Context: preemption is off. kernel/locking/held.c */
const char *spin_held_text(void);
/* For a thread that ends in the middle: unlock what its CPU holds, as far as can be known. Context: as above. */
void spin_give_back_held(void);

/* Waits until `ticket` is served; kernel/locking/spinlock.c. */
void raw_spin_wait(raw_spinlock_t *lock, u16 ticket);

#define raw_spin_lock_init(lock) \
	do { \
		static struct lock_class_key __key; \
		__raw_spin_lock_init((lock), #lock, &__key); \
	} while (0)
#define spin_lock_init(lock)		raw_spin_lock_init(lock)

static inline void __raw_spin_lock_init(raw_spinlock_t *lock, const char *name, struct lock_class_key *key)
{
	lock->tickets = 0;
	lock->holder = 0;
	lockdep_init_map(&lock->dep_map, name, key, 0);
}

static __always_inline void __raw_spin_acquire(raw_spinlock_t *lock, unsigned int subclass)
{
	u16 ticket;

	lockdep_acquire(&lock->dep_map, subclass, LOCKDEP_EXCLUSIVE);
	ticket = xadd(&lock->next, 1);

	/* ORDER(spinlock): the locked xadd, or the acquire in raw_spin_wait(), pairs with the release of the unlock. */
	if (unlikely(READ_ONCE(lock->serving) != ticket))
		raw_spin_wait(lock, ticket);
	lock->holder = raw_cpu_read(lock_holder_id);
	spin_note_taken(lock);
}

static __always_inline void __raw_spin_release(raw_spinlock_t *lock)
{
	lockdep_release(&lock->dep_map);
	lock->holder = 0;
	/* ORDER(spinlock): what was written under the lock is seen by the next holder. Nobody else writes `serving`. */
	smp_inc_release(&lock->serving);
}

static __always_inline bool __raw_spin_tryacquire(raw_spinlock_t *lock)
{
	u32 old = READ_ONCE(lock->tickets);

	if ((u16)old != old >> 16)
		return false;
	/* ORDER(spinlock): a successful cmpxchg is a full barrier, and so an acquire. */
	if (cmpxchg(&lock->tickets, old, old + (1u << 16)) != old)
		return false;
	lock->holder = raw_cpu_read(lock_holder_id);
	spin_note_taken(lock);
	lockdep_acquire(&lock->dep_map, 0, LOCKDEP_TRY);
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
	return READ_ONCE(lock->holder) == raw_cpu_read(lock_holder_id);
}

static __always_inline void __raw_spin_lock(raw_spinlock_t *lock, unsigned int subclass)
{
	preempt_disable();
	__raw_spin_acquire(lock, subclass);
}
#define raw_spin_lock_nested(lock, subclass)	__raw_spin_lock(lock, subclass)
#define raw_spin_lock(lock)			__raw_spin_lock(lock, 0)

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

#define raw_spin_lock_irqsave_nested(lock, flags, subclass) \
	do { \
		local_irq_save(flags); \
		raw_spin_lock_nested(lock, subclass); \
	} while (0)
#define raw_spin_lock_irqsave(lock, flags)	raw_spin_lock_irqsave_nested(lock, flags, 0)

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

static __always_inline int raw_spin_trylock_bh(raw_spinlock_t *lock)
{
	local_bh_disable();
	if (raw_spin_trylock(lock))
		return 1;
	local_bh_enable();
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
#define spin_trylock_bh(l)		raw_spin_trylock_bh(l)
#define spin_is_locked(l)		raw_spin_is_locked(l)
#define spin_is_contended(l)		raw_spin_is_contended(l)
#define spin_needbreak(l)		raw_spin_is_contended(l)
/* A second lock of the same class, deeper in: subclass 1, 2 ... says that the order between the two is meant. */
#define spin_lock_nested(l, sub)	raw_spin_lock_nested(l, sub)
#define spin_lock_nest_lock(l, outer)	raw_spin_lock_nested(l, LOCKDEP_NEST_LOCK)
#define raw_spin_lock_nest_lock(l, outer) raw_spin_lock_nested(l, LOCKDEP_NEST_LOCK)
#define spin_lock_irqsave_nested(l, f, s) raw_spin_lock_irqsave_nested(l, f, s)
#define SINGLE_DEPTH_NESTING		1
/* A broken assertion is a bug of the kernel: the thread, or the machine, ends. lockdep_assert_held() only warns. */
#define assert_spin_locked(l)		BUG_ON(!raw_spin_is_locked(l))
#define assert_raw_spin_locked(l)	BUG_ON(!raw_spin_is_locked(l))

/*
 * atomic_dec_and_lock: count down, and if that makes it zero, return 1 with the lock taken: nobody who looks under the
 * lock ever sees zero. Else 0, without the lock. Context: as spin_lock(); _irqsave as spin_lock_irqsave().
 */
int atomic_dec_and_lock(atomic_t *atomic, spinlock_t *lock);
int _atomic_dec_and_lock_irqsave(atomic_t *atomic, spinlock_t *lock, unsigned long *flags);
#define atomic_dec_and_lock_irqsave(atomic, lock, flags) _atomic_dec_and_lock_irqsave(atomic, lock, &(flags))
#define atomic_dec_and_raw_lock(atomic, lock)	atomic_dec_and_lock(atomic, lock)

#include <linux/rwlock.h>
