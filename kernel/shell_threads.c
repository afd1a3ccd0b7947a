/* SPDX-License-Identifier: MIT */
/*
 * The shell's commands that do something to threads: kill, freeze, thaw.
 *
 * They are what a system's users have for it, so what they send or set comes from "somebody", not from the kernel: a
 * thread that listens to the kernel only (allow_kernel_signal()) does not hear them.
 * Read next: signal_names.c, signal.c, freezer.c.
 */
#include "shell.h"
#include "signal_names.h"
#include <linux/console.h>
#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/freezer.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/string.h>
#include <linux/time64.h>

/* ---- kill ---- */

static int kill_one(const char *word, int sig)
{
	struct task_struct *p;
	int pid, err;

	if (kstrtoint(word, 10, &pid) || pid <= 0) {
		console_printf("kill: %s is not a PID; ps -e lists them\n", word);
		return -EINVAL;
	}
	p = find_get_task_by_vpid(pid);
	if (!p) {
		console_printf("kill: (%d) - No such process; ps -e lists those there are\n", pid);
		return -ESRCH;
	}
	err = signal_send("kill", p, sig);
	put_task_struct(p);
	return err;
}

/* kill -l: all; with arguments the name of each number, the number of each name. */
static int list_signals(char **words)
{
	char name[20];
	int err = 0;

	if (!*words)
		signal_list();
	for (; *words; words++) {
		int sig = signal_by_name(*words);

		if (sig <= 0) {
			console_printf("kill: %s: there is no such signal (kill -l lists them)\n", *words);
			err = -EINVAL;
		} else if (isdigit(**words)) {
			console_printf("%s\n", signal_name(sig, name, sizeof(name)) + 3);
		} else {
			console_printf("%d\n", sig);
		}
	}
	return err;
}

static int run_kill(int argc, char **argv)
{
	const char *named = NULL;
	int sig = SIGTERM, first = 1, err = 0;

	if (argc > 1 && (!strcmp(argv[1], "-l") || !strcmp(argv[1], "-L")))
		return list_signals(argv + 2);
	if (argc > 2 && (!strcmp(argv[1], "-s") || !strcmp(argv[1], "-n"))) {
		named = argv[2];
		first = 3;
	} else if (argc > 1 && argv[1][0] == '-' && strcmp(argv[1], "--")) {
		named = argv[1] + 1;
		first = 2;
	}
	if (first < argc && !strcmp(argv[first], "--"))
		first++;
	if (named)
		sig = signal_by_name(named);
	if (sig < 0) {
		console_printf("kill: %s: there is no such signal (kill -l lists them)\n", named);
		return sig;
	}
	if (first >= argc) {
		console_printf("kill: which signal to whom? As in: kill -TERM 12 (kill -l lists the signals)\n");
		return -EINVAL;
	}
	for (int i = first; i < argc; i++)
		err = kill_one(argv[i], sig) ?: err;
	return err;
}

SHELL_COMMAND(kill, run_kill, "[-SIGNAL] PID... | -l", "send a signal to threads",
	      "  SIGNAL is a name or a number, TERM if it is left out; -s NAME says the same. -l lists them,\n"
	      "  -l 9 names one. A kernel thread sees only signals that it allows (allow_signal()); what it does then\n"
	      "  is its own affair. Example: kill -TERM 12", .group = "threads");

/* ---- freeze and thaw ---- */

/* Return: how many threads are frozen; with their names, if wanted. */
static int list_frozen(bool print)
{
	struct task_struct *p = NULL;
	int n = 0;

	while ((p = next_task_get(p))) {
		if (!frozen(p))
			continue;
		if (print)
			console_printf("%s%s (%d)", n ? ", " : "frozen: ", p->comm, p->pid);
		n++;
	}
	if (print)
		console_printf("%s\n", n ? "" : "nobody asked to be freezable (set_freezable()), so nobody is frozen");
	return n;
}

static int run_freeze(int argc, char **argv)
{
	unsigned int seconds, before = freeze_timeout_msecs;
	int err;

	if (argc > 2 || (argc == 2 && (kstrtouint(argv[1], 10, &seconds) || seconds > 3600))) {
		console_printf("freeze: a number of seconds, at most 3600, or nothing, as in: freeze 2\n");
		return -EINVAL;
	}
	if (argc == 2)
		freeze_timeout_msecs = seconds * MSEC_PER_SEC;
	err = freeze_processes();
	if (!err) {
		err = freeze_kernel_threads();
		if (err)
			thaw_processes();
	}
	freeze_timeout_msecs = before;
	if (err)
		console_printf("freeze: somebody refused (dmesg says who), so nobody is frozen\n");
	else
		list_frozen(true);
	return err;
}

static int run_thaw(int argc, char **argv)
{
	int n = list_frozen(false);

	if (!(current->flags & PF_SUSPEND_TASK)) {
		console_printf("thaw: nobody was frozen by `freeze`\n");
		return -EINVAL;
	}
	thaw_processes();
	console_printf("thawed: %d threads\n", n);
	return 0;
}

SHELL_COMMAND(freeze, run_freeze, "[SECONDS]", "bring all freezable threads to a halt",
	      "  Freezable is who called set_freezable(). Who has not come to a halt after SECONDS (20) is named in\n"
	      "  the log with the reason, and all go on. ps shows a frozen thread in state D.\n"
	      "  Example: freeze; ps -e -o pid,stat,wchan:20,comm; thaw", .group = "threads", .builtin = true);
SHELL_COMMAND(thaw, run_thaw, "", "let those go on that freeze has brought to a halt",
	      "  What happened meanwhile is not lost: a thaw is a wake-up to everybody.\n"
	      "  Example: freeze; sleep 1; thaw", .group = "threads", .builtin = true);
