/* SPDX-License-Identifier: MIT */
/* The loop of old: prepare_to_wait(), look, schedule(), finish_wait(); and the state of the thread at each step. */
#include "promise.h"
#include <linux/sched.h>
#include <linux/wait.h>

static DECLARE_WAIT_QUEUE_HEAD(queue);

static void run(void)
{
	DEFINE_WAIT(wait);
	DECLARE_WAITQUEUE(entry, current);

	prepare_to_wait(&queue, &wait, TASK_INTERRUPTIBLE);
	ask(task_is_running(current));
	ask(READ_ONCE(current->__state));
	ask(waitqueue_active(&queue));
	wake_up(&queue);
	ask(READ_ONCE(current->__state));
	ask(waitqueue_active(&queue));
	finish_wait(&queue, &wait);
	prepare_to_wait_exclusive(&queue, &wait, TASK_UNINTERRUPTIBLE);
	ask(READ_ONCE(current->__state));
	wake_up_interruptible(&queue);
	ask(READ_ONCE(current->__state));
	finish_wait(&queue, &wait);
	ask(READ_ONCE(current->__state));
	ask(waitqueue_active(&queue));
	add_wait_queue(&queue, &entry);
	set_current_state(TASK_INTERRUPTIBLE);
	wake_up_interruptible(&queue);
	ask(READ_ONCE(current->__state));
	ask(waitqueue_active(&queue));
	remove_wait_queue(&queue, &entry);
	set_current_state(TASK_KILLABLE);
	ask_hex(READ_ONCE(current->__state));
	__set_current_state(TASK_RUNNING);
	ask(prepare_to_wait_event(&queue, &wait, TASK_INTERRUPTIBLE));
	finish_wait(&queue, &wait);
	set_current_state(TASK_INTERRUPTIBLE);
	ask(schedule_timeout(1));
	ask(READ_ONCE(current->__state));
	ask(schedule_timeout(0));
	ask(schedule_timeout_uninterruptible(2));
	ask(schedule_timeout_killable(1));
	ask(schedule_timeout_idle(1));
}
promise(run);
