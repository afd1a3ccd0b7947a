/* SPDX-License-Identifier: MIT */
/*
 * What the compiler may and may not do to our code: branch hints, the
 * compiler barrier, and READ_ONCE/WRITE_ONCE for what another CPU may touch
 * at the same time. For ordering between CPUs use <asm/barrier.h>.
 */
#pragma once

#include <linux/compiler_attributes.h>

#ifndef __ASSEMBLY__

#define likely(x)	__builtin_expect(!!(x), 1)
#define unlikely(x)	__builtin_expect(!!(x), 0)

/* The compiler may not move memory accesses across this line. The CPU may. */
#define barrier()	__asm__ __volatile__("" : : : "memory")
#define barrier_data(ptr) __asm__ __volatile__("" : : "r"(ptr) : "memory")

/* Forget what is known about a variable, so that nothing is computed early. */
#define OPTIMIZER_HIDE_VAR(var) __asm__("" : "=r"(var) : "0"(var))

#define RELOC_HIDE(ptr, off)						\
({									\
	unsigned long __ptr = (unsigned long)(ptr);			\
	OPTIMIZER_HIDE_VAR(__ptr);					\
	(typeof(ptr))(__ptr + (off));					\
})

#define __same_type(a, b)	__builtin_types_compatible_p(typeof(a), typeof(b))

/* The type of an expression without const and volatile, for scalars. */
#define __unqual_scalar_typeof(x)	typeof(_Generic((x),		\
	char: (char)0,							\
	signed char: (signed char)0,					\
	unsigned char: (unsigned char)0,				\
	signed short: (signed short)0,					\
	unsigned short: (unsigned short)0,				\
	signed int: (signed int)0,					\
	unsigned int: (unsigned int)0,					\
	signed long: (signed long)0,					\
	unsigned long: (unsigned long)0,				\
	signed long long: (signed long long)0,				\
	unsigned long long: (unsigned long long)0,			\
	default: (x)))

#define __once_size_ok(x)						\
	(sizeof(x) == 1 || sizeof(x) == 2 || sizeof(x) == 4 || sizeof(x) == 8)

/*
 * READ_ONCE - load x in one instruction, exactly here and exactly once
 *
 * For a value that another CPU or an interrupt may store at the same time.
 * Orders nothing against other variables: see smp_load_acquire().
 */
#define READ_ONCE(x)							\
({									\
	_Static_assert(__once_size_ok(x), "READ_ONCE: not a machine word"); \
	(__unqual_scalar_typeof(x))*(const volatile typeof(x) *)&(x);	\
})

#define __READ_ONCE(x)	READ_ONCE(x)

/*
 * WRITE_ONCE - store val into x in one instruction, exactly here and once
 *
 * The partner of READ_ONCE(). Orders nothing: see smp_store_release().
 */
#define WRITE_ONCE(x, val)						\
do {									\
	_Static_assert(__once_size_ok(x), "WRITE_ONCE: not a machine word"); \
	*(volatile typeof(x) *)&(x) = (val);				\
} while (0)

#define __WRITE_ONCE(x, val)	WRITE_ONCE(x, val)

/* An access that races by intent and where any value read will do. */
#define data_race(expr)		({ typeof(expr) __v = (expr); __v; })

#define ACCESS_PRIVATE(p, member)	((p)->member)

/* True when x is an integer constant expression; x is not evaluated. */
#define __is_constexpr(x) \
	(sizeof(int) == sizeof(*(8 ? ((void *)((long)(x) * 0l)) : (int *)8)))

#define is_signed_type(type)	(((type)(-1)) < (__force type)1)
#define is_unsigned_type(type)	(!is_signed_type(type))

#define unreachable()		__builtin_unreachable()

#define __PASTE_(a, b)		a##b
#define __PASTE(a, b)		__PASTE_(a, b)
#define __UNIQUE_ID(prefix)	__PASTE(__PASTE(__UNIQUE_ID_, prefix), __COUNTER__)

/* Keep an object that nothing refers to by name. */
#define __ADDRESSABLE(sym) \
	static void * __used __section(".discard.addressable") \
		__UNIQUE_ID(__PASTE(addressable_, sym)) = (void *)&sym;

#endif /* __ASSEMBLY__ */
