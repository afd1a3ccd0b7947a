/* SPDX-License-Identifier: MIT */
/*
 * Thread stacks, each with nothing mapped below it: who runs off the end faults at once, and the fault has a name.
 *
 * The first 16 GiB of the VMALLOC range are cut into slots:
 *
 *   |<- unmapped, THREAD_SIZE ->|<- stack, THREAD_SIZE ->|<- unmapped ...
 *   slot n                      ^ what alloc_thread_stack() returns      slot n + 1
 *
 * So a stack is aligned to its size, and whether an address is in a guard area is a matter of one address bit and one
 * bit that says that the slot is in use. 64 slots make a group (2 MiB: what one last-level page table covers); groups
 * with room form a list, so a slot is found and given back in constant time.
 *
 * A stack's life:
 *
 *   mapped anew --> in use --> this CPU's cache --> in use ...           no page table touched, no lock
 *                      |            | full
 *                      |            v
 *                      |        the pool (all CPUs) --> in use ...       one lock
 *                      |            | too many, or memory is short
 *                      |            v
 *                      |        unmapped, 32 at a time, one flush --> slot and pages are free
 *
 * Free stacks stay mapped, because unmapping costs a flush on every CPU. The pool is a chain through the free stacks
 * themselves, up to a 16th of all memory: a program that once had so many threads may have as many again, and nothing
 * need be mapped. It is cut down when it has grown too long, by whoever allocates or frees then and may wait for other
 * CPUs; by the shrinker; and by drain_thread_stacks().
 *
 * Locking: a CPU's cache belongs to that CPU with interrupts off. stack_lock (taken with interrupts off) protects the
 * groups and the pool.
 *
 * ORDER(tlb-flush): a slot is given back only after all CPUs have flushed, so no CPU can reach a new stack's addresses
 * by what it remembers of an old one. Arch half: arch/x86/pgtable.c.
 *
 * Rejected: stacks from the direct map. They would be cheaper, but an overflow would silently ruin what lies below.
 */
#include <linux/mm.h>
#include <linux/bitops.h>
#include <linux/bug.h>
#include <linux/cpumask.h>
#include <linux/fault-inject.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/percpu.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <asm/pgtable.h>
#include <asm/tlbflush.h>

#include "mm.h"

#define SLOT_SIZE	(2 * THREAD_SIZE)
#define STACK_PAGES	(THREAD_SIZE / PAGE_SIZE)
#define GROUP_SLOTS	64
#define GROUP_SIZE	(GROUP_SLOTS * SLOT_SIZE)
#define NR_GROUPS	(STACKS_SIZE / GROUP_SIZE)

#define CACHE_STACKS	4	/* free stacks that a CPU keeps to itself */
#define UNMAP_BATCH	32	/* stacks unmapped for one flush */

/* Under stack_lock; `used` is read without it by stack_guard_hit(). */
struct stack_group {
	struct list_head room;	/* on groups_with_room while used has a zero bit */
	u64 used;		/* a bit a slot */
};

/* That CPU only, interrupts off. */
struct stack_cache {
	unsigned int nr;
	void *stacks[CACHE_STACKS];
};

/* What a free stack in the pool begins with. */
struct free_stack {
	struct free_stack *next;
};

static DEFINE_RAW_SPINLOCK(stack_lock);
static struct stack_group groups[NR_GROUPS];
static LIST_HEAD(groups_with_room);
static unsigned int groups_begun;	/* groups beyond were never used and are on no list */
static struct free_stack *pool;
static unsigned int pool_nr, pool_max = GROUP_SLOTS;

static DEFINE_PER_CPU(struct stack_cache, stack_cache);

static struct stack_group *group_of(void *stack)
{
	return &groups[((unsigned long)stack - STACKS_START) / GROUP_SIZE];
}

static u64 slot_bit(void *stack)
{
	return 1ULL << ((unsigned long)stack - STACKS_START) % GROUP_SIZE / SLOT_SIZE;
}

