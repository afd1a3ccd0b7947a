/* SPDX-License-Identifier: MIT */
/*
 * Bitmaps of any length. Every function works on whole words and masks the
 * last one only where an answer depends on it: what lies beyond nbits may be
 * written, but never counts.
 */
#include <linux/bitmap.h>
#include <linux/ctype.h>
#include <linux/export.h>
#include <linux/kstrtox.h>
#include <linux/hex.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/sprintf.h>

/* For every word i of nbits: statement; value: did any result keep a bit? */
#define COMBINE(dst, expr, nbits)					\
({									\
	unsigned int __i, __n = (nbits), __words = BITS_TO_LONGS(__n);	\
	unsigned long __any = 0;					\
									\
	for (__i = 0; __i < __words; __i++) {				\
		unsigned int i = __i;					\
									\
		(dst)[i] = (expr);					\
		__any |= (dst)[i] & word_mask(i, __n);			\
	}								\
	__any != 0;							\
})

/* The bits of word i that belong to a map of nbits. */
static inline unsigned long word_mask(unsigned int i, unsigned int nbits)
{
	return i == nbits / BITS_PER_LONG ? BITMAP_LAST_WORD_MASK(nbits) : ~0UL;
}

bool __bitmap_and(unsigned long *dst, const unsigned long *a, const unsigned long *b,
		  unsigned int nbits)
{
	return COMBINE(dst, a[i] & b[i], nbits);
}
EXPORT_SYMBOL(__bitmap_and);

void __bitmap_or(unsigned long *dst, const unsigned long *a, const unsigned long *b,
		 unsigned int nbits)
{
	(void)COMBINE(dst, a[i] | b[i], nbits);
}
EXPORT_SYMBOL(__bitmap_or);

void __bitmap_xor(unsigned long *dst, const unsigned long *a, const unsigned long *b,
		  unsigned int nbits)
{
	(void)COMBINE(dst, a[i] ^ b[i], nbits);
}
EXPORT_SYMBOL(__bitmap_xor);

bool __bitmap_andnot(unsigned long *dst, const unsigned long *a, const unsigned long *b,
		     unsigned int nbits)
{
	return COMBINE(dst, a[i] & ~b[i], nbits);
}
EXPORT_SYMBOL(__bitmap_andnot);

void __bitmap_complement(unsigned long *dst, const unsigned long *src, unsigned int nbits)
{
	(void)COMBINE(dst, ~src[i], nbits);
}
EXPORT_SYMBOL(__bitmap_complement);

void __bitmap_replace(unsigned long *dst, const unsigned long *old,
		      const unsigned long *new, const unsigned long *mask,
		      unsigned int nbits)
{
	(void)COMBINE(dst, (old[i] & ~mask[i]) | (new[i] & mask[i]), nbits);
}
EXPORT_SYMBOL(__bitmap_replace);

bool __bitmap_equal(const unsigned long *a, const unsigned long *b, unsigned int nbits)
{
	unsigned int i;

	for (i = 0; i < BITS_TO_LONGS(nbits); i++)
		if ((a[i] ^ b[i]) & word_mask(i, nbits))
			return false;
	return true;
}
EXPORT_SYMBOL(__bitmap_equal);

bool __bitmap_intersects(const unsigned long *a, const unsigned long *b, unsigned int nbits)
{
	return find_next_and_bit(a, b, nbits, 0) < nbits;
}
EXPORT_SYMBOL(__bitmap_intersects);

bool __bitmap_subset(const unsigned long *a, const unsigned long *b, unsigned int nbits)
{
	return find_next_andnot_bit(a, b, nbits, 0) >= nbits;
}
EXPORT_SYMBOL(__bitmap_subset);

unsigned int __bitmap_weight(const unsigned long *map, unsigned int nbits)
{
	return __bitmap_weight_and(map, map, nbits);
}
EXPORT_SYMBOL(__bitmap_weight);

unsigned int __bitmap_weight_and(const unsigned long *a, const unsigned long *b,
				 unsigned int nbits)
{
	unsigned int i, weight = 0;

	for (i = 0; i < BITS_TO_LONGS(nbits); i++)
		weight += hweight_long(a[i] & b[i] & word_mask(i, nbits));
	return weight;
}
EXPORT_SYMBOL(__bitmap_weight_and);

/* The part of start..end-1 that lies in word i. */
static unsigned long range_in_word(unsigned int i, unsigned int start, unsigned int end)
{
	unsigned long mask = ~0UL;

	if (i == BIT_WORD(start))
		mask &= BITMAP_FIRST_WORD_MASK(start);
	if (i == BIT_WORD(end - 1))
		mask &= BITMAP_LAST_WORD_MASK(end);
	return mask;
}

