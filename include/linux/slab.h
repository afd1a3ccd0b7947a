/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Memory by the byte: kmalloc() for anything, a kmem_cache for many objects of one size.
 * Whole pages: <linux/gfp.h>. Large and not needed contiguous in RAM: <linux/vmalloc.h>.
 *
 * Every object has a red zone behind it and, when free, is filled with a pattern: a write beyond the end,
 * a write after kfree(), a second kfree() and a kfree() of a pointer that never came from here are reported with
 * the cache, the object and who allocated and freed it, and the kernel goes on. `slub_debug` on the command
 * line checks every byte of every object (the default checks the first 32) and remembers pids.
 * https://www.kernel.org/doc/html/v6.1/core-api/memory-allocation.html
 */
#include <linux/types.h>
#include <linux/gfp.h>

/* Flags of kmem_cache_create(). Differs: red zones, poison and owners are always on, whether asked for or not. */
#define SLAB_CONSISTENCY_CHECKS	((slab_flags_t)0x00000100u)
#define SLAB_RED_ZONE		((slab_flags_t)0x00000400u)
#define SLAB_POISON		((slab_flags_t)0x00000800u)
#define SLAB_HWCACHE_ALIGN	((slab_flags_t)0x00002000u)	/* objects start on cache lines */
#define SLAB_STORE_USER		((slab_flags_t)0x00010000u)
#define SLAB_RECLAIM_ACCOUNT	((slab_flags_t)0x00020000u)
#define SLAB_PANIC		((slab_flags_t)0x00040000u)	/* panic if the cache cannot be made */
#define SLAB_TYPESAFE_BY_RCU	((slab_flags_t)0x00080000u)	/* Differs: such a cache never gives pages back */
#define SLAB_ACCOUNT		((slab_flags_t)0x04000000u)

#define KMALLOC_SHIFT_HIGH	13
#define KMALLOC_MAX_CACHE_SIZE	(1UL << KMALLOC_SHIFT_HIGH)			/* 8 KiB; larger comes in pages */
#define KMALLOC_MAX_ORDER	(MAX_ORDER - 1)
#define KMALLOC_MAX_SIZE	(PAGE_SIZE << KMALLOC_MAX_ORDER)	/* 4 MiB */
#define KMALLOC_MIN_SIZE	8
#define ARCH_KMALLOC_MINALIGN	8

/* What kmalloc(0) returns: not NULL, not to be touched, good for kfree(). */
#define ZERO_SIZE_PTR		((void *)16)
#define ZERO_OR_NULL_PTR(x)	((unsigned long)(x) <= (unsigned long)ZERO_SIZE_PTR)

struct kmem_cache;

/* kmem_cache_init - the caches of kmalloc(). Context: boot, once the page allocator works. */
void kmem_cache_init(void);

/*
 * kmem_cache_create - a cache of objects of @size bytes, aligned to @align (0: 8 bytes).
 * @name is not copied and must live as long as the cache. @ctor, if any, runs once when an object's memory comes
 * into the cache, not at each allocation: freed objects must be left constructed (and are not poisoned).
 * Context: thread. Return: the cache, or NULL (SLAB_PANIC: never).
 */
struct kmem_cache *kmem_cache_create(const char *name, unsigned int size, unsigned int align,
				     slab_flags_t flags, void (*ctor)(void *));
