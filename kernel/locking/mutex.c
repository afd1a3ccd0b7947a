/* SPDX-License-Identifier: MIT */
/*
 * Mutexes: an owner, and a list of those who wait for him.
 *
 * Free, one cmpxchg takes it and one gives it back. The word that they work on is the owner's address, whose lower bits
 * are free for three flags, as in Linux:
 *
 *	WAITERS		somebody is on the list: unlock must look there
 *	HANDOFF		the first waiter has come for it once in vain: unlock must give it to him
 *	PICKUP		it was given; he has not come yet
 *
 * Who wants a held mutex first spins for a moment if the owner is running on another CPU, because he will be done
 * sooner than two context switches take. Then he goes on the list, under wait_lock, and sleeps. Unlock frees the mutex
 * and wakes the first waiter; a third thread may take it before he has got up (that is faster than to let it lie), but
 * only once: he asks for a hand-off then. So nobody starves.
 *
 * The flags are set by waiters under wait_lock, before they sleep, so either the owner's fast unlock fails because of
 * a flag, or the waiter's cmpxchg sees the mutex free. That is ORDER(mutex); it also carries what one owner has written
 * to the next: the locked operations on `owner` are full barriers. While a flag is set, the owner gives it back under
 * wait_lock only; so who has wait_lock and sees a flag may rely on the owner (held.c does).
 *
 * The spinner looks at the owner's on_cpu without a reference. He may read freed memory, which is still memory, and
 * looks at the mutex again before he believes anything.
 *
 * Rejected: a queue of spinners; they spin for a short time only.
 * Read next: semaphore.c.
 */
#include <linux/mutex.h>
#include "held.h"
#include <linux/bug.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <trace/events/lock.h>

#define WAITERS		1UL
#define HANDOFF		2UL
#define PICKUP		4UL
#define FLAGS		7UL

#define SPIN_MAX	400	/* looks at a running owner before sleeping */

struct mutex_waiter {
	struct list_head	list;	/* lock: wait_lock */
	struct task_struct	*task;
};

static struct task_struct *owner_of(const struct mutex *lock)
{
	return (struct task_struct *)(atomic_long_read(&lock->owner) & ~FLAGS);
}

static __always_inline bool cas_owner(struct mutex *lock, unsigned long old, unsigned long new)
{
	long seen = old;

	return try_cmpxchg(&lock->owner.counter, &seen, (long)new);
}

static struct mutex *mutex_of(struct owned_lock *l)
{
	return container_of(l, struct mutex, own);
}

void __mutex_init(struct mutex *lock, const char *name, struct lock_class_key *key)
{
	atomic_long_set(&lock->owner, 0);
	raw_spin_lock_init(&lock->wait_lock);
	lock->again = 0;
	INIT_LIST_HEAD(&lock->wait_list);
	owned_lock_init(&lock->own, &mutex_kind, name, key);
}
EXPORT_SYMBOL(__mutex_init);

bool mutex_is_held(const struct mutex *lock)
{
	return owner_of(lock) == current;
}
EXPORT_SYMBOL(mutex_is_held);

/* ---- taking ---- */

/* Take it if it is free, or was given to us; the flags stay. ORDER(mutex): the cmpxchg is a full barrier. */
static bool try_take(struct mutex *lock)
{
	unsigned long old, curr = (unsigned long)current;

	for (;;) {
		old = atomic_long_read(&lock->owner);
		if (old & ~FLAGS)
			return (old & PICKUP) && (old & ~FLAGS) == curr;
		if (cas_owner(lock, old, curr | old))
			return true;
	}
}

/* The same for a waiter; if it is held, leave the flags that make unlock think of us. wait_lock is held. */
static bool take_or_mark(struct mutex *lock, unsigned long flags)
{
	unsigned long old;

	lockdep_assert_held(&lock->wait_lock);
	/* ORDER(mutex): the waiter's end: the flag is set, or the mutex seen free, before it sleeps. */
	while (!try_take(lock)) {
		old = atomic_long_read(&lock->owner);
		if ((old & ~FLAGS) && ((old & flags) == flags || cas_owner(lock, old, old | flags)))
			return false;
	}
	return true;
}

/* Worth while only as long as the owner runs; then he is on another CPU. Return: true if we have it. */
static bool spin_for(struct mutex *lock)
{
	struct task_struct *owner;
	bool taken = false;

	preempt_disable();
	for (int i = 0; i < SPIN_MAX && !need_resched(); i++) {
		owner = owner_of(lock);
		if (!owner && try_take(lock)) {
			taken = true;
			break;
		}
		if (owner && !READ_ONCE(owner->on_cpu))
			break;
		cpu_relax();
	}
	preempt_enable();
	return taken;
}

