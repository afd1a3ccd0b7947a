/* SPDX-License-Identifier: MIT */
/*
 * Timers: setting up, and the mistakes one can make with their memory.
 *
 * A timer that is set up again, or whose memory is freed, while it is pending leaves a hole in a wheel's list: the CPU
 * falls into it later, in an interrupt, far from the culprit. So all three ways to do it are looked at:
 *
 *	timer_setup() of a pending timer		it is deleted first
 *	destroy_timer_on_stack(), block left		it is deleted
 *	kfree() of the object that it lies in		it is deleted, then the object is freed
 *
 * The last costs nothing where there is no timer: timer_setup() marks the object (slab_watch()), and only marked ones
 * are searched when they are freed. The search believes nothing that it reads there: it may be old garbage, or a copy.
 * What has the magic number and seems pending is looked for in its bucket.
 *
 * Next: timer.c; kernel/mm/slab_watch.c.
 */
#include "timer_base.h"
#include <linux/bug.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/leftovers.h>
#include <linux/slab.h>

/*
 * Is it in its bucket? Looks for it there rather than trusting it: what lies in memory that is about to be set up may
 * be old garbage, or a copy of another timer.
 */
static bool is_really_pending(struct timer_list *timer)
{
	u32 flags = READ_ONCE(timer->flags);
	struct hlist_node *pos;
	struct timer_base *base;
	unsigned long irq;
	bool found = false;

	if (timer->magic != TIMER_MAGIC || !timer_pending(timer) || flags & TIMER_MIGRATING)
		return false;
	if ((flags & TIMER_CPUMASK) >= nr_cpu_ids || flags >> TIMER_ARRAYSHIFT >= WHEEL_BUCKETS)
		return false;
	base = base_of(flags);
	raw_spin_lock_irqsave(&base->lock, irq);
	hlist_for_each(pos, &base->wheel.bucket[flags >> TIMER_ARRAYSHIFT])
		found |= pos == &timer->entry;
	raw_spin_unlock_irqrestore(&base->lock, irq);
	return found;
}

void init_timer_key(struct timer_list *timer, void (*func)(struct timer_list *), unsigned int flags)
{
	if (WARN_ONCE(is_really_pending(timer),
		      "timer %px (%ps) is set up again while it is pending: del_timer_sync() must come first",
		      timer, timer->function))
		timer_delete(timer);
	WARN_ONCE(flags & ~TIMER_INIT_FLAGS, "timer_setup() of %ps with flags %#x: only TIMER_DEFERRABLE, TIMER_PINNED "
		  "and TIMER_IRQSAFE exist", func, flags);
	timer->entry.next = NULL;
	timer->entry.pprev = NULL;
	timer->expires = 0;
	timer->function = func;
	timer->flags = (flags & TIMER_INIT_FLAGS) | raw_smp_processor_id();
	timer->magic = TIMER_MAGIC;
	slab_watch(timer);
	trace_timer_init(timer);
}
EXPORT_SYMBOL(init_timer_key);

void destroy_timer_on_stack(struct timer_list *timer)
{
	if (WARN_ONCE(is_really_pending(timer), "a timer on the stack (%ps) is still pending when its block ends: "
		      "del_timer_sync() must come first", timer->function))
		timer_delete(timer);
	timer->magic = 0;
}
EXPORT_SYMBOL(destroy_timer_on_stack);

/* An object is freed in which a timer was set up once. */
static void look_at_freed(void *object, size_t size)
{
	struct timer_list *timer;

	for (timer = object; (void *)(timer + 1) <= object + size; timer = (void *)timer + sizeof(long)) {
		if (timer->magic != TIMER_MAGIC || !is_really_pending(timer))
			continue;
		WARN(1, "memory %px is freed while a timer in it (%ps) is pending: del_timer_sync() must come before "
		     "kfree()\n", object, timer->function);
		timer_delete(timer);
	}
}

/* ---- whose function's memory goes ---- */

static void take_off_if(struct timer_base *base, bool (*is_meant)(struct timer_list *timer, void *arg), void *arg)
{
	struct timer_list *timer;
	struct hlist_node *next;
	unsigned long flags;
	unsigned int i;

	raw_spin_lock_irqsave(&base->lock, flags);
	for (i = 0; i < WHEEL_BUCKETS; i++)
		hlist_for_each_entry_safe(timer, next, &base->wheel.bucket[i], entry)
			if (is_meant(timer, arg))
				detach_timer(base, timer);
	raw_spin_unlock_irqrestore(&base->lock, flags);
}

void timers_take_off_if(bool (*is_meant)(struct timer_list *timer, void *arg), void *arg)
{
	unsigned int cpu, n;

	for_each_possible_cpu(cpu)
		for (n = 0; n < NR_BASES; n++)
			take_off_if(&per_cpu(timer_bases, cpu)[n], is_meant, arg);
}

static bool is_left(struct timer_list *timer, void *arg)
{
	struct leftovers *l = arg;

	return l->is_meant(l, timer, timer->function, "timer", "del_timer_sync()");
}

void timers_take_off(struct leftovers *l)
{
	timers_take_off_if(is_left, l);
}

void __init timers_watch_memory(void)
{
	slab_on_free_watched(look_at_freed);
}
