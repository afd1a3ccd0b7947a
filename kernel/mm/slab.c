/* SPDX-License-Identifier: MIT */
/*
 * The object allocator: caches of objects of one size, cut from blocks of pages ("slabs").
 *
 *   slab    [ object | tag ][ object | tag ][ object | tag ] ...     a block of 2^order pages, aligned to its size
 *   tag     red zone, who allocated, who freed, size asked for, next free one of this slab
 *
 * Where an object can be: in use; on a CPU's stack of free objects (struct kmem_cache_cpu); or on its slab's free list.
 * The usual allocation pops from this CPU's stack and the usual free pushes there: no lock, only interrupts off. When
 * the stack is empty or full, half of it is moved from or to the slabs under the cache's lock, from one slab as many
 * as it has. Slabs with a free object are on `partial`, others on `full`. Wholly free slabs are kept, up to a 1,024th
 * of all memory in each cache and at least one: threads end in droves, when RCU lets go of them, and are made anew, and
 * a slab is dearer to make than to take from. Further ones go back to the page allocator, and all of them when memory
 * is short.
 *
 * Nothing that the allocator relies on lies inside a free object, so writing to freed memory ruins no list. What it
 * ruins is a pattern:
 *
 *   free     the red zone says RED_FREE; the first words (with slub_debug: all) are 0x6b
 *   in use   the red zone says RED_USED, and so does one byte right behind the size asked for, where that is less
 *            than the object has
 *
 * An allocation checks that the object was left alone while free (no write after free); a free checks that it was in
 * use (no double free) and that nothing behind it was touched (no overrun), and that the pointer is the beginning of
 * an object of this cache. A mistake is reported (slab_report.c), repaired where possible, and the kernel goes on.
 *
 * Locking: a cache's lock (taken with interrupts off) protects its slabs; a CPU's stack belongs to that CPU with
 * interrupts off. caches_lock protects the list of caches; it is taken in thread context with interrupts on (or at
 * boot), for it is held while other CPUs are asked to empty their stacks. Pages are allocated and freed without any
 * lock.
 *
 * Rejected: free lists threaded through the objects, as they are the first victim of a write after free; one page
 * per CPU as the unit of the fast path, as a free to another page would be slow.
 *
 * Read next: kmalloc.c.
 */
#include "slab.h"
#include <linux/bug.h>
#include <linux/cpumask.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/percpu.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/upcall.h>

#include "mm.h"

#define MAX_SLAB_ORDER	3

static DEFINE_RAW_SPINLOCK(caches_lock);
static LIST_HEAD(caches);
/* slub_debug: every byte, and pids; constant once booted */
static bool check_all = IS_ENABLED(CONFIG_LOCKDEP);

static int __init parse_slub_debug(char *arg)
{
	check_all = !arg || *arg != '-';
	return 0;
}
early_param("slub_debug", parse_slub_debug);

/* ---- patterns ---- */

void slab_poison(struct kmem_cache *s, void *object)
{
	u64 *word = object;
	u32 n = s->poison_words;

	if (!n)
		return;
	while (--n)
		*word++ = POISON_WORD;
	*word = POISON_LAST;
}

bool slab_poison_is_whole(struct kmem_cache *s, void *object)
{
	u64 *word = object, differs = 0;
	u32 n = s->poison_words;

	if (!n)
		return true;
	while (--n)
		differs |= *word++ ^ POISON_WORD;
	return !(differs | (*word ^ POISON_LAST));
}

/* ---- slabs ---- */

static void *object_at(struct kmem_cache *s, struct page *slab, unsigned int index)
{
	return page_address(slab) + index * s->stride;
}

static void set_slab_owner(struct kmem_cache *s, struct page *slab, struct kmem_cache *owner)
{
	slab->state = owner ? PAGE_SLAB : PAGE_USED;
	for (unsigned int i = 0; i < 1U << s->order; i++)
		slab[i].slab_cache = owner;
}

