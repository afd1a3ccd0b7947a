/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * do_div(n, base): n becomes n / base, the remainder is the value. Needed by
 * 32-bit machines; new code divides, or uses <linux/math64.h>.
 */
#include <linux/types.h>

#define do_div(n, base)				\
({						\
	u32 __base = (base);			\
	u32 __rem = (u64)(n) % __base;		\
	(n) = (u64)(n) / __base;		\
	__rem;					\
})

/* a * b / c with a 128-bit product. The quotient must fit in 64 bits, else it is a divide error. */
static inline u64 mul_u64_u64_div_u64(u64 a, u64 mul, u64 div)
{
	u64 q;

	asm("mulq %2; divq %3" : "=a" (q) : "a" (a), "rm" (mul), "rm" (div) : "rdx", "cc");
	return q;
}
#define mul_u64_u64_div_u64 mul_u64_u64_div_u64
