/* SPDX-License-Identifier: MIT */
/* The events of interrupt handlers and softirqs: what each records stands in the header. */
#define CREATE_TRACE_POINTS
#include <trace/events/irq.h>
