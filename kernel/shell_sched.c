/* SPDX-License-Identifier: MIT */
/*
 * The shell's commands about how a thread is scheduled: nice, renice, chrt, taskset; with the output of coreutils and
 * util-linux.
 *
 * Each looks at a thread, changes one, or runs a command under other rules: for that it changes itself, and then is the
 * command, on the same thread and under the command's name.
 * Read next: sched/policy.c, sched/affinity.c.
 */
#include "error_text.h"
#include "shell.h"
#include "proc/proc.h"
#include <linux/array_size.h>
#include <linux/console.h>
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/string.h>

/* ---- what they share ---- */

/* Be that command from here on. */
static int become(const char *who, int argc, char **argv)
{
	const struct shell_command *c = shell_find(argv[0]);

	if (!c || c->builtin) {
		console_printf("%s: failed to execute %s: %s\n", who, argv[0],
			       c ? "it is about the shell itself" :
				   "No such file or directory (help lists the commands)");
		return -ENOENT;
	}
	set_task_comm(current, c->name);
	return c->run(argc, argv);
}

/* A thread by its PID, 0 being the caller, with a reference. what: "get pid %d's policy", for the complaint. */
static struct task_struct *find_thread(const char *who, const char *word, const char *what)
{
	struct task_struct *p;
	int pid;

	if (kstrtoint(word, 10, &pid) || pid < 0) {
		console_printf("%s: invalid PID argument: '%s'\n", who, word);
		return NULL;
	}
	p = pid ? find_get_task_by_vpid(pid) : get_task_struct(current);
	if (!p) {
		console_printf("%s: failed to ", who);
		console_printf(what, pid);
		console_printf(": No such process\n");
	}
	return p;
}

/* ---- nice, renice ---- */

static int bad_nice(const char *who, const char *word)
{
	console_printf("%s: invalid priority '%s'; -20 (most) to 19 (least), as in: %s\n", who, word,
		       !strcmp(who, "nice") ? "nice -n 5 ps" : "renice -n 5 -p 12");
	return -EINVAL;
}

static int run_nice(int argc, char **argv)
{
	int add = 10, first = 1;
	const char *word = NULL;

	if (argc == 1) {
		console_printf("%d\n", task_nice(current));
		return 0;
	}
	if (!strcmp(argv[1], "-n")) {
		word = argc > 2 ? argv[2] : "";
		first = 3;
	} else if (argv[1][0] == '-') {
		word = argv[1] + (argv[1][1] == 'n' ? 2 : 1);
		first = 2;
	}
	if ((word && kstrtoint(word, 10, &add)) || first >= argc)
		return bad_nice("nice", word ?: "");
	set_user_nice(current, clamp(task_nice(current) + add, MIN_NICE, MAX_NICE));
	return become("nice", argc - first, argv + first);
}

static int renice_one(const char *word, int nice)
{
	struct task_struct *p = find_thread("renice", word, "get priority for %d (process ID)");
	int before;

	if (!p)
		return -ESRCH;
	before = task_nice(p);
	set_user_nice(p, nice);
	console_printf("%d (process ID) old priority %d, new priority %d\n", p->pid, before, task_nice(p));
	put_task_struct(p);
	return 0;
}

static int run_renice(int argc, char **argv)
{
	int at = 1, nice, err = 0;

	if (at < argc && (!strcmp(argv[at], "-n") || !strcmp(argv[at], "--priority")))
		at++;
	if (at >= argc || kstrtoint(argv[at], 10, &nice))
		return bad_nice("renice", at < argc ? argv[at] : "");
	at++;
	if (at < argc && (!strcmp(argv[at], "-p") || !strcmp(argv[at], "--pid")))
		at++;
	if (at >= argc)
		return bad_nice("renice", "");
	for (; at < argc; at++)
		err = renice_one(argv[at], clamp(nice, MIN_NICE, MAX_NICE)) ?: err;
	return err;
}

/* ---- chrt ---- */

static const struct policy {
	char		letter;
	int		policy;
	const char	*name;
	int		min, max;
} policies[] = {
	{ 'o', SCHED_NORMAL, "SCHED_OTHER", 0, 0 },
	{ 'f', SCHED_FIFO, "SCHED_FIFO", 1, 99 },
	{ 'r', SCHED_RR, "SCHED_RR", 1, 99 },
	{ 'b', SCHED_BATCH, "SCHED_BATCH", 0, 0 },
	{ 'i', SCHED_IDLE, "SCHED_IDLE", 0, 0 },
};

static const char *policy_name(unsigned int policy)
{
	for (int i = 0; i < ARRAY_SIZE(policies); i++)
		if (policies[i].policy == policy)
			return policies[i].name;
	return "unknown";
}