/* Off the list; what only we have asked for, or were given, is forgotten. An owner who holds it twice needs WAITERS. */
static void leave_list(struct mutex *lock, struct mutex_waiter *w, bool taken)
{
	unsigned long gone = taken ? HANDOFF | PICKUP : list_is_first(&w->list, &lock->wait_list) ? HANDOFF : 0;

	list_del(&w->list);
	if (list_empty(&lock->wait_list) && !lock->again)
		gone |= WAITERS;
	atomic_long_andnot(gone, &lock->owner);
}

static int __sched wait_for(struct mutex *lock, unsigned int state)
{
	struct mutex_waiter w = { .task = current };
	unsigned long flags = WAITERS;
	bool looked = false;
	int ret = 0;

	trace_contention_begin(lock, LCB_F_MUTEX);
	raw_spin_lock_irq(&lock->wait_lock);
	list_add_tail(&w.list, &lock->wait_list);
	blocked_begin(&lock->own);
	while (!take_or_mark(lock, flags)) {
		if (signal_pending_state(state, current)) {
			ret = -EINTR;
			break;
		}
		__set_current_state(state);
		raw_spin_unlock_irq(&lock->wait_lock);
		if (!looked)
			blocked_check();
		looked = true;
		schedule();
		raw_spin_lock_irq(&lock->wait_lock);
		if (list_is_first(&w.list, &lock->wait_list))
			flags = WAITERS | HANDOFF;
	}
	__set_current_state(TASK_RUNNING);
	blocked_end();
	leave_list(lock, &w, !ret);
	raw_spin_unlock_irq(&lock->wait_lock);
	return ret;
}

/* The owner himself wants it. Who cannot be told by an error gets it once more. */
static int lock_again(struct mutex *lock, unsigned int state)
{
	WARN(1, "thread %s (%d) locks mutex \"%s\", which it holds already: it would wait for itself for ever. %s. "
	     "Lock it in the outer function only, or split off a function that expects it locked\n", current->comm,
	     current->pid, lock->own.dep_map.name,
	     state == TASK_UNINTERRUPTIBLE ? "Going on as if it had been locked once" : "Answering -EDEADLK");
	if (state != TASK_UNINTERRUPTIBLE)
		return -EDEADLK;
	raw_spin_lock_irq(&lock->wait_lock);
	lock->again++;
	atomic_long_or(WAITERS, &lock->owner);	/* the fast unlock must fail */
	raw_spin_unlock_irq(&lock->wait_lock);
	return 0;
}

static noinline int __sched lock_slowly(struct mutex *lock, unsigned int state)
{
	int ret = 0;

	might_sleep();
	if (owner_of(lock) == current)
		return lock_again(lock, state);
	if (!try_take(lock)) {
		trace_contention_begin(lock, LCB_F_MUTEX | LCB_F_SPIN);
		ret = spin_for(lock) ? 0 : wait_for(lock, state);
		trace_contention_end(lock, ret);
	}
	if (!ret)
		held_push(current, &lock->own);
	return ret;
}

/* With DEBUG=1: each locking is looked at before it may wait. */
static noinline int __sched lock_watched(struct mutex *lock, unsigned int state, unsigned int subclass)
{
	int ret;

	if (mutex_is_held(lock))
		return lock_again(lock, state);
	lockdep_acquire(&lock->own.dep_map, subclass, LOCKDEP_EXCLUSIVE);
	ret = lock_slowly(lock, state);
	if (ret)
		lockdep_release(&lock->own.dep_map);
	return ret;
}

/* Interrupts that are off are noticed by the slow path only, and with DEBUG=1: the test would cost a fifth of the fast
 * path. Preemption that is off, by a spinlock above all, is noticed here. */
static __always_inline int lock_common(struct mutex *lock, unsigned int state, unsigned int subclass)
{
	struct task_struct *p = current;
	long free = 0;

	if (IS_ENABLED(CONFIG_LOCKDEP))
		return lock_watched(lock, state, subclass);
	if (likely(!in_atomic()) && likely(try_cmpxchg(&lock->owner.counter, &free, (long)p))) {
		held_push(p, &lock->own);
		return 0;
	}
	return lock_slowly(lock, state);
}

void __sched mutex_lock(struct mutex *lock)
{
	lock_common(lock, TASK_UNINTERRUPTIBLE, 0);
}
EXPORT_SYMBOL(mutex_lock);

int __sched mutex_lock_interruptible(struct mutex *lock)
{
	return lock_common(lock, TASK_INTERRUPTIBLE, 0);
}
EXPORT_SYMBOL(mutex_lock_interruptible);

int __sched mutex_lock_killable(struct mutex *lock)
{
	return lock_common(lock, TASK_KILLABLE, 0);
}
EXPORT_SYMBOL(mutex_lock_killable);

void __sched mutex_lock_io(struct mutex *lock)
{
	lock_common(lock, TASK_UNINTERRUPTIBLE, 0);
}
EXPORT_SYMBOL(mutex_lock_io);

