/* SPDX-License-Identifier: MIT */
/*
 * The timer wheel: time-outs, by the thousand, nearly all of them cancelled before they come.
 *
 * Each CPU has two wheels (struct timer_base): one for ordinary timers, one for deferrable ones, for which an idle CPU
 * is not woken. A wheel is a table of lists; a time's list is computed, never searched for, so starting, moving and
 * deleting a timer costs the same whatever else is pending. What it costs instead is precision: the further away, the
 * coarser the list's grain. A time is rounded up: late by an eighth of the way at most, never early. Most time-outs are
 * cancelled, so sorting them finely is for nothing; who needs the exact time uses an hrtimer. (wheel.h: the table.)
 *
 * A timer that is put off stays where it is, with its new time noted: mostly it will be put off again. When its list
 * comes due it is sent on.
 *
 * Even the nearest timer comes one tick later than its number says: `jiffies` was some way through a tick when the
 * caller added his delay to it, and so only the tick after the last one guarantees the full delay.
 *
 *	mod_timer() --> [bucket] --tick: due--> [list on the stack of run_timers()] --> base->running, function called
 *	                    ^                                                                    |
 *	                    '------------------------ the function may start it again ----------'
 *
 * Timers start on the CPU that calls mod_timer(), so a timer follows its user.
 *
 * Locking: base->lock, taken with interrupts off, covers the wheel and all fields of its timers. Which base is a
 * timer's says timer->flags, which only changes under that base's lock; so: read flags, lock what they name, look
 * whether they still say so (lock_timer_base). While a timer is on its way between two bases TIMER_MIGRATING is set,
 * and everybody waits; the two locks are never held together. A timer whose function is running is not moved (but by
 * add_timer_on(), which says so): base->running on its base is how del_timer_sync() knows that it runs.
 * ORDER(timer-base) is the end of that journey.
 *
 * Deleting for good: timer_delete_sync() tries until base->running is not the timer. It would wait for ever on the
 * timer's own CPU inside its own function (or in an interrupt that came upon it): that is found out and WARNed about.
 *
 * Rejected: moving timers to finer lists as they come nearer (the old cascading wheel): work in one burst, in an
 * interrupt, for timers that will be cancelled. A tree: costs more for each start and each delete.
 *
 * Next: timer_run.c (what is due), timer_check.c (mistakes), sleep.c (who uses it most), hrtimer.c (the exact ones).
 */
#include "timer_base.h"
#include <linux/bug.h>
#include <linux/cpumask.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/lockdep.h>
#include <linux/percpu.h>
#include <linux/printk.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/tick.h>
#include <asm/processor.h>

DEFINE_PER_CPU(struct timer_base, timer_bases[NR_BASES]);

enum mod_how { MOD_ANY, MOD_PENDING_ONLY, MOD_REDUCE };

/* What try_delete() found, beside 0 and 1: was it pending. */
enum { RUNS_ELSEWHERE = -1, RUNS_HERE = -2 };

static struct timer_base *this_base(u32 flags)
{
	return this_cpu_ptr(&timer_bases[flags & TIMER_DEFERRABLE ? BASE_DEF : BASE_STD]);
}

static noinline bool never_set_up(const struct timer_list *timer)
{
	WARN_ONCE(1, "timer %px was never set up: timer_setup() or DEFINE_TIMER() must come before it is used", timer);
	return false;
}

static __always_inline bool is_set_up(const struct timer_list *timer)
{
	return likely(timer->magic == TIMER_MAGIC) || never_set_up(timer);
}

/* Locks the base that the timer is on. Return: it, interrupts off. */
static __always_inline struct timer_base *lock_timer_base(struct timer_list *timer, unsigned long *flags)
{
	for (;;) {
		/* ORDER(timer-base): the flags only say where to look; the lock and the second look decide. */
		u32 tf = READ_ONCE(timer->flags);

		if (likely(!(tf & TIMER_MIGRATING))) {
			struct timer_base *base = base_of(tf);

			raw_spin_lock_irqsave(&base->lock, *flags);
			if (likely(timer->flags == tf))
				return base;
			raw_spin_unlock_irqrestore(&base->lock, *flags);
		}
		cpu_relax();
	}
}

