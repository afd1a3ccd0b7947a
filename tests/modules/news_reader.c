// SPDX-License-Identifier: MIT
#include <linux/kthread.h>
#include <linux/slab.h>
#include "news.h"

int news_reader(void *data)
{
	wait_for_completion(&news_out);
	mutex_lock(&news_lock);
	if (--news->unread == 0) {
		kfree(news);
		news = NULL;
	}
	mutex_unlock(&news_lock);
	kthread_complete_and_exit(&news_read, 0);
}
