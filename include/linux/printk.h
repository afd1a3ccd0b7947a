/* SPDX-License-Identifier: MIT */
/*
 * The kernel's voice. printk() may be called from anywhere: threads, interrupts, NMI, a panic on several CPUs at once,
 * with any lock held. It never sleeps and never waits for another CPU. The message goes into the log (<linux/kmsg.h>)
 * and, if its level is below console_loglevel, to the consoles (<linux/console.h>).
 * For output without level and time stamp (a table, a shell's answer) use console_printf().
 * Semantics: Linux, Documentation/core-api/printk-basics.rst and printk-formats.rst.
 */
#pragma once

#include <linux/stdarg.h>
#include <linux/types.h>
#include <linux/compiler.h>
#include <linux/kern_levels.h>
#include <linux/once.h>
#include <linux/ratelimit.h>

/* Levels. A message reaches the consoles if its level is less than console_loglevel. */
#define MESSAGE_LOGLEVEL_DEFAULT	4	/* of a message that names none */
#define CONSOLE_LOGLEVEL_SILENT		0
#define CONSOLE_LOGLEVEL_MIN		1
#define CONSOLE_LOGLEVEL_QUIET		4	/* parameter "quiet" */
#define CONSOLE_LOGLEVEL_DEFAULT	7	/* all but KERN_DEBUG */
#define CONSOLE_LOGLEVEL_DEBUG		10	/* parameter "debug" */
#define CONSOLE_LOGLEVEL_MOTORMOUTH	15

extern int console_printk[4];
#define console_loglevel		(console_printk[0])
#define default_message_loglevel	(console_printk[1])
#define minimum_console_loglevel	(console_printk[2])
#define default_console_loglevel	(console_printk[3])

/* Nothing is held back from the consoles any more: for oops and panic. Context: any. */
static inline void console_verbose(void)
{
	if (console_loglevel)
		console_loglevel = CONSOLE_LOGLEVEL_MOTORMOUTH;
}

/*
 * Log a message: an optional KERN_ level, then a printf format with the kernel's extensions (%pS, %pe, %*ph ...).
 * A message is a line; the newline may be missing if pr_cont() goes on with it. A text with newlines inside is one
 * message, and every line of it gets its stamp. At most LOG_LINE_MAX bytes, the rest is cut.
 * A line without its newline is shown when the next message comes, from whomever.
 * Context: any, NMI included; any lock may be held. Return: the number of bytes logged.
 */
__printf(1, 2) __cold int _printk(const char *fmt, ...);
__printf(1, 0) int vprintk(const char *fmt, va_list args);
#define printk(fmt, ...)	_printk(fmt, ##__VA_ARGS__)

/*
 * Linux has this for callers that hold a run queue's lock. Differs from Linux: the consoles take no lock and wake
 * nobody, so it is printk().
 */
#define printk_deferred(fmt, ...)	_printk(fmt, ##__VA_ARGS__)

/* A module may define pr_fmt before its first #include, to put its name in front of every pr_ message. */
#ifndef pr_fmt
#define pr_fmt(fmt)	fmt
#endif

