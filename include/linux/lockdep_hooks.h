/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What the locks tell lockdep: this one is being taken, this one is given back. Nothing in the default build; with
 * DEBUG=1 kernel/locking/lockdep.c listens. For assertions: <linux/lockdep.h>.
 */
#include <linux/lockdep_types.h>

/* How it is taken: alone, shared with other readers, or only if that needs no waiting (which cannot deadlock). */
#define LOCKDEP_EXCLUSIVE	0
#define LOCKDEP_SHARED		1
#define LOCKDEP_TRY		2
/* It is no lock, but a function that somebody may wait for: a work's, a timer's. */
#define LOCKDEP_FUNCTION	4
/* ... or readers that somebody may wait for: SRCU's. */
#define LOCKDEP_READERS		(LOCKDEP_FUNCTION | 8)

/* Instead of a subclass: others of its class may be held, as something else keeps the order among them. */
#define LOCKDEP_NEST_LOCK	8

struct task_struct;

#ifdef CONFIG_LOCKDEP

/* Context: any; for a spinning lock before the wait, with preemption off. */
void lockdep_acquire(struct lockdep_map *map, unsigned int subclass, unsigned int how);
void lockdep_release(struct lockdep_map *map);

/* From here on an interrupt, or a softirq, may come. Context: just before it is so; <linux/irqflags.h> calls it. */
void lockdep_irqs_on(void);

/* For messages: where the caller took that lock; 0 if it is not known. Context: any but NMI. */
unsigned long lockdep_taken_at(const struct lockdep_map *map);

/* A thread begins; it dies with what it holds. */
void lockdep_init_task(struct task_struct *p);
void lockdep_exit_task(void);

/* Memory goes away, in which keys or names of locks were: a module's, a queue's. Context: any but NMI. */
void lockdep_forget(const void *start, unsigned long size);

/*
 * The function that `key` is the address of, or all functions of a queue that `key` is the address of, runs from begin
 * to end. Who waits until it has ended, or would if it ran just now, says lockdep_waits_for(): as if the function were
 * a lock, held while it runs. Context: any but NMI.
 */
static inline void lockdep_function_begin(struct lockdep_map *map, const char *what, const void *key)
{
	*map = (struct lockdep_map)__LOCKDEP_MAP_INIT(what, key);
	lockdep_acquire(map, 0, LOCKDEP_FUNCTION);
}

static __always_inline void lockdep_waits_for(const char *what, const void *key)
{
	struct lockdep_map map;

	lockdep_function_begin(&map, what, key);
	lockdep_release(&map);
}

#else

static __always_inline void lockdep_acquire(struct lockdep_map *map, unsigned int subclass, unsigned int how)
{
}

static __always_inline void lockdep_release(struct lockdep_map *map)
{
}

static inline unsigned long lockdep_taken_at(const struct lockdep_map *map)
{
	return 0;
}

static __always_inline void lockdep_function_begin(struct lockdep_map *map, const char *what, const void *key)
{
}

static __always_inline void lockdep_waits_for(const char *what, const void *key)
{
}

static __always_inline void lockdep_forget(const void *start, unsigned long size)
{
}

#define lockdep_irqs_on()	do { } while (0)
#define lockdep_init_task(p)	do { } while (0)
#define lockdep_exit_task()	do { } while (0)

#endif
