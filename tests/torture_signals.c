/* SPDX-License-Identifier: MIT */
/*
 * Torture of signals: receivers sleep, interruptibly or killably, and are sent what they have allowed and what not.
 * What must hold:
 *
 *	who is sent a signal that he allows ends by it; what he does not allow he never sees
 *	a sleep ends with -ERESTARTSYS only where a signal is pending; a blocked one waits until it is unblocked
 */
#include "torture.h"

#include <linux/errno.h>
#include <linux/kthread.h>
#include <linux/mutex.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/wait.h>

#define RECEIVERS 8

static struct receiver {
	struct mutex lock;		/* held by who sends it what ends it */
	struct task_struct *p;		/* lock; read without by who sends what is ignored */
	int ends_by;			/* SIGTERM: sleeps interruptibly; SIGKILL: killably */
	struct wait_queue_head wq;
} receivers[RECEIVERS];

static int receive(void *data)
{
	struct receiver *r = data;
	int ret, sig;

	allow_signal(r->ends_by);
	if (r->ends_by == SIGKILL)
		ret = wait_event_killable(r->wq, kthread_should_stop());
	else
		ret = wait_event_interruptible(r->wq, kthread_should_stop());
	sig = kernel_dequeue_signal();
	if (sig && sig != r->ends_by)
		test_blame("a thread that allows signal %d got %d", r->ends_by, sig);
	if ((ret != 0 && ret != -ERESTARTSYS) || (ret && !sig && !kthread_should_stop()))
		test_blame("a sleep ended with %d, and the signal was %d", ret, sig);
	return sig;
}

static void start(struct receiver *r, int ends_by)
{
	r->ends_by = ends_by;
	r->p = test_start(-1, receive, r, "receiver");
}

/* Before it sleeps, while it sleeps, or before it runs at all. A signal sent before it was allowed is not seen. */
static void op_end(struct actor *a)
{
	struct receiver *r = &receivers[draw(a, RECEIVERS)];
	int sig;

	mutex_lock(&r->lock);
	if (draw(a, 2) && !eventually(test_asleep(r->p, TEST_ANY_SLEEP | TASK_WAKEKILL)))
		test_blame("a receiver does not sleep");
	if (draw(a, 4)) {
		while (sig_is_ignored(r->p, r->ends_by))
			test_nap();
		send_sig(r->ends_by, r->p, draw(a, 2));
		if (!eventually(READ_ONCE(r->p->exit_state)))
			test_blame("a receiver was sent signal %d and does not end", r->ends_by);
		sig = test_join(r->p);
		if (sig != r->ends_by)
			test_blame("a receiver was sent signal %d and saw %d", r->ends_by, sig);
	} else {
		test_join(r->p);
	}
	start(r, draw(a, 2) ? SIGTERM : SIGKILL);
	mutex_unlock(&r->lock);
}

/* To all of them: with the lock, but not for long. */
static void op_ignored(struct actor *a)
{
	static const int ignored[] = { SIGUSR1, SIGHUP, SIGCHLD, SIGSTOP, SIGINT };
	int sig = ignored[draw(a, ARRAY_SIZE(ignored))];

	for (int i = 0; i < RECEIVERS; i++) {
		struct receiver *r = &receivers[i];

		if (!mutex_trylock(&r->lock))
			continue;
		send_sig(sig, r->p, draw(a, 2));
		wake_up(&r->wq);
		if (READ_ONCE(r->p->exit_state))
			test_blame("a receiver ended, and nobody has sent it what it allows");
		mutex_unlock(&r->lock);
	}
}

static bool never(void)
{
	return false;
}

/* To oneself: blocked, it waits; unblocked, it ends a sleep. */
static void op_own(struct actor *a)
{
	DECLARE_WAIT_QUEUE_HEAD_ONSTACK(wq);
	sigset_t set;
	int sig;

	allow_signal(SIGUSR2);
	siginitset(&set, sigmask(SIGUSR2));
	sigprocmask(SIG_BLOCK, &set, NULL);
	send_sig(SIGUSR2, current, 1);
	if (signal_pending(current) || wait_event_interruptible_timeout(wq, never(), 1 + draw(a, 2)) != 0)
		test_blame("a blocked signal is seen");
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	if (!signal_pending(current) || wait_event_interruptible(wq, never()) != -ERESTARTSYS)
		test_blame("a signal that was unblocked is not seen");
	sig = kernel_dequeue_signal();
	if (sig != SIGUSR2 || signal_pending(current))
		test_blame("the signal was %d, and then %s is pending", sig, signal_pending(current) ? "one" : "none");
	disallow_signal(SIGUSR2);
	send_sig(SIGUSR2, current, 1);
	if (signal_pending(current))
		test_blame("a signal is seen that is not allowed any more");
}

static void begin(void)
{
	for (int i = 0; i < RECEIVERS; i++) {
		mutex_init(&receivers[i].lock);
		init_waitqueue_head(&receivers[i].wq);
		start(&receivers[i], i % 2 ? SIGTERM : SIGKILL);
	}
}

static void end(void)
{
	for (int i = 0; i < RECEIVERS; i++)
		test_join(receivers[i].p);
}

static const struct torture_op ops[] = {
	{ "end", op_end, 4 }, { "ignored", op_ignored, 2 }, { "own", op_own, 2 },
};

TORTURE(signals, ops, .begin = begin, .end = end, .actors = 4);
