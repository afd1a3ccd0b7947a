/* SPDX-License-Identifier: MIT */
#include "host.h"
#include <linux/align.h>
#include <linux/bitops.h>
#include <linux/cmdline.h>
#include <linux/errno.h>
#include <linux/kstrtox.h>
#include <linux/limits.h>
#include <linux/log2.h>
#include <linux/math.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/overflow.h>
#include <linux/string.h>
#include <linux/time64.h>

HOST_TEST(kstrtox_takes_the_whole_string_or_nothing)
{
	unsigned long long ull = 99;
	int i = 99;
	u8 u = 99;

	CHECK_NUM(kstrtoull("18446744073709551615", 10, &ull), 0);
	CHECK(ull == ~0ull);
	CHECK_NUM(kstrtoull("18446744073709551616", 10, &ull), -ERANGE);
	CHECK(ull == ~0ull);
	CHECK_NUM(kstrtoull("0x1F\n", 0, &ull), 0);
	CHECK_NUM(ull, 31);
	CHECK_NUM(kstrtoull("017", 0, &ull), 0);
	CHECK_NUM(ull, 15);
	CHECK_NUM(kstrtoull("+5", 0, &ull), 0);
	CHECK_NUM(kstrtoull("-5", 0, &ull), -EINVAL);
	CHECK_NUM(kstrtoull("", 0, &ull), -EINVAL);
	CHECK_NUM(kstrtoull("5 ", 0, &ull), -EINVAL);
	CHECK_NUM(kstrtoull("5\n\n", 0, &ull), -EINVAL);
	CHECK_NUM(kstrtoull("0x", 0, &ull), -EINVAL);
	CHECK_NUM(kstrtoint("-2147483648", 10, &i), 0);
	CHECK_NUM(i, INT_MIN);
	CHECK_NUM(kstrtoint("2147483648", 10, &i), -ERANGE);
	CHECK_NUM(kstrtoint("12a", 10, &i), -EINVAL);
	CHECK_NUM(kstrtou8("255", 10, &u), 0);
	CHECK_NUM(kstrtou8("256", 10, &u), -ERANGE);
	CHECK_NUM(u, 255);
}

HOST_TEST(kstrtox_signed_limits_are_exact)
{
	long long ll = 0;

	CHECK_NUM(kstrtoll("-9223372036854775808", 10, &ll), 0);
	CHECK(ll == LLONG_MIN);
	CHECK_NUM(kstrtoll("-9223372036854775809", 10, &ll), -ERANGE);
	CHECK_NUM(kstrtoll("9223372036854775807", 10, &ll), 0);
	CHECK_NUM(kstrtoll("9223372036854775808", 10, &ll), -ERANGE);
	CHECK_NUM(kstrtoll("--1", 10, &ll), -EINVAL);
}

HOST_TEST(kstrtobool_knows_the_usual_words)
{
	bool b = false;

	CHECK(!kstrtobool("y", &b) && b);
	CHECK(!kstrtobool("0", &b) && !b);
	CHECK(!kstrtobool("on", &b) && b);
	CHECK(!kstrtobool("OFF", &b) && !b);
	CHECK_NUM(kstrtobool("o", &b), -EINVAL);
	CHECK_NUM(kstrtobool("", &b), -EINVAL);
	CHECK_NUM(kstrtobool(NULL, &b), -EINVAL);
}

HOST_TEST(simple_strto_stops_where_the_number_ends)
{
	char *end;

	CHECK_NUM(simple_strtoul("42abc", &end, 10), 42);
	CHECK_STR(end, "abc");
	CHECK_NUM(simple_strtol("-0x10,", &end, 0), -16);
	CHECK_STR(end, ",");
	CHECK_NUM(simple_strtoul("z", &end, 10), 0);
	CHECK_STR(end, "z");
}

