/* SPDX-License-Identifier: MIT */
/*
 * High-resolution timers that are due: called in the interrupt, or in the softirq that it raises.
 *
 *	timer interrupt --> hrtimers_run() --> functions of ordinary timers, interrupts off
 *	                        '-- a SOFT one is due: HRTIMER_SOFTIRQ --> run_soft() --> functions, interrupts on
 *
 * From the moment that the softirq is raised until it has run, the hardware is not set for SOFT timers (soft_raised):
 * it would interrupt at once, and again, for something that already waits its turn. run_soft() sets it for the next.
 *
 * What would hang and does not: a function that answers HRTIMER_RESTART without moving its expiry on is stopped with a
 * WARN. Timers that come faster than they can be served (BURST at once) share the CPU with the threads: in the
 * interrupt by a pause as long as they took (tick.c), in the softirq by ksoftirqd.
 *
 * Locking: cpu_base->lock, let go around each function: it may start other timers, and itself.
 *
 * Next: tick.c, who calls; softirq.c.
 */
#include "hrtimer_base.h"
#include <linux/bug.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/minmax.h>
#include <linux/preempt.h>
#include <linux/printk.h>
#include <linux/smp.h>
#include <linux/tick.h>

enum { BURST = 10000 };		/* functions called at once before we suspect that it will never end */

static enum hrtimer_restart call_function(struct hrtimer *timer, u64 now)
{
	enum hrtimer_restart (*fn)(struct hrtimer *) = timer->function;
	int before = preempt_count(), after;
	enum hrtimer_restart restart;
	struct lockdep_map map;

	lockdep_function_begin(&map, "timer", fn);
	trace_hrtimer_expire_entry(timer, now);
	restart = fn(timer);
	trace_hrtimer_expire_exit(timer);
	lockdep_release(&map);
	after = preempt_count();
	if (WARN_ONCE(before != after, "hrtimer function %ps returned with preempt_count %#x, was called with %#x: "
		      "a lock not given back?", fn, after, before))
		preempt_count_set(before);
	return restart;
}

/* One that is due. The lock is not held while its function runs; of a SOFT one interrupts are on. */
static void run_one(struct hrtimer *timer, struct hrtimer_clock_base *base, u64 now)
{
	struct hrtimer_cpu_base *cpu_base = base->cpu_base;
	ktime_t expired = timer->node.expires;
	bool soft = is_soft_base(base);
	enum hrtimer_restart restart;

	dequeue(timer, base);
	base->running = timer;
	base->unwanted = false;
	raw_spin_unlock(&cpu_base->lock);
	if (soft)
		local_irq_enable();
	restart = call_function(timer, now + base_offset(base));
	if (soft)
		local_irq_disable();
	raw_spin_lock(&cpu_base->lock);

	/* With NORESTART the timer may be gone; with RESTART it is still the function's, on this base. */
	base->running = NULL;
	if (restart == HRTIMER_NORESTART || hrtimer_is_queued(timer))
		return;
	if (WARN_ONCE(timer->node.expires <= expired, "hrtimer function %ps answered HRTIMER_RESTART without moving "
		      "the expiry on by hrtimer_forward_now(): the timer is stopped", timer->function))
		return;
	if (base->unwanted) {
		WRITE_ONCE(timer->state, HRTIMER_STATE_UNWANTED);
		return;
	}
	trace_hrtimer_start(timer, HRTIMER_MODE_ABS);
	enqueue(timer, base);
}

/* The first of the tree, if its window has opened. */
static struct hrtimer *first_due(const struct hrtimer_clock_base *base, u64 now)
{
	struct hrtimer *timer = first_of(base);

	return timer && timer->_softexpires <= (ktime_t)now + base_offset(base) ? timer : NULL;
}

