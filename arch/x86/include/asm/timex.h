/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * get_cycles: the time stamp counter, for measuring short stretches of code.
 * For times use ktime_get() of <linux/timekeeping.h>.
 */
#include <asm/msr.h>

typedef unsigned long long cycles_t;

static inline cycles_t get_cycles(void)
{
	return rdtsc();
}
