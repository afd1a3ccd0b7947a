/* SPDX-License-Identifier: MIT */
/* PID 1. (Bring-up version.) */
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/delay.h>
#include <linux/reboot.h>
#include <linux/start_kernel.h>

static int fn(void *d)
{
	pr_info("hello from %s on CPU %d\n", current->comm, smp_processor_id());
	while (!kthread_should_stop())
		msleep(10);
	return 42;
}

int __weak run_tests(void);
int __weak run_tests(void) { return 0; }

void run_init(void)
{
	struct task_struct *p, *t = NULL;

	run_tests();
	p = kthread_run(fn, NULL, "hello/%d", 1);

	msleep(100);
	while ((t = next_task_get(t)))
		pr_info("%d %d %s %c\n", t->pid, task_ppid_nr(t), t->comm, task_state_to_char(t));
	pr_info("stop: %d\n", kthread_stop(p));
	kernel_power_off();
}
