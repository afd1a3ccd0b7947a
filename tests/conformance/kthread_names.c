/* SPDX-License-Identifier: MIT */
/* Names of threads are made by a format and cut at 15 characters; get_task_comm() tells them. */
#include "promise.h"
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/sched.h>

static DECLARE_COMPLETION(named);

static int name(void *unused)
{
	char comm[TASK_COMM_LEN];

	say("get_task_comm: \"%s\"", get_task_comm(comm, current));
	say("comm: \"%s\", %%.5s \"%.5s\"", current->comm, current->comm);
	ask(strlen(current->comm));
	return 0;
}

static void one(struct task_struct *t)
{
	ask_pointer(t);
	kthread_stop(t);
}

static int stays(void *unused)
{
	name(NULL);
	complete(&named);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 0;
}

static void run(void)
{
	struct task_struct *t;

	t = kthread_create(stays, NULL, "%s/%d-%c", "a", 12, 'x');
	say("before it runs: %s", t->comm);
	wake_up_process(t);
	wait_for_completion(&named);
	one(t);
	t = kthread_create(stays, NULL, "a_name_that_is_longer_than_sixteen");
	say("before it runs: %s", t->comm);
	kthread_stop(t);
	t = kthread_create(stays, NULL, "%s", "");
	say("before it runs: \"%s\"", t->comm);
	kthread_stop(t);
}
promise(run);
