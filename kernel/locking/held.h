/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Private to kernel/locking and those who explain: which locks a thread holds, and which it sleeps for.
 *
 * Every lock that sleeps and has an owner embeds a struct owned_lock. Taking it links it to its owner's list, giving it
 * back unlinks it: three instructions each, for locks are given back in the opposite order nearly always.
 */
#include <linux/sched.h>
#include <linux/lockdep_hooks.h>

struct lock_kind {
	const char *what;	/* "mutex" */
	/*
	 * The owner, with a reference, or NULL: free, or not known. Only of a lock for which somebody
	 * sleeps, and is kept asleep (his blocked_lock is held): then the lock is there. -EBUSY: ask again.
	 */
	struct task_struct *(*get_owner)(struct owned_lock *l);
	/* Give it back for its owner, who ends. */
	void (*release)(struct owned_lock *l);
};

static __always_inline void held_push(struct task_struct *p, struct owned_lock *l)
{
	l->below = p->held_locks;
	p->held_locks = l;
}

/* Return: false if it is not the innermost; then held_unlink(). */
static __always_inline bool held_pop(struct task_struct *p, struct owned_lock *l)
{
	if (unlikely(p->held_locks != l))
		return false;
	p->held_locks = l->below;
	return true;
}

/* Take it off current's list, wherever it is there. Return: whether it was. */
bool held_unlink(struct owned_lock *l);

/*
 * blocked_begin: the calling thread is going to sleep for l, and is on its list of waiters; blocked_end: it has it, or
 * gave up. Context: the lock's wait_lock is held, interrupts off.
 * blocked_check: is there a circle now, of threads that wait for one another? Then it is reported. After begin, without
 * the wait_lock. Context: thread.
 */
void blocked_begin(struct owned_lock *l);
void blocked_end(void);
void blocked_check(void);

/*
 * blocked_get: what p sleeps for and who has that; *owner with a reference, or NULL. `what` and `name` are good as long
 * as the lock is. Return: false if p does not sleep for a lock. Context: any but NMI.
 */
bool blocked_get(struct task_struct *p, const char **what, const char **name, struct task_struct **owner);

/* The backtrace of p, if it is asleep at the moment. Context: any; p is held by a reference. */
void show_sleeper(struct task_struct *p, const char *loglvl);

/* Say what p sleeps for and who has it, with the owner's backtrace if it sleeps. p is held by a reference. */
void blocked_explain(struct task_struct *p, const char *loglvl);

/* fork.c: a new thread holds nothing. */
void locks_init_task(struct task_struct *p);
/* exit.c: a thread ends; what it still holds is named and given back. Mostly that is nothing. who: it, in words. */
static __always_inline bool locks_any(const struct task_struct *p)
{
	return p->held_locks || p->read_holds;
}
void locks_give_back(struct task_struct *p, const char *who);
/* exit.c: a thread was killed in the middle of its work: what it holds stays locked, and so its struct stays. */
void locks_keep(void);
