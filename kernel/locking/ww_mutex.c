/* SPDX-License-Identifier: MIT */
/*
 * Wound/wait mutexes: many locks in any order.
 *
 * Each context has a number, drawn once; lower is older, and age decides. Two rules, one of which a class has:
 *
 *	wound/wait	an older context waits for a younger owner and wounds it: the owner's context is refused
 *			(-EDEADLK) as soon as it would have to wait itself, or at once if it does. A younger one waits.
 *	wait/die	an older context waits for a younger owner; a younger one is refused at once.
 *
 * Either way nobody waits for ever: in any circle of waiters there would be one who waits for somebody of the other
 * age, and he has been refused. A context that holds nothing is never refused: nobody can wait for it.
 *
 *	who waits			on the list, sorted by age; threads without a context in the order of coming
 *	who gives back			hands it to the first on the list
 *	after that			who still waits is looked at again: the owner is another
 *
 * Locking: one lock for a class, so that both contexts of a quarrel stand still while it is decided. It is held for a
 * few instructions and a walk along one list.
 * Rejected: building on struct mutex, as Linux does, whose fast path would need to know of contexts.
 * Read next: include/linux/ww_mutex.h, whose head shows the use.
 */
#include <linux/ww_mutex.h>
#include "held.h"
#include <linux/bug.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <trace/events/lock.h>

struct ww_waiter {
	struct list_head	list;		/* class lock; so is all of it */
	struct task_struct	*task;
	struct ww_acquire_ctx	*ctx;
	bool			given;
};

void ww_mutex_init(struct ww_mutex *lock, struct ww_class *ww_class)
{
	*lock = (struct ww_mutex){ .ww_class = ww_class };
	INIT_LIST_HEAD(&lock->wait_list);
	owned_lock_init(&lock->own, &ww_mutex_kind, ww_class->name, &ww_class->key);
}
EXPORT_SYMBOL(ww_mutex_init);

void ww_mutex_destroy(struct ww_mutex *lock)
{
	WARN(lock->owner, "ww_mutex \"%s\" is destroyed while thread %s holds it\n", lock->own.dep_map.name,
	     lock->owner ? lock->owner->comm : "");
}
EXPORT_SYMBOL(ww_mutex_destroy);

/* ---- contexts ---- */

void ww_acquire_init(struct ww_acquire_ctx *ctx, struct ww_class *ww_class)
{
	*ctx = (struct ww_acquire_ctx){ .task = current, .ww_class = ww_class };
	ctx->stamp = atomic_long_inc_return(&ww_class->stamp);
}
EXPORT_SYMBOL(ww_acquire_init);

void ww_acquire_done(struct ww_acquire_ctx *ctx)
{
	WARN(ctx->done, "ww_acquire_done() twice for one context\n");
	ctx->done = true;
}
EXPORT_SYMBOL(ww_acquire_done);

void ww_acquire_fini(struct ww_acquire_ctx *ctx)
{
	WARN(ctx->acquired, "ww_acquire_fini() while %u of its ww_mutexes are held: ww_mutex_unlock() them first\n",
	     ctx->acquired);
	ctx->task = NULL;
}
EXPORT_SYMBOL(ww_acquire_fini);

static bool is_older(const struct ww_acquire_ctx *a, const struct ww_acquire_ctx *b)
{
	return (long)(a->stamp - b->stamp) < 0;
}

/* Must ctx be refused, rather than wait for the lock's owner? */
static bool must_back_off(const struct ww_mutex *lock, const struct ww_acquire_ctx *ctx)
{
	if (!ctx || !ctx->acquired)
		return false;
	if (!lock->ww_class->is_wait_die)
		return ctx->wounded;
	return lock->ctx && lock->ctx != ctx && is_older(lock->ctx, ctx);
}

/* ctx waits for the lock. If its owner is younger and may be refused, he is; asleep for another, he is woken for it. */
static void wound_owner(struct ww_mutex *lock, const struct ww_acquire_ctx *ctx)
{
	struct ww_acquire_ctx *victim = lock->ctx;

	lockdep_assert_held(&lock->ww_class->lock);
	if (lock->ww_class->is_wait_die || !ctx || !victim || victim->wounded || !is_older(ctx, victim))
		return;
	victim->wounded = true;
	if (victim->waits_for)
		wake_up_process(victim->task);
}

