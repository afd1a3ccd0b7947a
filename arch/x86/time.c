/* SPDX-License-Identifier: MIT */
/*
 * How fast are our clocks? And: wake me up in that many nanoseconds.
 *
 * The TSC counts at a speed that nobody tells us, and so does the local APIC's
 * timer. Up to three old clocks of known speed are there to compare with: the
 * PIT (1.19 MHz), the ACPI PM timer (3.58 MHz) and the HPET. None is trusted
 * alone: a PIT may be emulated badly, a PM timer has been seen to run three
 * times too fast, and any reading may be late because a hypervisor or the
 * firmware took the CPU away in the middle of it.
 *
 *	tsc   --|------------------------- 10 ms ------------------------|--> d(tsc)
 *	HPET    |r|                                                    |r|    d(HPET)
 *	PM        |r|                                                    |r|  d(PM) ...
 *
 * So each clock is read at both ends of a window, and for each reading the TSC
 * is read before and after it; the tightest pair of several tries counts, which
 * throws out readings that were interrupted. Each clock then has its own
 * opinion of the TSC's speed. The finest with which some other agrees, within
 * 1 %, is believed. If no two agree, one more window is tried; and if that
 * fails too the log says so, and the finest that ticks is taken. The local
 * APIC's timer is one more clock read in the same window, only the other way round.
 *
 * From then on: nanoseconds to timer ticks is one multiplication and a shift.
 *
 * What is not here: reading the time (kernel/time/clock.c), and what happens
 * when the timer's interrupt comes (kernel/time/tick.c).
 */
#include <asm/tsc.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/panic.h>
#include <linux/printk.h>
#include <linux/string.h>
#include <asm/acpi.h>
#include <asm/apic.h>
#include <asm/fixmap.h>
#include <asm/io.h>
#include <asm/irq_vectors.h>
#include <asm/msr.h>
#include <asm/processor.h>

enum {
	PIT_HZ		= 1193182,
	PIT_CHANNEL2	= 0x42,
	PIT_MODE	= 0x43,
	PIT_CH2_ONE_SHOT = 0xb0,	/* two bytes, mode 0: count down once */
	PIT_CH2_LATCH	= 0x80,
	PIT_GATE	= 0x61,
	PIT_GATE_OPEN	= 0x01,
	PIT_SPEAKER	= 0x02,

	PM_TIMER_HZ	= 3579545,

	HPET_PERIOD	= 0x04 / 4,	/* 32-bit words of the mapped page */
	HPET_CONFIG	= 0x10 / 4,
	HPET_COUNTER	= 0xf0 / 4,
	HPET_RUN	= 1,

	WINDOW_MS	= 10,
	WINDOWS		= 2,
	TRIES		= 5,		/* readings, of which the tightest counts */
	SPINS_MAX	= 5000000,	/* if no clock ticks at all */
	TSC_KHZ_FASTEST	= 4000000,

	CMOS_INDEX	= 0x70,
	CMOS_DATA	= 0x71,
	CMOS_STATUS_A	= 0x0a,
	CMOS_UPDATING	= 0x80,
	CMOS_STATUS_B	= 0x0b,
	CMOS_24_HOURS	= 0x02,
	CMOS_BINARY	= 0x04,
	RTC_PM		= 0x80,		/* in the hour, if there are but 12 */
};

/* What the battery clock tells. */
enum { RTC_SECOND, RTC_MINUTE, RTC_HOUR, RTC_DAY, RTC_MONTH, RTC_YEAR, RTC_CENTURY, RTC_NR };

unsigned int tsc_khz;
EXPORT_SYMBOL(tsc_khz);
unsigned int lapic_timer_khz;

/* Timer ticks = nanoseconds * timer_mult >> 32. Constant after time_init(). */
static u64 timer_mult;
static u64 timer_max_ns;

static volatile u32 *hpet;

/* One clock of known speed: how to read it, and what it read in this window. */
struct reference {
	const char *name;
	u32 (*read)(void);
	u32 mask;			/* it counts modulo mask + 1 */
	u64 hz;				/* 0: is not there */
	u64 tsc0, tsc1;
	u32 count0, count1;
	unsigned int khz;		/* its opinion of the TSC; 0: none */
};

/* Mode 0 counts down from 0xffff, 55 ms, so it does not wrap within a window. */
static void __init pit_start(void)
{
	outb((inb(PIT_GATE) & ~PIT_SPEAKER) | PIT_GATE_OPEN, PIT_GATE);
	outb(PIT_CH2_ONE_SHOT, PIT_MODE);
	outb(0xff, PIT_CHANNEL2);
	outb(0xff, PIT_CHANNEL2);
}

static u32 __init pit_read(void)
{
	u32 low;

	outb(PIT_CH2_LATCH, PIT_MODE);
	low = inb(PIT_CHANNEL2);
	return 0xffff - (low | (u32)inb(PIT_CHANNEL2) << 8);
}

static u32 __init pm_timer_read(void)
{
	return inl(acpi_facts.pm_timer_port);
}

static u32 __init hpet_read(void)
{
	return hpet[HPET_COUNTER];
}

