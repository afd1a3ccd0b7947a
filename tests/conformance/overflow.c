/* SPDX-License-Identifier: MIT */
/* Arithmetic that says when it does not fit. */
#include "promise.h"
#include <linux/overflow.h>

struct with_array {
	int	n;
	long	of[];
};

static void run(void)
{
	int i;
	u8 byte;
	volatile size_t huge = SIZE_MAX / 4;
	size_t size;
	struct with_array *p = NULL;

	ask(check_add_overflow(INT_MAX, 1, &i));
	ask(i);
	ask(check_add_overflow(1, 2, &i));
	ask(i);
	ask(check_sub_overflow(INT_MIN, 1, &i));
	ask(check_mul_overflow(65536, 65536, &i));
	ask(check_mul_overflow((u8)20, (u8)13, &byte));
	ask(byte);
	ask(check_mul_overflow((size_t)1 << 40, (size_t)1 << 30, &size));
	ask(check_shl_overflow(1, 31, &i));
	ask(check_shl_overflow(1, 30, &i));
	ask(i);
	ask(check_shl_overflow(1, 40, &i));
	ask_hex(array_size(SIZE_MAX, 2));
	ask(array_size(3, 4));
	ask(array3_size(2, 3, 4));
	ask(size_add(1, 2));
	ask_hex(size_mul(SIZE_MAX, 2));
	ask(struct_size(p, of, 3));
	ask_hex(struct_size(p, of, huge));
	ask(flex_array_size(p, of, 5));
}
promise(run);
