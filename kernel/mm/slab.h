/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The inside of a kmem_cache, for slab.c (making, taking, giving), kmalloc.c (any size) and slab_report.c (mistakes).
 */
#include <linux/slab.h>
#include <linux/fault-inject.h>
#include <linux/kasan.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/poison.h>
#include <linux/irqflags.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/spinlock_types.h>
#include <linux/string.h>

#define SLAB_LIST_END	0xffff			/* end of a slab's free list */

#define RED_FREE	0xbbbbbbbbbbbbbbbbUL	/* red zone of an object that is free */
#define RED_USED	0xccccccccccccccccUL	/* ... of one that is in use */
#define RED_WATCHED	0xcccccccccccccc57UL	/* ... and that is looked at when it is freed (slab_watch.c) */
#define CANARY		0xcc			/* the byte behind what was asked for, where there is room for it */
#define FAST_POISON	4			/* words poisoned and checked in each object, unless slub_debug */

/* What lies behind each object, whether in use or free. Return addresses fit: code lies in the top 2 GiB. */
struct slab_tag {
	u64 red;			/* the red zone: an overrun hits it first */
	u32 alloc_ip, free_ip;		/* who allocated it last, who freed it last: lower halves of code addresses */
	u32 pid;			/* of whichever came last; only with slub_debug */
	u16 size;			/* bytes asked for */
	u16 next;			/* free in its slab: number of the next free one */
#ifdef CONFIG_KASAN
	u32 alloc_trace[KASAN_TRACE], free_trace[KASAN_TRACE];	/* likewise, newest first, ended by 0 */
#endif
};

/* One CPU's free objects, the last freed on top. That CPU only, interrupts off. */
struct kmem_cache_cpu {
	unsigned int nr;
	void *objects[];		/* kmem_cache.cpu_max of them */
};

struct kmem_cache {
	/* Constant after kmem_cache_create(), all down to ctor. */
	struct kmem_cache_cpu *cpu;	/* per CPU */
	u32 tag_offset;			/* from an object to its tag: object_size rounded up to 8 */
	u32 poison_words;		/* 0: never poisoned (ctor, typesafe) */
	u32 object_size;
	u32 stride;			/* from one object to the next */
	u32 reciprocal;			/* 2^32 / stride, rounded up: makes division a multiplication */
	u32 slab_mask;			/* slab's size in bytes, less 1 */
	u16 nr_objects;			/* per slab */
	u16 cpu_max, batch;
	u8 order;
	u32 align;
	slab_flags_t flags;
	const char *name;
	void (*ctor)(void *);

	raw_spinlock_t lock;		/* protects the rest, and tag.next, first_free, inuse, lru of the slabs */
	struct list_head partial;	/* slabs with a free object, those wholly free at the end */
	struct list_head full;
	unsigned long nr_slabs, nr_empty, nr_out;	/* nr_out: objects not on a slab's free list */
	struct list_head list;		/* of all caches, under caches_lock */
};

/* What is wrong with an object, for slab_report(). */
enum slab_mistake {
	SLAB_WRITE_AFTER_FREE,
	SLAB_OVERRUN,
	SLAB_DOUBLE_FREE,
	SLAB_BAD_POINTER,
	SLAB_WRONG_CACHE,
	SLAB_LEAK,
};

/* slab_report - say it, count it. Context: any. */
void slab_report(struct kmem_cache *s, void *object, enum slab_mistake mistake, unsigned long caller);
void slab_report_not_ours(const void *p, unsigned long caller);

/* Fill in a cache that has no memory of its own yet. Context: boot or thread. Return: 0 or -ENOMEM. */
int kmem_cache_setup(struct kmem_cache *s, const char *name, u32 size, u32 align, slab_flags_t flags,
		     void (*ctor)(void *));

void kmalloc_init(void);

static inline struct slab_tag *tag_of(const struct kmem_cache *s, const void *object)
{
	return (struct slab_tag *)((char *)object + s->tag_offset);
}

/* The number of an object within its slab, or -1 if `object` is not where an object begins. */
static inline int object_index(const struct kmem_cache *s, const void *object)
{
	u32 offset = (unsigned long)object & s->slab_mask;
	u32 index = (u64)offset * s->reciprocal >> 32;

	return index * s->stride == offset && index < s->nr_objects ? (int)index : -1;
}

