/* SPDX-License-Identifier: MIT */
/* complete() lets one waiter go, complete_all() all of them, and those who come later, too. */
#include "promise.h"
#include <linux/completion.h>
#include <linux/kthread.h>

#define N 5
static DECLARE_COMPLETION(gate);
static DECLARE_COMPLETION(through);
static atomic_t inside = ATOMIC_INIT(0);

static int waits(void *unused)
{
	wait_for_completion(&gate);
	atomic_inc(&inside);
	kthread_complete_and_exit(&through, 0);	/* not a step more in this module */
}

static void run(void)
{
	for (int i = 0; i < N; i++)
		kthread_run(waits, NULL, "waits/%d", i);
	complete(&gate);
	wait_for_completion(&through);
	ask(atomic_read(&inside));
	complete(&gate);
	complete(&gate);
	wait_for_completion(&through);
	wait_for_completion(&through);
	ask(atomic_read(&inside));
	complete_all(&gate);
	wait_for_completion(&through);
	wait_for_completion(&through);
	ask(atomic_read(&inside));
	ask(kthread_stop(kthread_create(waits, NULL, "too_late")));
	wait_for_completion(&gate);
	ask(completion_done(&gate));
}
promise(run);
