/* SPDX-License-Identifier: MIT */
/* Bit arithmetic: lowest and highest bits, rotations, powers of two, logarithms. */
#include "promise.h"
#include <linux/bitops.h>
#include <linux/log2.h>
#include <asm/byteorder.h>

static void run(void)
{
	volatile unsigned int v = 0x00f0;

	ask(ffs(v));
	ask(ffs(0));
	ask(fls(v));
	ask(fls(0));
	ask(fls64(1ULL << 63));
	ask(__ffs(0x10));
	ask(__fls(0x1f));
	ask(ffz(0x0f));
	ask(hweight32(v));
	ask(hweight64(~0ULL));
	ask(hweight8(0xff));
	ask_hex(rol32(0x80000001, 4));
	ask_hex(ror32(0x80000001, 4));
	ask_hex(rol64(0x8000000000000001ULL, 8));
	ask_hex(ror16(0x1234, 4));
	ask_hex(rol8(0x81, 1));
	ask(sign_extend32(0xff, 7));
	ask(sign_extend64(0x800, 11));
	ask_hex(GENMASK(7, 4));
	ask_hex(GENMASK_ULL(63, 60));
	ask_hex(BIT(31));
	ask(is_power_of_2(64));
	ask(is_power_of_2(0));
	ask(is_power_of_2(65));
	ask(roundup_pow_of_two(100));
	ask(rounddown_pow_of_two(100));
	ask(ilog2(1000));
	ask(order_base_2(1000));
	ask(get_count_order(17));
	ask(bits_per(255));
	ask(BITS_TO_LONGS(65));
	ask_hex(swab32(0x12345678));
	ask_hex(cpu_to_be16(0x1234));
	ask_hex(be64_to_cpu(1));
}
promise(run);
