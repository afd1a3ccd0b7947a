/* SPDX-License-Identifier: MIT */
/*
 * The shell's commands that find threads by name: pgrep, pidof, and pkill, killall, which send them a signal.
 *
 * pgrep's pattern is any part of the name, ^ and $ at its ends meaning what they do elsewhere; pidof and killall take
 * whole names. Nobody sends a signal to himself.
 */
#include "shell.h"
#include "signal_names.h"
#include <linux/array_size.h>
#include <linux/console.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/string.h>
#include <linux/workqueue.h>

static bool matches(const char *name, const char *pattern, bool whole)
{
	size_t len = strlen(pattern), n = strlen(name);
	bool begin = *pattern == '^', end = len && pattern[len - 1] == '$';
	char bare[64];

	if (whole)
		return !strcmp(name, pattern);
	strscpy(bare, pattern + begin, sizeof(bare));
	len = strlen(bare);
	if (end && len)
		bare[--len] = '\0';
	if (begin && end)
		return !strcmp(name, bare);
	if (begin)
		return strstarts(name, bare);
	return end ? n >= len && !strcmp(name + n - len, bare) : strstr(name, bare) != NULL;
}

struct search {
	const char	*pattern;
	bool		whole;
	pid_t		parent;		/* 0: anybody's children */
};

static bool is_wanted(const struct search *s, struct task_struct *p, char *name, size_t size)
{
	wq_worker_comm(name, size, p);
	return matches(name, s->pattern, s->whole) && (!s->parent || task_ppid_nr(p) == s->parent);
}

/* The next one that matches, with a reference; prev is put. */
static struct task_struct *find_next(const struct search *s, struct task_struct *prev, char *name, size_t size)
{
	struct task_struct *p = prev;

	while ((p = next_task_get(p)))
		if (p != current && is_wanted(s, p, name, size))
			return p;
	return NULL;
}

/* ---- pgrep ---- */

struct pgrep {
	struct search	search;
	bool		with_name, count, oldest, newest;
	int		sig;		/* pkill; -1: only list */
};

static int pgrep_usage(const char *who)
{
	console_printf("%s: a name or a part of one, as in: %s kworker\n", who,
		       strcmp(who, "pkill") ? "pgrep -l" : "pkill -HUP");
	return -EINVAL;
}

/* Return: how many words were options, or a negative errno. */
static int pgrep_options(struct pgrep *g, const char *who, int argc, char **argv)
{
	int at = 1;

	for (; at < argc && argv[at][0] == '-' && argv[at][1]; at++) {
		const char *o = argv[at] + 1;

		if (!strcmp(o, "P") && at + 1 < argc && !kstrtoint(argv[at + 1], 10, &g->search.parent)) {
			at++;
			continue;
		}
		if (g->sig >= 0 && signal_by_name(o) >= 0) {
			g->sig = signal_by_name(o);
			continue;
		}
		for (; *o; o++) {
			g->search.whole |= *o == 'x';
			g->with_name |= *o == 'l' || *o == 'a';
			g->count |= *o == 'c';
			g->oldest |= *o == 'o';
			g->newest |= *o == 'n';
			if (!strchr("xlacon", *o)) {
				console_printf("%s: unknown option -%c; it knows -x -l -c -o -n -P PID\n", who, *o);
				return -EINVAL;
			}
		}
	}
	return at == argc - 1 ? at : pgrep_usage(who);
}

static void deal_with(const struct pgrep *g, const char *who, struct task_struct *p, const char *name)
{
	if (g->sig >= 0)
		signal_send(who, p, g->sig);
	else if (g->with_name)
		console_printf("%d %s\n", p->pid, name);
	else if (!g->count)
		console_printf("%d\n", p->pid);
}

static int run_pgrep(int argc, char **argv)
{
	struct pgrep g = { .sig = strcmp(argv[0], "pkill") ? -1 : SIGTERM };
	int at = pgrep_options(&g, argv[0], argc, argv), found = 0;
	struct task_struct *p = NULL, *chosen = NULL;
	char name[64];

	if (at < 0)
		return at;
	g.search.pattern = argv[at];
	while ((p = find_next(&g.search, p, name, sizeof(name)))) {
		bool later = chosen && p->start_time >= chosen->start_time;

		found++;
		if (!g.oldest && !g.newest) {
			deal_with(&g, argv[0], p, name);
		} else if (!chosen || later == g.newest) {
			if (chosen)
				put_task_struct(chosen);
			chosen = get_task_struct(p);
		}
	}
	if (chosen) {
		wq_worker_comm(name, sizeof(name), chosen);
		deal_with(&g, argv[0], chosen, name);
		put_task_struct(chosen);
	}
	if (g.count)
		console_printf("%d\n", found);
	return found ? 0 : -ESRCH;
}

/* ---- pidof, killall ---- */

/* The newest first, as pidof does; of more than 64 the newest ones. */
static int print_pids(const char *name, int found)
{
	struct search s = { .pattern = name, .whole = true };
	pid_t pids[64];
	struct task_struct *p = NULL;
	char buf[64];
	int n = 0;

	while ((p = find_next(&s, p, buf, sizeof(buf)))) {
		if (n == ARRAY_SIZE(pids))
			memmove(pids, pids + 1, --n * sizeof(*pids));
		pids[n++] = p->pid;
	}
	while (n)
		console_printf("%s%d", found++ ? " " : "", pids[--n]);
	return found;
}

static int run_pidof(int argc, char **argv)
{
	int found = 0;

	if (argc < 2) {
		console_printf("pidof: which name? As in: pidof kthreadd\n");
		return -EINVAL;
	}
	for (int i = 1; i < argc; i++)
		found = print_pids(argv[i], found);
	if (found)
		console_printf("\n");
	return found ? 0 : -ESRCH;
}

static int kill_named(const char *name, int sig)
{
	struct search s = { .pattern = name, .whole = true };
	struct task_struct *p = NULL;
	bool found = false;
	char buf[64];

	while ((p = find_next(&s, p, buf, sizeof(buf)))) {
		signal_send("killall", p, sig);
		found = true;
	}
	if (!found)
		console_printf("%s: no process found\n", name);
	return found ? 0 : -ESRCH;
}

static int run_killall(int argc, char **argv)
{
	int sig = SIGTERM, at = 1, err = 0;

	if (at < argc && argv[at][0] == '-')
		sig = signal_by_name(argv[at++] + 1);
	if (sig < 0 || at >= argc) {
		console_printf("killall: which signal to whom? As in: killall -TERM hello (kill -l lists them)\n");
		return -EINVAL;
	}
	for (; at < argc; at++)
		err = kill_named(argv[at], sig) ?: err;
	return err;
}

SHELL_COMMAND(pgrep, run_pgrep, "[-xlcon] [-P PID] PATTERN", "the PIDs of threads with this in their name",
	"  -x: the whole name. -l: with the name. -c: how many. -o, -n: the oldest, newest. -P: its children.\n"
	"  Example: pgrep -l kworker", .group = "threads");
SHELL_COMMAND(pkill, run_pgrep, "[-SIGNAL] [-xon] PATTERN", "send a signal to threads with this in their name",
	"  As pgrep finds them. Example: pkill -HUP -x hello", .group = "threads");
SHELL_COMMAND(pidof, run_pidof, "NAME...", "the PIDs of threads with that name",
	"  The newest first. Example: pidof kthreadd", .group = "threads");
SHELL_COMMAND(killall, run_killall, "[-SIGNAL] NAME...", "send a signal to all threads with that name",
	"  Example: killall -TERM hello", .group = "threads");
