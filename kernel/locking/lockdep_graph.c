/* SPDX-License-Identifier: MIT */
/*
 * Lockdep's memory: the classes of locks, which was taken under which, and what follows from it.
 *
 * An edge a -> b says that once b was taken while a was held. It is added once in a system's life, and only then there
 * is something to search for; all later lockings ask one bit ("known") and go on. The bits are a square, class by
 * class; who did it first, and where, is in a table that only reports read.
 *
 *	new edge a -> b		a way from b to a?			a circle
 *				before a something that interrupts	whoever has the latter may be interrupted by one
 *				take, from b on something taken		who wants the former
 *				with interrupts on?
 *	new use of c		the same question around c
 *
 * What is wrong is told, and marked known, but is no edge: later reports shall be about other mistakes.
 *
 * Classes go when the memory of their key goes, with a module for one. Their numbers are given anew; who has kept a
 * pointer to a class compares the key.
 *
 * Locking: graph_lock, that is no spinlock_t, or it would watch itself; interrupts off. Bits and hash chains are read
 * without it: ORDER(lockdep-class).
 * Read next: lockdep_report.c.
 */
#include "lockdep.h"
#include <linux/atomic.h>
#include <linux/hash.h>
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/string.h>
#include <asm/page.h>
#include <asm/processor.h>

#ifdef CONFIG_LOCKDEP

#define HASH_BITS	8

extern char _text[], _end[];

struct lock_class lock_classes[LOCKDEP_CLASSES];
static unsigned int nr_classes;		/* so many of the table have been used */
static struct lock_class *class_hash[1 << HASH_BITS];

unsigned long lockdep_known[LOCKDEP_CLASSES][BITS_TO_LONGS(LOCKDEP_CLASSES)];
static DECLARE_BITMAP(after[LOCKDEP_CLASSES], LOCKDEP_CLASSES);	/* after[a] has b: there is an edge a -> b */
static struct lock_edge edges[LOCKDEP_EDGES];
static unsigned int nr_edges;

static int graph_lock;

static void lock_graph(void)
{
	while (xchg(&graph_lock, 1))
		cpu_relax();
}

static void unlock_graph(void)
{
	xchg(&graph_lock, 0);
}

/* ---- classes ---- */

static bool is_variable(const void *p)
{
	unsigned long addr = (unsigned long)p;

	return ((char *)p >= _text && (char *)p < _end) || (addr >= MODULES_VADDR && addr < MODULES_END);
}

static const void *key_of(const struct lockdep_map *map)
{
	if (map->key)
		return map->key;
	/* A variable is its own key. What was initialised by copying an initialiser has at least a name; what was only
	 * zeroed (another CPU's copy of a variable) has not even that. A class without a key would be a free one. */
	return is_variable(map) || !map->name ? map : (const void *)map->name;
}

static struct lock_class **chain_of(const void *key)
{
	return &class_hash[hash_ptr(key, HASH_BITS)];
}

static struct lock_class *find_class(const void *key, unsigned int subclass)
{
	/* ORDER(lockdep-class): acquire; what is found was filled in before. */
	struct lock_class *c = smp_load_acquire(chain_of(key));

	while (c && (c->key != key || c->subclass != subclass))
		c = READ_ONCE(c->next);
	return c;
}

static struct lock_class *free_class(void)
{
	for (unsigned int i = 0; i < nr_classes; i++)
		if (!lock_classes[i].key)
			return &lock_classes[i];
	if (nr_classes < LOCKDEP_CLASSES)
		return &lock_classes[nr_classes++];
	pr_warn_once("lockdep: more than %u classes of locks; new ones are not watched\n", LOCKDEP_CLASSES);
	return NULL;
}

static struct lock_class *add_class(const struct lockdep_map *map, unsigned int subclass, u8 waited_for)
{
	const void *key = key_of(map);
	struct lock_class *c;

	lock_graph();
	c = find_class(key, subclass);
	if (!c && (c = free_class())) {
		*c = (struct lock_class){ .key = key, .subclass = subclass, .name = map->name ?: "?",
					  .waited_for = waited_for, .index = c - lock_classes,
					  .next = *chain_of(key) };
		/* ORDER(lockdep-class): filled in before it can be found. */
		smp_store_release(chain_of(key), c);
	}
	unlock_graph();
	return c;
}