/* From a base that is locked to another, which is locked on return. Interrupts are off all the time. */
static struct timer_base *migrate_timer(struct timer_list *timer, struct timer_base *from, struct timer_base *to)
{
	lockdep_assert_held(&from->lock);
	WRITE_ONCE(timer->flags, timer->flags | TIMER_MIGRATING);
	raw_spin_unlock(&from->lock);
	raw_spin_lock(&to->lock);
	/* ORDER(timer-base): on its new base from here; who sees these flags takes the lock that we hold. */
	WRITE_ONCE(timer->flags, (timer->flags & ~TIMER_BASEMASK) | to->cpu);
	return to;
}

/* The base of the CPU that is asking, but not while the timer's function runs on another. Return: it, locked. */
static __always_inline struct timer_base *choose_base(struct timer_list *timer, struct timer_base *base)
{
	if (likely(base->cpu == smp_processor_id()) || base->running == timer)
		return base;
	return migrate_timer(timer, base, this_base(timer->flags));
}

/*
 * Can a pending timer that is put off stay in its bucket? Yes, if its new time is not before the bucket is due: when
 * that comes, expire_list() sees that the timer is not yet due and puts it where it belongs. Or if it belongs right
 * there, as long as that is not too coarse for what is left to wait: a grain of an eighth at most.
 */
static __always_inline bool may_stay(const struct timer_list *timer, unsigned long expires)
{
	unsigned int shift = WHEEL_SHIFT(timer_index(timer) / WHEEL_SLOTS);
	long further = (expires >> shift) - (timer->expires >> shift);

	return further > 0 || (!further && (long)(expires - jiffies) >> shift >= 8);
}

/*
 * The way of mod_timer(), which counts instructions. The common case is a time-out that is put off again and again, on
 * one CPU; it is only a store. Taken literally, with a list operation each, it would be half as much again.
 */
static __always_inline int modify_timer(struct timer_list *timer, unsigned long expires, enum mod_how how)
{
	struct timer_base *base;
	unsigned long flags;
	int pending;

	if (!is_set_up(timer))
		return 0;
	base = lock_timer_base(timer, &flags);
	pending = timer_pending(timer);
	if (unlikely(!timer->function) || (how == MOD_PENDING_ONLY && !pending))
		goto out;
	if (how == MOD_REDUCE && pending && time_after_eq(expires, timer->expires))
		goto out;
	if (pending) {
		if (base->cpu == smp_processor_id() && may_stay(timer, expires)) {
			timer->expires = expires;
			trace_timer_start(timer);
			goto out;
		}
		detach_timer(base, timer);
	}
	base = choose_base(timer, base);
	timer->expires = expires;
	wheel_forward(&base->wheel, jiffies);
	enqueue_timer(base, timer);
out:
	raw_spin_unlock_irqrestore(&base->lock, flags);
	return pending;
}

int mod_timer(struct timer_list *timer, unsigned long expires)
{
	return modify_timer(timer, expires, MOD_ANY);
}
EXPORT_SYMBOL(mod_timer);

int mod_timer_pending(struct timer_list *timer, unsigned long expires)
{
	return modify_timer(timer, expires, MOD_PENDING_ONLY);
}
EXPORT_SYMBOL(mod_timer_pending);

int timer_reduce(struct timer_list *timer, unsigned long expires)
{
	return modify_timer(timer, expires, MOD_REDUCE);
}
EXPORT_SYMBOL(timer_reduce);

void add_timer(struct timer_list *timer)
{
	if (WARN_ONCE(is_set_up(timer) && timer_pending(timer),
		      "add_timer() of timer %px (%ps), which is pending: mod_timer() moves it", timer, timer->function))
		return;
	modify_timer(timer, timer->expires, MOD_ANY);
}
EXPORT_SYMBOL(add_timer);

void add_timer_on(struct timer_list *timer, int cpu)
{
	struct timer_base *base, *target;
	unsigned long flags;

	if (!is_set_up(timer))
		return;
	base = lock_timer_base(timer, &flags);
	/* With interrupts off, so that it stays online until the timer is there. */
	if (WARN_ONCE(!cpu_online(cpu), "add_timer_on() CPU %d, which is not online", cpu))
		goto out;
	if (WARN_ONCE(timer_pending(timer),
		      "add_timer_on() of timer %px (%ps), which is pending", timer, timer->function))
		goto out;
	if (!timer->function)
		goto out;
	target = base_of((timer->flags & ~TIMER_CPUMASK) | cpu);
	if (base != target)
		base = migrate_timer(timer, base, target);
	wheel_forward(&base->wheel, jiffies);
	enqueue_timer(base, timer);
out:
	raw_spin_unlock_irqrestore(&base->lock, flags);
}
EXPORT_SYMBOL(add_timer_on);

