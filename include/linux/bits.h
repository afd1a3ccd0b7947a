/* SPDX-License-Identifier: MIT */
/* Masks of one bit and of a range of bits. */
#pragma once

#include <linux/const.h>

#define BITS_PER_BYTE		8
#define BITS_PER_LONG		64
#define BITS_PER_LONG_LONG	64

#define BIT(nr)			(UL(1) << (nr))
#define BIT_ULL(nr)		(ULL(1) << (nr))
#define BIT_MASK(nr)		(UL(1) << ((nr) % BITS_PER_LONG))
#define BIT_WORD(nr)		((nr) / BITS_PER_LONG)
#define BIT_ULL_MASK(nr)	BIT_MASK(nr)
#define BIT_ULL_WORD(nr)	BIT_WORD(nr)

/* The bits l to h, both included. */
#define GENMASK(h, l) \
	(((~UL(0)) - (UL(1) << (l)) + 1) & (~UL(0) >> (BITS_PER_LONG - 1 - (h))))
#define GENMASK_ULL(h, l)	((unsigned long long)GENMASK(h, l))
