// SPDX-License-Identifier: MIT
/*
 * A queue of its own with a work for now, one for later, one for much later: flushed, cancelled, destroyed.
 *
 * judge: until "a little later"
 */
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

struct job {
	struct delayed_work	work;
	const char		*name;
};

static struct workqueue_struct *queue;
static struct job *jobs[3];

static void do_job(struct work_struct *work)
{
	struct job *job = container_of(to_delayed_work(work), struct job, work);

	pr_info("deferred: %s\n", job->name);
}

static int __init deferred_init(void)
{
	static const char *const names[] = { "at once", "a little later", "never" };
	static const unsigned long delays[] = { 0, HZ / 20, 3600 * HZ };

	queue = create_singlethread_workqueue("deferred");
	if (!queue)
		return -ENOMEM;
	for (int i = 0; i < 3; i++) {
		jobs[i] = kzalloc(sizeof(*jobs[i]), GFP_KERNEL);
		if (!jobs[i])
			continue;
		jobs[i]->name = names[i];
		INIT_DELAYED_WORK(&jobs[i]->work, do_job);
		queue_delayed_work(queue, &jobs[i]->work, delays[i]);
	}
	return 0;
}

static void __exit deferred_exit(void)
{
	flush_workqueue(queue);
	for (int i = 0; i < 3; i++)
		if (jobs[i])
			pr_info("deferred: %s was %spending\n", jobs[i]->name,
				cancel_delayed_work_sync(&jobs[i]->work) ? "" : "not ");
	destroy_workqueue(queue);
	for (int i = 0; i < 3; i++)
		kfree(jobs[i]);
}

module_init(deferred_init);
module_exit(deferred_exit);
MODULE_LICENSE("GPL");
