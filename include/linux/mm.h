/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Memory as a whole: what there is, from address to struct page and back, shrinkers, thread stacks.
 * To get pages: <linux/gfp.h>; bytes: <linux/slab.h>.
 */
#include <linux/compiler.h>
#include <linux/types.h>
#include <linux/gfp.h>
#include <linux/mm_types.h>
#include <linux/pfn.h>
#include <asm/page.h>

/* One struct page for each page frame below max_pfn, holes included. Constant after page_alloc_init(). */
extern struct page *mem_map;
extern unsigned long max_pfn;

static inline struct page *pfn_to_page(unsigned long pfn)
{
	return mem_map + pfn;
}

static inline unsigned long page_to_pfn(const struct page *page)
{
	return page - mem_map;
}

static inline phys_addr_t page_to_phys(const struct page *page)
{
	return PFN_PHYS(page_to_pfn(page));
}

/* page_address - where the page is in the direct map: always somewhere, there is no highmem. */
static inline void *page_address(const struct page *page)
{
	return __va(page_to_phys(page));
}

/* virt_to_page - for an address of the direct map (or of the kernel image). */
static inline struct page *virt_to_page(const void *addr)
{
	return pfn_to_page(PHYS_PFN(__pa(addr)));
}

static inline bool pfn_valid(unsigned long pfn)
{
	return pfn < max_pfn;
}

/* virt_addr_valid - is it an address of the direct map with a struct page behind it? Context: any. */
static inline bool virt_addr_valid(const void *addr)
{
	return (unsigned long)addr - PAGE_OFFSET < max_pfn << PAGE_SHIFT;
}

/* The smallest order whose block holds @size bytes. */
static inline unsigned int get_order(unsigned long size)
{
	return size <= PAGE_SIZE ? 0 : 64 - __builtin_clzl((size - 1) >> PAGE_SHIFT);
}

/*
 * page_alloc_init - find out from boot_info which RAM is ours and put it on the buddy lists.
 * Memory above 4 GiB comes later, by page_alloc_add_high(), when paging_init() has mapped it.
 * Context: boot, once, after the early parameters ("mem=") are parsed. Panics with a sentence if there is too little.
 */
void page_alloc_init(void);
void page_alloc_add_high(void);

/* page_alloc_init_cpu - an empty list of single pages for a CPU whose per-CPU area is new. */
void page_alloc_init_cpu(int cpu);

/* page_alloc_dead_cpu - what the list of a CPU that is offline holds is given back. thread_stacks_dead_cpu,
 * slab_dead_cpu (<linux/slab.h>): the same for its stacks and objects. Return: 0. Context: thread. */
int page_alloc_dead_cpu(unsigned int cpu);
int thread_stacks_dead_cpu(unsigned int cpu);

/* totalram_pages - pages under management; nr_free_pages - how many of them are free, those on CPUs' lists included. */
unsigned long totalram_pages(void);
unsigned long nr_free_pages(void);

/* How many pages could be had without anybody suffering. Differs from Linux: the free ones; there is no page cache. */
static inline long si_mem_available(void)
{
	return nr_free_pages();
}

/*
 * memory_settle - give back every page that a cache of this floor holds for later (CPUs' page and object lists, empty
 * slabs, dead thread stacks), so that nr_free_pages() before and after can be compared.
 * Context: thread, interrupts on.
 */
void memory_settle(void);

struct shrink_control {
	gfp_t gfp_mask;
	unsigned long nr_to_scan;
	unsigned long nr_scanned;
};

#define SHRINK_STOP	(~0UL)
#define SHRINK_EMPTY	(~0UL - 1)

/*
 * A shrinker: something that holds memory it could do without, asked when an allocation that may sleep would fail.
 * count_objects says how many objects (in its own unit) could go, 0 if none; scan_objects frees up to nr_to_scan and
 * says how many, or SHRINK_STOP.
 * Differs from Linux: both run with preemption disabled and must not sleep, and must not allocate with GFP_KERNEL.
 */
