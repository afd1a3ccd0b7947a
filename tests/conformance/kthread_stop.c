/* SPDX-License-Identifier: MIT */
/*
 * kthread_stop(): wakes the thread, waits for it, answers what its function returned; a thread that never ran:
 * -EINTR.
 */
#include "promise.h"
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/sched.h>

static DECLARE_COMPLETION(running);

static int returns(void *data)
{
	complete(&running);
	while (!kthread_should_stop()) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (!kthread_should_stop())
			schedule();
		__set_current_state(TASK_RUNNING);
	}
	return (long)data;
}

static int never(void *unused)
{
	say("never: runs all the same");
	return 0;
}

static void run(void)
{
	struct task_struct *t = kthread_run(returns, (void *)7L, "stop_seven");
	wait_for_completion(&running);

	ask(kthread_stop(t));
	t = kthread_run(returns, (void *)-22L, "stop_negative");
	wait_for_completion(&running);
	ask(kthread_stop(t));
	t = kthread_create(never, NULL, "stop_never");
	ask(kthread_stop(t));
}
promise(run);
