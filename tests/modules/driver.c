// SPDX-License-Identifier: MIT
/*
 * As a driver does it: one worker with real-time priority for several devices, each with a work of its own.
 *
 * judge: until "device 2"
 */
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched.h>

struct device_state {
	struct kthread_work	work;
	int			number, handled;
};

static struct kthread_worker *worker;
static struct device_state devices[3];

static void handle(struct kthread_work *work)
{
	struct device_state *d = container_of(work, struct device_state, work);

	d->handled++;
	if (d->handled == 1)
		pr_info("driver: device %d is handled by %s, policy %u\n", d->number, current->comm, current->policy);
}

static int __init driver_init(void)
{
	worker = kthread_create_worker(0, "driver_io");
	if (IS_ERR(worker))
		return PTR_ERR(worker);
	sched_set_fifo(worker->task);
	for (int i = 0; i < 3; i++) {
		devices[i].number = i;
		kthread_init_work(&devices[i].work, handle);
	}
	for (int round = 0; round < 5; round++) {
		for (int i = 0; i < 3; i++)
			kthread_queue_work(worker, &devices[i].work);
		kthread_flush_worker(worker);
	}
	return 0;
}

static void __exit driver_exit(void)
{
	kthread_destroy_worker(worker);
	pr_info("driver: %d %d %d handled\n", devices[0].handled, devices[1].handled, devices[2].handled);
}

module_init(driver_init);
module_exit(driver_exit);
MODULE_LICENSE("GPL");
