// SPDX-License-Identifier: MIT
/*
 * Three threads sleep on a private queue, each until its turn, or until its patience is at an end.
 *
 * judge: until "lost its patience"
 * judge: any order "had its turn"
 */
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/wait.h>

static DECLARE_WAIT_QUEUE_HEAD(queue);
static struct task_struct *threads[3];
static int turn;

static int sits(void *data)
{
	DECLARE_WAITQUEUE(entry, current);
	long me = (long)data, left = me == 2 ? HZ / 20 : 60 * HZ;

	add_wait_queue(&queue, &entry);
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (READ_ONCE(turn) > me || kthread_should_stop() || !left)
			break;
		left = schedule_timeout(left);
	}
	__set_current_state(TASK_RUNNING);
	remove_wait_queue(&queue, &entry);
	pr_info("trio: %ld %s\n", me, left ? "had its turn" : "lost its patience");
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ / 10);
	return left ? 1 : 0;
}

static int __init trio_init(void)
{
	for (long i = 0; i < 3; i++) {
		threads[i] = kthread_run(sits, (void *)i, "trio/%ld", i);
		if (IS_ERR(threads[i])) {
			int err = PTR_ERR(threads[i]);

			while (i--)
				kthread_stop(threads[i]);
			return err;
		}
	}
	return 0;
}

static void __exit trio_exit(void)
{
	int turns = 0;

	WRITE_ONCE(turn, 2);
	wake_up_interruptible(&queue);
	for (int i = 0; i < 3; i++)
		turns += kthread_stop(threads[i]);
	pr_info("trio: %d turns\n", turns);
}

module_init(trio_init);
module_exit(trio_exit);
MODULE_LICENSE("GPL");
