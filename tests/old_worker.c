/* SPDX-License-Identifier: MIT */
/*
 * A module of about 3.10: a kthread_worker under its first names, a work of the second kind (2.6.20), setup_timer(),
 * and a thread bound to a CPU by a mask that is a value. Compiled with the switch of <linux/old_names.h>.
 */
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/slab.h>
#include <linux/timer.h>
#include <linux/workqueue.h>

#include "old_modules.h"

int old_worker_orders, old_worker_checks, old_worker_cpu;

static struct kthread_worker cook;
static struct task_struct *cook_task;

struct order {
	struct kthread_work work;
	int portions;
};

static void cook_order(struct kthread_work *work)
{
	struct order *order = container_of(work, struct order, work);

	old_worker_cpu = smp_processor_id();
	old_worker_orders += order->portions;
	kfree(order);
}

static int place_order(int portions)
{
	struct order *order = kmalloc(sizeof(*order), GFP_KERNEL);

	if (!order)
		return -ENOMEM;
	init_kthread_work(&order->work, cook_order);
	order->portions = portions;
	return queue_kthread_work(&cook, &order->work) ? 0 : -EBUSY;
}

static int tasted;

static void taste(struct kthread_work *work)
{
	tasted = old_worker_orders;
}

static struct kthread_work first_spoon;

static struct inspection {
	struct timer_list alarm;
	struct delayed_work look;
} inspection;

static void look_around(struct work_struct *work)
{
	struct inspection *i = container_of(to_delayed_work(work), struct inspection, look);

	old_worker_checks++;
	mod_timer(&i->alarm, jiffies + 1);
}

static void ring(unsigned long data)
{
	struct inspection *i = (struct inspection *)data;

	schedule_delayed_work(&i->look, 1);
}

int init_module(void)
{
	cpumask_t last = cpumask_of_cpu(num_online_cpus() - 1);

	old_worker_orders = old_worker_checks = 0;
	init_kthread_worker(&cook);
	cook_task = kthread_create(kthread_worker_fn, &cook, "oldcook");
	if (IS_ERR(cook_task))
		return PTR_ERR(cook_task);
	set_cpus_allowed(cook_task, last);
	wake_up_process(cook_task);
	INIT_DELAYED_WORK(&inspection.look, look_around);
	setup_timer(&inspection.alarm, ring, (unsigned long)&inspection);
	mod_timer(&inspection.alarm, jiffies + 1);
	for (int i = 1; i <= 4; i++)
		if (place_order(i))
			return -ENOMEM;
	init_kthread_work(&first_spoon, taste);
	queue_kthread_work(&cook, &first_spoon);
	flush_kthread_work(&first_spoon);
	return tasted == old_worker_orders ? 0 : -EIO;
}

void cleanup_module(void)
{
	for (int i = 0; i < 3; i++) {
		del_timer_sync(&inspection.alarm);
		cancel_delayed_work_sync(&inspection.look);
	}
	flush_kthread_worker(&cook);
	kthread_stop(cook_task);
}
