/* SPDX-License-Identifier: MIT */
/*
 * The next bit set or clear in an array of longs, and loops over them. Every
 * search answers `size` when there is none. Include <linux/bitops.h>.
 */
#pragma once

#include <linux/bits.h>
#include <linux/compiler.h>
#include <linux/types.h>

/* nbits is a constant of at most one word: the search is three instructions. */
#define small_const_nbits(nbits) \
	(__builtin_constant_p(nbits) && (nbits) <= BITS_PER_LONG && (nbits) > 0)

/* Arrays longer than a word: lib/find_bit.c. Context: any. */
unsigned long _find_next_bit(const unsigned long *addr, unsigned long size,
			     unsigned long offset);
unsigned long _find_next_zero_bit(const unsigned long *addr, unsigned long size,
				  unsigned long offset);
unsigned long _find_next_and_bit(const unsigned long *addr1, const unsigned long *addr2,
				 unsigned long size, unsigned long offset);
unsigned long _find_next_andnot_bit(const unsigned long *addr1, const unsigned long *addr2,
				    unsigned long size, unsigned long offset);
unsigned long _find_last_bit(const unsigned long *addr, unsigned long size);

/* The n-th bit set, counted from 0. */
unsigned long find_nth_bit(const unsigned long *addr, unsigned long size, unsigned long n);

/* The lowest bit of word at or above offset; size if there is none below it. */
static __always_inline unsigned long __find_in_word(unsigned long word, unsigned long size,
						    unsigned long offset)
{
	if (unlikely(offset >= size))
		return size;
	word &= GENMASK(size - 1, offset);
	return word ? (unsigned long)__builtin_ctzl(word) : size;
}

static __always_inline unsigned long find_next_bit(const unsigned long *addr,
						   unsigned long size, unsigned long offset)
{
	if (small_const_nbits(size))
		return __find_in_word(*addr, size, offset);
	return _find_next_bit(addr, size, offset);
}

static __always_inline unsigned long find_next_zero_bit(const unsigned long *addr,
							unsigned long size,
							unsigned long offset)
{
	if (small_const_nbits(size))
		return __find_in_word(~*addr, size, offset);
	return _find_next_zero_bit(addr, size, offset);
}

static __always_inline unsigned long find_next_and_bit(const unsigned long *addr1,
						       const unsigned long *addr2,
						       unsigned long size,
						       unsigned long offset)
{
	if (small_const_nbits(size))
		return __find_in_word(*addr1 & *addr2, size, offset);
	return _find_next_and_bit(addr1, addr2, size, offset);
}

/* Set in addr1 and clear in addr2. */
static __always_inline unsigned long find_next_andnot_bit(const unsigned long *addr1,
							  const unsigned long *addr2,
							  unsigned long size,
							  unsigned long offset)
{
	if (small_const_nbits(size))
		return __find_in_word(*addr1 & ~*addr2, size, offset);
	return _find_next_andnot_bit(addr1, addr2, size, offset);
}

#define find_first_bit(addr, size)	find_next_bit(addr, size, 0)
#define find_first_zero_bit(addr, size)	find_next_zero_bit(addr, size, 0)
#define find_first_and_bit(a1, a2, size) find_next_and_bit(a1, a2, size, 0)
#define find_first_andnot_bit(a1, a2, size) find_next_andnot_bit(a1, a2, size, 0)

static __always_inline unsigned long find_last_bit(const unsigned long *addr,
						   unsigned long size)
{
	if (small_const_nbits(size)) {
		unsigned long word = *addr & GENMASK(size - 1, 0);

		return word ? BITS_PER_LONG - 1 - (unsigned long)__builtin_clzl(word) : size;
	}
	return _find_last_bit(addr, size);
}

/* As find_next_bit(), then once more from the start up to offset. */
static inline unsigned long find_next_bit_wrap(const unsigned long *addr,
					       unsigned long size, unsigned long offset)
{
	unsigned long bit = find_next_bit(addr, size, offset);

	if (bit < size || offset == 0)
		return bit;
	bit = find_next_bit(addr, offset, 0);
	return bit < offset ? bit : size;
}