static void show_policy(struct task_struct *p, const char *which)
{
	console_printf("pid %d's %s scheduling policy: %s%s\n", p->pid, which, policy_name(READ_ONCE(p->policy)),
		       READ_ONCE(p->sched_reset_on_fork) ? "|SCHED_RESET_ON_FORK" : "");
	console_printf("pid %d's %s scheduling priority: %u\n", p->pid, which, READ_ONCE(p->rt_priority));
}

static int show_ranges(void)
{
	for (int i = 0; i < ARRAY_SIZE(policies); i++)
		console_printf("%s min/max priority\t: %d/%d\n", policies[i].name, policies[i].min, policies[i].max);
	return 0;
}

struct chrt {
	const struct policy	*policy;	/* NULL: none was named; -p sets RR then */
	bool			is_pid, is_max, reset, verbose;
};

/* Return: how many words of argv were options, or -EINVAL. */
static int chrt_options(struct chrt *c, int argc, char **argv)
{
	int at = 1;

	for (; at < argc && argv[at][0] == '-' && argv[at][1]; at++)
		for (const char *o = argv[at] + 1; *o; o++) {
			const struct policy *named = NULL;

			for (int i = 0; i < ARRAY_SIZE(policies); i++)
				if (policies[i].letter == *o)
					named = &policies[i];
			c->policy = named ?: c->policy;
			c->is_pid |= *o == 'p';
			c->is_max |= *o == 'm';
			c->reset |= *o == 'R';
			c->verbose |= *o == 'v';
			if (!named && !strchr("pmRv", *o)) {
				console_printf("chrt: unknown option -%c; as in: chrt -p 2, chrt -f -p 50 12\n", *o);
				return -EINVAL;
			}
		}
	return at;
}

static int set_policy(const struct chrt *c, struct task_struct *p, const char *word)
{
	const struct policy *policy = c->policy ?: &policies[2];
	struct sched_param param = { 0 };
	int err;

	if (kstrtoint(word, 10, &param.sched_priority)) {
		console_printf("chrt: invalid priority argument: '%s'\n", word);
		return -EINVAL;
	}
	if (param.sched_priority < policy->min || param.sched_priority > policy->max) {
		console_printf("chrt: unsupported priority value for the policy: %d: %s takes %d to %d (chrt -m)\n",
			       param.sched_priority, policy->name, policy->min, policy->max);
		return -EINVAL;
	}
	err = sched_setscheduler(p, policy->policy | (c->reset ? SCHED_RESET_ON_FORK : 0), &param);
	if (err)
		console_printf("chrt: failed to set pid %d's policy: %s\n", p->pid, error_text(err));
	else if (c->verbose)
		show_policy(p, "new");
	return err;
}

static int chrt_of_pid(const struct chrt *c, const char *prio, const char *pid)
{
	struct task_struct *p = find_thread("chrt", pid, "get pid %d's policy");
	int err = 0;

	if (!p)
		return -ESRCH;
	if (!prio || c->verbose)
		show_policy(p, "current");
	if (prio)
		err = set_policy(c, p, prio);
	put_task_struct(p);
	return err;
}

static int run_chrt(int argc, char **argv)
{
	struct chrt c = { .policy = NULL };
	int at = chrt_options(&c, argc, argv), left = argc - at, err;
	bool fixed = c.policy && c.policy->max == 0;

	if (at < 0)
		return at;
	if (c.is_max)
		return show_ranges();
	if (c.is_pid && (left == 1 || left == 2))
		return chrt_of_pid(&c, left == 2 ? argv[at] : fixed ? "0" : NULL, argv[argc - 1]);
	if (c.is_pid || left < 2) {
		console_printf("chrt: whom, or what? As in: chrt -p 2, chrt -f -p 50 12, chrt -r 10 ps\n");
		return -EINVAL;
	}
	err = set_policy(&c, current, argv[at]);
	return err ?: become("chrt", left - 1, argv + at + 1);
}

/* ---- taskset ---- */

/* "0,1" for two in a row, "0-2" for more: util-linux's way. */
static void format_list(const cpumask_t *mask, char *buf, size_t size)
{
	size_t n = 0;

	*buf = '\0';
	for (int cpu = cpumask_first(mask); cpu < nr_cpu_ids; ) {
		int last = cpu;

		while (last + 1 < nr_cpu_ids && cpumask_test_cpu(last + 1, mask))
			last++;
		n += scnprintf(buf + n, size - n, "%s%d", n ? "," : "", cpu);
		if (last > cpu)
			n += scnprintf(buf + n, size - n, "%c%d", last == cpu + 1 ? ',' : '-', last);
		cpu = cpumask_next(last, mask);
	}
}

