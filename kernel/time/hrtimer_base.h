/* SPDX-License-Identifier: MIT */
#pragma once
/* The trees of hrtimers, for hrtimer.c (starting and cancelling), hrtimer_check.c (mistakes) and hrtimer_run.c
 * (due). */
#include <linux/hrtimer.h>
#include <linux/lockdep.h>
#include <linux/percpu.h>
#include <linux/spinlock.h>
#include <linux/timekeeping.h>
#include <trace/events/timer.h>

/* The soft ones are those of the interrupt, FIRST_SOFT further on. */
enum { BASE_MONOTONIC, BASE_REALTIME, FIRST_SOFT, NR_BASES = 2 * FIRST_SOFT };

/* A private state: its function wanted to go on, but it is being cancelled; so it is not queued. */
#define HRTIMER_STATE_UNWANTED	0x02

struct hrtimer_cpu_base;

struct hrtimer_clock_base {
	struct rb_root_cached	active;		/* lock of cpu_base */
	struct hrtimer		*running;	/* lock. Whose function is being called */
	bool			unwanted;	/* lock. Somebody waits in hrtimer_cancel() for it */
	struct hrtimer_cpu_base	*cpu_base;	/* constant */
	enum tk_offsets		clock;		/* constant */
};

struct hrtimer_cpu_base {
	raw_spinlock_t		lock;
	unsigned int		cpu;		/* constant */
	bool			soft_raised;	/* lock. The softirq will look at the soft trees */
	struct hrtimer_clock_base base[NR_BASES];
};

DECLARE_PER_CPU(struct hrtimer_cpu_base, hrtimer_bases);

static inline bool is_soft_base(const struct hrtimer_clock_base *base)
{
	return base - base->cpu_base->base >= FIRST_SOFT;
}

/* Time of the base's clock, less this, is monotonic time. */
static inline ktime_t base_offset(const struct hrtimer_clock_base *base)
{
	return ktime_mono_to_any(0, base->clock);
}

static inline bool expires_before(struct rb_node *a, const struct rb_node *b)
{
	return rb_entry(a, struct hrtimer, node.node)->node.expires <
	       rb_entry(b, struct hrtimer, node.node)->node.expires;
}

/* Return: is it now the first of its tree? */
static inline bool enqueue(struct hrtimer *timer, struct hrtimer_clock_base *base)
{
	lockdep_assert_held(&base->cpu_base->lock);
	WRITE_ONCE(timer->state, HRTIMER_STATE_ENQUEUED);
	return rb_add_cached(&timer->node.node, &base->active, expires_before) != NULL;
}

static inline void dequeue(struct hrtimer *timer, struct hrtimer_clock_base *base)
{
	lockdep_assert_held(&base->cpu_base->lock);
	trace_hrtimer_cancel(timer);
	rb_erase_cached(&timer->node.node, &base->active);
	WRITE_ONCE(timer->state, HRTIMER_STATE_INACTIVE);
}

static inline struct hrtimer *first_of(const struct hrtimer_clock_base *base)
{
	struct rb_node *node = rb_first_cached(&base->active);

	return node ? rb_entry(node, struct hrtimer, node.node) : NULL;
}

/* When the hardware must come for this timer: monotonic ns, and never negative. */
static inline u64 hard_expiry(const struct hrtimer *timer, const struct hrtimer_clock_base *base)
{
	ktime_t at = timer->node.expires == KTIME_MAX ? KTIME_MAX : timer->node.expires - base_offset(base);

	return at < 0 ? 0 : at;
}

/* hrtimer_check.c, at boot: kfree() of memory with a queued hrtimer in it is noticed from now on. */
void hrtimers_watch_memory(void);