/* The owner is another than before: each waiter's quarrel is decided anew. */
static void look_at_waiters(struct ww_mutex *lock)
{
	struct ww_waiter *w;

	list_for_each_entry(w, &lock->wait_list, list) {
		wound_owner(lock, w->ctx);
		if (must_back_off(lock, w->ctx))
			wake_up_process(w->task);
	}
}

/* ---- taking ---- */

static void set_owner(struct ww_mutex *lock, struct task_struct *p, struct ww_acquire_ctx *ctx)
{
	WRITE_ONCE(lock->owner, p);
	lock->ctx = ctx;
	if (ctx)
		ctx->acquired++;
	look_at_waiters(lock);
}

/* Contexts by age; who has none stays where he came. */
static void enlist(struct ww_mutex *lock, struct ww_waiter *w)
{
	struct ww_waiter *other;

	list_for_each_entry(other, &lock->wait_list, list)
		if (w->ctx && other->ctx && is_older(w->ctx, other->ctx))
			break;
	list_add_tail(&w->list, &other->list);
}

/* The class lock is held, and dropped while asleep. */
static int __sched wait_for(struct ww_mutex *lock, struct ww_acquire_ctx *ctx, unsigned int state)
{
	struct ww_waiter w = { .task = current, .ctx = ctx };
	bool looked = false;
	int ret = 0;

	trace_contention_begin(lock, LCB_F_MUTEX);
	enlist(lock, &w);
	if (ctx)
		ctx->waits_for = lock;
	blocked_begin(&lock->own);
	wound_owner(lock, ctx);
	while (!w.given) {
		ret = must_back_off(lock, ctx) ? -EDEADLK : signal_pending_state(state, current) ? -EINTR : 0;
		if (ret)
			break;
		__set_current_state(state);
		raw_spin_unlock_irq(&lock->ww_class->lock);
		if (!looked && !ctx)
			blocked_check();
		looked = true;
		schedule();
		raw_spin_lock_irq(&lock->ww_class->lock);
	}
	__set_current_state(TASK_RUNNING);
	blocked_end();
	if (ctx)
		ctx->waits_for = NULL;
	if (ret)
		list_del(&w.list);
	trace_contention_end(lock, ret);
	return ret;
}

/* Return: true if the call makes sense. */
static bool check_context(struct ww_mutex *lock, struct ww_acquire_ctx *ctx, int *ret)
{
	if (WARN(ctx && (ctx->ww_class != lock->ww_class || ctx->task != current || ctx->done),
		 "ww_mutex \"%s\" with a context that %s\n", lock->own.dep_map.name,
		 ctx->ww_class != lock->ww_class ? "is of another class" : ctx->task != current ?
		 "is another thread's, or over: ww_acquire_init() begins one" : "has said ww_acquire_done()")) {
		*ret = -EINVAL;
		return false;
	}
	if (READ_ONCE(lock->owner) != current)
		return true;
	*ret = ctx && lock->ctx == ctx ? -EALREADY : -EDEADLK;
	WARN(*ret == -EDEADLK, "thread %s (%d) locks ww_mutex \"%s\", which it holds already: it would wait for itself "
	     "for ever. Answering -EDEADLK\n", current->comm, current->pid, lock->own.dep_map.name);
	return false;
}

static int __sched lock_common(struct ww_mutex *lock, struct ww_acquire_ctx *ctx, unsigned int state)
{
	int ret;

	might_sleep();
	if (!check_context(lock, ctx, &ret))
		return ret;
	lockdep_acquire(&lock->own.dep_map, ctx ? LOCKDEP_NEST_LOCK : 0, LOCKDEP_EXCLUSIVE);
	raw_spin_lock_irq(&lock->ww_class->lock);
	if (ctx && !ctx->acquired)
		ctx->wounded = false;
	if (!lock->owner) {
		set_owner(lock, current, ctx);
		ret = 0;
	} else {
		ret = wait_for(lock, ctx, state);
	}
	raw_spin_unlock_irq(&lock->ww_class->lock);
	if (ret)
		lockdep_release(&lock->own.dep_map);
	else
		held_push(current, &lock->own);
	return ret;
}

int __sched ww_mutex_lock(struct ww_mutex *lock, struct ww_acquire_ctx *ctx)
{
	return lock_common(lock, ctx, TASK_UNINTERRUPTIBLE);
}
EXPORT_SYMBOL(ww_mutex_lock);

int __sched ww_mutex_lock_interruptible(struct ww_mutex *lock, struct ww_acquire_ctx *ctx)
{
	return lock_common(lock, ctx, TASK_INTERRUPTIBLE);
}
EXPORT_SYMBOL(ww_mutex_lock_interruptible);

