/* SPDX-License-Identifier: MIT */
/* Wait queues: exclusive waiters are woken one by one, the others all; the function of an entry decides. */
#include "promise.h"
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/wait.h>

static DECLARE_WAIT_QUEUE_HEAD(queue);

static int told(struct wait_queue_entry *e, unsigned int mode, int flags, void *key)
{
	say("told: entry %ld, key %ld", (long)e->private, (long)key);
	return (long)e->private != 3;
}

static struct wait_queue_entry entries[6];

static void init_entries(void)
{
	for (long i = 0; i < 6; i++) {
		init_waitqueue_func_entry(&entries[i], told);
		entries[i].private = (void *)i;
	}
}

static void run(void)
{
	init_entries();
	ask(waitqueue_active(&queue));
	add_wait_queue(&queue, &entries[0]);
	add_wait_queue_exclusive(&queue, &entries[1]);
	add_wait_queue(&queue, &entries[2]);
	add_wait_queue_exclusive(&queue, &entries[3]);
	add_wait_queue_exclusive(&queue, &entries[4]);
	ask(waitqueue_active(&queue));
	say("wake_up");
	wake_up(&queue);
	say("wake_up_nr 2");
	wake_up_nr(&queue, 2);
	say("wake_up_all");
	wake_up_all(&queue);
	remove_wait_queue(&queue, &entries[1]);
	say("wake_up_interruptible");
	wake_up_interruptible(&queue);
	say("wake_up_poll");
	wake_up_poll(&queue, 5);
	add_wait_queue_priority(&queue, &entries[5]);
	say("wake_up");
	wake_up(&queue);
	for (int i = 0; i < 6; i++)
		if (i != 1)
			remove_wait_queue(&queue, &entries[i]);
	ask(waitqueue_active(&queue));
}
promise(run);
