/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A spinning lock for many readers or one writer, in fair order: who must wait queues on a ticket lock.
 * The bits of `state` are explained in kernel/locking/rwlock.c. Everybody wants <linux/spinlock.h>.
 */
#include <linux/spinlock_types.h>

typedef struct {
	u32		state;
	u32		holder;		/* the writing CPU plus one; for messages */
	raw_spinlock_t	queue;		/* who waits, in order; its name is the lock's */
} rwlock_t;

#define __RW_LOCK_UNLOCKED(name) { .queue = __RAW_SPIN_LOCK_UNLOCKED(name) }
#define DEFINE_RWLOCK(x)	rwlock_t x = __RW_LOCK_UNLOCKED(x)
