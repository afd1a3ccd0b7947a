/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The arithmetic of the timer wheel: which bucket, which is next, what is due. Nothing here knows a lock, a CPU or a
 * clock, so that the host can test it (tests/host/timer_wheel_test.c). The story is at the head of timer.c.
 *
 * Level n has 64 buckets of 8^n ticks each. A time goes into the first level that reaches far enough, rounded up to
 * that level's grain, and stays there until it is due: nothing is ever moved to a finer level.
 *
 *	level   grain           reaches         at HZ=250
 *	0       1 tick          63 ticks        252 ms
 *	1       8 ticks         504             2 s
 *	2       64              4032            16 s
 *	3       512             32256           2 min
 *	...
 *	8       16777216        about 2^30      49 days
 *
 * Beyond the last level a time is put as far away as the wheel reaches; the owner finds it not due and adds it again.
 */
#include <linux/types.h>
#include <linux/list.h>

#define WHEEL_LEVELS	9
#define WHEEL_SLOTS	64
#define WHEEL_STEP	3	/* each level is 2^3 times as coarse as the one before */
#define WHEEL_BUCKETS	(WHEEL_LEVELS * WHEEL_SLOTS)
#define WHEEL_SHIFT(n)	((n) * WHEEL_STEP)
/* Level n takes what is less than this far away. One bucket short of 64, because rounding up may take one more. */
#define WHEEL_REACH(n)	((WHEEL_SLOTS - 1UL) << WHEEL_SHIFT(n))
#define WHEEL_FAR	(WHEEL_REACH(WHEEL_LEVELS - 1) - 1)
#define WHEEL_NEVER	(~0UL >> 2)	/* later than any bucket can be due */

struct timer_wheel {
	unsigned long		clk;		/* the first tick whose buckets have not been collected */
	unsigned long		next;		/* no bucket is due before this tick */
	bool			next_is_stale;	/* and perhaps none at it */
	u64			busy[WHEEL_LEVELS];	/* which buckets hold something */
	struct hlist_head	bucket[WHEEL_BUCKETS];
};

/* The order of two ticks less than half the range apart: is a before b? */
static inline bool wheel_before(unsigned long a, unsigned long b)
{
	return (long)(a - b) < 0;
}

static inline void wheel_init(struct timer_wheel *w, unsigned long now)
{
	int n;

	for (n = 0; n < WHEEL_BUCKETS; n++)
		INIT_HLIST_HEAD(&w->bucket[n]);
	for (n = 0; n < WHEEL_LEVELS; n++)
		w->busy[n] = 0;
	w->clk = now;
	w->next = now + WHEEL_NEVER;
	w->next_is_stale = false;
}

/* The bucket for a time, and in *due the tick at which it will be collected: after `expires`, by a grain at most. */
static inline unsigned int wheel_index(const struct timer_wheel *w, unsigned long expires, unsigned long *due)
{
	unsigned long delta = expires - w->clk;
	unsigned int n = 0;

	if ((long)delta < 0) {
		*due = w->clk;
		return w->clk % WHEEL_SLOTS;
	}
	if (delta > WHEEL_FAR) {
		delta = WHEEL_FAR;
		expires = w->clk + delta;
	}
	while (delta >= WHEEL_REACH(n))
		n++;
	expires = (expires >> WHEEL_SHIFT(n)) + 1;
	*due = expires << WHEEL_SHIFT(n);
	return n * WHEEL_SLOTS + expires % WHEEL_SLOTS;
}

/* Puts node into the bucket and remembers when it is due. Return: is it now the first of the wheel? */
static inline bool wheel_insert(struct timer_wheel *w, struct hlist_node *node, unsigned int index, unsigned long due)
{
	hlist_add_head(node, &w->bucket[index]);
	w->busy[index / WHEEL_SLOTS] |= 1UL << (index % WHEEL_SLOTS);
	if (!wheel_before(due, w->next))
		return false;
	w->next = due;
	w->next_is_stale = false;
	return true;
}

/* Takes node out of its bucket, or out of a list that wheel_collect() made of the bucket. */
static inline void wheel_remove(struct timer_wheel *w, struct hlist_node *node, unsigned int index)
{
	__hlist_del(node);
	if (hlist_empty(&w->bucket[index])) {
		w->busy[index / WHEEL_SLOTS] &= ~(1UL << (index % WHEEL_SLOTS));
		w->next_is_stale = true;
	}
}

/* Level n's first busy bucket from clk on is due at *due. Return: false if the level is empty. */
static inline bool wheel_level_next(const struct timer_wheel *w, unsigned int n, unsigned long *due)
{
	unsigned long from = (w->clk + (1UL << WHEEL_SHIFT(n)) - 1) >> WHEEL_SHIFT(n);
	unsigned int turn = from % WHEEL_SLOTS;
	u64 busy = w->busy[n];

	if (!busy)
		return false;
	busy = busy >> turn | busy << (-turn % WHEEL_SLOTS);
	*due = (from + (unsigned int)__builtin_ctzll(busy)) << WHEEL_SHIFT(n);
	return true;
}

/* Makes w->next exact. Return: false if the wheel is empty; then w->next is merely far away. */
static inline bool wheel_find_next(struct timer_wheel *w)
{
	unsigned long due, next = w->clk + WHEEL_NEVER;
	bool found = false;
	unsigned int n;

	for (n = 0; n < WHEEL_LEVELS; n++) {
		if (!wheel_level_next(w, n, &due))
			continue;
		if (!found || wheel_before(due, next))
			next = due;
		found = true;
	}
	w->next = next;
	w->next_is_stale = false;
	return found;
}

/* Nothing was due for a while: lets clk follow `now`, so that new times are not rounded as if they were far away. */
static inline void wheel_forward(struct timer_wheel *w, unsigned long now)
{
	if (!wheel_before(w->clk, now))
		return;
	if (wheel_before(now, w->next))
		w->clk = now;
	else if (wheel_before(w->clk, w->next))
		w->clk = w->next;
}

/*
 * Moves what is due at tick w->next, or at clk if that is later, to lists[0 .. result - 1]; clk becomes the tick after.
 * The caller has seen that the tick has come.
 */
static inline unsigned int wheel_collect(struct timer_wheel *w, struct hlist_head *lists)
{
	unsigned int n, found = 0;
	unsigned long tick;

	if (wheel_before(w->clk, w->next))
		w->clk = w->next;
	tick = w->clk++;
	w->next_is_stale = true;
	for (n = 0; n < WHEEL_LEVELS; n++) {
		unsigned int slot = tick % WHEEL_SLOTS;

		if (w->busy[n] & (1UL << slot)) {
			w->busy[n] &= ~(1UL << slot);
			hlist_move_list(&w->bucket[n * WHEEL_SLOTS + slot], &lists[found++]);
		}
		if (tick % (1UL << WHEEL_STEP))
			break;
		tick >>= WHEEL_STEP;
	}
	return found;
}
