/* SPDX-License-Identifier: MIT */
/*
 * High-resolution timers: initialising, and the mistakes one can make with their memory.
 *
 * The same three as with ordinary timers (timer_check.c tells the story): initialised again, or freed, while it is
 * queued; still active when the block ends whose variable it is. A tree with a hole in it would lead an interrupt
 * astray much later; so it is found at once, said, and the timer cancelled.
 *
 * Memory that is looked at may be old garbage, or a copy: what has the magic number and a base that exists is searched
 * for in its tree.
 */
#include "hrtimer_base.h"
#include <linux/bug.h>
#include <linux/cpumask.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/leftovers.h>
#include <linux/slab.h>
#include <linux/smp.h>

static bool is_a_base(const struct hrtimer_clock_base *base)
{
	unsigned int cpu;
	int n;

	for_each_online_cpu(cpu)
		for (n = 0; n < NR_BASES; n++)
			if (base == &per_cpu(hrtimer_bases, cpu).base[n])
				return true;
	return false;
}

/* The first in the tree that does not expire before `at`; its lock is held. */
static struct rb_node *first_not_before(const struct hrtimer_clock_base *base, ktime_t at)
{
	struct rb_node *node = base->active.rb_root.rb_node, *found = NULL;

	while (node) {
		bool before = rb_entry(node, struct hrtimer, node.node)->node.expires < at;

		if (!before)
			found = node;
		node = before ? node->rb_right : node->rb_left;
	}
	return found;
}

static bool is_really_queued(const struct hrtimer *timer)
{
	struct hrtimer_clock_base *base = READ_ONCE(timer->base);
	ktime_t at = timer->node.expires;
	struct rb_node *node;
	unsigned long flags;

	if (timer->magic != HRTIMER_MAGIC || !hrtimer_is_queued(timer) || !is_a_base(base))
		return false;
	raw_spin_lock_irqsave(&base->cpu_base->lock, flags);
	for (node = first_not_before(base, at); node && node != &timer->node.node; node = rb_next(node))
		if (rb_entry(node, struct hrtimer, node.node)->node.expires > at)
			break;
	raw_spin_unlock_irqrestore(&base->cpu_base->lock, flags);
	return node == &timer->node.node;
}

void hrtimer_init(struct hrtimer *timer, clockid_t which_clock, enum hrtimer_mode mode)
{
	struct hrtimer_cpu_base *cpu_base = per_cpu_ptr(&hrtimer_bases, raw_smp_processor_id());
	bool real = which_clock == CLOCK_REALTIME || which_clock == CLOCK_TAI;
	bool soft = mode & HRTIMER_MODE_SOFT;

	if (WARN(is_really_queued(timer), "hrtimer %px (%ps) is initialised again while it is queued: hrtimer_cancel() "
		 "must come first\n", timer, timer->function))
		hrtimer_try_to_cancel(timer);
	WARN_ONCE(!real && which_clock != CLOCK_MONOTONIC && which_clock != CLOCK_BOOTTIME,
		  "hrtimer_init() on clock %d: CLOCK_MONOTONIC is taken instead", which_clock);
	*timer = (struct hrtimer){
		.base = &cpu_base->base[(real ? BASE_REALTIME : BASE_MONOTONIC) + (soft ? FIRST_SOFT : 0)],
		.is_soft = soft,
		.is_hard = !!(mode & HRTIMER_MODE_HARD),
		.magic = HRTIMER_MAGIC,
	};
	RB_CLEAR_NODE(&timer->node.node);
	slab_watch(timer);
	trace_hrtimer_init(timer, which_clock, mode);
}
EXPORT_SYMBOL(hrtimer_init);

void destroy_hrtimer_on_stack(struct hrtimer *timer)
{
	if (WARN_ONCE(hrtimer_active(timer), "an hrtimer on the stack (%ps) is still active when its block ends: "
		      "hrtimer_cancel() must come first", timer->function))
		hrtimer_cancel(timer);
}
EXPORT_SYMBOL(destroy_hrtimer_on_stack);

/* An object is freed in which an hrtimer was initialised once. */
static void look_at_freed(void *object, size_t size)
{
	struct hrtimer *timer;

	for (timer = object; (void *)(timer + 1) <= object + size; timer = (void *)timer + sizeof(long)) {
		if (!is_really_queued(timer))
			continue;
		WARN(1, "memory %px is freed while an hrtimer in it (%ps) is queued: hrtimer_cancel() must come before "
		     "kfree()\n", object, timer->function);
		hrtimer_try_to_cancel(timer);
	}
}

static void take_off(struct hrtimer_clock_base *base, struct leftovers *l)
{
	struct rb_node *node, *next;
	struct hrtimer *timer;
	unsigned long flags;

	raw_spin_lock_irqsave(&base->cpu_base->lock, flags);
	for (node = rb_first_cached(&base->active); node; node = next) {
		next = rb_next(node);
		timer = rb_entry(node, struct hrtimer, node.node);
		if (l->is_meant(l, timer, timer->function, "hrtimer", "hrtimer_cancel()"))
			dequeue(timer, base);
	}
	raw_spin_unlock_irqrestore(&base->cpu_base->lock, flags);
}

void hrtimers_take_off(struct leftovers *l)
{
	unsigned int cpu, n;

	for_each_possible_cpu(cpu)
		for (n = 0; n < NR_BASES; n++)
			take_off(&per_cpu(hrtimer_bases, cpu).base[n], l);
}

void __init hrtimers_watch_memory(void)
{
	slab_on_free_watched(look_at_freed);
}