static u32 __init apic_timer_read(void)
{
	return ~apic_read(APIC_TMCCT);
}

/* Finest first. */
static struct reference references[] __initdata = {
	{ .name = "HPET",     .read = hpet_read,     .mask = 0xffffffff },
	{ .name = "PM timer", .read = pm_timer_read, .mask = 0xffffff },
	{ .name = "PIT",      .read = pit_read,      .mask = 0xffff, .hz = PIT_HZ },
};

static struct reference apic_timer __initdata = {
	.name = "APIC timer", .read = apic_timer_read, .mask = 0xffffffff,
};

#define for_each_reference(ref) \
	for (ref = references; ref < references + ARRAY_SIZE(references); ref++) \
		if (ref->hz)

/* Femtoseconds per tick tell the HPET's speed; more than 100 ns is not allowed. */
static u64 __init hpet_start(void)
{
	u32 period;

	if (acpi_facts.hpet_address)
		hpet = set_fixmap_offset_nocache(FIX_HPET_BASE, acpi_facts.hpet_address);
	if (!hpet)
		return 0;
	period = hpet[HPET_PERIOD];
	if (!period || period > 100000000)
		return 0;
	hpet[HPET_CONFIG] |= HPET_RUN;
	return 1000000000000000ull / period;
}

static u32 __init reference_read(const struct reference *ref, u64 *tsc)
{
	u64 before, after, tightest = ~0ull;
	u32 now, count = 0;
	int i;

	for (i = 0; i < TRIES; i++) {
		before = rdtsc_ordered();
		now = ref->read();
		after = rdtsc_ordered();
		if (after - before < tightest) {
			tightest = after - before;
			*tsc = before + tightest / 2;
			count = now;
		}
	}
	return count;
}

static u32 reference_ticks(const struct reference *ref)
{
	return (ref->count1 - ref->count0) & ref->mask;
}

/* Has some clock seen the window end? One that is dead or slow must not hold us up. */
static bool __init window_is_over(void)
{
	struct reference *ref;

	for_each_reference(ref) {
		if (((ref->read() - ref->count0) & ref->mask) >= ref->hz * WINDOW_MS / 1000)
			return true;
	}
	return false;
}

/* Fill in all opinions. */
static void __init measure(void)
{
	struct reference *ref;
	unsigned int spins = SPINS_MAX;

	pit_start();
	for_each_reference(ref)
		ref->count0 = reference_read(ref, &ref->tsc0);
	apic_timer.count0 = reference_read(&apic_timer, &apic_timer.tsc0);
	while (!window_is_over() && --spins)
		cpu_relax();
	for_each_reference(ref)
		ref->count1 = reference_read(ref, &ref->tsc1);
	apic_timer.count1 = reference_read(&apic_timer, &apic_timer.tsc1);

	for_each_reference(ref) {
		u32 ticks = reference_ticks(ref);

		ref->khz = ticks < 1000 ? 0 : (ref->tsc1 - ref->tsc0) * ref->hz / 1000 / ticks;
	}
}

static unsigned int __init difference(unsigned int a, unsigned int b)
{
	return a > b ? a - b : b - a;
}

static bool __init agree(const struct reference *a, const struct reference *b)
{
	return a->khz && b->khz && difference(a->khz, b->khz) <= a->khz / 100;
}

/* The finest two that agree, the finer first. Return: false: no two agree. */
static bool __init find_agreement(struct reference **first, struct reference **second)
{
	struct reference *a, *b;

	for_each_reference(a) {
		for (b = a + 1; b < references + ARRAY_SIZE(references); b++) {
			if (agree(a, b)) {
				*first = a;
				*second = b;
				return true;
			}
		}
	}
	return false;
}

/* Believe the finest clock that ticks at all. */
static struct reference * __init believe_one(void)
{
	struct reference *ref, *best = NULL;
	unsigned int opinions = 0;

	for_each_reference(ref) {
		if (!ref->khz)
			continue;
		opinions++;
		if (!best)
			best = ref;
	}
	if (!best)
		panic("No clock of known speed ticks (PIT, ACPI PM timer, HPET), so time can't be measured.");
	if (opinions > 1)
		pr_warn("time: no two clocks agree on the TSC's speed; believing the %s\n", best->name);
	else
		pr_info("time: TSC %u.%03u MHz by the %s alone; there is no other to check it by\n",
			best->khz / 1000, best->khz % 1000, best->name);
	return best;
}

static struct reference * __init choose(bool agreed, struct reference *a, struct reference *b)
{
	struct reference *ref;

	if (!agreed)
		a = believe_one();
	else
		pr_info("time: TSC %u.%03u MHz by %s and %s\n",
			a->khz / 1000, a->khz % 1000, a->name, b->name);
	for_each_reference(ref) {
		if (!ref->khz)
			pr_warn("time: the %s does not tick\n", ref->name);
		else if (!agree(ref, a))
			pr_warn("time: the %s disagrees: by it the TSC makes %u.%03u MHz\n",
				ref->name, ref->khz / 1000, ref->khz % 1000);
	}
	return a;
}

