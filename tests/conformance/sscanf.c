/* SPDX-License-Identifier: MIT */
/* sscanf(): how many conversions came out, and what. */
#include "promise.h"

static void run(void)
{
	int a = -1, b = -1, n = -1;
	unsigned int u = 0;
	unsigned long long ull = 0;
	char word[16] = "", c = '-';
	unsigned char byte = 0;

	ask(sscanf("12 34", "%d %d", &a, &b));
	ask(a * 100 + b);
	ask(sscanf("12,x", "%d,%d", &a, &b));
	ask(sscanf("", "%d", &a));
	ask(sscanf("word 7", "%15s %d", word, &a));
	ask_text(word);
	ask(sscanf("0x1f 017 5", "%i %i %i", &a, &b, &n));
	say("%d %d %d", a, b, n);
	ask(sscanf("ff", "%x", &u));
	ask(u);
	ask(sscanf("-5", "%u", &u));
	ask(sscanf("abc", "%c", &c));
	ask(c);
	ask(sscanf("12345", "%2d%3d", &a, &b));
	say("%d %d", a, b);
	ask(sscanf("1 2 3", "%d %*d %d", &a, &b));
	say("%d %d", a, b);
	ask(sscanf("77 rest", "%d%n", &a, &n));
	ask(n);
	ask(sscanf("300", "%hhu", &byte));
	ask(sscanf("18446744073709551615", "%llu", &ull));
	ask_hex(ull);
	ask(sscanf("abc123", "%15[a-z]%d", word, &a));
	ask_text(word);
	ask(sscanf("100%", "%d%%", &a));
	ask(sscanf("k=v", "k=%s", word));
	ask_text(word);
}
promise(run);
