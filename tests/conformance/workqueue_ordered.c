/* SPDX-License-Identifier: MIT */
/* An ordered queue runs one work after the other in the order they came, whichever CPU they came from. */
#include "promise.h"
#include <linux/delay.h>
#include <linux/workqueue.h>

struct item {
	struct work_struct	work;
	int			n;
};

static struct item items[8];
static atomic_t at_once = ATOMIC_INIT(0);

static void one(struct work_struct *work)
{
	struct item *it = container_of(work, struct item, work);

	say("%d, at once %d", it->n, atomic_inc_return(&at_once));
	usleep_range(500, 600);
	atomic_dec(&at_once);
}

static void run(void)
{
	struct workqueue_struct *wq = alloc_ordered_workqueue("ordered/%d", 0, 1);

	for (int i = 0; i < 8; i++) {
		INIT_WORK(&items[i].work, one);
		items[i].n = i;
		queue_work_on(i % 4, wq, &items[i].work);
	}
	flush_workqueue(wq);
	for (int i = 7; i >= 0; i--)
		queue_work(wq, &items[i].work);
	drain_workqueue(wq);
	destroy_workqueue(wq);
}
promise(run);
