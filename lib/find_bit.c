/* SPDX-License-Identifier: MIT */
/* Searching bits in arrays of more than one word. */
#include <linux/find.h>
#include <linux/bitops.h>
#include <linux/export.h>
#include <linux/minmax.h>

/* The search, for any expression that yields word number i of the map. */
#define FIND_NEXT(word_i, size, start)					\
({									\
	unsigned long __size = (size), __start = (start), __found = __size; \
									\
	if (__start < __size) {						\
		unsigned long i = BIT_WORD(__start);			\
		unsigned long word = (word_i) & (~0UL << (__start % BITS_PER_LONG)); \
									\
		while (!word && ++i * BITS_PER_LONG < __size)		\
			word = (word_i);				\
		if (word)						\
			__found = min(i * BITS_PER_LONG + __ffs(word), __size); \
	}								\
	__found;							\
})

unsigned long _find_next_bit(const unsigned long *addr, unsigned long size,
			     unsigned long offset)
{
	return FIND_NEXT(addr[i], size, offset);
}
EXPORT_SYMBOL(_find_next_bit);

unsigned long _find_next_zero_bit(const unsigned long *addr, unsigned long size,
				  unsigned long offset)
{
	return FIND_NEXT(~addr[i], size, offset);
}
EXPORT_SYMBOL(_find_next_zero_bit);

unsigned long _find_next_and_bit(const unsigned long *addr1, const unsigned long *addr2,
				 unsigned long size, unsigned long offset)
{
	return FIND_NEXT(addr1[i] & addr2[i], size, offset);
}
EXPORT_SYMBOL(_find_next_and_bit);

unsigned long _find_next_andnot_bit(const unsigned long *addr1, const unsigned long *addr2,
				    unsigned long size, unsigned long offset)
{
	return FIND_NEXT(addr1[i] & ~addr2[i], size, offset);
}
EXPORT_SYMBOL(_find_next_andnot_bit);

unsigned long _find_last_bit(const unsigned long *addr, unsigned long size)
{
	unsigned long i = BITS_TO_LONGS(size);
	unsigned long mask = ~0UL >> (-size % BITS_PER_LONG);

	while (i--) {
		unsigned long word = addr[i] & mask;

		if (word)
			return i * BITS_PER_LONG + __fls(word);
		mask = ~0UL;
	}
	return size;
}
EXPORT_SYMBOL(_find_last_bit);

unsigned long find_nth_bit(const unsigned long *addr, unsigned long size, unsigned long n)
{
	unsigned long bit;

	for_each_set_bit(bit, addr, size)
		if (n-- == 0)
			return bit;
	return size;
}
EXPORT_SYMBOL(find_nth_bit);
