/* SPDX-License-Identifier: MIT */
/*
 * A module of about 2.6.0: a thread made by kernel_thread(), which daemonize()s itself, sleeps without a condition and
 * is ended by a signal. Compiled with the switch of <linux/old_names.h>; tests/history.c loads it.
 */
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/completion.h>
#include <linux/signal.h>

#include "old_modules.h"

int old_daemon_turns, old_daemon_pid;

static DECLARE_WAIT_QUEUE_HEAD(doorbell);
static struct completion gone;

static int daemon(void *unused)
{
	lock_kernel();
	daemonize("olddaemon/%d", smp_processor_id());
	allow_signal(SIGTERM);		/* the others stay blocked */
	unlock_kernel();

	do {
		interruptible_sleep_on_timeout(&doorbell, HZ / 100);
		old_daemon_turns++;
	} while (!signal_pending(current));
	flush_signals(current);
	complete_and_exit(&gone, 0);
}

int init_module(void)
{
	old_daemon_turns = 0;
	init_completion(&gone);
	old_daemon_pid = kernel_thread(daemon, NULL, CLONE_FS | CLONE_FILES | CLONE_SIGHAND);
	return old_daemon_pid < 0 ? old_daemon_pid : 0;
}

void cleanup_module(void)
{
	if (kill_proc(old_daemon_pid, SIGTERM, 1) == 0)
		wait_for_completion(&gone);
	INIT_COMPLETION(gone);
}
