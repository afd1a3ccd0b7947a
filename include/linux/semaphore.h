/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Semaphores: a number of permits. down() takes one, and sleeps while there is none; up() gives one back, or hands it
 * to the longest waiter. Nobody owns a permit: any thread, or an interrupt, may give one. For mutual exclusion use
 * <linux/mutex.h>, which knows its owner and so can name mistakes; for "it has happened" <linux/completion.h>.
 * Context: down forms: thread, may sleep. down_trylock and up: any.
 * Semantics: Linux's kernel/locking/semaphore.c, and Documentation/kernel-hacking/locking.
 */
#include <linux/lockdep_types.h>
#include <linux/list.h>
#include <linux/spinlock.h>

struct semaphore {
	raw_spinlock_t		lock;
	unsigned int		count;		/* lock */
	struct list_head	wait_list;	/* lock: the longest waiter first */
	struct owned_lock	own;		/* only its name: there is no owner */
};

#define __SEMAPHORE_INITIALIZER(name, n) \
	{ .lock = __RAW_SPIN_LOCK_UNLOCKED((name).lock), .count = n, .wait_list = LIST_HEAD_INIT((name).wait_list), \
	  .own = __OWNED_LOCK_INIT(name, semaphore_kind) }
/* With one permit, as in Linux before 6.4. */
#define DEFINE_SEMAPHORE(name)	struct semaphore name = __SEMAPHORE_INITIALIZER(name, 1)

#define sema_init(sem, val)	__sema_init(sem, val, #sem)
void __sema_init(struct semaphore *sem, int val, const char *name);

/*
 * Return: down_interruptible, down_killable: 0 or -EINTR. down_timeout (jiffies): 0 or -ETIME. down_trylock: 0 if
 * taken, 1 if not (the opposite of mutex_trylock).
 */
void down(struct semaphore *sem);
int down_interruptible(struct semaphore *sem);
int down_killable(struct semaphore *sem);
int down_timeout(struct semaphore *sem, long timeout);
int down_trylock(struct semaphore *sem);
void up(struct semaphore *sem);
