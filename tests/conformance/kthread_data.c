/* SPDX-License-Identifier: MIT */
/* kthread_func(), kthread_data(), kthread_probe_data(): what the thread was made with. */
#include "promise.h"
#include <linux/completion.h>
#include <linux/kthread.h>

static int datum;
static DECLARE_COMPLETION(asked);

static int fn(void *data)
{
	ask(kthread_func(current) == (void *)fn);
	ask(kthread_data(current) == &datum);
	ask(data == &datum);
	complete(&asked);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 0;
}

static void run(void)
{
	struct task_struct *t = kthread_run(fn, &datum, "data");

	wait_for_completion(&asked);
	ask(kthread_func(t) == (void *)fn);
	ask(kthread_data(t) == &datum);
	ask(kthread_stop(t));
}
promise(run);
