/* SPDX-License-Identifier: MIT */
/*
 * Timers that are due.
 *
 * The tick looks at one number of each wheel (wheel.next) and raises TIMER_SOFTIRQ; the functions run there, on the
 * timer's CPU, with interrupts on and no lock held. A list that is due moves to run_timers()' stack, so that timers
 * started meanwhile do not join it; until its turn comes each may still be deleted from there.
 *
 * An idle CPU has no tick. It asks timers_next_expiry() when to wake, and that marks the wheel: who starts an earlier
 * timer there kicks it. (tick.c: why no kick is lost.)
 *
 * Locking: base->lock, let go around each function.
 *
 * Next: tick.c, who calls; softirq.c.
 */
#include "timer_base.h"
#include <linux/bug.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/preempt.h>
#include <asm/extable.h>

static void call_function(struct timer_list *timer, void (*fn)(struct timer_list *))
{
	int before = preempt_count(), after;
	struct lockdep_map map;

	lockdep_function_begin(&map, "timer", fn);
	fn(timer);
	lockdep_release(&map);
	after = preempt_count();
	if (WARN_ONCE(before != after,
		      "timer function %ps returned with preempt_count %#x, was called with %#x: a lock not given back?",
		      fn, after, before))
		preempt_count_set(before);
}

/* Takes base->lock off around the function, and interrupts on, if the timer does not mind them. */
static void expire_timer(struct timer_base *base, struct timer_list *timer)
{
	void (*fn)(struct timer_list *) = timer->function;
	bool irqsafe = timer->flags & TIMER_IRQSAFE;

	base->running = timer;
	if (irqsafe)
		raw_spin_unlock(&base->lock);
	else
		raw_spin_unlock_irq(&base->lock);
	trace_timer_expire_entry(timer, base->wheel.clk - 1);
	call_function(timer, fn);		/* the timer may be no more when this returns */
	trace_timer_expire_exit(timer);
	if (irqsafe)
		raw_spin_lock(&base->lock);
	else
		raw_spin_lock_irq(&base->lock);
	base->running = NULL;
}

/* Its memory may have been given back. */
static __always_inline bool is_sound(const struct timer_list *timer)
{
	u32 magic;

	return load_nofault(magic, &timer->magic) && magic == TIMER_MAGIC;
}

/* All timers of a list that wheel_collect() has made. Each may still be deleted until its turn comes. */
static void expire_list(struct timer_base *base, struct hlist_head *list)
{
	while (!hlist_empty(list)) {
		struct timer_list *timer = hlist_entry(list->first, struct timer_list, entry);

		if (WARN_ONCE(!is_sound(timer), "timer %px was freed or overwritten while it was pending: "
			      "del_timer_sync() must come before kfree(); the timers behind it are lost", timer)) {
			INIT_HLIST_HEAD(list);
			return;
		}
		detach_timer(base, timer);
		if (object_is_gone(timer, "timer", "del_timer_sync() must come before its function returns"))
			continue;
		/* Put off, or beyond the wheel's reach: not over until the tick after its number, as for all others. */
		if (time_after_eq(timer->expires, base->wheel.clk - 1))
			enqueue_timer(base, timer);
		else if (timer->function)
			expire_timer(base, timer);
	}
}

static void run_timers(struct timer_base *base)
{
	struct hlist_head due[WHEEL_LEVELS];
	unsigned int lists;

	raw_spin_lock_irq(&base->lock);
	while (time_after_eq(jiffies, base->wheel.clk) && time_after_eq(jiffies, base->wheel.next)) {
		if (base->wheel.next_is_stale) {
			wheel_find_next(&base->wheel);
			continue;
		}
		lists = wheel_collect(&base->wheel, due);
		while (lists--)
			expire_list(base, &due[lists]);
	}
	raw_spin_unlock_irq(&base->lock);
}

static void run_timer_softirq(struct softirq_action *unused)
{
	run_timers(this_cpu_ptr(&timer_bases[BASE_STD]));
	run_timers(this_cpu_ptr(&timer_bases[BASE_DEF]));
}

void timers_tick(void)
{
	struct timer_base *base = this_cpu_ptr(&timer_bases[0]);
	unsigned long now = jiffies;

	if (time_after_eq(now, READ_ONCE(base[BASE_STD].wheel.next)) ||
	    time_after_eq(now, READ_ONCE(base[BASE_DEF].wheel.next)))
		raise_softirq_irqoff(TIMER_SOFTIRQ);
}

u64 timers_next_expiry(void)
{
	struct timer_base *base = this_cpu_ptr(&timer_bases[BASE_STD]);
	u64 next = KTIME_MAX;

	raw_spin_lock(&base->lock);
	wheel_forward(&base->wheel, jiffies);
	if (wheel_find_next(&base->wheel))
		next = (base->wheel.next - INITIAL_JIFFIES) * TICK_NSEC;
	base->is_idle = true;
	raw_spin_unlock(&base->lock);
	return next;
}

void timers_idle_exit(void)
{
	struct timer_base *base = this_cpu_ptr(&timer_bases[BASE_STD]);

	raw_spin_lock(&base->lock);
	base->is_idle = false;
	raw_spin_unlock(&base->lock);
}

void timers_init_cpu(void)
{
	int n;

	for (n = 0; n < NR_BASES; n++) {
		struct timer_base *base = this_cpu_ptr(&timer_bases[n]);

		/* Of a CPU that was up before: timers at rest may still name it. */
		raw_spin_lock(&base->lock);
		base->is_idle = false;
		wheel_init(&base->wheel, jiffies);
		raw_spin_unlock(&base->lock);
	}
}

static void __init init_base(struct timer_base *base, unsigned int cpu)
{
	raw_spin_lock_init(&base->lock);
	base->cpu = cpu;
	wheel_init(&base->wheel, jiffies);
}

void __init timers_init(void)
{
	unsigned int cpu;

	BUILD_BUG_ON(WHEEL_BUCKETS > TIMER_ARRAYMASK >> TIMER_ARRAYSHIFT);
	for_each_possible_cpu(cpu) {
		init_base(per_cpu_ptr(&timer_bases[BASE_STD], cpu), cpu);
		init_base(per_cpu_ptr(&timer_bases[BASE_DEF], cpu), cpu);
	}
	open_softirq(TIMER_SOFTIRQ, run_timer_softirq);
	timers_watch_memory();
}
