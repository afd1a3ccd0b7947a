/* SPDX-License-Identifier: MIT */
#include "host.h"
#include <linux/bitmap.h>
#include <linux/err.h>
#include <linux/errname.h>
#include <linux/minmax.h>
#include <linux/siphash.h>
#include <linux/sprintf.h>
#include <linux/string.h>

static char buf[512];

#define FORMATS(want, fmt...)						\
do {									\
	int __len = snprintf(buf, sizeof(buf), fmt);			\
	CHECK_STR(buf, want);						\
	CHECK_NUM(__len, strlen(want));					\
} while (0)

HOST_TEST(vsprintf_integers_of_every_length)
{
	FORMATS("0 -1 2147483647 -2147483648", "%d %i %d %d", 0, -1, 2147483647, -2147483647 - 1);
	FORMATS("4294967295", "%u", -1);
	FORMATS("-1 255", "%hhd %hhu", 255, -1);
	FORMATS("-1 65535", "%hd %hu", 65535, -1);
	FORMATS("-9223372036854775808", "%ld", (long)(1ul << 63));
	FORMATS("18446744073709551615", "%llu", ~0ull);
	FORMATS("-5 5", "%zd %zu", (ssize_t)-5, (size_t)5);
	FORMATS("-7", "%td", (ptrdiff_t)-7);
	FORMATS("deadbeef DEADBEEF 17", "%x %X %o", 0xdeadbeef, 0xdeadbeef, 15);
	FORMATS("1777777777777777777777", "%llo", ~0ull);
}

HOST_TEST(vsprintf_flags_width_and_precision_as_linux)
{
	FORMATS("|    5|5    |00005|", "|%5d|%-5d|%05d|", 5, 5, 5);
	FORMATS("|+5| 5|-5|", "|%+d|% d|%+d|", 5, 5, -5);
	FORMATS("|0x1f|0X1F|017|", "|%#x|%#X|%#o|", 31, 31, 15);
	FORMATS("|0x0|0|", "|%#x|%#o|", 0, 0);
	FORMATS("|0x001f|  0x1f|", "|%#06x|%#6x|", 31, 31);
	FORMATS("|  005|005  |-0005|", "|%5.3d|%-5.3d|%.4d|", 5, 5, -5);
	FORMATS("|   -5|-0005|", "|%5d|%05d|", -5, -5);
	FORMATS("|  7|7  |", "|%*d|%*d|", 3, 7, -3, 7);
	FORMATS("|ab |", "|%-3.*s|", 2, "abcd");
	FORMATS("||", "|%.*s|", -1, "abcd");
	FORMATS("7    |", "%-05d|", 7);
}

HOST_TEST(vsprintf_strings_and_characters)
{
	FORMATS("|abc|  abc|abc  |ab|", "|%s|%5s|%-5s|%.2s|", "abc", "abc", "abc", "abc");
	FORMATS("|x|  x|x  |", "|%c|%3c|%-3c|", 'x', 'x', 'x');
	FORMATS("100%", "%d%%", 100);
	FORMATS("(null) (efault) (efault)", "%s %s %s", (char *)NULL, (char *)16, (char *)-14L);
	FORMATS("", "%s", "");
}

HOST_TEST(vsprintf_cuts_at_the_end_and_tells_the_whole_length)
{
	char small[4];
	int size;

	CHECK_NUM(snprintf(NULL, 0, "%s %d", "hello", 42), 8);
	CHECK_NUM(snprintf(small, sizeof(small), "%s", "hello"), 5);
	CHECK_STR(small, "hel");
	CHECK_NUM(scnprintf(small, sizeof(small), "%s", "hello"), 3);
	CHECK_NUM(scnprintf(small, 0, "%s", "hello"), 0);
	CHECK_NUM(scnprintf(small, 4, "%d", 7), 1);
	for (size = 1; size < 40; size++) {
		char *exact = malloc(size);

		CHECK_NUM(snprintf(exact, size, "%5d|%-6s|%#x|%*ph|%5c", 1, "ab", 255,
				   3, "\1\2\3", 'q'), 32);
		CHECK(exact[min_t(int, size - 1, 32)] == 0);
		free(exact);
	}
	CHECK_NUM(snprintf(small, -1ul, "x"), 0);
}

HOST_TEST(vsprintf_shows_what_it_does_not_understand)
{
	FORMATS("a 1 %y %d", "a %d %y %d", 1, 2);
	FORMATS("end %", "end %");
	FORMATS("%n", "%n", NULL);
}