/* The object that p points into. */
static inline void *object_around(const struct kmem_cache *s, const void *p)
{
	u32 offset = (unsigned long)p & s->slab_mask;
	u32 index = (u64)offset * s->reciprocal >> 32;

	return (char *)p - offset + index * s->stride;
}

/* Remember how much was asked for, and mark the byte behind it if there is one before the tag. */
static __always_inline void set_object_size(void *object, struct slab_tag *tag, size_t size)
{
	u8 *end = (u8 *)object + size;

	tag->size = size;
	if (end < (u8 *)tag)
		*end = CANARY;
	kasan_set_size(object, size, tag + 1);
}

static inline bool canary_is_whole(const struct kmem_cache *s, const void *object)
{
	u16 size = tag_of(s, object)->size;

	return size >= s->tag_offset || ((const u8 *)object)[size] == CANARY;
}

/* Fill a free object, or as much of it as this kernel checks. Is it as it was filled? */
void slab_poison(struct kmem_cache *s, void *object);
bool slab_poison_is_whole(struct kmem_cache *s, void *object);

/* In slab_watch.c: a watched object is being freed. */
void slab_look_at(struct kmem_cache *s, void *object);

/* The general forms, for all that the fast ones below do not handle. In slab.c. */
void *slab_alloc_slow(struct kmem_cache *s, gfp_t gfp, size_t size, unsigned long caller);
void *slab_finish_alloc(struct kmem_cache *s, void *object, gfp_t gfp, size_t size, unsigned long caller);
void slab_free_slow(struct kmem_cache *s, void *object, unsigned long caller);
/* It is known that it may be freed. */
void slab_free_checked(struct kmem_cache *s, void *object, unsigned long caller);

/*
 * The usual allocation and the usual free: this CPU has one, or has room for one, and nothing is wrong. Each is copied
 * into the functions that callers use. No value is needed after a call, so they save no registers and are about 50
 * instructions long.
 */
static __always_inline void *slab_alloc(struct kmem_cache *s, gfp_t gfp, size_t size, unsigned long caller)
{
	struct kmem_cache_cpu *c;
	struct slab_tag *tag;
	unsigned long flags;
	u64 *word;

	local_irq_save(flags);
	c = this_cpu_ptr(s->cpu);
	if (unlikely(!c->nr || atomic_read(&fault_injection_on))) {
		local_irq_restore(flags);
		return slab_alloc_slow(s, gfp, size, caller);
	}
	word = c->objects[--c->nr];
	local_irq_restore(flags);

	tag = tag_of(s, word);
	if (unlikely(gfp & __GFP_DIRECT_RECLAIM && (irqs_disabled_flags(flags) || in_atomic())) ||
	    unlikely(s->poison_words != FAST_POISON || tag->red != RED_FREE || word[0] != POISON_WORD ||
		     word[1] != POISON_WORD || word[2] != POISON_WORD || word[3] != POISON_LAST))
		return slab_finish_alloc(s, word, gfp, size, caller);
	tag->red = RED_USED;
	tag->alloc_ip = caller;
	set_object_size(word, tag, size);
	kasan_slab_alloc(s, word);
	return unlikely(gfp & __GFP_ZERO) ? memset(word, 0, size) : word;
}

static __always_inline void slab_free(struct kmem_cache *s, void *object, unsigned long caller)
{
	struct slab_tag *tag = tag_of(s, object);
	struct kmem_cache_cpu *c;
	unsigned long flags;
	u64 *word = object;

	if (kasan_slab_free(s, object, caller))
		return;
	/* A pointer into an object finds no red zone where the tag should be: only the slow form needs to count. */
	if (unlikely(tag->red != RED_USED || !canary_is_whole(s, object) || s->poison_words != FAST_POISON)) {
		slab_free_slow(s, object, caller);
		return;
	}
	local_irq_save(flags);
	c = this_cpu_ptr(s->cpu);
	if (unlikely(c->nr == s->cpu_max)) {
		local_irq_restore(flags);
		slab_free_slow(s, object, caller);
		return;
	}
	tag->red = RED_FREE;
	tag->free_ip = caller;
	word[0] = word[1] = word[2] = POISON_WORD;
	word[3] = POISON_LAST;
	c->objects[c->nr++] = object;
	local_irq_restore(flags);
}

#define CALLER	((unsigned long)__builtin_return_address(0))
