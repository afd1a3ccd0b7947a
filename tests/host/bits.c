/* SPDX-License-Identifier: MIT */
#include "host.h"
#include <linux/bitmap.h>
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/prandom.h>
#include <linux/string.h>

#define N 200

/* The same operation the slow and obvious way. */
static unsigned long slow_next(const unsigned long *map, unsigned long from, bool set)
{
	for (; from < N; from++)
		if (test_bit(from, map) == set)
			return from;
	return N;
}

HOST_TEST(find_agrees_with_looking_at_every_bit)
{
	DECLARE_BITMAP(map, N);
	DECLARE_BITMAP(other, N);
	DECLARE_BITMAP(both, N);
	struct rnd_state rnd;
	unsigned long i;
	int round;

	prandom_seed_state(&rnd, 1);
	for (round = 0; round < 50; round++) {
		bitmap_zero(map, N);
		bitmap_zero(other, N);
		for (i = 0; i < N; i++) {
			__assign_bit(i, map, prandom_u32_max_state(&rnd, 50) <= round);
			__assign_bit(i, other, prandom_u32_max_state(&rnd, 2));
		}
		for (i = 0; i <= N; i++) {
			CHECK_NUM(find_next_bit(map, N, i), slow_next(map, i, true));
			CHECK_NUM(find_next_zero_bit(map, N, i), slow_next(map, i, false));
			bitmap_and(both, map, other, N);
			CHECK_NUM(find_next_and_bit(map, other, N, i), slow_next(both, i, true));
			bitmap_andnot(both, map, other, N);
			CHECK_NUM(find_next_andnot_bit(map, other, N, i), slow_next(both, i, true));
		}
		CHECK_NUM(bitmap_weight(map, N), N - bitmap_weight(map, 0) -
			  ({ bitmap_complement(both, map, N); bitmap_weight(both, N); }));
		for (i = N; i > 0 && !test_bit(i - 1, map); i--)
			;
		CHECK_NUM(find_last_bit(map, N), i ? i - 1 : N);
	}
}

HOST_TEST(find_in_one_word_ignores_the_bits_beyond)
{
	unsigned long word = ~0ul << 20 | 5;

	CHECK_NUM(find_first_bit(&word, 20), 0);
	CHECK_NUM(find_next_bit(&word, 20, 3), 20);
	CHECK_NUM(find_next_bit(&word, 20, 25), 20);
	CHECK_NUM(find_next_zero_bit(&word, 3, 2), 3);
	CHECK_NUM(find_last_bit(&word, 20), 2);
	CHECK_NUM(find_nth_bit(&word, 64, 2), 20);
	CHECK_NUM(find_next_bit(&word, 64, 63), 63);
}

HOST_TEST(find_wrap_visits_each_bit_once_from_the_start_given)
{
	unsigned long map[2] = { 1ul << 3 | 1ul << 40, 1ul << 5 }, bit;
	static const unsigned long want[] = { 40, 69, 3 };
	int n = 0;

	for_each_set_bit_wrap(bit, map, 128ul, 10ul) {
		CHECK(n < 3);
		CHECK_NUM(bit, want[n]);
		n++;
	}
	CHECK_NUM(n, 3);
}

HOST_TEST(bitmap_set_and_clear_touch_exactly_the_range)
{
	DECLARE_BITMAP(map, N);
	unsigned int start, len, i;

	for (start = 0; start < 140; start += 7)
		for (len = 0; len < 60; len += 3) {
			bitmap_zero(map, N);
			bitmap_set(map, start, len);
			for (i = 0; i < N; i++)
				CHECK_NUM(test_bit(i, map), i >= start && i < start + len);
			bitmap_fill(map, N);
			bitmap_clear(map, start, len);
			for (i = 0; i < N; i++)
				CHECK_NUM(test_bit(i, map), i < start || i >= start + len);
		}
}

