/* SPDX-License-Identifier: MIT */
/* Powers of two. Arguments of the rounding functions must not be zero. */
#pragma once

#include <linux/types.h>

/* The position of the highest set bit: the logarithm rounded down. n > 0. */
#define ilog2(n)	(63 - __builtin_clzll((unsigned long long)(n)))
#define const_ilog2(n)	ilog2(n)

static inline __attribute_const__ bool is_power_of_2(unsigned long n)
{
	return n != 0 && (n & (n - 1)) == 0;
}

#define roundup_pow_of_two(n) \
	((n) == 1 ? 1UL : 1UL << (ilog2((unsigned long)(n) - 1) + 1))
#define rounddown_pow_of_two(n)	(1UL << ilog2((unsigned long)(n)))

/* The smallest order with (1 << order) >= n. */
#define order_base_2(n)		((n) > 1 ? ilog2((unsigned long)(n) - 1) + 1 : 0)

/* Bits needed to write n. */
#define bits_per(n)		((n) < 2 ? 1 : ilog2(n) + 1)