static struct page *new_slab(struct kmem_cache *s, gfp_t gfp)
{
	struct page *slab = alloc_pages(gfp & ~__GFP_ZERO, s->order);

	if (!slab)
		return NULL;
	set_slab_owner(s, slab, s);
	slab->inuse = 0;
	slab->first_free = 0;
	for (unsigned int i = 0; i < s->nr_objects; i++) {
		void *object = object_at(s, slab, i);

		*tag_of(s, object) = (struct slab_tag){
			.red = RED_FREE, .next = i + 1 < s->nr_objects ? i + 1 : SLAB_LIST_END,
		};
		slab_poison(s, object);
		if (s->ctor)
			s->ctor(object);
	}
	kasan_new_slab(page_address(slab), PAGE_SIZE << s->order);
	return slab;
}

static void free_slabs(struct kmem_cache *s, struct list_head *slabs)
{
	struct page *slab, *next;

	list_for_each_entry_safe(slab, next, slabs, lru) {
		list_del(&slab->lru);
		set_slab_owner(s, slab, NULL);
		__free_pages(slab, s->order);
	}
}

/* Up to `want` objects of the first slab that has any. Return: how many; 0: no slab has one. */
static unsigned int slab_take(struct kmem_cache *s, void **objects, unsigned int want)
{
	unsigned int nr = 0, next;
	struct page *slab;

	lockdep_assert_held(&s->lock);
	slab = list_first_entry_or_null(&s->partial, struct page, lru);
	if (!slab)
		return 0;
	next = slab->first_free;
	while (nr < want && next != SLAB_LIST_END) {
		void *object = object_at(s, slab, next);

		objects[nr++] = object;
		next = tag_of(s, object)->next;
		if (unlikely(next >= s->nr_objects && next != SLAB_LIST_END)) {
			slab_report(s, object, SLAB_OVERRUN, 0);
			next = SLAB_LIST_END;	/* the rest of this slab is lost */
		}
	}
	slab->first_free = next;
	if (!slab->inuse)
		s->nr_empty--;
	slab->inuse += nr;
	if (next == SLAB_LIST_END)
		list_move(&slab->lru, &s->full);
	s->nr_out += nr;
	return nr;
}

/* Has the cache as many wholly free slabs as it may keep? */
static bool has_enough_empty(const struct kmem_cache *s)
{
	return s->nr_empty && s->nr_empty << s->order >= totalram_pages() / 1024 && !(s->flags & SLAB_TYPESAFE_BY_RCU);
}

/* Back to its slab. A slab that is now wholly free, and one too many, is put on `surplus`. */
static void slab_put(struct kmem_cache *s, void *object, struct list_head *surplus)
{
	unsigned long base = (unsigned long)object & ~(unsigned long)s->slab_mask;
	struct page *slab = virt_to_page((void *)base);
	int index = object_index(s, object);

	lockdep_assert_held(&s->lock);
	BUG_ON(index < 0);
	if (slab->first_free == SLAB_LIST_END)
		list_move(&slab->lru, &s->partial);
	tag_of(s, object)->next = slab->first_free;
	slab->first_free = index;
	s->nr_out--;
	if (--slab->inuse)
		return;
	if (has_enough_empty(s)) {
		s->nr_slabs--;
		list_move(&slab->lru, surplus);
	} else {
		s->nr_empty++;
		list_move_tail(&slab->lru, &s->partial);
	}
}

/* ---- this CPU's stack of free objects ---- */

/* One for the caller, and half a stack for the next ones, as far as the slabs have any. Interrupts are off. */
static void *cpu_take(struct kmem_cache *s)
{
	struct kmem_cache_cpu *c = this_cpu_ptr(s->cpu);
	unsigned int taken;

	if (!c->nr) {
		raw_spin_lock(&s->lock);
		do {
			taken = slab_take(s, c->objects + c->nr, s->batch + 1 - c->nr);
			c->nr += taken;
		} while (taken && c->nr <= s->batch);
		raw_spin_unlock(&s->lock);
	}
	return c->nr ? c->objects[--c->nr] : NULL;
}

