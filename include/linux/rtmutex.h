/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * rt_mutex: a mutex for threads with deadlines. Waiters stand in order of priority, and as long as somebody waits, the
 * owner runs with the priority of the best of them (priority inheritance): so a thread of middle priority cannot keep
 * a high one waiting by pushing the low owner off his CPU. See it: the shell's `inversion`. Without real-time threads
 * use <linux/mutex.h>, which is faster when it has to wait.
 *
 * Context: thread, may sleep; rt_mutex_trylock does not sleep, but is not for interrupts either.
 * Return: trylock 1 if taken, else 0; _interruptible, _killable: 0 or -EINTR. Taken twice by its owner: as a mutex.
 * Semantics: Linux's Documentation/locking/rt-mutex-design.
 * Differs from Linux: unlock hands it to the best waiter, where in Linux one of higher priority may take it meanwhile.
 */
#include <linux/lockdep_types.h>
#include <linux/rbtree.h>
#include <linux/sched/rt.h>

/* Lock: pi_lock_all (kernel/locking/rtmutex.c), but for the owner word without the bit 0. */
struct rt_mutex_base {
	unsigned long		owner;		/* the task_struct; bit 0: there are waiters. ORDER(rtmutex) */
	struct rb_root_cached	waiters;	/* the best first */
};

struct rt_mutex {
	struct rt_mutex_base	rtmutex;
	unsigned int		again;		/* pi_lock_all: how often the owner has it too much */
	struct owned_lock	own;		/* the owner only */
};

#define __RT_MUTEX_INITIALIZER(name) \
	{ .rtmutex = { .owner = 0, .waiters = RB_ROOT_CACHED }, .own = __OWNED_LOCK_INIT(name, rt_mutex_kind) }
#define DEFINE_RT_MUTEX(name)	struct rt_mutex name = __RT_MUTEX_INITIALIZER(name)

#define rt_mutex_init(mutex) \
	do { \
		static struct lock_class_key __key; \
		__rt_mutex_init((mutex), #mutex, &__key); \
	} while (0)
void __rt_mutex_init(struct rt_mutex *lock, const char *name, struct lock_class_key *key);

void rt_mutex_lock(struct rt_mutex *lock);
int rt_mutex_lock_interruptible(struct rt_mutex *lock);
int rt_mutex_lock_killable(struct rt_mutex *lock);
int rt_mutex_trylock(struct rt_mutex *lock);
void rt_mutex_unlock(struct rt_mutex *lock);
/* A second one of the same class, deeper in. */
#ifdef CONFIG_LOCKDEP
void rt_mutex_lock_nested(struct rt_mutex *lock, unsigned int subclass);
#else
#define rt_mutex_lock_nested(lock, subclass)	rt_mutex_lock(lock)
#endif
#define rt_mutex_lock_nest_lock(lock, outer)	rt_mutex_lock_nested(lock, LOCKDEP_NEST_LOCK)

/* By whomever, at this moment. Context: any. rt_mutex_is_held: by the caller; for assertions. */
static inline bool rt_mutex_base_is_locked(struct rt_mutex_base *lock)
{
	return READ_ONCE(lock->owner) & ~1UL;
}

static inline bool rt_mutex_is_locked(struct rt_mutex *lock)
{
	return rt_mutex_base_is_locked(&lock->rtmutex);
}
bool rt_mutex_is_held(const struct rt_mutex *lock);
