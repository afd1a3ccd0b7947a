/* SPDX-License-Identifier: MIT */
/*
 * Single bits in arrays of longs, and questions about a word. The operations
 * themselves (set_bit and kin, __ffs, fls, hweight64) are <asm/bitops.h>; the
 * forms with two underscores are not atomic. Searching: <linux/find.h>.
 */
#pragma once

#include <linux/align.h>
#include <linux/bits.h>
#include <linux/compiler.h>
#include <linux/types.h>
#include <asm/bitops.h>

#define BITS_PER_TYPE(type)	(sizeof(type) * BITS_PER_BYTE)
#define BITS_TO_LONGS(nr)	(((nr) + BITS_PER_LONG - 1) / BITS_PER_LONG)
#define BITS_TO_U64(nr)		(((nr) + 63) / 64)
#define BITS_TO_U32(nr)		(((nr) + 31) / 32)
#define BITS_TO_BYTES(nr)	(((nr) + 7) / 8)

/* Make a bit what `value` says, without and with atomicity. */
static __always_inline void __assign_bit(unsigned long nr, volatile unsigned long *addr,
					 bool value)
{
	if (value)
		__set_bit(nr, addr);
	else
		__clear_bit(nr, addr);
}

static __always_inline void assign_bit(unsigned long nr, volatile unsigned long *addr,
				       bool value)
{
	if (value)
		set_bit(nr, addr);
	else
		clear_bit(nr, addr);
}

static inline unsigned int fls_long(unsigned long l)
{
	return fls64(l);
}

/* The number of bits set. */
static __always_inline unsigned long hweight_long(unsigned long w)
{
	return hweight64(w);
}

static inline u64 rol64(u64 word, unsigned int shift)
{
	return (word << (shift & 63)) | (word >> (-shift & 63));
}

static inline u64 ror64(u64 word, unsigned int shift)
{
	return (word >> (shift & 63)) | (word << (-shift & 63));
}

static inline u32 rol32(u32 word, unsigned int shift)
{
	return (word << (shift & 31)) | (word >> (-shift & 31));
}

static inline u32 ror32(u32 word, unsigned int shift)
{
	return (word >> (shift & 31)) | (word << (-shift & 31));
}

static inline u16 ror16(u16 word, unsigned int shift)
{
	return word >> (shift & 15) | word << (-shift & 15);
}

static inline u16 rol16(u16 word, unsigned int shift)
{
	return (u16)((word << (shift & 15)) | (word >> (-shift & 15)));
}

static inline u8 rol8(u8 word, unsigned int shift)
{
	return (u8)((word << (shift & 7)) | (word >> (-shift & 7)));
}

/* value with bit `index` as its sign. */
static __always_inline s32 sign_extend32(u32 value, int index)
{
	u8 shift = 31 - index;

	return (s32)(value << shift) >> shift;
}

static __always_inline s64 sign_extend64(u64 value, int index)
{
	u8 shift = 63 - index;

	return (s64)(value << shift) >> shift;
}

/* The smallest order with (1 << order) >= count; -1 for 0. */
static inline int get_count_order(unsigned int count)
{
	return count == 0 ? -1 : fls(count - 1);
}

static inline int get_count_order_long(unsigned long l)
{
	return l == 0 ? -1 : (int)fls_long(l - 1);
}

#include <linux/find.h>
