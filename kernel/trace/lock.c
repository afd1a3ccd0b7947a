/* SPDX-License-Identifier: MIT */
/* The events of locks: what each records stands in the header. */
#define CREATE_TRACE_POINTS
#include <trace/events/lock.h>

const char *trace_lock_flags(unsigned int flags)
{
	switch (flags) {
	case LCB_F_SPIN:			return "SPIN";
	case LCB_F_SPIN | LCB_F_READ:		return "SPIN|READ";
	case LCB_F_SPIN | LCB_F_WRITE:		return "SPIN|WRITE";
	case LCB_F_SPIN | LCB_F_MUTEX:		return "SPIN|MUTEX";
	case LCB_F_MUTEX:			return "MUTEX";
	case LCB_F_READ:			return "READ";
	case LCB_F_WRITE:			return "WRITE";
	case LCB_F_RT:				return "RT";
	case LCB_F_READ | LCB_F_PERCPU:		return "READ|PERCPU";
	case LCB_F_WRITE | LCB_F_PERCPU:	return "WRITE|PERCPU";
	}
	return "";
}
