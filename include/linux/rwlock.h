/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * rwlock_t: a spinlock that many readers may hold together, or one writer alone. For data that is read often and long;
 * where reading is short, a plain spinlock is faster, and for reading without waiting there is <linux/seqlock.h>.
 *
 * Forms as for spinlocks: plain, _irq, _irqsave, _bh. Readers that may also be interrupt handlers do not need _irq as
 * long as no writer is one; writers then must use write_lock_irq(). Fair: who must wait gets it in order, writers
 * included; only a reader in an interrupt goes ahead of waiting writers, as the thread below it may hold the lock.
 * So a thread must not take it for reading twice, unless interrupts: a writer that came between would wait for the
 * outer, and the inner for the writer.
 * Context: any. All forms disable preemption until the unlock. trylock: 1 if taken, else 0.
 * Semantics: Linux's Documentation/locking/spinlocks.
 */
#include <linux/spinlock.h>

/* The bits of rwlock_t.state. */
#define RW_WRITER	0x0ffU	/* a writer has it */
#define RW_WAITING	0x100U	/* a writer is first in the queue: no new readers */
#define RW_READER	0x200U	/* one reader; they are counted from here on */

/* kernel/locking/rwlock.c: waiting. */
void rw_read_wait(rwlock_t *lock);
void rw_write_wait(rwlock_t *lock);

#define rwlock_init(lock) \
	do { \
		static struct lock_class_key __key; \
		__rwlock_init((lock), #lock, &__key); \
	} while (0)

static inline void __rwlock_init(rwlock_t *lock, const char *name, struct lock_class_key *key)
{
	lock->state = 0;
	lock->holder = 0;
	__raw_spin_lock_init(&lock->queue, name, key);
}

static __always_inline void __rw_read_acquire(rwlock_t *lock)
{
	lockdep_acquire(&lock->queue.dep_map, 0, LOCKDEP_SHARED);
	/* ORDER(rwlock): a locked xadd, so an acquire: what the last writer wrote is seen. */
	if (unlikely(xadd(&lock->state, RW_READER) & (RW_WRITER | RW_WAITING)))
		rw_read_wait(lock);
}

static __always_inline void __rw_read_release(rwlock_t *lock)
{
	lockdep_release(&lock->queue.dep_map);
	/* ORDER(rwlock): a locked xadd, so a release: the reader's loads are over before a writer comes. */
	xadd(&lock->state, -RW_READER);
}

static __always_inline void __rw_write_acquire(rwlock_t *lock)
{
	lockdep_acquire(&lock->queue.dep_map, 0, LOCKDEP_EXCLUSIVE);
	/* ORDER(rwlock): a locked cmpxchg, so an acquire. */
	if (unlikely(cmpxchg(&lock->state, 0, RW_WRITER) != 0))
		rw_write_wait(lock);
	lock->holder = raw_cpu_read(lock_holder_id);
}

static __always_inline void __rw_write_release(rwlock_t *lock)
{
	lockdep_release(&lock->queue.dep_map);
	lock->holder = 0;
	/* ORDER(rwlock): what the writer wrote is seen by who comes next. The writer's byte is nobody else's. */
	smp_store_release((u8 *)&lock->state, 0);
}

static __always_inline bool __rw_read_tryacquire(rwlock_t *lock)
{
	/* ORDER(rwlock): as above. */
	if (xadd(&lock->state, RW_READER) & (RW_WRITER | RW_WAITING)) {
		xadd(&lock->state, -RW_READER);
		return false;
	}
	lockdep_acquire(&lock->queue.dep_map, 0, LOCKDEP_SHARED | LOCKDEP_TRY);
	return true;
}

static __always_inline bool __rw_write_tryacquire(rwlock_t *lock)
{
	/* ORDER(rwlock): as above. */
	if (cmpxchg(&lock->state, 0, RW_WRITER) != 0)
		return false;
	lock->holder = raw_cpu_read(lock_holder_id);
	lockdep_acquire(&lock->queue.dep_map, 0, LOCKDEP_TRY);
	return true;
}

/* Does this CPU hold it for writing? For assertions. */
static inline bool rw_write_is_held(const rwlock_t *lock)
{
	return READ_ONCE(lock->holder) == raw_cpu_read(lock_holder_id);
}

static inline bool rwlock_is_locked(const rwlock_t *lock)
{
	return READ_ONCE(lock->state) & ~RW_WAITING;
}

static inline bool rwlock_is_contended(rwlock_t *lock)
{
	return raw_spin_is_locked(&lock->queue);
}
#define rwlock_needbreak(lock)	rwlock_is_contended(lock)

/* The forms of either side: plain, _irq, _irqsave, _bh. */
#define RWLOCK_FORMS(side) \
static __always_inline void side##_lock(rwlock_t *lock) \
{ \
	preempt_disable(); \
	__rw_##side##_acquire(lock); \
} \
static __always_inline void side##_unlock(rwlock_t *lock) \
{ \
	__rw_##side##_release(lock); \
	preempt_enable(); \
} \
static __always_inline int side##_trylock(rwlock_t *lock) \
{ \
	preempt_disable(); \
	if (likely(__rw_##side##_tryacquire(lock))) \
		return 1; \
	preempt_enable(); \
	return 0; \
} \
static __always_inline void side##_lock_irq(rwlock_t *lock) \
{ \
	local_irq_disable(); \
	side##_lock(lock); \
} \
static __always_inline void side##_unlock_irq(rwlock_t *lock) \
{ \
	__rw_##side##_release(lock); \
	local_irq_enable(); \
	preempt_enable(); \
} \
static __always_inline void side##_unlock_irqrestore(rwlock_t *lock, unsigned long flags) \
{ \
	__rw_##side##_release(lock); \
	local_irq_restore(flags); \
	preempt_enable(); \
} \
static __always_inline void side##_lock_bh(rwlock_t *lock) \
{ \
	local_bh_disable(); \
	side##_lock(lock); \
} \
static __always_inline void side##_unlock_bh(rwlock_t *lock) \
{ \
	__rw_##side##_release(lock); \
	preempt_enable_no_resched(); \
	local_bh_enable(); \
}
RWLOCK_FORMS(read)
RWLOCK_FORMS(write)

#define read_lock_irqsave(lock, flags) \
	do { \
		local_irq_save(flags); \
		read_lock(lock); \
	} while (0)
#define write_lock_irqsave(lock, flags) \
	do { \
		local_irq_save(flags); \
		write_lock(lock); \
	} while (0)
#define write_lock_nested(lock, subclass)	write_lock(lock)
#define write_trylock_irqsave(lock, flags) \
	({ \
		local_irq_save(flags); \
		int __got = write_trylock(lock); \
		if (!__got) \
			local_irq_restore(flags); \
		__got; \
	})
