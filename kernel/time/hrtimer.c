/* SPDX-License-Identifier: MIT */
/*
 * High-resolution timers: exact to what the hardware gives, called in the timer interrupt itself.
 *
 * Each CPU keeps its timers in two red-black trees, sorted by expiry: one for the monotonic clock (which boot time is,
 * too), one for real time, whose distance from the monotonic clock may be changed while they wait. The first of both is
 * what the hardware must not miss; tick.c programs it.
 *
 * A timer has a window: from _softexpires, before which it must not come, to node.expires, for which the hardware is
 * set. An interrupt that comes anyway takes along every timer whose window has opened: so a sleeper that does not need
 * to be exact costs no interrupt of its own. The tree is sorted by the end of the window, and the search stops at the
 * first that is not yet open; one behind it that is may have to wait for its own end: good enough.
 *
 *	inactive --start--> queued --interrupt--> running (base->cpu->running) --NORESTART--> inactive
 *	                      ^ |                    |
 *	         start, again | | cancel             '------ RESTART, or started meanwhile --> queued
 *
 * Locking: cpu_base->lock, interrupts off, covers both trees of a CPU and the fields of the timers in them. timer->base
 * says which tree, and so which lock. It changes only under the lock of the base left behind, and points to
 * `migration_base` while the timer is on its way; who finds that waits, and who has got a lock looks again whether
 * it is the right one: lock_base(). ORDER(hrtimer-base). A timer starts on the CPU that starts it, unless its function
 * is running on another: then it stays there, or hrtimer_cancel() would look for it in the wrong place. The interrupt
 * that runs it will see it queued and program the hardware, so no other CPU ever has to be told of a timer.
 *
 * Cancelling: hrtimer_cancel() waits until the function has returned. In the function itself that is for ever: WARN.
 *
 * What would hang and does not: a function that answers HRTIMER_RESTART without moving its expiry on is stopped with a
 * WARN; timers that come faster than they can be served (BURST in one interrupt) get the CPU half of the time.
 *
 * Rejected: running SOFT timers in a softirq, a second pair of trees and a second pass, for a distinction that only
 * a real-time Linux needs. Moving timers to CPUs that are awake: saves power on laptops.
 *
 * Next: tick.c, sleep.c.
 */
#include <linux/hrtimer.h>
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

enum { BASE_MONOTONIC, BASE_REALTIME, NR_BASES };

enum { BURST = 10000 };		/* functions called in one interrupt before we suspect that it will never end */

struct hrtimer_cpu_base;

struct hrtimer_clock_base {
	struct rb_root_cached	active;		/* lock of cpu_base */
	struct hrtimer_cpu_base	*cpu_base;	/* constant */
	enum tk_offsets		clock;		/* constant */
};

struct hrtimer_cpu_base {
	raw_spinlock_t		lock;
	unsigned int		cpu;		/* constant */
	struct hrtimer		*running;	/* lock. Whose function is being called */
	struct hrtimer_clock_base base[NR_BASES];
};

static DEFINE_PER_CPU(struct hrtimer_cpu_base, hrtimer_bases);

/* Where a timer is that is on its way from one CPU to another: nowhere. Nothing is ever queued or running here. */
static struct hrtimer_cpu_base migration_cpu_base = { .lock = __RAW_SPIN_LOCK_UNLOCKED(migration_cpu_base.lock) };
static struct hrtimer_clock_base migration_base = { .cpu_base = &migration_cpu_base };

/* Time of the base's clock, less this, is monotonic time. */
static ktime_t base_offset(const struct hrtimer_clock_base *base)
{
	return ktime_mono_to_any(0, base->clock);
}

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

	if (likely(from == here) || from->running == timer)
		return base;
	WRITE_ONCE(timer->base, &migration_base);
	base = &here->base[base - from->base];
	raw_spin_unlock(&from->lock);
	raw_spin_lock(&here->lock);
	/* ORDER(hrtimer-base): on its new base from here; who sees it takes the lock that we hold. */
	WRITE_ONCE(timer->base, base);
	return base;
}

static bool expires_before(struct rb_node *a, const struct rb_node *b)
{
	return rb_entry(a, struct hrtimer, node.node)->node.expires <
	       rb_entry(b, struct hrtimer, node.node)->node.expires;
}

