/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Assertions about locks: the first line of a function that needs its caller to hold one.
 * Differs from Linux: they are checked always, not only in a debugging build; with DEBUG=1 the order of locks is
 * watched, too (kernel/locking/lockdep.c). For a lock that readers share, "held" is
 * said of a writer for certain; of a reader only that somebody reads.
 */
#include <linux/spinlock.h>
#include <linux/lockdep_types.h>
#include <linux/bug.h>

struct mutex;
struct rw_semaphore;
struct rt_mutex;
struct ww_mutex;
bool mutex_is_held(const struct mutex *lock);
bool rwsem_is_held(const struct rw_semaphore *sem);
bool rwsem_is_held_write(const struct rw_semaphore *sem);
bool rt_mutex_is_held(const struct rt_mutex *lock);
bool ww_mutex_is_held(const struct ww_mutex *lock);

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
		struct ww_mutex *: ww_mutex_is_held((const void *)(l)), \
		struct rt_mutex *: rt_mutex_is_held((const void *)(l)))
/* For writing (0), for reading (1) or either (-1); of a reader only that somebody holds it. */
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
		struct mutex *: &((struct mutex *)(lock))->own.dep_map, \
		struct rw_semaphore *: &((struct rw_semaphore *)(lock))->own.dep_map, \
		struct rt_mutex *: &((struct rt_mutex *)(lock))->own.dep_map, \
		raw_spinlock_t *: &((raw_spinlock_t *)(lock))->dep_map))
#define lockdep_set_class_and_name(lock, key, name) \
	lockdep_init_map(__lockdep_map_of(lock), name, key, 0)
/* might_lock: the function may take it, though it does not always: the order is looked at in any case. */
#define might_lock(lock) \
	do { \
		lockdep_acquire(__lockdep_map_of(lock), 0, LOCKDEP_EXCLUSIVE); \
		lockdep_release(__lockdep_map_of(lock)); \
	} while (0)
extern struct lock_class_key __lockdep_no_validate__;
#else
#define lockdep_set_class_and_name(lock, key, name) \
	do { (void)(lock); (void)(key); } while (0)
#define might_lock(lock)	do { (void)(lock); } while (0)
#define __lockdep_no_validate__	(*(struct lock_class_key *)NULL)
#endif
#define might_lock_read(lock)	might_lock(lock)
#define might_lock_nested(lock, subclass) might_lock(lock)
/* A lock that is not watched. */
#define lockdep_set_novalidate_class(lock) lockdep_set_class_and_name(lock, &__lockdep_no_validate__, #lock)

/*
 * Keys that are not variables, but in memory that is allocated: to be known before, and forgotten before it is freed.
 */
static inline void lockdep_register_key(struct lock_class_key *key)
{
}

static inline void lockdep_unregister_key(struct lock_class_key *key)
{
	lockdep_forget(key, sizeof(*key) ?: 1);
}

/* Something of the user's own that is waited for like a lock. Context: any but NMI. */
#define STATIC_LOCKDEP_MAP_INIT(_name, _key)	__LOCKDEP_MAP_INIT(_name, _key)
#define lock_map_acquire(map)		lockdep_acquire(map, 0, LOCKDEP_EXCLUSIVE)
#define lock_map_acquire_read(map)	lockdep_acquire(map, 0, LOCKDEP_SHARED)
#define lock_map_release(map)		lockdep_release(map)
