/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Tracepoints: places in the kernel that can be watched. Each is one block in a header of <trace/events/>:
 *
 *	TRACEPOINT(sched, sched_migrate_task, (struct task_struct *p, int dest_cpu), (p, dest_cpu),
 *		   "comm=%s pid=%d prio=%d orig_cpu=%d dest_cpu=%d",
 *		   _comm(p->comm), _pid(p->pid), _int(p->prio), _int(task_cpu(p)), _int(dest_cpu))
 *
 * It reads: group and name; what the place hands over; how the line is printed; and what is recorded of it, one field
 * for each % of the format, in its order. The code says trace_sched_migrate_task(p, cpu). Switched off, which is the
 * rule, that is two instructions: is the event on? no. docs/tracing.md shows how to switch it on and read it.
 *
 * Names, fields and formats are Linux 6.1's. Differs from Linux: TRACEPOINT() is not TRACE_EVENT(): the format
 * describes the record, too, and there are no probes to register, no triggers and no histograms.
 *
 * One .c file of kernel/trace/ for each header says CREATE_TRACE_POINTS and has the code that records.
 */
#include <linux/compiler.h>
#include <linux/types.h>

/* One kind of event. They are an array, sorted by group and name; a record has the index. */
struct trace_event {
	bool		on;		/* is it being recorded? kernel/trace/control.c writes */
	bool		wanted;		/* ... when tracing is on */
	const char	*group;
	const char	*name;
	const char	*format;
};

extern struct trace_event __trace_events_start[], __trace_events_end[];
#define for_each_trace_event(e) for (e = __trace_events_start; e < __trace_events_end; e++)

/* ---- recording: used by what TRACEPOINT() makes, on the stack, between trace_begin() and trace_end() */

#define TRACE_WORDS	11

struct trace_slot;
struct trace_writer {
	struct trace_slot *slot;
	u64 *words;
	u64 number;
	unsigned int n;		/* words filled */
	pid_t filter;		/* as it was when we began */
	bool wanted;		/* by the filter */
};

/*
 * Draw a place in this CPU's ring. False: nothing is to be recorded. After true comes trace_end(), on the same CPU:
 * preemption is off in between. Context: any, NMI included; they nest.
 */
bool trace_begin(struct trace_writer *w, const struct trace_event *event);
void trace_end(struct trace_writer *w);

void trace_pid(struct trace_writer *w, pid_t pid);
void trace_string(struct trace_writer *w, const char *s);

static __always_inline void trace_word(struct trace_writer *w, u64 value)
{
	w->words[w->n++] = value;
}

/* A text takes as many words as it needs with the zero behind it: a thread's name one or two. */
static __always_inline void trace_comm(struct trace_writer *w, const char *comm)
{
	u64 *to = &w->words[w->n];

	__builtin_memcpy(to, comm, 16);
	w->n += (to[0] - 0x0101010101010101) & ~to[0] & 0x8080808080808080 ? 1 : 2;
}

/* The fields: a number of any size, an address, a thread's name and number, a short text. */
#define _int(x)		trace_word(&_w, (u64)(x))
#define _ptr(x)		trace_word(&_w, (unsigned long)(x))
#define _comm(x)	trace_comm(&_w, x)
#define _pid(x)		trace_pid(&_w, x)
#define _str(x)		trace_string(&_w, x)

#ifdef CREATE_TRACE_POINTS
#define TRACEPOINT_CODE(_group, _name, _proto, _format, ...)					\
	struct trace_event trace_event_##_name __used						\
		__section(".trace_events." #_group "." #_name) __aligned(8) = {			\
		.group = #_group, .name = #_name, .format = _format };				\
	noinline void __trace_##_name _proto							\
	{											\
		struct trace_writer _w;								\
		if (!trace_begin(&_w, &trace_event_##_name))					\
			return;									\
		__VA_ARGS__;									\
		trace_end(&_w);									\
	}
#else
#define TRACEPOINT_CODE(_group, _name, _proto, _format, ...)
#endif

#define TRACEPOINT(_group, _name, _proto, _args, _format, ...)					\
	extern struct trace_event trace_event_##_name;						\
	void __trace_##_name _proto;								\
	static __always_inline bool trace_##_name##_enabled(void)				\
	{											\
		return unlikely(READ_ONCE(trace_event_##_name.on));				\
	}											\
	static __always_inline void trace_##_name _proto					\
	{											\
		if (trace_##_name##_enabled())							\
			__trace_##_name _args;							\
	}											\
	TRACEPOINT_CODE(_group, _name, _proto, _format, __VA_ARGS__)