static void add_slab(struct kmem_cache *s, struct page *slab)
{
	raw_spin_lock(&s->lock);
	list_add(&slab->lru, &s->partial);
	s->nr_slabs++;
	s->nr_empty++;
	raw_spin_unlock(&s->lock);
}

/* Gives the nr objects that were freed first back to their slabs. */
static void cpu_flush(struct kmem_cache *s, struct kmem_cache_cpu *c, unsigned int nr)
{
	LIST_HEAD(surplus);

	raw_spin_lock(&s->lock);
	for (unsigned int i = 0; i < nr; i++)
		slab_put(s, c->objects[i], &surplus);
	raw_spin_unlock(&s->lock);
	c->nr -= nr;
	memmove(c->objects, c->objects + nr, c->nr * sizeof(void *));
	free_slabs(s, &surplus);
}

/* ---- alloc and free, the general forms; the fast ones are in slab.h ---- */

/* The object is ours, but not the usual case: check and mark it as its cache asks for. */
noinline void *slab_finish_alloc(struct kmem_cache *s, void *object, gfp_t gfp, size_t size, unsigned long caller)
{
	struct slab_tag *tag = tag_of(s, object);

	might_sleep_if(gfpflags_allow_blocking(gfp));
	if (unlikely(tag->red != RED_FREE))
		slab_report(s, object, SLAB_OVERRUN, caller);
	else if (unlikely(!slab_poison_is_whole(s, object)))
		slab_report(s, object, SLAB_WRITE_AFTER_FREE, caller);
	tag->red = RED_USED;
	tag->alloc_ip = caller;
	if (check_all)
		tag->pid = upcall_current_pid();
	if (gfp & __GFP_ZERO)
		memset(object, 0, size);
	set_object_size(object, tag, size);
	kasan_slab_alloc(s, object);
	return object;
}

/* This CPU has no free object, or an allocation is to fail. From the slabs, or from a new one. */
noinline void *slab_alloc_slow(struct kmem_cache *s, gfp_t gfp, size_t size, unsigned long caller)
{
	unsigned long flags;
	struct page *slab;
	void *object;

	might_sleep_if(gfpflags_allow_blocking(gfp));
	if (should_failslab(s, gfp))
		return NULL;
	local_irq_save(flags);
	object = cpu_take(s);
	local_irq_restore(flags);
	/* Once more while other CPUs take all of the slab that we bring before we come to take ours. */
	while (!object) {
		slab = new_slab(s, gfp);
		/* Perhaps on another CPU by now, and perhaps somebody has freed meanwhile. */
		local_irq_save(flags);
		if (slab)
			add_slab(s, slab);
		object = cpu_take(s);
		local_irq_restore(flags);
		if (!slab)
			break;
	}
	if (object)
		return slab_finish_alloc(s, object, gfp, size, caller);
	if (gfp & __GFP_NOFAIL)
		panic("out of memory: an object of %s that must not fail", s->name);
	return NULL;
}

/* Is this object fit to be freed? Says what is wrong with it. An overrun is mended by freeing it. */
static bool may_free(struct kmem_cache *s, void *object, unsigned long caller)
{
	if (object_index(s, object) < 0) {
		slab_report(s, object, SLAB_BAD_POINTER, caller);
		return false;
	}
	if (tag_of(s, object)->red == RED_FREE) {
		slab_report(s, object, SLAB_DOUBLE_FREE, caller);
		return false;
	}
	if (tag_of(s, object)->red == RED_WATCHED)
		slab_look_at(s, object);
	if (tag_of(s, object)->red != RED_USED || !canary_is_whole(s, object))
		slab_report(s, object, SLAB_OVERRUN, caller);
	return true;
}

