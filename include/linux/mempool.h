/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Memory pools: an allocator that always succeeds in a thread, because min_nr elements are kept aside; who finds
 * neither memory nor an element waits until one is freed. For code that must make progress when memory is short.
 * Semantics: Linux's mm/mempool.c, kernel-doc.
 */
#include <linux/types.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

struct kmem_cache;

typedef void *(mempool_alloc_t)(gfp_t gfp_mask, void *pool_data);
typedef void (mempool_free_t)(void *element, void *pool_data);

typedef struct mempool_s {
	spinlock_t		lock;
	int			min_nr;		/* lock */
	int			curr_nr;	/* lock: of them are here */
	void			**elements;	/* lock */
	void			*pool_data;	/* constant, as are the functions */
	mempool_alloc_t		*alloc;
	mempool_free_t		*free;
	wait_queue_head_t	wait;		/* for an element */
} mempool_t;

/*
 * mempool_create: a pool with min_nr elements, made by alloc_fn(GFP_KERNEL, pool_data). NULL: no memory.
 * mempool_destroy: all elements must have been freed; NULL is ignored. mempool_init, mempool_exit: the same for a
 * mempool_t of yours; 0 or -ENOMEM. mempool_resize: 0 or -ENOMEM. Context: thread, may sleep.
 */
mempool_t *mempool_create(int min_nr, mempool_alloc_t *alloc_fn, mempool_free_t *free_fn, void *pool_data);
mempool_t *mempool_create_node(int min_nr, mempool_alloc_t *alloc_fn, mempool_free_t *free_fn, void *pool_data,
			       gfp_t gfp_mask, int node_id);
void mempool_destroy(mempool_t *pool);
int mempool_init(mempool_t *pool, int min_nr, mempool_alloc_t *alloc_fn, mempool_free_t *free_fn, void *pool_data);
void mempool_exit(mempool_t *pool);
int mempool_resize(mempool_t *pool, int new_min_nr);

static inline bool mempool_initialized(mempool_t *pool)
{
	return pool->elements;
}

/*
 * mempool_alloc: an element. May sleep, and never fails, with GFP_KERNEL; with GFP_ATOMIC or GFP_NOWAIT NULL when there
 * is none. __GFP_ZERO is a mistake: an element from the pool is not zeroed. mempool_free: back to the pool if that
 * lacks elements, else to its allocator; NULL is ignored. Context: any that the functions allow.
 */
void *mempool_alloc(mempool_t *pool, gfp_t gfp_mask);
void mempool_free(void *element, mempool_t *pool);

/* Ready-made functions: pool_data is a cache, a size, an order of pages. */
void *mempool_alloc_slab(gfp_t gfp_mask, void *pool_data);
void mempool_free_slab(void *element, void *pool_data);
void *mempool_kmalloc(gfp_t gfp_mask, void *pool_data);
void mempool_kfree(void *element, void *pool_data);
void *mempool_alloc_pages(gfp_t gfp_mask, void *pool_data);
void mempool_free_pages(void *element, void *pool_data);

static inline mempool_t *mempool_create_slab_pool(int min_nr, struct kmem_cache *kc)
{
	return mempool_create(min_nr, mempool_alloc_slab, mempool_free_slab, kc);
}

static inline mempool_t *mempool_create_kmalloc_pool(int min_nr, size_t size)
{
	return mempool_create(min_nr, mempool_kmalloc, mempool_kfree, (void *)size);
}

static inline mempool_t *mempool_create_page_pool(int min_nr, int order)
{
	return mempool_create(min_nr, mempool_alloc_pages, mempool_free_pages, (void *)(long)order);
}

static inline int mempool_init_slab_pool(mempool_t *pool, int min_nr, struct kmem_cache *kc)
{
	return mempool_init(pool, min_nr, mempool_alloc_slab, mempool_free_slab, kc);
}

static inline int mempool_init_kmalloc_pool(mempool_t *pool, int min_nr, size_t size)
{
	return mempool_init(pool, min_nr, mempool_kmalloc, mempool_kfree, (void *)size);
}
