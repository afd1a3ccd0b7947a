/* SPDX-License-Identifier: MIT */
/*
 * The columns of ps: one row each in the table at the end, with procps-ng 4's names, headers, widths and alignment.
 *
 * A row names at most two functions. `number` gives the value as a number, for printing and for --sort; `text` prints
 * what is not a plain number. To add a column, write such a function and a row; nothing else knows the columns.
 *
 * What Bobbin does not have shows as Linux shows it for its kernel threads: everything belongs to root, no thread has a
 * terminal or memory of its own.
 * Read next: ps.c, which fills in struct ps_thread.
 */
#include "ps.h"
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/time.h>

/* ---- numbers ---- */

#define NUMBER(name, expr) static s64 name(const struct ps_thread *t) { return (expr); }

NUMBER(zero,		0)
NUMBER(one,		1)
NUMBER(pid,		t->pid)
NUMBER(ppid,		t->ppid)
NUMBER(cpu,		t->cpu)
NUMBER(policy,		t->policy)
NUMBER(rtprio,		t->rt_priority)
NUMBER(nice,		t->nice)
NUMBER(session,		t->session)
NUMBER(minus_one,	-1)
NUMBER(pri,		39 - t->prio)	/* higher is better */
NUMBER(pri_api,		-1 - t->prio)
NUMBER(pri_bar,		t->prio + 1)
NUMBER(pri_baz,		t->prio + 100)
NUMBER(pri_foo,		t->prio - 20)
NUMBER(opri,		60 + t->prio)	/* lower is better */
NUMBER(priority,	t->prio)
NUMBER(runtime,		t->runtime)
NUMBER(runtime_s,	t->runtime / NSEC_PER_SEC)
NUMBER(age,		t->now - t->started)
NUMBER(age_s,		(t->now - t->started) / NSEC_PER_SEC)
NUMBER(started,		t->started)

/* Tenths of a percent of the time since the thread began. */
NUMBER(cpu_share,	t->runtime * 1000 / max(t->now - t->started, 1ULL))
NUMBER(cpu_percent,	min(cpu_share(t) / 10, 99LL))

/* ---- texts: who ---- */

static void text_root(const struct ps_thread *t, char *buf)
{
	strscpy(buf, "root", PS_TEXT);
}

static void text_tty(const struct ps_thread *t, char *buf)
{
	strscpy(buf, "?", PS_TEXT);
}

static void text_none(const struct ps_thread *t, char *buf)
{
	strscpy(buf, "-", PS_TEXT);
}

static void text_comm(const struct ps_thread *t, char *buf)
{
	snprintf(buf, PS_TEXT, "%s%s", t->art ?: "", t->name);
}

/* The first eight characters. */
static void text_fname(const struct ps_thread *t, char *buf)
{
	snprintf(buf, PS_TEXT, "%.8s", t->name);
}

/* A command line, where there is one; a kernel thread has none, which the brackets say. */
static void text_args(const struct ps_thread *t, char *buf)
{
	bool brackets = t->flags & PF_KTHREAD && !t->bare;

	snprintf(buf, PS_TEXT, "%s%s%s%s", t->art ?: "", brackets ? "[" : "", t->name, brackets ? "]" : "");
}

/* ---- texts: how it is scheduled ---- */

static bool is_real_time(const struct ps_thread *t)
{
	return t->policy == SCHED_FIFO || t->policy == SCHED_RR;
}

static void text_class(const struct ps_thread *t, char *buf)
{
	static const char *const names[] = { "TS", "FF", "RR", "B", "ISO", "IDL", "DLN" };

	strscpy(buf, t->policy < ARRAY_SIZE(names) ? names[t->policy] : "?", PS_TEXT);
}

static void text_rtprio(const struct ps_thread *t, char *buf)
{
	if (t->policy == SCHED_NORMAL)
		text_none(t, buf);
	else
		snprintf(buf, PS_TEXT, "%u", t->rt_priority);
}

static void text_nice(const struct ps_thread *t, char *buf)
{
	if (t->policy == SCHED_NORMAL || t->policy == SCHED_BATCH)
		snprintf(buf, PS_TEXT, "%d", t->nice);
	else
		text_none(t, buf);
}

