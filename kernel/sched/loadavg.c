/* SPDX-License-Identifier: MIT */
/*
 * The load average.
 *
 * Every LOAD_FREQ ticks the number of active threads (running, queued, or in uninterruptible sleep) is mixed into three
 * averages, each of which forgets the old at its own pace:
 *
 *	load = load * exp + active * (1 - exp)		exp: e to the -5 s / 1, 5 or 15 minutes
 *
 * No thread is looked at for that. Each CPU counts who is on its queue anyway, and how many fell asleep uninterruptibly
 * there less how many of such were woken there. One CPU's difference may be negative, as threads wake elsewhere than
 * they fell asleep; the sum is right.
 *
 * An idle CPU has no ticks, so the step is made by whoever ticks first after it is due, or asks for the averages. When
 * all were idle for longer than that, steps were missed. In these nobody ran, or there would have been a tick: they are
 * made up for with the sleepers alone, all at once (calc_load_n).
 *
 * Locking: load_lock for the averages; a tick that finds it taken leaves the step to the holder.
 * Read next: core.c, where sleepers are counted.
 */
#include "sched.h"
#include <linux/jiffies.h>
#include <linux/sched/loadavg.h>

static DEFINE_RAW_SPINLOCK(load_lock);
static unsigned long averages[3];	/* load_lock; read without it */
static unsigned long next_step = INITIAL_JIFFIES + LOAD_FREQ;	/* likewise */

/* Rounded up while it rises, so that a steady load of 1 arrives at 1.00. */
unsigned long calc_load(unsigned long load, unsigned long exp, unsigned long active)
{
	unsigned long sum = load * exp + active * (FIXED_1 - exp);

	if (active >= load)
		sum += FIXED_1 - 1;
	return sum / FIXED_1;
}

/* x^n, by squaring. */
static unsigned long power(unsigned long x, unsigned int n)
{
	unsigned long result = FIXED_1;

	for (; n; n >>= 1) {
		if (n & 1)
			result = (result * x + FIXED_1 / 2) >> FSHIFT;
		x = (x * x + FIXED_1 / 2) >> FSHIFT;
	}
	return result;
}

unsigned long calc_load_n(unsigned long load, unsigned long exp, unsigned long active, unsigned int n)
{
	return calc_load(load, power(exp, n), active);
}

static void step(unsigned long active, unsigned int n)
{
	static const unsigned long exps[] = { EXP_1, EXP_5, EXP_15 };

	for (int i = 0; i < 3; i++)
		WRITE_ONCE(averages[i], calc_load_n(averages[i], exps[i], active << FSHIFT, n));
}

static unsigned long positive(long n)
{
	return max(n, 0L);
}

/* Threads that sleep uninterruptibly; counts may be caught in the middle of a move. */
static long nr_sleepers(void)
{
	long sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(cpu_rq(cpu)->nr_uninterruptible);
	return sum;
}

void calc_global_load(void)
{
	unsigned long late, missed, flags;

	if (time_before(jiffies, READ_ONCE(next_step)) || !raw_spin_trylock_irqsave(&load_lock, flags))
		return;
	late = jiffies - next_step;
	if ((long)late >= 0) {
		missed = late / LOAD_FREQ;
		/* The last one is late, too, if it is not just due. */
		missed += late % LOAD_FREQ > 2;
		if (missed)
			step(positive(nr_sleepers()), missed);
		if (late % LOAD_FREQ <= 2)
			step(positive(nr_sleepers() + nr_running()), 1);
		WRITE_ONCE(next_step, next_step + (late / LOAD_FREQ + 1) * LOAD_FREQ);
	}
	raw_spin_unlock_irqrestore(&load_lock, flags);
}

void get_avenrun(unsigned long *loads, unsigned long offset, int shift)
{
	calc_global_load();
	for (int i = 0; i < 3; i++)
		loads[i] = (READ_ONCE(averages[i]) + offset) << shift;
}