#define KMEM_CACHE(__struct, __flags) \
	kmem_cache_create(#__struct, sizeof(struct __struct), __alignof__(struct __struct), (__flags), NULL)

/*
 * kmem_cache_destroy - the end of a cache, of which all objects must have been freed. Objects still in use are
 * listed with who allocated them, and the cache then stays. NULL is ignored.
 * Context: thread, interrupts on.
 */
void kmem_cache_destroy(struct kmem_cache *s);

/* kmem_cache_shrink - give unused pages back. Context: thread, interrupts on. Return: 0. */
int kmem_cache_shrink(struct kmem_cache *s);

/* kmem_cache_shrink_all - the same for all caches, kmalloc()'s too: tests, and when memory is short. */
void kmem_cache_shrink_all(void);

/* slab_dead_cpu - take back what a CPU that is offline keeps of all caches. Context: thread. Return: 0. */
int slab_dead_cpu(unsigned int cpu);

/* kmem_cache_size - the size asked for. */
unsigned int kmem_cache_size(struct kmem_cache *s);

/*
 * kmem_cache_in_use - objects handed out and not yet freed. Exact when nothing allocates meanwhile.
 */
unsigned long kmem_cache_in_use(struct kmem_cache *s);

/*
 * kmem_cache_alloc - an object of the cache, zeroed with __GFP_ZERO or kmem_cache_zalloc().
 * Context: any; thread context that may sleep if @gfp contains __GFP_DIRECT_RECLAIM. Return: NULL when out of memory.
 */
void *kmem_cache_alloc(struct kmem_cache *s, gfp_t gfp);
static inline void *kmem_cache_zalloc(struct kmem_cache *s, gfp_t gfp)
{
	return kmem_cache_alloc(s, gfp | __GFP_ZERO);
}
static inline void *kmem_cache_alloc_node(struct kmem_cache *s, gfp_t gfp, int node)
{
	return kmem_cache_alloc(s, gfp);
}

/* kmem_cache_free - give an object back to the cache it came from. NULL is ignored. Context: any. */
void kmem_cache_free(struct kmem_cache *s, void *object);

/*
 * kmem_cache_alloc_bulk - @count objects or none. Return: @count or 0.
 * kmem_cache_free_bulk - free them all.
 */
int kmem_cache_alloc_bulk(struct kmem_cache *s, gfp_t gfp, size_t count, void **objects);
void kmem_cache_free_bulk(struct kmem_cache *s, size_t count, void **objects);

extern struct kmem_cache *kmalloc_caches[];

/* Which of kmalloc_caches[] serves @size (8 .. KMALLOC_MAX_CACHE_SIZE): powers of two, and 96 and 192. */
static inline __attribute__((always_inline)) unsigned int kmalloc_index(size_t size)
{
	if (size <= 8)
		return 3;
	if (size > 64 && size <= 96)
		return 1;
	if (size > 128 && size <= 192)
		return 2;
	return 64 - __builtin_clzl(size - 1);
}

void *__kmalloc(size_t size, gfp_t gfp);
void *kmalloc_trace(struct kmem_cache *s, gfp_t gfp, size_t size);
void *kmalloc_large(size_t size, gfp_t gfp);
void *__kmalloc_track_caller(size_t size, gfp_t gfp, unsigned long caller);

/*
 * kmalloc - @size bytes, at least 8-byte aligned (16 from 16 bytes on, and larger than 8 KiB page aligned).
 * Differs: powers of two are not aligned to themselves; make a kmem_cache with an alignment for that.
 * Context: any; thread context that may sleep with GFP_KERNEL. Return: NULL when out of memory or for more than
 * KMALLOC_MAX_SIZE; ZERO_SIZE_PTR for 0.
 */
static inline __attribute__((always_inline)) void *kmalloc(size_t size, gfp_t gfp)
{
	if (__builtin_constant_p(size) && size) {
		if (size > KMALLOC_MAX_CACHE_SIZE)
			return kmalloc_large(size, gfp);
		return kmalloc_trace(kmalloc_caches[kmalloc_index(size)], gfp, size);
	}
	return __kmalloc(size, gfp);
}

static inline __attribute__((always_inline)) void *kzalloc(size_t size, gfp_t gfp)
{
	return kmalloc(size, gfp | __GFP_ZERO);
}

/* kmalloc_array - @n times @size bytes; NULL also when the product does not fit. kcalloc - zeroed. */
static inline __attribute__((always_inline)) void *kmalloc_array(size_t n, size_t size, gfp_t gfp)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		return NULL;
	return kmalloc(bytes, gfp);
}

