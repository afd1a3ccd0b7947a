/* SPDX-License-Identifier: MIT */
/*
 * The page allocator: all RAM in blocks of 2^order pages.
 *
 * The buddy lists. free_area[n] lists the free blocks of order n. A block is aligned to its size, so each has one
 * buddy: the block that differs in address bit n only. Taking a block splits a larger one until it fits and lists the
 * halves; giving one back unites it with its buddy as long as that is free, too:
 *
 *        0       1       2       3       4       5       6       7
 *      [            order 2            ] [   order 1   ] [ 0 ] used
 *                                                               ^ page 7 comes back: 6+7, then 4..7, then 0..7
 *
 * What a page is stands in its struct page (enum page_state), and only the first page of a block says more than
 * "inside a block". So splitting and uniting touch one struct page a step, and a page that is freed twice, or with
 * another order than it was allocated with, is found out by looking at one byte.
 *
 * The CPUs' lists. Nearly all requests are for single pages (thread stacks, slabs, page tables). Each CPU keeps some
 * of its own, taken and given back in batches, so that the usual request takes no lock that another CPU could hold:
 * interrupts off is enough. Such pages count as free; drain_all_pages() brings them home.
 *
 * Locking: buddy_lock protects free_area[] and buddy_free, and state, order and lru of free blocks. It is taken with
 * interrupts off, and nothing is called under it. A CPU's list belongs to that CPU with interrupts off. The struct
 * page of an allocated block belongs to whoever allocated it.
 *
 * When there is none left: the last pages (`reserve`) go only to requests that cannot wait (GFP_ATOMIC). A request
 * that may sleep asks the shrinkers (shrinker.c) and tries again before it fails. Who wants to act earlier watches the
 * low-water mark; the example of a reclaim thread does (kernel/examples/reclaim.c).
 *
 * Rejected: zones, and a reclaim thread that always runs, because there are neither devices with short addresses nor
 * pages that could be written to a disk.
 *
 * Read next: page_init.c (where the pages come from), slab.c (what becomes of most of them).
 */
#include <linux/mm.h>
#include <linux/bug.h>
#include <linux/cpumask.h>
#include <linux/export.h>
#include <linux/kasan.h>
#include <linux/fault-inject.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/percpu.h>
#include <linux/printk.h>
#include <linux/smp.h>
#include <linux/spinlock.h>

#include "mm.h"

#define PCP_BATCH	16	/* pages moved between a CPU's list and the buddy lists at a time */
#define PCP_HIGH	64	/* the most a CPU keeps */

struct page *mem_map;
unsigned long max_pfn;

static DEFINE_RAW_SPINLOCK(buddy_lock);
static struct list_head free_area[MAX_ORDER];	/* under buddy_lock, as the next */
static unsigned long buddy_free;		/* pages on all lists together */
static unsigned long nr_managed;		/* constant once booted, as the next */
static unsigned long reserve;

/* Single free pages of one CPU: that CPU only, interrupts off (others may read count). */
struct pcp {
	struct list_head list;
	unsigned int count;
};

static DEFINE_PER_CPU(struct pcp, pcp);

static void list_block(struct page *page, unsigned int order)
{
	page->state = PAGE_FREE;
	page->order = order;
	list_add(&page->lru, &free_area[order]);
}

/* Give a block back to the lists, united with every free buddy. */
static void buddy_give(struct page *page, unsigned int order)
{
	unsigned long pfn = page_to_pfn(page);

	lockdep_assert_held(&buddy_lock);
	buddy_free += 1UL << order;
	for (; order < MAX_ORDER - 1; order++) {
		unsigned long buddy_pfn = pfn ^ (1UL << order);
		struct page *buddy = pfn_to_page(buddy_pfn);

		if (buddy_pfn >= max_pfn || buddy->state != PAGE_FREE || buddy->order != order)
			break;
		list_del(&buddy->lru);
		pfn_to_page(pfn | (1UL << order))->state = PAGE_BODY;
		pfn &= ~(1UL << order);
	}
	list_block(pfn_to_page(pfn), order);
}

/* Take a block off the lists, split to the order wanted. NULL: none left for this kind of request. */
static struct page *buddy_take(gfp_t gfp, unsigned int order)
{
	unsigned int found = order;
	struct page *page;

	lockdep_assert_held(&buddy_lock);
	if (!(gfp & __GFP_HIGH) && buddy_free < reserve + (1UL << order))
		return NULL;
	while (found < MAX_ORDER && list_empty(&free_area[found]))
		found++;
	if (found == MAX_ORDER)
		return NULL;
	page = list_first_entry(&free_area[found], struct page, lru);
	list_del(&page->lru);
	while (found > order) {
		found--;
		list_block(page + (1UL << found), found);
	}
	buddy_free -= 1UL << order;
	page->state = PAGE_USED;
	page->order = order;
	return page;
}