void __bitmap_set(unsigned long *map, unsigned int start, int len)
{
	unsigned int i, end = start + len;

	if (len <= 0)
		return;
	for (i = BIT_WORD(start); i <= BIT_WORD(end - 1); i++)
		map[i] |= range_in_word(i, start, end);
}
EXPORT_SYMBOL(__bitmap_set);

void __bitmap_clear(unsigned long *map, unsigned int start, int len)
{
	unsigned int i, end = start + len;

	if (len <= 0)
		return;
	for (i = BIT_WORD(start); i <= BIT_WORD(end - 1); i++)
		map[i] &= ~range_in_word(i, start, end);
}
EXPORT_SYMBOL(__bitmap_clear);

void __bitmap_shift_right(unsigned long *dst, const unsigned long *src,
			  unsigned int shift, unsigned int nbits)
{
	unsigned int i, words = BITS_TO_LONGS(nbits);
	unsigned int off = shift / BITS_PER_LONG, rem = shift % BITS_PER_LONG;

	for (i = 0; i < words; i++) {
		unsigned long low = 0, high = 0;

		if (i + off < words)
			low = src[i + off] & word_mask(i + off, nbits);
		if (rem && i + off + 1 < words)
			high = src[i + off + 1] & word_mask(i + off + 1, nbits);
		dst[i] = low >> rem;
		if (rem)
			dst[i] |= high << (BITS_PER_LONG - rem);
	}
}
EXPORT_SYMBOL(__bitmap_shift_right);

void __bitmap_shift_left(unsigned long *dst, const unsigned long *src,
			 unsigned int shift, unsigned int nbits)
{
	unsigned int i = BITS_TO_LONGS(nbits);
	unsigned int off = shift / BITS_PER_LONG, rem = shift % BITS_PER_LONG;

	while (i--) {
		unsigned long word = 0;

		if (i >= off)
			word = src[i - off] << rem;
		if (rem && i >= off + 1)
			word |= src[i - off - 1] >> (BITS_PER_LONG - rem);
		dst[i] = word;
	}
}
EXPORT_SYMBOL(__bitmap_shift_left);

void bitmap_cut(unsigned long *dst, const unsigned long *src, unsigned int first,
		unsigned int cut, unsigned int nbits)
{
	unsigned int i;

	bitmap_copy(dst, src, nbits);
	for (i = first; i < nbits; i++)
		__assign_bit(i, dst, i + cut < nbits && test_bit(i + cut, dst));
}
EXPORT_SYMBOL(bitmap_cut);

unsigned long bitmap_find_next_zero_area(unsigned long *map, unsigned long size,
					 unsigned long start, unsigned int nr,
					 unsigned long align_mask)
{
	for (;;) {
		unsigned long index, end, busy;

		index = find_next_zero_bit(map, size, start);
		index = (index + align_mask) & ~align_mask;
		end = index + nr;
		if (end > size)
			return end;
		busy = find_next_bit(map, end, index);
		if (busy >= end)
			return index;
		start = busy + 1;
	}
}
EXPORT_SYMBOL(bitmap_find_next_zero_area);

/* One region of a list: bits start..end, of every group_len the first off. */
struct region {
	unsigned int start, off, group_len, end;
};

/* A number, or N for the last bit. Return: behind it, or NULL. */
static const char *parse_bit(const char *s, unsigned int *val, int nbits)
{
	char *end;
	unsigned long long v;

	if (*s == 'N') {
		*val = nbits - 1;
		return s + 1;
	}
	if (!isdigit(*s))
		return NULL;
	v = simple_strtoull(s, &end, 10);
	if (v > INT_MAX)
		return NULL;
	*val = v;
	return end;
}

/* "a", "a-b", "a-b:u/g", "all", "all:u/g". Return: behind it, or NULL. */
static const char *parse_region(const char *s, struct region *r, int nbits)
{
	if (!strncasecmp(s, "all", 3)) {
		r->start = 0;
		r->end = nbits - 1;
		s += 3;
	} else {
		s = parse_bit(s, &r->start, nbits);
		if (!s)
			return NULL;
		r->end = r->start;
		if (*s == '-') {
			s = parse_bit(s + 1, &r->end, nbits);
			if (!s)
				return NULL;
		}
	}
	r->off = r->group_len = 0;
	if (*s != ':')
		return s;
	s = parse_bit(s + 1, &r->off, nbits);
	if (!s || *s != '/')
		return NULL;
	return parse_bit(s + 1, &r->group_len, nbits);
}

