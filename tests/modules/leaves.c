// SPDX-License-Identifier: MIT
/* A mistake: the thread is not stopped when the module goes. Linux would free the code under it. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

static int seconds = 2;
module_param(seconds, int, 0);

static int leaves_fn(void *data)
{
	ssleep(seconds);
	pr_info("leaves: the thread ends\n");
	return 0;
}

static int __init leaves_init(void)
{
	return PTR_ERR_OR_ZERO(kthread_run(leaves_fn, NULL, "left_behind"));
}

static void __exit leaves_exit(void)
{
	pr_info("leaves: exit without a look at the thread\n");
}

module_init(leaves_init);
module_exit(leaves_exit);
MODULE_LICENSE("GPL");