HOST_TEST(cmdline_next_arg_understands_both_ways_of_quoting)
{
	char line[] = "a=1  \"sh=ps; sleep 2\" sh=\"x y\" \"flag\" plain b= c=\"\"";
	char *rest = line, *param, *val;

	rest = next_arg(rest, &param, &val);
	CHECK_STR(param, "a");
	CHECK_STR(val, "1");
	rest = next_arg(rest, &param, &val);
	CHECK_STR(param, "sh");
	CHECK_STR(val, "ps; sleep 2");
	rest = next_arg(rest, &param, &val);
	CHECK_STR(param, "sh");
	CHECK_STR(val, "x y");
	rest = next_arg(rest, &param, &val);
	CHECK_STR(param, "flag");
	CHECK_STR(val, NULL);
	rest = next_arg(rest, &param, &val);
	CHECK_STR(param, "plain");
	CHECK_STR(val, NULL);
	rest = next_arg(rest, &param, &val);
	CHECK_STR(param, "b");
	CHECK_STR(val, "");
	rest = next_arg(rest, &param, &val);
	CHECK_STR(val, "");
	CHECK_STR(rest, "");
}

static int take(char *param, char *val, void *arg)
{
	if (parameq(param, "test_name"))
		return 0;
	if (!strcmp(param, "n"))
		return val && !strcmp(val, "1") ? 0 : -EINVAL;
	return -ENOENT;
}

HOST_TEST(cmdline_collects_what_nobody_took)
{
	char line[] = "  test-name=x n=1 n=bad foo bar=\"a b\" -- n=2";
	char unknown[64], small[8];
	char again[] = "alpha beta";

	CHECK_NUM(parse_cmdline(line, take, NULL, unknown, sizeof(unknown)), 3);
	CHECK_STR(unknown, "n=bad (-EINVAL) foo bar=a b");
	CHECK_NUM(parse_cmdline(again, take, NULL, small, sizeof(small)), 2);
	CHECK_STR(small, "alpha b");
}

HOST_TEST(cmdline_survives_every_damage_of_quotes)
{
	static const char *const lines[] = { "\"", "\"\"", "a=\"", "\"a=b", "=", "==\"", "\"=\"\" \"" };
	char line[16], unknown[64];
	int i;

	for (i = 0; i < 7; i++) {
		strscpy(line, lines[i], sizeof(line));
		CHECK(parse_cmdline(line, take, NULL, unknown, sizeof(unknown)) <= 2);
	}
}

HOST_TEST(cmdline_options_and_sizes)
{
	int ints[8], n;
	char text[] = "3,-4,x", *s = text;

	CHECK_NUM(get_option(&s, &n), 2);
	CHECK_NUM(n, 3);
	CHECK_NUM(get_option(&s, &n), 2);
	CHECK_NUM(n, -4);
	CHECK_NUM(get_option(&s, &n), 0);
	CHECK_STR(get_options("1,4-6,9", 8, ints), "");
	CHECK_NUM(ints[0], 5);
	CHECK(ints[1] == 1 && ints[2] == 4 && ints[4] == 6 && ints[5] == 9);
	get_options("1-100", 4, ints);
	CHECK_NUM(ints[0], 3);
	get_options("1-100", 0, ints);
	CHECK_NUM(ints[0], 100);
	CHECK_NUM(memparse("16K", NULL), 16384);
	CHECK_NUM(memparse("0x2g", NULL), 2ll << 30);
	CHECK_NUM(memparse("512", NULL), 512);
	CHECK(parse_option_str("off,verbose", "verbose"));
	CHECK(!parse_option_str("offline", "off"));
}

HOST_TEST(math_rounds_and_limits)
{
	static const char constant[min(3, 5)];

	CHECK_NUM(sizeof(constant), 3);
	CHECK_NUM(max(2u, 3u), 3);
	CHECK_NUM(min3(5, 2, 9), 2);
	CHECK_NUM(max3(5, 2, 9), 9);
	CHECK_NUM(clamp(15, 0, 10), 10);
	CHECK_NUM(clamp_t(int, -5, 0, 10), 0);
	CHECK_NUM(min_not_zero(0, 7), 7);
	CHECK_NUM(round_up(13, 8), 16);
	CHECK_NUM(round_down(13, 8), 8);
	CHECK_NUM(roundup(13, 6), 18);
	CHECK_NUM(rounddown(13, 6), 12);
	CHECK_NUM(DIV_ROUND_UP(13, 6), 3);
	CHECK_NUM(DIV_ROUND_CLOSEST(-7, 2), -4);
	CHECK_NUM(DIV_ROUND_CLOSEST(7u, 2u), 4);
	CHECK_NUM(ALIGN(4097ul, 4096), 8192);
	CHECK_NUM(ALIGN_DOWN(4097ul, 4096), 4096);
	CHECK(IS_ALIGNED(64, 16) && !IS_ALIGNED(65, 16));
	CHECK_NUM(abs(-5), 5);
	CHECK_NUM(mult_frac(1000000007ul, 3ul, 7ul), 428571431);
}

