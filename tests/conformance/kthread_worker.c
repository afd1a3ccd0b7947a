/* SPDX-License-Identifier: MIT */
/* kthread_worker: order of works, what queueing, flushing and cancelling answer, delayed works. */
#include "promise.h"
#include <linux/completion.h>
#include <linux/kthread.h>

static int runs;
static DECLARE_COMPLETION(go);
static DECLARE_COMPLETION(started);

static void count(struct kthread_work *work)
{
	runs++;
}

static void waits(struct kthread_work *work)
{
	complete(&started);
	wait_for_completion(&go);
}

static void names(struct kthread_work *work)
{
	say("%s: %s", current->comm, !!(current->flags & PF_KTHREAD) ? "kernel thread" : "?");
}

static DEFINE_KTHREAD_WORK(a, count);
static DEFINE_KTHREAD_WORK(b, names);
static DEFINE_KTHREAD_WORK(slow, waits);
static DEFINE_KTHREAD_DELAYED_WORK(later, count);

static void run(void)
{
	struct kthread_worker *w = kthread_create_worker(0, "a_worker/%d", 1);

	ask_pointer(w);
	ask(kthread_queue_work(w, &slow));
	wait_for_completion(&started);
	ask(kthread_queue_work(w, &a));
	ask(kthread_queue_work(w, &a));
	ask(kthread_queue_work(w, &b));
	ask(kthread_cancel_work_sync(&b));
	ask(kthread_cancel_work_sync(&b));
	ask(kthread_queue_work(w, &b));
	complete(&go);
	kthread_flush_worker(w);
	ask(runs);
	kthread_queue_work(w, &a);
	kthread_flush_work(&a);
	ask(runs);
	ask(kthread_queue_delayed_work(w, &later, 1000 * HZ));
	ask(kthread_queue_delayed_work(w, &later, 1));
	ask(kthread_mod_delayed_work(w, &later, 2000 * HZ));
	ask(kthread_cancel_delayed_work_sync(&later));
	ask(kthread_cancel_delayed_work_sync(&later));
	ask(kthread_mod_delayed_work(w, &later, 0));
	kthread_flush_worker(w);
	ask(runs);
	ask(kthread_queue_delayed_work(w, &later, 0));
	kthread_flush_work(&later.work);
	ask(runs);
	kthread_queue_work(w, &a);
	kthread_destroy_worker(w);
	ask(runs);
	w = kthread_create_worker_on_cpu(2, 0, "on_cpu/%d", 2);
	ask_pointer(w);
	ask(w->task->nr_cpus_allowed);
	kthread_queue_work(w, &b);
	kthread_destroy_worker(w);
}
promise(run);
