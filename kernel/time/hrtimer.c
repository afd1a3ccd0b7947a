/* SPDX-License-Identifier: MIT */
/*
 * High-resolution timers: exact to what the hardware gives. This half: starting and cancelling.
 *
 * Each CPU keeps its timers in four red-black trees, sorted by expiry: for the monotonic clock (which boot time is,
 * too) and for real time, whose distance from the monotonic clock may be changed while they wait; and of each of these
 * one for the timers whose functions are called in the interrupt and one for the SOFT ones, which run in a softirq. The
 * first of them all is what the hardware must not miss; tick.c programs it.
 *
 * A timer has a window: from _softexpires, before which it must not come, to node.expires, for which the hardware is
 * set. An interrupt that comes anyway takes along every timer whose window has opened: so a sleeper that does not need
 * to be exact costs no interrupt of its own. The tree is sorted by the end of the window, and the search stops at the
 * first that is not yet open; one behind it that is may have to wait for its own end: good enough.
 *
 *	inactive --start--> queued --due--> running (base->running) --NORESTART--> inactive
 *	                      ^ |              |
 *	         start, again | | cancel       '------ RESTART, or started meanwhile --> queued
 *
 * Locking: cpu_base->lock, interrupts off, covers all trees of a CPU and the fields of the timers in them. timer->base
 * says which tree, and so which lock. It changes only under the lock of the base left behind, and points to
 * `migration_base` while the timer is on its way; who finds that waits, and who has got a lock looks again whether
 * it is the right one: lock_base(). ORDER(hrtimer-base). A timer starts on the CPU that starts it, unless its function
 * is running on another: then it stays there, or hrtimer_cancel() would look for it in the wrong place. Who runs it
 * will see it queued and program the hardware, so no other CPU ever has to be told of a timer.
 *
 * Cancelling: hrtimer_cancel() waits until the function has returned. A function that answers RESTART when the timer is
 * due again would be running at each look, so who waits says so (base->unwanted), and then the timer is not queued any
 * more. In the function itself the wait would be for ever: WARN.
 *
 * Rejected: moving timers to CPUs that are awake: saves power on laptops.
 *
 * Next: hrtimer_run.c, what is due; hrtimer_check.c, mistakes; tick.c, sleep.c.
 */
#include "hrtimer_base.h"
#include <linux/bug.h>
#include <linux/cpumask.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/lockdep.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/printk.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/tick.h>
#include <linux/timekeeping.h>
#include <asm/processor.h>

DEFINE_PER_CPU(struct hrtimer_cpu_base, hrtimer_bases);

/* Where a timer is that is on its way from one CPU to another: nowhere. Nothing is ever queued or running here. */
static struct hrtimer_cpu_base migration_cpu_base = { .lock = __RAW_SPIN_LOCK_UNLOCKED(migration_cpu_base.lock) };
static struct hrtimer_clock_base migration_base = { .cpu_base = &migration_cpu_base };

static bool is_initialised(const struct hrtimer *timer)
{
	if (likely(timer->magic == HRTIMER_MAGIC && timer->function))
		return true;
	WARN_ONCE(1, "hrtimer %px was started but %s", timer,
		  timer->magic == HRTIMER_MAGIC ? "its ->function was never set" : "hrtimer_init() never done");
	return false;
}

/* Locks the base that the timer is on. Return: it, interrupts off. */
static struct hrtimer_clock_base *lock_base(const struct hrtimer *timer, unsigned long *flags)
{
	for (;;) {
		/* ORDER(hrtimer-base): only where to look; the lock and the second look decide. */
		struct hrtimer_clock_base *base = READ_ONCE(timer->base);

		if (likely(base != &migration_base)) {
			raw_spin_lock_irqsave(&base->cpu_base->lock, *flags);
			if (likely(base == READ_ONCE(timer->base)))
				return base;
			raw_spin_unlock_irqrestore(&base->cpu_base->lock, *flags);
		}
		cpu_relax();
	}
}

static void unlock_base(struct hrtimer_clock_base *base, unsigned long flags)
{
	raw_spin_unlock_irqrestore(&base->cpu_base->lock, flags);
}

/* From its base, which is locked, to the same clock on this CPU, which is then. Unless its function runs there. */
static struct hrtimer_clock_base *switch_base(struct hrtimer *timer, struct hrtimer_clock_base *base)
{
	struct hrtimer_cpu_base *from = base->cpu_base, *here = this_cpu_ptr(&hrtimer_bases);

	if (likely(from == here) || base->running == timer)
		return base;
	WRITE_ONCE(timer->base, &migration_base);
	base = &here->base[base - from->base];
	raw_spin_unlock(&from->lock);
	raw_spin_lock(&here->lock);
	/* ORDER(hrtimer-base): on its new base from here; who sees it takes the lock that we hold. */
	WRITE_ONCE(timer->base, base);
	return base;
}

static bool softirq_will_look(const struct hrtimer_clock_base *base)
{
	return is_soft_base(base) && base->cpu_base->soft_raised;
}

void hrtimer_start_range_ns(struct hrtimer *timer, ktime_t tim, u64 range_ns, const enum hrtimer_mode mode)
{
	struct hrtimer_clock_base *base;
	unsigned long flags;

	if (!is_initialised(timer))
		return;
	WARN_ONCE(!(mode & HRTIMER_MODE_SOFT) != !timer->is_soft, "hrtimer %ps is started with HRTIMER_MODE_SOFT and "
		  "was initialised without, or the other way round: it stays as it was initialised\n", timer->function);
	base = lock_base(timer, &flags);
	if (hrtimer_is_queued(timer))
		dequeue(timer, base);
	if (mode & HRTIMER_MODE_REL)
		tim = ktime_add_safe(tim, ktime_get() + base_offset(base));
	hrtimer_set_expires_range_ns(timer, tim, range_ns);
	timer->is_rel = !!(mode & HRTIMER_MODE_REL);
	trace_hrtimer_start(timer, mode);
	base = switch_base(timer, base);
	if (enqueue(timer, base) && base->cpu_base == this_cpu_ptr(&hrtimer_bases) && !softirq_will_look(base))
		tick_program(hard_expiry(timer, base));
	unlock_base(base, flags);
}
EXPORT_SYMBOL(hrtimer_start_range_ns);

