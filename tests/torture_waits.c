/* SPDX-License-Identifier: MIT */
/*
 * Torture of waiting and of the locks that all have: tokens in a market, completions, and two banks. What must hold:
 *
 *	each token is taken once, and none is lost; each complete() lets one wait end
 *	the money in a bank is the same whenever somebody counts it under the lock
 */
#include "torture.h"

#include <linux/completion.h>
#include <linux/jiffies.h>
#include <linux/mutex.h>
#include <linux/sched/signal.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

static DECLARE_WAIT_QUEUE_HEAD(market);
static atomic_t tokens, made, taken;

static DECLARE_COMPLETION(done);
static atomic_t completed, waited;

#define ACCOUNTS 16
#define MONEY 1000
static DEFINE_MUTEX(mutex);
static DEFINE_SPINLOCK(spinlock);
static long under_mutex[ACCOUNTS], under_spinlock[ACCOUNTS];

static void op_make(struct actor *a)
{
	atomic_inc(&made);
	atomic_inc(&tokens);
	if (draw(a, 2))
		wake_up(&market);
	else
		wake_up_interruptible_all(&market);
}

static bool take(void)
{
	return atomic_dec_if_positive(&tokens) >= 0;
}

static void op_take(struct actor *a)
{
	long left;

	if (draw(a, 2))
		left = wait_event_timeout(market, take(), 1 + draw(a, 4));
	else
		left = wait_event_interruptible_timeout(market, take(), 1 + draw(a, 4));
	if (left > 0)
		atomic_inc(&taken);
	if (!task_is_running(current))
		test_blame("awake in state %#x", current->__state);
}

static void op_complete(struct actor *a)
{
	atomic_inc(&completed);
	complete(&done);
}

static void op_await(struct actor *a)
{
	long left;

	if (draw(a, 4) == 0)
		left = try_wait_for_completion(&done);
	else if (draw(a, 2))
		left = wait_for_completion_timeout(&done, 1 + draw(a, 3));
	else
		left = wait_for_completion_killable_timeout(&done, 1 + draw(a, 3));
	if (left > 0)
		atomic_inc(&waited);
}

static void transfer(struct actor *a, long *accounts)
{
	long amount = draw(a, 10);

	accounts[draw(a, ACCOUNTS)] -= amount;
	accounts[draw(a, ACCOUNTS)] += amount;
}

static void audit(const long *accounts, const char *lock)
{
	long sum = 0;

	for (int i = 0; i < ACCOUNTS; i++)
		sum += accounts[i];
	if (sum != ACCOUNTS * MONEY)
		test_blame("under the %s there are %ld, not %d", lock, sum, ACCOUNTS * MONEY);
}

static void op_mutex(struct actor *a)
{
	if (draw(a, 4) == 0) {
		if (!mutex_trylock(&mutex))
			return;
	} else {
		mutex_lock(&mutex);
	}
	transfer(a, under_mutex);
	if (draw(a, 8) == 0)
		test_nap();
	audit(under_mutex, "mutex");
	mutex_unlock(&mutex);
}

static void op_spinlock(struct actor *a)
{
	unsigned long flags;

	spin_lock_irqsave(&spinlock, flags);
	transfer(a, under_spinlock);
	audit(under_spinlock, "spinlock");
	spin_unlock_irqrestore(&spinlock, flags);
}

static void begin(void)
{
	for (int i = 0; i < ACCOUNTS; i++)
		under_mutex[i] = under_spinlock[i] = MONEY;
}

static void end(void)
{
	if (atomic_read(&made) != atomic_read(&taken) + atomic_read(&tokens))
		test_blame("%d tokens made, %d taken, %d left", atomic_read(&made), atomic_read(&taken),
			   atomic_read(&tokens));
	if (atomic_read(&completed) != atomic_read(&waited) + done.done)
		test_blame("%d completed, %d waits ended, %u left", atomic_read(&completed), atomic_read(&waited),
			   done.done);
	if (waitqueue_active(&market))
		test_blame("somebody is still queued in the market");
	audit(under_mutex, "mutex");
	audit(under_spinlock, "spinlock");
}

static const struct torture_op ops[] = {
	{ "make", op_make, 3 }, { "take", op_take, 3 }, { "complete", op_complete, 3 }, { "await", op_await, 3 },
	{ "mutex", op_mutex, 2 }, { "spinlock", op_spinlock, 2 },
};

TORTURE(waits, ops, .begin = begin, .end = end, .actors = 8);
