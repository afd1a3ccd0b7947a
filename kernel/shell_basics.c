/* SPDX-License-Identifier: MIT */
/*
 * Commands that are about nothing in particular: sleep, echo, true, false; and what commands share: being interrupted,
 * sleeping, reading a line.
 *
 * Read next: shell_filters.c, shell_help.c.
 */
#include "shell.h"
#include "pipe.h"
#include "shell_edit.h"
#include "shell_job.h"
#include "shell_session.h"
#include "tty.h"
#include <linux/console.h>
#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/hrtimer.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/time64.h>

/* ---- what commands share ---- */

bool shell_interrupted(void)
{
	return signal_pending(current);
}

int shell_sleep(u64 us)
{
	ktime_t until = ktime_add_us(ktime_get(), us);

	while (ktime_before(ktime_get(), until)) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (signal_pending(current)) {
			__set_current_state(TASK_RUNNING);
			return -EINTR;
		}
		schedule_hrtimeout(&until, HRTIMER_MODE_ABS);
	}
	return 0;
}

int shell_parse_seconds(const char *s, u64 *us)
{
	u64 whole = 0, part = 0, unit = USEC_PER_SEC;
	const char *start = s;

	for (; isdigit(*s); s++) {
		whole = whole * 10 + (*s - '0');
		if (whole > 1000000000UL)
			return -ERANGE;
	}
	if (*s == '.')
		for (s++; isdigit(*s); s++) {
			unit /= 10;
			part += unit * (*s - '0');
		}
	if (*s || s == start || (s == start + 1 && *start == '.'))
		return -EINVAL;
	*us = whole * USEC_PER_SEC + part;
	return 0;
}

bool shell_out_is_terminal(void)
{
	struct stage *s = current_stage();

	return !s || !s->out;
}

unsigned int shell_out_width(void)
{
	unsigned int rows, cols;

	tty_size(&rows, &cols);
	return READ_ONCE(shell_is_typed_to) && shell_out_is_terminal() ? cols : 0;
}

/* ---- commands ---- */

static int run_sleep(int argc, char **argv)
{
	u64 us;

	if (argc != 2 || shell_parse_seconds(argv[1], &us)) {
		console_printf("sleep: how long? A number of seconds, as in: sleep 0.5\n");
		return -EINVAL;
	}
	return shell_sleep(us);
}

static int run_echo(int argc, char **argv)
{
	bool newline = argc < 2 || strcmp(argv[1], "-n");

	for (int i = newline ? 1 : 2; i < argc; i++) {
		console_write(argv[i], strlen(argv[i]));
		if (i < argc - 1)
			console_write(" ", 1);
	}
	if (newline)
		console_write("\n", 1);
	return 0;
}

static int run_yes(int argc, char **argv)
{
	while (!shell_interrupted())
		console_printf("%s\n", argc > 1 ? argv[1] : "y");
	return -EINTR;
}

static int run_seq(int argc, char **argv)
{
	long first = 1, last;

	if (argc < 2 || argc > 3 || (argc == 3 && kstrtol(argv[1], 10, &first)) || kstrtol(argv[argc - 1], 10, &last)) {
		console_printf("seq: from where to where? As in: seq 3, seq 5 9\n");
		return -EINVAL;
	}
	for (; first <= last && !shell_interrupted(); first++)
		console_printf("%ld\n", first);
	return shell_interrupted() ? -EINTR : 0;
}

static int run_true(int argc, char **argv)
{
	return 0;
}

static int run_false(int argc, char **argv)
{
	return -EINVAL;
}

SHELL_COMMAND(sleep, run_sleep, "SECONDS", "wait; fractions are welcome",
	"  The shell waits that long, all other threads go on. Example: sleep 0.25", .group = "shell");
SHELL_COMMAND(echo, run_echo, "[-n] [WORDS]", "print the words",
	"  -n: without an end of line. Example: echo 'one; two'", .group = "text");
SHELL_COMMAND(seq, run_seq, "[FIRST] LAST", "print numbers",
	"  One to a line, from FIRST (1) to LAST. Example: seq 100 | tail -2", .group = "text");
SHELL_COMMAND(yes, run_yes, "[WORD]", "print a word until nobody wants more",
	"  Or until Ctrl-C. Example: yes | head -3", .group = "text");
SHELL_COMMAND(true, run_true, "", "do nothing, well",
	"  Example: true && echo yes", .group = "shell");
SHELL_COMMAND(false, run_false, "", "do nothing, badly",
	"  Example: false || echo no", .group = "shell");
