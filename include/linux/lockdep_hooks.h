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

#ifdef CONFIG_LOCKDEP

/* Context: any; for a spinning lock before the wait, with preemption off. */
void lockdep_acquire(struct lockdep_map *map, unsigned int subclass, unsigned int how);
void lockdep_release(struct lockdep_map *map);

#else

static __always_inline void lockdep_acquire(struct lockdep_map *map, unsigned int subclass, unsigned int how)
{
}

static __always_inline void lockdep_release(struct lockdep_map *map)
{
}

#endif
