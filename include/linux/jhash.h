/* SPDX-License-Identifier: MIT */
/*
 * Hashing bytes and words to 32 bits, by Bob Jenkins' public domain "lookup3".
 * Not for secrets: whoever knows initval can make collisions.
 */
#pragma once

#include <linux/bitops.h>
#include <linux/string.h>
#include <linux/types.h>

#define JHASH_INITVAL	0xdeadbeef

#define __jhash_mix(a, b, c)						\
{									\
	a -= c;  a ^= rol32(c, 4);   c += b;				\
	b -= a;  b ^= rol32(a, 6);   a += c;				\
	c -= b;  c ^= rol32(b, 8);   b += a;				\
	a -= c;  a ^= rol32(c, 16);  c += b;				\
	b -= a;  b ^= rol32(a, 19);  a += c;				\
	c -= b;  c ^= rol32(b, 4);   b += a;				\
}

#define __jhash_final(a, b, c)						\
{									\
	c ^= b; c -= rol32(b, 14);					\
	a ^= c; a -= rol32(c, 11);					\
	b ^= a; b -= rol32(a, 25);					\
	c ^= b; c -= rol32(b, 16);					\
	a ^= c; a -= rol32(c, 4);					\
	b ^= a; b -= rol32(a, 14);					\
	c ^= b; c -= rol32(b, 24);					\
}

static inline u32 jhash_3words(u32 a, u32 b, u32 c, u32 initval)
{
	u32 base = JHASH_INITVAL + (3 << 2) + initval;

	a += base;
	b += base;
	c += base;
	__jhash_final(a, b, c);
	return c;
}

static inline u32 jhash_2words(u32 a, u32 b, u32 initval)
{
	u32 base = JHASH_INITVAL + (2 << 2) + initval, c = base;

	a += base;
	b += base;
	__jhash_final(a, b, c);
	return c;
}

static inline u32 jhash_1word(u32 a, u32 initval)
{
	u32 base = JHASH_INITVAL + (1 << 2) + initval, b = base, c = base;

	a += base;
	__jhash_final(a, b, c);
	return c;
}

/* `length` bytes, zero-padded to the last group of twelve. */
static inline u32 jhash(const void *key, u32 length, u32 initval)
{
	const u8 *k = key;
	u32 w[3];
	u32 a = JHASH_INITVAL + length + initval, b = a, c = a;

	for (; length > 12; length -= 12, k += 12) {
		memcpy(w, k, 12);
		a += w[0];
		b += w[1];
		c += w[2];
		__jhash_mix(a, b, c);
	}
	if (!length)
		return c;
	memset(w, 0, sizeof(w));
	memcpy(w, k, length);
	a += w[0];
	b += w[1];
	c += w[2];
	__jhash_final(a, b, c);
	return c;
}

/* The same result for an array of `length` words. */
static inline u32 jhash2(const u32 *k, u32 length, u32 initval)
{
	return jhash(k, length * sizeof(u32), initval);
}
