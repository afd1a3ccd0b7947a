/* SPDX-License-Identifier: MIT */
/*
 * The shell as a thread, `sh`: first what the command line says (sh="..."), or a demonstration; then whatever is typed.
 *
 * There is one session, at the serial line and at the screen with its keyboard: both show the same, and what is typed
 * at either of them goes to it. The thread is init's child, and init starts another one whenever it ends (init.c).
 *
 * While a command runs in the foreground, the terminal sends Ctrl-C to this thread as a signal, which finds it waiting
 * for the job and is passed on; while a line is edited, Ctrl-C is a key like others.
 * Read next: shell_edit.c, shell.c.
 */
#include "shell_job.h"
#include "shell_session.h"
#include "shell_edit.h"
#include "tty.h"
#include <linux/console.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#define MAX_LINE	16384	/* without its end */

bool shell_is_typed_to;

static int run_line(const char *line, int status)
{
	tty_set_foreground(current);
	status = shell_run_after(line, status);
	tty_set_foreground(NULL);
	flush_signals(current);
	return status;
}

/* Return: shall the session go on? */
static bool read_and_run(char *line, int *status)
{
	ssize_t n;

	jobs_report();
	n = shell_edit_line("bobbin# ", line, MAX_LINE, EDIT_SHELL);
	if (n == -EPIPE)
		return false;
	if (n == -EINTR && signal_pending(current))	/* killed */
		return false;
	if (n > 0)
		*status = run_line(line, *status);
	return *status < STATUS_EXIT;
}

int shell_session(void *commands)
{
	char *line = kmalloc(MAX_LINE, GFP_KERNEL);
	int status = 0;

	if (commands)
		status = run_line(commands, 0);
	WRITE_ONCE(shell_is_typed_to, true);
	while (line && read_and_run(line, &status))
		;
	console_printf("\nsh: this shell has ended; here is another one. To switch the machine off: poweroff\n");
	kfree(line);
	return 0;
}
