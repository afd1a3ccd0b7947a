/* SPDX-License-Identifier: MIT */
/*
 * Per-CPU areas: every CPU's copy of the variables that DEFINE_PER_CPU() made, and room for alloc_percpu().
 *
 *   __per_cpu_start                         dynamic_start()          __per_cpu_end
 *   | what the linker collected             | PERCPU_DYNAMIC_RESERVE |     the pattern, in the image
 *   |                                       |                        |
 *   + __per_cpu_offset[n] (kernel/cpumask.c) is how far CPU n's area is from the pattern. CPU 0's is the pattern: 0.
 *
 * alloc_percpu() returns an address within the pattern's dynamic part, so that this_cpu_*() and per_cpu_ptr() treat it
 * like any other per-CPU variable. That part is cut in units of 16 bytes: `used` has a bit for each unit given out,
 * and `last` a bit for the last unit of each piece, which is how free_percpu() knows the length.
 *
 * Other CPUs' areas are copied when CPU 0's variables already have been used for a while. A variable that must not
 * begin with CPU 0's value is set by its owner afterwards (page_alloc_init_cpu(), for one).
 *
 * Locking: percpu_lock protects both bitmaps, and is taken with interrupts off.
 */
#include <linux/percpu.h>
#include <linux/bitmap.h>
#include <linux/bug.h>
#include <linux/cpumask.h>
#include <linux/export.h>
#include <linux/fault-inject.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#define UNIT		16
#define NR_UNITS	(PERCPU_DYNAMIC_RESERVE / UNIT)

static DEFINE_RAW_SPINLOCK(percpu_lock);
static DECLARE_BITMAP(used, NR_UNITS);
static DECLARE_BITMAP(last, NR_UNITS);

static unsigned long dynamic_start(void)
{
	return (unsigned long)__per_cpu_end - PERCPU_DYNAMIC_RESERVE;
}

/* Bits to wait for: those CPUs whose area is there. CPU 0's always is. */
static bool has_area(int cpu)
{
	return cpu == 0 || __per_cpu_offset[cpu];
}

static void zero_everywhere(unsigned long addr, size_t size)
{
	int cpu;

	for_each_possible_cpu(cpu)
		if (has_area(cpu))
			memset((void *)(addr + __per_cpu_offset[cpu]), 0, size);
}

void __percpu *__alloc_percpu(size_t size, size_t align)
{
	unsigned long nr = DIV_ROUND_UP(size, UNIT), unit, addr, flags;

	if (WARN_ONCE(!size || align > PAGE_SIZE || align & (align - 1),
		      "alloc_percpu: %zu bytes aligned to %zu cannot be had", size, align))
		return NULL;
	if (should_failslab(NULL, GFP_KERNEL))
		return NULL;
	raw_spin_lock_irqsave(&percpu_lock, flags);
	/* The dynamic part ends on a page boundary and is whole pages long, so units are aligned as addresses are. */
	unit = bitmap_find_next_zero_area(used, NR_UNITS, 0, nr, align > UNIT ? align / UNIT - 1 : 0);
	if (unit + nr <= NR_UNITS) {
		bitmap_set(used, unit, nr);
		__set_bit(unit + nr - 1, last);
	}
	raw_spin_unlock_irqrestore(&percpu_lock, flags);
	if (unit + nr > NR_UNITS) {
		pr_warn_ratelimited("percpu: no %zu bytes left of %d for each CPU\n", size, PERCPU_DYNAMIC_RESERVE);
		return NULL;
	}
	addr = dynamic_start() + unit * UNIT;
	zero_everywhere(addr, nr * UNIT);
	return (void *)addr;
}
EXPORT_SYMBOL(__alloc_percpu);

void free_percpu(void __percpu *ptr)
{
	unsigned long offset = (unsigned long)ptr - dynamic_start(), unit = offset / UNIT, end, flags;

	if (!ptr)
		return;
	if (WARN(offset >= PERCPU_DYNAMIC_RESERVE || offset % UNIT,
		 "free_percpu: %px did not come from alloc_percpu()", ptr))
		return;
	raw_spin_lock_irqsave(&percpu_lock, flags);
	end = find_next_bit(last, NR_UNITS, unit);
	if (!test_bit(unit, used) || (unit && test_bit(unit - 1, used) && !test_bit(unit - 1, last))) {
		raw_spin_unlock_irqrestore(&percpu_lock, flags);
		WARN(1, "free_percpu: %px is free already, or not the beginning of what alloc_percpu() gave", ptr);
		return;
	}
	__clear_bit(end, last);
	bitmap_clear(used, unit, end + 1 - unit);
	raw_spin_unlock_irqrestore(&percpu_lock, flags);
}
EXPORT_SYMBOL(free_percpu);

static void __init setup_area(int cpu)
{
	size_t size = __per_cpu_end - __per_cpu_start, fixed = size - PERCPU_DYNAMIC_RESERVE;
	char *area = alloc_pages_exact(size, GFP_ATOMIC);

	if (!area)
		panic("too little memory: no %zu KiB for the variables of CPU %d", size >> 10, cpu);
	memcpy(area, __per_cpu_start, fixed);
	memset(area + fixed, 0, PERCPU_DYNAMIC_RESERVE);
	__per_cpu_offset[cpu] = area - __per_cpu_start;
	per_cpu(this_cpu_off, cpu) = __per_cpu_offset[cpu];
	per_cpu(cpu_number, cpu) = cpu;
	per_cpu(lock_holder_id, cpu) = cpu + 1;
}

void __init setup_per_cpu_areas(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		if (!has_area(cpu))
			setup_area(cpu);
}
