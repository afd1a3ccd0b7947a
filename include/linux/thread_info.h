/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The few words about a thread that low-level code reads: flag bits and the CPU it is on. First member of task_struct.
 * The flags are atomic bits: any CPU may set them.
 */
#include <linux/types.h>
#include <asm/bitops.h>

struct thread_info {
	unsigned long	flags;	/* TIF_*: atomic bit operations */
	u32		cpu;	/* the CPU whose run queue the thread is on, or was last */
};

#define TIF_NEED_RESCHED	3
#define TIF_SIGPENDING		2
#define TIF_NOTIFY_SIGNAL	17	/* no signal, but interruptible waits end as by one: kthread_stop() */
#define _TIF_NEED_RESCHED	(1UL << TIF_NEED_RESCHED)
#define _TIF_SIGPENDING		(1UL << TIF_SIGPENDING)
#define _TIF_NOTIFY_SIGNAL	(1UL << TIF_NOTIFY_SIGNAL)
