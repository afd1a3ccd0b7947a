/* SPDX-License-Identifier: MIT */
#include "host.h"
#include <linux/ctype.h>
#include <linux/array_size.h>
#include <linux/string.h>

/* Fill buf with a pattern that differs at every place. */
static void pattern(unsigned char *buf, int n)
{
	int i;

	for (i = 0; i < n; i++)
		buf[i] = i * 7 + 3;
}

HOST_TEST(string_memcpy_copies_every_length_and_nothing_beyond)
{
	unsigned char src[64], dst[64];
	int len, i;

	pattern(src, 64);
	for (len = 0; len <= 40; len++) {
		for (i = 0; i < 64; i++)
			dst[i] = 0xee;
		CHECK(memcpy(dst + 3, src + 1, len) == dst + 3);
		for (i = 0; i < 64; i++)
			CHECK_NUM(dst[i], i >= 3 && i < 3 + len ? src[i - 2] : 0xee);
	}
}

HOST_TEST(string_memmove_is_right_for_every_overlap)
{
	unsigned char want[64], buf[64];
	int from, to, len, i;

	for (from = 0; from < 20; from++)
		for (to = 0; to < 20; to++)
			for (len = 0; len <= 40; len++) {
				pattern(buf, 64);
				pattern(want, 64);
				for (i = 0; i < len; i++)
					want[to + i] = (from + i) * 7 + 3;
				memmove(buf + to, buf + from, len);
				CHECK(!memcmp(buf, want, 64));
			}
}

HOST_TEST(string_memset_fills_every_length_and_nothing_beyond)
{
	unsigned char buf[64];
	int len, i;

	for (len = 0; len <= 40; len++) {
		pattern(buf, 64);
		memset(buf + 5, 0x1c5, len);
		for (i = 0; i < 64; i++)
			CHECK_NUM(buf[i], i >= 5 && i < 5 + len ? 0xc5 : (unsigned char)(i * 7 + 3));
	}
}

HOST_TEST(string_memset16_32_64_fill_elements)
{
	u16 a[3];
	u32 b[3];
	u64 c[3];

	memset16(a, 0x1234, 3);
	memset32(b, 0x12345678, 3);
	memset64(c, 0x123456789abcdef0ull, 3);
	CHECK(a[0] == 0x1234 && a[2] == 0x1234);
	CHECK(b[0] == 0x12345678 && b[2] == 0x12345678);
	CHECK(c[0] == 0x123456789abcdef0ull && c[2] == c[0]);
}

HOST_TEST(string_comparisons_are_unsigned_and_stop_at_the_end)
{
	CHECK(memcmp("a\200", "a\1", 2) > 0);
	CHECK(memcmp("ab", "ac", 1) == 0);
	CHECK(strcmp("abc", "abc") == 0);
	CHECK(strcmp("abc", "abcd") < 0);
	CHECK(strcmp("a\200", "a\1") > 0);
	CHECK(strncmp("abcX", "abcY", 3) == 0);
	CHECK(strncmp("ab", "ab", 100) == 0);
	CHECK(strncasecmp("HeLLo", "hEllO!", 5) == 0);
	CHECK(strcasecmp("abc", "ABD") < 0);
}

HOST_TEST(string_searches_find_the_first_the_last_and_nothing)
{
	const char *s = "hello, world";

	CHECK(strchr(s, 'l') == s + 2);
	CHECK(strchr(s, 0) == s + 12);
	CHECK(strchr(s, 'x') == NULL);
	CHECK(strrchr(s, 'l') == s + 10);
	CHECK(strrchr(s, 'x') == NULL);
	CHECK(strchrnul(s, 'x') == s + 12);
	CHECK(strnchr(s, 3, 'l') == s + 2);
	CHECK(strnchr(s, 2, 'l') == NULL);
	CHECK(strstr(s, "wor") == s + 7);
	CHECK(strstr(s, "") == s);
	CHECK(strstr(s, "word") == NULL);
	CHECK(strnstr(s, "wor", 9) == NULL);
	CHECK(strnstr(s, "wor", 10) == s + 7);
	CHECK(strpbrk(s, "dw") == s + 7);
	CHECK_NUM(strspn(s, "ehl"), 4);
	CHECK_NUM(strcspn(s, " ,"), 5);
	CHECK(memchr(s, 'o', 4) == NULL);
	CHECK(memchr(s, 'o', 5) == s + 4);
	CHECK(memscan((void *)s, 'z', 5) == s + 5);
}

