/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Private to kernel/trace/: the rings in memory, and reading them. tools/gdb/bobbin/trace.py knows these structs.
 */
#include <linux/tracepoint.h>
#include <linux/atomic.h>
#include <linux/percpu-defs.h>
#include <linux/threads.h>

/* trace_slot.flags, with Linux's values. */
enum {
	TRACE_FLAG_IRQS_OFF		= 0x01,
	TRACE_FLAG_NEED_RESCHED		= 0x04,
	TRACE_FLAG_HARDIRQ		= 0x08,
	TRACE_FLAG_SOFTIRQ		= 0x10,
	TRACE_FLAG_PREEMPT_RESCHED	= 0x20,
	TRACE_FLAG_NMI			= 0x40,
	TRACE_FLAG_BH_OFF		= 0x80,
};

/* trace_slot.event, where it is no index: the slot before goes on, words are text. */
#define TRACE_TEXT	0xffff

/* Marks in trace_slot.state, under the number. With one of them it holds no record. */
#define SLOT_WRITING	1
#define SLOT_NOTHING	2	/* drawn, then not wanted: its number may be drawn once more */
#define SLOT_SHIFT	2

struct trace_slot {
	atomic64_t	state;		/* ORDER(trace-slot): number << SLOT_SHIFT, and marks */
	u64		time;		/* ns */
	char		comm[16];	/* whose: the thread that ran */
	pid_t		pid;
	u16		event;
	u8		flags;
	u8		preempt;	/* preemption disabled so many times */
	u64		words[TRACE_WORDS];
};

/* One CPU's ring. Numbers begin with 1; number n is slot n & mask. */
struct trace_ring {
	struct trace_slot *slots;	/* ORDER(trace-ring): NULL, there is none */
	u64		mask;		/* constant while there are slots */
	u64		head;		/* self: the last number drawn */
	u64		texts;		/* self: so many of them are no events of their own */
	u64		dropped;	/* self: events that found their slot still being written */
	u64		cleared;	/* the newest record and texts when they were cleared last, by readers */
	u64		cleared_texts;
};
DECLARE_PER_CPU(struct trace_ring, trace_ring);

/* ring.c. The filter: these CPUs; this thread, unless 0. Plain stores, looked at by each event. */
struct cpumask;
extern bool trace_running;
extern pid_t trace_filter_pid;
extern struct cpumask trace_filter_cpus;

/* A text of any length, cut at TRACE_TEXT_MAX, as `event`, with `ip` in front of it. Context: any. */
#define TRACE_TEXT_SLOTS	12
#define TRACE_TEXT_MAX		((TRACE_TEXT_SLOTS * TRACE_WORDS - 1) * 8 - 1)
void trace_apply(void);	/* text.c: after a change of what is wanted */
void trace_text(const struct trace_event *event, unsigned long ip, const char *text, size_t len);

/* Copies number n of that CPU. False: it is gone, or is being written. Context: any. */
bool trace_read(int cpu, u64 n, struct trace_slot *copy);

/* Why trace_read() failed: it is not gone, its writer is at it. newest: among the last drawn. Context: RCU reader. */
bool trace_being_written(int cpu, u64 n, bool newest);

/*
 * output.c: all rings, merged by time, up to what was written at trace_iter_begin(). Writers may go on; what they
 * overwrite before it is read counts as lost. One is 12 KiB: none on a stack.
 */
struct trace_iter {
	/* The event that trace_iter_next() found. */
	const struct trace_slot *slot;
	int		cpu;
	u64		lost;		/* events of this CPU between the one before and this one */

	u64		next[NR_CPUS];	/* the number behind heads[cpu] */
	u64		end[NR_CPUS];	/* 0: this CPU has no more */
	u64		gone[NR_CPUS];	/* lost, not yet told */
	struct trace_slot heads[NR_CPUS];
	struct trace_slot found;
	char		text[TRACE_TEXT_MAX + 2];
	char		line[TRACE_TEXT_MAX + 160];
};
void trace_iter_begin(struct trace_iter *it);
bool trace_iter_next(struct trace_iter *it);

/* Lines into it->line. digits: 6 or 9 behind the second. Return: the line's length. */
size_t trace_format(struct trace_iter *it, unsigned int digits);
size_t trace_format_lost(struct trace_iter *it);

/* How many events there are, and were written since the last clear; on all CPUs (-1) or one. */
struct trace_count {
	u64 kept, written, dropped, oldest;	/* oldest: its time in ns */
};
void trace_count(int cpu, struct trace_count *count);

/* Prints the head of the text, line by line, by `print`. */
void trace_format_head(char *buf, size_t size);

/* control.c: they return 0 or a negative errno. Context: thread. */
int trace_start(void);
void trace_clear(void);
int trace_set_size(unsigned long bytes);	/* of each CPU's ring; 0: none */
unsigned long trace_size(void);
int trace_want(const char *pattern, bool wanted);	/* -ENOENT: no event is called so */
void trace_want_default(void);
bool trace_is_event(const char *pattern);

/* dump.c: the trace as text into pages that the host finds. Return: 0, -ENOMEM. Context: thread. _free: no more. */
int trace_dump(u64 *lines);
void trace_dump_free(void);
