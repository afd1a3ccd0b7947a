/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Private to lockdep.c, which listens to the locks, lockdep_graph.c, which remembers and searches, and
 * lockdep_report.c, which explains. Kernels built with DEBUG=1 only.
 */
#include <linux/lockdep_hooks.h>
#include <linux/sched.h>
#include <linux/bitmap.h>

#define LOCKDEP_CLASSES	768
#define LOCKDEP_EDGES	4096

/*
 * How a class has been used, one bit each: in interrupts, or while such an interrupt could have come. Bit 0 of the
 * number says hard or soft, bit 1 on or in, bit 2 whether only shared with other readers.
 */
enum lock_use {
	IN_HARDIRQ, IN_SOFTIRQ, HARDIRQ_ON, SOFTIRQ_ON,
	LOCK_USES = 8,
};
#define USE_SHARED	4

struct lockdep_held;

struct lock_class {
	const void		*key;			/* NULL: free for another */
	unsigned int		subclass;
	const char		*name;
	u8			waited_for;		/* no lock, but LOCKDEP_FUNCTION or LOCKDEP_READERS */
	unsigned int		index;			/* in the table of classes */
	struct lock_class	*next;			/* with the same hash */
	unsigned int		uses;			/* bits by enum lock_use */
	unsigned long		used_at[LOCK_USES];	/* where that was seen first */
};

/* `to` was taken at to_ip while `from`, taken at from_ip, was held. The first time, and by whom. */
struct lock_edge {
	u16			from, to;
	unsigned long		from_ip, to_ip;
	char			comm[TASK_COMM_LEN];
	pid_t			pid;
};

extern struct lock_class lock_classes[LOCKDEP_CLASSES];
extern unsigned long lockdep_known[LOCKDEP_CLASSES][BITS_TO_LONGS(LOCKDEP_CLASSES)];

/* ---- lockdep_graph.c. Context: interrupts off, lockdep not listening on this CPU. ---- */

/* Return: NULL if the table is full. */
struct lock_class *lockdep_class_of(struct lockdep_map *map, unsigned int subclass, u8 waited_for);

/* Is there nothing new in taking b while a is held? */
static inline bool lockdep_is_known(const struct lock_class *a, const struct lock_class *b)
{
	return test_bit(b->index, lockdep_known[a->index]);
}

/* The next two report what is wrong about it. */
void lockdep_add_edge(const struct lockdep_held *from, struct lock_class *to, unsigned long ip);
void lockdep_note_use(struct lock_class *c, enum lock_use use, unsigned long ip);
/* Two of one class. Return: whether that was known already. */
bool lockdep_test_and_set_twice(struct lock_class *c);
/* For reports. Return: NULL if there is none. */
const struct lock_edge *lockdep_find_edge(unsigned int from, unsigned int to);

/* ---- lockdep_report.c. way: n classes, each taken while the one before was held; `here` just now. ---- */

void lockdep_report_order(const u16 *way, unsigned int n, const struct lock_edge *here);
void lockdep_report_twice(const struct lockdep_held *first, const struct lockdep_held *second);
void lockdep_report_use(const struct lock_class *class, enum lock_use in, enum lock_use on);
void lockdep_report_irq_order(const u16 *way, unsigned int n, enum lock_use in, enum lock_use on,
			      const struct lock_edge *here);
void lockdep_report_own_readers(const struct lockdep_held *reader);
void lockdep_report_not_held(const struct lockdep_map *map);
