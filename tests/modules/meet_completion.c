// SPDX-License-Identifier: MIT
/*
 * Two threads count by themselves; the second waits for the first at every tenth number, and the other way round.
 *
 * judge: until "met at 30"
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

static struct completion there[2];
static struct task_struct *threads[2];

static int counts(void *data)
{
	long me = (long)data;
	int n;

	for (n = 1; n <= 30; n++) {
		if (n % 10)
			continue;
		complete(&there[me]);
		wait_for_completion(&there[!me]);
		if (me)
			pr_info("meet_completion: met at %d\n", n);
	}
	while (!kthread_should_stop())
		msleep_interruptible(50);
	return n;
}

static int __init meet_init(void)
{
	init_completion(&there[0]);
	init_completion(&there[1]);
	threads[0] = kthread_run(counts, (void *)0L, "meet_first");
	if (IS_ERR(threads[0]))
		return PTR_ERR(threads[0]);
	threads[1] = kthread_run(counts, (void *)1L, "meet_second");
	if (IS_ERR(threads[1])) {
		complete_all(&there[1]);
		kthread_stop(threads[0]);
		return PTR_ERR(threads[1]);
	}
	return 0;
}

static void __exit meet_exit(void)
{
	int first = kthread_stop(threads[0]);

	pr_info("meet_completion: they counted to %d and %d\n", first, kthread_stop(threads[1]));
}

module_init(meet_init);
module_exit(meet_exit);
MODULE_LICENSE("GPL");