struct lock_class *lockdep_class_of(struct lockdep_map *map, unsigned int subclass, u8 waited_for)
{
	bool cached = subclass < ARRAY_SIZE(map->class);
	const void *key = key_of(map);
	struct lock_class *c = cached ? READ_ONCE(map->class[subclass]) : NULL;

	if (likely(c && c->key == key && c->subclass == subclass))
		return c;
	c = find_class(key, subclass) ?: add_class(map, subclass, waited_for);
	if (cached)
		WRITE_ONCE(map->class[subclass], c);
	return c;
}

/* ---- forgetting ---- */

static bool lies_in(const void *p, const void *start, unsigned long size)
{
	return p >= start && p < start + size;
}

static void drop_edges_of(unsigned int c)
{
	unsigned int i = 0;

	while (i < nr_edges) {
		if (edges[i].from == c || edges[i].to == c)
			edges[i] = edges[--nr_edges];
		else
			i++;
	}
	for (i = 0; i < nr_classes; i++) {
		clear_bit(c, after[i]);
		clear_bit(c, lockdep_known[i]);
	}
	bitmap_zero(after[c], LOCKDEP_CLASSES);
	bitmap_zero(lockdep_known[c], LOCKDEP_CLASSES);
}

static void drop_class(struct lock_class *c)
{
	struct lock_class **link = chain_of(c->key);

	while (*link != c)
		link = &(*link)->next;
	WRITE_ONCE(*link, c->next);
	drop_edges_of(c->index);
	c->uses = 0;
	WRITE_ONCE(c->key, NULL);
}

void lockdep_forget(const void *start, unsigned long size)
{
	unsigned long flags = arch_local_irq_save();

	lock_graph();
	for (unsigned int i = 0; i < nr_classes; i++) {
		struct lock_class *c = &lock_classes[i];

		if (c->key && (lies_in(c->key, start, size) || lies_in(c->name, start, size)))
			drop_class(c);
	}
	unlock_graph();
	arch_local_irq_restore(flags);
}

/* ---- searching; from here on all is under graph_lock ---- */

const struct lock_edge *lockdep_find_edge(unsigned int from, unsigned int to)
{
	for (unsigned int i = 0; i < nr_edges; i++)
		if (edges[i].from == from && edges[i].to == to)
			return &edges[i];
	return NULL;
}

/* A walk over the graph, breadth first. came_from[] leads back to the start. */
static DECLARE_BITMAP(seen, LOCKDEP_CLASSES);
static u16 queue[LOCKDEP_CLASSES], came_from[LOCKDEP_CLASSES];
static u16 way[2 * LOCKDEP_CLASSES];

static bool has_edge(unsigned int a, unsigned int b, bool backwards)
{
	return backwards ? test_bit(a, after[b]) : test_bit(b, after[a]);
}

/* The nearest class, from `start` on, that `wanted` says yes to; -1: none. */
static int search(unsigned int start, bool backwards, bool (*wanted)(unsigned int c, unsigned long arg),
		  unsigned long arg)
{
	unsigned int head = 0, tail = 0;

	bitmap_zero(seen, LOCKDEP_CLASSES);
	__set_bit(start, seen);
	queue[tail++] = start;
	while (head < tail) {
		unsigned int a = queue[head++];

		if (wanted(a, arg))
			return a;
		for (unsigned int b = 0; b < nr_classes; b++) {
			if (test_bit(b, seen) || !has_edge(a, b, backwards))
				continue;
			__set_bit(b, seen);
			came_from[b] = a;
			queue[tail++] = b;
		}
	}
	return -1;
}

/* The way that the last search has found, in the order of taking. Return: its length. */
static unsigned int write_way(unsigned int found, unsigned int start, bool backwards, u16 *to)
{
	unsigned int n = 1, c;

	for (c = found; c != start; c = came_from[c])
		n++;
	c = found;
	for (unsigned int i = 0; i < n; i++) {
		to[backwards ? i : n - 1 - i] = c;
		c = came_from[c];
	}
	return n;
}

