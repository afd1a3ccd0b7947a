/* SPDX-License-Identifier: MIT */
/*
 * `trace`: ftrace's files as one command.
 *
 *	trace on                    echo 1 > events/sched/enable; echo 1 > tracing_on
 *	trace filter sched_switch   echo sched_switch > set_event
 *	trace filter pid 41         echo 41 > set_event_pid
 *	trace filter cpu 0-1        echo 3 > tracing_cpumask
 *	trace show                  cat trace
 *	trace stat                  cat per_cpu/cpu*\/stats
 *
 * Reading does not stop the trace, and does not consume it; who wants to read in peace switches it off first.
 *
 * Read next: output.c.
 */
#include "../shell.h"
#include "trace.h"
#include <linux/cmdline.h>
#include <linux/console.h>
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/ftrace.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

static int trace_usage(void)
{
	console_printf("trace: right would be: trace on, off, show [N], clear, stat, events, dump,\n"
		       "       size [BYTES], filter EVENT[,EVENT...], filter pid N, filter cpu LIST, filter off\n");
	return -EINVAL;
}

/* ---- show ---- */

static void print_event(struct trace_iter *it, unsigned int digits)
{
	if (it->lost)
		console_write(it->line, trace_format_lost(it));
	console_write(it->line, trace_format(it, digits));
}

/* The last `limit` events: those before are passed over, without a word about what was lost among them. */
static int show(u64 limit, unsigned int digits)
{
	struct trace_iter *it = vmalloc(sizeof(*it));
	struct trace_count count;
	char head[700];
	u64 skip;

	if (!it)
		return -ENOMEM;
	trace_format_head(head, sizeof(head));
	console_write(head, strlen(head));
	trace_count(-1, &count);
	skip = count.kept > limit ? count.kept - limit : 0;
	trace_iter_begin(it);
	while (!shell_interrupted() && trace_iter_next(it)) {
		if (skip)
			skip--;
		else
			print_event(it, digits);
	}
	vfree(it);
	return shell_interrupted() ? -EINTR : 0;
}

static int run_show(int argc, char **argv)
{
	unsigned int digits = 6;
	u64 limit = U64_MAX;

	for (int i = 2; i < argc; i++) {
		if (!strcmp(argv[i], "-t")) {
			digits = 9;
		} else if (kstrtou64(argv[i], 10, &limit) || !limit) {
			console_printf("trace show: %s is no number of events\n", argv[i]);
			return -EINVAL;
		}
	}
	return show(limit, digits);
}

/* ---- filter ---- */

static int filter_pid(const char *arg)
{
	pid_t pid;

	if (!arg || kstrtoint(arg, 10, &pid) || pid < 0) {
		console_printf("trace filter pid: one number, please, as ps shows it; 0 for every thread\n");
		return -EINVAL;
	}
	WRITE_ONCE(trace_filter_pid, pid);
	return 0;
}

static int filter_cpu(const char *arg)
{
	struct cpumask mask;

	if (!arg || cpulist_parse(arg, &mask) || !cpumask_intersects(&mask, cpu_possible_mask)) {
		console_printf("trace filter cpu: a list of CPUs, please, for example 0-1,3\n");
		return -EINVAL;
	}
	cpumask_copy(&trace_filter_cpus, &mask);
	return 0;
}

/* Only these, from now on. Which do not exist is found before anything is changed. */
static int filter_events(int n, char **patterns)
{
	int err = 0;

	for (int i = 0; i < n; i++) {
		for (char *p = patterns[i]; p; p = strchr(p, ',') ? strchr(p, ',') + 1 : NULL) {
			char one[48];

			strscpy(one, p, min(sizeof(one), (size_t)(strchrnul(p, ',') - p) + 1));
			if (trace_is_event(one))
				continue;
			console_printf("trace filter: there is no event %s; trace events lists them\n", one);
			err = -ENOENT;
		}
	}
	if (err)
		return err;
	trace_want("all", false);
	for (int i = 0; i < n; i++)
		for (char *p = strsep(&patterns[i], ","); p; p = strsep(&patterns[i], ","))
			trace_want(p, true);
	return 0;
}

static void print_filter(void)
{
	struct trace_event *e;

	console_printf("events:");
	for_each_trace_event(e)
		if (e->wanted)
			console_printf(" %s", e->name);
	console_printf("\nCPUs: %*pbl\n", cpumask_pr_args(&trace_filter_cpus));
	if (trace_filter_pid)
		console_printf("thread: %d\n", trace_filter_pid);
}

