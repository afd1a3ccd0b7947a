/* SPDX-License-Identifier: MIT */
/*
 * What top shows: the summary, a line for a message, the list. Format: that of procps-ng 4.
 *
 * On a screen each line is overwritten and its rest cleared, so that nothing flickers; in batch mode they are lines as
 * any other. The sequences are those of every terminal since the VT100: home, clear to the end of the line, of the
 * screen, and reverse for the list's headline.
 */
#include "top.h"
#include <linux/console.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sched/loadavg.h>
#include <linux/sched/task.h>
#include <linux/stdarg.h>
#include <linux/string.h>
#include <linux/time.h>
#include "uptime.h"

struct screen {
	const struct top	*top;
	unsigned int		row;		/* from 0 */
};

static bool is_full(const struct screen *s)
{
	return !s->top->batch && s->row >= s->top->rows;
}

static void show_text(struct screen *s, const char *text, bool reverse)
{
	const char *end = s->row + 1 < s->top->rows ? "\n" : "";

	if (is_full(s))
		return;
	if (s->top->batch)
		console_printf("%s\n", text);
	else if (reverse)
		console_printf("\033[7m%-*.*s\033[m\033[K%s", (int)s->top->cols, (int)s->top->cols, text, end);
	else
		console_printf("%.*s\033[K%s", (int)s->top->cols, text, end);
	s->row++;
}

static __printf(2, 3) void show(struct screen *s, const char *fmt, ...)
{
	char line[256];
	va_list args;

	va_start(args, fmt);
	vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	show_text(s, line, false);
}

/* ---- the summary ---- */

/* Tenths of a percent as "12.3". */
#define TENTHS		"%3llu.%llu"
#define tenths(x)	(x) / 10, (x) % 10

static void show_cpu_times(struct screen *s, const char *name, const u64 *ns, u64 all)
{
	u64 share[NR_STATS];

	for (int i = 0; i < NR_STATS; i++)
		share[i] = all ? min(ns[i] * 1000 / all, 1000ULL) : 0;
	show(s, "%%Cpu%s:" TENTHS " us," TENTHS " sy," TENTHS " ni," TENTHS " id," TENTHS " wa," TENTHS " hi," TENTHS
	     " si," TENTHS " st ", name, tenths(share[CPUTIME_USER]), tenths(share[CPUTIME_SYSTEM]),
	     tenths(share[CPUTIME_NICE]), tenths(share[CPUTIME_IDLE]), tenths(share[CPUTIME_IOWAIT]),
	     tenths(share[CPUTIME_IRQ]), tenths(share[CPUTIME_SOFTIRQ]), tenths(share[CPUTIME_STEAL]));
}

/* What passed between the samples; a part may seem to go back a little (cputime.c). Return: all parts together. */
static u64 cpu_difference(const struct top *top, int cpu, u64 *ns)
{
	u64 all = 0;

	for (int i = 0; i < NR_STATS; i++) {
		u64 before = top->old ? top->old->cpus[cpu].cpustat[i] : 0, now = top->new->cpus[cpu].cpustat[i];

		ns[i] = now - min(before, now);
		all += ns[i];
	}
	return all;
}

static void show_cpus(struct screen *s)
{
	u64 one[NR_STATS], sum[NR_STATS] = { 0 }, all = 0;
	char name[8];
	int cpu;

	for_each_online_cpu(cpu) {
		u64 total = cpu_difference(s->top, cpu, one);

		snprintf(name, sizeof(name), "%-3d", cpu);
		if (s->top->each_cpu)
			show_cpu_times(s, name, one, total);
		for (int i = 0; i < NR_STATS; i++)
			sum[i] += one[i];
		all += total;
	}
	if (!s->top->each_cpu)
		show_cpu_times(s, "(s)", sum, all);
}

/* Pages as MiB with one decimal. */
#define MIB		"%7lu.%lu"
#define mib(pages)	(pages) / 256, (pages) % 256 * 10 / 256

static void show_summary(struct screen *s)
{
	const struct top_sample *t = s->top->new;
	unsigned long total = totalram_pages(), left = nr_free_pages();
	char line[UPTIME_MAX];

	show(s, "top -%s", uptime_line(line, sizeof(line)));
	show(s, "Tasks:%4u total,%4u running,%4u sleeping,%4u stopped,%4u zombie", t->total, t->running, t->sleeping,
	     t->stopped, t->zombie);
	show_cpus(s);
	show(s, "MiB Mem :" MIB " total," MIB " free," MIB " used," MIB " buff/cache     ", mib(total), mib(left),
	     mib(total - left), mib(0UL));
	show(s, "MiB Swap:" MIB " total," MIB " free," MIB " used." MIB " avail Mem ", mib(0UL), mib(0UL), mib(0UL),
	     mib(left));
}

unsigned int top_message_row(const struct top *top)
{
	return 5 + (top->each_cpu ? num_online_cpus() - 1 : 0);
}

/* ---- the list ---- */

static void priority(const struct ps_thread *t, char *buf, size_t size)
{
	if (t->prio == -100)
		strscpy(buf, "rt", size);
	else
		snprintf(buf, size, "%d", t->prio);
}

static void show_thread(struct screen *s, const struct top_thread *t)
{
	const struct top *top = s->top;
	u64 span = top->new->now - (top->old ? top->old->now : t->started), share;
	struct task_struct *p = find_get_task_by_vpid(t->pid);
	u64 hundredths = t->runtime / (NSEC_PER_SEC / 100);
	struct ps_thread more;
	bool brackets = false;
	char prio[8], time[16];

	if (!p)
		return;
	ps_look_at(p, &more);
	put_task_struct(p);
	share = min(t->used * 1000 / max(span, 1ULL), 1000ULL);
	brackets = top->commands && more.flags & PF_KTHREAD;
	priority(&more, prio, sizeof(prio));
	snprintf(time, sizeof(time), "%llu:%02llu.%02llu", hundredths / 6000, hundredths / 100 % 60, hundredths % 100);
	show(s, "%5d %-8s %3s %3d %7d %6d %6d %c %3llu.%llu   0.0 %9s %s%s%s", t->pid, "root", prio, more.nice, 0, 0, 0,
	     t->state, tenths(share), time, brackets ? "[" : "", more.name, brackets ? "]" : "");
}

void top_show(struct top *top)
{
	struct screen s = { .top = top };

	if (!top->batch)
		console_printf("\033[H");
	show_summary(&s);
	show_text(&s, top->message, false);
	show_text(&s, "  PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND", true);
	for (size_t i = 0; i < top->new->n && !is_full(&s); i++)
		show_thread(&s, &top->new->threads[i]);
	if (!top->batch && s.row < top->rows)
		console_printf("\033[J");
}
