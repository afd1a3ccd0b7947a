/* SPDX-License-Identifier: MIT */
/*
 * What time is it?
 *
 * One counter tells: the TSC, which every CPU reads in one instruction and which runs alike on all of them. Nanoseconds
 * are a multiplication away:
 *
 *	ns = ((tsc - clock_start) * clock_mult) >> 32
 *
 * The product is taken in 128 bits, so it cannot overflow before the result does, in 584 years. That is the whole
 * clock: no state changes after timekeeping_init(), so there is no lock, no sequence counter and no periodic update, a
 * reading cannot be torn, it works in an NMI, and it never goes back, for the formula is monotonic and the counter is,
 * too. (Linux keeps a base that it moves on at every tick: it must be able to change the speed and the source of its
 * clock while it runs. We measure once and keep to it.)
 *
 * The lfence before rdtsc in ktime_get() makes the CPU finish its earlier loads first. Without it, "I saw your flag, so
 * my time is later than the time you noted before setting it" would not hold. ORDER(clock-read) names it. sched_clock()
 * is only compared with itself on one CPU and goes without.
 *
 * Wall time is one number, wall_offset: what to add to get nanoseconds since 1970. The battery clock gives it at boot,
 * do_settimeofday64() stores another. Readers load it once, in one piece.
 *
 * jiffies count the ticks since boot. They are not counted up but computed from the clock, by whoever comes along at a
 * tick: late, missed or double ticks can then do no harm. The update only ever goes forward: see jiffies_update_to().
 *
 * Rejected: per-CPU corrections for TSCs that differ. The machines that need them are gone, and QEMU's do not.
 *
 * Next: tick.c, which wakes up at the right time; timer.c counts in jiffies, hrtimer.c in nanoseconds.
 */
#include <linux/timekeeping.h>
#include <linux/jiffies.h>
#include <linux/time.h>
#include <linux/delay.h>
#include <linux/sched/clock.h>
#include <linux/atomic.h>
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/hrtimer.h>
#include <linux/init.h>
#include <linux/math64.h>
#include <linux/printk.h>
#include <asm/processor.h>
#include <asm/timex.h>
#include <asm/tsc.h>

#define CLOCK_SHIFT	32

/* Constant after timekeeping_init(); clock_mult is 0 before. */
static u64 clock_start;
static u64 clock_mult;		/* ns per TSC tick, times 2^32 */
static u64 clock_inverse;	/* TSC ticks per ns, times 2^32, rounded up */

/* Lock-free: one word, stored and loaded whole. ns from the monotonic clock to UTC. */
static s64 wall_offset;

u64 jiffies_64 = INITIAL_JIFFIES;
EXPORT_SYMBOL(jiffies_64);
extern unsigned long volatile jiffies __attribute__((alias("jiffies_64")));
EXPORT_SYMBOL(jiffies);

static __always_inline u64 scale(u64 value, u64 mult)
{
	return ((unsigned __int128)value * mult) >> CLOCK_SHIFT;
}

u64 clock_tsc_to_ns(u64 tsc)
{
	return tsc < clock_start ? 0 : scale(tsc - clock_start, clock_mult);
}

u64 clock_ns_to_tsc(u64 ns)
{
	return ns && clock_inverse ? scale(ns, clock_inverse) + 1 : 0;
}

ktime_t ktime_get(void)
{
	/* ORDER(clock-read): everything this CPU has read before was written before the time we return. */
	return clock_tsc_to_ns(rdtsc_ordered());
}
EXPORT_SYMBOL(ktime_get);

u64 sched_clock(void)
{
	return clock_tsc_to_ns(rdtsc());
}
EXPORT_SYMBOL(sched_clock);

static s64 clock_offset(enum tk_offsets offs)
{
	return offs == TK_OFFS_BOOT ? 0 : READ_ONCE(wall_offset);
}

ktime_t ktime_mono_to_any(ktime_t tmono, enum tk_offsets offs)
{
	return tmono + clock_offset(offs);
}
EXPORT_SYMBOL(ktime_mono_to_any);

