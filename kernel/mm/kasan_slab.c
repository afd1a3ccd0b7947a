/* SPDX-License-Identifier: MIT */
/*
 * KASAN's books about objects: an object's bytes are allowed from its allocation, as many as were asked for, to its
 * free. Who did either is kept, as a backtrace, in the object's tag.
 *
 * A freed object must not be handed out again at once, or a use after free hits a new object and looks innocent. So it
 * goes to the end of a queue of its CPU, the quarantine, and the oldest one there is freed instead. To the slab
 * allocator an object in quarantine is in use.
 *
 * Locking: the quarantine is its CPU's, with interrupts off.
 */
#include "kasan.h"
#include "slab.h"
#include <linux/kasan.h>
#include <linux/smp.h>
#include <linux/stacktrace.h>

#define QUARANTINE	256

struct quarantine {
	unsigned int first, nr;
	struct {
		struct kmem_cache *s;
		void *object;
	} kept[QUARANTINE];
};

static DEFINE_PER_CPU(struct quarantine, quarantine);

static void keep_trace(u32 *trace)
{
	unsigned long entries[KASAN_TRACE];
	unsigned int n = stack_trace_save(entries, KASAN_TRACE, 2);

	for (unsigned int i = 0; i < KASAN_TRACE; i++)
		trace[i] = i < n ? (u32)entries[i] : 0;
}

void kasan_set_size(const void *p, size_t size, const void *end)
{
	kasan_poison(p, (const char *)end - (const char *)p, KASAN_REDZONE);
	kasan_unpoison(p, size);
}

void kasan_new_slab(const void *p, size_t size)
{
	kasan_poison(p, size, KASAN_REDZONE);
}

void kasan_slab_alloc(struct kmem_cache *s, void *object)
{
	keep_trace(tag_of(s, object)->alloc_trace);
}

/* The oldest is really freed. Interrupts are off. */
static void release_oldest(struct quarantine *q)
{
	struct kmem_cache *s = q->kept[q->first].s;
	void *object = q->kept[q->first].object;
	unsigned long caller = 0xffffffff00000000UL | tag_of(s, object)->free_ip;

	q->first = (q->first + 1) % QUARANTINE;
	q->nr--;
	if (!slab_poison_is_whole(s, object))	/* by code that is compiled without the calls, or told before */
		slab_report(s, object, SLAB_WRITE_AFTER_FREE, caller);
	slab_free_checked(s, object, caller);
}

void kasan_quarantine_flush(unsigned int cpu)
{
	struct quarantine *q = &per_cpu(quarantine, cpu);
	unsigned long flags;

	local_irq_save(flags);
	while (q->nr)
		release_oldest(q);
	local_irq_restore(flags);
}

static void flush_here(void *unused)
{
	kasan_quarantine_flush(smp_processor_id());
}

void kasan_quarantine_drain(void)
{
	on_each_cpu(flush_here, NULL, 1);
}

static void put_aside(struct kmem_cache *s, void *object)
{
	struct quarantine *q;
	unsigned long flags;
	unsigned int i;

	local_irq_save(flags);
	q = this_cpu_ptr(&quarantine);
	if (q->nr == QUARANTINE)
		release_oldest(q);
	i = (q->first + q->nr++) % QUARANTINE;
	q->kept[i].s = s;
	q->kept[i].object = object;
	local_irq_restore(flags);
}

bool kasan_slab_free(struct kmem_cache *s, void *object, unsigned long caller)
{
	u8 *shadow = kasan_shadow((unsigned long)object);
	struct slab_tag *tag = tag_of(s, object);

	/* What is wrong in other ways is the slab allocator's to say. Objects that readers may look at stay allowed. */
	if (!shadow || object_index(s, object) < 0 || s->flags & SLAB_TYPESAFE_BY_RCU)
		return false;
	if (*shadow == KASAN_FREED) {
		slab_report(s, object, SLAB_DOUBLE_FREE, caller);
		return true;
	}
	if (tag->red == RED_WATCHED)
		slab_look_at(s, object);
	if (tag->red != RED_USED || !canary_is_whole(s, object))
		return false;
	tag->free_ip = caller;
	keep_trace(tag->free_trace);
	slab_poison(s, object);		/* who looks for the pattern, to tell who uses it, finds it at once */
	kasan_poison(object, s->tag_offset, KASAN_FREED);
	put_aside(s, object);
	return true;
}