static void pcp_refill(struct pcp *here, gfp_t gfp)
{
	raw_spin_lock(&buddy_lock);
	while (here->count < PCP_BATCH) {
		struct page *page = buddy_take(gfp, 0);

		if (!page)
			break;
		page->state = PAGE_PCP;
		list_add_tail(&page->lru, &here->list);
		here->count++;
	}
	raw_spin_unlock(&buddy_lock);
}

/* Gives back the pages that have been unused for the longest. */
static void pcp_give_back(struct pcp *here, unsigned int nr)
{
	raw_spin_lock(&buddy_lock);
	here->count -= nr;
	while (nr--) {
		struct page *page = list_last_entry(&here->list, struct page, lru);

		list_del(&page->lru);
		page->state = PAGE_BODY;
		buddy_give(page, 0);
	}
	raw_spin_unlock(&buddy_lock);
}

static struct page *alloc_single(gfp_t gfp)
{
	struct page *page = NULL;
	unsigned long flags;
	struct pcp *here;

	local_irq_save(flags);
	here = this_cpu_ptr(&pcp);
	if (unlikely(!here->count)) {
		pcp_refill(here, gfp);
		check_low_water(READ_ONCE(buddy_free));
	}
	if (likely(here->count)) {
		page = list_first_entry(&here->list, struct page, lru);
		list_del(&page->lru);
		here->count--;
		page->state = PAGE_USED;
	}
	local_irq_restore(flags);
	return page;
}

static struct page *alloc_block(gfp_t gfp, unsigned int order)
{
	struct page *page;
	unsigned long flags;

	if (order == 0)
		return alloc_single(gfp);
	raw_spin_lock_irqsave(&buddy_lock, flags);
	page = buddy_take(gfp, order);
	raw_spin_unlock_irqrestore(&buddy_lock, flags);
	check_low_water(READ_ONCE(buddy_free));
	return page;
}

/* Nothing was free: ask those who hold memory they could do without, if the caller may wait for that. */
static noinline struct page *alloc_reclaiming(gfp_t gfp, unsigned int order, void *caller)
{
	bool may_reclaim = gfpflags_allow_blocking(gfp) && !(gfp & __GFP_NORETRY) && preemptible();

	for (int round = 0; may_reclaim && round < 4; round++) {
		unsigned long freed = shrink_memory(gfp, 0);
		struct page *page;

		drain_all_pages();
		page = alloc_block(gfp, order);
		if (page)
			return page;
		if (!freed)
			break;
	}
	if (gfp & __GFP_NOFAIL)
		panic("out of memory: 2^%u pages that must not fail, %lu of %lu pages are free",
		      order, nr_free_pages(), nr_managed);
	if (!(gfp & __GFP_NOWARN))
		pr_warn_ratelimited("memory: no block of 2^%u pages for %pS (gfp %#x): %lu of %lu pages are free\n",
				    order, caller, gfp, nr_free_pages(), nr_managed);
	return NULL;
}

struct page *alloc_pages(gfp_t gfp, unsigned int order)
{
	struct page *page;

	if (gfpflags_allow_blocking(gfp) && unlikely(!preemptible()))
		might_sleep();
	if (unlikely(order >= MAX_ORDER)) {
		WARN_ONCE(!(gfp & __GFP_NOWARN), "alloc_pages: 2^%u pages are more than the largest block", order);
		return NULL;
	}
	if (should_fail_alloc_page(gfp, order))
		return NULL;
	page = alloc_block(gfp, order);
	if (unlikely(!page))
		page = alloc_reclaiming(gfp, order, __builtin_return_address(0));
	if (page)
		kasan_alloc_pages(page, order);
	if (page && gfp & __GFP_ZERO)
		for (unsigned int i = 0; i < 1U << order; i++)
			clear_page(page_address(page + i));
	return page;
}
EXPORT_SYMBOL(alloc_pages);

unsigned long __get_free_pages(gfp_t gfp, unsigned int order)
{
	struct page *page = alloc_pages(gfp, order);

	return page ? (unsigned long)page_address(page) : 0;
}
EXPORT_SYMBOL(__get_free_pages);

unsigned long get_zeroed_page(gfp_t gfp)
{
	return __get_free_pages(gfp | __GFP_ZERO, 0);
}
EXPORT_SYMBOL(get_zeroed_page);

/* The first page of the block that `page` lies in, if that block is free. */
static struct page *free_block_around(struct page *page)
{
	unsigned long pfn = page_to_pfn(page);

	for (unsigned int order = 0; order < MAX_ORDER; order++) {
		struct page *head = pfn_to_page(pfn & ~((1UL << order) - 1));

		if (head->state == PAGE_FREE && head->order >= order)
			return head;
	}
	return NULL;
}

static __cold noinline void report_bad_free(struct page *page, unsigned int order)
{
	unsigned long pfn = page_to_pfn(page);

	if (page->state == PAGE_PCP || free_block_around(page))
		WARN(1, "page %#lx is freed a second time: it is free already", pfn);
	else if (page->state == PAGE_USED)
		WARN(1, "page %#lx is freed with order %u, but was allocated with order %u", pfn, order, page->order);
	else if (page->state == PAGE_NONE)
		WARN(1, "page %#lx is freed, but never belonged to the page allocator", pfn);
	else if (page->state == PAGE_BODY)
		WARN(1, "page %#lx is freed, but lies in the middle of a larger block", pfn);
	else
		WARN(1, "page %#lx is freed as a page, but kmalloc() gave it out: use kfree()", pfn);
}

