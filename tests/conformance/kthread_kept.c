/* SPDX-License-Identifier: MIT */
/* A thread that has ended by itself is still there for kthread_stop(), as long as somebody holds its task_struct. */
#include "promise.h"
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/sched/task.h>

static DECLARE_COMPLETION(ending);

static int ends(void *unused)
{
	complete(&ending);
	return 33;
}

static int exits(void *unused)
{
	kthread_complete_and_exit(&ending, 44);
}

static void one(int (*fn)(void *))
{
	struct task_struct *t = kthread_create(fn, NULL, "kept");

	get_task_struct(t);
	wake_up_process(t);
	wait_for_completion(&ending);
	ask(kthread_stop(t));
	put_task_struct(t);
}

static void run(void)
{
	one(ends);
	one(exits);
}
promise(run);
