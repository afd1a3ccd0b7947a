/* SPDX-License-Identifier: MIT */
/* Policies and nice values: what is set, what is told, what is refused. */
#include "promise.h"
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/sched/rt.h>
#include <uapi/linux/sched/types.h>

static DECLARE_COMPLETION(running);

static int sleeps(void *unused)
{
	complete(&running);
	while (!kthread_should_stop()) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (!kthread_should_stop())
			schedule();
		__set_current_state(TASK_RUNNING);
	}
	return 0;
}

static void look(const char *what, struct task_struct *t)
{
	say("%s: policy %u, nice %d, prio %d, static %d, normal %d, rt %u", what, t->policy, task_nice(t), t->prio,
	    t->static_prio, t->normal_prio, t->rt_priority);
}

static void run(void)
{
	struct task_struct *t = kthread_run(sleeps, NULL, "policies");

	wait_for_completion(&running);
	look("new", t);
	set_user_nice(t, 5);
	look("nice 5", t);
	set_user_nice(t, -20);
	look("nice -20", t);
	set_user_nice(t, 20);
	look("nice 20", t);
	sched_set_fifo(t);
	look("fifo", t);
	ask(rt_task(t));
	set_user_nice(t, 3);
	look("fifo, nice 3", t);
	sched_set_fifo_low(t);
	look("fifo low", t);
	sched_set_normal(t, -7);
	look("normal -7", t);
	ask(rt_task(t));
	ask(kthread_stop(t));
	ask(task_nice(current));
}
promise(run);
