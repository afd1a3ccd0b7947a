/* SPDX-License-Identifier: MIT */
/*
 * Signals by name. 1 to 31 have names; 34 to 64 are counted from RTMIN or RTMAX, whichever is nearer, as a C library
 * that keeps 32 and 33 for itself has it.
 */
#include "signal_names.h"
#include <linux/array_size.h>
#include <linux/console.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/sched/signal.h>
#include <linux/string.h>

#define FIRST_RT	34
#define LAST_RT		64

#define NAME(sig)	[SIG##sig] = #sig

static const char *const names[] = {
	NAME(HUP), NAME(INT), NAME(QUIT), NAME(ILL), NAME(TRAP), NAME(ABRT), NAME(BUS), NAME(FPE), NAME(KILL),
	NAME(USR1), NAME(SEGV), NAME(USR2), NAME(PIPE), NAME(ALRM), NAME(TERM), NAME(STKFLT), NAME(CHLD), NAME(CONT),
	NAME(STOP), NAME(TSTP), NAME(TTIN), NAME(TTOU), NAME(URG), NAME(XCPU), NAME(XFSZ), NAME(VTALRM), NAME(PROF),
	NAME(WINCH), NAME(IO), NAME(PWR), NAME(SYS),
};

/* Without "SIG". */
static bool bare_name(int sig, char *buf, size_t size)
{
	if (sig > 0 && sig < (int)ARRAY_SIZE(names))
		strscpy(buf, names[sig], size);
	else if (sig == FIRST_RT || sig == LAST_RT)
		strscpy(buf, sig == FIRST_RT ? "RTMIN" : "RTMAX", size);
	else if (sig > FIRST_RT && sig < LAST_RT)
		snprintf(buf, size, sig < 50 ? "RTMIN+%d" : "RTMAX-%d", sig < 50 ? sig - FIRST_RT : LAST_RT - sig);
	else
		return false;
	return true;
}

int signal_by_name(const char *s)
{
	unsigned int nr;
	char name[16];

	if (!kstrtouint(s, 10, &nr))
		return nr <= _NSIG ? (int)nr : -EINVAL;
	if (!strncasecmp(s, "SIG", 3))
		s += 3;
	for (int i = 1; i <= LAST_RT; i++)
		if (bare_name(i, name, sizeof(name)) && !strcasecmp(s, name))
			return i;
	return -EINVAL;
}

const char *signal_name(int sig, char *buf, size_t size)
{
	char name[16];

	if (bare_name(sig, name, sizeof(name)))
		snprintf(buf, size, "SIG%s", name);
	else
		snprintf(buf, size, "signal %d", sig);
	return buf;
}

void signal_list(void)
{
	char name[20];
	int column = 0;

	for (int i = 1; i <= LAST_RT; i++) {
		if (i >= (int)ARRAY_SIZE(names) && i < FIRST_RT)
			continue;
		console_printf("%2d) %s%s", i, signal_name(i, name, sizeof(name)), ++column % 5 ? "\t" : "\n");
	}
	console_printf("\n");
}

/* That nothing comes of a signal is the usual case here; who sends one should hear why. */
static void explain_silence(const char *who, struct task_struct *p, int sig)
{
	char name[20];

	if (sig_is_ignored(p, sig))
		console_printf("%s: %s (%d) ignores %s: a kernel thread sees a signal only after allow_signal()\n", who,
			       p->comm, p->pid, signal_name(sig, name, sizeof(name)));
	else if (p->pid == 1)
		console_printf("%s: init cannot be killed: the machine would have nothing left to do\n", who);
}

int signal_send(const char *who, struct task_struct *p, int sig)
{
	if (sig)
		explain_silence(who, p, sig);
	return send_sig(sig, p, 0);
}
