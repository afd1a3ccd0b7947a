/* SPDX-License-Identifier: MIT */
/*
 * Events that are texts: trace_printk(), and what printk() prints; and the switch of the whole trace.
 *
 * trace_printk() is printk() for places where printk() would take too long, or print too much: it costs a vsnprintf()
 * and no console. Unlike the events it needs not be chosen. If tracing was never switched on there is no ring to write
 * to, and nobody to allocate one, for it may be called from anywhere; so it says so, once.
 *
 * Read next: ring.c.
 */
#include "trace.h"
#include <linux/export.h>
#include <linux/ftrace.h>
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/string.h>
#include <trace/events/printk.h>
#include <asm/percpu.h>

/* No format: a record is an address and a text. */
#define TEXT_EVENT(_group, _name, ...)								\
	struct trace_event trace_event_##_name __used __aligned(8)				\
		__section(".trace_events." #_group "." #_name) = {				\
		.group = #_group, .name = #_name, .format = "", ##__VA_ARGS__ }
TEXT_EVENT(printk, console);
static TEXT_EVENT(ftrace, print, .on = true, .wanted = true);

void __trace_console(const char *text, size_t len)
{
	trace_text(&trace_event_console, 0, text, len);
}

int __trace_vprintk(unsigned long ip, const char *fmt, va_list args)
{
	char text[TRACE_PRINTK_MAX];
	int len;

	if (!READ_ONCE(trace_running)) {
		if (!this_cpu_ptr(&trace_ring)->slots)
			pr_warn_once("trace_printk() in %ps, but there is no trace: `trace on` comes first, or "
				     "trace=on on the command line\n", (void *)ip);
		return 0;
	}
	len = vscnprintf(text, sizeof(text), fmt, args);
	trace_text(&trace_event_print, ip, text, len);
	return len;
}
EXPORT_SYMBOL_GPL(__trace_vprintk);

int __trace_printk(unsigned long ip, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = __trace_vprintk(ip, fmt, args);
	va_end(args);
	return len;
}
EXPORT_SYMBOL_GPL(__trace_printk);

int __trace_puts(unsigned long ip, const char *str, int size)
{
	return __trace_printk(ip, "%.*s", size, str);
}
EXPORT_SYMBOL_GPL(__trace_puts);

/* ---- the switch ---- */

/* What is wanted is on while tracing is. */
void trace_apply(void)
{
	bool on = READ_ONCE(trace_running);
	struct trace_event *e;

	for_each_trace_event(e)
		WRITE_ONCE(e->on, on && e->wanted);
}

void tracing_on(void)
{
	WRITE_ONCE(trace_running, this_cpu_ptr(&trace_ring)->slots != NULL);
	trace_apply();
}
EXPORT_SYMBOL_GPL(tracing_on);

void tracing_off(void)
{
	WRITE_ONCE(trace_running, false);
	trace_apply();
}
EXPORT_SYMBOL_GPL(tracing_off);

int tracing_is_on(void)
{
	return READ_ONCE(trace_running);
}
EXPORT_SYMBOL_GPL(tracing_is_on);

/* ---- the last events, when the machine dies ---- */

#define DUMP_LINES	40

void ftrace_dump(enum ftrace_dump_mode mode)
{
	static struct trace_iter it;
	static bool dumping;
	struct trace_count count;
	u64 skip;

	tracing_off();
	trace_count(-1, &count);
	if (mode == DUMP_NONE || !count.kept || xchg(&dumping, true))
		return;
	skip = count.kept > DUMP_LINES ? count.kept - DUMP_LINES : 0;
	pr_emerg("Dumping ftrace buffer:\n");
	pr_emerg("---------------------------------\n");
	trace_iter_begin(&it);
	while (trace_iter_next(&it)) {
		if (skip) {
			skip--;
			continue;
		}
		trace_format(&it, 6);
		pr_emerg("%s", it.line);
	}
	pr_emerg("---------------------------------\n");
	WRITE_ONCE(dumping, false);
}
EXPORT_SYMBOL_GPL(ftrace_dump);