HOST_TEST(bitmap_shifts_and_cuts)
{
	DECLARE_BITMAP(map, N) = { 0 };
	DECLARE_BITMAP(out, N);
	unsigned int shift, i;

	for (i = 0; i < N; i += 3)
		__set_bit(i, map);
	map[3] |= ~0ul << (N % 64);	/* beyond the end: must not come in */
	for (shift = 0; shift < N; shift += 13) {
		bitmap_shift_right(out, map, shift, N);
		for (i = 0; i < N; i++)
			CHECK_NUM(test_bit(i, out), i + shift < N && test_bit(i + shift, map));
		bitmap_shift_left(out, map, shift, N);
		for (i = 0; i < N; i++)
			CHECK_NUM(test_bit(i, out), i >= shift && test_bit(i - shift, map));
	}
	bitmap_cut(out, map, 10, 5, N);
	for (i = 0; i < N; i++)
		CHECK_NUM(test_bit(i, out), i < 10 ? test_bit(i, map) :
			  i + 5 < N && test_bit(i + 5, map));
}

HOST_TEST(bitmap_relations_ignore_the_bits_beyond)
{
	unsigned long a[2] = { 6, 0 }, b[2] = { 7, 0 };

	a[1] = ~0ul << 6;
	CHECK(bitmap_subset(a, b, 70) && !bitmap_subset(b, a, 70));
	CHECK(bitmap_intersects(a, b, 70));
	CHECK(!bitmap_equal(a, b, 70));
	b[0] = 6;
	CHECK(bitmap_equal(a, b, 70));
	CHECK(!bitmap_equal(a, b, 71));
	CHECK_NUM(bitmap_weight(a, 70), 2);
	a[0] = 0;
	CHECK(bitmap_empty(a, 70) && !bitmap_empty(a, 71));
	a[0] = ~0ul;
	a[1] = 0x3f;
	CHECK(bitmap_full(a, 70) && !bitmap_full(a, 71));
}

HOST_TEST(bitmap_finds_a_zero_area)
{
	DECLARE_BITMAP(map, N) = { 0 };

	bitmap_set(map, 0, 10);
	bitmap_set(map, 14, 50);
	CHECK_NUM(bitmap_find_next_zero_area(map, N, 0, 4, 0), 10);
	CHECK_NUM(bitmap_find_next_zero_area(map, N, 0, 5, 0), 64);
	CHECK_NUM(bitmap_find_next_zero_area(map, N, 65, 1, 7), 72);
	CHECK(bitmap_find_next_zero_area(map, N, 0, 190, 0) > N);
}

HOST_TEST(bitmap_parses_lists)
{
	DECLARE_BITMAP(map, 64);

	CHECK_NUM(bitmap_parselist("0-3,7", map, 64), 0);
	CHECK_NUM(map[0], 0x8f);
	CHECK_NUM(bitmap_parselist(" 1 , 2\n", map, 64), 0);
	CHECK_NUM(map[0], 6);
	CHECK_NUM(bitmap_parselist("0-15:1/4", map, 64), 0);
	CHECK_NUM(map[0], 0x1111);
	CHECK_NUM(bitmap_parselist("all", map, 64), 0);
	CHECK(map[0] == ~0ul);
	CHECK_NUM(bitmap_parselist("N", map, 64), 0);
	CHECK(map[0] == 1ul << 63);
	CHECK_NUM(bitmap_parselist("", map, 64), 0);
	CHECK_NUM(map[0], 0);
	CHECK_NUM(bitmap_parselist("64", map, 64), -ERANGE);
	CHECK_NUM(bitmap_parselist("5-2", map, 64), -EINVAL);
	CHECK_NUM(bitmap_parselist("1-", map, 64), -EINVAL);
	CHECK_NUM(bitmap_parselist("1x", map, 64), -EINVAL);
	CHECK_NUM(bitmap_parselist("0-9:0/0", map, 64), 0);
	CHECK_NUM(bitmap_parselist("0-9:2/1", map, 64), -EINVAL);
	CHECK_NUM(bitmap_parselist("99999999999", map, 64), -EINVAL);
}

