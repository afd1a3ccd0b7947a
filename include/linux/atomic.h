/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Atomic integers: atomic_t (int), atomic64_t (s64), atomic_long_t (long).
 * Each name below exists with the prefixes atomic_, atomic64_ and atomic_long_.
 *
 *   read, set, read_acquire, set_release
 *   add, sub, inc, dec, and, or, xor, andnot              nothing returned, no ordering
 *   add_return, sub_return, inc_return, dec_return        the new value
 *   fetch_add, fetch_sub, fetch_inc, fetch_dec,
 *   fetch_and, fetch_or, fetch_xor, fetch_andnot, xchg    the old value
 *   cmpxchg (old value), try_cmpxchg (true when stored)
 *   add_unless, inc_not_zero, inc_unless_negative, dec_unless_positive
 *   fetch_add_unless, dec_if_positive
 *   sub_and_test, dec_and_test, inc_and_test, add_negative
 *
 * What returns a value and changed memory is fully ordered; a conditional one
 * that did not store promises nothing. The forms _relaxed, _acquire and
 * _release ask for less (and cost the same on x86).
 * Semantics: Documentation/atomic_t.txt of Linux.
 */
#include <linux/types.h>
#include <linux/compiler.h>
#include <asm/atomic.h>

#ifndef ATOMIC_INIT
#define ATOMIC_INIT(i)		{ (i) }
#endif
#ifndef ATOMIC64_INIT
#define ATOMIC64_INIT(i)	{ (i) }
#endif