/* Return: is it now the first of its tree? */
static bool enqueue(struct hrtimer *timer, struct hrtimer_clock_base *base)
{
	lockdep_assert_held(&base->cpu_base->lock);
	WRITE_ONCE(timer->state, HRTIMER_STATE_ENQUEUED);
	return rb_add_cached(&timer->node.node, &base->active, expires_before) != NULL;
}

static void dequeue(struct hrtimer *timer, struct hrtimer_clock_base *base)
{
	lockdep_assert_held(&base->cpu_base->lock);
	rb_erase_cached(&timer->node.node, &base->active);
	WRITE_ONCE(timer->state, HRTIMER_STATE_INACTIVE);
}

static struct hrtimer *first_of(const struct hrtimer_clock_base *base)
{
	struct rb_node *node = rb_first_cached(&base->active);

	return node ? rb_entry(node, struct hrtimer, node.node) : NULL;
}

/* When the hardware must come for this timer: monotonic ns, and never negative. */
static u64 hard_expiry(const struct hrtimer *timer, const struct hrtimer_clock_base *base)
{
	ktime_t at = timer->node.expires == KTIME_MAX ? KTIME_MAX : timer->node.expires - base_offset(base);

	return at < 0 ? 0 : at;
}

void hrtimer_start_range_ns(struct hrtimer *timer, ktime_t tim, u64 range_ns, const enum hrtimer_mode mode)
{
	struct hrtimer_clock_base *base;
	unsigned long flags;

	if (!is_initialised(timer))
		return;
	base = lock_base(timer, &flags);
	if (timer->state)
		dequeue(timer, base);
	if (mode & HRTIMER_MODE_REL)
		tim = ktime_add_safe(tim, ktime_get() + base_offset(base));
	hrtimer_set_expires_range_ns(timer, tim, range_ns);
	timer->is_rel = !!(mode & HRTIMER_MODE_REL);
	base = switch_base(timer, base);
	if (enqueue(timer, base) && base->cpu_base == this_cpu_ptr(&hrtimer_bases))
		tick_program(hard_expiry(timer, base));
	unlock_base(base, flags);
}
EXPORT_SYMBOL(hrtimer_start_range_ns);

/* What try_cancel() found, beside 0 and 1: was it queued. */
enum { RUNS_ELSEWHERE = -1, RUNS_HERE = -2 };

static int try_cancel(struct hrtimer *timer)
{
	struct hrtimer_clock_base *base;
	unsigned long flags;
	int ret;

	base = lock_base(timer, &flags);
	ret = timer->state;
	if (base->cpu_base->running == timer)
		ret = base->cpu_base->cpu == smp_processor_id() ? RUNS_HERE : RUNS_ELSEWHERE;
	else if (ret)
		dequeue(timer, base);
	unlock_base(base, flags);
	return ret;
}

int hrtimer_try_to_cancel(struct hrtimer *timer)
{
	int ret;

	if (timer->magic != HRTIMER_MAGIC)	/* never initialised, so not active: Linux, too, lets that pass */
		return 0;
	ret = try_cancel(timer);
	return ret < 0 ? -1 : ret;
}
EXPORT_SYMBOL(hrtimer_try_to_cancel);

int hrtimer_cancel(struct hrtimer *timer)
{
	int ret;

	if (WARN_ONCE(timer->magic != HRTIMER_MAGIC, "hrtimer_cancel() of %px: hrtimer_init() never done", timer))
		return 0;
	while ((ret = try_cancel(timer)) == RUNS_ELSEWHERE)
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
	active = timer->state || base->cpu_base->running == timer;
	unlock_base(base, flags);
	return active;
}
EXPORT_SYMBOL(hrtimer_active);

