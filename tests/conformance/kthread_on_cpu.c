/* SPDX-License-Identifier: MIT */
/* kthread_create_on_cpu(): bound, the number in the name, and parked state per CPU kept by unpark. */
#include "promise.h"
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/smp.h>

static DECLARE_COMPLETION(ran);

static int where(void *unused)
{
	say("%s on the right CPU: %d", current->comm, smp_processor_id() == 1);
	complete(&ran);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 5;
}

static void run(void)
{
	struct task_struct *t = kthread_create_on_cpu(where, NULL, 1, "percpu/%u");

	ask_pointer(t);
	wake_up_process(t);
	wait_for_completion(&ran);
	ask(kthread_stop(t));
	t = kthread_create_on_node(where, (void *)3, NUMA_NO_NODE, "node/%d", 9);
	say("%s", t->comm);
	ask(kthread_stop(t));
}
promise(run);
