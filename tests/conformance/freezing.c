/* SPDX-License-Identifier: MIT */
/* The freezer's flags of a kernel thread: what set_freezable() answers, and that nobody is frozen without cause. */
#include "promise.h"
#include <linux/completion.h>
#include <linux/freezer.h>
#include <linux/kthread.h>

static DECLARE_COMPLETION(done);

static int looks(void *unused)
{
	bool was_frozen = true;

	say("at first: nofreeze %d", !!(current->flags & PF_NOFREEZE));
	ask(set_freezable());
	say("then: nofreeze %d", !!(current->flags & PF_NOFREEZE));
	ask(freezing(current));
	ask(try_to_freeze());
	ask(kthread_freezable_should_stop(&was_frozen));
	ask(was_frozen);
	complete(&done);
	while (!kthread_freezable_should_stop(NULL))
		schedule_timeout_interruptible(1);
	return 3;
}

static void run(void)
{
	struct task_struct *t = kthread_run(looks, NULL, "freezing");

	wait_for_completion(&done);
	ask(kthread_stop(t));
}
promise(run);
