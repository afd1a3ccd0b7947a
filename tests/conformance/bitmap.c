/* SPDX-License-Identifier: MIT */
/* Bitmaps: set, search, shift, compare, parse and count. */
#include "promise.h"
#include <linux/bitmap.h>

#define BITS 130
static DECLARE_BITMAP(a, BITS);
static DECLARE_BITMAP(b, BITS);
static DECLARE_BITMAP(c, BITS);

static void show(const char *what)
{
	say("%s: a %*pbl, b %*pbl, c %*pbl", what, BITS, a, BITS, b, BITS, c);
}

static void run(void)
{
	unsigned int bit;

	bitmap_zero(a, BITS);
	bitmap_fill(b, BITS);
	bitmap_zero(c, BITS);
	bitmap_set(a, 60, 10);
	bitmap_clear(b, 5, 100);
	show("set and clear");
	ask(bitmap_and(c, a, b, BITS));
	bitmap_or(c, a, b, BITS);
	show("or");
	bitmap_xor(c, c, a, BITS);
	show("xor");
	ask(bitmap_andnot(c, b, a, BITS));
	bitmap_complement(c, a, BITS);
	show("complement");
	bitmap_shift_left(c, a, 65, BITS);
	show("left");
	bitmap_shift_right(c, c, 100, BITS);
	show("right");
	ask(bitmap_equal(a, b, BITS));
	ask(bitmap_subset(c, b, BITS));
	ask(bitmap_intersects(a, b, BITS));
	ask(bitmap_empty(c, BITS));
	ask(bitmap_full(b, BITS));
	ask(bitmap_weight(b, BITS));
	ask(find_first_bit(a, BITS));
	ask(find_first_zero_bit(b, BITS));
	ask(find_next_bit(a, BITS, 65));
	ask(find_next_bit(a, BITS, 70));
	ask(find_next_zero_bit(a, BITS, 60));
	ask(find_last_bit(a, BITS));
	ask(bitmap_find_next_zero_area(b, BITS, 0, 20, 7));
	ask(bitmap_find_next_zero_area(b, BITS, 0, 200, 0) > BITS);
	for_each_clear_bit(bit, b, 9)
		say("clear %u", bit);
	ask(test_and_set_bit(3, c));
	ask(test_and_clear_bit(3, c));
	ask(test_and_change_bit(3, c));
	ask(test_bit(3, c));
	ask(bitmap_parselist("1-3,8,100-110:2/4", c, BITS));
	show("list");
	ask(bitmap_parselist("3-1", c, BITS));
	ask(bitmap_parselist("1-500", c, BITS));
	ask(bitmap_parselist("x", c, BITS));
}
promise(run);
