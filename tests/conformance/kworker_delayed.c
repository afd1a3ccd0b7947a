/* SPDX-License-Identifier: MIT */
/* kthread_worker: delayed works run once, whenever they were moved to; a work may queue itself again. */
#include "promise.h"
#include <linux/delay.h>
#include <linux/kthread.h>

static int left = 3;
static atomic_t ran = ATOMIC_INIT(0);

static void runs(struct kthread_work *work)
{
	atomic_inc(&ran);
}

static void again(struct kthread_work *work);

static DEFINE_KTHREAD_DELAYED_WORK(a, runs);
static DEFINE_KTHREAD_DELAYED_WORK(b, runs);
static DEFINE_KTHREAD_DELAYED_WORK(c, runs);
static DEFINE_KTHREAD_WORK(loop, again);
static struct kthread_worker *worker;

static void again(struct kthread_work *work)
{
	say("again, %d left", --left);
	if (left)
		ask(kthread_queue_work(worker, work));
}

static void run(void)
{
	worker = kthread_create_worker(0, "kworker_delayed");
	ask(kthread_queue_work(worker, &loop));
	while (READ_ONCE(left))
		msleep(1);
	kthread_flush_worker(worker);
	ask(kthread_queue_delayed_work(worker, &a, HZ / 10));
	ask(kthread_queue_delayed_work(worker, &b, 1000 * HZ));
	ask(kthread_queue_delayed_work(worker, &b, 0));
	ask(kthread_mod_delayed_work(worker, &b, 1));
	ask(kthread_mod_delayed_work(worker, &c, 0));
	while (atomic_read(&ran) < 3)
		msleep(1);
	kthread_flush_worker(worker);
	ask(atomic_read(&ran));
	ask(kthread_cancel_delayed_work_sync(&a));
	ask(kthread_queue_delayed_work(worker, &a, 1000 * HZ));
	ask(kthread_cancel_delayed_work_sync(&a));
	kthread_destroy_worker(worker);
}
promise(run);
