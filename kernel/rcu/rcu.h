/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Private to kernel/rcu/: grace periods by number, and who asks for them.
 *
 * rcu_gp_seq counts beginnings and ends: odd, a grace period is going on; even, none is. Only the thread rcu_sched
 * changes it. A "cookie" is the even number that it must have reached before what was removed just now may be freed.
 */
#include <linux/types.h>
#include <linux/atomic.h>
#include <linux/rcupdate.h>
#include <linux/rcutree.h>

#define ULONG_CMP_GE(a, b)	((long)((a) - (b)) >= 0)
#define ULONG_CMP_LT(a, b)	((long)((a) - (b)) < 0)

/* quiet.c */
extern unsigned long rcu_gp_seq;		/* rcu_sched; ORDER(rcu-seq) */
extern unsigned long rcu_gp_wanted;		/* the highest cookie asked for; forward only */
extern struct task_struct *rcu_gp_thread;	/* NULL until it is there */

/* The cookie of now. Context: any. */
unsigned long rcu_seq_cookie(void);
/* Has it been reached? True: all that readers did who were there when it was made happened before. */
bool rcu_seq_reached(unsigned long cookie);
/* See to it that it will be. Context: any but NMI, no scheduler lock held. */
void rcu_request(unsigned long cookie);

/* The three steps of rcu_sched: mark every CPU, wait until this is true, and number the end. */
void rcu_gp_begin(void);
bool rcu_gp_is_over(void);
void rcu_gp_finish(void);
/* Interrupt the CPUs that are still in the way. Context: thread. */
void rcu_gp_hurry(void);

/* callbacks.c: every CPU whose callbacks the last grace period has freed shall run them. Context: thread. */
void rcu_callbacks_ready(void);
/* call_rcu() without questions: func may be the offset of a kfree_rcu(). Context: as call_rcu(). */
void rcu_queue(struct rcu_head *head, rcu_callback_t func);
/* What kfree_rcu() was given came from vmalloc(): rcu_sched frees it. Context: any; thread. */
bool rcu_vfree_pending(void);
void rcu_vfree_now(void);
/* If anything is pending on that CPU, queue func(head) behind it. Return: was there? Context: thread. */
bool rcu_barrier_on(unsigned int cpu, struct rcu_head *head, rcu_callback_t func);
/* The callbacks of a CPU that is offline become this CPU's. Context: thread. */
void rcu_migrate_callbacks(unsigned int cpu);

/* stall.c: say who holds up the grace period that has been going on for so many jiffies. Context: thread. */
void rcu_report_stall(unsigned long since);
extern unsigned long rcu_stall_jiffies;
