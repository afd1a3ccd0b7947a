/* SPDX-License-Identifier: MIT */
/*
 * Torture of rt_mutexes: threads of all priorities take a chain of them, and are lent what their waiters have. What
 * must hold:
 *
 *	one holder at a time; who holds none any more has his own priority again
 *	who holds one runs at least with the priority of whoever waits for it, directly or along the chain; when that
 *	one is killed, no longer
 */
#include "torture.h"

#include <linux/err.h>
#include <linux/errno.h>
#include <linux/kthread.h>
#include <linux/mutex.h>
#include <linux/rtmutex.h>
#include <linux/sched/rt.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>

#define LINKS 3
static struct rt_mutex chain[LINKS];	/* taken in this order */
static atomic_t inside[LINKS];

/* 0: an ordinary thread. */
static void set_rt_priority(struct task_struct *p, int priority)
{
	struct sched_param param = { .sched_priority = priority };

	if (sched_setscheduler_nocheck(p, priority ? SCHED_FIFO : SCHED_NORMAL, &param))
		test_blame("real-time priority %d was refused", priority);
}

static void check_gave_back(void)
{
	if (READ_ONCE(current->prio) != current->normal_prio)
		test_blame("who holds no rt_mutex has priority %d, its own is %d", current->prio, current->normal_prio);
}

static int lock_link(struct actor *a, struct rt_mutex *link)
{
	switch (draw(a, 4)) {
	case 0:
		return rt_mutex_trylock(link) ? 0 : -EAGAIN;
	case 1:
		return rt_mutex_lock_interruptible(link);
	case 2:
		return rt_mutex_lock_killable(link);
	default:
		rt_mutex_lock_nested(link, SINGLE_DEPTH_NESTING);
		return 0;
	}
}

static void op_chain(struct actor *a)
{
	int held = 0;

	set_rt_priority(current, draw(a, 2) ? 0 : 1 + draw(a, 5));
	while (held < LINKS && lock_link(a, &chain[held]) == 0) {
		if (atomic_inc_return(&inside[held]) != 1)
			test_blame("two hold link %d", held);
		if (draw(a, 8) == 0)
			test_nap();
		held++;
		if (draw(a, 4) == 0)
			break;
	}
	while (held-- > 0) {
		atomic_dec(&inside[held]);
		rt_mutex_unlock(&chain[held]);
	}
	check_gave_back();
	set_rt_priority(current, 0);
}

/* ---- one lends to another, exactly ---- */

static DEFINE_RT_MUTEX(lent);
static DEFINE_RT_MUTEX(between);
static DEFINE_MUTEX(lend_lock);

static int borrow(void *lock)
{
	int ret;

	allow_signal(SIGKILL);
	ret = rt_mutex_lock_killable(lock);
	if (!ret)
		rt_mutex_unlock(lock);
	return ret;
}

/* Holds the one while it waits for the other. */
static int borrow_between(void *unused)
{
	rt_mutex_lock(&between);
	rt_mutex_lock_nested(&lent, SINGLE_DEPTH_NESTING);
	rt_mutex_unlock(&lent);
	rt_mutex_unlock(&between);
	check_gave_back();
	return test_wait_for_stop();
}

/* A thread that waits for a lock with that priority. */
static struct task_struct *start_waiter(int (*fn)(void *), void *lock, int priority)
{
	struct task_struct *p = kthread_create(fn, lock, "waiter");

	BUG_ON(IS_ERR(p));
	get_task_struct(p);
	set_rt_priority(p, priority);
	wake_up_process(p);
	if (!eventually(READ_ONCE(p->pi_blocked_on)))
		test_blame("a waiter does not wait");
	return p;
}

static void check_borrows(int priority)
{
	/* It is in the queue a moment before it lends. */
	if (!eventually(READ_ONCE(current->prio) == MAX_RT_PRIO - 1 - priority))
		test_blame("who holds an rt_mutex has priority %d, not that of its waiter, %d", current->prio,
			   MAX_RT_PRIO - 1 - priority);
}

static void op_lend(struct actor *a)
{
	struct task_struct *middle = NULL, *best;
	int priority = 1 + draw(a, 5), ret;
	bool by_chain = draw(a, 2), kill = draw(a, 2);

	if (!mutex_trylock(&lend_lock))
		return;
	rt_mutex_lock(&lent);
	if (by_chain)
		middle = start_waiter(borrow_between, NULL, 0);
	best = start_waiter(borrow, by_chain ? &between : &lent, priority);
	check_borrows(priority);
	if (kill) {
		send_sig(SIGKILL, best, 1);
		if (!eventually(READ_ONCE(current->prio) == current->normal_prio))
			test_blame("a waiter was killed, and what it lent is kept");
	}
	rt_mutex_unlock(&lent);
	check_gave_back();
	ret = test_join(best);
	if (ret != (kill ? -EINTR : 0))
		test_blame("a waiter that was %skilled got %d", kill ? "" : "not ", ret);
	if (middle)
		test_join(middle);
	mutex_unlock(&lend_lock);
}

static void begin(void)
{
	for (int i = 0; i < LINKS; i++)
		rt_mutex_init(&chain[i]);
}

static void end(void)
{
	for (int i = 0; i < LINKS; i++)
		if (rt_mutex_is_locked(&chain[i]))
			test_blame("link %d is still held", i);
}

static const struct torture_op ops[] = {
	{ "chain", op_chain, 8 }, { "lend", op_lend, 1 },
};

TORTURE(lending, ops, .begin = begin, .end = end, .actors = 4);
