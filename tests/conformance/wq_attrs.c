/* SPDX-License-Identifier: MIT */
/* Workqueues: what max_active allows, in which order what waits for it goes, and what flags are taken. */
#include "promise.h"
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/workqueue.h>

static atomic_t inside = ATOMIC_INIT(0), most = ATOMIC_INIT(0);
static DECLARE_COMPLETION(go);

static void stays(struct work_struct *work)
{
	int n = atomic_inc_return(&inside);

	if (n > atomic_read(&most))
		atomic_set(&most, n);
	wait_for_completion(&go);
	atomic_dec(&inside);
}

static struct work_struct works[6];

static void with(const char *what, unsigned int flags, int max_active, int wait_for)
{
	struct workqueue_struct *wq = alloc_workqueue("wq_attrs", flags, max_active);

	atomic_set(&most, 0);
	reinit_completion(&go);
	for (int i = 0; i < ARRAY_SIZE(works); i++) {
		INIT_WORK(&works[i], stays);
		queue_work_on(1, wq, &works[i]);
	}
	while (atomic_read(&inside) < wait_for)
		msleep(1);
	msleep(20);
	say("%s: %d at once", what, atomic_read(&inside));
	complete_all(&go);
	destroy_workqueue(wq);
	say("%s: %d inside, at most %d were", what, atomic_read(&inside), atomic_read(&most));
}

static void run(void)
{
	with("max_active 1", 0, 1, 1);
	with("max_active 3", 0, 3, 3);
	with("default", 0, 0, 6);
	with("unbound, 2", WQ_UNBOUND, 2, 2);
	with("high priority, 4", WQ_HIGHPRI, 4, 4);
	with("ordered", WQ_UNBOUND | __WQ_ORDERED, 1, 1);
}
promise(run);
