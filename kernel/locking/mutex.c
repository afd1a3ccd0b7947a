/* SPDX-License-Identifier: MIT */
/*
 * Mutexes: an owner, and a list of those who wait for him.
 *
 * Free, one cmpxchg takes it and one gives it back. Otherwise everything happens under wait_lock: a waiter puts itself
 * on the list and sleeps; mutex_unlock() makes the first waiter the owner and wakes it (hand-off: nobody starves, and
 * the woken one has it without asking again).
 *
 *	owner == task			held, nobody waits
 *	owner == task | WAITERS		held, and unlock must look at the list
 *
 * The bit is set by a waiter under wait_lock, before it sleeps, so either the owner's fast unlock fails because of the
 * bit, or the waiter's cmpxchg sees the mutex free. That is ORDER(mutex); it also carries what one owner has written to
 * the next: the locked operations on `owner` are full barriers, and a hand-off goes through wait_lock.
 * Read next: sched/wait.c.
 */
#include <linux/mutex.h>
#include <linux/bug.h>
#include <linux/export.h>

#define WAITERS	1UL

struct mutex_waiter {
	struct list_head	list;	/* lock: wait_lock */
	struct task_struct	*task;
	bool			owns;	/* lock: wait_lock */
};

static struct task_struct *owner_of(const struct mutex *lock)
{
	return (struct task_struct *)((unsigned long)READ_ONCE(lock->owner) & ~WAITERS);
}

static bool cas_owner(struct mutex *lock, unsigned long old, unsigned long new)
{
	return cmpxchg(&lock->owner, (struct task_struct *)old, (struct task_struct *)new) == (struct task_struct *)old;
}

bool mutex_is_held(const struct mutex *lock)
{
	return owner_of(lock) == current;
}

int mutex_trylock(struct mutex *lock)
{
	return cas_owner(lock, 0, (unsigned long)current);
}
EXPORT_SYMBOL(mutex_trylock);

/* Under wait_lock: take the mutex if it is free, else mark it as waited for. */
static bool take_or_mark(struct mutex *lock)
{
	unsigned long old;

	/* ORDER(mutex): the waiter's end: the bit is set, or the mutex seen free, before it sleeps. */
	for (;;) {
		old = (unsigned long)READ_ONCE(lock->owner);
		if (!old) {
			if (cas_owner(lock, 0, (unsigned long)current))
				return true;
		} else if ((old & WAITERS) || cas_owner(lock, old, old | WAITERS)) {
			return false;
		}
	}
}

/* A waiter gives up. If it was the last, the owner may unlock the fast way again. */
static void leave_list(struct mutex *lock, struct mutex_waiter *w)
{
	unsigned long old;

	list_del(&w->list);
	while (list_empty(&lock->wait_list)) {
		old = (unsigned long)READ_ONCE(lock->owner);
		if (cas_owner(lock, old, old & ~WAITERS))
			break;
	}
}

static int __sched lock_slowly(struct mutex *lock, unsigned int state)
{
	struct mutex_waiter w = { .task = current };
	int ret = 0;

	if (WARN_ONCE(owner_of(lock) == current, "thread %s locks a mutex that it holds already: it would wait for "
		      "itself for ever. Going on without\n", current->comm))
		return -EDEADLK;
	spin_lock_irq(&lock->wait_lock);
	if (take_or_mark(lock))
		goto out;
	list_add_tail(&w.list, &lock->wait_list);
	while (!w.owns) {
		if (signal_pending_state(state, current)) {
			leave_list(lock, &w);
			ret = -EINTR;
			goto out;
		}
		__set_current_state(state);
		spin_unlock_irq(&lock->wait_lock);
		schedule();
		spin_lock_irq(&lock->wait_lock);
	}
out:
	spin_unlock_irq(&lock->wait_lock);
	return ret;
}

void __sched mutex_lock(struct mutex *lock)
{
	might_sleep();
	if (unlikely(!mutex_trylock(lock)))
		lock_slowly(lock, TASK_UNINTERRUPTIBLE);
}
EXPORT_SYMBOL(mutex_lock);

int __sched mutex_lock_interruptible(struct mutex *lock)
{
	might_sleep();
	return mutex_trylock(lock) ? 0 : lock_slowly(lock, TASK_INTERRUPTIBLE);
}
EXPORT_SYMBOL(mutex_lock_interruptible);

int __sched mutex_lock_killable(struct mutex *lock)
{
	might_sleep();
	return mutex_trylock(lock) ? 0 : lock_slowly(lock, TASK_KILLABLE);
}
EXPORT_SYMBOL(mutex_lock_killable);

static void hand_over(struct mutex *lock)
{
	struct mutex_waiter *w;
	struct task_struct *p;

	spin_lock_irq(&lock->wait_lock);
	if (list_empty(&lock->wait_list)) {
		WRITE_ONCE(lock->owner, NULL);
		spin_unlock_irq(&lock->wait_lock);
		return;
	}
	w = list_first_entry(&lock->wait_list, struct mutex_waiter, list);
	p = w->task;
	list_del(&w->list);
	WRITE_ONCE(lock->owner, (void *)((unsigned long)p | (list_empty(&lock->wait_list) ? 0 : WAITERS)));
	get_task_struct(p);
	w->owns = true;
	spin_unlock_irq(&lock->wait_lock);
	/* w was on p's stack and may be gone; p itself is kept by the reference. */
	wake_up_process(p);
	put_task_struct(p);
}

void mutex_unlock(struct mutex *lock)
{
	/* ORDER(mutex): the owner's end: fails if a waiter's bit is there. */
	if (likely(cas_owner(lock, (unsigned long)current, 0)))
		return;
	if (WARN_ONCE(owner_of(lock) != current, "thread %s unlocks a mutex that %s holds: only its owner may\n",
		      current->comm, owner_of(lock) ? owner_of(lock)->comm : "nobody"))
		return;
	hand_over(lock);
}
EXPORT_SYMBOL(mutex_unlock);

void mutex_destroy(struct mutex *lock)
{
	WARN_ONCE(mutex_is_locked(lock), "a mutex is destroyed while %s holds it\n", owner_of(lock)->comm);
}
EXPORT_SYMBOL(mutex_destroy);
