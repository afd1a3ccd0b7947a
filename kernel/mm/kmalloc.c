/* SPDX-License-Identifier: MIT */
/*
 * kmalloc(): memory of any size, from thirteen caches (8 bytes to 8 KiB: powers of two, and 96 and 192), or, above
 * that, from whole pages.
 *
 * kfree() gets nothing but an address. The struct page behind it knows: every page of a slab names its cache, and the
 * first page of a block given out whole has the state PAGE_LARGE.
 *
 * Read next: slab.c, where the caches are.
 */
#include "slab.h"
#include <linux/bug.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/string.h>

#define NR_KMALLOC_CACHES	(KMALLOC_SHIFT_HIGH + 1)

struct kmem_cache *kmalloc_caches[NR_KMALLOC_CACHES];
EXPORT_SYMBOL(kmalloc_caches);

static struct kmem_cache cache_structs[NR_KMALLOC_CACHES];

/* By kmalloc_index(). */
static const struct {
	const char *name;
	u32 size;
} kinds[NR_KMALLOC_CACHES] = {
	[1] = { "kmalloc-96", 96 },	[2] = { "kmalloc-192", 192 },
	[3] = { "kmalloc-8", 8 },	[4] = { "kmalloc-16", 16 },	[5] = { "kmalloc-32", 32 },
	[6] = { "kmalloc-64", 64 },	[7] = { "kmalloc-128", 128 },	[8] = { "kmalloc-256", 256 },
	[9] = { "kmalloc-512", 512 },	[10] = { "kmalloc-1k", 1024 },	[11] = { "kmalloc-2k", 2048 },
	[12] = { "kmalloc-4k", 4096 },	[13] = { "kmalloc-8k", 8192 },
};

void __init kmalloc_init(void)
{
	for (int i = 1; i < NR_KMALLOC_CACHES; i++) {
		struct kmem_cache *s = &cache_structs[i];

		if (kmem_cache_setup(s, kinds[i].name, kinds[i].size, kinds[i].size < 16 ? 8 : 16, 0, NULL))
			panic("too little memory: not even for %s", kinds[i].name);
		kmalloc_caches[i] = s;
	}
}

void *kmalloc_trace(struct kmem_cache *s, gfp_t gfp, size_t size)
{
	return slab_alloc(s, gfp, size, CALLER);
}
EXPORT_SYMBOL(kmalloc_trace);

void *kmalloc_large(size_t size, gfp_t gfp)
{
	struct page *page;

	if (unlikely(size > KMALLOC_MAX_SIZE)) {
		WARN_ONCE(!(gfp & __GFP_NOWARN), "kmalloc: %zu bytes are more than it can ever give (%lu)", size,
			  KMALLOC_MAX_SIZE);
		return NULL;
	}
	page = alloc_pages(gfp, get_order(size));
	if (!page)
		return NULL;
	page->state = PAGE_LARGE;
	return page_address(page);
}
EXPORT_SYMBOL(kmalloc_large);

void *__kmalloc_track_caller(size_t size, gfp_t gfp, unsigned long caller)
{
	if (unlikely(size > KMALLOC_MAX_CACHE_SIZE))
		return kmalloc_large(size, gfp);
	if (unlikely(!size))
		return ZERO_SIZE_PTR;
	return slab_alloc(kmalloc_caches[kmalloc_index(size)], gfp, size, caller);
}
EXPORT_SYMBOL(__kmalloc_track_caller);

void *__kmalloc(size_t size, gfp_t gfp)
{
	return __kmalloc_track_caller(size, gfp, CALLER);
}
EXPORT_SYMBOL(__kmalloc);

/* The page behind an address that kmalloc() may have given: one of the direct map. NULL: it cannot have. */
static __always_inline struct page *page_of(const void *p)
{
	unsigned long pfn = ((unsigned long)p - PAGE_OFFSET) >> PAGE_SHIFT;

	return likely(pfn < max_pfn) ? pfn_to_page(pfn) : NULL;
}

static bool is_large(const struct page *page, const void *p)
{
	return page && page->state == PAGE_LARGE && !offset_in_page(p);
}

static noinline void free_large(struct page *page, const void *p, unsigned long caller)
{
	if (!is_large(page, p)) {
		slab_report_not_ours(p, caller);
		return;
	}
	page->state = PAGE_USED;
	__free_pages(page, page->order);
}

void kfree(const void *p)
{
	struct page *page;

	if (unlikely(ZERO_OR_NULL_PTR(p)))
		return;
	page = page_of(p);
	if (unlikely(!page || !page->slab_cache)) {
		free_large(page, p, CALLER);
		return;
	}
	slab_free(page->slab_cache, (void *)p, CALLER);
}
EXPORT_SYMBOL(kfree);

/* How much room is behind p. 0: p did not come from kmalloc(). */
static size_t room_behind(const void *p)
{
	struct page *page = page_of(p);

	if (page && page->slab_cache && object_index(page->slab_cache, p) >= 0)
		return page->slab_cache->object_size;
	return is_large(page, p) ? PAGE_SIZE << page->order : 0;
}

/* From now on the owner uses `size` bytes of the object. */
static void change_size(const void *p, size_t size)
{
	struct kmem_cache *s = virt_to_page(p)->slab_cache;

	if (s)
		set_object_size((void *)p, tag_of(s, p), size);
}

static size_t size_in_use(const void *p)
{
	struct kmem_cache *s = virt_to_page(p)->slab_cache;

	return s ? tag_of(s, p)->size : room_behind(p);
}

size_t ksize(const void *p)
{
	size_t room;

	if (ZERO_OR_NULL_PTR(p))
		return 0;
	room = room_behind(p);
	if (!room)
		slab_report_not_ours(p, CALLER);
	else
		change_size(p, room);	/* the caller may use all of it now */
	return room;
}
EXPORT_SYMBOL(ksize);

void kfree_sensitive(const void *p)
{
	size_t room = ZERO_OR_NULL_PTR(p) ? 0 : room_behind(p);

	if (room)
		memzero_explicit((void *)p, size_in_use(p));
	kfree(p);
}
EXPORT_SYMBOL(kfree_sensitive);

void *krealloc(const void *p, size_t new_size, gfp_t gfp)
{
	size_t room, old_size;
	void *fresh;

	if (ZERO_OR_NULL_PTR(p))
		return __kmalloc_track_caller(new_size, gfp, CALLER);
	if (!new_size) {
		kfree(p);
		return ZERO_SIZE_PTR;
	}
	room = room_behind(p);
	if (!room) {
		slab_report_not_ours(p, CALLER);
		return NULL;
	}
	old_size = size_in_use(p);
	if (new_size <= room) {
		if (gfp & __GFP_ZERO && new_size > old_size)
			memset((char *)p + old_size, 0, new_size - old_size);
		change_size(p, new_size);
		return (void *)p;
	}
	fresh = __kmalloc_track_caller(new_size, gfp, CALLER);
	if (fresh) {
		memcpy(fresh, p, old_size);
		kfree(p);
	}
	return fresh;
}
EXPORT_SYMBOL(krealloc);

void *krealloc_array(void *p, size_t new_n, size_t new_size, gfp_t gfp)
{
	size_t bytes;

	if (__builtin_mul_overflow(new_n, new_size, &bytes))
		return NULL;
	return krealloc(p, bytes, gfp);
}
EXPORT_SYMBOL(krealloc_array);
