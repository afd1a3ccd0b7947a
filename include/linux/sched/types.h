/* SPDX-License-Identifier: MIT */
#pragma once
/* Policies, priorities and nice values, with Linux's numbers. */

#include <linux/types.h>
#include <uapi/linux/sched/types.h>

#define SCHED_NORMAL	0
#define SCHED_FIFO	1
#define SCHED_RR	2
#define SCHED_BATCH	3
#define SCHED_IDLE	5
#define SCHED_RESET_ON_FORK	0x40000000

/* Everything about a policy, for sched_setattr(). Differs from Linux: no SCHED_DEADLINE, so what is about it, and the
 * utilisation clamps, must be 0; of the flags only RESET_ON_FORK and KEEP_* are known. */
struct sched_attr {
	u32 size;
	u32 sched_policy;
	u64 sched_flags;
	s32 sched_nice;		/* NORMAL, BATCH */
	u32 sched_priority;	/* FIFO, RR */
	u64 sched_runtime, sched_deadline, sched_period;
	u32 sched_util_min, sched_util_max;
};
#define SCHED_FLAG_RESET_ON_FORK	0x01
#define SCHED_FLAG_KEEP_POLICY		0x08
#define SCHED_FLAG_KEEP_PARAMS		0x10

/* Internal priorities: 0..99 real time (99 - rt_priority), 100..139 fair (120 + nice), 140 idle; lower is better. */
#define MAX_NICE	19
#define MIN_NICE	-20
#define NICE_WIDTH	(MAX_NICE - MIN_NICE + 1)
#define MAX_RT_PRIO	100
#define MAX_PRIO	(MAX_RT_PRIO + NICE_WIDTH)
#define DEFAULT_PRIO	(MAX_RT_PRIO + NICE_WIDTH / 2)
#define NICE_TO_PRIO(nice)	((nice) + DEFAULT_PRIO)
#define PRIO_TO_NICE(prio)	((prio) - DEFAULT_PRIO)

/* Clone flags, by the names that callers of kernel_thread() pass. Differs from Linux: without user space only the last
 * byte (the signal that tells the parent of the exit) and CLONE_PARENT change anything; the others are accepted. */
#define CSIGNAL		0x000000ff
#define CLONE_VM	0x00000100
#define CLONE_FS	0x00000200
#define CLONE_FILES	0x00000400
#define CLONE_SIGHAND	0x00000800
#define CLONE_PTRACE	0x00002000
#define CLONE_VFORK	0x00004000
#define CLONE_PARENT	0x00008000
#define CLONE_THREAD	0x00010000
#define CLONE_KERNEL	(CLONE_FS | CLONE_FILES | CLONE_SIGHAND)
#define CLONE_UNTRACED	0x00800000
