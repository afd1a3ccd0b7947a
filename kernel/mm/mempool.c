/* SPDX-License-Identifier: MIT */
/*
 * Memory pools. An allocation asks the allocator first and takes one of the pool's own elements when that has nothing;
 * a free fills the pool up first. So the pool is nearly always full, and what it keeps is there when memory is short.
 *
 * Who may sleep and gets nothing waits on the pool's queue. ORDER(sleep-wake): he is on the queue before he looks
 * again; mempool_free() adds the element, under the lock, before it wakes.
 *
 * Locking: pool->lock, from any context.
 */
#include <linux/mempool.h>
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>

static void *take(mempool_t *pool)
{
	void *element = NULL;
	unsigned long flags;

	spin_lock_irqsave(&pool->lock, flags);
	if (pool->curr_nr)
		element = pool->elements[--pool->curr_nr];
	spin_unlock_irqrestore(&pool->lock, flags);
	return element;
}

/* Return: was it lacking? */
static bool give(mempool_t *pool, void *element)
{
	unsigned long flags;
	bool lacking;

	spin_lock_irqsave(&pool->lock, flags);
	lacking = pool->curr_nr < pool->min_nr;
	if (lacking)
		pool->elements[pool->curr_nr++] = element;
	spin_unlock_irqrestore(&pool->lock, flags);
	return lacking;
}

static int fill(mempool_t *pool)
{
	while (pool->curr_nr < pool->min_nr) {
		void *element = pool->alloc(GFP_KERNEL, pool->pool_data);

		if (!element)
			return -ENOMEM;
		if (!give(pool, element))
			pool->free(element, pool->pool_data);
	}
	return 0;
}

void mempool_exit(mempool_t *pool)
{
	void *element;

	while ((element = take(pool)))
		pool->free(element, pool->pool_data);
	kfree(pool->elements);
	pool->elements = NULL;
}
EXPORT_SYMBOL(mempool_exit);

int mempool_init(mempool_t *pool, int min_nr, mempool_alloc_t *alloc_fn, mempool_free_t *free_fn, void *pool_data)
{
	*pool = (mempool_t){ .min_nr = min_nr, .alloc = alloc_fn, .free = free_fn, .pool_data = pool_data };
	spin_lock_init(&pool->lock);
	init_waitqueue_head(&pool->wait);
	pool->elements = kmalloc_array(max(min_nr, 1), sizeof(void *), GFP_KERNEL);
	if (!pool->elements)
		return -ENOMEM;
	if (fill(pool)) {
		mempool_exit(pool);
		return -ENOMEM;
	}
	return 0;
}
EXPORT_SYMBOL(mempool_init);

mempool_t *mempool_create(int min_nr, mempool_alloc_t *alloc_fn, mempool_free_t *free_fn, void *pool_data)
{
	mempool_t *pool = kzalloc(sizeof(*pool), GFP_KERNEL);

	if (pool && mempool_init(pool, min_nr, alloc_fn, free_fn, pool_data)) {
		kfree(pool);
		return NULL;
	}
	return pool;
}
EXPORT_SYMBOL(mempool_create);

mempool_t *mempool_create_node(int min_nr, mempool_alloc_t *alloc_fn, mempool_free_t *free_fn, void *pool_data,
			       gfp_t gfp_mask, int node_id)
{
	return mempool_create(min_nr, alloc_fn, free_fn, pool_data);
}
EXPORT_SYMBOL(mempool_create_node);

void mempool_destroy(mempool_t *pool)
{
	if (!pool)
		return;
	WARN(pool->curr_nr < pool->min_nr, "mempool_destroy(): %d of %d elements were not freed\n",
	     pool->min_nr - pool->curr_nr, pool->min_nr);
	mempool_exit(pool);
	kfree(pool);
}
EXPORT_SYMBOL(mempool_destroy);

int mempool_resize(mempool_t *pool, int new_min_nr)
{
	void **elements = kmalloc_array(max(new_min_nr, 1), sizeof(void *), GFP_KERNEL), **old, *element;
	unsigned long flags;

	if (!elements)
		return -ENOMEM;
	while (READ_ONCE(pool->curr_nr) > new_min_nr && (element = take(pool)))
		pool->free(element, pool->pool_data);
	spin_lock_irqsave(&pool->lock, flags);
	old = pool->elements;
	if (pool->curr_nr <= new_min_nr) {
		memcpy(elements, old, pool->curr_nr * sizeof(void *));
		pool->elements = elements;
		pool->min_nr = new_min_nr;
	} else {
		old = elements;		/* filled again meanwhile */
	}
	spin_unlock_irqrestore(&pool->lock, flags);
	kfree(old);
	return fill(pool);
}
EXPORT_SYMBOL(mempool_resize);

void *mempool_alloc(mempool_t *pool, gfp_t gfp_mask)
{
	gfp_t gently = (gfp_mask | __GFP_NOWARN) & ~__GFP_ZERO;
	DEFINE_WAIT(wait);
	void *element;

	WARN_ONCE(gfp_mask & __GFP_ZERO, "mempool_alloc() with __GFP_ZERO: an element of the pool is not zeroed\n");
	might_sleep_if(gfpflags_allow_blocking(gfp_mask));
	for (;;) {
		element = pool->alloc(gently, pool->pool_data);
		if (!element)
			element = take(pool);
		if (element || !gfpflags_allow_blocking(gfp_mask))
			return element;
		/* ORDER(sleep-wake): on the queue, then a last look. */
		prepare_to_wait(&pool->wait, &wait, TASK_UNINTERRUPTIBLE);
		element = take(pool);
		if (!element)
			io_schedule_timeout(5 * HZ);
		finish_wait(&pool->wait, &wait);
		if (element)
			return element;
	}
}
EXPORT_SYMBOL(mempool_alloc);

void mempool_free(void *element, mempool_t *pool)
{
	if (!element)
		return;
	if (!give(pool, element)) {
		pool->free(element, pool->pool_data);
		return;
	}
	if (wq_has_sleeper(&pool->wait))
		wake_up(&pool->wait);
}
EXPORT_SYMBOL(mempool_free);

/* ---- ready-made functions ---- */

void *mempool_alloc_slab(gfp_t gfp_mask, void *pool_data)
{
	return kmem_cache_alloc(pool_data, gfp_mask);
}
EXPORT_SYMBOL(mempool_alloc_slab);

void mempool_free_slab(void *element, void *pool_data)
{
	kmem_cache_free(pool_data, element);
}
EXPORT_SYMBOL(mempool_free_slab);

void *mempool_kmalloc(gfp_t gfp_mask, void *pool_data)
{
	return kmalloc((size_t)pool_data, gfp_mask);
}
EXPORT_SYMBOL(mempool_kmalloc);

void mempool_kfree(void *element, void *pool_data)
{
	kfree(element);
}
EXPORT_SYMBOL(mempool_kfree);

void *mempool_alloc_pages(gfp_t gfp_mask, void *pool_data)
{
	return alloc_pages(gfp_mask, (long)pool_data);
}
EXPORT_SYMBOL(mempool_alloc_pages);

void mempool_free_pages(void *element, void *pool_data)
{
	__free_pages(element, (long)pool_data);
}
EXPORT_SYMBOL(mempool_free_pages);
