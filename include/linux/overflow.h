/* SPDX-License-Identifier: MIT */
/*
 * Arithmetic that says when it overflowed, and sizes that saturate: a size of
 * SIZE_MAX makes every allocator fail, which is what an overflow deserves.
 */
#pragma once

#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/limits.h>

#define __type_half_max(type)	((type)1 << (8 * sizeof(type) - 1 - is_signed_type(type)))
#define type_max(T)	((T)((__type_half_max(T) - 1) + __type_half_max(T)))
#define type_min(T)	((T)((T)-type_max(T) - (T)1))

/* True if the result did not fit *d, which then holds the low bits. */
#define check_add_overflow(a, b, d)	__builtin_add_overflow(a, b, d)
#define check_sub_overflow(a, b, d)	__builtin_sub_overflow(a, b, d)
#define check_mul_overflow(a, b, d)	__builtin_mul_overflow(a, b, d)

/* a << s; also true for a negative a or s, for an s of all the bits there are, and if the sign would change. */
#define check_shl_overflow(a, s, d) ({ \
	typeof(a) _a = (a); \
	typeof(s) _s = (s); \
	typeof(d) _d = (d); \
	bool _fits = _s >= 0 && _s < 8 * sizeof(*_d); \
	u64 _full = _a, _shift = _fits ? _s : 0; \
	*_d = _full << _shift; \
	!_fits || _a < 0 || *_d < 0 || (*_d >> _shift) != _a; \
})

static inline size_t __must_check size_mul(size_t factor1, size_t factor2)
{
	size_t bytes;

	return check_mul_overflow(factor1, factor2, &bytes) ? SIZE_MAX : bytes;
}

static inline size_t __must_check size_add(size_t addend1, size_t addend2)
{
	size_t bytes;

	return check_add_overflow(addend1, addend2, &bytes) ? SIZE_MAX : bytes;
}

static inline size_t __must_check size_sub(size_t minuend, size_t subtrahend)
{
	if (minuend == SIZE_MAX || subtrahend == SIZE_MAX || subtrahend > minuend)
		return SIZE_MAX;
	return minuend - subtrahend;
}

#define array_size(a, b)	size_mul(a, b)
#define array3_size(a, b, c)	size_mul(size_mul(a, b), c)

/* The size of *p with `count` elements in its flexible array `member`. */
#define flex_array_size(p, member, count) \
	size_mul(count, sizeof(*(p)->member) + __must_be_array((p)->member))
#define struct_size(p, member, count) \
	size_add(sizeof(*(p)), flex_array_size(p, member, count))
#define struct_size_t(type, member, count) \
	struct_size((type *)NULL, member, count)
