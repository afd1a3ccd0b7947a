/* SPDX-License-Identifier: MIT */
/* sort(): also with a swap of one's own; jhash, hash_32, siphash and the like answer the same numbers everywhere. */
#include "promise.h"
#include <linux/hash.h>
#include <linux/jhash.h>
#include <linux/siphash.h>
#include <linux/sort.h>

static int numbers[] = { 5, 3, 9, -1, 3, 0, 100, 7 };
static int swaps;

static int compare(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

static int backwards(const void *a, const void *b)
{
	return compare(b, a);
}

static void swap_them(void *a, void *b, int size)
{
	swap(*(int *)a, *(int *)b);
	swaps++;
}

static void show(void)
{
	say("%d %d %d %d %d %d %d %d", numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5],
	    numbers[6], numbers[7]);
}

static void run(void)
{
	siphash_key_t key = { { 1, 2 } };
	hsiphash_key_t short_key = { { 3, 4 } };
	u32 words[3] = { 1, 2, 3 };

	sort(numbers, ARRAY_SIZE(numbers), sizeof(int), compare, NULL);
	show();
	sort(numbers, ARRAY_SIZE(numbers), sizeof(int), backwards, swap_them);
	show();
	ask(swaps > 0);
	ask_hex(jhash("abcdefghijklmnop", 16, 0));
	ask_hex(jhash("abc", 3, 17));
	ask_hex(jhash2(words, 3, 5));
	ask_hex(jhash_1word(1, 2));
	ask_hex(jhash_2words(1, 2, 3));
	ask_hex(jhash_3words(1, 2, 3, 4));
	ask_hex(hash_32(12345, 10));
	ask_hex(hash_64(1234567890123ULL, 16));
	ask_hex(hash_long(77, 8));
	ask_hex(siphash_1u64(5, &key));
	ask_hex(hsiphash_2u32(5, 6, &short_key));
}
promise(run);
