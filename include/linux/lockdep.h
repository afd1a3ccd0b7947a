/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Assertions about locks: the first line of a function that needs its caller to hold one.
 * Differs from Linux: they are checked always, not only in a debugging build. For a lock that readers share, "held" is
 * said of a writer for certain; of a reader only that somebody reads.
 */
#include <linux/spinlock.h>
#include <linux/lockdep_types.h>
#include <linux/bug.h>

struct mutex;
struct rw_semaphore;
struct rt_mutex;
bool mutex_is_held(const struct mutex *lock);
bool rwsem_is_held(const struct rw_semaphore *sem);
bool rwsem_is_held_write(const struct rw_semaphore *sem);
bool rt_mutex_is_held(const struct rt_mutex *lock);

static inline bool rwlock_is_held(const rwlock_t *lock)
{
	return rw_write_is_held(lock) || READ_ONCE(lock->state) >= RW_READER;
}

#define lockdep_is_held(l) \
	_Generic((l), \
		raw_spinlock_t *: raw_spin_is_held((const void *)(l)), \
		const raw_spinlock_t *: raw_spin_is_held((const void *)(l)), \
		rwlock_t *: rwlock_is_held((const void *)(l)), \
		const rwlock_t *: rwlock_is_held((const void *)(l)), \
		struct mutex *: mutex_is_held((const void *)(l)), \
		const struct mutex *: mutex_is_held((const void *)(l)), \
		struct rw_semaphore *: rwsem_is_held((const void *)(l)), \
		const struct rw_semaphore *: rwsem_is_held((const void *)(l)), \
		struct rt_mutex *: rt_mutex_is_held((const void *)(l)))
/* For writing (1), for reading (0) or either (-1). */
#define lockdep_is_held_type(l, r) \
	((r) ? lockdep_is_held(l) : _Generic((l), \
		rwlock_t *: rw_write_is_held((const void *)(l)), \
		struct rw_semaphore *: rwsem_is_held_write((const void *)(l)), \
		default: lockdep_is_held(l)))

#define lockdep_assert(cond)		WARN_ON(!(cond))
#define lockdep_assert_once(cond)	WARN_ON_ONCE(!(cond))
#define lockdep_assert_held(l)		WARN_ON_ONCE(!lockdep_is_held(l))
#define lockdep_assert_held_once(l)	lockdep_assert_held(l)
#define lockdep_assert_not_held(l)	WARN_ON_ONCE(lockdep_is_held(l))
#define lockdep_assert_held_write(l)	WARN_ON_ONCE(!lockdep_is_held_type(l, 0))
#define lockdep_assert_held_read(l)	WARN_ON_ONCE(!lockdep_is_held(l))
/* Of what a lock that may be free protects: nothing is checked where there is no list of what a thread holds. */
#define lockdep_assert_none_held_once()	WARN_ON_ONCE(current->held_locks)
#define lockdep_assert_irqs_disabled()	WARN_ON_ONCE(!irqs_disabled())
#define lockdep_assert_irqs_enabled()	WARN_ON_ONCE(irqs_disabled())
#define lockdep_assert_in_irq()		WARN_ON_ONCE(!in_hardirq())
#define lockdep_assert_preemption_enabled() WARN_ON_ONCE(!preemptible())
#define lockdep_assert_preemption_disabled() WARN_ON_ONCE(preemptible())
#define lockdep_assert_in_softirq()	WARN_ON_ONCE(!in_softirq() || in_hardirq())

/* A class of its own for this lock: two locks initialised at one place that are taken inside one another. */
#define lockdep_set_class(lock, key)	lockdep_set_class_and_name(lock, key, #key)
#ifdef CONFIG_LOCKDEP
#define __lockdep_map_of(lock) \
	((struct lockdep_map *)_Generic((lock), \
		rwlock_t *: &((rwlock_t *)(lock))->queue.dep_map, \
		default: &(lock)->dep_map))
#define lockdep_set_class_and_name(lock, key, name) \
	lockdep_init_map(&(lock)->dep_map, name, key, 0)
#else
#define lockdep_set_class_and_name(lock, key, name) \
	do { (void)(key); } while (0)
#endif
