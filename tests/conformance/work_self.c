/* SPDX-License-Identifier: MIT */
/* Works that queue themselves, cancel others, free themselves; a delayed one that is moved while it waits. */
#include "promise.h"
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

static int rounds;
static DECLARE_COMPLETION(freed);
static DECLARE_COMPLETION(was_late);
static struct workqueue_struct *wq;

static void again(struct work_struct *work)
{
	say("round %d, busy %u", ++rounds, work_busy(work));
	if (rounds < 3)
		ask(queue_work(wq, work));
}

static void frees_itself(struct work_struct *work)
{
	kfree(work);
	complete(&freed);
}

static void late(struct work_struct *work)
{
	say("late, rounds %d", rounds);
	complete(&was_late);
}

static DECLARE_WORK(self, again);
static DECLARE_DELAYED_WORK(later, late);

static void cancels(struct work_struct *work)
{
	ask(cancel_delayed_work(&later));
}

static DECLARE_WORK(canceller, cancels);

static void run(void)
{
	struct work_struct *own = kmalloc(sizeof(*own), GFP_KERNEL);

	wq = alloc_ordered_workqueue("work_self", 0);
	ask(queue_work(wq, &self));
	drain_workqueue(wq);
	ask(rounds);
	INIT_WORK(own, frees_itself);
	ask(queue_work(wq, own));
	wait_for_completion(&freed);
	ask(queue_delayed_work(wq, &later, 1000 * HZ));
	ask(queue_work(wq, &canceller));
	flush_work(&canceller);
	ask(delayed_work_pending(&later));
	ask(queue_delayed_work(wq, &later, 1000 * HZ));
	ask(mod_delayed_work(wq, &later, 1));
	wait_for_completion(&was_late);
	ask(delayed_work_pending(&later));
	ask(cancel_work_sync(&self));
	ask(flush_delayed_work(&later) || 1);
	destroy_workqueue(wq);
}
promise(run);
