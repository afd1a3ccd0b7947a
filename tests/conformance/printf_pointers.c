/* SPDX-License-Identifier: MIT */
/* The extensions of %p that do not depend on the machine: errors, bytes, bitmaps, lists of bits, addresses, UUIDs. */
#include "promise.h"
#include <linux/bitmap.h>
#include <linux/cpumask.h>

static void run(void)
{
	static const u8 bytes[] = { 0, 1, 0xab, 0xff, 0x7f, 0x80 };
	static const u8 ip[] = { 192, 168, 0, 1 };
	static const u8 uuid[] = { 0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde, 0xf0, 1, 2, 3, 4, 5, 6, 7, 8 };
	DECLARE_BITMAP(map, 100);

	bitmap_zero(map, 100);
	bitmap_set(map, 3, 5);
	set_bit(70, map);
	bitmap_set(map, 90, 10);
	say("%pe %pe %pe", ERR_PTR(-ENOMEM), ERR_PTR(-EINVAL), ERR_PTR(-ERESTARTSYS));
	say("%pe", ERR_PTR(-4000));
	say("%*ph", 6, bytes);
	say("%*phC|%*phD|%*phN", 6, bytes, 6, bytes, 6, bytes);
	say("%*pb", 100, map);
	say("%*pbl", 100, map);
	say("%*pbl", 20, map);
	say("%pM %pm %pMR", bytes, bytes, bytes);
	say("%pI4 %pi4", ip, ip);
	say("%px", (void *)0x1234);
	say("%p", NULL);
	say("[%10pe] [%-10pe]", ERR_PTR(-EIO), ERR_PTR(-EIO));
	say("%pUb %pUB %pUl %pUL", uuid, uuid, uuid, uuid);
}
promise(run);
