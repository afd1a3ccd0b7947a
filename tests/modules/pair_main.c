// SPDX-License-Identifier: MIT
/*
 * Two threads that take turns by completions, from two files.
 *
 * judge: until "right says 3"
 */
#include <linux/completion.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include "pair.h"

static DECLARE_COMPLETION(ping);
static DECLARE_COMPLETION(pong);
static struct task_struct *left, *right;

static int left_fn(void *data)
{
	for (int i = 1; i <= PAIR_ROUNDS; i++) {
		pair_say("left", i);
		complete(&ping);
		wait_for_completion(&pong);
	}
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 11;
}

static int right_fn(void *data)
{
	for (int i = 1; i <= PAIR_ROUNDS; i++) {
		wait_for_completion(&ping);
		pair_say("right", i);
		complete(&pong);
	}
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 22;
}

static int __init pair_init(void)
{
	left = kthread_run(left_fn, NULL, "pair_left");
	if (IS_ERR(left))
		return PTR_ERR(left);
	right = kthread_run(right_fn, NULL, "pair_right");
	if (IS_ERR(right)) {
		complete(&pong);
		kthread_stop(left);
		return PTR_ERR(right);
	}
	return 0;
}

static void __exit pair_exit(void)
{
	pr_info("pair: left gave %d\n", kthread_stop(left));
	pr_info("pair: right gave %d\n", kthread_stop(right));
}

module_init(pair_init);
module_exit(pair_exit);
MODULE_LICENSE("GPL");