static int run_filter(int argc, char **argv)
{
	if (argc == 2) {
		print_filter();
		return 0;
	}
	if (!strcmp(argv[2], "pid"))
		return argc == 4 ? filter_pid(argv[3]) : filter_pid(NULL);
	if (!strcmp(argv[2], "cpu"))
		return argc == 4 ? filter_cpu(argv[3]) : filter_cpu(NULL);
	if (!strcmp(argv[2], "off") && argc == 3) {
		filter_pid("0");
		cpumask_setall(&trace_filter_cpus);
		trace_want_default();
		return 0;
	}
	return filter_events(argc - 2, argv + 2);
}

/* ---- the rest ---- */

static int run_on(void)
{
	int err = trace_start();

	if (err)
		console_printf("trace: no memory for the rings; trace size %lu takes half\n", trace_size() / 2);
	return err;
}

static int run_size(const char *arg)
{
	char *end = (char *)arg;
	unsigned long bytes;

	if (!arg) {
		console_printf("%lu bytes for each CPU\n", trace_size());
		return 0;
	}
	bytes = memparse(arg, &end);
	if (end == arg || *end) {
		console_printf("trace size: %s is no size; right would be 512K, 4M, or 0 to give all back\n", arg);
		return -EINVAL;
	}
	if (!bytes)
		trace_dump_free();
	if (!trace_set_size(bytes))
		return 0;
	console_printf("trace size: no memory for that on each CPU; there is no ring now\n");
	return -ENOMEM;
}

static int run_dump(void)
{
	u64 lines;

	if (trace_dump(&lines)) {
		console_printf("trace dump: no memory for the text\n");
		return -ENOMEM;
	}
	console_printf("trace dump: %llu events\n", lines);
	return 0;
}

static int print_events(void)
{
	struct trace_event *e;

	for_each_trace_event(e)
		console_printf("%c %s:%s%s%s\n", e->wanted ? '*' : ' ', e->group, e->name, e->format[0] ? ": " : "",
			       e->format);
	return 0;
}

static int print_stat(void)
{
	struct trace_count count;
	int cpu;

	console_printf("tracing is %s\n", tracing_is_on() ? "on" : "off");
	for_each_possible_cpu(cpu) {
		trace_count(cpu, &count);
		console_printf("cpu%-3d entries: %llu  overrun: %llu  dropped events: %llu  ", cpu, count.kept,
			       count.written - count.kept, count.dropped);
		console_printf("oldest event ts: %llu.%06llu\n", count.oldest / 1000000000,
			       count.oldest % 1000000000 / 1000);
	}
	return 0;
}

static int run_trace(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "stat";

	if (!strcmp(what, "show"))
		return run_show(argc, argv);
	if (!strcmp(what, "filter"))
		return run_filter(argc, argv);
	if (!strcmp(what, "size") && argc <= 3)
		return run_size(argc == 3 ? argv[2] : NULL);
	if (argc > 2)
		return trace_usage();
	if (!strcmp(what, "on"))
		return run_on();
	if (!strcmp(what, "off"))
		tracing_off();
	else if (!strcmp(what, "clear"))
		trace_clear();
	else if (!strcmp(what, "dump"))
		return run_dump();
	else if (!strcmp(what, "events"))
		return print_events();
	else if (!strcmp(what, "stat"))
		return print_stat();
	else
		return trace_usage();
	return 0;
}

static void complete_trace(int argc, char **argv, void (*offer)(const char *word))
{
	static const char *const words[] = {
		"on", "off", "show", "clear", "filter", "events", "stat", "size", "dump",
	};
	struct trace_event *e;

	for (int i = 0; argc == 2 && i < ARRAY_SIZE(words); i++)
		offer(words[i]);
	if (argc < 3 || strcmp(argv[1], "filter"))
		return;
	offer("pid");
	offer("cpu");
	offer("off");
	for_each_trace_event(e)
		offer(e->name);
}

SHELL_COMMAND(trace, run_trace, "on|off|show [-t] [N]|clear|filter ...|events|stat|size [BYTES]|dump",
	      "record what the kernel does, printed as ftrace does",
	      "  trace on                     begin; what is recorded goes round in a ring for each CPU\n"
	      "  trace off; trace show 20     stop; print the last 20 events of all CPUs (-t: with nanoseconds)\n"
	      "  trace filter sched_switch,timer:*   record only these; `trace events` marks with * what is recorded\n"
	      "  trace filter pid 41          only what is done by, or to, that thread; 0: all\n"
	      "  trace filter cpu 0-1         only what happens there. trace filter off: as in the beginning\n"
	      "  trace stat, clear, size 4M   how much there is; forget it; how much fits, for each CPU\n"
	      "  trace dump                   all of it as text in memory, where `make trace` on the host finds it\n"
	      "  Example: trace on; sleep 0.1; trace off; trace show 10", .group = "machine",
	      .complete = complete_trace);
