/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What the CPUs have done since they are up, in ns: /proc/stat, top.
 * Differs from Linux: all is counted as it happens, to the ns; what threads use is SYSTEM, as there is no user space;
 * hard interrupts count for whom they interrupt, and nobody waits for I/O.
 */
#include <linux/types.h>

enum cpu_usage_stat {
	CPUTIME_USER, CPUTIME_NICE, CPUTIME_SYSTEM, CPUTIME_SOFTIRQ, CPUTIME_IRQ, CPUTIME_IDLE, CPUTIME_IOWAIT,
	CPUTIME_STEAL, CPUTIME_GUEST, CPUTIME_GUEST_NICE, NR_STATS,
};

struct kernel_cpustat {
	u64 cpustat[NR_STATS];
};

/* kcpustat_cpu_fetch: as of now; zeros for a CPU that never was up. A softirq that is just running counts for whom it
 * interrupts until it ends. Context: any but NMI. */
void kcpustat_cpu_fetch(struct kernel_cpustat *dst, int cpu);
unsigned long long nr_context_switches(void);
