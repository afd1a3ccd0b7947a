/* SPDX-License-Identifier: MIT */
#pragma once
/* The wheels of a CPU, for timer.c (starting and deleting), timer_check.c (mistakes) and timer_run.c (what is due). */
#include <linux/percpu.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/tick.h>
#include <linux/timer.h>
#include <trace/events/timer.h>
#include "wheel.h"

struct timer_base {
	raw_spinlock_t		lock;
	unsigned int		cpu;		/* constant */
	bool			is_idle;	/* lock. Its CPU sleeps without a tick: tell it of a new first timer */
	struct timer_list	*running;	/* lock. Whose function is being called */
	struct timer_wheel	wheel;		/* lock; wheel.next is read by the tick without it */
};

enum { BASE_STD, BASE_DEF, NR_BASES };

DECLARE_PER_CPU(struct timer_base, timer_bases[NR_BASES]);

static inline unsigned int timer_index(const struct timer_list *timer)
{
	return timer->flags >> TIMER_ARRAYSHIFT;
}

static inline struct timer_base *base_of(u32 flags)
{
	return per_cpu_ptr(&timer_bases[flags & TIMER_DEFERRABLE ? BASE_DEF : BASE_STD], flags & TIMER_CPUMASK);
}

/* Into the bucket of timer->expires. If its CPU sleeps longer than that, let it know. */
static __always_inline void enqueue_timer(struct timer_base *base, struct timer_list *timer)
{
	unsigned long due;
	unsigned int index = wheel_index(&base->wheel, timer->expires, &due);

	WRITE_ONCE(timer->flags, (timer->flags & ~TIMER_ARRAYMASK) | index << TIMER_ARRAYSHIFT);
	trace_timer_start(timer);
	if (wheel_insert(&base->wheel, &timer->entry, index, due) && base->is_idle)
		wake_up_nohz_cpu(base->cpu);
}

static __always_inline void detach_timer(struct timer_base *base, struct timer_list *timer)
{
	trace_timer_cancel(timer);
	wheel_remove(&base->wheel, &timer->entry, timer_index(timer));
	WRITE_ONCE(timer->entry.pprev, NULL);
}

/* timer_check.c, at boot: kfree() of memory with a pending timer in it is noticed from now on. */
void timers_watch_memory(void);
