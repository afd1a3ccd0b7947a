/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Assertions about locks: the first line of a function that needs its caller to hold one.
 * Differs from Linux: checked always, not only in a debugging build; no lock-order graph.
 */
#include <linux/spinlock.h>
#include <linux/bug.h>

struct mutex;
bool mutex_is_held(const struct mutex *lock);

#define lockdep_is_held(l) \
	_Generic((l), \
		raw_spinlock_t *: raw_spin_is_held((const void *)(l)), \
		const raw_spinlock_t *: raw_spin_is_held((const void *)(l)), \
		struct mutex *: mutex_is_held((const void *)(l)))

#define lockdep_assert_held(l)		WARN_ON_ONCE(!lockdep_is_held(l))
#define lockdep_assert_not_held(l)	WARN_ON_ONCE(lockdep_is_held(l))
#define lockdep_assert_irqs_disabled()	WARN_ON_ONCE(!irqs_disabled())
#define lockdep_assert_irqs_enabled()	WARN_ON_ONCE(irqs_disabled())
#define lockdep_assert_preemption_disabled() WARN_ON_ONCE(preemptible())

struct lock_class_key { };