/* Checks the arguments like printk, prints nothing, evaluates nothing. */
#define no_printk(fmt, ...)				\
	({						\
		if (0)					\
			_printk(fmt, ##__VA_ARGS__);	\
		0;					\
	})

#define pr_emerg(fmt, ...)	printk(KERN_EMERG pr_fmt(fmt), ##__VA_ARGS__)
#define pr_alert(fmt, ...)	printk(KERN_ALERT pr_fmt(fmt), ##__VA_ARGS__)
#define pr_crit(fmt, ...)	printk(KERN_CRIT pr_fmt(fmt), ##__VA_ARGS__)
#define pr_err(fmt, ...)	printk(KERN_ERR pr_fmt(fmt), ##__VA_ARGS__)
#define pr_warn(fmt, ...)	printk(KERN_WARNING pr_fmt(fmt), ##__VA_ARGS__)
#define pr_warning		pr_warn
#define pr_notice(fmt, ...)	printk(KERN_NOTICE pr_fmt(fmt), ##__VA_ARGS__)
#define pr_info(fmt, ...)	printk(KERN_INFO pr_fmt(fmt), ##__VA_ARGS__)

/*
 * Go on with the line that the same thread (or the same CPU's interrupt) has just left without a newline. If anybody
 * logged in between, that line has ended and this begins a new one, at the default level.
 */
#define pr_cont(fmt, ...)	printk(KERN_CONT fmt, ##__VA_ARGS__)

/* pr_debug and pr_devel speak only in a file that defines DEBUG before its first #include. */
#ifdef DEBUG
#define pr_devel(fmt, ...)	printk(KERN_DEBUG pr_fmt(fmt), ##__VA_ARGS__)
#define pr_debug(fmt, ...)	printk(KERN_DEBUG pr_fmt(fmt), ##__VA_ARGS__)
#else
#define pr_devel(fmt, ...)	no_printk(KERN_DEBUG pr_fmt(fmt), ##__VA_ARGS__)
#define pr_debug(fmt, ...)	no_printk(KERN_DEBUG pr_fmt(fmt), ##__VA_ARGS__)
#endif

/* The first time only. */
#define printk_once(fmt, ...)		DO_ONCE_LITE(_printk, fmt, ##__VA_ARGS__)
#define printk_deferred_once(fmt, ...)	DO_ONCE_LITE(_printk, fmt, ##__VA_ARGS__)
#define pr_emerg_once(fmt, ...)		printk_once(KERN_EMERG pr_fmt(fmt), ##__VA_ARGS__)
#define pr_alert_once(fmt, ...)		printk_once(KERN_ALERT pr_fmt(fmt), ##__VA_ARGS__)
#define pr_crit_once(fmt, ...)		printk_once(KERN_CRIT pr_fmt(fmt), ##__VA_ARGS__)
#define pr_err_once(fmt, ...)		printk_once(KERN_ERR pr_fmt(fmt), ##__VA_ARGS__)
#define pr_warn_once(fmt, ...)		printk_once(KERN_WARNING pr_fmt(fmt), ##__VA_ARGS__)
#define pr_notice_once(fmt, ...)	printk_once(KERN_NOTICE pr_fmt(fmt), ##__VA_ARGS__)
#define pr_info_once(fmt, ...)		printk_once(KERN_INFO pr_fmt(fmt), ##__VA_ARGS__)

/* At most ten times in five seconds from this line (<linux/ratelimit.h>). */
#define printk_ratelimited(fmt, ...)							\
	({										\
		static DEFINE_RATELIMIT_STATE(_rs, DEFAULT_RATELIMIT_INTERVAL,		\
					      DEFAULT_RATELIMIT_BURST);			\
		if (__ratelimit(&_rs))							\
			printk(fmt, ##__VA_ARGS__);					\
	})
#define pr_emerg_ratelimited(fmt, ...)	printk_ratelimited(KERN_EMERG pr_fmt(fmt), ##__VA_ARGS__)
#define pr_alert_ratelimited(fmt, ...)	printk_ratelimited(KERN_ALERT pr_fmt(fmt), ##__VA_ARGS__)
#define pr_crit_ratelimited(fmt, ...)	printk_ratelimited(KERN_CRIT pr_fmt(fmt), ##__VA_ARGS__)
#define pr_err_ratelimited(fmt, ...)	printk_ratelimited(KERN_ERR pr_fmt(fmt), ##__VA_ARGS__)
#define pr_warn_ratelimited(fmt, ...)	printk_ratelimited(KERN_WARNING pr_fmt(fmt), ##__VA_ARGS__)
#define pr_notice_ratelimited(fmt, ...)	printk_ratelimited(KERN_NOTICE pr_fmt(fmt), ##__VA_ARGS__)
#define pr_info_ratelimited(fmt, ...)	printk_ratelimited(KERN_INFO pr_fmt(fmt), ##__VA_ARGS__)

#ifdef DEBUG
#define pr_devel_once(fmt, ...)		printk_once(KERN_DEBUG pr_fmt(fmt), ##__VA_ARGS__)
#define pr_debug_once(fmt, ...)		printk_once(KERN_DEBUG pr_fmt(fmt), ##__VA_ARGS__)
#define pr_devel_ratelimited(fmt, ...)	printk_ratelimited(KERN_DEBUG pr_fmt(fmt), ##__VA_ARGS__)
#define pr_debug_ratelimited(fmt, ...)	printk_ratelimited(KERN_DEBUG pr_fmt(fmt), ##__VA_ARGS__)
#else
#define pr_devel_once(fmt, ...)		no_printk(KERN_DEBUG pr_fmt(fmt), ##__VA_ARGS__)
#define pr_debug_once(fmt, ...)		no_printk(KERN_DEBUG pr_fmt(fmt), ##__VA_ARGS__)
#define pr_devel_ratelimited(fmt, ...)	no_printk(KERN_DEBUG pr_fmt(fmt), ##__VA_ARGS__)
#define pr_debug_ratelimited(fmt, ...)	no_printk(KERN_DEBUG pr_fmt(fmt), ##__VA_ARGS__)
#endif

/* The old, one-for-all rate limit: `if (printk_ratelimit()) printk(...)`. */
extern struct ratelimit_state printk_ratelimit_state;
#define printk_ratelimit()	___ratelimit(&printk_ratelimit_state, __func__)

/* The level of a message that begins with one, or 0 (the byte). Context: any. */
static inline int printk_get_level(const char *s)
{
	if (s[0] != KERN_SOH_ASCII || !s[1])
		return 0;
	return (s[1] >= '0' && s[1] <= '7') || s[1] == 'c' ? s[1] : 0;
}

static inline const char *printk_skip_level(const char *s)
{
	return printk_get_level(s) ? s + 2 : s;
}

static inline const char *printk_skip_headers(const char *s)
{
	while (printk_get_level(s))
		s = printk_skip_level(s);
	return s;
}

/*
 * Give the log its clock (nanoseconds since boot, callable from any context). Until then every stamp is 0.
 * The clock is a floor above, so it comes as a pointer. Context: boot, one CPU.
 */
void printk_set_clock(u64 (*clock_ns)(void));

/* What that clock says now, 0 before there is one. Context: any. */
u64 printk_clock(void);

/* Bytes as text, for memory that has to be looked at. The prefix is nothing, the address or the offset. */
enum {
	DUMP_PREFIX_NONE,
	DUMP_PREFIX_ADDRESS,
	DUMP_PREFIX_OFFSET,
};

/*
 * One line of a dump: up to rowsize (16 or 32) bytes in groups of 1, 2, 4 or 8, then, if ascii, the characters.
 * Context: any. Return: the bytes that the whole line needs without its NUL, as snprintf. Semantics: Linux's.
 */
int hex_dump_to_buffer(const void *buf, size_t len, int rowsize, int groupsize, char *linebuf, size_t linebuflen,
		       bool ascii);

/* The whole of buf to the log, a message per line. Context: any. Semantics: Linux's print_hex_dump(). */
void print_hex_dump(const char *level, const char *prefix_str, int prefix_type, int rowsize, int groupsize,
		    const void *buf, size_t len, bool ascii);

/* The same at KERN_DEBUG, 16 bytes a line, with characters: seen by dmesg, not on the console. */
void print_hex_dump_bytes(const char *prefix_str, int prefix_type, const void *buf, size_t len);
#ifdef DEBUG
#define print_hex_dump_debug(prefix, type, row, group, buf, len, ascii) \
	print_hex_dump(KERN_DEBUG, prefix, type, row, group, buf, len, ascii)
#else
#define print_hex_dump_debug(prefix, type, row, group, buf, len, ascii) \
	do { if (0) print_hex_dump(KERN_DEBUG, prefix, type, row, group, buf, len, ascii); } while (0)
#endif

/* The stack of the current thread, as a backtrace (arch/x86/stacktrace.c). Context: any. */
void dump_stack(void);
