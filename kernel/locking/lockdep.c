/* SPDX-License-Identifier: MIT */
/*
 * Lockdep: who could deadlock, found before anybody does. In kernels built with DEBUG=1.
 *
 * A deadlock needs bad luck: two threads at the same time at two places. This file needs none. It watches each locking
 * by itself and remembers what it implies:
 *
 *	B taken while A is held		an edge A -> B, for ever. If there is already a way from B to A, then two
 *					threads may wait for each other: lock order.
 *	A taken in an interrupt		and somewhere else with interrupts on: the interrupt may come there, and wait
 *					for the thread that it interrupted.
 *	both together			A is taken in interrupts, B with interrupts on, and B is taken under A: whoever
 *					has B may be interrupted by one who wants A, whose owner wants B.
 *
 * What is remembered is not about single locks but about classes: all locks that the same line of code initialises.
 * So one of a thousand objects teaches about all. The other side: two locks of one class, one inside the other, look
 * like a lock taken twice; who means that says so by spin_lock_nested(), which makes a class of the second.
 *
 * Waiting for a function to end is like waiting for a lock, which the function has while it runs. So works, queues and
 * timers are classes, too, named by the address of the function: flush_work() under a lock that the work takes is a
 * circle as any other.
 *
 * Each thread has a list of what it holds, oldest first. An interrupt uses the list of the thread on which it stands,
 * but draws no edges from the thread's locks to its own, for the thread did not ask for these. A lock taken with
 * interrupts off, and still held when they are let in again, counts as taken with interrupts on.
 *
 * Each mistake is told once. Nothing is changed: the machine goes on.
 *
 * Now and then a locking is not seen: in the middle of another CPU's oops, or when the tables are full. `missed` counts
 * them, so that giving back what is not on the list is no mistake then.
 *
 * Locking: a thread's list is changed by itself, or by an interrupt on it, with interrupts off. Meanwhile this CPU does
 * not listen, for reports take locks.
 * Read next: lockdep_graph.c.
 */
#include "lockdep.h"
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/string.h>

#ifdef CONFIG_LOCKDEP

extern char __sched_text_start[], __sched_text_end[];

struct lock_class_key __lockdep_no_validate__;
EXPORT_SYMBOL(__lockdep_no_validate__);

static DEFINE_PER_CPU(bool, listening_off);

static bool is_listening(void)
{
	return !in_nmi() && !this_cpu_read(listening_off);
}

static unsigned int context_now(void)
{
	return in_hardirq() ? 2 : in_serving_softirq() ? 1 : 0;
}

/* The place outside the locking functions, which have a section of their own. */
static unsigned long user_ip(unsigned long *frame)
{
	unsigned long ip = frame[1];

	for (int i = 0; i < 6 && ip >= (unsigned long)__sched_text_start && ip < (unsigned long)__sched_text_end &&
	     frame[0] > (unsigned long)frame; i++) {
		frame = (unsigned long *)frame[0];
		ip = frame[1];
	}
	return ip;
}

/* ---- interrupts ---- */

/* An interrupt can come while it is held. */
static void note_irqs_on(struct lock_class *c, unsigned int how, unsigned long ip)
{
	unsigned int shared = (how & LOCKDEP_SHARED) ? USE_SHARED : 0;

	lockdep_note_use(c, HARDIRQ_ON | shared, ip);
	if (!in_softirq())
		lockdep_note_use(c, SOFTIRQ_ON | shared, ip);
}

static void note_uses(const struct lockdep_held *new, bool irqs_on)
{
	unsigned int shared = (new->how & LOCKDEP_SHARED) ? USE_SHARED : 0;

	if (new->how & LOCKDEP_FUNCTION)
		return;
	if (new->context && !(new->how & LOCKDEP_TRY))
		lockdep_note_use(new->class, (new->context == 2 ? IN_HARDIRQ : IN_SOFTIRQ) | shared, new->ip);
	if (irqs_on && !in_hardirq())
		note_irqs_on(new->class, new->how, new->ip);
}

void lockdep_irqs_on(void)
{
	struct task_struct *p = current;
	unsigned long flags, ip;

	if (likely(!p->lockdep_depth) || in_hardirq() || !is_listening() || oops_in_progress)
		return;
	flags = arch_local_irq_save();
	this_cpu_write(listening_off, true);
	ip = user_ip(__builtin_frame_address(0));
	for (int i = p->lockdep_depth - 1; i >= 0 && p->lockdep_held[i].context == context_now(); i--)
		if (!(p->lockdep_held[i].how & LOCKDEP_FUNCTION))
			note_irqs_on(p->lockdep_held[i].class, p->lockdep_held[i].how, ip);
	this_cpu_write(listening_off, false);
	arch_local_irq_restore(flags);
}
EXPORT_SYMBOL(lockdep_irqs_on);

