/* SPDX-License-Identifier: MIT */
/*
 * The command `misuse`: workqueues. On Linux the first four hang for ever without a word, the others crash later.
 *
 * Read next: workqueue/flush.c, workqueue/check.c.
 */
#define MISUSE_SUBJECT "workqueues"
#include "misuse.h"
#include <linux/completion.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

/* What the works below need: their queue, and another work. */
struct wrong {
	struct work_struct	work, other;
	struct workqueue_struct	*wq;
	struct completion	done;
};

static void do_nothing(struct work_struct *work)
{
}

static void flush_itself_work(struct work_struct *work)
{
	struct wrong *w = container_of(work, struct wrong, work);

	flush_work(work);
	complete(&w->done);
}

static void flush_own_queue_work(struct work_struct *work)
{
	struct wrong *w = container_of(work, struct wrong, work);

	flush_workqueue(w->wq);
	complete(&w->done);
}

static void destroy_own_queue_work(struct work_struct *work)
{
	struct wrong *w = container_of(work, struct wrong, work);

	destroy_workqueue(w->wq);
	complete(&w->done);
}

static void flush_behind_work(struct work_struct *work)
{
	struct wrong *w = container_of(work, struct wrong, work);

	queue_work(w->wq, &w->other);
	flush_work(&w->other);
	complete(&w->done);
}

/* Runs one work that does something wrong, on an ordered queue. */
static int run_wrong_work(work_func_t fn)
{
	struct wrong w = { .wq = alloc_ordered_workqueue("misuse", 0) };

	if (!w.wq)
		return -ENOMEM;
	INIT_WORK_ONSTACK(&w.work, fn);
	INIT_WORK_ONSTACK(&w.other, do_nothing);
	init_completion(&w.done);
	queue_work(w.wq, &w.work);
	wait_for_completion(&w.done);
	destroy_workqueue(w.wq);
	destroy_work_on_stack(&w.work);
	destroy_work_on_stack(&w.other);
	return 0;
}

static int flush_itself(void)
{
	return run_wrong_work(flush_itself_work);
}
MISUSE("flush-own-work", flush_itself, "a work that waits for its own end, by flush_work()");

static int flush_own_queue(void)
{
	return run_wrong_work(flush_own_queue_work);
}
MISUSE("flush-own-queue", flush_own_queue, "a work that flushes the workqueue on which it runs");

static int destroy_own_queue(void)
{
	return run_wrong_work(destroy_own_queue_work);
}
MISUSE("destroy-own-queue", destroy_own_queue, "a work that destroys the workqueue on which it runs");

static int flush_behind(void)
{
	return run_wrong_work(flush_behind_work);
}
MISUSE("flush-behind-me", flush_behind, "a work of an ordered queue that waits for one queued behind it");

static int queue_on_destroyed(void)
{
	static DECLARE_WORK(work, do_nothing);
	struct workqueue_struct *wq = alloc_workqueue("misuse", 0, 0);

	if (!wq)
		return -ENOMEM;
	destroy_workqueue(wq);
	queue_work(wq, &work);
	return 0;
}
MISUSE("queue-on-destroyed", queue_on_destroyed, "queue_work() on a workqueue that was destroyed");

static void wait_for_go(struct work_struct *work)
{
	wait_for_completion(&container_of(work, struct wrong, work)->done);
}

/* Behind one that waits, on an ordered queue, a work is certainly still queued. */
static int with_queued_work(void (*mistreat)(struct work_struct *work))
{
	struct work_struct *queued = kmalloc(sizeof(*queued), GFP_KERNEL);
	struct wrong w = { .wq = alloc_ordered_workqueue("misuse", 0) };

	if (!queued || !w.wq) {
		kfree(queued);
		if (w.wq)
			destroy_workqueue(w.wq);
		return -ENOMEM;
	}
	INIT_WORK_ONSTACK(&w.work, wait_for_go);
	init_completion(&w.done);
	INIT_WORK(queued, do_nothing);
	queue_work(w.wq, &w.work);
	queue_work(w.wq, queued);
	mistreat(queued);
	complete(&w.done);
	destroy_workqueue(w.wq);
	destroy_work_on_stack(&w.work);
	return 0;
}

static void free_it(struct work_struct *work)
{
	kfree(work);
}

static int free_queued(void)
{
	return with_queued_work(free_it);
}
MISUSE("kfree-queued-work", free_queued, "kfree() of memory with a work in it that is queued on a workqueue");

static void init_it(struct work_struct *work)
{
	INIT_WORK(work, do_nothing);
	kfree(work);
}

static int reinit_queued(void)
{
	return with_queued_work(init_it);
}
MISUSE("init-queued-work", reinit_queued, "INIT_WORK() of a work that is queued");
