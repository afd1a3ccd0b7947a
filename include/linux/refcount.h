/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A reference counter that refuses to come back from zero or to wrap; it saturates and WARNs instead.
 * Differs from Linux: once in each place that does it, where Linux warns once of each kind.
 * Context: any. Semantics: Linux's Documentation/core-api/refcount-vs-atomic.
 */
#include <linux/atomic.h>
#include <linux/bug.h>

typedef struct refcount_struct {
	atomic_t refs;
} refcount_t;

#define REFCOUNT_INIT(n)	{ .refs = ATOMIC_INIT(n) }
#define REFCOUNT_SATURATED	(-0x40000000)

static inline void refcount_set(refcount_t *r, int n)
{
	atomic_set(&r->refs, n);
}

static inline unsigned int refcount_read(const refcount_t *r)
{
	return atomic_read(&r->refs);
}

static inline void refcount_inc(refcount_t *r)
{
	int old = atomic_fetch_add(1, &r->refs);

	if (WARN_ONCE(old <= 0, "a reference was taken on an object whose count was %d: it is already freed\n", old))
		atomic_set(&r->refs, REFCOUNT_SATURATED);
}

static inline __must_check bool refcount_inc_not_zero(refcount_t *r)
{
	return atomic_inc_not_zero(&r->refs);
}

/* True when this was the last one; all earlier uses of the object happened before (the locked operation is a full
 * barrier on x86). */
static inline __must_check bool refcount_dec_and_test(refcount_t *r)
{
	int old = atomic_fetch_sub(1, &r->refs);

	if (WARN_ONCE(old <= 0, "a reference was dropped that nobody held (count %d)\n", old)) {
		atomic_set(&r->refs, REFCOUNT_SATURATED);
		return false;
	}
	return old == 1;
}

static inline __must_check bool refcount_sub_and_test(int n, refcount_t *r)
{
	int old = atomic_fetch_sub(n, &r->refs);

	if (WARN_ONCE(old < n, "references were dropped that nobody held (count %d)\n", old)) {
		atomic_set(&r->refs, REFCOUNT_SATURATED);
		return false;
	}
	return old == n;
}

static inline void refcount_add(int n, refcount_t *r)
{
	int old = atomic_fetch_add(n, &r->refs);

	if (WARN_ONCE(old <= 0, "references were taken on an object whose count was %d: it is already freed\n", old))
		atomic_set(&r->refs, REFCOUNT_SATURATED);
}

static inline __must_check bool refcount_add_not_zero(int n, refcount_t *r)
{
	return atomic_add_unless(&r->refs, n, 0);
}

static inline __must_check bool refcount_dec_if_one(refcount_t *r)
{
	return atomic_cmpxchg(&r->refs, 1, 0) == 1;
}

/* False: it is the last one, and stays. */
static inline __must_check bool refcount_dec_not_one(refcount_t *r)
{
	return atomic_add_unless(&r->refs, -1, 1);
}

static inline void refcount_dec(refcount_t *r)
{
	WARN_ON_ONCE(refcount_dec_and_test(r));
}

/* The last one goes with the lock held: true, and the lock stays taken. */
#define __refcount_dec_and(r, lock_it, unlock_it) \
({ \
	bool __last = false; \
	if (!refcount_dec_not_one(r)) { \
		lock_it; \
		__last = refcount_dec_and_test(r); \
		if (!__last) \
			unlock_it; \
	} \
	__last; \
})
#define refcount_dec_and_lock(r, lock)	__refcount_dec_and(r, spin_lock(lock), spin_unlock(lock))
#define refcount_dec_and_lock_irqsave(r, lock, flags) \
	__refcount_dec_and(r, spin_lock_irqsave(lock, *(flags)), spin_unlock_irqrestore(lock, *(flags)))
#define refcount_dec_and_mutex_lock(r, lock)	__refcount_dec_and(r, mutex_lock(lock), mutex_unlock(lock))
