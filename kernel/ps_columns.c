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
NUMBER(pri,		39 - t->prio)	/* higher is better */
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
	strscpy(buf, t->name, PS_TEXT);
}

/* A command line, where there is one; a kernel thread has none, which the brackets say. */
static void text_args(const struct ps_thread *t, char *buf)
{
	snprintf(buf, PS_TEXT, t->flags & PF_KTHREAD ? "[%s]" : "%s", t->name);
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
	snprintf(buf, PS_TEXT, "%c%s%s", t->state, nice, t->pid == 1 ? "s" : "");
}

static void text_wchan(const struct ps_thread *t, char *buf)
{
	if (t->wchan)
		snprintf(buf, PS_TEXT, "%ps", (void *)t->wchan);
	else
		text_none(t, buf);
}

/* ---- texts: spans of time ---- */

struct hms {
	u64 days;
	unsigned int hours, minutes, seconds;
};

static struct hms split_time(u64 ns)
{
	u64 s = ns / NSEC_PER_SEC;

	return (struct hms){ s / 86400, s / 3600 % 24, s / 60 % 60, s % 60 };
}

static void text_time(const struct ps_thread *t, char *buf)
{
	struct hms h = split_time(t->runtime);
	int n = h.days ? snprintf(buf, PS_TEXT, "%llu-", h.days) : 0;

	snprintf(buf + n, PS_TEXT - n, "%02u:%02u:%02u", h.hours, h.minutes, h.seconds);
}

static void text_bsdtime(const struct ps_thread *t, char *buf)
{
	u64 s = t->runtime / NSEC_PER_SEC;

	snprintf(buf, PS_TEXT, "%llu:%02llu", s / 60, s % 60);
}

static void text_etime(const struct ps_thread *t, char *buf)
{
	struct hms h = split_time(t->now - t->started);
	int n = 0;

	if (h.days)
		n += snprintf(buf, PS_TEXT, "%llu-", h.days);
	if (h.days || h.hours)
		n += snprintf(buf + n, PS_TEXT - n, "%02u:", h.hours);
	snprintf(buf + n, PS_TEXT - n, "%02u:%02u", h.minutes, h.seconds);
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

/* ---- texts: points in time ---- */

static const char months[12][4] = {
	"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
};
static const char weekdays[7][4] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };

/* The date and time (UTC) when the clock of ktime_get() said mono. */
static struct tm date_of(u64 mono)
{
	struct tm tm;

	time64_to_tm(ktime_mono_to_real(mono) / NSEC_PER_SEC, 0, &tm);
	return tm;
}

static bool is_within_a_day(const struct ps_thread *t)
{
	return t->now - t->started < 86400ULL * NSEC_PER_SEC;
}

/* Today a time, this year a day, else a year: five characters. */
static void text_stime(const struct ps_thread *t, char *buf)
{
	struct tm then = date_of(t->started), now = date_of(t->now);

	if (then.tm_year != now.tm_year)
		snprintf(buf, PS_TEXT, " %ld", then.tm_year + 1900);
	else if (then.tm_yday != now.tm_yday)
		snprintf(buf, PS_TEXT, "%s%02d", months[then.tm_mon], then.tm_mday);
	else
		snprintf(buf, PS_TEXT, "%02d:%02d", then.tm_hour, then.tm_min);
}

static void text_start(const struct ps_thread *t, char *buf)
{
	struct tm tm = date_of(t->started);

	if (is_within_a_day(t))
		snprintf(buf, PS_TEXT, "%02d:%02d:%02d", tm.tm_hour, tm.tm_min, tm.tm_sec);
	else
		snprintf(buf, PS_TEXT, "%s %02d", months[tm.tm_mon], tm.tm_mday);
}

static void text_bsdstart(const struct ps_thread *t, char *buf)
{
	struct tm tm = date_of(t->started);

	if (is_within_a_day(t))
		snprintf(buf, PS_TEXT, "%02d:%02d", tm.tm_hour, tm.tm_min);
	else
		snprintf(buf, PS_TEXT, "%s %2d", months[tm.tm_mon], tm.tm_mday);
}

