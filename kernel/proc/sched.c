/* SPDX-License-Identifier: MIT */
/*
 * /proc/sched_debug: the run queues, and the threads that were last on each CPU, the running one marked.
 *
 * Made thread by thread: the cursor remembers a PID, not a thread, so nothing is held between two pieces. For each CPU
 * all threads are gone through, which is what a listing by CPU costs.
 * Differs from Linux: the file is in /sys/kernel/debug/sched there since 5.13, and has more averages.
 */
#include "proc.h"
#include "../sched/sched.h"
#include <linux/cpumask.h>
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/timekeeping.h>
#include <linux/utsname.h>

struct sched_cursor {
	int	cpu;		/* -1: the head of the file */
	pid_t	pid;		/* 0: the head of the CPU */
	bool	done;
};

/* The first thread from this PID on that belongs to the CPU, with a reference. */
static struct task_struct *next_on_cpu(pid_t from, int cpu)
{
	struct task_struct *p = find_ge_task_get(from);

	while (p && task_cpu(p) != cpu)
		p = next_task_get(p);
	return p;
}

static bool advance(struct sched_cursor *c)
{
	struct task_struct *p = c->cpu < 0 ? NULL : next_on_cpu(c->pid + 1, c->cpu);

	c->pid = p ? p->pid : 0;
	if (p)
		put_task_struct(p);
	else
		c->cpu = cpumask_next(c->cpu, cpu_online_mask);
	c->done = c->cpu >= nr_cpu_ids;
	return !c->done;
}

static void *sched_start(struct seq_file *m, loff_t *pos)
{
	struct sched_cursor *c = m->private;

	if (!*pos)
		*c = (struct sched_cursor){ .cpu = -1 };
	return c->done ? NULL : c;
}

static void *sched_next(struct seq_file *m, void *v, loff_t *pos)
{
	++*pos;
	return advance(v) ? v : NULL;
}

static void sched_stop(struct seq_file *m, void *v)
{
}

static void put_number(struct seq_file *m, const char *name, long long value)
{
	seq_printf(m, "  .%-30s: %lld\n", name, value);
}

static void put_time(struct seq_file *m, const char *name, s64 ns)
{
	seq_printf(m, "  .%-30s: %lld.%06d\n", name, ns / 1000000, (int)abs(ns % 1000000));
}

static void show_head(struct seq_file *m)
{
	u64 now = ktime_get_ns();

	seq_printf(m, "Sched Debug Version: v0.11, %s %s\n", utsname()->release, utsname()->version);
	seq_printf(m, "%-40s: %llu.%06llu\n", "ktime", now / 1000000, now % 1000000);
	seq_printf(m, "%-40s: %llu.%06llu\n", "sched_clk", now / 1000000, now % 1000000);
	seq_printf(m, "%-40s: %lu\n", "jiffies", jiffies);
}

static void show_cpu(struct seq_file *m, int cpu)
{
	const struct rq *rq = cpu_rq(cpu);

	seq_printf(m, "\ncpu#%d\n", cpu);
	put_number(m, "nr_running", READ_ONCE(rq->nr_running));
	put_number(m, "nr_switches", READ_ONCE(rq->nr_switches));
	put_number(m, "nr_uninterruptible", READ_ONCE(rq->nr_uninterruptible));
	put_number(m, "curr->pid", READ_ONCE(rq->curr)->pid);
	put_time(m, "clock", READ_ONCE(rq->clock));
	seq_printf(m, "\ncfs_rq[%d]:/\n", cpu);
	put_time(m, "min_vruntime", READ_ONCE(rq->cfs.min_vruntime));
	put_number(m, "nr_running", READ_ONCE(rq->cfs.nr_running));
	put_number(m, "load", READ_ONCE(rq->cfs.load.weight) << 10);
	seq_printf(m, "\nrt_rq[%d]:/\n", cpu);
	put_number(m, "rt_nr_running", READ_ONCE(rq->rt.nr_running));
	put_number(m, "rt_throttled", READ_ONCE(rq->rt.throttled));
	put_time(m, "rt_time", READ_ONCE(rq->rt.used));
	seq_puts(m, "\nrunnable tasks:\n S            task   PID         tree-key  switches  prio     wait-time"
		 "             sum-exec        sum-sleep\n");
	seq_puts(m, "-------------------------------------------------------------------------------------------------"
		 "------------\n");
}

static void show_thread(struct seq_file *m, struct task_struct *p)
{
	s64 key = READ_ONCE(p->se.vruntime), ran = task_sched_runtime(p);

	seq_printf(m, "%c%c %15s %5d %9lld.%06d %9lu %5d ", task_curr(p) ? '>' : ' ', task_state_to_char(p), p->comm,
		   p->pid, key / 1000000, (int)abs(key % 1000000), READ_ONCE(p->nvcsw) + READ_ONCE(p->nivcsw),
		   READ_ONCE(p->prio));
	seq_printf(m, "%9d.%06d %9lld.%06d %9d.%06d\n", 0, 0, ran / 1000000, (int)(ran % 1000000), 0, 0);
}

static int sched_show(struct seq_file *m, void *v)
{
	const struct sched_cursor *c = v;
	struct task_struct *p;

	if (c->cpu < 0)
		show_head(m);
	else if (!c->pid)
		show_cpu(m, c->cpu);
	else if ((p = find_get_task_by_vpid(c->pid))) {
		show_thread(m, p);
		put_task_struct(p);
	}
	return 0;
}

static const struct seq_operations sched_debug = {
	.start = sched_start, .next = sched_next, .stop = sched_stop, .show = sched_show,
};

static int __init proc_sched_init(void)
{
	proc_create_seq_private("sched_debug", 0, NULL, &sched_debug, sizeof(struct sched_cursor), NULL);
	return 0;
}
fs_initcall(proc_sched_init);