HOST_TEST(vsprintf_hashes_pointers)
{
	static const u64 key[2] = { 1, 2 };
	char again[32], other[32];
	int x[2];

	vsprintf_set_no_hash(false);
	FORMATS("(____ptrval____)", "%p", &x[0]);
	vsprintf_set_ptr_key(key);
	snprintf(buf, sizeof(buf), "%p", &x[0]);
	snprintf(again, sizeof(again), "%p", &x[0]);
	snprintf(other, sizeof(other), "%pK", &x[1]);
	CHECK_NUM(strlen(buf), 16);
	CHECK_STR(again, buf);
	CHECK(strcmp(other, buf) != 0);
	CHECK(!strncmp(buf, "00000000", 8));
	FORMATS("0000000000000000", "%p", NULL);
	FORMATS("fffffffffffffff4", "%p", ERR_PTR(-12));
	vsprintf_set_no_hash(true);
	FORMATS("0000000012345678", "%p", (void *)0x12345678);
	vsprintf_set_no_hash(false);
}

HOST_TEST(vsprintf_px_is_the_address)
{
	FORMATS("ffff888000001000", "%px", (void *)0xffff888000001000);
	FORMATS("0000000000001000 |0x1000|", "%px |%#1px|", (void *)0x1000, (void *)0x1000);
	FORMATS("0x0000000012345678", "%pa", &(phys_addr_t){ 0x12345678 });
}

HOST_TEST(siphash_agrees_with_its_published_vector)
{
	siphash_key_t key = { { 0x0706050403020100ull, 0x0f0e0d0c0b0a0908ull } };

	CHECK_NUM(siphash_1u64(0x0706050403020100ull, &key), 0x93f5f5799a932462ull);
}

static const char *lookup(unsigned long addr, unsigned long *size, unsigned long *offset,
			  char **module, char *namebuf)
{
	if (addr < 0x1000 || addr >= 0x1100)
		return NULL;
	*size = 0x100;
	*offset = addr - 0x1000;
	*module = addr >= 0x1080 ? "mod" : NULL;
	strcpy(namebuf, "schedule");
	return namebuf;
}

HOST_TEST(vsprintf_symbols_come_from_the_registered_table)
{
	FORMATS("0x1010", "%pS", (void *)0x1010);
	vsprintf_set_symbol_lookup(lookup);
	FORMATS("schedule+0x10/0x100", "%pS", (void *)0x1010);
	FORMATS("schedule", "%ps", (void *)0x1010);
	FORMATS("schedule+0x10/0x100", "%pSR", (void *)0x1010);
	FORMATS("schedule+0x100/0x100 [mod]|", "%pB|", (void *)0x1100);
	FORMATS("0x1100", "%pS", (void *)0x1100);
	FORMATS("  schedule|schedule  |", "%10ps|%-10ps|", (void *)0x1010, (void *)0x1010);
	vsprintf_set_symbol_lookup(NULL);
}

HOST_TEST(vsprintf_pe_names_errors)
{
	static const u64 key[2] = { 1, 2 };

	vsprintf_set_ptr_key(key);
	FORMATS("-ENOMEM|  -EIO|", "%pe|%6pe|", ERR_PTR(-12), ERR_PTR(-5));
	FORMATS("-ERESTARTSYS -4000", "%pe %pe", ERR_PTR(-512), ERR_PTR(-4000));
	CHECK_NUM(snprintf(buf, sizeof(buf), "%pe", buf), 16);
	CHECK_STR(errname(-12), "-ENOMEM");
	CHECK_STR(errname(12), "ENOMEM");
	CHECK_STR(errname(133), "EHWPOISON");
	CHECK_STR(errname(0), NULL);
	CHECK_STR(errname(41), NULL);
	CHECK_STR(errname(100000), NULL);
	CHECK_STR(errname(-2147483647 - 1), NULL);
}

HOST_TEST(vsprintf_ph_prints_bytes)
{
	FORMATS("01 ab ff", "%*ph", 3, "\001\253\377");
	FORMATS("01:ab:ff|01-ab-ff|01abff", "%*phC|%*phD|%*phN", 3, "\001\253\377",
		3, "\001\253\377", 3, "\001\253\377");
	FORMATS("01", "%ph", "\001");
	FORMATS("ab ff", "%2ph", "\253\377");
	FORMATS("(null)", "%*ph", 30, NULL);
}