/* ---- texts: what it does ---- */

static void text_state(const struct ps_thread *t, char *buf)
{
	snprintf(buf, PS_TEXT, "%c", t->state);
}

/* The state, then: < better than nice 0, N worse, s leads a session (which only init would). */
static void text_stat(const struct ps_thread *t, char *buf)
{
	const char *nice = "";

	if (!is_real_time(t) && t->nice)
		nice = t->nice < 0 ? "<" : "N";
	snprintf(buf, PS_TEXT, "%c%s%s", t->state, nice, t->session == t->pid ? "s" : "");
}

static void text_wchan(const struct ps_thread *t, char *buf)
{
	const char *name = t->wchan ? kallsyms_lookup(t->wchan, NULL, NULL, NULL, NULL) : NULL;

	strscpy(buf, name ?: "-", PS_TEXT);
}

/* ---- texts: signals and registers, 16 hexadecimal digits ---- */

#define HEX(name, expr)							\
static void name(const struct ps_thread *t, char *buf)			\
{									\
	snprintf(buf, PS_TEXT, "%016lx", (expr));			\
}

HEX(hex_pending,	t->signals.pending)
HEX(hex_blocked,	t->signals.blocked)
HEX(hex_ignored,	t->signals.ignored)
HEX(hex_caught,		t->signals.caught)
HEX(hex_zero,		0UL)

/* The CPU it runs on, if it does. */
static void text_sgi_p(const struct ps_thread *t, char *buf)
{
	if (t->state == 'R')
		snprintf(buf, PS_TEXT, "%u", t->cpu);
	else
		strscpy(buf, "*", PS_TEXT);
}

/* ---- texts: shares ---- */

/* Thousandths. */
static void text_cpu_exact(const struct ps_thread *t, char *buf)
{
	u64 share = t->runtime * 100000 / max(t->now - t->started, 1ULL);

	snprintf(buf, PS_TEXT, "%llu.%03llu", share / 1000, share % 1000);
}

/* Four characters: 100 % goes without its decimal. */
static void text_cpu_share(const struct ps_thread *t, char *buf)
{
	s64 tenths = cpu_share(t);

	if (tenths > 999)
		snprintf(buf, PS_TEXT, "%lld", tenths / 10);
	else
		snprintf(buf, PS_TEXT, "%lld.%lld", tenths / 10, tenths % 10);
}

static void text_mem_share(const struct ps_thread *t, char *buf)
{
	strscpy(buf, "0.0", PS_TEXT);
}

/* ---- the table ---- */

