/* SPDX-License-Identifier: MIT */
/*
 * lib/ inside the kernel. It is tested at length on the host (tests/host); here only what needs the kernel
 * around it: symbols, atomics across CPUs, and that the freestanding build computes the same.
 */
#include "test.h"

#include <linux/atomic.h>
#include <linux/bitmap.h>
#include <linux/bitops.h>
#include <linux/err.h>
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/llist.h>
#include <linux/math64.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>

#define EXPECT_FORMAT(expected, fmt, ...)							\
	do {											\
		char _buf[128];									\
		snprintf(_buf, sizeof(_buf), fmt, __VA_ARGS__);					\
		if (strcmp(_buf, expected) != 0)						\
			return test_fail("%s gives \"%s\", not \"%s\"", #fmt, _buf, expected);	\
	} while (0)

TEST(lib_printf_formats_as_in_linux)
{
	EXPECT_FORMAT("-5|00042|0x2a|  7|z", "%d|%05d|%#x|%3u|%c", -5, 42, 42, 7, 'z');
	EXPECT_FORMAT("18446744073709551615", "%llu", ~0ULL);
	EXPECT_FORMAT("ab|abc  |  abc", "%.2s|%-5s|%5s", "abc", "abc", "abc");
	EXPECT_FORMAT("01 02 ff", "%*ph", 3, "\x01\x02\xff");
	EXPECT_FORMAT("-ENOMEM", "%pe", ERR_PTR(-ENOMEM));
	EXPECT_FORMAT("100%", "%d%%", 100);
	EXPECT_FORMAT("ffff888000000000", "%px", (void *)0xffff888000000000UL);
	return NULL;
}

TEST(lib_printf_names_functions)
{
	char text[80];

	EXPECT_FORMAT("run_tests", "%ps", run_tests);
	snprintf(text, sizeof(text), "%pS", (char *)run_tests + 3);
	EXPECT(strncmp(text, "run_tests+0x3/0x", 16) == 0);
	return NULL;
}

TEST(lib_printf_hashes_plain_pointers_the_same_way_each_time)
{
	char a[32], b[32], c[32];

	snprintf(a, sizeof(a), "%p", run_tests);
	snprintf(b, sizeof(b), "%p", run_tests);
	snprintf(c, sizeof(c), "%px", run_tests);
	EXPECT(strcmp(a, b) == 0);
	EXPECT(strlen(a) == 16);
	EXPECT_FORMAT("ffffffff", "%.8s", c);
	return NULL;
}

static int compare_ints(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

TEST(lib_sort_sorts)
{
	static int v[500];
	u32 random = test_seed(6);
	int i;

	for (i = 0; i < 500; i++)
		v[i] = test_random(&random) % 1000;
	sort(v, 500, sizeof(v[0]), compare_ints, NULL);
	for (i = 1; i < 500; i++)
		EXPECT_OP(v[i - 1], <=, v[i]);
	return NULL;
}

TEST(lib_division_and_bits_compute_right)
{
	DECLARE_BITMAP(map, 130);

	EXPECT_EQ(div_u64(1000000007ULL * 12345, 12345), 1000000007);
	EXPECT_EQ(mul_u64_u32_shr(1ULL << 40, 3u << 20, 22), (3ULL << 38));
	EXPECT_EQ(fls64(1ULL << 63), 64);
	EXPECT_EQ(__ffs(0x100), 8);
	EXPECT_EQ(hweight64(~0ULL), 64);
	bitmap_zero(map, 130);
	set_bit(129, map);
	EXPECT_EQ(find_first_bit(map, 130), 129);
	EXPECT_EQ(find_first_zero_bit(map, 130), 0);
	return NULL;
}

static atomic_t shared;
static atomic64_t shared64;
static unsigned long bits;

static const char *count_together(struct crew *c, int who)
{
	int i, rounds = test_rounds(20000);

	for (i = 0; i < rounds; i++) {
		int old = atomic_read(&shared);

		while (!atomic_try_cmpxchg(&shared, &old, old + 1))
			cpu_relax();
		atomic64_add(3, &shared64);
		while (test_and_set_bit(5, &bits))
			cpu_relax();
		clear_bit(5, &bits);
	}
	return NULL;
}

TEST(lib_atomics_lose_nothing_across_cpus)
{
	struct crew c = { .fn = count_together, .n = 4, .bound = true };

	atomic_set(&shared, 0);
	atomic64_set(&shared64, 0);
	bits = 0;
	TRY(crew_run(&c));
	EXPECT_EQ(atomic_read(&shared), 4 * test_rounds(20000));
	EXPECT_EQ(atomic64_read(&shared64), 12 * test_rounds(20000));
	EXPECT_EQ(bits, 0);
	return NULL;
}

struct link {
	struct llist_node node;
};

static LLIST_HEAD(links);
static atomic_t links_left;

static const char *push_or_take(struct crew *c, int who)
{
	int i;

	for (i = 0; i < test_rounds(3000); i++) {
		struct link *l, *next;

		if (who & 1) {
			llist_for_each_entry_safe(l, next, llist_del_all(&links), node) {
				atomic_dec(&links_left);
				kfree(l);
			}
			cond_resched();
			continue;
		}
		l = kmalloc(sizeof(*l), GFP_KERNEL);
		if (!l)
			continue;
		atomic_inc(&links_left);
		llist_add(&l->node, &links);
	}
	return NULL;
}

TEST(lib_llist_loses_nothing_across_cpus)
{
	struct crew c = { .fn = push_or_take, .n = 4, .bound = true };
	struct link *l, *next;

	atomic_set(&links_left, 0);
	TRY(crew_run(&c));
	llist_for_each_entry_safe(l, next, llist_del_all(&links), node) {
		atomic_dec(&links_left);
		kfree(l);
	}
	EXPECT_EQ(atomic_read(&links_left), 0);
	return NULL;
}
