/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A cache that may grow as it likes, and a thread that takes memory back from it: reclaim.c tells the story.
 */
#include <linux/hashtable.h>
#include <linux/mm.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

/* A cache of answers. Each takes a page. */
struct answers {
	struct shrinker	shrinker;
	/* lock. */
	spinlock_t	lock;
	struct list_head lru;		/* asked for most recently: first */
	DECLARE_HASHTABLE(by_question, 8);
	unsigned long	nr, hits, misses, shrunk;
};

/* answers_init: empty, known to the page allocator as a shrinker. answers_destroy: nobody uses it any more.
 * Context: thread, may sleep. */
void answers_init(struct answers *c);
void answers_destroy(struct answers *c);

/* The answer, from the cache or by hard work; what was found is kept if there is memory. Context: may sleep. */
u64 answers_get(struct answers *c, u64 question);

struct reclaim {
	/* Constant while the thread runs. */
	struct task_struct	*thread;
	unsigned long		low, high;	/* free pages: begin below `low`, end at `high` */
	struct low_water	water;
	wait_queue_head_t	work;
	bool			short_of_memory;	/* set by whoever allocates, taken back by the thread */
	/* Written by the thread only. */
	unsigned long		runs, freed;	/* freed: what the shrinkers say, in their own units */
};

/* reclaim_start: Return: 0, -EBUSY: somebody keeps memory free already, or what kthread_run() says.
 * Context: may sleep, as reclaim_stop(). */
int reclaim_start(struct reclaim *r, unsigned long low, unsigned long high);
void reclaim_stop(struct reclaim *r);