HOST_TEST(math_powers_of_two)
{
	CHECK(is_power_of_2(1) && is_power_of_2(1ul << 63) && !is_power_of_2(0) && !is_power_of_2(6));
	CHECK_NUM(ilog2(1), 0);
	CHECK_NUM(ilog2(4097), 12);
	CHECK_NUM(roundup_pow_of_two(1), 1);
	CHECK_NUM(roundup_pow_of_two(65), 128);
	CHECK_NUM(rounddown_pow_of_two(65), 64);
	CHECK_NUM(order_base_2(5), 3);
	CHECK_NUM(get_count_order(5), 3);
	CHECK_NUM(get_count_order(4), 2);
	CHECK_NUM(fls(0), 0);
	CHECK_NUM(fls64(1ull << 40), 41);
	CHECK_NUM(__ffs(8), 3);
	CHECK_NUM(ffz(7), 3);
	CHECK_NUM(hweight64(~0ull), 64);
	CHECK_NUM(hweight8(0x1ff), 8);
	CHECK_NUM(sign_extend32(0x80, 7), -128);
	CHECK_NUM(rol32(0x80000001, 1), 3);
	CHECK_NUM(ror64(1, 1), 1ull << 63);
	CHECK_NUM(GENMASK(7, 4), 0xf0);
	CHECK_NUM(GENMASK(63, 0), ~0ul);
}

HOST_TEST(math_square_root_is_rounded_down)
{
	unsigned long i;

	for (i = 0; i < 3000; i++) {
		unsigned long r = int_sqrt(i);

		CHECK(r * r <= i && (r + 1) * (r + 1) > i);
	}
	CHECK_NUM(int_sqrt(~0ul), 0xffffffff);
}

HOST_TEST(math64_products_keep_all_bits)
{
	u64 n = 1000000007ull * 1000;
	u32 rem;

	CHECK_NUM(do_div(n, 1000), 0);
	CHECK_NUM(n, 1000000007);
	CHECK_NUM(div_u64_rem(100, 7, &rem), 14);
	CHECK_NUM(rem, 2);
	CHECK_NUM(mul_u64_u32_shr(1ull << 62, 8, 32), 1ull << 33);
	CHECK_NUM(mul_u64_u64_shr(~0ull, ~0ull, 64), ~0ull - 1);
	CHECK_NUM(mul_u64_u64_div_u64(1ull << 60, 1000, 1ull << 40), 1000ull << 20);
}

HOST_TEST(overflow_saturates_sizes)
{
	struct { int n; u64 items[]; } *p = NULL;
	u8 small;

	CHECK(check_add_overflow((u8)200, (u8)100, &small) && small == 44);
	CHECK(!check_mul_overflow((u8)5, (u8)5, &small));
	CHECK(array_size(~0ul / 2, 3) == SIZE_MAX);
	CHECK_NUM(struct_size(p, items, 3), sizeof(*p) + 24);
	CHECK(struct_size(p, items, ~0ul / 4) == SIZE_MAX);
	CHECK_NUM(type_max(s8), 127);
	CHECK_NUM(type_min(s64), S64_MIN);
	CHECK(type_max(u64) == U64_MAX);
}

HOST_TEST(time64_stays_normalized)
{
	struct timespec64 a = { 5, 600000000 }, b = { 2, 900000000 }, c;

	c = timespec64_add(a, b);
	CHECK(c.tv_sec == 8 && c.tv_nsec == 500000000);
	c = timespec64_sub(b, a);
	CHECK(c.tv_sec == -3 && c.tv_nsec == 300000000);
	CHECK_NUM(timespec64_to_ns(&c), -2700000000ll);
	c = ns_to_timespec64(-1);
	CHECK(c.tv_sec == -1 && c.tv_nsec == 999999999);
	CHECK(timespec64_compare(&a, &b) > 0 && timespec64_compare(&a, &a) == 0);
	c.tv_sec = KTIME_SEC_MAX;
	CHECK_NUM(timespec64_to_ns(&c), KTIME_MAX);
}
