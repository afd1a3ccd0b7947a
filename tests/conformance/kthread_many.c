/* SPDX-License-Identifier: MIT */
/* kthread_run() from several threads at once; all of them come, all of them stop. */
#include "promise.h"
#include <linux/kthread.h>
#include <linux/completion.h>

#define N 8
static struct completion started[N];
static struct task_struct *threads[N];

static int fn(void *data)
{
	long n = (long)data;

	complete(&started[n]);
	while (!kthread_should_stop()) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (!kthread_should_stop())
			schedule();
		__set_current_state(TASK_RUNNING);
	}
	return n * n;
}

static void run(void)
{
	for (long i = 0; i < N; i++) {
		init_completion(&started[i]);
		threads[i] = kthread_run(fn, (void *)i, "many/%ld", i);
	}
	for (int i = N - 1; i >= 0; i--) {
		wait_for_completion(&started[i]);
		say("%s: %d", threads[i]->comm, kthread_stop(threads[i]));
	}
}
promise(run);
