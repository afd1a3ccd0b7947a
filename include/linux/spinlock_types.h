/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A ticket lock: take a number, wait until it is served. Fair: CPUs get the lock in the order in which they asked.
 * `holder` is the holding CPU plus one; it decides nothing, but lets a mistake be named.
 */
#include <linux/types.h>
#include <linux/lockdep_types.h>

typedef struct raw_spinlock {
	union {
		u32 tickets;
		struct {
			u16 serving;
			u16 next;
		};
	};
	u32 holder;
	struct lockdep_map dep_map;
} raw_spinlock_t;

/* Without PREEMPT_RT the two are one in Linux, too; spinlock_t is the one for everybody. */
typedef raw_spinlock_t spinlock_t;

#define __RAW_SPIN_LOCK_UNLOCKED(name)	{ .tickets = 0, .holder = 0, .dep_map = LOCKDEP_MAP_INIT(name) }
#define __SPIN_LOCK_UNLOCKED(name)	__RAW_SPIN_LOCK_UNLOCKED(name)
#define DEFINE_RAW_SPINLOCK(x)	raw_spinlock_t x = __RAW_SPIN_LOCK_UNLOCKED(x)
#define DEFINE_SPINLOCK(x)	spinlock_t x = __SPIN_LOCK_UNLOCKED(x)

#include <linux/rwlock_types.h>
