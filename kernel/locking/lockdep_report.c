/* SPDX-License-Identifier: MIT */
/*
 * What lockdep has found, in words for who has never heard of it: what was done where, why that can hang, and what to
 * change. The details first, then a warning with the backtrace of the place that made it certain.
 *
 * A step of a circle is one thread that held one thing and wanted the next. A thing is a lock, or a function (a work,
 * a timer): that is "held" while it runs, and wanted by who waits for its end.
 */
#include "lockdep.h"
#include <linux/bug.h>
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/sprintf.h>

#ifdef CONFIG_LOCKDEP

#define NAME_LEN	80

/* "mutex_a", or: work count_in_work. Two texts may be in use at once. */
static const char *name_of(const struct lock_class *c)
{
	static DEFINE_PER_CPU(char[2][NAME_LEN], text);
	static DEFINE_PER_CPU(unsigned int, turn);
	unsigned int i = this_cpu_inc_return(turn) % 2;
	char *buf = (*this_cpu_ptr(&text))[i];

	if (!c->waited_for)
		snprintf(buf, NAME_LEN, "\"%s\"", c->name);
	else if (c->waited_for == LOCKDEP_READERS)
		snprintf(buf, NAME_LEN, "readers of \"%s\"", c->name);
	else if (kallsyms_lookup((unsigned long)c->key, NULL, NULL, NULL, NULL))
		snprintf(buf, NAME_LEN, "%s %ps", c->name, c->key);
	else
		snprintf(buf, NAME_LEN, "works of \"%s\"", c->name);
	return buf;
}

static const char *class_name(unsigned int class)
{
	return name_of(&lock_classes[class]);
}

static void print_edge(const char *when, const struct lock_edge *e)
{
	bool ran = lock_classes[e->from].waited_for, waited = lock_classes[e->to].waited_for;

	pr_warn("  %s %s (%d) %s %s, %s at %pS\n", when, e->comm, e->pid, ran ? "ran" : "held", class_name(e->from),
		ran ? "called" : "taken", (void *)e->from_ip);
	pr_warn("          and %s %s at %pS\n",
		!waited ? "took" : ran ? "called, or waited for," : "waited for the end of", class_name(e->to),
		(void *)e->to_ip);
}

static void print_way(const u16 *way, unsigned int n, const struct lock_edge *here)
{
	for (unsigned int i = 0; i + 1 < n; i++) {
		bool is_here = here && way[i] == here->from && way[i + 1] == here->to;
		const struct lock_edge *e = is_here ? here : lockdep_find_edge(way[i], way[i + 1]);

		if (e)
			print_edge(is_here ? "now:   " : "before:", e);
	}
}

/* A circle with a function in it. */
static void warn_of_waiting(const struct lock_edge *here)
{
	bool waits = lock_classes[here->to].waited_for;

	WARN(1, "lock order: %s is %s here while %s %s, but elsewhere it is the other way round (above). When both "
	     "happen at the same time they wait for one another for ever. Wait for the end of a work or timer only "
	     "after unlocking what it locks\n", class_name(here->to), waits ? "waited for" : "taken",
	     class_name(here->from), lock_classes[here->from].waited_for ? "runs" : "is held");
}

void lockdep_report_order(const u16 *way, unsigned int n, const struct lock_edge *here)
{
	bool functions = lock_classes[here->from].waited_for;

	pr_warn("------------[ lock order ]------------\n");
	print_way(way, n, here);
	print_edge("now:   ", here);
	for (unsigned int i = 0; i < n; i++)
		functions |= lock_classes[way[i]].waited_for;
	if (functions)
		warn_of_waiting(here);
	else
		WARN(1, "lock order: %s is taken here while %s is held, elsewhere it is the other way round%s. Threads "
		     "that do both at the same time wait for one another for ever. Take them everywhere in the same "
		     "order\n", class_name(here->to), class_name(here->from),
		     n > 2 ? ", with others in between (above: each step of the circle)" : "");
}

static void warn_of_reading_twice(const char *name)
{
	WARN(1, "locked twice: thread %s reads under \"%s\", and again inside: a writer that comes in between waits "
	     "for the outer, and the inner for the writer, for ever. Take it in the outer function only\n",
	     current->comm, name);
}

void lockdep_report_twice(const struct lockdep_held *first, const struct lockdep_held *second)
{
	const char *name = second->class->name;

	pr_warn("------------[ locked twice ]------------\n");
	pr_warn("  \"%s\" is held, taken at %pS\n", name, (void *)first->ip);
	pr_warn("  and taken at %pS\n", (void *)second->ip);
	if (first->map == second->map && (first->how & second->how & LOCKDEP_SHARED))
		warn_of_reading_twice(name);
	else if (first->map == second->map)
		WARN(1, "locked twice: thread %s takes \"%s\", which it holds already: it would wait for itself for "
		     "ever. Take it in the outer function only\n", current->comm, name);
	else
		WARN(1, "locked twice: thread %s holds one \"%s\" and takes another: a thread that does so the other "
		     "way round would wait for this one for ever. If their order is fixed (by address, by parent and "
		     "child), say so with spin_lock_nested() or mutex_lock_nested()\n", current->comm, name);
}

static const char *kind_of(enum lock_use use)
{
	return (use & 1) ? "softirq" : "hard interrupt";
}

static const char *form_for(enum lock_use use)
{
	return (use & 1) ? "spin_lock_bh()" : "spin_lock_irqsave()";
}

static void print_uses(const struct lock_class *in_irq, enum lock_use in, const struct lock_class *class,
		       enum lock_use on)
{
	pr_warn("  %s is taken in a %s at %pS\n", name_of(in_irq), kind_of(in), (void *)in_irq->used_at[in]);
	pr_warn("  %s is held where such a %s can come, at %pS\n", name_of(class), kind_of(in),
		(void *)class->used_at[on]);
}

void lockdep_report_use(const struct lock_class *class, enum lock_use in, enum lock_use on)
{
	pr_warn("------------[ lock and interrupt ]------------\n");
	print_uses(class, in, class, on);
	WARN(1, "lock and interrupt: \"%s\" is taken in a %s, and elsewhere while such a %s can come. If it comes "
	     "there, on the same CPU, it waits for ever for the one that it interrupted. Take it there by %s\n",
	     class->name, kind_of(in), kind_of(in), form_for(in));
}

void lockdep_report_irq_order(const u16 *way, unsigned int n, enum lock_use in, enum lock_use on,
			      const struct lock_edge *here)
{
	const struct lock_class *first = &lock_classes[way[0]], *last = &lock_classes[way[n - 1]];

	pr_warn("------------[ lock order and interrupt ]------------\n");
	print_uses(first, in, last, on);
	print_way(way, n, here);
	WARN(1, "lock order and interrupt: one CPU holds \"%s\" and waits for \"%s\"; the CPU that has that is "
	     "interrupted, and the %s waits for the first. Take \"%s\" everywhere by %s\n",
	     first->name, last->name, kind_of(in), last->name, form_for(in));
}

void lockdep_report_own_readers(const struct lockdep_held *reader)
{
	pr_warn("------------[ waiting for itself ]------------\n");
	pr_warn("  reader of \"%s\" since %pS\n", reader->class->name, (void *)reader->ip);
	WARN(1, "thread %s waits for all readers of \"%s\", and is one itself: for ever. srcu_read_unlock() must come "
	     "first\n", current->comm, reader->class->name);
}

void lockdep_report_not_held(const struct lockdep_map *map)
{
	WARN(1, "thread %s unlocks \"%s\", which it does not hold: unlocked twice, or locked by another\n",
	     current->comm, map->name);
}

#endif
