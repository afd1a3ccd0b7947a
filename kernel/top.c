/* SPDX-License-Identifier: MIT */
/*
 * top: the threads that use the CPUs most, again and again.
 *
 *	take a sample -> compare with the one before -> sort -> show -> wait for a key or for the next
 *
 * %CPU is that of the time between the two samples. A sample takes three numbers of each thread; the rest is asked of
 * those only that there is room for, so a screen of 10,000 threads costs little more than one of ten.
 *
 * Keys and options are those of procps' top, as far as there is something behind them. With -b, lines for a pipe.
 * Read next: top_sample.c, top_screen.c.
 */
#include "top.h"
#include "shell.h"
#include "shell_edit.h"
#include "tty.h"
#include <linux/console.h>
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/time64.h>
#include "signal_names.h"

#define FIRST_SPAN_US	150000	/* between the first sample and the one that is shown first */

/* ---- options ---- */

static int wrong(const char *what, const char *value)
{
	console_printf("top: %s '%s'; as in: top -b -d 0.5 -n 3 -p 2,3 (man top)\n", what, value);
	return -EINVAL;
}

static int take_pids(struct top *top, const char *list)
{
	const char *word;
	size_t len;

	while ((word = ps_next_word(&list, &len))) {
		if (top->nr_pids == TOP_MAX_PIDS)
			return wrong("too many PIDs, at", word);
		if (strspn(word, "0123456789") < len)
			return wrong("no PID:", word);
		top->pids[top->nr_pids++] = simple_strtol(word, NULL, 10);
	}
	return 0;
}

static int take_key(struct top *top, const char *name)
{
	static const char *const names[] = { "%CPU", "%MEM", "TIME+", "PID" };

	for (int i = 0; i < ARRAY_SIZE(names); i++)
		if (!strcmp(names[i], name)) {
			top->key = i;
			return 0;
		}
	return wrong("-o sorts by %CPU, %MEM, TIME+ or PID, not by", name);
}

static int take_value(struct top *top, char option, const char *value)
{
	switch (option) {
	case 'd':
		return shell_parse_seconds(value, &top->delay_us) ? wrong("no number of seconds:", value) : 0;
	case 'n':
		return kstrtol(value, 10, &top->rounds) || top->rounds < 1 ? wrong("no number of rounds:", value) : 0;
	case 'p':
		return take_pids(top, value);
	case 'o':
		return take_key(top, value);
	case 'w':
		return kstrtouint(value, 10, &top->cols) || !top->cols ? wrong("no width:", value) : 0;
	}
	return -EINVAL;
}

/* One word of letters, and the next one if it is a value. Return: how many words, or a negative errno. */
static int take_word(struct top *top, char **argv)
{
	const char *at = argv[0];

	while (*++at) {
		if (strchr("dnpow", *at)) {
			const char *value = at[1] ? at + 1 : argv[1];

			if (!value)
				return wrong("no value behind", argv[0]);
			return take_value(top, *at, value) ?: (at[1] ? 1 : 2);
		}
		if (*at == 'b')
			top->batch = true;
		else if (*at == '1')
			top->each_cpu = !top->each_cpu;
		else if (*at == 'c')
			top->commands = !top->commands;
		else if (*at != 'H')
			return wrong("unknown option", argv[0]);
	}
	return 1;
}

static int take_options(struct top *top, char **argv)
{
	while (*argv) {
		int n = **argv == '-' && (*argv)[1] ? take_word(top, argv) : wrong("unknown option", *argv);

		if (n < 0)
			return n;
		argv += n;
	}
	return 0;
}

/* ---- keys that ask something ---- */

static void __printf(2, 3) say(struct top *top, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(top->message, sizeof(top->message), fmt, args);
	va_end(args);
}

/* Return: what was typed behind the question on the message's line; false: nothing is wanted any more. */
static bool ask(struct top *top, char *answer, size_t size, const char *question)
{
	unsigned int row = top_message_row(top) + 1;

	/* By a newline from the row above: where the console knows a line to begin, the question does not begin one. */
	console_printf("\033[%u;1H\033[K\033[%u;1H\n", row, row - 1);
	return shell_edit_line(question, answer, size, EDIT_PLAIN) >= 0;
}

/* The thread that was named, or the first of the list, with a reference. */
static struct task_struct *ask_for_thread(struct top *top, const char *what)
{
	pid_t pid = top->new->n ? top->new->threads[0].pid : 1;
	char question[64], answer[16];
	struct task_struct *p;

	snprintf(question, sizeof(question), "PID to %s [default pid = %d] ", what, pid);
	if (!ask(top, answer, sizeof(answer), question))
		return NULL;
	if (*answer && kstrtoint(answer, 10, &pid)) {
		say(top, " '%s' is no PID", answer);
		return NULL;
	}
	p = find_get_task_by_vpid(pid);
	if (!p)
		say(top, " there is no thread %d", pid);
	return p;
}

static void key_kill(struct top *top)
{
	struct task_struct *p = ask_for_thread(top, "signal/kill");
	char question[64], answer[16];
	int sig = SIGTERM, err;

	if (!p)
		return;
	snprintf(question, sizeof(question), "Send pid %d signal [15/sigterm] ", p->pid);
	if (ask(top, answer, sizeof(answer), question)) {
		if (*answer)
			sig = signal_by_name(answer);
		err = sig < 0 ? sig : send_sig(sig, p, 0);
		if (sig < 0)
			say(top, " '%s' is no signal", answer);
		else if (err)
			say(top, " pid %d: %pe", p->pid, ERR_PTR(err));
		else if (sig && sig_is_ignored(p, sig))
			say(top, " %s (%d) ignores it: a kernel thread sees only what it allows by allow_signal()",
			    p->comm, p->pid);
	}
	put_task_struct(p);
}