struct shrinker {
	unsigned long (*count_objects)(struct shrinker *s, struct shrink_control *sc);
	unsigned long (*scan_objects)(struct shrinker *s, struct shrink_control *sc);
	int seeks;		/* Differs from Linux: ignored, all are asked for the same part */
	struct list_head list;	/* private to page_alloc.c, as users is */
	int users;
};

#define DEFAULT_SEEKS	2

/* register_shrinker - Context: thread. Return: 0. unregister_shrinker - when it returns, no call is running. */
int register_shrinker(struct shrinker *shrinker, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void unregister_shrinker(struct shrinker *shrinker);

/* shrink_memory - ask every shrinker for a 2^priority-th of what it has (0: all). Context: thread, preemptible.
 * Return: how many objects they say they freed. */
unsigned long shrink_memory(gfp_t gfp, unsigned int priority);

/*
 * Who wants to know when memory gets short: wake() is called by an allocation that takes the free pages (not counting
 * those on CPUs' lists) below `pages`, and by the next ones as long as it is so. It only wakes somebody up: it may be
 * called anywhere, with interrupts off. One watcher at a time.
 */
struct low_water {
	unsigned long	pages;
	void		(*wake)(struct low_water *lw);
};

/* watch_low_water - Return: 0, or -EBUSY: somebody watches already. unwatch_low_water - when it returns, wake() is not
 * running and will not be called. Context: any but NMI. */
int watch_low_water(struct low_water *lw);
void unwatch_low_water(struct low_water *lw);

/*
 * alloc_thread_stack - THREAD_SIZE bytes, aligned to THREAD_SIZE, with as much unmapped below it. Not zeroed.
 * Usually from a CPU's cache of mapped stacks: a handful of instructions.
 * Context: thread, may sleep. Return: the lowest address, or NULL when out of memory.
 */
void *alloc_thread_stack(void);

/*
 * free_thread_stack - the stack's thread is gone for good: no CPU runs on it any more.
 * Context: any, interrupts off included. Unmapping is left to a later alloc_thread_stack() or drain_thread_stacks().
 */
void free_thread_stack(void *stack);

/* The word of a thread's stack that says whose it is; NULL while it is nobody's. Context: any. */
static inline struct task_struct **thread_stack_owner(void *stack)
{
	return (struct task_struct **)stack + 1;	/* above STACK_END_MAGIC */
}

/* Does p lie where thread stacks are, mapped or not? A shift and a comparison. Context: any. */
static __always_inline bool is_stack_address(const void *p)
{
	return (unsigned long)p / STACKS_SIZE == STACKS_START / STACKS_SIZE;
}

/*
 * list_go_round - the entry behind `at` of the list `head` is none any more, it was overwritten: leave it out, with
 * what can be reached by it only. Those behind are found from the other end. Context: any; who else uses the list is
 * kept out.
 */
void list_go_round(struct list_head *head, struct list_head *at);

/*
 * object_is_gone - was it a local variable of a function that has returned, or of a thread that has ended? Then a WARN
 * says so: `what` it was, and an advice; nobody may touch it. Costs a comparison for what lies in no stack. False also
 * where it can't be told: its thread runs just now. Context: any. kernel/mm/stack_gone.c
 */
bool stack_object_is_gone(const void *p, const char *what, const char *advice);
static __always_inline bool object_is_gone(const void *p, const char *what, const char *advice)
{
	return unlikely(is_stack_address(p)) && stack_object_is_gone(p, what, advice);
}

/*
 * drain_thread_stacks - unmap all free stacks, those cached by CPUs too, and give their pages back.
 * Context: thread, interrupts on.
 */
void drain_thread_stacks(void);

/* thread_stacks_init - Context: boot, after page_alloc_add_high(). thread_stacks_init_cpu: as page_alloc_init_cpu. */
void thread_stacks_init_cpu(int cpu);
void thread_stacks_init(void);

/* stack_guard_hit - does @addr lie in the unmapped area below some thread's stack? Context: any, NMI included. */
bool stack_guard_hit(unsigned long addr);

/* is_vmalloc_addr - is it an address of vmalloc(), ioremap() or a thread stack? Context: any. */
static inline bool is_vmalloc_addr(const void *x)
{
	return (unsigned long)x >= VMALLOC_START && (unsigned long)x < VMALLOC_END;
}
