/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The machine's half of atomic_t (32 bits) and atomic64_t (64 bits): what has
 * an instruction of its own. <linux/atomic.h> is the page to include: it adds
 * the rest, the ordered forms, and atomic_long_t.
 *
 * Every operation below that changes memory is one locked instruction, or a
 * loop around lock cmpxchg where x86 cannot give the old value otherwise. That
 * makes all of them full barriers; by contract only those that return a value are.
 */
#include <linux/types.h>
#include <linux/compiler.h>
#include <asm/barrier.h>
#include <asm/cmpxchg.h>

/* v op= i, nothing returned. sfx is the instruction's size, l or q. */
#define ATOMIC_VOID_OP(prefix, type, sfx, op, insn)				\
static __always_inline void prefix##_##op(type i, prefix##_t *v)		\
{										\
	asm volatile("lock; " insn sfx " %1, %0"				\
		     : "+m" (v->counter) : "er" (i) : "memory", "cc");		\
}

/* The old value is given back; x86 has no such instruction for and, or, xor. */
#define ATOMIC_FETCH_OP(prefix, type, op, c_op)					\
static __always_inline type prefix##_fetch_##op(type i, prefix##_t *v)		\
{										\
	type old = READ_ONCE(v->counter);					\
										\
	while (!try_cmpxchg(&v->counter, &old, old c_op i))			\
		;								\
	return old;								\
}

#define ATOMIC_MACHINE_OPS(prefix, type, sfx)					\
static __always_inline type prefix##_read(const prefix##_t *v)			\
{										\
	return READ_ONCE(v->counter);						\
}										\
static __always_inline void prefix##_set(prefix##_t *v, type i)			\
{										\
	WRITE_ONCE(v->counter, i);						\
}										\
ATOMIC_VOID_OP(prefix, type, sfx, add, "add")					\
ATOMIC_VOID_OP(prefix, type, sfx, sub, "sub")					\
ATOMIC_VOID_OP(prefix, type, sfx, and, "and")					\
ATOMIC_VOID_OP(prefix, type, sfx, or, "or")					\
ATOMIC_VOID_OP(prefix, type, sfx, xor, "xor")					\
static __always_inline void prefix##_inc(prefix##_t *v)				\
{										\
	asm volatile("lock; inc" sfx " %0"					\
		     : "+m" (v->counter) : : "memory", "cc");			\
}										\
static __always_inline void prefix##_dec(prefix##_t *v)				\
{										\
	asm volatile("lock; dec" sfx " %0"					\
		     : "+m" (v->counter) : : "memory", "cc");			\
}										\
static __always_inline bool prefix##_dec_and_test(prefix##_t *v)		\
{										\
	bool zero;								\
										\
	asm volatile("lock; dec" sfx " %0"					\
		     : "+m" (v->counter), "=@ccz" (zero) : : "memory");		\
	return zero;								\
}										\
static __always_inline bool prefix##_inc_and_test(prefix##_t *v)		\
{										\
	bool zero;								\
										\
	asm volatile("lock; inc" sfx " %0"					\
		     : "+m" (v->counter), "=@ccz" (zero) : : "memory");		\
	return zero;								\
}										\
static __always_inline bool prefix##_sub_and_test(type i, prefix##_t *v)	\
{										\
	bool zero;								\
										\
	asm volatile("lock; sub" sfx " %2, %0"					\
		     : "+m" (v->counter), "=@ccz" (zero) : "er" (i) : "memory"); \
	return zero;								\
}										\
static __always_inline type prefix##_fetch_add(type i, prefix##_t *v)		\
{										\
	return xadd(&v->counter, i);						\
}										\
ATOMIC_FETCH_OP(prefix, type, and, &)						\
ATOMIC_FETCH_OP(prefix, type, or, |)						\
ATOMIC_FETCH_OP(prefix, type, xor, ^)						\
static __always_inline type prefix##_xchg(prefix##_t *v, type new)		\
{										\
	return xchg(&v->counter, new);						\
}										\
static __always_inline type prefix##_cmpxchg(prefix##_t *v, type old, type new)	\
{										\
	return cmpxchg(&v->counter, old, new);					\
}										\
static __always_inline bool prefix##_try_cmpxchg(prefix##_t *v, type *old, type new) \
{										\
	return try_cmpxchg(&v->counter, old, new);				\
}

ATOMIC_MACHINE_OPS(atomic, int, "l")
ATOMIC_MACHINE_OPS(atomic64, s64, "q")
