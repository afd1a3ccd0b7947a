/* SPDX-License-Identifier: MIT */
/* The letter of a thread's state: sleeping in each way, parked, dead. */
#include "promise.h"
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/sched/task.h>

static unsigned int state;

static int sleeps(void *unused)
{
	return sleeps_as(state);
}

/* Wait until the thread sleeps as it should. */
static void settle(struct task_struct *t, unsigned int wanted)
{
	while ((READ_ONCE(t->__state) & wanted) != wanted)
		msleep(1);
}

static void one(const char *what, unsigned int s)
{
	struct task_struct *t;

	state = s;
	t = kthread_run(sleeps, NULL, "states");
	settle(t, s);
	say("%s: %c", what, task_state_to_char(t));
	kthread_stop(t);
}

static void run(void)
{
	struct task_struct *t;

	one("interruptible", TASK_INTERRUPTIBLE);
	one("uninterruptible", TASK_UNINTERRUPTIBLE);
	one("killable", TASK_KILLABLE);
	one("idle", TASK_IDLE);
	say("myself: %c", task_state_to_char(current));
	state = TASK_INTERRUPTIBLE;
	t = kthread_create(sleeps, NULL, "states_new");
	say("made, not woken: %c", task_state_to_char(t));
	wake_up_process(t);
	kthread_park(t);
	settle(t, TASK_PARKED);
	say("parked: %c", task_state_to_char(t));
	get_task_struct(t);
	kthread_stop(t);
	while (READ_ONCE(t->exit_state) != EXIT_DEAD)
		msleep(1);
	say("dead: %c", task_state_to_char(t));
	put_task_struct(t);
	ask(wake_up_process(current));
}
promise(run);
