/* SPDX-License-Identifier: MIT */
#pragma once
/* Somebody has to wait for a lock: from begin to end. One that is free makes no event. */
#include <linux/tracepoint.h>

#define LCB_F_SPIN	(1U << 0)	/* waiting, the CPU is kept */
#define LCB_F_READ	(1U << 1)
#define LCB_F_WRITE	(1U << 2)
#define LCB_F_RT	(1U << 3)
#define LCB_F_PERCPU	(1U << 4)
#define LCB_F_MUTEX	(1U << 5)

/* "SPIN|READ"; nothing for a semaphore. */
const char *trace_lock_flags(unsigned int flags);

/* A mutex may begin twice: first it spins, then it sleeps. There is one end; ret: 0, or why it was not taken. */
TRACEPOINT(lock, contention_begin, (const void *lock, unsigned int flags), (lock, flags), "%p (flags=%s)",
	   _ptr(lock), _str(trace_lock_flags(flags)))
TRACEPOINT(lock, contention_end, (const void *lock, int ret), (lock, ret), "%p (ret=%d)", _ptr(lock), _int(ret))
