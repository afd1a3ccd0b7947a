/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A module's own words in the trace: trace_printk(), and switching the trace. For printing, printk() of
 * <linux/printk.h> is simpler; for watching the kernel, `trace` in the shell (docs/tracing.md).
 * https://www.kernel.org/doc/html/v6.1/trace/ftrace.html
 */
#include <linux/compiler.h>
#include <linux/instruction_pointer.h>
#include <linux/stdarg.h>
#include <linux/types.h>

#define TRACE_PRINTK_MAX 256

/*
 * trace_printk - a line in the trace, with the name of the calling function in place of an event's. Cheap, no console.
 * Context: any, NMI included. Return: the text's length; 0 while tracing is off.
 * Differs from Linux: a text is cut at 255 bytes, not 1,023; and the trace must have been switched on.
 */
#define trace_printk(fmt, ...)	__trace_printk(_THIS_IP_, fmt, ##__VA_ARGS__)
#define trace_puts(str)		__trace_puts(_THIS_IP_, str, __builtin_strlen(str))
#define ftrace_vprintk(fmt, vargs) __trace_vprintk(_THIS_IP_, fmt, vargs)
__printf(2, 3) int __trace_printk(unsigned long ip, const char *fmt, ...);
int __trace_puts(unsigned long ip, const char *str, int size);
__printf(2, 0) int __trace_vprintk(unsigned long ip, const char *fmt, va_list args);

/*
 * tracing_on, tracing_off: go on, or stop, recording what was chosen. off just behind what you look for keeps the
 * ring from being overwritten. tracing_is_on: is it being recorded? Context: any.
 */
void tracing_on(void);
void tracing_off(void);
int tracing_is_on(void);

/*
 * ftrace_dump - stop tracing, and print the last events to the log, as a panic does. Context: any.
 * Differs from Linux: 40 lines; DUMP_ORIG is as DUMP_ALL.
 */
enum ftrace_dump_mode { DUMP_NONE, DUMP_ALL, DUMP_ORIG };
void ftrace_dump(enum ftrace_dump_mode mode);