static void __init timer_set_speed(void)
{
	lapic_timer_khz = (u64)reference_ticks(&apic_timer) * tsc_khz /
			  (apic_timer.tsc1 - apic_timer.tsc0);
	if (lapic_timer_khz < 1000)
		panic("The local APIC's timer does not tick, so nothing could ever be preempted.");
	timer_mult = ((u64)lapic_timer_khz << 32) / 1000000;
	/* Half of what the 32 bits hold, so that neither the counter nor the product overflows. */
	timer_max_ns = (u64)0x7fffffff * 1000000 / lapic_timer_khz;
	pr_info("time: APIC timer %u.%03u MHz\n", lapic_timer_khz / 1000, lapic_timer_khz % 1000);
}

void __init time_init(void)
{
	struct reference *ref, *a = NULL, *b = NULL;
	bool agreed = false;
	int i, clocks = 0;

	references[0].hz = hpet_start();
	references[1].hz = acpi_facts.pm_timer_port ? PM_TIMER_HZ : 0;
	apic_write(APIC_TDCR, APIC_TDR_DIV_1);
	apic_timer_start(~0u);			/* masked: it only counts */
	for_each_reference(ref)
		clocks++;
	for (i = 0; i < WINDOWS && !agreed && (i == 0 || clocks > 1); i++) {
		measure();
		agreed = find_agreement(&a, &b);
	}
	apic_timer_start(0);
	tsc_khz = choose(agreed, a, b)->khz;
	timer_set_speed();
	time_init_cpu();
}

void time_init_cpu(void)
{
	apic_write(APIC_TDCR, APIC_TDR_DIV_1);
	apic_timer_start(0);
	apic_write(APIC_LVTT, LOCAL_TIMER_VECTOR);
}

void clockevent_program(u64 delta_ns)
{
	if (delta_ns > timer_max_ns)
		delta_ns = timer_max_ns;
	/* One more than the quotient: rounded up, so never early; and never 0, which would stop it. */
	apic_timer_start((delta_ns * timer_mult >> 32) + 1);
}

void tsc_delay(u64 usecs)
{
	u64 start = rdtsc(), ticks = usecs * (tsc_khz ? tsc_khz : TSC_KHZ_FASTEST) / 1000;

	while (rdtsc() - start <= ticks)
		cpu_relax();
}

static u8 cmos_read(u8 reg)
{
	outb(reg, CMOS_INDEX);
	return inb(CMOS_DATA);
}

static void rtc_read_raw(u8 raw[RTC_NR])
{
	static const u8 reg[RTC_NR] = { 0x00, 0x02, 0x04, 0x07, 0x08, 0x09 };
	int i;

	for (i = 0; i < RTC_CENTURY; i++)
		raw[i] = cmos_read(reg[i]);
	raw[RTC_CENTURY] = acpi_facts.century ? cmos_read(acpi_facts.century) : 0;
}

/* The clock changes under our eyes, so read until two readings in a row are the same. */
static bool rtc_read_stable(u8 raw[RTC_NR])
{
	u8 again[RTC_NR];
	int tries;

	for (tries = 0; tries < 100; tries++) {
		if (cmos_read(CMOS_STATUS_A) & CMOS_UPDATING) {
			tsc_delay(100);
			continue;
		}
		rtc_read_raw(raw);
		rtc_read_raw(again);
		if (!memcmp(raw, again, RTC_NR))
			return true;
	}
	return false;
}

/* Days from 1970-01-01; years are counted from March, so that the odd day comes last. */
static u64 days_since_1970(unsigned int year, unsigned int month, unsigned int day)
{
	unsigned int y = month > 2 ? year : year - 1;
	unsigned int m = month > 2 ? month - 3 : month + 9;

	return 365ul * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719468;
}

u64 read_persistent_clock(void)
{
	unsigned int field[RTC_NR], year, i;
	u8 raw[RTC_NR], status, pm;

	if (!rtc_read_stable(raw))
		return 0;
	status = cmos_read(CMOS_STATUS_B);
	pm = raw[RTC_HOUR] & RTC_PM;
	if (!(status & CMOS_24_HOURS))
		raw[RTC_HOUR] &= ~RTC_PM;
	for (i = 0; i < RTC_NR; i++)
		field[i] = status & CMOS_BINARY ? raw[i] : (raw[i] >> 4) * 10 + (raw[i] & 15);
	if (!(status & CMOS_24_HOURS))
		field[RTC_HOUR] = field[RTC_HOUR] % 12 + (pm ? 12 : 0);
	year = field[RTC_YEAR] + 100 * (field[RTC_CENTURY] ? field[RTC_CENTURY] : 20);
	if (year < 1970 || field[RTC_MONTH] - 1 > 11 || field[RTC_DAY] - 1 > 30 ||
	    field[RTC_HOUR] > 23 || field[RTC_MINUTE] > 59 || field[RTC_SECOND] > 60)
		return 0;
	return days_since_1970(year, field[RTC_MONTH], field[RTC_DAY]) * 86400 +
	       field[RTC_HOUR] * 3600 + field[RTC_MINUTE] * 60 + field[RTC_SECOND];
}
