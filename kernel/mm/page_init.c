/* SPDX-License-Identifier: MIT */
/*
 * From the firmware's memory map to the page allocator's first free page.
 *
 * boot_info lists what is where; of the usable RAM we leave out the first MiB (real mode's tables, and the page where
 * other CPUs start), the kernel image, the loader's modules, and the array of struct page itself. That array, mem_map,
 * must exist before there is an allocator to get it from, so it is cut from the first range that is large enough.
 * It covers the holes between RAM ranges, too (32 bytes a page frame: 8 MiB for the 1 GiB hole of a PC with more than
 * 3 GiB): in return, going from an address to its struct page is a shift and an add.
 *
 * boot.S has mapped the first 4 GiB only. What lies above joins after paging_init(), by page_alloc_add_high().
 *
 * Read next: page_alloc.c.
 */
#include <linux/mm.h>
#include <linux/bug.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/panic.h>
#include <linux/printk.h>
#include <linux/string.h>
#include <asm/boot_info.h>

#include "mm.h"

#define EARLY_MAP_END	(4UL << 30)
#define LOW_MEMORY_END	(1UL << 20)
#define MIN_FREE	(4UL << 20)	/* below that not even the smallest machine comes up */

extern char _text[], _end[];

struct range {
	u64 start, end;
};

static struct range taken[BOOT_MAX_MODULES + 2] __initdata;
static unsigned int nr_taken __initdata;
static u64 mem_limit __initdata = 1ULL << MAX_PHYSMEM_BITS;

/* mem=SIZE: RAM from that address on is not used. */
static int __init parse_mem(char *arg)
{
	u64 limit = arg ? memparse(arg, NULL) : 0;

	if (limit)
		mem_limit = min(mem_limit, limit & PAGE_MASK);
	else
		pr_warn("mem=%s: a size was expected, like mem=512M; ignored\n", arg ?: "");
	return 0;
}
early_param("mem", parse_mem);

static void __init take(u64 start, u64 end)
{
	BUG_ON(nr_taken == ARRAY_SIZE(taken));
	taken[nr_taken++] = (struct range){ start & PAGE_MASK, PAGE_ALIGN(end) };
}

/* The lowest part of `r` that is taken; an empty range if none is. */
static struct range __init first_taken(struct range r)
{
	struct range first = { r.end, r.end };

	for (unsigned int i = 0; i < nr_taken; i++) {
		struct range t = taken[i];

		if (t.start < r.end && t.end > r.start && t.start < first.start)
			first = t;
	}
	return first;
}

/* Cuts the untaken ranges of usable RAM in [from, to), rounded inwards to pages, one per call. False: that was all. */
static bool __init next_free_range(unsigned int *i, u64 *from, u64 to, struct range *found)
{
	for (; *i < boot_info.nr_mem; (*i)++) {
		struct boot_mem *m = &boot_info.mem[*i];
		struct range r = { PAGE_ALIGN(max(m->start, *from)), min(m->end, to) & PAGE_MASK };

		while (m->type == BOOT_MEM_USABLE && r.start < r.end) {
			struct range t = first_taken(r);

			*found = (struct range){ r.start, min(t.start, r.end) };
			*from = r.start = t.end > t.start ? t.end : r.end;
			if (found->start < found->end)
				return true;
		}
	}
	return false;
}

static u64 __init usable_bytes(u64 from, u64 to)
{
	struct range r;
	unsigned int i = 0;
	u64 sum = 0;

	while (next_free_range(&i, &from, to, &r))
		sum += r.end - r.start;
	return sum;
}

static void __init __noreturn too_little(u64 have, u64 need)
{
	panic("too little memory: %llu KiB of RAM are usable besides the kernel itself (%lu KiB), %llu KiB are needed",
	      have >> 10, (unsigned long)(_end - _text) >> 10, need >> 10);
}

/* Is all of the kernel image in usable RAM? Where there is none, writes are lost and reads return rubbish. */
static bool __init image_fits(void)
{
	u64 start = __pa_symbol(_text), end = __pa_symbol(_end);

	for (unsigned int i = 0; i < boot_info.nr_mem && start < end; i++) {
		struct boot_mem *m = &boot_info.mem[i];

		if (m->type == BOOT_MEM_USABLE && m->start <= start && m->end > start)
			start = m->end;
	}
	return start >= end;
}

static void __init place_mem_map(void)
{
	u64 size = PAGE_ALIGN(max_pfn * sizeof(struct page)), from = LOW_MEMORY_END;
	u64 have = usable_bytes(LOW_MEMORY_END, min(mem_limit, (u64)EARLY_MAP_END));
	struct range r;
	unsigned int i = 0;

	if (have < size + MIN_FREE)
		too_little(have, size + MIN_FREE);
	while (next_free_range(&i, &from, min(mem_limit, (u64)EARLY_MAP_END), &r)) {
		if (r.end - r.start < size)
			continue;
		mem_map = __va(r.start);
		memset(mem_map, 0, size);
		take(r.start, r.start + size);
		return;
	}
	panic("the memory map is in pieces: none below 4 GiB has the %llu KiB that the list of pages takes",
	      size >> 10);
}

static void __init add_ranges(u64 from, u64 to)
{
	struct range r;
	unsigned int i = 0;

	while (next_free_range(&i, &from, to, &r))
		page_alloc_add_range(PHYS_PFN(r.start), PHYS_PFN(r.end));
}

void __init page_alloc_init(void)
{
	u64 top = 0;

	if (!image_fits())
		panic("too little memory: the kernel alone needs RAM from %#lx to %#lx",
		      __pa_symbol(_text), __pa_symbol(_end));
	take(__pa_symbol(_text), __pa_symbol(_end));
	for (unsigned int i = 0; i < boot_info.nr_mod; i++)
		take(boot_info.mod[i].start, boot_info.mod[i].end);
	for (unsigned int i = 0; i < boot_info.nr_mem; i++)
		if (boot_info.mem[i].type == BOOT_MEM_USABLE)
			top = max(top, boot_info.mem[i].end);
	if (top > 1ULL << MAX_PHYSMEM_BITS)
		pr_warn("memory: RAM above %llu GiB is left alone\n", 1ULL << (MAX_PHYSMEM_BITS - 30));
	max_pfn = PHYS_PFN(min(top, mem_limit));
	place_mem_map();
	page_alloc_init_lists();
	add_ranges(LOW_MEMORY_END, min(mem_limit, (u64)EARLY_MAP_END));
}

void __init page_alloc_add_high(void)
{
	add_ranges(EARLY_MAP_END, max(mem_limit, (u64)EARLY_MAP_END));
	pr_info("memory: %lu MiB free, kernel %lu KiB, list of pages %lu KiB\n", nr_free_pages() >> (20 - PAGE_SHIFT),
		(unsigned long)(_end - _text) >> 10, max_pfn * sizeof(struct page) >> 10);
}