HOST_TEST(bitmap_parses_hex_groups)
{
	DECLARE_BITMAP(map, 100);

	CHECK_NUM(bitmap_parse("f,0000000a", 100, map, 100), 0);
	CHECK(map[0] == 0xf0000000aul && map[1] == 0);
	CHECK_NUM(bitmap_parse("ff", 100, map, 6), -EOVERFLOW);
	CHECK_NUM(bitmap_parse("3f\n", 100, map, 6), 0);
	CHECK_NUM(bitmap_parse("7", 100, map, 2), -EOVERFLOW);
	CHECK_NUM(bitmap_parse("xyz", 100, map, 64), -EINVAL);
	CHECK_NUM(bitmap_parse("123456789", 100, map, 64), -EINVAL);
	CHECK_NUM(bitmap_parse("", 100, map, 64), -EINVAL);
}

HOST_TEST(bitmap_converts_arrays)
{
	u32 in[3] = { 1, 2, 0xffffffff }, out[3];
	DECLARE_BITMAP(map, 96);
	u64 wide[2];

	bitmap_from_arr32(map, in, 68);
	CHECK(map[0] == 0x200000001ul && map[1] == 0xf);
	bitmap_to_arr32(out, map, 68);
	CHECK(out[0] == 1 && out[1] == 2 && out[2] == 0xf);
	bitmap_to_arr64(wide, map, 68);
	CHECK(wide[1] == 0xf);
}

HOST_TEST(cpumask_loops_visit_every_cpu_once)
{
	struct cpumask a, b;
	unsigned int cpu, n = 0;

	cpumask_clear(&a);
	cpumask_setall(&b);
	for_each_cpu(cpu, &a)
		n++;
	CHECK_NUM(n, 0);
	for_each_cpu(cpu, &b)
		CHECK_NUM(cpu, n++);
	CHECK_NUM(n, 64);
	cpumask_set_cpu(3, &a);
	cpumask_set_cpu(63, &a);
	n = 0;
	for_each_cpu_and(cpu, &a, &b)
		n = n * 100 + cpu;
	CHECK_NUM(n, 363);
	n = 0;
	for_each_cpu_andnot(cpu, &a, cpumask_of(3))
		n += cpu;
	CHECK_NUM(n, 63);
	n = 0;
	for_each_cpu_wrap(cpu, &a, 4)
		n = n * 100 + cpu;
	CHECK_NUM(n, 6303);
}

HOST_TEST(cpumask_searches_answer_nr_cpu_ids_or_more_for_none)
{
	struct cpumask a;

	cpumask_clear(&a);
	CHECK(cpumask_first(&a) >= nr_cpu_ids);
	CHECK(cpumask_any_but(cpumask_of(5), 5) >= nr_cpu_ids);
	CHECK_NUM(cpumask_any_but(cpu_all_mask, 0), 1);
	CHECK_NUM(cpumask_any(cpumask_of(63)), 63);
	CHECK_NUM(cpumask_next(-1, cpumask_of(0)), 0);
	CHECK(cpumask_next(63, cpu_all_mask) >= nr_cpu_ids);
	CHECK_NUM(cpumask_weight(cpu_all_mask), 64);
	CHECK(cpumask_empty(cpu_none_mask));
	CHECK(cpumask_subset(cpumask_of(9), cpu_all_mask));
	CHECK(!cpumask_intersects(cpumask_of(9), cpumask_of(10)));
	CHECK(cpumask_test_and_set_cpu(7, &a) == false && cpumask_test_and_clear_cpu(7, &a));
	CHECK_NUM(cpulist_parse("1,3", &a), 0);
	CHECK_NUM(cpumask_weight(&a), 2);
	CHECK_NUM(cpumask_next_wrap(3, &a, 3, false), 1);
}