static bool is_stack(void *stack)
{
	unsigned long offset = (unsigned long)stack - STACKS_START;

	return offset < STACKS_SIZE && offset % SLOT_SIZE == THREAD_SIZE && group_of(stack)->used & slot_bit(stack);
}

bool stack_guard_hit(unsigned long addr)
{
	unsigned long offset = addr - STACKS_START;

	if (offset >= STACKS_SIZE || offset % SLOT_SIZE >= THREAD_SIZE)
		return false;
	return READ_ONCE(group_of((void *)addr)->used) & slot_bit((void *)addr);
}

/* ---- slots ---- */

static void *slot_take(void)
{
	struct stack_group *g;
	unsigned int n;

	lockdep_assert_held(&stack_lock);
	if (list_empty(&groups_with_room)) {
		if (groups_begun == NR_GROUPS)
			return NULL;
		list_add(&groups[groups_begun++].room, &groups_with_room);
	}
	g = list_first_entry(&groups_with_room, struct stack_group, room);
	n = __builtin_ctzll(~g->used);
	g->used |= 1ULL << n;
	if (!~g->used)
		list_del(&g->room);
	return (void *)(STACKS_START + (g - groups) * GROUP_SIZE + n * SLOT_SIZE + THREAD_SIZE);
}

static void slot_give(void *stack)
{
	struct stack_group *g = group_of(stack);

	lockdep_assert_held(&stack_lock);
	BUG_ON(!(g->used & slot_bit(stack)));
	if (!~g->used)
		list_add(&g->room, &groups_with_room);
	g->used &= ~slot_bit(stack);
}

static void slot_give_back(void *stack)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&stack_lock, flags);
	slot_give(stack);
	raw_spin_unlock_irqrestore(&stack_lock, flags);
}

/* ---- the pool ---- */

static void pool_push(void *stack)
{
	struct free_stack *f = stack;

	lockdep_assert_held(&stack_lock);
	f->next = pool;
	pool = f;
	pool_nr++;
}

static void *pool_pop(void)
{
	struct free_stack *f = pool;

	lockdep_assert_held(&stack_lock);
	if (f) {
		pool = f->next;
		pool_nr--;
	}
	return f;
}

/* Unmaps up to UNMAP_BATCH stacks of the pool, as long as it has more than `keep`. Return: how many. */
static unsigned int pool_unmap_batch(unsigned int keep)
{
	void *batch[UNMAP_BATCH];
	unsigned long flags;
	unsigned int nr = 0;
	LIST_HEAD(freed);

	raw_spin_lock_irqsave(&stack_lock, flags);
	while (nr < UNMAP_BATCH && pool_nr > keep)
		batch[nr++] = pool_pop();
	raw_spin_unlock_irqrestore(&stack_lock, flags);
	if (!nr)
		return 0;

	for (unsigned int i = 0; i < nr; i++)
		unmap_kernel_range((unsigned long)batch[i], THREAD_SIZE, &freed);
	flush_tlb_all();
	/* ORDER(tlb-flush): from here on no CPU remembers where these stacks were. */
	free_unmapped_pages(&freed);

	raw_spin_lock_irqsave(&stack_lock, flags);
	for (unsigned int i = 0; i < nr; i++)
		slot_give(batch[i]);
	raw_spin_unlock_irqrestore(&stack_lock, flags);
	return nr;
}

/* If the pool is too long by a whole batch, and the context may wait for other CPUs, unmap that batch. */
static void pool_trim(void)
{
	if (unlikely(READ_ONCE(pool_nr) >= pool_max + UNMAP_BATCH) && preemptible())
		pool_unmap_batch(pool_max);
}

/* ---- alloc and free ---- */

