/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Mutexes: one owner, who alone may unlock; waiters sleep. In interrupts and under spinlocks use <linux/spinlock.h>.
 * Context: thread, may sleep (mutex_trylock does not, but is not for interrupts either).
 * Return: mutex_trylock 1 if taken, else 0; _interruptible and _killable 0 or -EINTR.
 * Differs from Linux: no spinning on a running owner; unlock hands the mutex to the longest waiter, so none starves.
 * Semantics: Linux's Documentation/locking/mutex-design.
 */
#include <linux/wait.h>

struct mutex {
	struct task_struct	*owner;		/* atomic: NULL, or the holder */
	spinlock_t		wait_lock;
	struct list_head	wait_list;	/* lock: wait_lock */
};

#define __MUTEX_INITIALIZER(name) \
	{ .owner = NULL, .wait_lock = __SPIN_LOCK_UNLOCKED(name.wait_lock), \
	  .wait_list = LIST_HEAD_INIT(name.wait_list) }
#define DEFINE_MUTEX(name)	struct mutex name = __MUTEX_INITIALIZER(name)

static inline void mutex_init(struct mutex *lock)
{
	*lock = (struct mutex){ .owner = NULL };
	spin_lock_init(&lock->wait_lock);
	INIT_LIST_HEAD(&lock->wait_list);
}

void mutex_lock(struct mutex *lock);
int mutex_lock_interruptible(struct mutex *lock);
int mutex_lock_killable(struct mutex *lock);
int mutex_trylock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);
void mutex_destroy(struct mutex *lock);
bool mutex_is_held(const struct mutex *lock);

static inline bool mutex_is_locked(struct mutex *lock)
{
	return READ_ONCE(lock->owner) != NULL;
}
#define mutex_lock_nested(lock, subclass)	mutex_lock(lock)
#define mutex_lock_io(lock)			mutex_lock(lock)
