/* SPDX-License-Identifier: MIT */
/*
 * 64-bit division under the names that portable code uses. On x86-64 they are
 * plain divisions; the names remain because drivers are written with them.
 * do_div() and mul_u64_u64_div_u64() are the machine's.
 */
#pragma once

#include <linux/types.h>
#include <asm/div64.h>

static inline u64 div_u64_rem(u64 dividend, u32 divisor, u32 *remainder)
{
	*remainder = dividend % divisor;
	return dividend / divisor;
}

static inline s64 div_s64_rem(s64 dividend, s32 divisor, s32 *remainder)
{
	*remainder = dividend % divisor;
	return dividend / divisor;
}

static inline u64 div64_u64_rem(u64 dividend, u64 divisor, u64 *remainder)
{
	*remainder = dividend % divisor;
	return dividend / divisor;
}

static inline u64 div64_u64(u64 dividend, u64 divisor)
{
	return dividend / divisor;
}

static inline s64 div64_s64(s64 dividend, s64 divisor)
{
	return dividend / divisor;
}

static inline u64 div_u64(u64 dividend, u32 divisor)
{
	return dividend / divisor;
}

static inline s64 div_s64(s64 dividend, s32 divisor)
{
	return dividend / divisor;
}

#define div64_long(x, y)	div64_s64((x), (y))
#define div64_ul(x, y)		div64_u64((x), (y))

#define DIV64_U64_ROUND_UP(ll, d) ({					\
	u64 __d64 = (d);						\
	div64_u64((ll) + __d64 - 1, __d64); })
#define DIV64_U64_ROUND_CLOSEST(dividend, divisor) ({			\
	u64 __d64 = (divisor);						\
	div64_u64((dividend) + __d64 / 2, __d64); })
#define DIV_S64_ROUND_CLOSEST(dividend, divisor) ({			\
	s64 __n64 = (dividend);						\
	s32 __d32 = (divisor);						\
	((__n64 > 0) == (__d32 > 0)) ?					\
		((__n64 + (__d32 / 2)) / __d32) :			\
		((__n64 - (__d32 / 2)) / __d32); })

/* dividend % divisor by subtraction, for a quotient known to be tiny. */
static inline u32 __iter_div_u64_rem(u64 dividend, u32 divisor, u64 *remainder)
{
	*remainder = dividend % divisor;
	return dividend / divisor;
}

#define iter_div_u64_rem(n, d, r)	__iter_div_u64_rem(n, d, r)

static inline u64 mul_u32_u32(u32 a, u32 b)
{
	return (u64)a * b;
}

/* (a * mul) >> shift with the whole product in between. */
static inline u64 mul_u64_u32_shr(u64 a, u32 mul, unsigned int shift)
{
	return (u64)(((unsigned __int128)a * mul) >> shift);
}

static inline u64 mul_u64_u64_shr(u64 a, u64 mul, unsigned int shift)
{
	return (u64)(((unsigned __int128)a * mul) >> shift);
}

/* a * mul / divisor; the quotient must fit 64 bits. */
static inline u64 mul_u64_u32_div(u64 a, u32 mul, u32 divisor)
{
	return mul_u64_u64_div_u64(a, mul, divisor);
}
