/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What a lock knows about itself for the sake of messages: its name, and, in a kernel built with DEBUG=1, the class
 * whose order of taking is watched. Two locks are of one class if the same line of code has initialised them.
 * Everybody else wants <linux/lockdep.h>.
 */
#include <linux/types.h>
#include <linux/stddef.h>

struct lock_class;
struct lock_kind;

#ifdef CONFIG_LOCKDEP

/* Its address is what counts. */
struct lock_class_key {
	char unused;
};

struct lockdep_map {
	const char		*name;
	const void		*key;		/* NULL: the lock's own address, for a lock that is a variable */
	struct lock_class	*class[2];	/* found before, for subclasses 0 and 1 */
};

/* One lock that a thread holds. */
struct lockdep_held {
	struct lockdep_map	*map;
	struct lock_class	*class;
	unsigned long		ip;		/* where it was taken */
	u8			how;		/* LOCKDEP_* */
	u8			context;	/* in a hard interrupt 2, a softirq 1, else 0 */
};
#define LOCKDEP_HELD_MAX	32

#define __LOCKDEP_MAP_INIT(_name, _key)	{ .name = _name, .key = _key }

#else

struct lock_class_key {
};

struct lockdep_map {
	const char	*name;
};

#define __LOCKDEP_MAP_INIT(_name, _key)	{ .name = _name }

#endif

/* A lock that is a variable: DEFINE_SPINLOCK() and the like. */
#define LOCKDEP_MAP_INIT(_name)		__LOCKDEP_MAP_INIT(#_name, NULL)

static inline void lockdep_init_map(struct lockdep_map *map, const char *name, struct lock_class_key *key, int subclass)
{
	*map = (struct lockdep_map)__LOCKDEP_MAP_INIT(name, key);
}

/*
 * A lock that threads sleep for and that has an owner: its name, what it is, and the one that its owner took before
 * this one. So a thread can be told what it holds.
 */
struct owned_lock {
	struct lockdep_map	dep_map;
	const struct lock_kind	*kind;		/* kernel/locking/held.h */
	struct owned_lock	*below;		/* the owner only */
};
extern const struct lock_kind mutex_kind, rt_mutex_kind, rwsem_kind, semaphore_kind, ww_mutex_kind;
#define __OWNED_LOCK_INIT(name, _kind)	{ .dep_map = LOCKDEP_MAP_INIT(name), .kind = &(_kind) }

static inline void owned_lock_init(struct owned_lock *l, const struct lock_kind *kind, const char *name,
				   struct lock_class_key *key)
{
	lockdep_init_map(&l->dep_map, name, key, 0);
	l->kind = kind;
	l->below = NULL;
}