/* Deletes, unless the function is running and that matters. shut: for good. Return: RUNS_*, or was it pending. */
static int try_delete(struct timer_list *timer, bool sync, bool shut)
{
	struct timer_base *base;
	unsigned long flags;
	int ret;

	base = lock_timer_base(timer, &flags);
	if (sync && base->running == timer) {
		ret = base->cpu == smp_processor_id() ? RUNS_HERE : RUNS_ELSEWHERE;
	} else {
		ret = timer_pending(timer);
		if (ret)
			detach_timer(base, timer);
	}
	if (shut)
		timer->function = NULL;
	raw_spin_unlock_irqrestore(&base->lock, flags);
	return ret;
}

static int delete(struct timer_list *timer, bool shut)
{
	return is_set_up(timer) ? try_delete(timer, false, shut) : 0;
}

int timer_delete(struct timer_list *timer)
{
	/* Not pending, seen without the lock: as good an answer as any, for it may be started a moment later. */
	if (likely(timer->magic == TIMER_MAGIC) && !timer_pending(timer))
		return 0;
	return delete(timer, false);
}
EXPORT_SYMBOL(timer_delete);

int timer_shutdown(struct timer_list *timer)
{
	return delete(timer, true);
}
EXPORT_SYMBOL(timer_shutdown);

int try_to_del_timer_sync(struct timer_list *timer)
{
	int ret = is_set_up(timer) ? try_delete(timer, true, false) : 0;

	return ret < 0 ? -1 : ret;
}
EXPORT_SYMBOL(try_to_del_timer_sync);

static int delete_sync(struct timer_list *timer, bool shut)
{
	int ret;

	if (!is_set_up(timer))
		return 0;
	lockdep_waits_for("timer", timer->function);
	WARN_ONCE(in_hardirq() && !(timer->flags & TIMER_IRQSAFE),
		  "del_timer_sync() of %ps in a hard interrupt: it may have interrupted the function it waits for",
		  timer->function);
	while ((ret = try_delete(timer, true, shut)) == RUNS_ELSEWHERE)
		cpu_relax();
	if (ret != RUNS_HERE)
		return ret;
	WARN_ONCE(1, "del_timer_sync() from the timer's own function would wait for ever; del_timer() is enough there");
	return delete(timer, shut);
}

int timer_delete_sync(struct timer_list *timer)
{
	return delete_sync(timer, false);
}
EXPORT_SYMBOL(timer_delete_sync);

int timer_shutdown_sync(struct timer_list *timer)
{
	return delete_sync(timer, true);
}
EXPORT_SYMBOL(timer_shutdown_sync);

/*
 * From the wheel of a CPU that is offline to that of this one. To somebody who looks without a lock they are pending
 * all the time; somebody who takes a lock waits.
 */
static void take_over(struct timer_base *from)
{
	struct timer_list *timer;
	struct timer_base *to;
	unsigned int i;

	raw_spin_lock_irq(&from->lock);
	WARN_ON_ONCE(from->running);
	for (i = 0; i < WHEEL_BUCKETS; i++) {
		while (!hlist_empty(&from->wheel.bucket[i])) {
			timer = hlist_entry(from->wheel.bucket[i].first, struct timer_list, entry);
			wheel_remove(&from->wheel, &timer->entry, i);
			to = migrate_timer(timer, from, this_base(timer->flags));
			wheel_forward(&to->wheel, jiffies);
			enqueue_timer(to, timer);
			raw_spin_unlock_irq(&to->lock);
			raw_spin_lock_irq(&from->lock);
		}
	}
	raw_spin_unlock_irq(&from->lock);
}

int timers_dead_cpu(unsigned int cpu)
{
	take_over(per_cpu_ptr(&timer_bases[BASE_STD], cpu));
	take_over(per_cpu_ptr(&timer_bases[BASE_DEF], cpu));
	return 0;
}
