/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The machine's way of stopping code that must not go on: an instruction that
 * is guaranteed to be invalid, so that the fault's report shows registers and
 * stack exactly as they are there. BUG() and WARN() are in <linux/bug.h>.
 */
#define arch_bug()			\
do {					\
	asm volatile("ud2");		\
	__builtin_unreachable();	\
} while (0)
