/* SPDX-License-Identifier: MIT */
/*
 * PID 1: what the machine does once everything is up.
 *
 * In the test kernel, the tests that the command line names (they end the machine themselves). Then the commands of
 * sh="...", or without it a demonstration and a listing, so that a person who just starts Bobbin sees threads at work.
 * Then nothing more, for ever: init must not end.
 *
 * Init is also the parent of every thread that lost its own. It wants to know of none of their ends, which is said by
 * ignoring SIGCHLD: such children leave without a trace (exit.c), and init need not wait for them, nor poll.
 * Read next: shell.c, demo.c.
 */
#include "shell.h"
#include <linux/console.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/start_kernel.h>
#include <linux/string.h>

static char commands[1024];

static int __init set_commands(char *value)
{
	strscpy(commands, value ?: "", sizeof(commands));
	return 1;
}
__setup("sh=", set_commands);

/* tests/runner.c has the real one, in the kernel that has tests. */
int __weak run_tests(void);
int __weak run_tests(void)
{
	return 0;
}

static void show_demonstration(void)
{
	shell_run("demo start; sleep 1; ps -ef");
	console_printf("\nThese are Bobbin's threads: each one in brackets was made by kthreadd (PID 2) on request.\n"
		       "They go on working. Leave QEMU with Ctrl-a x. To run commands of your own:\n"
		       "  make run CMDLINE='sh=\"help; ps aux; demo start; sleep 2; demo status; poweroff\"'\n");
}

void run_init(void)
{
	disallow_signal(SIGCHLD);
	current->flags |= PF_NOFREEZE;	/* the shell runs here, and `thaw` must come from somewhere */
	run_tests();
	if (*commands)
		shell_run(commands);
	else
		show_demonstration();
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		schedule();
	}
}