noinline void slab_free_slow(struct kmem_cache *s, void *object, unsigned long caller)
{
	if (may_free(s, object, caller))
		slab_free_checked(s, object, caller);
}

void slab_free_checked(struct kmem_cache *s, void *object, unsigned long caller)
{
	struct slab_tag *tag = tag_of(s, object);
	struct kmem_cache_cpu *c;
	unsigned long flags;

	tag->red = RED_FREE;
	tag->free_ip = caller;
	if (check_all)
		tag->pid = upcall_current_pid();
	slab_poison(s, object);

	local_irq_save(flags);
	c = this_cpu_ptr(s->cpu);
	if (c->nr == s->cpu_max)
		cpu_flush(s, c, s->batch);
	c->objects[c->nr++] = object;
	local_irq_restore(flags);
}

void *kmem_cache_alloc(struct kmem_cache *s, gfp_t gfp)
{
	return slab_alloc(s, gfp, s->object_size, CALLER);
}
EXPORT_SYMBOL(kmem_cache_alloc);

void kmem_cache_free(struct kmem_cache *s, void *object)
{
	if (!object)
		return;
	if (unlikely(!virt_addr_valid(object) || virt_to_page(object)->slab_cache != s)) {
		slab_report(s, object, SLAB_WRONG_CACHE, CALLER);
		return;
	}
	slab_free(s, object, CALLER);
}
EXPORT_SYMBOL(kmem_cache_free);

void kmem_cache_free_bulk(struct kmem_cache *s, size_t count, void **objects)
{
	while (count--)
		kmem_cache_free(s, objects[count]);
}
EXPORT_SYMBOL(kmem_cache_free_bulk);

int kmem_cache_alloc_bulk(struct kmem_cache *s, gfp_t gfp, size_t count, void **objects)
{
	for (size_t i = 0; i < count; i++) {
		objects[i] = slab_alloc(s, gfp, s->object_size, CALLER);
		if (!objects[i]) {
			kmem_cache_free_bulk(s, i, objects);
			return 0;
		}
	}
	return count;
}
EXPORT_SYMBOL(kmem_cache_alloc_bulk);

/* ---- making and ending a cache ---- */

static u32 __cold cache_align(u32 size, u32 align, slab_flags_t flags)
{
	u32 line = 64;

	if (flags & SLAB_HWCACHE_ALIGN) {
		while (size <= line / 2)
			line /= 2;
		align = max(align, line);
	}
	return max_t(u32, align, sizeof(u64));
}

/* The smallest block of which at most an eighth is wasted. */
static int cache_order(u32 stride)
{
	unsigned int order = get_order(stride);

	while (order < MAX_SLAB_ORDER && (PAGE_SIZE << order) % stride > (PAGE_SIZE << order) / 8)
		order++;
	return order;
}

static void cache_layout(struct kmem_cache *s, u32 size, u32 align)
{
	s->object_size = size;
	s->align = cache_align(size, align, s->flags);
	s->tag_offset = ALIGN(size, sizeof(u64));
	s->stride = ALIGN(s->tag_offset + sizeof(struct slab_tag), s->align);
	s->order = cache_order(s->stride);
	s->slab_mask = (PAGE_SIZE << s->order) - 1;
	s->nr_objects = (s->slab_mask + 1) / s->stride;
	s->reciprocal = (1ULL << 32) / s->stride + 1;
	s->cpu_max = s->stride <= 256 ? 32 : s->stride <= 1024 ? 16 : s->stride <= 4352 ? 8 : 4;
	s->batch = s->cpu_max / 2;
	if (!s->ctor && !(s->flags & SLAB_TYPESAFE_BY_RCU))
		s->poison_words = min_t(u32, s->tag_offset / sizeof(u64), check_all ? ~0U : FAST_POISON);
}

