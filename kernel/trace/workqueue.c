/* SPDX-License-Identifier: MIT */
/* The events of workqueues: what each records stands in the header. */
#define CREATE_TRACE_POINTS
#include <trace/events/workqueue.h>