static void show_affinity(struct task_struct *p, const char *which, bool list)
{
	cpumask_t mask = p->cpus_mask;
	unsigned long bits = cpumask_bits(&mask)[0];
	char buf[256];

	cpumask_and(&mask, &mask, cpu_possible_mask);
	bits = cpumask_bits(&mask)[0];
	if (list)
		format_list(&mask, buf, sizeof(buf));
	else
		snprintf(buf, sizeof(buf), "%lx", bits);
	console_printf("pid %d's %s affinity %s: %s\n", p->pid, which, list ? "list" : "mask", buf);
}

/* "0,2-4": each word a number or a range. */
static bool parse_list(const char *word, cpumask_t *mask)
{
	char *end;

	for (cpumask_clear(mask); ; word = end + 1) {
		unsigned long from = simple_strtoul(word, &end, 10), to = from;

		if (end == word)
			return false;
		if (*end == '-') {
			word = end + 1;
			to = simple_strtoul(word, &end, 10);
			if (end == word)
				return false;
		}
		if (from > to || to >= NR_CPUS)
			return false;
		for (; from <= to; from++)
			cpumask_set_cpu(from, mask);
		if (*end != ',')
			return !*end;
	}
}

static bool parse_mask(const char *word, cpumask_t *mask)
{
	unsigned long bits;

	cpumask_clear(mask);
	if (kstrtoul(word, 16, &bits))
		return false;
	cpumask_bits(mask)[0] = bits;
	return true;
}

static int set_affinity(struct task_struct *p, const char *word, bool list)
{
	cpumask_t mask;
	int err;

	if (!(list ? parse_list(word, &mask) : parse_mask(word, &mask))) {
		console_printf("taskset: failed to parse CPU %s: %s; as in: taskset %s\n", list ? "list" : "mask", word,
			       list ? "-cp 0,2-3 12" : "-p 3 12");
		return -EINVAL;
	}
	err = sched_setaffinity(p->pid, &mask);
	if (err)
		console_printf("taskset: failed to set pid %d's affinity: %s%s\n", p->pid, error_text(err),
			       p->flags & PF_NO_SETAFFINITY ? " (the kernel has bound it)" :
			       cpumask_intersects(&mask, cpu_online_mask) ? "" :
			       " (none of these CPUs is online; cpu lists them)");
	return err;
}

static int taskset_of_pid(const char *set, const char *pid, bool list)
{
	struct task_struct *p = find_thread("taskset", pid, "get pid %d's affinity");
	int err = 0;

	if (!p)
		return -ESRCH;
	show_affinity(p, "current", list);
	if (set)
		err = set_affinity(p, set, list);
	if (set && !err)
		show_affinity(p, "new", list);
	put_task_struct(p);
	return err;
}

static int run_taskset(int argc, char **argv)
{
	bool is_pid = false, list = false;
	int at = 1, left, err;

	for (; at < argc && argv[at][0] == '-' && argv[at][1]; at++)
		for (const char *o = argv[at] + 1; *o; o++) {
			is_pid |= *o == 'p';
			list |= *o == 'c';
			if (!strchr("pca", *o)) {
				console_printf("taskset: unknown option -%c; it knows -p and -c\n", *o);
				return -EINVAL;
			}
		}
	left = argc - at;
	if (is_pid && (left == 1 || left == 2))
		return taskset_of_pid(left == 2 ? argv[at] : NULL, argv[argc - 1], list);
	if (is_pid || left < 2) {
		console_printf("taskset: whom, or what? As in: taskset -p 2, taskset -cp 0-1 12, taskset 1 ps\n");
		return -EINVAL;
	}
	err = set_affinity(current, argv[at], list);
	return err ?: become("taskset", left - 1, argv + at + 1);
}

SHELL_COMMAND(nice, run_nice, "[-n N] [COMMAND]", "run a command with another nice value",
	"  N (10) is added to the caller's; -20 is most of the CPU, 19 least. Alone: print it.\n"
	"  Example: nice -n 5 ps -o pid,ni,comm", .group = "threads");
SHELL_COMMAND(renice, run_renice, "[-n] N [-p] PID...", "change threads' nice value",
	"  Kept aside for real-time threads. Example: renice -n 5 -p 12", .group = "threads");
SHELL_COMMAND(chrt, run_chrt, "[-forbiRvm] [-p] [PRIO] PID|COMMAND", "look at, or change, a scheduling policy",
	"  -f FIFO, -r RR (as without any), -o NORMAL, -b BATCH, -i IDLE; -R: its children are NORMAL; -m: which\n"
	"  priorities each takes. With a command: run it so. Example: chrt -f -p 50 12; chrt -p 12; chrt -m",
	.group = "threads");
SHELL_COMMAND(taskset, run_taskset, "[-c] [-p] [MASK] PID|COMMAND",
	"look at, or change, on which CPUs a thread may run",
	"  MASK is hexadecimal, with -c a list (0,2-3). With a command: run it there.\n"
	"  Example: taskset -cp 0-1 12; taskset -p 12", .group = "threads");