ktime_t ktime_get_with_offset(enum tk_offsets offs)
{
	return ktime_get() + clock_offset(offs);
}
EXPORT_SYMBOL(ktime_get_with_offset);

ktime_t ktime_get_coarse(void)
{
	return (get_jiffies_64() - INITIAL_JIFFIES) * TICK_NSEC;
}
EXPORT_SYMBOL(ktime_get_coarse);

ktime_t ktime_get_coarse_with_offset(enum tk_offsets offs)
{
	return ktime_get_coarse() + clock_offset(offs);
}
EXPORT_SYMBOL(ktime_get_coarse_with_offset);

void getboottime64(struct timespec64 *ts)
{
	*ts = ktime_to_timespec64(clock_offset(TK_OFFS_REAL));
}
EXPORT_SYMBOL(getboottime64);

int do_settimeofday64(const struct timespec64 *ts)
{
	if (ts->tv_sec < 0 || ts->tv_sec >= KTIME_SEC_MAX || ts->tv_nsec < 0 || ts->tv_nsec >= NSEC_PER_SEC)
		return -EINVAL;
	WRITE_ONCE(wall_offset, timespec64_to_ktime(*ts) - ktime_get());
	hrtimers_clock_was_set();
	return 0;
}
EXPORT_SYMBOL(do_settimeofday64);

/*
 * Takes jiffies forward to what the clock says. Any CPU may do it at any time: whoever has the later time wins, and a
 * slow CPU's older one changes nothing. ORDER(jiffies): the cmpxchg, and readers need nothing, the value is all.
 */
static void jiffies_update_to(u64 now)
{
	u64 target = INITIAL_JIFFIES + now / TICK_NSEC;
	u64 old = READ_ONCE(jiffies_64);

	/* ORDER(jiffies): forward only, by whoever comes first. */
	while (time_before64(old, target)) {
		u64 seen = cmpxchg(&jiffies_64, old, target);

		if (seen == old)
			return;
		old = seen;
	}
}

unsigned long jiffies_refresh(void)
{
	jiffies_update_to(ktime_get());
	return jiffies;
}

void timekeeping_init(void)
{
	struct tm tm;
	u64 wall;

	WARN_ON(clock_mult || !tsc_khz);
	clock_inverse = div_u64((u64)tsc_khz << CLOCK_SHIFT, NSEC_PER_MSEC) + 1;
	clock_start = rdtsc_ordered();
	barrier();
	clock_mult = div_u64((u64)NSEC_PER_MSEC << CLOCK_SHIFT, tsc_khz);
	printk_set_clock(sched_clock);

	wall = read_persistent_clock();
	WRITE_ONCE(wall_offset, (s64)(wall * NSEC_PER_SEC) - ktime_get());
	time64_to_tm(wall, 0, &tm);
	pr_info("clock: %ld-%02d-%02d %02d:%02d:%02d UTC, TSC at %u.%03u MHz, %llu us after reset\n",
		tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec,
		tsc_khz / 1000, tsc_khz % 1000, div_u64(clock_start, tsc_khz / 1000));
}

/* Busy waiting. */

void __delay(unsigned long loops)
{
	u64 start = rdtsc();

	while (rdtsc() - start < loops)
		cpu_relax();
}
EXPORT_SYMBOL(__delay);

void ndelay(unsigned long nsecs)
{
	WARN_ONCE(!clock_mult, "a delay before the clocks run: nothing knows yet how long a nanosecond is");
	__delay(clock_ns_to_tsc(nsecs));
}
EXPORT_SYMBOL(ndelay);

void udelay(unsigned long usecs)
{
	ndelay(usecs * NSEC_PER_USEC);
}
EXPORT_SYMBOL(udelay);

void mdelay(unsigned long msecs)
{
	ndelay(msecs * NSEC_PER_MSEC);
}
EXPORT_SYMBOL(mdelay);
