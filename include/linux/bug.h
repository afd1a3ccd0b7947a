/* SPDX-License-Identifier: MIT */
/*
 * Saying that something is wrong.
 * WARN: a rule was broken but the kernel can go on; it reports with a backtrace and returns its condition, so that
 * the caller can leave safely: `if (WARN_ON(!p)) return -EINVAL;`. The message names the rule in a student's words.
 * BUG: an invariant of the kernel is broken; the thread is killed where that is safe, else the kernel panics.
 * Build-time checks are in <linux/build_bug.h>.
 */
#pragma once

#include <linux/types.h>
#include <linux/compiler.h>
#include <linux/build_bug.h>
#include <linux/once.h>
#include <linux/panic.h>
#include <asm/bug.h>

/* The report behind WARN(); fmt may be NULL. Context: any. Use the macros. */
__printf(3, 4) __cold noinline void warn_slowpath_fmt(const char *file, int line, const char *fmt, ...);

#define __WARN()		warn_slowpath_fmt(__FILE__, __LINE__, NULL)
#define __WARN_printf(fmt, ...)	warn_slowpath_fmt(__FILE__, __LINE__, fmt, ##__VA_ARGS__)

/* Report if condition holds, every time. Value: the condition. Context: any. */
#define WARN_ON(condition)					\
	({							\
		bool __ret_warn_on = !!(condition);		\
		if (unlikely(__ret_warn_on))			\
			__WARN();				\
		unlikely(__ret_warn_on);			\
	})

#define WARN(condition, fmt, ...)				\
	({							\
		bool __ret_warn_on = !!(condition);		\
		if (unlikely(__ret_warn_on))			\
			__WARN_printf(fmt, ##__VA_ARGS__);	\
		unlikely(__ret_warn_on);			\
	})

/* Report the first time only. Value: the condition, every time. */
#define WARN_ON_ONCE(condition)		DO_ONCE_LITE_IF(condition, warn_slowpath_fmt, __FILE__, __LINE__, NULL)
#define WARN_ONCE(condition, fmt, ...)	\
	DO_ONCE_LITE_IF(condition, warn_slowpath_fmt, __FILE__, __LINE__, fmt, ##__VA_ARGS__)

#define WARN_TAINT(condition, taint, fmt, ...)		WARN(condition, fmt, ##__VA_ARGS__)
#define WARN_TAINT_ONCE(condition, taint, fmt, ...)	WARN_ONCE(condition, fmt, ##__VA_ARGS__)

/* The line "kernel BUG at file:line!"; the oops that follows it is made by the invalid instruction in BUG(). */
__cold noinline void bug_report(const char *file, int line);

#define BUG()						\
	do {						\
		bug_report(__FILE__, __LINE__);		\
		arch_bug();				\
	} while (0)

#define BUG_ON(condition)				\
	do {						\
		if (unlikely(condition))		\
			BUG();				\
	} while (0)

/* How many warnings were reported since boot, expected ones not counted. A test looks at it before and after. */
extern unsigned long warn_count;

/*
 * A test that provokes a warning on purpose: between begin and end, a warning whose report line ("kernel/x.c:12
 * function+0x.. message") contains substring is counted and not shown, not a taint, and no panic. One expectation at a
 * time, for all CPUs. Context: thread. Return of end: how many there were.
 */
void warn_expect_begin(const char *substring);
int warn_expect_end(void);
