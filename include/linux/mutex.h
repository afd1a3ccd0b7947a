/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Mutexes: one owner, who alone may unlock; waiters sleep. In interrupts and under spinlocks use <linux/spinlock.h>;
 * to be told that something happened, <linux/completion.h>. A real-time thread that must not be held up by lesser
 * threads: <linux/rtmutex.h>.
 * Semantics: Linux's Documentation/locking/mutex-design.
 */
#include <linux/lockdep_types.h>
#include <linux/spinlock.h>
#include <linux/list.h>
#include <linux/atomic.h>

struct mutex {
	atomic_long_t		owner;		/* the owner's task_struct | MUTEX_FLAGS; ORDER(mutex) */
	raw_spinlock_t		wait_lock;
	unsigned int		again;		/* wait_lock: how often the owner has it too much */
	struct list_head	wait_list;	/* wait_lock: the longest waiter first */
	struct owned_lock	own;		/* the owner only */
};

#define __MUTEX_INITIALIZER(name) \
	{ .owner = ATOMIC_LONG_INIT(0), .wait_lock = __RAW_SPIN_LOCK_UNLOCKED(name.wait_lock), \
	  .wait_list = LIST_HEAD_INIT(name.wait_list), .own = __OWNED_LOCK_INIT(name, mutex_kind) }
#define DEFINE_MUTEX(name)	struct mutex name = __MUTEX_INITIALIZER(name)

/* mutex_init: not of a mutex that is held. Context: any. */
#define mutex_init(mutex) \
	do { \
		static struct lock_class_key __key; \
		__mutex_init((mutex), #mutex, &__key); \
	} while (0)
void __mutex_init(struct mutex *lock, const char *name, struct lock_class_key *key);

/*
 * mutex_lock: sleep until it is ours. mutex_trylock: take it if that needs no waiting.
 * The owner who locks again would wait for himself: mutex_lock() says so and counts, so that he may unlock as often;
 * the other two say so and answer -EDEADLK. (Differs from Linux, where he hangs.) A circle of threads that wait for one
 * another is printed when it closes; they wait on, for ever or until a signal.
 * Context: thread, may sleep. mutex_trylock() does not sleep, but is not for interrupts either.
 * Return: mutex_trylock 1 if taken, else 0; _interruptible and _killable 0 or -EINTR.
 */
void mutex_lock(struct mutex *lock);
int mutex_lock_interruptible(struct mutex *lock);
int mutex_lock_killable(struct mutex *lock);
void mutex_lock_io(struct mutex *lock);
int mutex_trylock(struct mutex *lock);

/*
 * mutex_unlock: by the owner. Anybody else is told so, and it stays locked. (Differs from Linux, which unlocks it.)
 * mutex_destroy: nobody will use it any more; WARNs if it is held. Context: thread.
 */
void mutex_unlock(struct mutex *lock);
void mutex_destroy(struct mutex *lock);

/* Does the caller hold it? For assertions; lockdep_assert_held() is the usual one. */
bool mutex_is_held(const struct mutex *lock);

/* mutex_is_locked: by whomever, at this moment. Context: any. */
static inline bool mutex_is_locked(struct mutex *lock)
{
	return atomic_long_read(&lock->owner) & ~7UL;
}

/* atomic_dec_and_mutex_lock: as atomic_dec_and_lock(), with a mutex. Context: thread, may sleep. */
int atomic_dec_and_mutex_lock(atomic_t *cnt, struct mutex *lock);

/* A second mutex of the same class, deeper in: subclass 1 says that the order between the two is meant. */
#ifdef CONFIG_LOCKDEP
void mutex_lock_nested(struct mutex *lock, unsigned int subclass);
int mutex_lock_interruptible_nested(struct mutex *lock, unsigned int subclass);
int mutex_lock_killable_nested(struct mutex *lock, unsigned int subclass);
#else
#define mutex_lock_nested(lock, subclass)		mutex_lock(lock)
#define mutex_lock_interruptible_nested(lock, subclass)	mutex_lock_interruptible(lock)
#define mutex_lock_killable_nested(lock, subclass)	mutex_lock_killable(lock)
#endif
#define mutex_lock_io_nested(lock, subclass)		mutex_lock_nested(lock, subclass)
#define mutex_lock_nest_lock(lock, outer)		mutex_lock_nested(lock, LOCKDEP_NEST_LOCK)
