/* SPDX-License-Identifier: MIT */
#pragma once
/* What printk() prints, among the events. Its text is cut at some thousand bytes. */
#include <linux/tracepoint.h>

extern struct trace_event trace_event_console;
void __trace_console(const char *text, size_t len);

static __always_inline void trace_console(const char *text, size_t len)
{
	if (unlikely(READ_ONCE(trace_event_console.on)))
		__trace_console(text, len);
}
