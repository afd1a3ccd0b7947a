/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * struct page: one for each page of RAM, in the array mem_map. Functions on it are in <linux/mm.h>.
 * Differs from Linux: it says only whose page it is; no flags, no reference count, no mapping, for nothing is shared
 * with a user space.
 */
#include <linux/types.h>

struct kmem_cache;

/*
 * What a page is. Zero, as the array starts: none of ours (a hole, the firmware's, the kernel image).
 * Only the first page of a block of 2^order changes its state; the others stay PAGE_BODY whatever the block is.
 */
enum page_state {
	PAGE_NONE,	/* not managed here */
	PAGE_BODY,	/* inside a block, not its first */
	PAGE_FREE,	/* first of a free block on a buddy list */
	PAGE_PCP,	/* single, free, on a CPU's list */
	PAGE_USED,	/* first of an allocated block */
	PAGE_SLAB,	/* first of an allocated block that holds slab objects */
	PAGE_LARGE,	/* first of an allocated block that kmalloc() gave out whole */
};

/* Who may touch: state, order: page_alloc.c, and the owner of an allocated block. The rest: the owner. */
struct page {
	u8 state;			/* enum page_state */
	u8 order;			/* of the block, in its first page */
	u16 first_free;			/* slab: its first free object, SLAB_LIST_END if none; under the cache's lock */
	u32 inuse;			/* slab: objects not on its free list; page table: entries in use */
	struct kmem_cache *slab_cache;	/* in every page of a slab; NULL in every other page */
	struct list_head lru;		/* the list the block is on */
};