/* The step of for_each_set_bit_wrap: n is never above size. */
static inline unsigned long __for_each_wrap(const unsigned long *bitmap, unsigned long size,
					    unsigned long start, unsigned long n)
{
	unsigned long bit;

	if (n > start) {
		bit = find_next_bit(bitmap, size, n);
		if (bit < size)
			return bit;
		n = 0;
	}
	bit = find_next_bit(bitmap, start, n);
	return bit < start ? bit : size;
}

#define for_each_set_bit(bit, addr, size)				\
	for ((bit) = 0; (bit) = find_next_bit((addr), (size), (bit)), (bit) < (size); (bit)++)
#define for_each_set_bit_from(bit, addr, size)				\
	for (; (bit) = find_next_bit((addr), (size), (bit)), (bit) < (size); (bit)++)
#define for_each_and_bit(bit, addr1, addr2, size)			\
	for ((bit) = 0;							\
	     (bit) = find_next_and_bit((addr1), (addr2), (size), (bit)), (bit) < (size); \
	     (bit)++)
#define for_each_andnot_bit(bit, addr1, addr2, size)			\
	for ((bit) = 0;							\
	     (bit) = find_next_andnot_bit((addr1), (addr2), (size), (bit)), (bit) < (size); \
	     (bit)++)
#define for_each_clear_bit(bit, addr, size)				\
	for ((bit) = 0;							\
	     (bit) = find_next_zero_bit((addr), (size), (bit)), (bit) < (size); (bit)++)
#define for_each_clear_bit_from(bit, addr, size)			\
	for (; (bit) = find_next_zero_bit((addr), (size), (bit)), (bit) < (size); (bit)++)

/* b..e-1 is each run of set (clear) bits in turn. */
#define for_each_set_bitrange(b, e, addr, size)				\
	for ((b) = 0;							\
	     (b) = find_next_bit((addr), (size), b),			\
	     (e) = find_next_zero_bit((addr), (size), (b) + 1),		\
	     (b) < (size);						\
	     (b) = (e) + 1)
#define for_each_clear_bitrange(b, e, addr, size)			\
	for ((b) = 0;							\
	     (b) = find_next_zero_bit((addr), (size), b),		\
	     (e) = find_next_bit((addr), (size), (b) + 1),		\
	     (b) < (size);						\
	     (b) = (e) + 1)

/* The same from b on. */
#define for_each_set_bitrange_from(b, e, addr, size)			\
	for (;								\
	     (b) = find_next_bit((addr), (size), b),			\
	     (e) = find_next_zero_bit((addr), (size), (b) + 1),		\
	     (b) < (size);						\
	     (b) = (e) + 1)
#define for_each_clear_bitrange_from(b, e, addr, size)			\
	for (;								\
	     (b) = find_next_zero_bit((addr), (size), b),		\
	     (e) = find_next_bit((addr), (size), (b) + 1),		\
	     (b) < (size);						\
	     (b) = (e) + 1)

/* Every group of 8 bits that is not 0, at `start`, a multiple of 8. Return of find_next_clump8: that, or size. */
unsigned long find_next_clump8(unsigned long *clump, const unsigned long *addr, unsigned long size,
			       unsigned long offset);
#define find_first_clump8(clump, bits, size)	find_next_clump8((clump), (bits), (size), 0)
#define for_each_set_clump8(start, clump, bits, size)			\
	for ((start) = find_first_clump8(&(clump), (bits), (size));	\
	     (start) < (size);						\
	     (start) = find_next_clump8(&(clump), (bits), (size), (start) + 8))

/* Every set bit once, from `start` to the end and then from 0. */
#define for_each_set_bit_wrap(bit, addr, size, start)			\
	for ((bit) = find_next_bit_wrap((addr), (size), (start));	\
	     (bit) < (size);						\
	     (bit) = __for_each_wrap((addr), (size), (start), (bit) + 1))
