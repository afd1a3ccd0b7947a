/* SPDX-License-Identifier: MIT */
/*
 * Where a CPU's time went.
 *
 * The idle thread is charged for its time like any other (idle.c), so idle time is exact without a tick. Softirqs are
 * timed by softirq.c, those that interrupt the idle thread apart. All else is threads. What is read here is not one
 * moment, so parts may be off by a softirq that is just running; the whole is not.
 */
#include "sched.h"
#include <linux/interrupt.h>
#include <linux/kernel_stat.h>

void kcpustat_cpu_fetch(struct kernel_cpustat *dst, int cpu)
{
	struct rq *rq = cpu_rq(cpu);
	u64 up = READ_ONCE(rq->up_since), all, idle, soft, soft_idle;

	*dst = (struct kernel_cpustat){ .cpustat = { 0 } };
	if (!rq->idle || !up)
		return;
	soft_idle = softirq_time_of(cpu, true);
	soft = softirq_time_of(cpu, false) + soft_idle;
	idle = task_sched_runtime(rq->idle);
	all = sched_clock() - up;
	idle = min(idle, all);
	idle -= min(soft_idle, idle);
	soft = min(soft, all - idle);
	dst->cpustat[CPUTIME_IDLE] = idle;
	dst->cpustat[CPUTIME_SOFTIRQ] = soft;
	dst->cpustat[CPUTIME_SYSTEM] = all - idle - soft;
}
