// SPDX-License-Identifier: MIT
/*
 * A mistake that many published examples have: exit stops a thread that has ended by itself. Linux 6.1 crashes.
 *
 * judge: not on Linux: it crashes there
 */
#include <linux/kthread.h>
#include <linux/module.h>

static struct task_struct *thread;

static int ended_fn(void *data)
{
	pr_info("ended: the thread has nothing to do\n");
	return 5;
}

static int __init ended_init(void)
{
	thread = kthread_run(ended_fn, NULL, "short_lived");
	return PTR_ERR_OR_ZERO(thread);
}

static void __exit ended_exit(void)
{
	pr_info("ended: stop gives %d\n", kthread_stop(thread));
}

module_init(ended_init);
module_exit(ended_exit);
MODULE_LICENSE("GPL");
