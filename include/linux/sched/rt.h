/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Real-time priorities, and their inheritance through rt_mutexes. Setting a policy: <linux/sched.h>.
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
