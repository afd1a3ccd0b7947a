/* SPDX-License-Identifier: MIT */
/* rt_mutex: who waits lends his priority to who holds it, until the unlock. */
#include "promise.h"
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/rtmutex.h>
#include <linux/sched.h>

static DEFINE_RT_MUTEX(lock);
static DECLARE_COMPLETION(held);
static DECLARE_COMPLETION(let_go);

static int holds(void *unused)
{
	rt_mutex_lock(&lock);
	complete(&held);
	wait_for_completion(&let_go);
	rt_mutex_unlock(&lock);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 1;
}

static int wants(void *unused)
{
	rt_mutex_lock(&lock);
	say("waiter has it, prio %d", current->prio);
	rt_mutex_unlock(&lock);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 2;
}

static void run(void)
{
	struct task_struct *low = kthread_create(holds, NULL, "low"), *high = kthread_create(wants, NULL, "high");

	ask(rt_mutex_trylock(&lock));
	rt_mutex_unlock(&lock);
	ask(rt_mutex_lock_interruptible(&lock));
	rt_mutex_unlock(&lock);
	kthread_bind(low, 1);
	kthread_bind(high, 1);
	wake_up_process(low);
	wait_for_completion(&held);
	ask(rt_mutex_trylock(&lock));
	say("alone: prio %d", low->prio);
	sched_set_fifo(high);
	wake_up_process(high);
	while (READ_ONCE(low->prio) == 120)
		msleep(1);
	say("lent: prio %d, normal %d, nice %d", low->prio, low->normal_prio, task_nice(low));
	complete(&let_go);
	msleep(100);
	ask(kthread_stop(high));
	ask(kthread_stop(low));
}
promise(run);
