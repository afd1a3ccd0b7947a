/* SPDX-License-Identifier: MIT */
/*
 * Names of threads: what is cut in comm, and what /proc shows of it.
 *
 * judge: run ps -eo comm,ucmd,fname,args --sort comm | grep -E name_of | grep -v grep
 */
#include "promise.h"
#include <linux/kthread.h>
#include <linux/sched.h>

static struct task_struct *t[3];

static int waits(void *unused)
{
	while (!kthread_should_stop()) {
		set_current_state(TASK_IDLE);
		if (!kthread_should_stop())
			schedule();
		__set_current_state(TASK_RUNNING);
	}
	return 0;
}

static int __init names_init(void)
{
	char comm[TASK_COMM_LEN];

	t[0] = kthread_run(waits, NULL, "name_of_15_char");
	t[1] = kthread_run(waits, NULL, "name_of_sixteen_");
	t[2] = kthread_run(waits, NULL, "name_of/%d/%s/with much behind it", 7, "seven");
	for (int i = 0; i < 3; i++) {
		ask_text(t[i]->comm);
		ask_text(get_task_comm(comm, t[i]));
	}
	return 0;
}

static void __exit names_exit(void)
{
	for (int i = 0; i < 3; i++)
		ask(kthread_stop(t[i]));
}

module_init(names_init);
module_exit(names_exit);
MODULE_LICENSE("GPL");