HOST_TEST(vsprintf_pb_prints_bitmaps)
{
	DECLARE_BITMAP(map, 130) = { 0x8f, 0, 3 };

	FORMATS("3,00000000,00000000,00000000,0000008f", "%*pb", 130, map);
	FORMATS("00000000,0000008f", "%*pb", 64, map);
	FORMATS("f", "%*pb", 4, map);
	FORMATS("08f", "%*pb", 9, map);
	FORMATS("0-3,7,128-129", "%*pbl", 130, map);
	FORMATS("0-3", "%*pbl", 6, map);
	FORMATS("", "%*pbl", 64, &map[1]);
	FORMATS("", "%*pb", 0, map);
}

HOST_TEST(vsprintf_identifiers)
{
	static const unsigned char id[16] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 };

	FORMATS("00010203-0405-0607-0809-0a0b0c0d0e0f", "%pUb", id);
	FORMATS("03020100-0504-0706-0809-0A0B0C0D0E0F", "%pUL", id);
	FORMATS("00:01:02:03:04:05 000102030405", "%pM %pm", id, id);
	FORMATS("05:04:03:02:01:00 00-01-02-03-04-05 050403020100", "%pMR %pMF %pmR", id, id, id);
	FORMATS("1.2.3.4 001.002.003.004", "%pI4 %pi4", id + 1, id + 1);
}

static int through_va_format(const char *fmt, ...)
{
	struct va_format vaf;
	va_list args;
	int len;

	va_start(args, fmt);
	vaf.fmt = fmt;
	vaf.va = &args;
	len = snprintf(buf, 16, "<%pV|%pV>", &vaf, &vaf);
	va_end(args);
	return len;
}

HOST_TEST(vsprintf_pv_nests_formats_and_is_bounded)
{
	CHECK_NUM(through_va_format("%d %s", 1, "ab"), 11);
	CHECK_STR(buf, "<1 ab|1 ab>");
	CHECK_NUM(through_va_format("%d %s", 1, "abcdefgh"), 23);
	CHECK_STR(buf, "<1 abcdefgh|1 a");
}

HOST_TEST(sscanf_reads_numbers_words_and_sets)
{
	int a, b;
	unsigned int u;
	unsigned char c8;
	short s16;
	long l;
	unsigned long long ll;
	char w[8], set[8], ch;

	CHECK_NUM(sscanf("12 -34 0x1f", "%d %d %i", &a, &b, &u), 3);
	CHECK(a == 12 && b == -34 && u == 31);
	CHECK_NUM(sscanf("ff:7", "%hhx:%hd", &c8, &s16), 2);
	CHECK(c8 == 255 && s16 == 7);
	CHECK_NUM(sscanf("-5 18446744073709551615", "%ld %llu", &l, &ll), 2);
	CHECK(l == -5 && ll == ~0ull);
	CHECK_NUM(sscanf("word x", "%s %c", w, &ch), 2);
	CHECK_STR(w, "word");
	CHECK(ch == 'x');
	CHECK_NUM(sscanf("longword", "%4s%3s", w, set), 2);
	CHECK_STR(w, "long");
	CHECK_STR(set, "wor");
	CHECK_NUM(sscanf("abc123]", "%[cab]%[^]]", w, set), 2);
	CHECK_STR(w, "abc");
	CHECK_STR(set, "123");
	CHECK_NUM(sscanf("a-cb", "%[a-c]", w), 1);	/* no range, as in Linux */
	CHECK_STR(w, "a-c");
	CHECK_NUM(sscanf("1234", "%2d%2d", &a, &b), 2);
	CHECK(a == 12 && b == 34);
	CHECK_NUM(sscanf("7 8", "%*d %d%n", &a, &b), 1);
	CHECK(a == 8 && b == 3);
}

HOST_TEST(sscanf_stops_at_the_first_mismatch)
{
	int a = 1, b = 2;

	CHECK_NUM(sscanf("5,x", "%d,%d", &a, &b), 1);
	CHECK(a == 5 && b == 2);
	CHECK_NUM(sscanf("", "%d", &a), 0);
	CHECK_NUM(sscanf("x", "y%d", &a), 0);
	CHECK_NUM(sscanf("50%", "%d%%", &a), 1);
	CHECK_NUM(sscanf("-", "%d", &a), 0);
	CHECK_NUM(sscanf("-", "%1d", &a), 0);
}