int hrtimer_callback_running(const struct hrtimer *timer)
{
	return READ_ONCE(READ_ONCE(timer->base)->cpu_base->running) == timer;
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

void hrtimer_init(struct hrtimer *timer, clockid_t which_clock, enum hrtimer_mode mode)
{
	struct hrtimer_cpu_base *cpu_base = per_cpu_ptr(&hrtimer_bases, raw_smp_processor_id());
	bool real = which_clock == CLOCK_REALTIME || which_clock == CLOCK_TAI;

	WARN_ONCE(!real && which_clock != CLOCK_MONOTONIC && which_clock != CLOCK_BOOTTIME,
		  "hrtimer_init() on clock %d: CLOCK_MONOTONIC is taken instead", which_clock);
	*timer = (struct hrtimer){
		.base = &cpu_base->base[real ? BASE_REALTIME : BASE_MONOTONIC],
		.is_soft = !!(mode & HRTIMER_MODE_SOFT),
		.is_hard = !!(mode & HRTIMER_MODE_HARD),
		.magic = HRTIMER_MAGIC,
	};
	RB_CLEAR_NODE(&timer->node.node);
}
EXPORT_SYMBOL(hrtimer_init);

void destroy_hrtimer_on_stack(struct hrtimer *timer)
{
	if (WARN_ONCE(hrtimer_active(timer), "an hrtimer on the stack (%ps) is still active when its block ends: "
		      "hrtimer_cancel() must come first", timer->function))
		hrtimer_cancel(timer);
}
EXPORT_SYMBOL(destroy_hrtimer_on_stack);

static enum hrtimer_restart call_function(struct hrtimer *timer)
{
	enum hrtimer_restart (*fn)(struct hrtimer *) = timer->function;
	int before = preempt_count(), after;
	enum hrtimer_restart restart = fn(timer);

	after = preempt_count();
	if (WARN_ONCE(before != after, "hrtimer function %ps returned with preempt_count %#x, was called with %#x: "
		      "a lock not given back?", fn, after, before))
		preempt_count_set(before);
	return restart;
}

/* One that is due. The lock is not held while its function runs: it may start other timers, and itself. */
static void run_one(struct hrtimer *timer, struct hrtimer_clock_base *base)
{
	struct hrtimer_cpu_base *cpu_base = base->cpu_base;
	ktime_t expired = timer->node.expires;
	enum hrtimer_restart restart;

	dequeue(timer, base);
	cpu_base->running = timer;
	raw_spin_unlock(&cpu_base->lock);
	restart = call_function(timer);
	raw_spin_lock(&cpu_base->lock);

	/* With NORESTART the timer may be gone; with RESTART it is still the function's, on this base. */
	cpu_base->running = NULL;
	if (restart == HRTIMER_NORESTART || timer->state)
		return;
	if (WARN_ONCE(timer->node.expires <= expired, "hrtimer function %ps answered HRTIMER_RESTART without moving "
		      "the expiry on by hrtimer_forward_now(): the timer is stopped", timer->function))
		return;
	enqueue(timer, base);
}

bool hrtimers_run(u64 now)
{
	struct hrtimer_cpu_base *cpu_base = this_cpu_ptr(&hrtimer_bases);
	int n, left = BURST;

	raw_spin_lock(&cpu_base->lock);
	for (n = 0; n < NR_BASES; n++) {
		struct hrtimer_clock_base *base = &cpu_base->base[n];
		struct hrtimer *timer;

		while (left && (timer = first_of(base)) && timer->_softexpires <= (ktime_t)now + base_offset(base)) {
			left--;
			run_one(timer, base);
		}
	}
	raw_spin_unlock(&cpu_base->lock);
	if (!left)
		pr_warn_once("hrtimer: %d in one interrupt; has one too short an interval? They get half of the CPU\n",
			     BURST);
	return left;
}

u64 hrtimers_next_expiry(void)
{
	struct hrtimer_cpu_base *cpu_base = this_cpu_ptr(&hrtimer_bases);
	u64 next = KTIME_MAX;
	int n;

	raw_spin_lock(&cpu_base->lock);
	for (n = 0; n < NR_BASES; n++) {
		struct hrtimer *timer = first_of(&cpu_base->base[n]);

		if (timer)
			next = min(next, hard_expiry(timer, &cpu_base->base[n]));
	}
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

void hrtimers_init_cpu(void)
{
	struct hrtimer_cpu_base *cpu_base = this_cpu_ptr(&hrtimer_bases);
	int n;

	raw_spin_lock_init(&cpu_base->lock);
	cpu_base->cpu = smp_processor_id();
	cpu_base->running = NULL;
	for (n = 0; n < NR_BASES; n++) {
		cpu_base->base[n].active = RB_ROOT_CACHED;
		cpu_base->base[n].cpu_base = cpu_base;
		cpu_base->base[n].clock = n == BASE_REALTIME ? TK_OFFS_REAL : TK_OFFS_BOOT;
	}
}
