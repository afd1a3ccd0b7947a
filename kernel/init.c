/* SPDX-License-Identifier: MIT */
/*
 * PID 1: what the machine does once everything is up.
 *
 * In the test kernel, the tests that the command line names (they end the machine themselves). Then, with seed=N, the
 * timing is disturbed from that seed (sched/shake.c), and the commands of sh="...", or without it a demonstration and a
 * listing, so that a person who just starts Bobbin sees threads at work; and then a shell for whoever sits at the
 * terminal, which is a child: when it ends, there is another one.
 *
 * Init is also the parent of every thread that lost its own. It wants to know of none of their ends, which is said by
 * ignoring SIGCHLD: such children leave without a trace (exit.c), and init need not wait for them, nor poll.
 * Read next: shell_session.c, demo.c.
 */
#include "shell_session.h"
#include <asm/keyboard.h>
#include <asm/serial.h>
#include <linux/completion.h>
#include <linux/err.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/sched/shake.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
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

/* The thread is init's, and its name is all that ps can show of it. Return: false: it could not be made. */
static bool run_shell(const char *commands)
{
	DECLARE_COMPLETION_ONSTACK(ended);
	struct kernel_clone_args args = { .fn = shell_session, .fn_arg = (void *)commands };
	struct task_struct *p = copy_process(NULL, 0, &args);

	if (IS_ERR(p)) {
		pr_crit("init: the shell cannot be started (%pe)\n", p);
		return false;
	}
	set_task_comm(p, "sh");
	p->vfork_done = &ended;
	wake_up_new_task(p);
	while (wait_for_completion_interruptible(&ended))
		flush_signals(current);
	return true;
}

static const char demonstration[] =
	"demo start; sleep 1; ps -ef; echo; "
	"echo \"These are Bobbin's threads: each one in brackets was made by kthreadd (PID 2) on request.\"; "
	"echo 'They go on working. Here is a shell: help lists its commands. Leave QEMU with Ctrl-a x.'";

void run_init(void)
{
	disallow_signal(SIGCHLD);
	current->flags |= PF_NOFREEZE;	/* and so the shell: `thaw` must come from somewhere */
	run_tests();
	if (run_seed)
		shake_start(run_seed);
	serial_input_init();
	keyboard_init();
	if (run_shell(*commands ? commands : demonstration))
		while (run_shell(NULL))
			;
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		schedule();
	}
}
