/* SPDX-License-Identifier: MIT */
/* What queueing, flushing and cancelling works answer. */
#include "promise.h"
#include <linux/completion.h>
#include <linux/workqueue.h>

static int runs;
static DECLARE_COMPLETION(go);
static DECLARE_COMPLETION(started);

static void count(struct work_struct *work)
{
	runs++;
}

static void waits(struct work_struct *work)
{
	complete(&started);
	wait_for_completion(&go);
	runs++;
}

static DECLARE_WORK(work, count);
static DECLARE_WORK(slow, waits);
static DECLARE_DELAYED_WORK(later, count);

static void run(void)
{
	struct workqueue_struct *wq = alloc_workqueue("answers", 0, 0);

	ask(flush_work(&work));
	ask(cancel_work_sync(&work));
	ask(queue_work(wq, &slow));
	wait_for_completion(&started);
	ask(work_busy(&slow));
	ask(work_pending(&slow));
	ask(queue_work(wq, &slow));
	ask(work_busy(&slow));
	ask(queue_work(wq, &slow));
	ask(cancel_work(&slow));
	complete(&go);
	ask(flush_work(&slow) || 1);
	ask(runs);
	ask(queue_delayed_work(wq, &later, 100 * HZ));
	ask(delayed_work_pending(&later));
	ask(queue_delayed_work(wq, &later, 1));
	ask(mod_delayed_work(wq, &later, 200 * HZ));
	ask(cancel_delayed_work(&later));
	ask(cancel_delayed_work(&later));
	ask(mod_delayed_work(wq, &later, 300 * HZ));
	ask(flush_delayed_work(&later) || 1);
	ask(runs);
	ask(cancel_delayed_work_sync(&later));
	ask(queue_delayed_work(wq, &later, 400 * HZ));
	ask(cancel_delayed_work_sync(&later));
	ask(schedule_work(&work));
	ask(flush_work(&work) || 1);
	ask(runs);
	ask(queue_work_on(1, wq, &work));
	flush_workqueue(wq);
	ask(runs);
	destroy_workqueue(wq);
}
promise(run);