const struct ps_column ps_columns[] = {
	/* name		header		w  align  number	text */
	{ "pid",	"PID",		0, RIGHT, pid,		NULL },
	{ "tid",	"TID",		0, RIGHT, pid,		NULL },
	{ "lwp",	"LWP",		0, RIGHT, pid,		NULL },
	{ "spid",	"SPID",		0, RIGHT, pid,		NULL },
	{ "tgid",	"TGID",		0, RIGHT, pid,		NULL },
	{ "ppid",	"PPID",		0, RIGHT, ppid,		NULL },
	{ "nlwp",	"NLWP",		4, RIGHT, one,		NULL },
	{ "thcount",	"THCNT",	5, RIGHT, one,		NULL },

	{ "comm",	"COMMAND",	15, LEFT, NULL,		text_comm },
	{ "ucomm",	"COMMAND",	15, LEFT, NULL,		text_comm },
	{ "ucmd",	"CMD",		15, LEFT, NULL,		text_comm },
	{ "args",	"COMMAND",	27, LEFT, NULL,		text_args },
	{ "command",	"COMMAND",	27, LEFT, NULL,		text_args },
	{ "cmd",	"CMD",		27, LEFT, NULL,		text_args },
	{ "fname",	"COMMAND",	8, LEFT,  NULL,		text_fname },
	{ "exe",	"EXE",		27, LEFT, NULL,		text_none },

	{ "user",	"USER",		8, LEFT,  NULL,		text_root },
	{ "uname",	"USER",		8, LEFT,  NULL,		text_root },
	{ "euser",	"EUSER",	8, LEFT,  NULL,		text_root },
	{ "ruser",	"RUSER",	8, LEFT,  NULL,		text_root },
	{ "group",	"GROUP",	8, LEFT,  NULL,		text_root },
	{ "uid",	"UID",		5, RIGHT, zero,		NULL },
	{ "euid",	"EUID",		5, RIGHT, zero,		NULL },
	{ "ruid",	"RUID",		5, RIGHT, zero,		NULL },
	{ "gid",	"GID",		5, RIGHT, zero,		NULL },
	{ "pgid",	"PGID",		0, RIGHT, session,	NULL },
	{ "pgrp",	"PGRP",		0, RIGHT, session,	NULL },
	{ "sid",	"SID",		0, RIGHT, session,	NULL },
	{ "sess",	"SESS",		0, RIGHT, session,	NULL },
	{ "session",	"SESS",		0, RIGHT, session,	NULL },
	{ "tpgid",	"TPGID",	0, RIGHT, minus_one,	NULL },
	{ "uid_hack",	"UID",		8, LEFT,  NULL,		text_root },
	{ "suser",	"SUSER",	8, LEFT,  NULL,		text_root },
	{ "svuser",	"SVUSER",	8, LEFT,  NULL,		text_root },
	{ "fuser",	"FUSER",	8, LEFT,  NULL,		text_root },
	{ "fsuser",	"FSUSER",	8, LEFT,  NULL,		text_root },
	{ "egroup",	"EGROUP",	8, LEFT,  NULL,		text_root },
	{ "rgroup",	"RGROUP",	8, LEFT,  NULL,		text_root },
	{ "sgroup",	"SGROUP",	8, LEFT,  NULL,		text_root },
	{ "svgroup",	"SVGROUP",	8, LEFT,  NULL,		text_root },
	{ "fgroup",	"FGROUP",	8, LEFT,  NULL,		text_root },
	{ "fsgroup",	"FSGROUP",	8, LEFT,  NULL,		text_root },
	{ "suid",	"SUID",		5, RIGHT, zero,		NULL },
	{ "svuid",	"SVUID",	5, RIGHT, zero,		NULL },
	{ "fuid",	"FUID",		5, RIGHT, zero,		NULL },
	{ "fsuid",	"FSUID",	5, RIGHT, zero,		NULL },
	{ "egid",	"EGID",		5, RIGHT, zero,		NULL },
	{ "rgid",	"RGID",		5, RIGHT, zero,		NULL },
	{ "sgid",	"SGID",		5, RIGHT, zero,		NULL },
	{ "svgid",	"SVGID",	5, RIGHT, zero,		NULL },
	{ "fgid",	"FGID",		5, RIGHT, zero,		NULL },
	{ "fsgid",	"FSGID",	5, RIGHT, zero,		NULL },
	{ "luid",	"LUID",		5, RIGHT, NULL,		text_none },
	{ "supgid",	"SUPGID",	20, LEFT, NULL,		text_none },
	{ "supgrp",	"SUPGRP",	40, LEFT, NULL,		text_none },
	{ "label",	"LABEL",	31, LEFT, NULL,		text_none },
	{ "context",	"CONTEXT",	31, LEFT, NULL,		text_none },
	{ "longtname",	"TTY",		8, LEFT,  NULL,		text_tty },
	{ "tty4",	"TTY",		4, LEFT,  NULL,		text_tty },
	{ "tty8",	"TTY",		8, LEFT,  NULL,		text_tty },
	{ "tty",	"TT",		8, LEFT,  NULL,		text_tty },
	{ "tt",		"TT",		8, LEFT,  NULL,		text_tty },
	{ "tname",	"TTY",		8, LEFT,  NULL,		text_tty },

	{ "stat",	"STAT",		4, LEFT,  NULL,		text_stat },
	{ "s",		"S",		1, LEFT,  NULL,		text_state },
	{ "state",	"S",		1, LEFT,  NULL,		text_state },
	{ "wchan",	"WCHAN",	6, LEFT,  NULL,		text_wchan },
	{ "wname",	"WCHAN",	6, LEFT,  NULL,		text_wchan },
	{ "f",		"F",		1, RIGHT, one,		NULL },	/* 1: forked, and became no program */
	{ "flag",	"F",		1, RIGHT, one,		NULL },
	{ "flags",	"F",		1, RIGHT, one,		NULL },

	{ "pending",	"PENDING",	16, RIGHT, NULL,	hex_pending },
	{ "sig",	"PENDING",	16, RIGHT, NULL,	hex_pending },
	{ "sig_pend",	"SIGNAL",	16, RIGHT, NULL,	hex_pending },
	{ "tsig",	"PENDING",	16, RIGHT, NULL,	hex_pending },
	{ "blocked",	"BLOCKED",	16, RIGHT, NULL,	hex_blocked },
	{ "sig_block",	"BLOCKED",	16, RIGHT, NULL,	hex_blocked },
	{ "sigmask",	"BLOCKED",	16, RIGHT, NULL,	hex_blocked },
	{ "ignored",	"IGNORED",	16, RIGHT, NULL,	hex_ignored },
	{ "sig_ignore",	"IGNORED",	16, RIGHT, NULL,	hex_ignored },
	{ "sigignore",	"IGNORED",	16, RIGHT, NULL,	hex_ignored },
	{ "caught",	"CAUGHT",	16, RIGHT, NULL,	hex_caught },
	{ "sig_catch",	"CATCHED",	16, RIGHT, NULL,	hex_caught },
	{ "sigcatch",	"CAUGHT",	16, RIGHT, NULL,	hex_caught },
	{ "stackp",	"STACKP",	16, RIGHT, NULL,	hex_zero },
	{ "start_stack", "STACKP",	16, RIGHT, NULL,	hex_zero },
	{ "eip",	"EIP",		16, RIGHT, NULL,	hex_zero },
	{ "esp",	"ESP",		16, RIGHT, NULL,	hex_zero },
	{ "tmout",	"TMOUT",	5, RIGHT, NULL,		text_none },
	{ "alarm",	"ALARM",	5, RIGHT, NULL,		text_none },

	{ "sgi_p",	"P",		1, RIGHT, cpu,		text_sgi_p },
	{ "lastcpu",	"C",		3, RIGHT, cpu,		NULL },
	{ "numa",	"NUMA",		4, RIGHT, zero,		NULL },
	{ "psr",	"PSR",		3, RIGHT, cpu,		NULL },
	{ "cpuid",	"CPUID",	5, RIGHT, cpu,		NULL },
	{ "cls",	"CLS",		3, RIGHT, policy,	text_class },
	{ "class",	"CLS",		3, LEFT,  policy,	text_class },
	{ "policy",	"POL",		3, LEFT,  policy,	text_class },
	{ "pol",	"POL",		3, LEFT,  policy,	text_class },
	{ "sched",	"SCH",		3, RIGHT, policy,	NULL },
	{ "rtprio",	"RTPRIO",	6, RIGHT, rtprio,	text_rtprio },
	{ "ni",		"NI",		3, RIGHT, nice,		text_nice },
	{ "nice",	"NI",		3, RIGHT, nice,		text_nice },
	{ "pri",	"PRI",		3, RIGHT, pri,		NULL },
	{ "opri",	"PRI",		3, RIGHT, opri,		NULL },
	{ "priority",	"PRI",		3, RIGHT, priority,	NULL },
	{ "intpri",	"PRI",		3, RIGHT, opri,		NULL },
	{ "pri_api",	"API",		3, RIGHT, pri_api,	NULL },
	{ "pri_bar",	"BAR",		3, RIGHT, pri_bar,	NULL },
	{ "pri_baz",	"BAZ",		3, RIGHT, pri_baz,	NULL },
	{ "pri_foo",	"FOO",		3, RIGHT, pri_foo,	NULL },

	{ "time",	"TIME",		8, RIGHT, runtime,	ps_text_time },
	{ "cputime",	"TIME",		8, RIGHT, runtime,	ps_text_time },
	{ "atime",	"TIME",		8, RIGHT, runtime,	ps_text_time },
	{ "cputimes",	"TIME",		8, RIGHT, runtime_s,	NULL },
	{ "times",	"TIME",		8, RIGHT, runtime_s,	NULL },
	{ "bsdtime",	"TIME",		6, RIGHT, runtime,	ps_text_bsdtime },
	{ "c",		"C",		2, RIGHT, cpu_percent,	NULL },
	{ "util",	"C",		2, RIGHT, cpu_percent,	NULL },
	{ "cp",		"CP",		3, RIGHT, cpu_share,	NULL },
	{ "cuu",	"%CUU",		6, RIGHT, runtime,	text_cpu_exact },
	{ "cuc",	"%CUC",		7, RIGHT, runtime,	text_cpu_exact },
	{ "pcpu",	"%CPU",		4, RIGHT, cpu_share,	text_cpu_share },
	{ "%cpu",	"%CPU",		4, RIGHT, cpu_share,	text_cpu_share },
	{ "etime",	"ELAPSED",	11, RIGHT, age,		ps_text_etime },
	{ "etimes",	"ELAPSED",	7, RIGHT, age_s,	NULL },
	{ "stime",	"STIME",	5, LEFT,  started,	ps_text_stime },
	{ "start_time",	"START",	5, LEFT,  started,	ps_text_stime },
	{ "start",	"STARTED",	8, RIGHT, started,	ps_text_start },
	{ "lstart",	"STARTED",	24, RIGHT, started,	ps_text_lstart },
	{ "bsdstart",	"START",	6, RIGHT, started,	ps_text_bsdstart },

	{ "pmem",	"%MEM",		4, RIGHT, zero,		text_mem_share },
	{ "%mem",	"%MEM",		4, RIGHT, zero,		text_mem_share },
	{ "vsz",	"VSZ",		6, RIGHT, zero,		NULL },
	{ "vsize",	"VSZ",		6, RIGHT, zero,		NULL },
	{ "rss",	"RSS",		5, RIGHT, zero,		NULL },
	{ "rssize",	"RSS",		5, RIGHT, zero,		NULL },
	{ "sz",		"SZ",		5, RIGHT, zero,		NULL },
	{ "rsz",	"RSZ",		5, RIGHT, zero,		NULL },
	{ "sgi_rss",	"RSS",		4, LEFT,  zero,		NULL },
	{ "pss",	"PSS",		5, RIGHT, zero,		NULL },
	{ "uss",	"USS",		5, RIGHT, zero,		NULL },
	{ "drs",	"DRS",		5, RIGHT, zero,		NULL },
	{ "dsiz",	"DSIZ",		4, RIGHT, zero,		NULL },
	{ "trs",	"TRS",		4, RIGHT, zero,		NULL },
	{ "trss",	"TRSS",		4, RIGHT, zero,		NULL },
	{ "tsiz",	"TSIZ",		4, RIGHT, zero,		NULL },
	{ "m_drs",	"DRS",		5, RIGHT, zero,		NULL },
	{ "m_trs",	"TRS",		5, RIGHT, zero,		NULL },
	{ "m_size",	"SIZE",		5, RIGHT, zero,		NULL },
	{ "maj_flt",	"MAJFL",	6, RIGHT, zero,		NULL },
	{ "majflt",	"MAJFLT",	6, RIGHT, zero,		NULL },
	{ "min_flt",	"MINFL",	6, RIGHT, zero,		NULL },
	{ "minflt",	"MINFLT",	6, RIGHT, zero,		NULL },
	{ "pagein",	"PAGEIN",	6, RIGHT, zero,		NULL },
	{ "size",	"SIZE",		5, RIGHT, zero,		NULL },
	{ "addr",	"ADDR",		4, RIGHT, NULL,		text_none },
};

const unsigned int nr_ps_columns = ARRAY_SIZE(ps_columns);

const struct ps_column *ps_find_column(const char *name)
{
	for (const struct ps_column *col = ps_columns; col < ps_columns + nr_ps_columns; col++)
		if (strcmp(col->name, name) == 0)
			return col;
	return NULL;
}

unsigned int ps_column_width(const struct ps_column *col)
{
	return col->width ? col->width : snprintf(NULL, 0, "%d", pid_max - 1);
}

const char *ps_column_text(const struct ps_column *col, const struct ps_thread *t, char *buf)
{
	if (col->text)
		col->text(t, buf);
	else
		snprintf(buf, PS_TEXT, "%lld", col->number(t));
	return buf;
}
