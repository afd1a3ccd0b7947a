/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Wound/wait mutexes: for taking any number of locks of one class in any order, which nobody can know beforehand. Who
 * cannot get the next one without danger of a deadlock is told -EDEADLK, gives back all he has, and begins again.
 *
 *	ww_acquire_init(&ctx, &my_ww_class);
 *	again:	err = ww_mutex_lock(&obj->lock, &ctx);		for each object
 *		if (err == -EDEADLK) {
 *			ww_mutex_unlock() all that are held;
 *			ww_mutex_lock_slow(&obj->lock, &ctx);	the one that was refused: sleep for it first
 *			goto again, for the others;
 *		}
 *	ww_acquire_done(&ctx);					optional: no more are taken
 *	... ww_mutex_unlock() all; ww_acquire_fini(&ctx);
 *
 * The older context always wins, so everybody gets through. DEFINE_WW_CLASS: an older one that has to wait wounds the
 * younger owner, who is refused the next time that he would have to wait. DEFINE_WD_CLASS: a younger one that would
 * have to wait for an older owner is refused at once ("wait/die").
 * With a context of NULL it is a plain mutex, for who takes only one.
 *
 * Context: thread, may sleep; trylock and unlock don't sleep, but are not for interrupts. One context is one thread's.
 * Return: 0; -EDEADLK: back off; -EALREADY: held in this context already; _interruptible: -EINTR too. trylock: 1 if
 * taken, else 0; with a context it is refused (0), not wounded.
 * Semantics: Linux's Documentation/locking/ww-mutex-design. Differs from Linux: `base` is no struct mutex, and unlock
 * hands it to the first waiter; mistakes as for mutexes.
 */
#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/lockdep_types.h>
#include <linux/spinlock.h>

struct task_struct;

struct ww_class {
	atomic_long_t		stamp;		/* a number for each context */
	raw_spinlock_t		lock;		/* of all its mutexes and contexts */
	const char		*name;
	struct lock_class_key	key;
	bool			is_wait_die;
};

struct ww_acquire_ctx {
	struct task_struct	*task;
	unsigned long		stamp;		/* lower is older */
	struct ww_class		*ww_class;
	unsigned int		acquired;	/* class lock; mutexes that it holds */
	bool			wounded;	/* class lock; an older one waits for one of them */
	bool			done;		/* the thread's own */
	struct ww_mutex		*waits_for;	/* class lock */
};

struct ww_mutex {
	struct ww_class		*ww_class;
	struct task_struct	*owner;		/* class lock; the owner may read it */
	struct ww_acquire_ctx	*ctx;		/* class lock; the owner's, or NULL */
	struct list_head	wait_list;	/* class lock; contexts by age, plain waiters by coming */
	struct owned_lock	own;
};

#define __WW_CLASS_INITIALIZER(ww_class, wait_die) \
	{ .stamp = ATOMIC_LONG_INIT(0), .lock = __RAW_SPIN_LOCK_UNLOCKED(ww_class.lock), .name = #ww_class, \
	  .is_wait_die = (wait_die) }
#define DEFINE_WW_CLASS(name)	struct ww_class name = __WW_CLASS_INITIALIZER(name, false)
#define DEFINE_WD_CLASS(name)	struct ww_class name = __WW_CLASS_INITIALIZER(name, true)
#define __WW_MUTEX_INITIALIZER(lockname, class) \
	{ .ww_class = &(class), .wait_list = LIST_HEAD_INIT((lockname).wait_list), \
	  .own = __OWNED_LOCK_INIT(lockname, ww_mutex_kind) }
#define DEFINE_WW_MUTEX(name, class)	struct ww_mutex name = __WW_MUTEX_INITIALIZER(name, class)

void ww_mutex_init(struct ww_mutex *lock, struct ww_class *ww_class);
void ww_mutex_destroy(struct ww_mutex *lock);

void ww_acquire_init(struct ww_acquire_ctx *ctx, struct ww_class *ww_class);
void ww_acquire_done(struct ww_acquire_ctx *ctx);
void ww_acquire_fini(struct ww_acquire_ctx *ctx);

int ww_mutex_lock(struct ww_mutex *lock, struct ww_acquire_ctx *ctx);
int ww_mutex_lock_interruptible(struct ww_mutex *lock, struct ww_acquire_ctx *ctx);
int ww_mutex_trylock(struct ww_mutex *lock, struct ww_acquire_ctx *ctx);
void ww_mutex_unlock(struct ww_mutex *lock);

/* After -EDEADLK, when all are given back: the context holds none, so it cannot be refused. */
void ww_mutex_lock_slow(struct ww_mutex *lock, struct ww_acquire_ctx *ctx);
int ww_mutex_lock_slow_interruptible(struct ww_mutex *lock, struct ww_acquire_ctx *ctx);

/* By whomever, at this moment. Context: any. ww_mutex_is_held: by the caller; for assertions. */
bool ww_mutex_is_held(const struct ww_mutex *lock);
static inline bool ww_mutex_is_locked(struct ww_mutex *lock)
{
	return READ_ONCE(lock->owner);
}