static void key_renice(struct top *top)
{
	struct task_struct *p = ask_for_thread(top, "renice");
	char question[64], answer[16];
	int nice;

	if (!p)
		return;
	snprintf(question, sizeof(question), "Renice PID %d to value ", p->pid);
	if (ask(top, answer, sizeof(answer), question) && *answer) {
		if (kstrtoint(answer, 10, &nice) || nice < MIN_NICE || nice > MAX_NICE)
			say(top, " '%s' is no nice value: -20 to 19", answer);
		else
			set_user_nice(p, nice);
	}
	put_task_struct(p);
}

static void key_delay(struct top *top)
{
	char question[64], answer[16];

	snprintf(question, sizeof(question), "Change delay from %llu.%llu to ", top->delay_us / USEC_PER_SEC,
		 top->delay_us / 100000 % 10);
	if (ask(top, answer, sizeof(answer), question) && *answer && shell_parse_seconds(answer, &top->delay_us))
		say(top, " '%s' is no number of seconds", answer);
}

static void key_help(struct top *top)
{
	console_printf("\033[H\033[J"
		       "Help for interactive commands, as of procps' top\n\n"
		       "  P M T N   sort by %%CPU, %%MEM, TIME+, PID        R   the other way around\n"
		       "  1         each CPU, or all together            c   commands in brackets, or names\n"
		       "  k         send a signal to a thread            r   renice a thread\n"
		       "  d s       change the delay                     space, Enter   now\n"
		       "  h ?       this                                 q   quit\n\n"
		       "Press any key to continue ");
	tty_getkey(MAX_SCHEDULE_TIMEOUT);
	console_printf("\033[H\033[J");
}

/* ---- keys ---- */

static void sort_by(struct top *top, enum top_key key)
{
	top->key = key;
	top->reverse = false;
}

/* Return: false: the end. */
static bool obey(struct top *top, int key)
{
	static const char sorts[] = "PMTN";	/* in the order of enum top_key */
	const char *at = key > ' ' && key < 127 ? strchr(sorts, key) : NULL;

	*top->message = '\0';
	if (at)
		sort_by(top, at - sorts);
	else if (key == 'q' || key == TTY_CTRL('C'))
		return false;
	else if (key == 'R')
		top->reverse = !top->reverse;
	else if (key == '1')
		top->each_cpu = !top->each_cpu;
	else if (key == 'c')
		top->commands = !top->commands;
	else if (key == 'k')
		key_kill(top);
	else if (key == 'r')
		key_renice(top);
	else if (key == 'd' || key == 's')
		key_delay(top);
	else if (key == 'h' || key == '?')
		key_help(top);
	else if (key > ' ' && key < 127)
		say(top, " Unknown command '%c' - try 'h' for help", key);
	return true;
}

/* Until the next sample is due, or a key wants another picture at once. Return: false: the end. */
static bool wait_for_key(struct top *top)
{
	int key;

	if (top->batch)
		return !shell_sleep(top->delay_us);
	key = tty_getkey(usecs_to_jiffies(min_t(u64, top->delay_us, UINT_MAX / 2)));
	return key == -EAGAIN || (key >= 0 && obey(top, key));
}

/* ---- the command ---- */

static int no_memory(void)
{
	console_printf("top: no memory to remember %u threads in\n", nr_threads_now());
	return -ENOMEM;
}

static int watch(struct top *top)
{
	if (top_take_sample(top))
		return no_memory();
	if (shell_sleep(FIRST_SPAN_US))
		return 0;
	if (!top->batch)
		console_printf("\033[H\033[J");
	do {
		if (top_take_sample(top))
			return no_memory();
		top_compare(top);
		if (!top->batch)
			tty_size(&top->rows, &top->cols);
		top_show(top);
		if (top->rounds > 0 && !--top->rounds)
			break;
		if (top->batch)
			console_printf("\n");
	} while (wait_for_key(top));
	if (!top->batch)
		console_printf("\033[%u;1H\033[K\n", top->rows);
	return 0;
}

static int run_top(int argc, char **argv)
{
	struct top *top = kzalloc(sizeof(*top), GFP_KERNEL);
	int err;

	if (!top)
		return no_memory();
	top->delay_us = 3 * USEC_PER_SEC;
	top->rounds = -1;
	err = take_options(top, argv + 1);
	if (!err && !top->batch && !(shell_out_is_terminal() && shell_in_is_terminal())) {
		console_printf("top: this is no terminal; top -b -n 1 prints lines for a pipe\n");
		err = -ENOTTY;
	}
	if (!err)
		err = watch(top);
	top_free_samples(top);
	kfree(top);
	return err;
}

SHELL_COMMAND(top, run_top, "[-b] [-d SECONDS] [-n ROUNDS] [-p PIDS] [-o KEY] [-1cH]",
	"the threads that use the CPUs most, again and again",
	"  As top of Linux (procps). -b: lines, for a pipe. -d: seconds between two pictures (3). -n: how many.\n"
	"  -p: these threads only. -o: sort by %CPU, %MEM, TIME+ or PID. -1: each CPU. -c: brackets.\n"
	"  Keys: q quit, P M T N sort, R the other way, 1 each CPU, k signal, r renice, d delay, c brackets,\n"
	"  space now, h help.\n"
	"  Example: top -b -n 1 | head -12", .group = "threads");