static inline __attribute__((always_inline)) void *kcalloc(size_t n, size_t size, gfp_t gfp)
{
	return kmalloc_array(n, size, gfp | __GFP_ZERO);
}

/* One memory node: the node is taken and ignored. */
static inline __attribute__((always_inline)) void *kmalloc_node(size_t size, gfp_t gfp, int node)
{
	return kmalloc(size, gfp);
}
static inline __attribute__((always_inline)) void *kzalloc_node(size_t size, gfp_t gfp, int node)
{
	return kzalloc(size, gfp);
}
static inline void *kmalloc_array_node(size_t n, size_t size, gfp_t gfp, int node)
{
	return kmalloc_array(n, size, gfp);
}
static inline void *kcalloc_node(size_t n, size_t size, gfp_t gfp, int node)
{
	return kcalloc(n, size, gfp);
}
#define kmalloc_track_caller(size, gfp) \
	__kmalloc_track_caller(size, gfp, (unsigned long)__builtin_return_address(0))

/*
 * krealloc - the block @p with room for @new_size bytes, moved if need be, contents kept up to the smaller of
 * both sizes. @p NULL: kmalloc(); @new_size 0: kfree() and ZERO_SIZE_PTR. Return: NULL when out of memory; @p
 * is then untouched.
 */
void *krealloc(const void *p, size_t new_size, gfp_t gfp);
void *krealloc_array(void *p, size_t new_n, size_t new_size, gfp_t gfp);

/*
 * kfree - give back what kmalloc(), its relatives or kmem_cache_alloc() gave. NULL is ignored.
 * Context: any, interrupts included. A bad pointer or a double free is reported and ignored.
 */
void kfree(const void *p);

/*
 * slab_watch - something at p is known elsewhere by its address: when the object that it lies in is freed, those who
 * have asked by slab_on_free_watched() look at that first. Nothing if p lies in no object. Not in Linux.
 * Context: any; slab_on_free_watched(): boot.
 */
void slab_watch(const void *p);
void slab_on_free_watched(void (*look)(void *object, size_t size));

/* kfree_sensitive - zero it first: keys. */
void kfree_sensitive(const void *p);
#define kzfree(p)	kfree_sensitive(p)

/* ksize - bytes that may be used behind @p: may be more than was asked for. 0 for NULL and ZERO_SIZE_PTR. */
size_t ksize(const void *p);

/*
 * slab_error_count - reports made so far (overruns, double frees, ...): a test that provokes one looks here.
 */
extern unsigned long slab_error_count;

/*
 * kmem_cache_for_each - call @fn(cache, data) for every cache, by age. Context: thread; @fn must not sleep.
 */
void kmem_cache_for_each(void (*fn)(struct kmem_cache *s, void *data), void *data);

/* Numbers of one cache for a listing (slabinfo). */
struct slabinfo {
	unsigned long active_objs, num_objs, num_slabs, pages;
	unsigned int object_size, stride, objects_per_slab, order;
};
void kmem_cache_get_info(struct kmem_cache *s, struct slabinfo *info);

/* mem dups and strings made by kmalloc(): declared in <linux/string.h> too. kvmalloc: falls back to vmalloc(). */
void *kvmalloc(size_t size, gfp_t gfp);
void kvfree(const void *p);
static inline void *kvzalloc(size_t size, gfp_t gfp)
{
	return kvmalloc(size, gfp | __GFP_ZERO);
}
static inline void *kvmalloc_array(size_t n, size_t size, gfp_t gfp)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		return NULL;
	return kvmalloc(bytes, gfp);
}
static inline void *kvcalloc(size_t n, size_t size, gfp_t gfp)
{
	return kvmalloc_array(n, size, gfp | __GFP_ZERO);
}
