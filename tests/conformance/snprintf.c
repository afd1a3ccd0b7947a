/* SPDX-License-Identifier: MIT */
/* snprintf(): conversions, widths, precisions, and how much it says it would have written. */
#include "promise.h"

static void out(const char *fmt, ...)
{
	char buf[80];
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(buf, sizeof(buf), fmt, args);
	va_end(args);
	say("%d [%s]", n, buf);
}

static void run(void)
{
	char small[6] = "xxxxx";

	out("%d %i %u %x %X %o %c %s %%", -5, 6, 7u, 255, 255, 8, 'c', "s");
	out("%5d|%-5d|%05d|%+d|% d|%+5d|%-05d", 42, 42, 42, 42, 42, 42, 42);
	out("%.3d|%5.3d|%-8.3d|%.0d|%.0x", 7, 7, 7, 0, 0);
	out("%#x|%#X|%#o|%#010x|%#x|%#o", 255, 255, 8, 255, 0, 0);
	out("%hd %hhd %hu %hhu", 70000, 300, 70000, 300);
	out("%ld %lld %lu %llu %zd %zu %td", -1L, -1LL, -1UL, -1ULL, (ssize_t)-1, (size_t)-1, (ptrdiff_t)-1);
	out("%s|%10s|%-10s|%.2s|%10.2s|%-10.2s|", "text", "text", "text", "text", "text", "text");
	out("%*d|%-*d|%.*s|%*d", 6, 1, 6, 1, 2, "abc", -6, 1);
	out("%s", (char *)NULL);
	out("%5c|%-5c|", 'a', 'b');
	out("%lx %llX", 0x123456789abcdefL, 0xfedcba987654321LL);
	out("%08ld %016lx %20llu", -42L, 42L, 42ULL);
	ask(snprintf(small, sizeof(small), "%d", 1234567));
	ask_text(small);
	ask(scnprintf(small, sizeof(small), "%d", 7654321));
	ask_text(small);
	ask(snprintf(NULL, 0, "%s", "twelve chars"));
	ask(snprintf(small, 1, "abc"));
	ask_text(small);
	ask(scnprintf(small, 0, "abc"));
	ask(sprintf(small, "%s", ""));
}
promise(run);