static void *map_new_stack(void)
{
	struct page *pages[STACK_PAGES];
	unsigned long flags;
	unsigned int nr;
	void *stack;

	for (nr = 0; nr < STACK_PAGES; nr++) {
		pages[nr] = alloc_page(GFP_KERNEL);
		if (!pages[nr])
			goto free_pages;
	}
	raw_spin_lock_irqsave(&stack_lock, flags);
	stack = slot_take();
	raw_spin_unlock_irqrestore(&stack_lock, flags);
	if (!stack)
		goto free_pages;
	if (!map_kernel_pages((unsigned long)stack, pages, STACK_PAGES, PAGE_KERNEL | _PAGE_OWNED, GFP_KERNEL))
		return stack;
	slot_give_back(stack);
free_pages:
	while (nr--)
		__free_page(pages[nr]);
	return NULL;
}

/* The CPU's cache is empty. Interrupts are off, and come back. */
static noinline void *stack_from_pool(unsigned long flags)
{
	void *stack;

	raw_spin_lock(&stack_lock);
	stack = pool_pop();
	raw_spin_unlock(&stack_lock);
	local_irq_restore(flags);
	pool_trim();
	return stack ?: map_new_stack();
}

void *alloc_thread_stack(void)
{
	struct stack_cache *here;
	unsigned long flags;
	void *stack;

	if (should_fail_alloc_page(GFP_KERNEL, get_order(THREAD_SIZE)))
		return NULL;
	local_irq_save(flags);
	here = this_cpu_ptr(&stack_cache);
	if (likely(here->nr)) {
		stack = here->stacks[--here->nr];
		local_irq_restore(flags);
		return stack;
	}
	return stack_from_pool(flags);
}

void free_thread_stack(void *stack)
{
	struct stack_cache *here;
	unsigned long flags;

	if (WARN(!is_stack(stack), "free_thread_stack: %px is not a thread stack", stack))
		return;
	WRITE_ONCE(*thread_stack_owner(stack), NULL);
	local_irq_save(flags);
	here = this_cpu_ptr(&stack_cache);
	if (likely(here->nr < CACHE_STACKS)) {
		here->stacks[here->nr++] = stack;
		local_irq_restore(flags);
		return;
	}
	raw_spin_lock(&stack_lock);
	pool_push(stack);
	raw_spin_unlock(&stack_lock);
	local_irq_restore(flags);
	pool_trim();
}

/* ---- giving memory back ---- */

static void empty_cache(struct stack_cache *c)
{
	lockdep_assert_irqs_disabled();
	raw_spin_lock(&stack_lock);
	while (c->nr)
		pool_push(c->stacks[--c->nr]);
	raw_spin_unlock(&stack_lock);
}

static void cache_to_pool(void *unused)
{
	empty_cache(this_cpu_ptr(&stack_cache));
}

/* Nobody is on that CPU any more. */
int thread_stacks_dead_cpu(unsigned int cpu)
{
	unsigned long flags;

	local_irq_save(flags);
	empty_cache(per_cpu_ptr(&stack_cache, cpu));
	local_irq_restore(flags);
	return 0;
}

void drain_thread_stacks(void)
{
	on_each_cpu(cache_to_pool, NULL, 1);
	while (pool_unmap_batch(0))
		;
}

static unsigned long stacks_count(struct shrinker *s, struct shrink_control *sc)
{
	return READ_ONCE(pool_nr);
}

static unsigned long stacks_scan(struct shrinker *s, struct shrink_control *sc)
{
	unsigned long freed = 0, nr;

	while (freed < sc->nr_to_scan && (nr = pool_unmap_batch(0)))
		freed += nr;
	return freed;
}

static struct shrinker stacks_shrinker = {
	.count_objects = stacks_count,
	.scan_objects = stacks_scan,
	.seeks = DEFAULT_SEEKS,
};

void thread_stacks_init_cpu(int cpu)
{
	per_cpu(stack_cache, cpu).nr = 0;
}

void __init thread_stacks_init(void)
{
	/* At most a 16th of all memory lies in free stacks; when it is needed, the shrinker takes it. */
	pool_max = max_t(unsigned long, GROUP_SLOTS, totalram_pages() / 16 / STACK_PAGES);
	register_shrinker(&stacks_shrinker, "thread-stacks");
}
