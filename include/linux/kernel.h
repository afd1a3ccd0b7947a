/* SPDX-License-Identifier: MIT */
/*
 * The header everyone includes for the small things: container_of, min, max,
 * ARRAY_SIZE, rounding, text to number, snprintf and printk. A file of the
 * ground floor includes the single headers instead.
 */
#pragma once

#include <linux/align.h>
#include <linux/array_size.h>
#include <linux/bitops.h>
#include <linux/build_bug.h>
#include <linux/byteorder.h>
#include <linux/cmdline.h>
#include <linux/compiler.h>
#include <linux/container_of.h>
#include <linux/hex.h>
#include <linux/instruction_pointer.h>
#include <linux/kconfig.h>
#include <linux/kstrtox.h>
#include <linux/limits.h>
#include <linux/log2.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/sprintf.h>
#include <linux/stdarg.h>
#include <linux/stddef.h>
#include <linux/stringify.h>
#include <linux/typecheck.h>
#include <linux/types.h>

#include <linux/ftrace.h>
#include <linux/panic.h>
#include <linux/printk.h>

#define upper_32_bits(n)	((u32)(((n) >> 16) >> 16))
#define lower_32_bits(n)	((u32)((n) & 0xffffffff))
#define upper_16_bits(n)	((u16)((n) >> 16))
#define lower_16_bits(n)	((u16)((n) & 0xffff))

/* One byte repeated through a long. */
#define REPEAT_BYTE(x)		((~0ul / 0xff) * (x))

#define READ			0
#define WRITE			1

#define __COUNT_ARGS(_0, _1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, _n, X...) _n
#define COUNT_ARGS(X...) \
	__COUNT_ARGS(, ##X, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)
#define __CONCAT(a, b)		a##b
#define CONCATENATE(a, b)	__CONCAT(a, b)

/* How far the system has come, and whether it is on its way down. */
enum system_states {
	SYSTEM_BOOTING,
	SYSTEM_SCHEDULING,
	SYSTEM_FREEING_INITMEM,
	SYSTEM_RUNNING,
	SYSTEM_HALT,
	SYSTEM_POWER_OFF,
	SYSTEM_RESTART,
	SYSTEM_SUSPEND,
};

extern enum system_states system_state;

/*
 * might_sleep - "this function may sleep", said where it is checked
 *
 * Context: thread, preemption and interrupts on; anything else is reported
 * once per place with a backtrace, even when the caller would not have slept.
 */
#define might_sleep()		__might_sleep(__FILE__, __LINE__)
#define might_sleep_if(cond)	do { if (cond) might_sleep(); } while (0)
void __might_sleep(const char *file, int line);
