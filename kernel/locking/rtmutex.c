/* SPDX-License-Identifier: MIT */
/*
 * rt_mutexes: priority inheritance.
 *
 * The trouble, called priority inversion: `low` holds a lock, `high` waits for it, and `middle`, who has nothing to do
 * with either, runs for as long as it likes, because low does not get the CPU. So low gets high's priority for as
 * long as high waits. And if low itself waits for another lock, then its owner gets it, too, and so on: the chain.
 *
 *	high --waits for--> lock 1 --owner--> low --waits for--> lock 2 --owner--> other
 *
 * Each lock has a tree of its waiters, best first. Each thread has a tree of the best waiter of each lock that it owns
 * (pi_waiters); the best of those is whom it borrows from (rt_mutex_setprio, kernel/sched/policy.c). When a waiter
 * comes, goes, or changes its priority, its lock's best may change, then the owner's priority, then the owner's place
 * among the waiters of the lock that it waits for: follow_chain() goes as far as anything changes. In a circle, which
 * is a deadlock and reported as such (held.c), that ends, too: after one round nothing changes any more.
 *
 * Only real-time priorities are inherited; all others count as equal, so that they stand in order of coming.
 *
 * Free, one cmpxchg takes it and one gives it back, as a mutex; bit 0 says that there are waiters, and is set under the
 * lock before the waiter sleeps: ORDER(rtmutex). Unlock makes the best waiter the owner and wakes it.
 *
 * Locking: pi_lock_all, one for all rt_mutexes that somebody waits for, outside p->pi_lock. Linux has one in each lock
 * and climbs from lock to lock, letting go of each in turn; that is faster on many CPUs and ten times as long.
 * Read next: kernel/inversion.c, which shows it.
 */
#include <linux/rtmutex.h>
#include "held.h"
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/upcall.h>
#include <trace/events/lock.h>

#define HAS_WAITERS	1UL

struct rt_mutex_waiter {
	struct rb_node		tree;		/* in its lock's waiters */
	struct rb_node		pi_tree;	/* in the owner's pi_waiters, if it is its lock's best */
	struct task_struct	*task;
	struct rt_mutex		*lock;
	int			prio;		/* the key in both trees */
	bool			given;
};

static DEFINE_RAW_SPINLOCK(pi_lock_all);

static struct task_struct *owner_of(const struct rt_mutex *lock)
{
	return (struct task_struct *)(READ_ONCE(lock->rtmutex.owner) & ~HAS_WAITERS);
}

static __always_inline bool cas_owner(struct rt_mutex *lock, unsigned long old, unsigned long new)
{
	return try_cmpxchg(&lock->rtmutex.owner, &old, new);
}

void __rt_mutex_init(struct rt_mutex *lock, const char *name, struct lock_class_key *key)
{
	lock->rtmutex = (struct rt_mutex_base){ .waiters = RB_ROOT_CACHED };
	lock->again = 0;
	owned_lock_init(&lock->own, &rt_mutex_kind, name, key);
}
EXPORT_SYMBOL(__rt_mutex_init);

bool rt_mutex_is_held(const struct rt_mutex *lock)
{
	return owner_of(lock) == current;
}
EXPORT_SYMBOL(rt_mutex_is_held);

/* ---- the two kinds of trees ---- */

static int waiter_prio(struct task_struct *p)
{
	int prio = READ_ONCE(p->prio);

	return rt_prio(prio) ? prio : DEFAULT_PRIO;
}

static bool less_in_lock(struct rb_node *a, const struct rb_node *b)
{
	return rb_entry(a, struct rt_mutex_waiter, tree)->prio < rb_entry(b, struct rt_mutex_waiter, tree)->prio;
}

static bool less_in_task(struct rb_node *a, const struct rb_node *b)
{
	return rb_entry(a, struct rt_mutex_waiter, pi_tree)->prio < rb_entry(b, struct rt_mutex_waiter, pi_tree)->prio;
}

static struct rt_mutex_waiter *best_of_lock(struct rt_mutex *lock)
{
	return rb_entry_safe(rb_first_cached(&lock->rtmutex.waiters), struct rt_mutex_waiter, tree);
}

static struct rt_mutex_waiter *best_of_task(struct task_struct *p)
{
	return rb_entry_safe(rb_first_cached(&p->pi_waiters), struct rt_mutex_waiter, pi_tree);
}

/* ---- inheritance; all of it under pi_lock_all ---- */

/* The owner's tree has the lock's best waiter: take the old one out before a change, put the new one in after it. */
static void forget_best(struct rt_mutex *lock)
{
	struct rt_mutex_waiter *best = best_of_lock(lock);

	lockdep_assert_held(&pi_lock_all);
	if (best && owner_of(lock))
		rb_erase_cached(&best->pi_tree, &owner_of(lock)->pi_waiters);
}