int kmem_cache_setup(struct kmem_cache *s, const char *name, u32 size, u32 align, slab_flags_t flags,
		     void (*ctor)(void *))
{
	s->name = name;
	s->flags = flags;
	s->ctor = ctor;
	cache_layout(s, size, align);
	raw_spin_lock_init(&s->lock);
	INIT_LIST_HEAD(&s->partial);
	INIT_LIST_HEAD(&s->full);
	s->cpu = __alloc_percpu(sizeof(struct kmem_cache_cpu) + s->cpu_max * sizeof(void *), sizeof(void *));
	if (!s->cpu)
		return -ENOMEM;
	/* Not with interrupts off: its holder may be waiting for this CPU to empty its stacks. */
	raw_spin_lock(&caches_lock);
	list_add_tail(&s->list, &caches);
	raw_spin_unlock(&caches_lock);
	return 0;
}

struct kmem_cache *kmem_cache_create(const char *name, unsigned int size, unsigned int align, slab_flags_t flags,
				     void (*ctor)(void *))
{
	bool sane = name && size && size <= KMALLOC_MAX_CACHE_SIZE && align <= PAGE_SIZE && !(align & (align - 1));
	struct kmem_cache *s = NULL;

	WARN(!sane, "kmem_cache_create: no cache %s of objects of %u bytes aligned to %u", name ?: "", size, align);
	if (sane)
		s = kzalloc(sizeof(*s), GFP_KERNEL);
	if (s && kmem_cache_setup(s, name, size, align, flags, ctor)) {
		kfree(s);
		s = NULL;
	}
	if (!s && flags & SLAB_PANIC)
		panic("cannot make the object cache %s", name);
	return s;
}
EXPORT_SYMBOL(kmem_cache_create);

static void drain_here(void *info)
{
	struct kmem_cache *s = info;
	struct kmem_cache_cpu *c = this_cpu_ptr(s->cpu);

	kasan_quarantine_flush(smp_processor_id());
	cpu_flush(s, c, c->nr);
}

/* Slabs wholly free go back to the page allocator. Return: how many pages. */
static unsigned long free_empty_slabs(struct kmem_cache *s)
{
	unsigned long flags, pages = 0;
	struct page *slab, *next;
	LIST_HEAD(surplus);

	if (s->flags & SLAB_TYPESAFE_BY_RCU)
		return 0;
	raw_spin_lock_irqsave(&s->lock, flags);
	list_for_each_entry_safe(slab, next, &s->partial, lru) {
		if (slab->inuse)
			continue;
		list_move(&slab->lru, &surplus);
		s->nr_slabs--;
		s->nr_empty--;
		pages += 1UL << s->order;
	}
	raw_spin_unlock_irqrestore(&s->lock, flags);
	free_slabs(s, &surplus);
	return pages;
}

int kmem_cache_shrink(struct kmem_cache *s)
{
	on_each_cpu(drain_here, s, 1);
	free_empty_slabs(s);
	return 0;
}
EXPORT_SYMBOL(kmem_cache_shrink);

/* On each CPU, while somebody holds caches_lock for us. */
static void drain_all_here(void *unused)
{
	struct kmem_cache *s;

	list_for_each_entry(s, &caches, list)
		drain_here(s);
}

/* Nobody is on that CPU any more: what it keeps of each cache goes back to the slabs. */
int slab_dead_cpu(unsigned int cpu)
{
	struct kmem_cache *s;
	unsigned long flags;

	kasan_quarantine_flush(cpu);
	raw_spin_lock(&caches_lock);
	list_for_each_entry(s, &caches, list) {
		struct kmem_cache_cpu *c = per_cpu_ptr(s->cpu, cpu);

		local_irq_save(flags);
		cpu_flush(s, c, c->nr);
		local_irq_restore(flags);
	}
	raw_spin_unlock(&caches_lock);
	return 0;
}

static unsigned long shrink_all(void)
{
	unsigned long pages = 0;
	struct kmem_cache *s;

	raw_spin_lock(&caches_lock);
	on_each_cpu(drain_all_here, NULL, 1);
	list_for_each_entry(s, &caches, list)
		pages += free_empty_slabs(s);
	raw_spin_unlock(&caches_lock);
	return pages;
}