static int set_region(const struct region *r, unsigned long *map, unsigned int nbits)
{
	unsigned int off = r->off, len = r->group_len, start;

	if (!off && !len)
		off = len = r->end - r->start + 1;
	if (r->start > r->end || !len || off > len)
		return -EINVAL;
	if (r->end >= nbits)
		return -ERANGE;
	for (start = r->start; start <= r->end; start += len)
		bitmap_set(map, start, min(r->end - start + 1, off));
	return 0;
}

int bitmap_parselist(const char *buf, unsigned long *maskp, int nmaskbits)
{
	struct region r;
	int ret;

	bitmap_zero(maskp, nmaskbits);
	for (;;) {
		while (isspace(*buf) || *buf == ',')
			buf++;
		if (!*buf)
			return 0;
		buf = parse_region(buf, &r, nmaskbits);
		if (!buf || (*buf && *buf != ',' && !isspace(*buf)))
			return -EINVAL;
		ret = set_region(&r, maskp, nmaskbits);
		if (ret)
			return ret;
	}
}
EXPORT_SYMBOL(bitmap_parselist);

/* Move a map up by one hex digit. Return: false if a bit fell off the end. */
static bool push_digit(unsigned long *map, unsigned int nbits, unsigned int digit)
{
	unsigned int i;

	if (find_last_bit(map, nbits) < nbits && find_last_bit(map, nbits) + 4 >= nbits)
		return false;
	bitmap_shift_left(map, map, 4, nbits);
	for (i = 0; i < 4; i++) {
		if (!(digit & (1 << i)))
			continue;
		if (i >= nbits)
			return false;
		__set_bit(i, map);
	}
	return true;
}

int bitmap_parse(const char *buf, unsigned int buflen, unsigned long *dst, int nmaskbits)
{
	unsigned int digits = 0, total = 0;

	bitmap_zero(dst, nmaskbits);
	for (; buflen && *buf && *buf != '\n'; buf++, buflen--) {
		int digit = hex_to_bin(*buf);

		if (*buf == ',' && digits) {
			digits = 0;
			continue;
		}
		if (digit < 0 || ++digits > 8)
			return -EINVAL;
		total++;
		if (!push_digit(dst, nmaskbits, digit))
			return -EOVERFLOW;
	}
	return total ? 0 : -EINVAL;
}
EXPORT_SYMBOL(bitmap_parse);

int bitmap_print_to_pagebuf(bool list, char *buf, const unsigned long *maskp, int nmaskbits)
{
	return list ? scnprintf(buf, 4096, "%*pbl\n", nmaskbits, maskp) :
		      scnprintf(buf, 4096, "%*pb\n", nmaskbits, maskp);
}
EXPORT_SYMBOL(bitmap_print_to_pagebuf);

unsigned long find_next_clump8(unsigned long *clump, const unsigned long *addr, unsigned long size,
			       unsigned long offset)
{
	offset = find_next_bit(addr, size, offset);
	if (offset == size)
		return size;
	offset -= offset % 8;
	*clump = bitmap_get_value8(addr, offset);
	return offset;
}
EXPORT_SYMBOL(find_next_clump8);

void bitmap_from_arr32(unsigned long *bitmap, const u32 *buf, unsigned int nbits)
{
	unsigned int i, halves = BITS_TO_U32(nbits);

	for (i = 0; i < halves; i += 2) {
		bitmap[i / 2] = buf[i];
		if (i + 1 < halves)
			bitmap[i / 2] |= (unsigned long)buf[i + 1] << 32;
	}
	if (nbits % BITS_PER_LONG)
		bitmap[nbits / BITS_PER_LONG] &= BITMAP_LAST_WORD_MASK(nbits);
}
EXPORT_SYMBOL(bitmap_from_arr32);

void bitmap_to_arr32(u32 *buf, const unsigned long *bitmap, unsigned int nbits)
{
	unsigned int i, halves = BITS_TO_U32(nbits);

	for (i = 0; i < halves; i++)
		buf[i] = (u32)((bitmap[i / 2] & word_mask(i / 2, nbits)) >> (i % 2 * 32));
}
EXPORT_SYMBOL(bitmap_to_arr32);

void bitmap_from_arr64(unsigned long *bitmap, const u64 *buf, unsigned int nbits)
{
	bitmap_copy_clear_tail(bitmap, (const unsigned long *)buf, nbits);
}
EXPORT_SYMBOL(bitmap_from_arr64);

void bitmap_to_arr64(u64 *buf, const unsigned long *bitmap, unsigned int nbits)
{
	bitmap_copy_clear_tail((unsigned long *)buf, bitmap, nbits);
}
EXPORT_SYMBOL(bitmap_to_arr64);