static void note_best(struct rt_mutex *lock)
{
	struct rt_mutex_waiter *best = best_of_lock(lock);

	if (best && owner_of(lock))
		rb_add_cached(&best->pi_tree, &owner_of(lock)->pi_waiters, less_in_task);
}

static void borrow(struct task_struct *p)
{
	struct rt_mutex_waiter *best = best_of_task(p);

	rt_mutex_setprio(p, best && rt_prio(best->prio) ? best->task : NULL);
}

/* p's priority may have changed: its place among the waiters, then that lock's owner, and so on. */
static void follow_chain(struct task_struct *p)
{
	struct rt_mutex_waiter *w;

	lockdep_assert_held(&pi_lock_all);
	while (p && (w = p->pi_blocked_on) && w->prio != waiter_prio(p)) {
		struct rt_mutex *lock = w->lock;

		forget_best(lock);
		rb_erase_cached(&w->tree, &lock->rtmutex.waiters);
		w->prio = waiter_prio(p);
		rb_add_cached(&w->tree, &lock->rtmutex.waiters, less_in_lock);
		note_best(lock);
		p = owner_of(lock);
		if (p)
			borrow(p);
	}
}

static void add_waiter(struct rt_mutex *lock, struct rt_mutex_waiter *w)
{
	struct task_struct *owner = owner_of(lock);

	/* ORDER(rtmutex-prio): waits, full barrier, then the priority: it is the newest, or who sets it sees that. */
	smp_store_mb(w->task->pi_blocked_on, w);
	w->prio = waiter_prio(w->task);
	forget_best(lock);
	rb_add_cached(&w->tree, &lock->rtmutex.waiters, less_in_lock);
	note_best(lock);
	borrow(owner);
	follow_chain(owner);
}

static void remove_waiter(struct rt_mutex *lock, struct rt_mutex_waiter *w)
{
	struct task_struct *owner = owner_of(lock);

	forget_best(lock);
	rb_erase_cached(&w->tree, &lock->rtmutex.waiters);
	note_best(lock);
	w->task->pi_blocked_on = NULL;
	borrow(owner);
	follow_chain(owner);
	if (!best_of_lock(lock) && !lock->again)	/* an owner who holds it twice needs the bit */
		WRITE_ONCE(lock->rtmutex.owner, (unsigned long)owner);
}

/* The scheduler, after a change of policy: p may wait with a priority that it no longer has. Context: any. */
void rt_mutex_adjust_pi(struct task_struct *p)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&pi_lock_all, flags);
	follow_chain(p);
	raw_spin_unlock_irqrestore(&pi_lock_all, flags);
}

/* ---- taking ---- */

/* Take it, or set the bit that makes the owner's unlock come here. ORDER(rtmutex): the waiter's end. */
static bool take_or_mark(struct rt_mutex *lock)
{
	for (;;) {
		unsigned long old = READ_ONCE(lock->rtmutex.owner);

		if (cas_owner(lock, old, old ? old | HAS_WAITERS : (unsigned long)current))
			return !old;
	}
}

static int __sched wait_for(struct rt_mutex *lock, unsigned int state)
{
	struct rt_mutex_waiter w = { .task = current, .lock = lock };
	bool looked = false;
	int ret = 0;

	raw_spin_lock_irq(&pi_lock_all);
	if (take_or_mark(lock)) {
		raw_spin_unlock_irq(&pi_lock_all);
		return 0;
	}
	trace_contention_begin(lock, LCB_F_RT);
	add_waiter(lock, &w);
	blocked_begin(&lock->own);
	while (!w.given) {
		if (signal_pending_state(state, current)) {
			remove_waiter(lock, &w);
			ret = -EINTR;
			break;
		}
		__set_current_state(state);
		raw_spin_unlock_irq(&pi_lock_all);
		if (!looked)
			blocked_check();
		looked = true;
		schedule();
		raw_spin_lock_irq(&pi_lock_all);
	}
	__set_current_state(TASK_RUNNING);
	blocked_end();
	raw_spin_unlock_irq(&pi_lock_all);
	trace_contention_end(lock, ret);
	return ret;
}

static int lock_again(struct rt_mutex *lock, unsigned int state)
{
	WARN(1, "thread %s (%d) locks rt_mutex \"%s\", which it holds already: it would wait for itself for ever. %s\n",
	     current->comm, current->pid, lock->own.dep_map.name,
	     state == TASK_UNINTERRUPTIBLE ? "Going on as if it had been locked once" : "Answering -EDEADLK");
	if (state != TASK_UNINTERRUPTIBLE)
		return -EDEADLK;
	raw_spin_lock_irq(&pi_lock_all);
	lock->again++;
	take_or_mark(lock);	/* the fast unlock must fail */
	raw_spin_unlock_irq(&pi_lock_all);
	return 0;
}

