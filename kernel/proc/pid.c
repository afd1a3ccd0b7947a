/* SPDX-License-Identifier: MIT */
/*
 * The files of each thread: /proc/<pid>/stat, stack, wchan, ... (status is pid_status.c).
 *
 * Fields, order and format are those of Linux 6.1, so what reads them there reads them here. What Bobbin does not have
 * is what Linux shows for a kernel thread: no memory, no terminal, no user time, 0 faults.
 *
 * The caller holds a reference to the thread, nothing else: it may run, sleep or end meanwhile. Each number is true for
 * a moment, not all for the same.
 * Read next: pid_status.c, file.c.
 */
#include "proc.h"
#include <linux/jiffies.h>
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/sched/clock.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/stacktrace.h>
#include <linux/string.h>
#include <linux/workqueue.h>
#include "pid.h"

void proc_task_signals(struct task_struct *p, struct task_signals *s)
{
	unsigned long flags;

	spin_lock_irqsave(&p->sighand->siglock, flags);
	s->pending = p->pending.signal.sig[0];
	s->blocked = p->blocked.sig[0];
	s->ignored = p->sighand->ignored.sig[0];
	s->caught = p->sighand->kthread.sig[0] | p->sighand->kthread_kernel.sig[0];
	spin_unlock_irqrestore(&p->sighand->siglock, flags);
}

/* ---- stat ---- */

/* In ticks of USER_HZ, which all numbers of time in stat are. */
static u64 ticks(u64 ns)
{
	return nsec_to_clock_t(ns);
}

static void put_zeros(struct seq_file *m, int n)
{
	while (n--)
		seq_puts(m, " 0");
}

/* 31 bits of signals: what there was when this file was invented. */
static void put_signals(struct seq_file *m, struct task_struct *p)
{
	struct task_signals s;

	proc_task_signals(p, &s);
	seq_printf(m, " %lu %lu %lu %lu", s.pending & 0x7fffffff, s.blocked & 0x7fffffff, s.ignored & 0x7fffffff,
		   s.caught & 0x7fffffff);
}

static void show_stat(struct seq_file *m, struct task_struct *p)
{
	char name[64], state = task_state_to_char(p);

	wq_worker_comm(name, sizeof(name), p);
	seq_printf(m, "%d (%s) %c %d", p->pid, name, state, task_ppid_nr(p));
	/* process group, session, terminal, its foreground group */
	seq_puts(m, p->pid == 1 ? " 1 1 0 -1" : " 0 0 0 -1");
	seq_printf(m, " %u", READ_ONCE(p->flags));
	put_zeros(m, 4);				/* page faults, its and its children's */
	seq_printf(m, " 0 %llu 0 0", ticks(task_sched_runtime(p)));	/* user and system time, its, children's */
	seq_printf(m, " %d %d 1 0", task_prio(p), task_nice(p));	/* one thread; an alarm that is 0 always */
	seq_printf(m, " %llu 0 0 %lu", ticks(p->start_time), ~0UL);	/* memory: used, resident, its limit */
	put_zeros(m, 5);				/* text from, to; stack; its pointers */
	put_signals(m, p);
	seq_printf(m, " %d 0 0 %d %u", state != 'R', p->exit_signal, task_cpu(p));	/* waits? swapped pages */
	seq_printf(m, " %u %u", READ_ONCE(p->rt_priority), READ_ONCE(p->policy));
	put_zeros(m, 10);				/* waits for disks; guests' time; where data, arguments are */
	seq_printf(m, " %d\n", READ_ONCE(p->exit_code));
}

/* ---- where it is ---- */

#define STACK_DEPTH	64

static void show_stack(struct seq_file *m, struct task_struct *p)
{
	unsigned long *trace = kmalloc_array(STACK_DEPTH, sizeof(*trace), GFP_KERNEL);
	unsigned int n = trace ? stack_trace_save_tsk(p, trace, STACK_DEPTH, 0) : 0;

	for (unsigned int i = 0; i < n; i++)
		seq_printf(m, "[<0>] %pB\n", (void *)trace[i]);
	kfree(trace);
}

static void show_wchan(struct seq_file *m, struct task_struct *p)
{
	unsigned long wchan = get_wchan(p);
	const char *name = wchan ? kallsyms_lookup(wchan, NULL, NULL, NULL, NULL) : NULL;

	seq_puts(m, name ?: "0");
}

/* ---- who it is ---- */

static void show_comm(struct seq_file *m, struct task_struct *p)
{
	char name[64];

	wq_worker_comm(name, sizeof(name), p);
	seq_printf(m, "%s\n", name);
}

/* Only init has a command line: it is no kernel thread. */
static void show_cmdline(struct seq_file *m, struct task_struct *p)
{
	if (!(p->flags & PF_KTHREAD))
		seq_write(m, p->comm, strlen(p->comm) + 1);
}

static void show_statm(struct seq_file *m, struct task_struct *p)
{
	seq_puts(m, "0 0 0 0 0 0 0\n");
}

/* ---- how it is scheduled ---- */

static void put_number(struct seq_file *m, const char *name, long long value)
{
	seq_printf(m, "%-45s:%21lld\n", name, value);
}

/* Milliseconds with the nanoseconds behind the point. */
static void put_time(struct seq_file *m, const char *name, u64 ns)
{
	seq_printf(m, "%-45s:%14lld.%06lu\n", name, (s64)ns / 1000000, (unsigned long)abs((s64)ns % 1000000));
}

static void show_sched(struct seq_file *m, struct task_struct *p)
{
	u64 runtime = task_sched_runtime(p), before, after;

	seq_printf(m, "%s (%d, #threads: %d)\n", p->comm, p->pid, get_nr_threads(p));
	seq_puts(m, "-------------------------------------------------------------------\n");
	put_time(m, "se.exec_start", READ_ONCE(p->se.exec_start));
	put_time(m, "se.vruntime", READ_ONCE(p->se.vruntime));
	put_time(m, "se.sum_exec_runtime", runtime);
	put_number(m, "se.nr_migrations", READ_ONCE(p->se.nr_migrations));
	put_number(m, "nr_switches", READ_ONCE(p->nvcsw) + READ_ONCE(p->nivcsw));
	put_number(m, "nr_voluntary_switches", READ_ONCE(p->nvcsw));
	put_number(m, "nr_involuntary_switches", READ_ONCE(p->nivcsw));
	put_number(m, "se.load.weight", READ_ONCE(p->se.load.weight) << 10);
	put_number(m, "policy", READ_ONCE(p->policy));
	put_number(m, "prio", READ_ONCE(p->prio));
	before = local_clock();
	after = local_clock();
	put_number(m, "clock-delta", after - before);
}

/* ---- the table ---- */

const struct proc_pid_file proc_pid_files[] = {
	{ "cmdline",	0444, show_cmdline, NULL },
	{ "comm",	0644, show_comm, NULL },
	{ "sched",	0644, show_sched, NULL },
	{ "stack",	0400, show_stack, NULL },
	{ "stat",	0444, show_stat, NULL },
	{ "statm",	0444, show_statm, NULL },
	{ "status",	0444, proc_show_status, NULL },
	{ "wchan",	0444, show_wchan, NULL },
};
const unsigned int nr_proc_pid_files = ARRAY_SIZE(proc_pid_files);
