/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Functions to be called later, by a thread, in order of their times: deferred.c tells the story.
 */
#include <linux/rbtree.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

struct deferred_action;
typedef void (*deferred_fn)(struct deferred_action *action);

/* Part of whatever the function needs; it finds that by container_of(). */
struct deferred_action {
	struct rb_node	node;		/* queue's lock, as the next */
	unsigned long	expires;	/* jiffies */
	bool		queued;
	unsigned int	cancelers;	/* who wait in deferred_cancel_sync(): meanwhile it stays out */
	deferred_fn	fn;		/* constant */
};

struct deferred_queue {
	struct task_struct	*thread;	/* constant while it runs */
	/* lock. */
	spinlock_t		lock;
	struct rb_root_cached	actions;	/* by expires */
	unsigned int		nr_actions;
	struct deferred_action	*running;	/* its function is being called; it may be freed already */
	bool			closed;
	wait_queue_head_t	ended;		/* a function has returned */
	/* Written by the thread only. */
	unsigned long		done;
	unsigned long		worst_delay;	/* jiffies behind its time */
};

static inline void deferred_init(struct deferred_action *action, deferred_fn fn)
{
	*action = (struct deferred_action){ .fn = fn };
}

/*
 * deferred_start: an empty queue and its thread. Return: 0 or what kthread_run() says.
 * deferred_stop: the function that runs comes to its end; those that wait are forgotten, and are their owner's again.
 * Return: how many were forgotten. Context: may sleep.
 */
int deferred_start(struct deferred_queue *q);
unsigned int deferred_stop(struct deferred_queue *q);

/*
 * defer: have action->fn(action) called in `delay` jiffies, or as soon after as may be; not before. One that waits
 * already gets the new time. The function may sleep, defer its action again, and free it. Context: any.
 * Return: 0, 1: it was waiting, -ESHUTDOWN: the queue is being stopped, -EBUSY: deferred_cancel_sync() is at work on
 * it.
 */
int defer(struct deferred_queue *q, struct deferred_action *action, unsigned long delay);

/*
 * deferred_cancel: do not call it. True: it was waiting. Its function may be running. Context: any.
 * deferred_cancel_sync: and when this returns, it is not running, even if it defers itself. Context: may sleep; not the
 * function itself.
 */
bool deferred_cancel(struct deferred_queue *q, struct deferred_action *action);
bool deferred_cancel_sync(struct deferred_queue *q, struct deferred_action *action);
