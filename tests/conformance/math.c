/* SPDX-License-Identifier: MIT */
/* Division and rounding, with signs and 64 bits. */
#include "promise.h"
#include <linux/math64.h>

static void run(void)
{
	u64 n = 10000000000007ULL;
	u32 rem = 0;
	s32 srem = 0;
	u64 rem64 = 0;
	volatile int minus = -7;

	ask(do_div(n, 10));
	ask(n);
	ask(div_u64(n, 7));
	ask(div_u64_rem(n, 1000, &rem));
	ask(rem);
	ask(div_s64(-n, 7));
	ask(div_s64_rem(-100, 7, &srem));
	ask(srem);
	ask(div64_u64(1ULL << 63, 3));
	ask(div64_u64_rem(1ULL << 40, 12345678901ULL, &rem64));
	ask(rem64);
	ask(div64_s64(-1LL << 40, 3));
	ask(mul_u64_u32_shr(1ULL << 40, 3, 8));
	ask(mul_u64_u64_div_u64(1ULL << 40, 1ULL << 30, 1ULL << 50));
	ask(DIV_ROUND_UP(10, 3));
	ask(DIV_ROUND_DOWN_ULL(10, 3));
	ask(DIV_ROUND_CLOSEST(10, 4));
	ask(DIV_ROUND_CLOSEST(minus, 2));
	ask(DIV_ROUND_CLOSEST(7, 2));
	ask(DIV_ROUND_UP_ULL(10000000001ULL, 10));
	ask(roundup(17, 5));
	ask(rounddown(17, 5));
	ask(round_up(17, 8));
	ask(round_down(17, 8));
	ask(ALIGN(17, 16));
	ask(IS_ALIGNED(32, 16));
	ask(abs(minus));
	ask(abs((long long)minus * 1000000000));
	ask(int_sqrt(99));
	ask(int_sqrt(1UL << 62));
	ask(int_sqrt64(1000000000000ULL));
	ask(reciprocal_scale(0x80000000, 100));
	ask(clamp(15, 0, 10));
	ask(clamp_t(int, minus, -3, 3));
	ask(min3(3, 1, 2));
	ask(max3(3, 1, 2));
	ask(min_not_zero(0, 5));
	ask(max_t(unsigned int, minus, 1));
	ask(mult_frac(1000, 2, 3));
}
promise(run);
