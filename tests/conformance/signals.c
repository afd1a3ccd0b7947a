/* SPDX-License-Identifier: MIT */
/* Signals to a kernel thread: only what it allows comes; what pending, flushed and refused ones look like. */
#include "promise.h"
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/pid.h>
#include <linux/sched/signal.h>

static DECLARE_COMPLETION(ready);
static DECLARE_COMPLETION(sent);
static bool stop;

static void look(const char *what)
{
	say("%s: pending %d, fatal %d", what, !!signal_pending(current), !!fatal_signal_pending(current));
}

static int fn(void *unused)
{
	look("at first");
	complete(&ready);
	wait_for_completion(&sent);
	look("SIGTERM, not allowed");
	allow_signal(SIGTERM);
	look("allowed only then");
	complete(&ready);
	wait_for_completion(&sent);
	look("SIGTERM, allowed");
	ask(wait_for_completion_interruptible(&sent));
	flush_signals(current);
	look("flushed");
	disallow_signal(SIGTERM);
	complete(&ready);
	wait_for_completion(&sent);
	look("SIGTERM, disallowed again");
	allow_signal(SIGKILL);
	complete(&ready);
	wait_for_completion(&sent);
	look("SIGKILL, allowed");
	ask(wait_for_completion_killable(&sent));
	ask(msleep_interruptible(5000) > 4000);
	flush_signals(current);
	look("flushed");
	complete(&ready);
	while (!READ_ONCE(stop) && !kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 0;
}

static void run(void)
{
	struct task_struct *t = kthread_run(fn, NULL, "signalled");

	for (int i = 0; i < 4; i++) {
		wait_for_completion(&ready);
		ask(send_sig(i == 3 ? SIGKILL : SIGTERM, t, 1));
		complete(&sent);
	}
	wait_for_completion(&ready);
	ask(send_sig(0, t, 1));
	ask(send_sig(100, t, 1));
	ask(kill_pid(task_pid(t), 0, 1));
	ask(kthread_stop(t));
}
promise(run);
