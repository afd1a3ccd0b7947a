/* SPDX-License-Identifier: MIT */
/*
 * Smaller, larger, in between. Both arguments must have one type (a warning
 * says so): a signed -1 compared as unsigned is the classic mistake. With
 * min_t(type, a, b) the caller takes the decision. Constants give constants.
 */
#pragma once

#include <linux/build_bug.h>
#include <linux/compiler.h>

#define __cmp_typecheck(x, y) \
	(!!(sizeof((typeof(x) *)1 == (typeof(y) *)1)))

#define __cmp_const(x, y, op)	((x) op (y) ? (x) : (y))

#define __cmp_run(x, y, ux, uy, op) ({					\
	typeof(x) ux = (x);						\
	typeof(y) uy = (y);						\
	ux op uy ? ux : uy; })

#define __cmp_id(x, y, op, id)	\
	__cmp_run(x, y, __PASTE(__cmp_x, id), __PASTE(__cmp_y, id), op)

#define __careful_cmp(x, y, op)						\
	__builtin_choose_expr(__cmp_typecheck(x, y) &&			\
			      __is_constexpr(x) && __is_constexpr(y),	\
		__cmp_const(x, y, op), __cmp_id(x, y, op, __COUNTER__))

#define min(x, y)		__careful_cmp(x, y, <)
#define max(x, y)		__careful_cmp(x, y, >)
#define min3(x, y, z)		min((typeof(x))min(x, y), z)
#define max3(x, y, z)		max((typeof(x))max(x, y), z)
#define min_t(type, x, y)	__careful_cmp((type)(x), (type)(y), <)
#define max_t(type, x, y)	__careful_cmp((type)(x), (type)(y), >)

/* The smaller of the two that is not zero. */
#define min_not_zero(x, y) ({						\
	typeof(x) __nzx = (x);						\
	typeof(y) __nzy = (y);						\
	__nzx == 0 ? __nzy : (__nzy == 0 ? __nzx : min(__nzx, __nzy)); })

/* val, but not below lo and not above hi. */
#define clamp(val, lo, hi)	min((typeof(val))max(val, lo), hi)
#define clamp_t(type, val, lo, hi) min_t(type, max_t(type, val, lo), hi)
#define clamp_val(val, lo, hi)	clamp_t(typeof(val), val, lo, hi)

#define swap(a, b) \
	do { typeof(a) __tmp = (a); (a) = (b); (b) = __tmp; } while (0)
