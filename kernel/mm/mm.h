/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What the files of kernel/mm/ have to say to each other only.
 */
#include <linux/compiler.h>
#include <linux/mm.h>
#include <linux/slab.h>

/* page_alloc.c, for page_init.c: empty lists, then RAM to put on them. Context: boot. */
void page_alloc_init_lists(void);
void page_alloc_add_range(unsigned long pfn, unsigned long end);

/* low_water.c, for page_alloc.c: pages were taken off the buddy lists, `free` are left there. No lock may be held. */
extern unsigned long low_water_pages;
void low_water_reached(void);
static inline void check_low_water(unsigned long free)
{
	if (unlikely(free < READ_ONCE(low_water_pages)))
		low_water_reached();
}
