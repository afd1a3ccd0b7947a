/* SPDX-License-Identifier: MIT */
/*
 * The command `misuse`: works, workers and timers. Each would be a silent deadlock, or a crash much later, elsewhere.
 *
 * Read next: kthread_work.c, time/timer_check.c.
 */
#define MISUSE_SUBJECT "works, workers and timers"
#include "misuse.h"
#include <linux/completion.h>
#include <linux/err.h>
#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include <linux/slab.h>
#include <linux/timer.h>

/* What the works below need: a worker each, and the work that they wait for. */
struct waiter {
	struct kthread_work work;
	struct kthread_worker *worker;
	struct completion began;
	struct waiter *other;
};

static void flush_own_worker_work(struct kthread_work *work)
{
	kthread_flush_worker(container_of(work, struct waiter, work)->worker);
}

static void flush_other_work(struct kthread_work *work)
{
	struct waiter *w = container_of(work, struct waiter, work);

	complete(&w->began);
	wait_for_completion(&w->other->began);
	kthread_flush_work(&w->other->work);
}

static void cancel_itself_work(struct kthread_work *work)
{
	kthread_cancel_work_sync(work);
}

static void do_nothing(struct kthread_work *work)
{
}

/* Runs one work that does something wrong. */
static int run_wrong_work(kthread_work_func_t fn)
{
	struct waiter w = { .worker = kthread_create_worker(0, "misuse/worker") };

	if (IS_ERR(w.worker))
		return PTR_ERR(w.worker);
	kthread_init_work(&w.work, fn);
	kthread_queue_work(w.worker, &w.work);
	kthread_flush_worker(w.worker);
	kthread_destroy_worker(w.worker);
	return 0;
}

static int flush_own_worker(void)
{
	return run_wrong_work(flush_own_worker_work);
}
MISUSE("flush-own-worker", flush_own_worker, "a work that flushes the worker which runs it");

static int cancel_itself(void)
{
	return run_wrong_work(cancel_itself_work);
}
MISUSE("work-cancels-itself", cancel_itself, "a work that waits for its own end, by kthread_cancel_work_sync()");

static int workers_in_circle(void)
{
	struct waiter a = { .worker = kthread_create_worker(0, "misuse/a") };
	struct waiter b = { .worker = kthread_create_worker(0, "misuse/b") };
	int err = IS_ERR(a.worker) ? PTR_ERR(a.worker) : IS_ERR(b.worker) ? PTR_ERR(b.worker) : 0;

	a.other = &b;
	b.other = &a;
	if (!err) {
		init_completion(&a.began);
		init_completion(&b.began);
		kthread_init_work(&a.work, flush_other_work);
		kthread_init_work(&b.work, flush_other_work);
		kthread_queue_work(a.worker, &a.work);
		kthread_queue_work(b.worker, &b.work);
	}
	if (!IS_ERR(a.worker))
		kthread_destroy_worker(a.worker);
	if (!IS_ERR(b.worker))
		kthread_destroy_worker(b.worker);
	return err;
}
MISUSE("workers-in-circle", workers_in_circle, "works of two workers that flush each other");

static int free_queued_work(void)
{
	struct kthread_work *work = kmalloc(sizeof(*work), GFP_KERNEL);
	DEFINE_KTHREAD_WORKER_ONSTACK(worker);
	DEFINE_KTHREAD_WORK(behind, do_nothing);
	struct task_struct *p;

	if (!work)
		return -ENOMEM;
	kthread_init_work(work, do_nothing);
	kthread_queue_work(&worker, work);
	kthread_queue_work(&worker, &behind);
	kfree(work);
	p = kthread_run(kthread_worker_fn, &worker, "misuse/worker");
	if (IS_ERR(p))
		return PTR_ERR(p);
	kthread_flush_work(&behind);
	kthread_stop(p);
	return 0;
}
MISUSE("free-queued-work", free_queued_work, "kfree() of a work that is still queued");

static void timer_fires(struct timer_list *t)
{
}

static int free_pending_timer(void)
{
	struct timer_list *t = kmalloc(sizeof(*t), GFP_KERNEL);

	if (!t)
		return -ENOMEM;
	timer_setup(t, timer_fires, 0);
	mod_timer(t, jiffies + HZ);
	kfree(t);
	return 0;
}
MISUSE("free-pending-timer", free_pending_timer, "kfree() of memory with a pending timer in it");

static enum hrtimer_restart hrtimer_fires(struct hrtimer *t)
{
	return HRTIMER_NORESTART;
}

static int reinit_queued_hrtimer(void)
{
	struct hrtimer t;

	hrtimer_setup(&t, hrtimer_fires, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	hrtimer_start(&t, ms_to_ktime(1000), HRTIMER_MODE_REL);
	hrtimer_init(&t, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	return 0;
}
MISUSE("init-queued-hrtimer", reinit_queued_hrtimer, "hrtimer_init() of an hrtimer that is queued");
