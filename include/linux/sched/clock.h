/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The scheduler's clock: nanoseconds, cheap, and good from the first instruction (0 until timekeeping_init()).
 * For deadlines and for comparing times of different CPUs use ktime_get(), <linux/timekeeping.h>.
 *
 * Differs from Linux: both read the one TSC that ktime_get() reads, without its ordering fence, so a reading may be
 * taken a few instructions early; on one CPU it still never goes back.
 * Context: any, NMI too.
 */
#include <linux/types.h>

u64 sched_clock(void);

static inline u64 local_clock(void) { return sched_clock(); }
static inline u64 sched_clock_cpu(int cpu) { return sched_clock(); }
static inline u64 cpu_clock(int cpu) { return sched_clock(); }
static inline u64 running_clock(void) { return sched_clock(); }
