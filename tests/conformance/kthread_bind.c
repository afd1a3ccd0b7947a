/* SPDX-License-Identifier: MIT */
/* kthread_bind() before the first wake-up: the thread runs there and nowhere else, and says so in its flags. */
#include "promise.h"
#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/smp.h>

static DECLARE_COMPLETION(asked);

static int where(void *cpu)
{
	ask(smp_processor_id() == (long)cpu);
	ask(current->nr_cpus_allowed);
	ask(cpumask_test_cpu((long)cpu, current->cpus_ptr));
	ask(!!(current->flags & PF_NO_SETAFFINITY));
	ask(!!(current->flags & PF_KTHREAD));
	ask(set_cpus_allowed_ptr(current, cpumask_of(0)));
	complete(&asked);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return smp_processor_id() == (long)cpu;
}

static void run(void)
{
	for (long cpu = 0; cpu < 3; cpu++) {
		struct task_struct *t = kthread_create(where, (void *)cpu, "bound/%ld", cpu);

		kthread_bind(t, cpu);
		wake_up_process(t);
		wait_for_completion(&asked);
		ask(kthread_stop(t));
	}
}
promise(run);