static void text_lstart(const struct ps_thread *t, char *buf)
{
	struct tm tm = date_of(t->started);

	snprintf(buf, PS_TEXT, "%s %s %2d %02d:%02d:%02d %ld", weekdays[tm.tm_wday], months[tm.tm_mon], tm.tm_mday,
		 tm.tm_hour, tm.tm_min, tm.tm_sec, tm.tm_year + 1900);
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

	{ "user",	"USER",		8, LEFT,  NULL,		text_root },
	{ "uname",	"USER",		8, LEFT,  NULL,		text_root },
	{ "euser",	"EUSER",	8, LEFT,  NULL,		text_root },
	{ "ruser",	"RUSER",	8, LEFT,  NULL,		text_root },
	{ "group",	"GROUP",	8, LEFT,  NULL,		text_root },
	{ "uid",	"UID",		5, RIGHT, zero,		NULL },
	{ "euid",	"EUID",		5, RIGHT, zero,		NULL },
	{ "ruid",	"RUID",		5, RIGHT, zero,		NULL },
	{ "gid",	"GID",		5, RIGHT, zero,		NULL },
	{ "pgid",	"PGID",		0, RIGHT, zero,		NULL },
	{ "sid",	"SID",		0, RIGHT, zero,		NULL },
	{ "tty",	"TT",		8, LEFT,  NULL,		text_tty },
	{ "tt",		"TT",		8, LEFT,  NULL,		text_tty },
	{ "tname",	"TTY",		8, LEFT,  NULL,		text_tty },

	{ "stat",	"STAT",		4, LEFT,  NULL,		text_stat },
	{ "s",		"S",		1, LEFT,  NULL,		text_state },
	{ "state",	"S",		1, LEFT,  NULL,		text_state },
	{ "wchan",	"WCHAN",	6, LEFT,  NULL,		text_wchan },
	{ "f",		"F",		1, RIGHT, one,		NULL },	/* 1: forked, and became no program */
	{ "flag",	"F",		1, RIGHT, one,		NULL },
	{ "flags",	"F",		1, RIGHT, one,		NULL },

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

	{ "time",	"TIME",		8, RIGHT, runtime,	text_time },
	{ "cputime",	"TIME",		8, RIGHT, runtime,	text_time },
	{ "cputimes",	"TIME",		8, RIGHT, runtime_s,	NULL },
	{ "times",	"TIME",		8, RIGHT, runtime_s,	NULL },
	{ "bsdtime",	"TIME",		6, RIGHT, runtime,	text_bsdtime },
	{ "c",		"C",		2, RIGHT, cpu_percent,	NULL },
	{ "pcpu",	"%CPU",		4, RIGHT, cpu_share,	text_cpu_share },
	{ "%cpu",	"%CPU",		4, RIGHT, cpu_share,	text_cpu_share },
	{ "etime",	"ELAPSED",	11, RIGHT, age,		text_etime },
	{ "etimes",	"ELAPSED",	7, RIGHT, age_s,	NULL },
	{ "stime",	"STIME",	5, LEFT,  started,	text_stime },
	{ "start_time",	"START",	5, LEFT,  started,	text_stime },
	{ "start",	"STARTED",	8, RIGHT, started,	text_start },
	{ "lstart",	"STARTED",	24, RIGHT, started,	text_lstart },
	{ "bsdstart",	"START",	6, RIGHT, started,	text_bsdstart },

	{ "pmem",	"%MEM",		4, RIGHT, zero,		text_mem_share },
	{ "%mem",	"%MEM",		4, RIGHT, zero,		text_mem_share },
	{ "vsz",	"VSZ",		6, RIGHT, zero,		NULL },
	{ "vsize",	"VSZ",		6, RIGHT, zero,		NULL },
	{ "rss",	"RSS",		5, RIGHT, zero,		NULL },
	{ "rssize",	"RSS",		5, RIGHT, zero,		NULL },
	{ "sz",		"SZ",		5, RIGHT, zero,		NULL },
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
