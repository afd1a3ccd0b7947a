/* SPDX-License-Identifier: MIT */
#pragma once
/* A message for two readers; the last of them frees it. */
#include <linux/completion.h>
#include <linux/mutex.h>

#define NEWS_READERS 2

struct news {
	int	number;
	int	unread;		/* news_lock */
};

extern struct mutex news_lock;
extern struct completion news_out, news_read;
extern struct news *news;

int news_reader(void *data);
