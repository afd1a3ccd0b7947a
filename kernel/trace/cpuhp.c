/* SPDX-License-Identifier: MIT */
/* The events of CPU hotplug: what each records stands in the header. */
#define CREATE_TRACE_POINTS
#include <trace/events/cpuhp.h>
