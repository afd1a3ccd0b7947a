/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Reader-writer semaphores: many readers or one writer, and who waits sleeps. Spinning, for short sections:
 * rwlock_t of <linux/spinlock.h>.
 *
 * Fair in the order of coming: once a writer waits, new readers queue behind him. So a thread must not take it for
 * reading twice: a writer that came between would wait for the first, and the second for the writer.
 * Context: thread, may sleep. The trylock forms and the up forms don't sleep, but are not for interrupts.
 * Return: _interruptible, _killable: 0 or -EINTR. trylock: 1 if taken, else 0.
 * Semantics: Linux's Documentation/locking/locktypes. Differs: who waits sleeps at once, and unlock hands it over.
 */
#include <linux/lockdep_types.h>
#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/spinlock.h>

struct rw_semaphore {
	atomic_long_t		count;		/* the bits are explained in kernel/locking/rwsem.c */
	struct task_struct	*writer;	/* who has it for writing: himself; NULL before he gives it back */
	unsigned int		again;		/* the writer only: how often he has it too much */
	raw_spinlock_t		wait_lock;
	struct list_head	wait_list;	/* wait_lock: the longest waiter first */
	struct owned_lock	own;		/* the writer only */
};

#define __RWSEM_INITIALIZER(name) \
	{ .count = ATOMIC_LONG_INIT(0), .wait_lock = __RAW_SPIN_LOCK_UNLOCKED(name.wait_lock), \
	  .wait_list = LIST_HEAD_INIT((name).wait_list), .own = __OWNED_LOCK_INIT(name, rwsem_kind) }
#define DECLARE_RWSEM(name)	struct rw_semaphore name = __RWSEM_INITIALIZER(name)

#define init_rwsem(sem) \
	do { \
		static struct lock_class_key __key; \
		__init_rwsem((sem), #sem, &__key); \
	} while (0)
void __init_rwsem(struct rw_semaphore *sem, const char *name, struct lock_class_key *key);

void down_read(struct rw_semaphore *sem);
int down_read_interruptible(struct rw_semaphore *sem);
int down_read_killable(struct rw_semaphore *sem);
int down_read_trylock(struct rw_semaphore *sem);
void up_read(struct rw_semaphore *sem);

/* The writer who wants it again would wait for himself: he is told so, and it counts as taken once; the forms that can
 * fail answer -EDEADLK. (Differs from Linux.) up_write: by the writer; anybody else is told so, and it stays so. */
void down_write(struct rw_semaphore *sem);
int down_write_killable(struct rw_semaphore *sem);
int down_write_trylock(struct rw_semaphore *sem);
void up_write(struct rw_semaphore *sem);

/* downgrade_write: from writer to reader, without a moment when another writer could come in. */
void downgrade_write(struct rw_semaphore *sem);

/* By whomever, at this moment; and does anybody wait? Context: any. */
static inline int rwsem_is_locked(struct rw_semaphore *sem)
{
	return (atomic_long_read(&sem->count) & ~1L) != 0;
}

static inline int rwsem_is_contended(struct rw_semaphore *sem)
{
	return !list_empty(&sem->wait_list);
}

/* For assertions: held at all, by the caller for writing. */
bool rwsem_is_held(const struct rw_semaphore *sem);
bool rwsem_is_held_write(const struct rw_semaphore *sem);

/* Taken by one thread, given back by another. Reading only. */
void down_read_non_owner(struct rw_semaphore *sem);
void up_read_non_owner(struct rw_semaphore *sem);

/* A second one of the same class, deeper in. */
#ifdef CONFIG_LOCKDEP
void down_read_nested(struct rw_semaphore *sem, int subclass);
void down_write_nested(struct rw_semaphore *sem, int subclass);
int down_read_killable_nested(struct rw_semaphore *sem, int subclass);
int down_write_killable_nested(struct rw_semaphore *sem, int subclass);
#else
#define down_read_nested(sem, subclass)			down_read(sem)
#define down_write_nested(sem, subclass)		down_write(sem)
#define down_read_killable_nested(sem, subclass)	down_read_killable(sem)
#define down_write_killable_nested(sem, subclass)	down_write_killable(sem)
#endif
#define down_write_nest_lock(sem, outer)		down_write_nested(sem, LOCKDEP_NEST_LOCK)
