/* SPDX-License-Identifier: MIT */
/* The extensions of %p that show bytes, bitmaps, addresses of networks, UUIDs, errors; and widths and signs. */
#include "promise.h"
#include <linux/bitmap.h>
#include <linux/cpumask.h>

static void run(void)
{
	static const u8 bytes[] = { 0x00, 0x1a, 0xff, 0x7e, 0x41, 0x80 };
	DECLARE_BITMAP(bits, 40);
	u8 ip[4] = { 192, 168, 0, 7 };
	char buf[64];

	bitmap_zero(bits, 40);
	bitmap_set(bits, 3, 5);
	set_bit(39, bits);
	say("%*ph|%*phC|%*phD|%*phN", 6, bytes, 6, bytes, 6, bytes, 6, bytes);
	say("%pM|%pm|%pMR|%pMF", bytes, bytes, bytes, bytes);
	say("%pI4|%pi4", ip, ip);
	say("%*pb|%*pbl", 40, bits, 40, bits);
	say("%pe|%pe|%pe", ERR_PTR(-EINVAL), ERR_PTR(-EPROBE_DEFER), ERR_PTR(-ENOMEM));
	say("[%5d][%-5d][%05d][%+d][% d][%x][%#x][%X][%o][%#o]", 42, 42, 42, 42, 42, 42, 42, 42, 42, 42);
	say("[%8.3s][%-8s][%.*s][%c][%%]", "abcdef", "ab", 2, "xyz", 'q');
	say("[%hhd][%hd][%ld][%lld][%zu][%td]", (char)-1, (short)-2, -3L, -4LL, (size_t)5, (ptrdiff_t)-6);
	say("[%#018llx][%llu][%#llo]", 0x1234ULL, ~0ULL, 8ULL);
	ask(snprintf(buf, 4, "%s", "truncated"));
	ask_text(buf);
	ask(scnprintf(buf, 4, "%s", "truncated"));
	ask(snprintf(NULL, 0, "%d", 12345));
}
promise(run);
