// SPDX-License-Identifier: MIT
/* Its init function, or its exit function, follows a pointer to nowhere. It has started a timer before. */
#include <linux/module.h>
#include <linux/timer.h>

static bool in_exit;
module_param(in_exit, bool, 0444);

static void rings(struct timer_list *unused)
{
}

static DEFINE_TIMER(timer, rings);

static int follow(int *where)
{
	return READ_ONCE(*where);
}

static int __init faults_init(void)
{
	mod_timer(&timer, jiffies + 1000 * HZ);
	return in_exit ? 0 : follow((int *)8);
}

static void __exit faults_exit(void)
{
	pr_info("faults: exit\n");
	follow((int *)16);
}

module_init(faults_init);
module_exit(faults_exit);
MODULE_LICENSE("GPL");