HOST_TEST(string_memchr_inv_finds_the_one_wrong_byte_wherever_it_is)
{
	unsigned char buf[40];
	int bad, start;

	for (start = 0; start < 8; start++)
		for (bad = start; bad < 40; bad++) {
			memset(buf, 0x6b, sizeof(buf));
			CHECK(memchr_inv(buf + start, 0x6b, 40 - start) == NULL);
			buf[bad] = 0x6a;
			CHECK(memchr_inv(buf + start, 0x6b, 40 - start) == buf + bad);
		}
}

HOST_TEST(string_strscpy_always_ends_and_reports_cutting)
{
	char buf[6] = "zzzzz";

	CHECK_NUM(strscpy(buf, "abc", 6), 3);
	CHECK_STR(buf, "abc");
	CHECK_NUM(strscpy(buf, "abcdef", 6), -E2BIG);
	CHECK_STR(buf, "abcde");
	CHECK_NUM(strscpy(buf, "x", 0), -E2BIG);
	CHECK_NUM(strscpy_pad(buf, "q", 6), 1);
	CHECK(!memchr_inv(buf + 1, 0, 5));
}

HOST_TEST(string_old_copies_keep_their_old_meaning)
{
	char buf[8];

	CHECK_NUM(strlcpy(buf, "0123456789", 4), 10);
	CHECK_STR(buf, "012");
	CHECK_NUM(strlcat(buf, "abcdef", 8), 9);
	CHECK_STR(buf, "012abcd");
	CHECK(strncpy(buf, "ab", 8) == buf && !memchr_inv(buf + 2, 0, 6));
	CHECK_STR(strcat(buf, "cd"), "abcd");
	CHECK_STR(strncat(buf, "efgh", 2), "abcdef");
	CHECK(stpcpy(buf, "xyz") == buf + 3);
	CHECK_NUM(strlen(buf), 3);
	CHECK_NUM(strnlen(buf, 2), 2);
}

HOST_TEST(string_strsep_gives_empty_fields_too)
{
	char text[] = "a,,b;c", *s = text;

	CHECK_STR(strsep(&s, ",;"), "a");
	CHECK_STR(strsep(&s, ",;"), "");
	CHECK_STR(strsep(&s, ",;"), "b");
	CHECK_STR(strsep(&s, ",;"), "c");
	CHECK(s == NULL && strsep(&s, ",") == NULL);
}

HOST_TEST(string_strim_takes_blanks_off_both_ends)
{
	char a[] = "  x y\t\n", b[] = " \n ", c[] = "";

	CHECK_STR(strim(a), "x y");
	CHECK_STR(strim(b), "");
	CHECK_STR(strim(c), "");
}

HOST_TEST(string_small_helpers_do_what_they_say)
{
	static const char *const words[] = { "zero", "one", "two" };
	char path[] = "a.b.c", pad[6];

	CHECK_STR(kbasename("/x/y/z"), "z");
	CHECK_STR(kbasename("z"), "z");
	CHECK(*strreplace(path, '.', '_') == 0);
	CHECK_STR(path, "a_b_c");
	CHECK_NUM(match_string(words, ARRAY_SIZE(words), "two"), 2);
	CHECK_NUM(match_string(words, 3, "three"), -EINVAL);
	CHECK_NUM(sysfs_match_string(words, "one\n"), 1);
	CHECK(sysfs_streq("on", "on\n") && sysfs_streq("on\n", "on"));
	CHECK(!sysfs_streq("on", "on\nx") && !sysfs_streq("on", "off"));
	CHECK_NUM(str_has_prefix("rcu_sched", "rcu_"), 4);
	CHECK_NUM(str_has_prefix("rcu", "rcu_"), 0);
	CHECK(strstarts("kworker/0", "kworker"));
	memcpy_and_pad(pad, 6, "abc", 3, '.');
	CHECK(!memcmp(pad, "abc...", 6));
}

HOST_TEST(ctype_classes_agree_with_ascii)
{
	int c;

	for (c = 0; c < 256; c++) {
		CHECK_NUM(isupper(c), c >= 'A' && c <= 'Z');
		CHECK_NUM(islower(c), c >= 'a' && c <= 'z');
		CHECK_NUM(!!isdigit(c), c >= '0' && c <= '9');
		CHECK_NUM(isspace(c), c == ' ' || (c >= 9 && c <= 13));
		CHECK_NUM(isprint(c), c >= 32 && c < 127);
		CHECK_NUM(isgraph(c), c > 32 && c < 127);
		CHECK_NUM(iscntrl(c), c < 32 || c == 127);
		CHECK_NUM(ispunct(c), c > 32 && c < 127 && !isalnum(c));
	}
	CHECK(isxdigit('a') && isxdigit('F') && isxdigit('9') && !isxdigit('g'));
	CHECK(tolower('Q') == 'q' && toupper('q') == 'Q' && toupper('1') == '1');
}
