/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Whole pages: 2^order of them, contiguous, from the buddy allocator (kernel/mm/page_alloc.c).
 * For anything smaller than a page use kmalloc() of <linux/slab.h>; for many pages that need not be
 * contiguous in RAM use vmalloc() of <linux/vmalloc.h>.
 *
 * GFP_KERNEL may sleep and asks shrinkers for memory before it fails; GFP_ATOMIC does neither and may be
 * used anywhere, also in interrupts. Both return NULL when there is no memory, and say so once in a while
 * unless __GFP_NOWARN is given.
 * https://www.kernel.org/doc/html/v6.1/core-api/memory-allocation.html
 */
#include <linux/types.h>
#include <linux/topology.h>
#include <asm/page.h>

#define MAX_ORDER		11	/* orders 0 .. MAX_ORDER - 1: blocks up to 4 MiB */

#define __GFP_DMA32		((gfp_t)0x0004u)	/* Differs: ignored, there are no zones */
#define __GFP_HIGH		((gfp_t)0x0020u)	/* may use the last reserve of pages */
#define __GFP_IO		((gfp_t)0x0040u)
#define __GFP_FS		((gfp_t)0x0080u)
#define __GFP_ZERO		((gfp_t)0x0100u)	/* filled with zeroes */
#define __GFP_DIRECT_RECLAIM	((gfp_t)0x0400u)	/* may sleep */
#define __GFP_KSWAPD_RECLAIM	((gfp_t)0x0800u)
#define __GFP_NOWARN		((gfp_t)0x2000u)	/* fail without a word */
#define __GFP_RETRY_MAYFAIL	((gfp_t)0x4000u)
#define __GFP_NOFAIL		((gfp_t)0x8000u)	/* panics rather than return NULL (Differs: Linux loops) */
#define __GFP_NORETRY		((gfp_t)0x10000u)	/* fail without asking the shrinkers */
#define __GFP_COMP		((gfp_t)0x40000u)
#define __GFP_ACCOUNT		((gfp_t)0x400000u)
#define __GFP_THISNODE		((gfp_t)0x200000u)

#define __GFP_RECLAIM		(__GFP_DIRECT_RECLAIM | __GFP_KSWAPD_RECLAIM)

#define GFP_ATOMIC		(__GFP_HIGH | __GFP_KSWAPD_RECLAIM)
#define GFP_NOWAIT		(__GFP_KSWAPD_RECLAIM)
#define GFP_NOIO		(__GFP_RECLAIM)
#define GFP_NOFS		(__GFP_RECLAIM | __GFP_IO)
#define GFP_KERNEL		(__GFP_RECLAIM | __GFP_IO | __GFP_FS)
#define GFP_KERNEL_ACCOUNT	(GFP_KERNEL | __GFP_ACCOUNT)
#define GFP_USER		GFP_KERNEL

struct page;

static inline bool gfpflags_allow_blocking(const gfp_t gfp_flags)
{
	return gfp_flags & __GFP_DIRECT_RECLAIM;
}

/*
 * alloc_pages - 2^@order contiguous pages, aligned to their size.
 * Context: any; thread context that may sleep if @gfp contains __GFP_DIRECT_RECLAIM (GFP_KERNEL does).
 * Return: the first page, or NULL. Free with __free_pages() and the same order.
 */
struct page *alloc_pages(gfp_t gfp, unsigned int order);
#define alloc_page(gfp)		alloc_pages(gfp, 0)
static inline struct page *alloc_pages_node(int nid, gfp_t gfp, unsigned int order)
{
	return alloc_pages(gfp, order);
}

/* __get_free_pages - as alloc_pages(), but returns the address in the direct map, or 0. */
unsigned long __get_free_pages(gfp_t gfp, unsigned int order);
#define __get_free_page(gfp)	__get_free_pages(gfp, 0)
unsigned long get_zeroed_page(gfp_t gfp);

/*
 * alloc_pages_exact - @size bytes of pages, without rounding up to a power of two.
 * Context, Return: as __get_free_pages(). Free with free_pages_exact() and the same size.
 */
void *alloc_pages_exact(size_t size, gfp_t gfp);
void free_pages_exact(void *virt, size_t size);

/*
 * __free_pages - give pages back. A page that is free already, and a block freed with another order than
 * it was allocated with, are reported with a sentence and a backtrace, and left alone.
 * Context: any, interrupts included.
 */
void __free_pages(struct page *page, unsigned int order);
#define __free_page(page)	__free_pages(page, 0)

/* free_pages - the same by address; 0 is ignored. */
void free_pages(unsigned long addr, unsigned int order);
#define free_page(addr)		free_pages(addr, 0)

/*
 * drain_all_pages - empty every CPU's list of single pages into the buddy lists.
 * Context: thread, interrupts on.
 */
void drain_all_pages(void);