static bool is_class(unsigned int c, unsigned long index)
{
	return c == index;
}

static bool has_use(unsigned int c, unsigned long mask)
{
	return lock_classes[c].uses & mask;
}

/* Return: whether it is right. */
static bool check_order(const struct lock_edge *e)
{
	if (search(e->to, false, is_class, e->from) < 0)
		return true;
	lockdep_report_order(way, write_way(e->from, e->to, false, way), e);
	return false;
}

/* In an interrupt by a writer it conflicts with anybody who can be interrupted, by a reader with a writer. */
static unsigned int conflicting_uses(enum lock_use in)
{
	unsigned int on = (in & 1) ? SOFTIRQ_ON : HARDIRQ_ON;

	return BIT(on) | ((in & USE_SHARED) ? 0 : BIT(on | USE_SHARED));
}

/* Before a is something that interrupts take, from b on something that is taken with interrupts on? a -> b is `here`,
 * or both are one class, whose use has changed. Return: whether it is right. */
static bool check_irq_order(unsigned int a, unsigned int b, const struct lock_edge *here)
{
	static const enum lock_use ins[] = { IN_HARDIRQ, IN_SOFTIRQ, IN_HARDIRQ | USE_SHARED, IN_SOFTIRQ | USE_SHARED };

	for (unsigned int i = 0; i < ARRAY_SIZE(ins); i++) {
		unsigned int mask = conflicting_uses(ins[i]), n;
		int in = search(a, true, has_use, BIT(ins[i])), on;

		if (in < 0)
			continue;
		n = write_way(in, a, true, way);
		on = search(b, false, has_use, mask);
		if (on < 0)
			continue;
		if (a == b)
			n--;
		n += write_way(on, b, false, way + n);
		if (n == 1)
			continue;	/* one class: check_uses() has told it */
		lockdep_report_irq_order(way, n, ins[i], __ffs(lock_classes[on].uses & mask), here);
		return false;
	}
	return true;
}

/* ---- what is new ---- */

void lockdep_add_edge(const struct lockdep_held *from, struct lock_class *to, unsigned long ip)
{
	unsigned int a = from->class->index, b = to->index;
	struct lock_edge *e = &edges[nr_edges];

	lock_graph();
	if (nr_edges == LOCKDEP_EDGES) {
		pr_warn_once("lockdep: more than %u orders of locks; new ones are not watched\n", LOCKDEP_EDGES);
	} else if (!test_bit(b, lockdep_known[a])) {
		e = &edges[nr_edges];
		*e = (struct lock_edge){ .from = a, .to = b, .from_ip = from->ip, .to_ip = ip, .pid = current->pid };
		strscpy(e->comm, current->comm, sizeof(e->comm));
		if (check_order(e) && check_irq_order(a, b, e)) {
			nr_edges++;
			set_bit(b, after[a]);
		}
		set_bit(b, lockdep_known[a]);
	}
	unlock_graph();
}

bool lockdep_test_and_set_twice(struct lock_class *c)
{
	return test_and_set_bit(c->index, lockdep_known[c->index]);
}

/* In interrupts and with interrupts on, one and the same class? Return: whether it is right. */
static bool check_uses(const struct lock_class *c, enum lock_use use)
{
	for (enum lock_use in = 0; in < LOCK_USES; in++) {
		unsigned int mask = conflicting_uses(in), others = c->uses & mask;

		if ((in & HARDIRQ_ON) || !(c->uses & BIT(in)) || !others || !(in == use || (mask & BIT(use))))
			continue;
		lockdep_report_use(c, in, __ffs(others));
		return false;
	}
	return true;
}

void lockdep_note_use(struct lock_class *c, enum lock_use use, unsigned long ip)
{
	if (likely(READ_ONCE(c->uses) & BIT(use)))
		return;
	lock_graph();
	if (!(c->uses & BIT(use))) {
		c->used_at[use] = ip;
		c->uses |= BIT(use);
		if (check_uses(c, use))
			check_irq_order(c->index, c->index, NULL);
	}
	unlock_graph();
}

#endif
