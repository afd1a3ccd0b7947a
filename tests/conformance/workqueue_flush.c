/* SPDX-License-Identifier: MIT */
/* flush_workqueue() waits for what was queued before; drain_workqueue() also for works that queue others. */
#include "promise.h"
#include <linux/delay.h>
#include <linux/workqueue.h>

static struct workqueue_struct *wq;
static int left = 5, runs;

static void chain(struct work_struct *work)
{
	runs++;
	if (--left)
		queue_work(wq, work);
}

static void slow(struct work_struct *work)
{
	msleep(20);
	runs += 100;
}

static DECLARE_WORK(chained, chain);
static DECLARE_WORK(slow_work, slow);
static DECLARE_DELAYED_WORK(later, slow);

static void run(void)
{
	wq = alloc_workqueue("flush", WQ_UNBOUND | WQ_MEM_RECLAIM, 1);
	ask(queue_work(wq, &chained));
	drain_workqueue(wq);
	ask(runs);
	ask(queue_work(wq, &slow_work));
	flush_workqueue(wq);
	ask(runs);
	ask(queue_delayed_work(wq, &later, 2));
	ask(flush_delayed_work(&later) || 1);
	ask(runs);
	ask(queue_work(system_wq, &slow_work));
	ask(flush_work(&slow_work) || 1);
	ask(runs);
	ask(queue_work(system_highpri_wq, &slow_work));
	ask(cancel_work_sync(&slow_work) || runs >= 300);
	ask(current_work() == NULL);
	destroy_workqueue(wq);
}
promise(run);