/* All that are due in the trees [first, first + FIRST_SOFT). Return: false if they keep coming and it stopped. */
static bool run_trees(struct hrtimer_cpu_base *cpu_base, int first, u64 now)
{
	int n, left = BURST;

	for (n = first; n < first + FIRST_SOFT; n++) {
		struct hrtimer_clock_base *base = &cpu_base->base[n];
		struct hrtimer *timer;

		while (left && (timer = first_due(base, now))) {
			left--;
			run_one(timer, base, now);
		}
	}
	if (!left)
		pr_warn_once("hrtimer: %d at once; has one too short an interval? They get half of the CPU\n", BURST);
	return left;
}

static u64 next_of_trees(struct hrtimer_cpu_base *cpu_base, int first)
{
	u64 next = KTIME_MAX;
	int n;

	for (n = first; n < first + FIRST_SOFT; n++) {
		struct hrtimer *timer = first_of(&cpu_base->base[n]);

		if (timer)
			next = min(next, hard_expiry(timer, &cpu_base->base[n]));
	}
	return next;
}

static bool soft_is_due(struct hrtimer_cpu_base *cpu_base, u64 now)
{
	return first_due(&cpu_base->base[FIRST_SOFT + BASE_MONOTONIC], now) ||
	       first_due(&cpu_base->base[FIRST_SOFT + BASE_REALTIME], now);
}

bool hrtimers_run(u64 now)
{
	struct hrtimer_cpu_base *cpu_base = this_cpu_ptr(&hrtimer_bases);
	bool done;

	raw_spin_lock(&cpu_base->lock);
	done = run_trees(cpu_base, 0, now);
	if (!cpu_base->soft_raised && soft_is_due(cpu_base, now)) {
		cpu_base->soft_raised = true;
		raise_softirq_irqoff(HRTIMER_SOFTIRQ);
	}
	raw_spin_unlock(&cpu_base->lock);
	return done;
}

static void run_soft(struct softirq_action *unused)
{
	struct hrtimer_cpu_base *cpu_base = this_cpu_ptr(&hrtimer_bases);

	raw_spin_lock_irq(&cpu_base->lock);
	if (run_trees(cpu_base, FIRST_SOFT, ktime_get())) {
		cpu_base->soft_raised = false;
		tick_program(next_of_trees(cpu_base, FIRST_SOFT));
	} else {
		raise_softirq_irqoff(HRTIMER_SOFTIRQ);
	}
	raw_spin_unlock_irq(&cpu_base->lock);
}

u64 hrtimers_next_expiry(void)
{
	struct hrtimer_cpu_base *cpu_base = this_cpu_ptr(&hrtimer_bases);
	u64 next;

	raw_spin_lock(&cpu_base->lock);
	next = next_of_trees(cpu_base, 0);
	if (!cpu_base->soft_raised)
		next = min(next, next_of_trees(cpu_base, FIRST_SOFT));
	raw_spin_unlock(&cpu_base->lock);
	return next;
}

static void look_again(void *unused)
{
	tick_program(hrtimers_next_expiry());
}

void hrtimers_clock_was_set(void)
{
	on_each_cpu(look_again, NULL, 1);
}

/* Once for all CPUs that there may ever be: a timer at rest may name one that is away. */
static void __init init_base(unsigned int cpu)
{
	struct hrtimer_cpu_base *cpu_base = per_cpu_ptr(&hrtimer_bases, cpu);
	int n;

	raw_spin_lock_init(&cpu_base->lock);
	cpu_base->cpu = cpu;
	cpu_base->soft_raised = false;
	for (n = 0; n < NR_BASES; n++) {
		struct hrtimer_clock_base *base = &cpu_base->base[n];

		base->active = RB_ROOT_CACHED;
		base->running = NULL;
		base->cpu_base = cpu_base;
		base->clock = n % FIRST_SOFT == BASE_REALTIME ? TK_OFFS_REAL : TK_OFFS_BOOT;
	}
}

void __init hrtimers_init(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		init_base(cpu);
	open_softirq(HRTIMER_SOFTIRQ, run_soft);
	hrtimers_watch_memory();
}
