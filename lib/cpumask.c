/* SPDX-License-Identifier: MIT */
/* Sets of CPUs: the constant ones, and the searches too long to be inline. */
#include <linux/cpumask.h>
#include <linux/build_bug.h>
#include <linux/export.h>

const struct cpumask __cpu_all_mask = { CPU_BITS_ALL };
EXPORT_SYMBOL(__cpu_all_mask);

const struct cpumask __cpu_none_mask = { CPU_BITS_NONE };
EXPORT_SYMBOL(__cpu_none_mask);

/* Row n holds only CPU n. */
#define ROW(n)		[n] = { [BIT_WORD(n)] = BIT_MASK(n) }
#define ROWS4(n)	ROW(n), ROW(n + 1), ROW(n + 2), ROW(n + 3)
#define ROWS16(n)	ROWS4(n), ROWS4(n + 4), ROWS4(n + 8), ROWS4(n + 12)

const unsigned long cpu_bit_bitmap[NR_CPUS][BITS_TO_LONGS(NR_CPUS)] = {
	ROWS16(0), ROWS16(16), ROWS16(32), ROWS16(48),
};
EXPORT_SYMBOL(cpu_bit_bitmap);

static_assert(NR_CPUS == 64, "cpu_bit_bitmap has a row per CPU");

unsigned int cpumask_next_wrap(int n, const struct cpumask *mask, int start, bool wrap)
{
	unsigned int next = cpumask_next(n, mask);

	if (wrap && n < start && next >= (unsigned int)start)
		return nr_cpumask_bits;
	if (next >= nr_cpumask_bits && !wrap)
		return cpumask_next_wrap(-1, mask, start, true);
	return next;
}
EXPORT_SYMBOL(cpumask_next_wrap);

unsigned int cpumask_any_but(const struct cpumask *mask, unsigned int cpu)
{
	unsigned int i = cpumask_first(mask);

	return i == cpu ? cpumask_next(i, mask) : i;
}
EXPORT_SYMBOL(cpumask_any_but);