/* What follows from the machine's operations. */
#define ATOMIC_DERIVED_OPS(prefix, type)					\
static __always_inline type prefix##_read_acquire(const prefix##_t *v)		\
{										\
	return smp_load_acquire(&v->counter);					\
}										\
static __always_inline void prefix##_set_release(prefix##_t *v, type i)		\
{										\
	smp_store_release(&v->counter, i);					\
}										\
static __always_inline void prefix##_andnot(type i, prefix##_t *v)		\
{										\
	prefix##_and(~i, v);							\
}										\
static __always_inline type prefix##_fetch_andnot(type i, prefix##_t *v)	\
{										\
	return prefix##_fetch_and(~i, v);					\
}										\
static __always_inline type prefix##_fetch_sub(type i, prefix##_t *v)		\
{										\
	return prefix##_fetch_add(-i, v);					\
}										\
static __always_inline type prefix##_fetch_inc(prefix##_t *v)			\
{										\
	return prefix##_fetch_add(1, v);					\
}										\
static __always_inline type prefix##_fetch_dec(prefix##_t *v)			\
{										\
	return prefix##_fetch_add(-1, v);					\
}										\
static __always_inline type prefix##_add_return(type i, prefix##_t *v)		\
{										\
	return prefix##_fetch_add(i, v) + i;					\
}										\
static __always_inline type prefix##_sub_return(type i, prefix##_t *v)		\
{										\
	return prefix##_fetch_add(-i, v) - i;					\
}										\
static __always_inline type prefix##_inc_return(prefix##_t *v)			\
{										\
	return prefix##_fetch_add(1, v) + 1;					\
}										\
static __always_inline type prefix##_dec_return(prefix##_t *v)			\
{										\
	return prefix##_fetch_add(-1, v) - 1;					\
}										\
static __always_inline bool prefix##_add_negative(type i, prefix##_t *v)	\
{										\
	return prefix##_add_return(i, v) < 0;					\
}										\
/* Add a unless v is u; the old value either way. */				\
static __always_inline type prefix##_fetch_add_unless(prefix##_t *v, type a, type u) \
{										\
	type old = prefix##_read(v);						\
										\
	do {									\
		if (old == u)							\
			break;							\
	} while (!prefix##_try_cmpxchg(v, &old, old + a));			\
	return old;								\
}										\
static __always_inline bool prefix##_add_unless(prefix##_t *v, type a, type u)	\
{										\
	return prefix##_fetch_add_unless(v, a, u) != u;				\
}										\
static __always_inline bool prefix##_inc_not_zero(prefix##_t *v)		\
{										\
	return prefix##_add_unless(v, 1, 0);					\
}										\
static __always_inline bool prefix##_inc_unless_negative(prefix##_t *v)		\
{										\
	type old = prefix##_read(v);						\
										\
	do {									\
		if (old < 0)							\
			return false;						\
	} while (!prefix##_try_cmpxchg(v, &old, old + 1));			\
	return true;								\
}										\
static __always_inline bool prefix##_dec_unless_positive(prefix##_t *v)		\
{										\
	type old = prefix##_read(v);						\
										\
	do {									\
		if (old > 0)							\
			return false;						\
	} while (!prefix##_try_cmpxchg(v, &old, old - 1));			\
	return true;								\
}										\
/* Decrement if the result is not negative; that result either way. */		\
static __always_inline type prefix##_dec_if_positive(prefix##_t *v)		\
{										\
	type old = prefix##_read(v), new;					\
										\
	do {									\
		new = old - 1;							\
		if (new < 0)							\
			break;							\
	} while (!prefix##_try_cmpxchg(v, &old, new));				\
	return new;								\
}

/* The _relaxed, _acquire and _release forms of one operation. */
#define ATOMIC_ORDERS(ret, name, params, args)					\
static __always_inline ret name##_relaxed params { return name args; }		\
static __always_inline ret name##_acquire params { return name args; }		\
static __always_inline ret name##_release params { return name args; }

#define ATOMIC_ORDERED_OPS(prefix, type)					\
ATOMIC_ORDERS(type, prefix##_add_return, (type i, prefix##_t *v), (i, v))	\
ATOMIC_ORDERS(type, prefix##_sub_return, (type i, prefix##_t *v), (i, v))	\
ATOMIC_ORDERS(type, prefix##_inc_return, (prefix##_t *v), (v))			\
ATOMIC_ORDERS(type, prefix##_dec_return, (prefix##_t *v), (v))			\
ATOMIC_ORDERS(type, prefix##_fetch_add, (type i, prefix##_t *v), (i, v))	\
ATOMIC_ORDERS(type, prefix##_fetch_sub, (type i, prefix##_t *v), (i, v))	\
ATOMIC_ORDERS(type, prefix##_fetch_inc, (prefix##_t *v), (v))			\
ATOMIC_ORDERS(type, prefix##_fetch_dec, (prefix##_t *v), (v))			\
ATOMIC_ORDERS(type, prefix##_fetch_and, (type i, prefix##_t *v), (i, v))	\
ATOMIC_ORDERS(type, prefix##_fetch_or, (type i, prefix##_t *v), (i, v))		\
ATOMIC_ORDERS(type, prefix##_fetch_xor, (type i, prefix##_t *v), (i, v))	\
ATOMIC_ORDERS(type, prefix##_fetch_andnot, (type i, prefix##_t *v), (i, v))	\
ATOMIC_ORDERS(type, prefix##_xchg, (prefix##_t *v, type new), (v, new))	\
ATOMIC_ORDERS(type, prefix##_cmpxchg, (prefix##_t *v, type old, type new), (v, old, new)) \
ATOMIC_ORDERS(bool, prefix##_try_cmpxchg, (prefix##_t *v, type *old, type new), (v, old, new))

ATOMIC_DERIVED_OPS(atomic, int)
ATOMIC_ORDERED_OPS(atomic, int)
ATOMIC_DERIVED_OPS(atomic64, s64)
ATOMIC_ORDERED_OPS(atomic64, s64)

/* A long is 64 bits here: atomic_long_t has atomic64_t's layout and instructions. */
typedef struct {
	long counter;
} atomic_long_t;

#define ATOMIC_LONG_INIT(i)	{ (i) }

ATOMIC_MACHINE_OPS(atomic_long, long, "q")
ATOMIC_DERIVED_OPS(atomic_long, long)
ATOMIC_ORDERED_OPS(atomic_long, long)

#define atomic_cond_read_relaxed(v, c)	smp_cond_load_relaxed(&(v)->counter, (c))
#define atomic_cond_read_acquire(v, c)	smp_cond_load_acquire(&(v)->counter, (c))
#define atomic64_cond_read_relaxed(v, c) smp_cond_load_relaxed(&(v)->counter, (c))
#define atomic64_cond_read_acquire(v, c) smp_cond_load_acquire(&(v)->counter, (c))
#define atomic_long_cond_read_relaxed(v, c) smp_cond_load_relaxed(&(v)->counter, (c))
#define atomic_long_cond_read_acquire(v, c) smp_cond_load_acquire(&(v)->counter, (c))