#ifdef CONFIG_LOCKDEP
void __sched mutex_lock_nested(struct mutex *lock, unsigned int subclass)
{
	lock_common(lock, TASK_UNINTERRUPTIBLE, subclass);
}
EXPORT_SYMBOL(mutex_lock_nested);

int __sched mutex_lock_interruptible_nested(struct mutex *lock, unsigned int subclass)
{
	return lock_common(lock, TASK_INTERRUPTIBLE, subclass);
}
EXPORT_SYMBOL(mutex_lock_interruptible_nested);

int __sched mutex_lock_killable_nested(struct mutex *lock, unsigned int subclass)
{
	return lock_common(lock, TASK_KILLABLE, subclass);
}
EXPORT_SYMBOL(mutex_lock_killable_nested);
#endif

int mutex_trylock(struct mutex *lock)
{
	WARN_ONCE(in_interrupt(), "mutex_trylock() of \"%s\" in an interrupt: a mutex belongs to a thread; use a "
		  "spinlock\n", lock->own.dep_map.name);
	if (mutex_is_held(lock) || !try_take(lock))
		return 0;
	lockdep_acquire(&lock->own.dep_map, 0, LOCKDEP_TRY);
	held_push(current, &lock->own);
	return 1;
}
EXPORT_SYMBOL(mutex_trylock);

int __sched atomic_dec_and_mutex_lock(atomic_t *cnt, struct mutex *lock)
{
	if (atomic_add_unless(cnt, -1, 1))
		return 0;
	mutex_lock(lock);
	if (atomic_dec_and_test(cnt))
		return 1;
	mutex_unlock(lock);
	return 0;
}
EXPORT_SYMBOL(atomic_dec_and_mutex_lock);

/* ---- giving back ---- */

/* wait_lock is held, and dropped. ORDER(mutex): no flag is lost: they change under wait_lock only. */
static void give_back(struct mutex *lock)
{
	struct task_struct *p = NULL;
	unsigned long word = 0;

	if (!list_empty(&lock->wait_list)) {
		p = get_task_struct(list_first_entry(&lock->wait_list, struct mutex_waiter, list)->task);
		word = WAITERS;
		if (atomic_long_read(&lock->owner) & HANDOFF)
			word |= (unsigned long)p | PICKUP;
	}
	/* ORDER(mutex): a locked exchange: what the owner wrote is seen by the next. */
	atomic_long_xchg(&lock->owner, word);
	raw_spin_unlock_irq(&lock->wait_lock);
	/* The waiter may have taken it already, and be gone: it is kept by the reference. */
	if (p) {
		wake_up_process(p);
		put_task_struct(p);
	}
}

static noinline void unlock_slowly(struct mutex *lock)
{
	struct task_struct *owner = owner_of(lock);

	if (WARN(owner != current, "thread %s (%d) unlocks mutex \"%s\", which %s%s holds: only its owner may. It "
		 "stays as it is. To tell others something take a completion\n", current->comm, current->pid,
		 lock->own.dep_map.name, owner ? "thread " : "nobody", owner ? owner->comm : ""))
		return;
	held_unlink(&lock->own);
	raw_spin_lock_irq(&lock->wait_lock);
	if (lock->again) {
		lock->again--;
		held_push(current, &lock->own);
		raw_spin_unlock_irq(&lock->wait_lock);
		return;
	}
	give_back(lock);
}

void mutex_unlock(struct mutex *lock)
{
	struct task_struct *p = current;

	if (IS_ENABLED(CONFIG_LOCKDEP) && owner_of(lock) == p && !lock->again)
		lockdep_release(&lock->own.dep_map);
	/* ORDER(mutex): the owner's end: fails if a waiter's flag is there. */
	if (likely(held_pop(p, &lock->own)) && likely(cas_owner(lock, (unsigned long)p, 0)))
		return;
	unlock_slowly(lock);
}
EXPORT_SYMBOL(mutex_unlock);

void mutex_destroy(struct mutex *lock)
{
	struct task_struct *owner = owner_of(lock);

	WARN(owner, "mutex \"%s\" is destroyed while thread %s holds it\n", lock->own.dep_map.name,
	     owner ? owner->comm : "");
}
EXPORT_SYMBOL(mutex_destroy);

/* ---- for held.c ---- */

static struct task_struct *get_owner(struct owned_lock *l)
{
	struct mutex *lock = mutex_of(l);
	struct task_struct *owner = NULL;

	if (!raw_spin_trylock(&lock->wait_lock))
		return ERR_PTR(-EBUSY);
	if (atomic_long_read(&lock->owner) & FLAGS)
		owner = owner_of(lock);
	if (owner)
		get_task_struct(owner);
	raw_spin_unlock(&lock->wait_lock);
	return owner;
}

static void release(struct owned_lock *l)
{
	mutex_of(l)->again = 0;
	mutex_unlock(mutex_of(l));
}

const struct lock_kind mutex_kind = { "mutex", get_owner, release };
EXPORT_SYMBOL(mutex_kind);
