/* SPDX-License-Identifier: MIT */
/* kstrtoint() and relatives: bases, signs, newlines, what is out of range and what is no number. */
#include "promise.h"

static void integer(const char *s, unsigned int base)
{
	int v = -99;
	int err = kstrtoint(s, base, &v);

	say("kstrtoint(\"%s\", %u): %d, %d", strchr(s, '\n') ? "with newline" : s, base, err, v);
}

static void run(void)
{
	static const char *const texts[] = { "0", "12", "-12", "+12", " 12", "12 ", "12\n", "\n", "", "-", "+", "0x1f",
		"0X1F", "1f", "012", "09", "2147483647", "2147483648", "-2147483648", "-2147483649", "0x", "--1",
		"99999999999999999999" };
	unsigned long long ull = 1;
	long long ll = 1;
	u8 byte = 1;
	s8 sbyte = 1;
	u16 word = 1;
	unsigned int ui = 1;
	bool b = false;

	for (int i = 0; i < ARRAY_SIZE(texts); i++) {
		integer(texts[i], 0);
		integer(texts[i], 10);
		integer(texts[i], 16);
	}
	ask(kstrtou8("255", 0, &byte));
	ask(byte);
	ask(kstrtou8("256", 0, &byte));
	ask(byte);
	ask(kstrtou8("-1", 0, &byte));
	ask(kstrtos8("-128", 0, &sbyte));
	ask(sbyte);
	ask(kstrtos8("128", 0, &sbyte));
	ask(kstrtou16("0177777", 0, &word));
	ask(word);
	ask(kstrtouint("4294967295", 0, &ui));
	ask(ui);
	ask(kstrtouint("4294967296", 0, &ui));
	ask(kstrtoull("18446744073709551615", 10, &ull));
	ask_hex(ull);
	ask(kstrtoull("18446744073709551616", 10, &ull));
	ask(kstrtoll("-9223372036854775808", 10, &ll));
	ask(ll);
	ask(kstrtoll("9223372036854775808", 10, &ll));
	ask(kstrtobool("y", &b));
	ask(b);
	ask(kstrtobool("off", &b));
	ask(b);
	ask(kstrtobool("on", &b));
	ask(b);
	ask(kstrtobool("N", &b));
	ask(b);
	ask(kstrtobool("1x", &b));
	ask(b);
	ask(kstrtobool("maybe", &b));
	ask(kstrtobool("t", &b));
	ask(kstrtobool("", &b));
	ask(kstrtobool(NULL, &b));
}
promise(run);
