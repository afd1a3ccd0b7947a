/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Forgetting translations. A CPU keeps the translations it has used; who changes a present page table entry must
 * flush on every CPU before the page behind it is used for anything else.
 */
#include <linux/types.h>

/*
 * flush_tlb_all - no CPU remembers anything. flush_tlb_kernel_range - nothing in [@start, @end).
 * Context: thread, interrupts on (or boot, with one CPU online). Return when all online CPUs have done it.
 */
void flush_tlb_all(void);
void flush_tlb_kernel_range(unsigned long start, unsigned long end);

/* flush_tlb_local - this CPU only. A new CPU calls it right after it has become online. Context: any. */
void flush_tlb_local(void);

/* How many flushes by all CPUs there were since boot. */
extern unsigned long tlb_shootdown_count;
