/* SPDX-License-Identifier: MIT */
/*
 * Grace periods: the thread rcu_sched, which makes one after the other while somebody wants one, and those who wait.
 *
 *	synchronize_rcu(), call_rcu()		rcu_sched
 *	-----------------------------		---------
 *	cookie = the number to wait for		sleep until rcu_gp_wanted is ahead of rcu_gp_seq
 *	rcu_gp_wanted = cookie, wake   ----->	begin: odd number, mark the CPUs (quiet.c)
 *	sleep					sleep until the last CPU has reported; tell of a stall
 *						finish: even number
 *	number reached? go on	       <-----	wake all who wait, move all callbacks on
 *
 * Any number of callers share a grace period. As each costs every busy CPU something, there is one a tick at most,
 * unless somebody waits for an expedited one: requests that come within the tick are taken together.
 *
 * Before rcu_sched runs there is one thread, PID 1, which is no reader: then there is nothing to wait for.
 *
 * rcu_barrier() queues a callback of its own behind those of each CPU that has any, and waits for all of these. A CPU's
 * callbacks may move to another CPU when theirs goes (rcutree_dead_cpu()); migrate_lock keeps that from
 * happening behind the back of who goes through the CPUs.
 *
 * Next: stall.c.
 */
#include "rcu.h"
#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <linux/wait.h>

static DECLARE_WAIT_QUEUE_HEAD(gp_waiters);
static unsigned long hurry_wanted;	/* as rcu_gp_wanted: up to this one they are expedited */

/* ---- rcu_sched ---- */

static bool in_a_hurry(void)
{
	return ULONG_CMP_LT(rcu_gp_seq, READ_ONCE(hurry_wanted));
}

static bool something_to_do(void)
{
	return ULONG_CMP_LT(rcu_gp_seq, READ_ONCE(rcu_gp_wanted)) || rcu_vfree_pending();
}

