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
 * The tick looks at one number (wheel.next) and raises TIMER_SOFTIRQ; the functions run there, on the timer's CPU, with
 * interrupts on and no lock held. Timers start on the CPU that calls mod_timer(), so a timer follows its user.
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
 * Mistakes that are found: a timer never set up; set up, or freed, while pending; a function that returns with another
 * preempt_count than it was called with.
 *
 * Rejected: moving timers to finer lists as they come nearer (the old cascading wheel): work in one burst, in an
 * interrupt, for timers that will be cancelled. A tree: costs more for each start and each delete.
 *
 * Next: tick.c (who calls), sleep.c (who uses it most), hrtimer.c (the exact ones).
 */
#include <linux/timer.h>
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
#include "wheel.h"

struct timer_base {
	raw_spinlock_t		lock;
	unsigned int		cpu;		/* constant */
	bool			is_idle;	/* lock. Its CPU sleeps without a tick: tell it of a new first timer */
	struct timer_list	*running;	/* lock. Whose function is being called */
	struct timer_wheel	wheel;		/* lock; wheel.next is read by the tick without it */
};

enum { BASE_STD, BASE_DEF, NR_BASES };

static DEFINE_PER_CPU(struct timer_base, timer_bases[NR_BASES]);

enum mod_how { MOD_ANY, MOD_PENDING_ONLY, MOD_REDUCE };

/* What try_delete() found, beside 0 and 1: was it pending. */
enum { RUNS_ELSEWHERE = -1, RUNS_HERE = -2 };

static unsigned int timer_index(const struct timer_list *timer)
{
	return timer->flags >> TIMER_ARRAYSHIFT;
}

static struct timer_base *this_base(u32 flags)
{
	return this_cpu_ptr(&timer_bases[flags & TIMER_DEFERRABLE ? BASE_DEF : BASE_STD]);
}

static struct timer_base *base_of(u32 flags)
{
	return per_cpu_ptr(&timer_bases[flags & TIMER_DEFERRABLE ? BASE_DEF : BASE_STD], flags & TIMER_CPUMASK);
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

/* Into the bucket of timer->expires. If its CPU sleeps longer than that, let it know. */
static __always_inline void enqueue_timer(struct timer_base *base, struct timer_list *timer)
{
	unsigned long due;
	unsigned int index = wheel_index(&base->wheel, timer->expires, &due);

	WRITE_ONCE(timer->flags, (timer->flags & ~TIMER_ARRAYMASK) | index << TIMER_ARRAYSHIFT);
	if (wheel_insert(&base->wheel, &timer->entry, index, due) && base->is_idle)
		wake_up_nohz_cpu(base->cpu);
}

static __always_inline void detach_timer(struct timer_base *base, struct timer_list *timer)
{
	wheel_remove(&base->wheel, &timer->entry, timer_index(timer));
	WRITE_ONCE(timer->entry.pprev, NULL);
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
	if (WARN_ONCE(!cpu_online(cpu), "add_timer_on() CPU %d, which is not online", cpu))
		return;
	base = lock_timer_base(timer, &flags);
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

bool timers_pending_in(const void *start, size_t size)
{
	struct hlist_node *pos;
	unsigned int cpu, n, i;
	unsigned long flags;
	bool found = false;

	for_each_online_cpu(cpu) {
		for (n = 0; n < NR_BASES; n++) {
			struct timer_base *base = per_cpu_ptr(&timer_bases[n], cpu);

			raw_spin_lock_irqsave(&base->lock, flags);
			for (i = 0; i < WHEEL_BUCKETS; i++)
				hlist_for_each(pos, &base->wheel.bucket[i])
					found |= (size_t)((const char *)pos - (const char *)start) < size;
			raw_spin_unlock_irqrestore(&base->lock, flags);
		}
	}
	return found;
}

static void call_function(struct timer_list *timer, void (*fn)(struct timer_list *))
{
	int before = preempt_count(), after;

	fn(timer);
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
	call_function(timer, fn);		/* the timer may be no more when this returns */
	if (irqsafe)
		raw_spin_lock(&base->lock);
	else
		raw_spin_lock_irq(&base->lock);
	base->running = NULL;
}

/* All timers of a list that wheel_collect() has made. Each may still be deleted until its turn comes. */
static void expire_list(struct timer_base *base, struct hlist_head *list)
{
	while (!hlist_empty(list)) {
		struct timer_list *timer = hlist_entry(list->first, struct timer_list, entry);

		if (WARN_ONCE(timer->magic != TIMER_MAGIC, "timer %px was freed or overwritten while it was pending: "
			      "del_timer_sync() must come before kfree(); the timers behind it are lost", timer)) {
			INIT_HLIST_HEAD(list);
			return;
		}
		detach_timer(base, timer);
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

		raw_spin_lock_init(&base->lock);
		base->cpu = smp_processor_id();
		base->is_idle = false;
		base->running = NULL;
		wheel_init(&base->wheel, jiffies);
	}
}

void __init timers_init(void)
{
	BUILD_BUG_ON(WHEEL_BUCKETS > TIMER_ARRAYMASK >> TIMER_ARRAYSHIFT);
	timers_init_cpu();
	open_softirq(TIMER_SOFTIRQ, run_timer_softirq);
}
