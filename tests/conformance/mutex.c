/* SPDX-License-Identifier: MIT */
/* Mutexes, and what their forms that may fail answer; a signal ends an interruptible wait. */
#include "promise.h"
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/mutex.h>
#include <linux/sched/signal.h>

static DEFINE_MUTEX(m);
static DECLARE_COMPLETION(tried);

static int other(void *unused)
{
	ask(mutex_trylock(&m));
	ask(mutex_is_locked(&m));
	allow_signal(SIGINT);
	complete(&tried);
	ask(mutex_lock_interruptible(&m));
	ask(signal_pending(current));
	flush_signals(current);
	ask(signal_pending(current));
	complete(&tried);
	ask(mutex_lock_killable(&m));
	mutex_unlock(&m);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 0;
}

static void run(void)
{
	struct task_struct *t;

	ask(mutex_is_locked(&m));
	ask(mutex_trylock(&m));
	ask(mutex_is_locked(&m));
	mutex_unlock(&m);
	ask(mutex_lock_interruptible(&m));
	t = kthread_run(other, NULL, "mutex_other");
	wait_for_completion(&tried);
	send_sig(SIGINT, t, 1);
	wait_for_completion(&tried);
	mutex_unlock(&m);
	kthread_stop(t);
	ask(mutex_is_locked(&m));
	mutex_destroy(&m);
}
promise(run);