static void free_single(struct page *page)
{
	unsigned long flags;
	struct pcp *here;

	local_irq_save(flags);
	here = this_cpu_ptr(&pcp);
	page->state = PAGE_PCP;
	list_add(&page->lru, &here->list);
	if (unlikely(++here->count > PCP_HIGH))
		pcp_give_back(here, PCP_BATCH);
	local_irq_restore(flags);
}

void __free_pages(struct page *page, unsigned int order)
{
	unsigned long flags;

	if (unlikely(page->state != PAGE_USED || page->order != order)) {
		report_bad_free(page, order);
		return;
	}
	kasan_free_pages(page, order);
	if (order == 0) {
		free_single(page);
		return;
	}
	raw_spin_lock_irqsave(&buddy_lock, flags);
	page->state = PAGE_BODY;
	buddy_give(page, order);
	raw_spin_unlock_irqrestore(&buddy_lock, flags);
}
EXPORT_SYMBOL(__free_pages);

void free_pages(unsigned long addr, unsigned int order)
{
	if (!addr)
		return;
	if (WARN(!virt_addr_valid((void *)addr), "free_pages: %#lx is not an address of the direct map", addr))
		return;
	__free_pages(virt_to_page((void *)addr), order);
}
EXPORT_SYMBOL(free_pages);

void *alloc_pages_exact(size_t size, gfp_t gfp)
{
	unsigned int order = get_order(size);
	struct page *page = alloc_pages(gfp, order);

	if (!page)
		return NULL;
	for (unsigned long i = 0; i < 1UL << order; i++) {
		page[i].state = PAGE_USED;
		page[i].order = 0;
	}
	for (unsigned long i = PFN_UP(size); i < 1UL << order; i++)
		__free_page(page + i);
	return page_address(page);
}
EXPORT_SYMBOL(alloc_pages_exact);

void free_pages_exact(void *virt, size_t size)
{
	for (size_t done = 0; done < size; done += PAGE_SIZE)
		free_page((unsigned long)virt + done);
}
EXPORT_SYMBOL(free_pages_exact);

static void drain_this_cpu(void *unused)
{
	struct pcp *here = this_cpu_ptr(&pcp);

	lockdep_assert_irqs_disabled();
	pcp_give_back(here, here->count);
}

/* Nobody is on that CPU any more. */
int page_alloc_dead_cpu(unsigned int cpu)
{
	struct pcp *there = per_cpu_ptr(&pcp, cpu);
	unsigned long flags;

	local_irq_save(flags);
	pcp_give_back(there, there->count);
	local_irq_restore(flags);
	return 0;
}

void drain_all_pages(void)
{
	on_each_cpu(drain_this_cpu, NULL, 1);
}

void memory_settle(void)
{
	drain_thread_stacks();
	kmem_cache_shrink_all();
	drain_all_pages();
}

unsigned long totalram_pages(void)
{
	return nr_managed;
}
EXPORT_SYMBOL(totalram_pages);

unsigned long nr_free_pages(void)
{
	unsigned long nr = READ_ONCE(buddy_free);
	int cpu;

	for_each_online_cpu(cpu)
		nr += READ_ONCE(per_cpu(pcp, cpu).count);
	return nr;
}
EXPORT_SYMBOL(nr_free_pages);

void page_alloc_init_cpu(int cpu)
{
	INIT_LIST_HEAD(&per_cpu(pcp, cpu).list);
	per_cpu(pcp, cpu).count = 0;
}

void __init page_alloc_init_lists(void)
{
	for (int order = 0; order < MAX_ORDER; order++)
		INIT_LIST_HEAD(&free_area[order]);
	page_alloc_init_cpu(0);
}

/* [pfn, end) is RAM that nobody uses: put it on the lists in blocks as large as alignment and length allow. */
void __init page_alloc_add_range(unsigned long pfn, unsigned long end)
{
	unsigned long flags;

	BUG_ON(end > max_pfn);
	raw_spin_lock_irqsave(&buddy_lock, flags);
	nr_managed += end - pfn;
	for (unsigned long i = pfn; i < end; i++)
		pfn_to_page(i)->state = PAGE_BODY;
	while (pfn < end) {
		unsigned int order = pfn ? min_t(unsigned int, MAX_ORDER - 1, __builtin_ctzl(pfn)) : MAX_ORDER - 1;

		while (pfn + (1UL << order) > end)
			order--;
		buddy_give(pfn_to_page(pfn), order);
		pfn += 1UL << order;
	}
	reserve = min(nr_managed / 64, 256UL);
	raw_spin_unlock_irqrestore(&buddy_lock, flags);
}
