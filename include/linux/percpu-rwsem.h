/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Reader-writer semaphores whose readers touch only their own CPU's counter: for what is read all the time and written
 * hardly ever. A writer waits for a grace period of RCU first, some milliseconds. Else: <linux/rwsem.h>.
 *
 * Context: thread, may sleep; percpu_down_read_trylock() and percpu_up_read() do not sleep. Not for interrupts.
 * The writer gives it back himself: anybody else is told so. Who waits, waits in the order of coming, so neither side
 * starves. A thread must not take it for reading twice: a writer that came between would wait for the outer.
 * Semantics: Linux's Documentation/locking/percpu-rw-semaphore. Differs from Linux: there the next writer may come
 * without another grace period, and another thread than the one that took it may give it back.
 */
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/wait.h>

struct percpu_rw_semaphore {
	unsigned int __percpu	*read_count;	/* only the sum means something. ORDER(percpu-rwsem) */
	bool			writing;		/* a writer has come: readers take the slow way. `writers` */
	struct mutex		writers;	/* held by the writer; readers who have to wait stand in line for it */
	wait_queue_head_t	last_reader;	/* the writer sleeps here */
};

#define __PERCPU_RWSEM_INITIALIZER(name, count) \
	{ .read_count = &(count), .writers = __MUTEX_INITIALIZER(name.writers), \
	  .last_reader = __WAIT_QUEUE_HEAD_INITIALIZER((name).last_reader) }
#define __DEFINE_PERCPU_RWSEM(name, is_static) \
	static DEFINE_PER_CPU(unsigned int, __percpu_rwsem_rc_##name); \
	is_static struct percpu_rw_semaphore name = __PERCPU_RWSEM_INITIALIZER(name, __percpu_rwsem_rc_##name)
#define DEFINE_PERCPU_RWSEM(name)		__DEFINE_PERCPU_RWSEM(name, )
#define DEFINE_STATIC_PERCPU_RWSEM(name)	__DEFINE_PERCPU_RWSEM(name, static)

/*
 * percpu_init_rwsem: Return: 0, -ENOMEM. percpu_free_rwsem: nobody will use it any more; WARNs, and keeps its memory,
 * if it is held. One whose percpu_init_rwsem() failed may be freed, too. Context: thread, may sleep.
 */
#define percpu_init_rwsem(sem) \
	({ \
		static struct lock_class_key __key; \
		__percpu_init_rwsem((sem), #sem, &__key); \
	})
int __percpu_init_rwsem(struct percpu_rw_semaphore *sem, const char *name, struct lock_class_key *key);
void percpu_free_rwsem(struct percpu_rw_semaphore *sem);

void percpu_down_write(struct percpu_rw_semaphore *sem);
void percpu_up_write(struct percpu_rw_semaphore *sem);

/* The slow halves. */
void percpu_rwsem_wait_to_read(struct percpu_rw_semaphore *sem);
void percpu_rwsem_reader_left(struct percpu_rw_semaphore *sem);

/* In, if there is no writer. ORDER(percpu-rwsem): with preemption off from the look to the counting, so that a grace
 * period after the writer's mark has seen both, or the reader has seen the mark. */
static __always_inline bool __percpu_try_read(struct percpu_rw_semaphore *sem)
{
	bool in;

	preempt_disable();
	in = !READ_ONCE(sem->writing);
	if (likely(in)) {
		this_cpu_inc(*sem->read_count);
		current->read_holds++;
	}
	preempt_enable();
	return in;
}

static __always_inline void percpu_down_read(struct percpu_rw_semaphore *sem)
{
	might_sleep();
	lockdep_acquire(&sem->writers.own.dep_map, 0, LOCKDEP_SHARED);
	if (unlikely(!__percpu_try_read(sem)))
		percpu_rwsem_wait_to_read(sem);
}

/* Return: true if taken. */
static __always_inline bool percpu_down_read_trylock(struct percpu_rw_semaphore *sem)
{
	if (!__percpu_try_read(sem))
		return false;
	lockdep_acquire(&sem->writers.own.dep_map, 0, LOCKDEP_SHARED | LOCKDEP_TRY);
	return true;
}

static __always_inline void percpu_up_read(struct percpu_rw_semaphore *sem)
{
	lockdep_release(&sem->writers.own.dep_map);
	preempt_disable();
	/* ORDER(percpu-rwsem): no mark seen: the writer's grace period comes after what the reader did. */
	if (likely(!READ_ONCE(sem->writing) && current->read_holds)) {
		this_cpu_dec(*sem->read_count);
		current->read_holds--;
	} else {
		percpu_rwsem_reader_left(sem);
	}
	preempt_enable();
}

/* By whomever, at this moment. Context: any. */
bool percpu_is_read_locked(struct percpu_rw_semaphore *sem);
static inline bool percpu_is_write_locked(struct percpu_rw_semaphore *sem)
{
	return READ_ONCE(sem->writing);
}

static inline bool percpu_rwsem_is_held(struct percpu_rw_semaphore *sem)
{
	return percpu_is_write_locked(sem) || percpu_is_read_locked(sem);
}
#define percpu_rwsem_assert_held(sem)	WARN_ON_ONCE(!percpu_rwsem_is_held(sem))
