// SPDX-License-Identifier: MIT
/*
 * Two threads count by themselves and meet at every tenth number, over a wait queue.
 *
 * judge: until "both are at 30"
 */
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/wait.h>

static int meetings = 3;
module_param(meetings, int, 0);

static DECLARE_WAIT_QUEUE_HEAD(queue);
static struct task_struct *threads[2];
static atomic_t arrived = ATOMIC_INIT(0);

static int counts(void *data)
{
	long who = (long)data;

	for (int n = 1; n <= 10 * meetings && !kthread_should_stop(); n++) {
		if (n % 10)
			continue;
		if (atomic_inc_return(&arrived) == n / 10 * 3 - 1) {	/* the second; a meeting is three steps */
			pr_info("meet_queue: both are at %d\n", n);
			atomic_inc(&arrived);
			wake_up_interruptible(&queue);
		} else {
			wait_event_interruptible(queue, atomic_read(&arrived) >= n / 10 * 3 || kthread_should_stop());
		}
	}
	while (!kthread_should_stop()) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (!kthread_should_stop())
			schedule();
		__set_current_state(TASK_RUNNING);
	}
	return who + 1;
}

static int __init meet_init(void)
{
	for (long i = 0; i < 2; i++) {
		threads[i] = kthread_create(counts, (void *)i, "meet_queue/%ld", i);
		if (IS_ERR(threads[i])) {
			if (i)
				kthread_stop(threads[0]);
			return PTR_ERR(threads[i]);
		}
		wake_up_process(threads[i]);
	}
	return 0;
}

static void __exit meet_exit(void)
{
	for (int i = 0; i < 2; i++)
		pr_info("meet_queue: stopping gives %d\n", kthread_stop(threads[i]));
}

module_init(meet_init);
module_exit(meet_exit);
MODULE_LICENSE("GPL");
