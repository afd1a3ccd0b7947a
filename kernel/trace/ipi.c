/* SPDX-License-Identifier: MIT */
/* The events of interrupts from CPU to CPU: what each records stands in the header. */
#define CREATE_TRACE_POINTS
#include <trace/events/ipi.h>