int __sched ww_mutex_lock_slow_interruptible(struct ww_mutex *lock, struct ww_acquire_ctx *ctx)
{
	WARN(ctx->acquired, "ww_mutex_lock_slow() while %u others are held: after -EDEADLK all must be given back "
	     "first, or this may wait for ever\n", ctx->acquired);
	return lock_common(lock, ctx, TASK_INTERRUPTIBLE);
}
EXPORT_SYMBOL(ww_mutex_lock_slow_interruptible);

void __sched ww_mutex_lock_slow(struct ww_mutex *lock, struct ww_acquire_ctx *ctx)
{
	int ret;

	WARN(ctx->acquired, "ww_mutex_lock_slow() while %u others are held: after -EDEADLK all must be given back "
	     "first, or this may wait for ever\n", ctx->acquired);
	ret = lock_common(lock, ctx, TASK_UNINTERRUPTIBLE);
	WARN(ret, "ww_mutex_lock_slow() of \"%s\" failed (%pe), and has no way to say so\n", lock->own.dep_map.name,
	     ERR_PTR(ret));
}
EXPORT_SYMBOL(ww_mutex_lock_slow);

int ww_mutex_trylock(struct ww_mutex *lock, struct ww_acquire_ctx *ctx)
{
	bool got;
	int ret;

	if (READ_ONCE(lock->owner) || !check_context(lock, ctx, &ret))
		return 0;
	raw_spin_lock_irq(&lock->ww_class->lock);
	if (ctx && !ctx->acquired)
		ctx->wounded = false;
	got = !lock->owner;
	if (got)
		set_owner(lock, current, ctx);
	raw_spin_unlock_irq(&lock->ww_class->lock);
	if (!got)
		return 0;
	lockdep_acquire(&lock->own.dep_map, ctx ? LOCKDEP_NEST_LOCK : 0, LOCKDEP_TRY);
	held_push(current, &lock->own);
	return 1;
}
EXPORT_SYMBOL(ww_mutex_trylock);

/* ---- giving back ---- */

bool ww_mutex_is_held(const struct ww_mutex *lock)
{
	return READ_ONCE(lock->owner) == current;
}
EXPORT_SYMBOL(ww_mutex_is_held);

void ww_mutex_unlock(struct ww_mutex *lock)
{
	struct task_struct *owner = READ_ONCE(lock->owner), *next = NULL;
	struct ww_waiter *w;

	if (WARN(owner != current, "thread %s (%d) unlocks ww_mutex \"%s\", which %s%s holds: only its owner may. It "
		 "stays as it is\n", current->comm, current->pid, lock->own.dep_map.name, owner ? "thread " : "nobody",
		 owner ? owner->comm : ""))
		return;
	if (!held_pop(current, &lock->own))
		held_unlink(&lock->own);
	lockdep_release(&lock->own.dep_map);
	raw_spin_lock_irq(&lock->ww_class->lock);
	if (lock->ctx)
		lock->ctx->acquired--;
	if (list_empty(&lock->wait_list)) {
		WRITE_ONCE(lock->owner, NULL);
		lock->ctx = NULL;
	} else {
		w = list_first_entry(&lock->wait_list, struct ww_waiter, list);
		list_del(&w->list);
		w->given = true;
		next = get_task_struct(w->task);
		set_owner(lock, next, w->ctx);
	}
	raw_spin_unlock_irq(&lock->ww_class->lock);
	if (next) {
		wake_up_process(next);
		put_task_struct(next);
	}
}
EXPORT_SYMBOL(ww_mutex_unlock);

/* ---- for held.c ---- */

/* With a context, who waits here may be refused any moment: that is no circle. */
static struct task_struct *get_owner(struct owned_lock *l)
{
	struct ww_mutex *lock = container_of(l, struct ww_mutex, own);
	struct task_struct *owner = NULL;

	if (!raw_spin_trylock(&lock->ww_class->lock))
		return ERR_PTR(-EBUSY);
	if (!lock->ctx && lock->owner)
		owner = get_task_struct(lock->owner);
	raw_spin_unlock(&lock->ww_class->lock);
	return owner;
}

static void release(struct owned_lock *l)
{
	ww_mutex_unlock(container_of(l, struct ww_mutex, own));
}

const struct lock_kind ww_mutex_kind = { "ww_mutex", get_owner, release };
EXPORT_SYMBOL(ww_mutex_kind);
