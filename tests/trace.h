/* SPDX-License-Identifier: MIT */
#pragma once
/* For the tests of the trace: it is switched on for one claim, and leaves no memory behind. */
#include "test.h"
#include "../kernel/trace/trace.h"
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/ftrace.h>
#include <linux/kthread.h>
#include <linux/sched/task.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/upcall.h>

static struct trace_iter the_iter __maybe_unused;
static struct trace_iter *const it __maybe_unused = &the_iter;

static inline struct trace_event *trace_event_of(const char *name)
{
	struct trace_event *e;

	for_each_trace_event(e)
		if (!strcmp(e->name, name))
			return e;
	BUG();
}

/* Rings of `bytes` each, which record what matches; texts always. */
static inline const char *trace_test_begin(unsigned long bytes, const char *events)
{
	EXPECT_EQ(trace_set_size(bytes), 0);
	EXPECT_EQ(trace_want("all", false), 0);
	EXPECT_EQ(trace_want(events, true), 0);
	if (strcmp(events, "sched_stat_runtime"))
		trace_want("sched_stat_runtime", false);	/* many: only for who asks for them */
	EXPECT_EQ(trace_start(), 0);
	EXPECT(tracing_is_on());
	return NULL;
}

static inline void trace_test_end(void)
{
	trace_set_size(0);
	trace_want_default();
}