static void sleep_until_wanted(void)
{
	for (;;) {
		/* ORDER(sleep-wake): the state before the look. */
		set_current_state(TASK_IDLE);
		if (something_to_do())
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
}

/* Let requests gather until the tick is over. */
static void gather_requests(unsigned long last_end)
{
	while (jiffies == last_end) {
		/* ORDER(sleep-wake): the state before the look. */
		set_current_state(TASK_IDLE);
		if (in_a_hurry())
			break;
		schedule_timeout(1);
	}
	__set_current_state(TASK_RUNNING);
}

/* Sleep until the last CPU has reported, or the time is up. Return: is it over? */
static bool sleep_until_over(long timeout)
{
	bool over, hurried = false;

	for (;;) {
		/* ORDER(sleep-wake): the state before the look. */
		set_current_state(TASK_IDLE);
		over = rcu_gp_is_over();
		if (over || !timeout)
			break;
		if (in_a_hurry() && !hurried) {
			__set_current_state(TASK_RUNNING);
			rcu_gp_hurry();
			hurried = true;
			continue;
		}
		timeout = schedule_timeout(timeout);
	}
	__set_current_state(TASK_RUNNING);
	return over;
}

static void one_grace_period(void)
{
	unsigned long start = jiffies;

	rcu_gp_begin();
	while (!sleep_until_over(rcu_stall_jiffies))
		rcu_report_stall(start);
	rcu_gp_finish();
	wake_up_all(&gp_waiters);
	rcu_callbacks_ready();
}

static int rcu_sched(void *unused)
{
	unsigned long last_end = jiffies - 1;

	for (;;) {
		sleep_until_wanted();
		rcu_vfree_now();
		if (!ULONG_CMP_LT(rcu_gp_seq, READ_ONCE(rcu_gp_wanted)))
			continue;
		gather_requests(last_end);
		one_grace_period();
		last_end = jiffies;
	}
	return 0;
}

static int __init rcu_spawn_gp_kthread(void)
{
	struct task_struct *p = kthread_create(rcu_sched, NULL, "rcu_sched");

	if (IS_ERR(p))
		panic("no memory for the thread rcu_sched (%pe)", p);
	WRITE_ONCE(rcu_gp_thread, p);
	wake_up_process(p);
	return 0;
}
early_initcall(rcu_spawn_gp_kthread);

/* ---- waiting ---- */

static void wait_for(unsigned long cookie)
{
	might_sleep();
	if (!READ_ONCE(rcu_gp_thread))
		return;
	rcu_request(cookie);
	/* ORDER(rcu-seq): rcu_seq_reached() orders what follows behind the grace period. */
	wait_event(gp_waiters, rcu_seq_reached(cookie));
}

void synchronize_rcu(void)
{
	wait_for(rcu_seq_cookie());
}
EXPORT_SYMBOL(synchronize_rcu);

void synchronize_rcu_expedited(void)
{
	unsigned long cookie = rcu_seq_cookie(), old = READ_ONCE(hurry_wanted);

	while (ULONG_CMP_LT(old, cookie) && !try_cmpxchg(&hurry_wanted, &old, cookie))
		;
	if (READ_ONCE(rcu_gp_thread))
		wake_up_process(rcu_gp_thread);
	wait_for(cookie);
}
EXPORT_SYMBOL(synchronize_rcu_expedited);

unsigned long get_state_synchronize_rcu(void)
{
	return rcu_seq_cookie();
}
EXPORT_SYMBOL(get_state_synchronize_rcu);

unsigned long start_poll_synchronize_rcu(void)
{
	unsigned long cookie = rcu_seq_cookie();

	rcu_request(cookie);
	return cookie;
}
EXPORT_SYMBOL(start_poll_synchronize_rcu);

bool poll_state_synchronize_rcu(unsigned long oldstate)
{
	return rcu_seq_reached(oldstate);
}
EXPORT_SYMBOL(poll_state_synchronize_rcu);

void cond_synchronize_rcu(unsigned long oldstate)
{
	if (!rcu_seq_reached(oldstate))
		wait_for(oldstate);
}
EXPORT_SYMBOL(cond_synchronize_rcu);

/* ---- kfree_rcu() ---- */

/* What kfree_rcu(ptr) makes when ptr has no rcu_head. */
struct rcu_parcel {
	struct rcu_head rcu;
	void		*ptr;
};

static void free_parcel(struct rcu_head *head)
{
	struct rcu_parcel *parcel = container_of(head, struct rcu_parcel, rcu);

	kfree(parcel->ptr);
	kfree(parcel);
}

void kvfree_call_rcu(struct rcu_head *head, void *ptr)
{
	struct rcu_parcel *parcel = NULL;

	if (head) {
		rcu_queue(head, (rcu_callback_t)((void *)head - ptr));
		return;
	}
	might_sleep();
	if (!is_vmalloc_addr(ptr))
		parcel = kmalloc(sizeof(*parcel), GFP_KERNEL | __GFP_NOWARN);
	if (parcel) {
		parcel->ptr = ptr;
		rcu_queue(&parcel->rcu, free_parcel);
		return;
	}
	synchronize_rcu();
	kvfree(ptr);
}
EXPORT_SYMBOL(kvfree_call_rcu);

/* ---- rcu_barrier ---- */

static DEFINE_MUTEX(barrier_mutex);
static DEFINE_RAW_SPINLOCK(migrate_lock);
static atomic_t barrier_left;
static DECLARE_COMPLETION(barrier_done);
static DEFINE_PER_CPU(struct rcu_head, barrier_head);

static void barrier_callback(struct rcu_head *unused)
{
	if (atomic_dec_and_test(&barrier_left))
		complete(&barrier_done);
}

void rcu_barrier(void)
{
	unsigned int cpu;

	might_sleep();
	mutex_lock(&barrier_mutex);
	reinit_completion(&barrier_done);
	atomic_set(&barrier_left, 1);
	raw_spin_lock(&migrate_lock);
	for_each_possible_cpu(cpu) {
		atomic_inc(&barrier_left);
		if (!rcu_barrier_on(cpu, &per_cpu(barrier_head, cpu), barrier_callback))
			atomic_dec(&barrier_left);
	}
	raw_spin_unlock(&migrate_lock);
	barrier_callback(NULL);
	wait_for_completion(&barrier_done);
	mutex_unlock(&barrier_mutex);
}
EXPORT_SYMBOL(rcu_barrier);

int rcutree_dead_cpu(unsigned int cpu)
{
	raw_spin_lock(&migrate_lock);
	rcu_migrate_callbacks(cpu);
	raw_spin_unlock(&migrate_lock);
	return 0;
}
