/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Real-time threads: their priorities, the inheritance of these through rt_mutexes, and how much of a CPU they may
 * have. Setting a policy: <linux/sched.h>.
 */
#include <linux/sched.h>

static inline int rt_prio(int prio)
{
	return unlikely(prio < MAX_RT_PRIO);
}

/*
 * rt_mutex_setprio: from now on p runs with the priority of pi_task if that is better than its own; NULL: with its own.
 * Context: kernel/locking/rtmutex.c, under its lock. In kernel/sched/policy.c.
 */
void rt_mutex_setprio(struct task_struct *p, struct task_struct *pi_task);

/* The best thread that waits for p, or NULL. Context: any; the answer is of that moment, and not to be followed. */
static inline struct task_struct *rt_mutex_get_top_task(struct task_struct *p)
{
	return READ_ONCE(p->pi_top_task);
}

/* p's priority is borrowed. */
static inline bool tsk_is_pi_blocked(struct task_struct *p)
{
	return READ_ONCE(p->pi_blocked_on) != NULL;
}

#define RR_TIMESLICE		(100 * HZ / 1000)	/* ticks: what one of several equal RR threads gets in turn */

/*
 * All real-time threads together get sched_rt_runtime microseconds of a CPU in every sched_rt_period; for the rest it
 * runs ordinary threads, or nothing. -1: no limit. In Linux these are the files /proc/sys/kernel/sched_rt_*_us.
 */
#define RT_PERIOD_DEFAULT	1000000
#define RT_RUNTIME_DEFAULT	950000
extern unsigned int sysctl_sched_rt_period;
extern int sysctl_sched_rt_runtime;
/* The log has said that a thread hit the limit, and will not say it again. For tests. */
extern bool sched_rt_limit_told;
