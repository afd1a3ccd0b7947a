/* SPDX-License-Identifier: MIT */
/* The scheduler's events: what each records stands in the header. */
#define CREATE_TRACE_POINTS
#include <trace/events/sched.h>

/* As ps, but for who did not want to leave the CPU. */
const char *trace_switch_state(bool preempt, unsigned int prev_state, unsigned int exit_state)
{
	static const char names[][2] = { "R", "S", "D", "T", "t", "X", "Z", "P", "I" };

	return preempt ? "R+" : names[__task_state_index(prev_state, exit_state)];
}
