/* SPDX-License-Identifier: MIT */
/* Division with a chosen rounding, absolute values, square root. 64 by 32: <linux/math64.h>. */
#pragma once

#include <linux/types.h>

/* To a multiple of a power of two. */
#define __round_mask(x, y)	((typeof(x))((y) - 1))
#define round_up(x, y)		((((x) - 1) | __round_mask(x, y)) + 1)
#define round_down(x, y)	((x) & ~__round_mask(x, y))

/* To a multiple of anything. */
#define roundup(x, y) ({						\
	typeof(y) __y = y;						\
	(((x) + (__y - 1)) / __y) * __y; })
#define rounddown(x, y) ({						\
	typeof(x) __x = (x);						\
	__x - (__x % (y)); })

#define DIV_ROUND_UP(n, d)	(((n) + (d) - 1) / (d))
#define DIV_ROUND_DOWN_ULL(ll, d) ((unsigned long long)(ll) / (d))
#define DIV_ROUND_UP_ULL(ll, d)	DIV_ROUND_DOWN_ULL((unsigned long long)(ll) + (d) - 1, (d))

/* To the nearest; halves away from zero. */
#define DIV_ROUND_CLOSEST(x, divisor) ({				\
	typeof(x) __x = x;						\
	typeof(divisor) __d = divisor;					\
	(((typeof(x))-1) > 0 || ((typeof(divisor))-1) > 0 ||		\
	 ((__x > 0) == (__d > 0))) ?					\
		((__x + (__d / 2)) / __d) : ((__x - (__d / 2)) / __d); })

#define DIV_ROUND_CLOSEST_ULL(x, divisor) ({				\
	unsigned long long __xu = (x);					\
	unsigned long long __du = (divisor);				\
	(__xu + __du / 2) / __du; })

/* x * numer / denom without overflow of the product where x * numer would. */
#define mult_frac(x, numer, denom) ({					\
	typeof(x) __q = (x) / (denom);					\
	typeof(x) __r = (x) % (denom);					\
	(__q * (numer)) + ((__r * (numer)) / (denom)); })

#define abs(x) ({							\
	typeof(_Generic((x), char: (signed char)0, default: (x))) __ax = (x); \
	__ax < 0 ? -__ax : __ax; })

#define abs_diff(a, b) ({						\
	typeof(a) __a = (a);						\
	typeof(b) __b = (b);						\
	__a > __b ? (__a - __b) : (__b - __a); })

/* val, taken from the range 0..2^32-1, scaled to 0..ep_ro-1. */
static inline u32 reciprocal_scale(u32 val, u32 ep_ro)
{
	return (u32)(((u64)val * ep_ro) >> 32);
}

/* The largest r with r * r <= x. */
static inline unsigned long int_sqrt(unsigned long x)
{
	unsigned long bit = 1UL << 62, root = 0;

	for (; bit; bit >>= 2) {
		if (x >= root + bit) {
			x -= root + bit;
			root = (root >> 1) + bit;
		} else {
			root >>= 1;
		}
	}
	return root;
}
#define int_sqrt64(x)	int_sqrt(x)
