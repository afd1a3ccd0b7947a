/* SPDX-License-Identifier: MIT */
/* The events of kthreads and their workers: what each records stands in the header. */
#define CREATE_TRACE_POINTS
#include <trace/events/kthread.h>