/* What try_cancel() found, beside 0 and 1: was it queued. */
enum { RUNS_ELSEWHERE = -1, RUNS_HERE = -2 };

static int try_cancel(struct hrtimer *timer, bool will_wait)
{
	struct hrtimer_clock_base *base;
	unsigned long flags;
	int ret;

	base = lock_base(timer, &flags);
	ret = timer->state != HRTIMER_STATE_INACTIVE;
	if (base->running == timer) {
		ret = base->cpu_base->cpu == smp_processor_id() ? RUNS_HERE : RUNS_ELSEWHERE;
		base->unwanted |= will_wait && ret == RUNS_ELSEWHERE;
	} else if (hrtimer_is_queued(timer)) {
		dequeue(timer, base);
	} else {
		WRITE_ONCE(timer->state, HRTIMER_STATE_INACTIVE);
	}
	unlock_base(base, flags);
	return ret;
}

int hrtimer_try_to_cancel(struct hrtimer *timer)
{
	int ret;

	if (timer->magic != HRTIMER_MAGIC)	/* never initialised, so not active: Linux, too, lets that pass */
		return 0;
	ret = try_cancel(timer, false);
	return ret < 0 ? -1 : ret;
}
EXPORT_SYMBOL(hrtimer_try_to_cancel);

int hrtimer_cancel(struct hrtimer *timer)
{
	int ret;

	if (WARN_ONCE(timer->magic != HRTIMER_MAGIC, "hrtimer_cancel() of %px: hrtimer_init() never done", timer))
		return 0;
	lockdep_waits_for("timer", timer->function);
	/* The wait is without the lock: who runs the function needs that afterwards. */
	while ((ret = try_cancel(timer, true)) == RUNS_ELSEWHERE)
		while (hrtimer_callback_running(timer))
			cpu_relax();
	WARN_ONCE(ret == RUNS_HERE, "hrtimer_cancel() from the timer's own function (%ps) would wait for ever; "
		  "let it answer HRTIMER_NORESTART", timer->function);
	return ret < 0 ? 0 : ret;
}
EXPORT_SYMBOL(hrtimer_cancel);

bool hrtimer_active(const struct hrtimer *timer)
{
	struct hrtimer_clock_base *base;
	unsigned long flags;
	bool active;

	if (timer->magic != HRTIMER_MAGIC)
		return false;
	base = lock_base(timer, &flags);
	active = timer->state || base->running == timer;
	unlock_base(base, flags);
	return active;
}
EXPORT_SYMBOL(hrtimer_active);

int hrtimer_callback_running(const struct hrtimer *timer)
{
	return READ_ONCE(READ_ONCE(timer->base)->running) == timer;
}
EXPORT_SYMBOL(hrtimer_callback_running);

ktime_t hrtimer_cb_get_time(const struct hrtimer *timer)
{
	struct hrtimer_clock_base *base;
	unsigned long flags;
	enum tk_offsets clock;

	base = lock_base(timer, &flags);
	clock = base->clock;
	unlock_base(base, flags);
	return ktime_get_with_offset(clock);
}
EXPORT_SYMBOL(hrtimer_cb_get_time);

ktime_t __hrtimer_get_remaining(const struct hrtimer *timer, bool adjust)
{
	return hrtimer_expires_remaining(timer);
}
EXPORT_SYMBOL(__hrtimer_get_remaining);

u64 hrtimer_forward(struct hrtimer *timer, ktime_t now, ktime_t interval)
{
	ktime_t late = now - hrtimer_get_expires(timer);
	u64 periods;

	if (late < 0)
		return 0;
	if (WARN_ONCE(hrtimer_is_queued(timer), "hrtimer_forward() of a queued timer (%ps): only in its function, or "
		      "before it is started", timer->function))
		return 0;
	if (interval < 1)
		interval = 1;
	periods = div64_u64(late, interval) + 1;
	hrtimer_add_expires(timer, interval * periods);
	return periods;
}
EXPORT_SYMBOL(hrtimer_forward);

/* All of a tree of a CPU that is offline: to this one. They count as queued all the time; who locks waits. */
static void take_over(struct hrtimer_clock_base *from)
{
	struct hrtimer_clock_base *to;
	struct hrtimer *timer;

	raw_spin_lock_irq(&from->cpu_base->lock);
	WARN_ON_ONCE(from->running);
	while ((timer = first_of(from))) {
		rb_erase_cached(&timer->node.node, &from->active);
		to = switch_base(timer, from);
		if (enqueue(timer, to))
			tick_program(hard_expiry(timer, to));
		raw_spin_unlock_irq(&to->cpu_base->lock);
		raw_spin_lock_irq(&from->cpu_base->lock);
	}
	from->cpu_base->soft_raised = false;
	raw_spin_unlock_irq(&from->cpu_base->lock);
}

int hrtimers_dead_cpu(unsigned int cpu)
{
	int n;

	for (n = 0; n < NR_BASES; n++)
		take_over(&per_cpu_ptr(&hrtimer_bases, cpu)->base[n]);
	return 0;
}