static int __sched lock_common(struct rt_mutex *lock, unsigned int state, unsigned int subclass)
{
	int ret;

	might_sleep();
	if (owner_of(lock) == current)
		return lock_again(lock, state);
	lockdep_acquire(&lock->own.dep_map, subclass, LOCKDEP_EXCLUSIVE);
	ret = cas_owner(lock, 0, (unsigned long)current) ? 0 : wait_for(lock, state);
	if (ret)
		lockdep_release(&lock->own.dep_map);
	else
		held_push(current, &lock->own);
	return ret;
}

void __sched rt_mutex_lock(struct rt_mutex *lock)
{
	lock_common(lock, TASK_UNINTERRUPTIBLE, 0);
}
EXPORT_SYMBOL(rt_mutex_lock);

#ifdef CONFIG_LOCKDEP
void __sched rt_mutex_lock_nested(struct rt_mutex *lock, unsigned int subclass)
{
	lock_common(lock, TASK_UNINTERRUPTIBLE, subclass);
}
EXPORT_SYMBOL(rt_mutex_lock_nested);
#endif

int __sched rt_mutex_lock_interruptible(struct rt_mutex *lock)
{
	return lock_common(lock, TASK_INTERRUPTIBLE, 0);
}
EXPORT_SYMBOL(rt_mutex_lock_interruptible);

int __sched rt_mutex_lock_killable(struct rt_mutex *lock)
{
	return lock_common(lock, TASK_KILLABLE, 0);
}
EXPORT_SYMBOL(rt_mutex_lock_killable);

int rt_mutex_trylock(struct rt_mutex *lock)
{
	WARN_ONCE(in_interrupt(), "rt_mutex_trylock() of \"%s\" in an interrupt: it belongs to a thread\n",
		  lock->own.dep_map.name);
	if (!cas_owner(lock, 0, (unsigned long)current))
		return 0;
	lockdep_acquire(&lock->own.dep_map, 0, LOCKDEP_TRY);
	held_push(current, &lock->own);
	return 1;
}
EXPORT_SYMBOL(rt_mutex_trylock);

/* ---- giving back ---- */

/* pi_lock_all is held, and dropped. What the owner borrowed because of this lock, the next one may borrow. */
static void hand_over(struct rt_mutex *lock)
{
	struct rt_mutex_waiter *w = best_of_lock(lock);
	struct task_struct *p = w ? get_task_struct(w->task) : NULL;

	forget_best(lock);
	if (w)
		rb_erase_cached(&w->tree, &lock->rtmutex.waiters);
	/* ORDER(rtmutex): a locked exchange: what the owner wrote is seen by the next. */
	xchg(&lock->rtmutex.owner, (unsigned long)p | (best_of_lock(lock) ? HAS_WAITERS : 0));
	note_best(lock);
	if (p) {
		p->pi_blocked_on = NULL;
		borrow(p);
		w->given = true;
		wake_up_process(p);
	}
	borrow(current);
	raw_spin_unlock_irq(&pi_lock_all);
	if (p)
		put_task_struct(p);
}

static noinline void unlock_slowly(struct rt_mutex *lock)
{
	struct task_struct *owner = owner_of(lock);

	if (WARN(owner != current, "thread %s (%d) unlocks rt_mutex \"%s\", which %s%s holds: only its owner may. It "
		 "stays as it is\n", current->comm, current->pid, lock->own.dep_map.name,
		 owner ? "thread " : "nobody", owner ? owner->comm : ""))
		return;
	held_unlink(&lock->own);
	raw_spin_lock_irq(&pi_lock_all);
	if (lock->again) {
		lock->again--;
		held_push(current, &lock->own);
		raw_spin_unlock_irq(&pi_lock_all);
		return;
	}
	hand_over(lock);
}

void rt_mutex_unlock(struct rt_mutex *lock)
{
	struct task_struct *p = current;

	if (IS_ENABLED(CONFIG_LOCKDEP) && owner_of(lock) == p && !lock->again)
		lockdep_release(&lock->own.dep_map);
	/* ORDER(rtmutex): the owner's end: fails if the waiters' bit is there. */
	if (likely(held_pop(p, &lock->own)) && likely(cas_owner(lock, (unsigned long)p, 0)))
		return;
	unlock_slowly(lock);
}
EXPORT_SYMBOL(rt_mutex_unlock);

/* ---- for held.c ---- */

static struct task_struct *get_owner(struct owned_lock *l)
{
	struct task_struct *owner;

	if (!raw_spin_trylock(&pi_lock_all))
		return ERR_PTR(-EBUSY);
	owner = owner_of(container_of(l, struct rt_mutex, own));
	if (owner)
		get_task_struct(owner);
	raw_spin_unlock(&pi_lock_all);
	return owner;
}

static void release(struct owned_lock *l)
{
	struct rt_mutex *lock = container_of(l, struct rt_mutex, own);

	lock->again = 0;
	rt_mutex_unlock(lock);
}

const struct lock_kind rt_mutex_kind = { "rt_mutex", get_owner, release };
EXPORT_SYMBOL(rt_mutex_kind);
