/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A reference counter that refuses to come back from zero or to wrap; it saturates and WARNs instead.
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
	atomic_add(n, &r->refs);
}

static inline void refcount_dec(refcount_t *r)
{
	WARN_ON_ONCE(refcount_dec_and_test(r));
}