/* ---- what a thread holds ---- */

/* The same class once more. The very same lock, alone, says so itself and knows a way on; functions may be many. */
static void compare_same(const struct lockdep_held *h, const struct lockdep_held *new, unsigned int subclass)
{
	if ((new->how & (LOCKDEP_READERS | LOCKDEP_SHARED)) == LOCKDEP_READERS && h->map == new->map &&
	    !lockdep_test_and_set_twice(h->class))
		lockdep_report_own_readers(h);
	if ((new->how & (LOCKDEP_TRY | LOCKDEP_FUNCTION)) || subclass == LOCKDEP_NEST_LOCK ||
	    (h->map == new->map && new->how == LOCKDEP_EXCLUSIVE))
		return;
	if (!lockdep_test_and_set_twice(h->class))
		lockdep_report_twice(h, new);
}

static void compare_with_held(struct task_struct *p, const struct lockdep_held *new, unsigned int subclass)
{
	for (int i = p->lockdep_depth - 1; i >= 0; i--) {
		struct lockdep_held *h = &p->lockdep_held[i];

		if (h->context != new->context)
			break;
		if (h->class == new->class) {
			compare_same(h, new, subclass);
			return;
		}
	}
	for (int i = p->lockdep_depth - 1; i >= 0 && !(new->how & LOCKDEP_TRY); i--) {
		struct lockdep_held *h = &p->lockdep_held[i];

		if (h->context != new->context)
			break;
		if (!lockdep_is_known(h->class, new->class))
			lockdep_add_edge(h, new->class, new->ip);
		/* What was held when a waiting lock was taken has its edge to that one, and so a way to us. */
		if (!(h->how & LOCKDEP_TRY))
			break;
	}
}

static void hold(struct lockdep_held *new, unsigned int subclass, bool irqs_on)
{
	struct task_struct *p = current;

	if (!oops_in_progress && p->lockdep_depth < LOCKDEP_HELD_MAX)
		new->class = lockdep_class_of(new->map, subclass == LOCKDEP_NEST_LOCK ? 0 : subclass,
					      new->how & LOCKDEP_READERS);
	if (!new->class) {
		p->lockdep_missed++;
		return;
	}
	note_uses(new, irqs_on);
	compare_with_held(p, new, subclass);
	p->lockdep_held[p->lockdep_depth++] = *new;
}

void lockdep_acquire(struct lockdep_map *map, unsigned int subclass, unsigned int how)
{
	struct lockdep_held new = { .map = map, .how = how, .context = context_now() };
	unsigned long flags = arch_local_irq_save();

	if (is_listening() && map->key != &__lockdep_no_validate__) {
		this_cpu_write(listening_off, true);
		new.ip = user_ip(__builtin_frame_address(0));
		hold(&new, subclass, !arch_irqs_disabled_flags(flags));
		this_cpu_write(listening_off, false);
	}
	arch_local_irq_restore(flags);
}
EXPORT_SYMBOL(lockdep_acquire);

static void give_back(struct task_struct *p, struct lockdep_map *map)
{
	int i = p->lockdep_depth - 1;

	while (i >= 0 && p->lockdep_held[i].map != map)
		i--;
	if (i >= 0) {
		p->lockdep_depth--;
		memmove(&p->lockdep_held[i], &p->lockdep_held[i + 1],
			(p->lockdep_depth - i) * sizeof(p->lockdep_held[0]));
	} else if (p->lockdep_missed) {
		p->lockdep_missed--;
	} else if (!oops_in_progress) {
		lockdep_report_not_held(map);
	}
}

void lockdep_release(struct lockdep_map *map)
{
	unsigned long flags = arch_local_irq_save();

	if (is_listening() && map->key != &__lockdep_no_validate__) {
		this_cpu_write(listening_off, true);
		give_back(current, map);
		this_cpu_write(listening_off, false);
	}
	arch_local_irq_restore(flags);
}
EXPORT_SYMBOL(lockdep_release);

unsigned long lockdep_taken_at(const struct lockdep_map *map)
{
	for (int i = current->lockdep_depth - 1; i >= 0; i--)
		if (current->lockdep_held[i].map == map)
			return current->lockdep_held[i].ip;
	return 0;
}

void lockdep_init_task(struct task_struct *p)
{
	p->lockdep_depth = 0;
	p->lockdep_missed = 0;
}

/* What it holds may be given back later, by itself on its way out. */
void lockdep_exit_task(void)
{
	unsigned long flags = arch_local_irq_save();

	current->lockdep_missed += current->lockdep_depth;
	current->lockdep_depth = 0;
	arch_local_irq_restore(flags);
}

#endif