void kmem_cache_shrink_all(void)
{
	shrink_all();
}

/* Lists what is still in use in these slabs. Objects on a CPU's stack do not exist by now. */
static void report_leaks(struct kmem_cache *s, struct list_head *slabs)
{
	struct page *slab;

	list_for_each_entry(slab, slabs, lru) {
		for (unsigned int i = 0; i < s->nr_objects; i++) {
			u64 red = tag_of(s, object_at(s, slab, i))->red;

			if (red == RED_USED || red == RED_WATCHED)
				slab_report(s, object_at(s, slab, i), SLAB_LEAK, 0);
		}
	}
}

void kmem_cache_destroy(struct kmem_cache *s)
{
	if (!s)
		return;
	might_sleep();
	/* A CPU that is on its way offline is asked no more, but slab_dead_cpu() has not been there yet. */
	cpus_read_lock();
	on_each_cpu(drain_here, s, 1);
	cpus_read_unlock();
	if (s->nr_out) {
		pr_err("slab: kmem_cache_destroy: %lu objects of %s are in use, so it stays\n", s->nr_out, s->name);
		report_leaks(s, &s->full);
		report_leaks(s, &s->partial);
		return;
	}
	raw_spin_lock(&caches_lock);
	list_del(&s->list);
	raw_spin_unlock(&caches_lock);
	s->flags &= ~SLAB_TYPESAFE_BY_RCU;
	free_empty_slabs(s);
	free_percpu(s->cpu);
	kfree(s);
}
EXPORT_SYMBOL(kmem_cache_destroy);

/* ---- listing ---- */

unsigned int kmem_cache_size(struct kmem_cache *s)
{
	return s->object_size;
}
EXPORT_SYMBOL(kmem_cache_size);

unsigned long kmem_cache_in_use(struct kmem_cache *s)
{
	unsigned long flags, nr;
	int cpu;

	raw_spin_lock_irqsave(&s->lock, flags);
	nr = s->nr_out;
	for_each_online_cpu(cpu)
		nr -= READ_ONCE(per_cpu_ptr(s->cpu, cpu)->nr);
	raw_spin_unlock_irqrestore(&s->lock, flags);
	return nr;
}

void kmem_cache_get_info(struct kmem_cache *s, struct slabinfo *info)
{
	*info = (struct slabinfo){
		.active_objs = kmem_cache_in_use(s),
		.num_slabs = READ_ONCE(s->nr_slabs),
		.num_objs = READ_ONCE(s->nr_slabs) * s->nr_objects,
		.pages = READ_ONCE(s->nr_slabs) << s->order,
		.object_size = s->object_size,
		.stride = s->stride,
		.objects_per_slab = s->nr_objects,
		.order = s->order,
	};
}

void kmem_cache_for_each(void (*fn)(struct kmem_cache *s, void *data), void *data)
{
	struct kmem_cache *s;

	raw_spin_lock(&caches_lock);
	list_for_each_entry(s, &caches, list)
		fn(s, data);
	raw_spin_unlock(&caches_lock);
}

/* ---- start, and when memory is short ---- */

static unsigned long slabs_count(struct shrinker *shrinker, struct shrink_control *sc)
{
	return 1;	/* cheaper to try than to know */
}

static unsigned long slabs_scan(struct shrinker *shrinker, struct shrink_control *sc)
{
	return shrink_all() ?: SHRINK_STOP;
}

static struct shrinker slabs_shrinker = {
	.count_objects = slabs_count,
	.scan_objects = slabs_scan,
	.seeks = DEFAULT_SEEKS,
};

void __init kmem_cache_init(void)
{
	BUILD_BUG_ON(sizeof(struct slab_tag) != 24 && !IS_ENABLED(CONFIG_KASAN));
	kmalloc_init();
	register_shrinker(&slabs_shrinker, "slab");
}
