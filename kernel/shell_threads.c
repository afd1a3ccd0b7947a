/* SPDX-License-Identifier: MIT */
/*
 * The shell's commands that do something to threads: kill, freeze, thaw.
 *
 * They are what a system's users have for it, so what they send or set comes from "somebody", not from the kernel: a
 * thread that listens to the kernel only (allow_kernel_signal()) does not hear them.
 * Read next: signal.c, freezer.c.
 */
#include "shell.h"
#include <linux/array_size.h>
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

/* ---- signals by name ---- */

#define NAME(sig)	[SIG##sig] = #sig

static const char *const signal_names[] = {
	NAME(HUP), NAME(INT), NAME(QUIT), NAME(ILL), NAME(TRAP), NAME(ABRT), NAME(BUS), NAME(FPE), NAME(KILL),
	NAME(USR1), NAME(SEGV), NAME(USR2), NAME(PIPE), NAME(ALRM), NAME(TERM), NAME(STKFLT), NAME(CHLD), NAME(CONT),
	NAME(STOP), NAME(TSTP), NAME(TTIN), NAME(TTOU), NAME(URG), NAME(XCPU), NAME(XFSZ), NAME(VTALRM), NAME(PROF),
	NAME(WINCH), NAME(IO), NAME(PWR), NAME(SYS),
};

/* "15", "TERM" or "SIGTERM". Return: the number, or -EINVAL. */
static int parse_signal(const char *s)
{
	unsigned int nr;

	if (!kstrtouint(s, 10, &nr))
		return nr <= _NSIG ? (int)nr : -EINVAL;
	if (!strncasecmp(s, "SIG", 3))
		s += 3;
	for (int i = 1; i < (int)ARRAY_SIZE(signal_names); i++)
		if (!strcasecmp(s, signal_names[i]))
			return i;
	return -EINVAL;
}

static void list_signals(void)
{
	for (int i = 1; i < (int)ARRAY_SIZE(signal_names); i++)
		console_printf("%2d SIG%-8s%s", i, signal_names[i], i % 6 ? "" : "\n");
	console_printf("\n");
}

static void signal_name(int sig, char *buf, size_t size)
{
	if (sig > 0 && sig < (int)ARRAY_SIZE(signal_names))
		snprintf(buf, size, "SIG%s", signal_names[sig]);
	else
		snprintf(buf, size, "signal %d", sig);
}

/* ---- kill ---- */

/* That nothing comes of a signal is the usual case here; who sends one should hear why. */
static void explain_silence(struct task_struct *p, int sig)
{
	char name[16];

	signal_name(sig, name, sizeof(name));
	if (sig_is_ignored(p, sig))
		console_printf("kill: %s (%d) ignores %s: a kernel thread sees a signal only after allow_signal()\n",
			       p->comm, p->pid, name);
	else if (p->pid == 1)
		console_printf("kill: init cannot be killed: the machine would have nothing left to do\n");
}

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
		console_printf("kill: there is no thread %d; ps -e lists them\n", pid);
		return -ESRCH;
	}
	if (sig)
		explain_silence(p, sig);
	err = send_sig(sig, p, 0);
	put_task_struct(p);
	return err;
}

static int run_kill(int argc, char **argv)
{
	int sig = SIGTERM, first = 1, err = 0;

	if (argc == 2 && !strcmp(argv[1], "-l")) {
		list_signals();
		return 0;
	}
	if (argc > 1 && argv[1][0] == '-') {
		sig = parse_signal(argv[1] + 1);
		first = 2;
	}
	if (sig < 0 || first >= argc) {
		console_printf("kill: which signal to whom? As in: kill -TERM 12 (kill -l lists the signals)\n");
		return -EINVAL;
	}
	for (int i = first; i < argc; i++)
		err = kill_one(argv[i], sig) ?: err;
	return err;
}

SHELL_COMMAND(kill, run_kill, "[-SIGNAL] PID...", "send a signal to threads",
	      "  SIGNAL is a name or a number, TERM if it is left out; kill -l lists them. A kernel thread sees only\n"
	      "  signals that it allows (allow_signal()); what it does then is its own affair. Example: kill -TERM 12",
	      .group = "threads");

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
