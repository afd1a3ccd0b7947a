/* SPDX-License-Identifier: MIT */
/* /proc/<pid>/status: the same facts as in stat for a person's eyes, one to a line, in Linux's words and order. */
#include "proc.h"
#include "pid.h"
#include <linux/cpumask.h>
#include <linux/cred.h>
#include <linux/kernel.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#define ALL_CAPABILITIES	"000001ffffffffff"	/* the 41 of Linux 6.1 */

static const char *state_name(struct task_struct *p)
{
	static const char *const names[] = {
		"R (running)", "S (sleeping)", "D (disk sleep)", "T (stopped)", "t (tracing stop)", "X (dead)",
		"Z (zombie)", "P (parked)", "I (idle)",
	};

	return names[task_state_index(p)];
}

static void put_identity(struct seq_file *m, struct task_struct *p)
{
	char name[64];
	pid_t pid = p->pid;

	wq_worker_comm(name, sizeof(name), p);
	seq_printf(m, "Name:\t%s\nUmask:\t0022\nState:\t%s\n", name, state_name(p));
	seq_printf(m, "Tgid:\t%d\nNgid:\t0\nPid:\t%d\nPPid:\t%d\nTracerPid:\t0\n", pid, pid, task_ppid_nr(p));
	seq_puts(m, "Uid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nFDSize:\t64\nGroups:\t \n");
	seq_printf(m, "NStgid:\t%d\nNSpid:\t%d\nNSpgid:\t%d\nNSsid:\t%d\nThreads:\t%d\n", pid, pid, pid == 1,
		   pid == 1, get_nr_threads(p));
}

static void put_signals(struct seq_file *m, struct task_struct *p)
{
	struct task_signals s;

	proc_task_signals(p, &s);
	seq_printf(m, "SigQ:\t0/%d\nSigPnd:\t%016lx\nShdPnd:\t%016lx\n", max_threads, s.pending, 0UL);
	seq_printf(m, "SigBlk:\t%016lx\nSigIgn:\t%016lx\nSigCgt:\t%016lx\n", s.blocked, s.ignored, s.caught);
}

static void put_privileges(struct seq_file *m)
{
	seq_puts(m, "CapInh:\t0000000000000000\nCapPrm:\t" ALL_CAPABILITIES "\nCapEff:\t" ALL_CAPABILITIES "\nCapBnd:\t"
		 ALL_CAPABILITIES "\nCapAmb:\t0000000000000000\n");
	seq_puts(m, "NoNewPrivs:\t0\nSeccomp:\t0\nSeccomp_filters:\t0\nSpeculation_Store_Bypass:\tvulnerable\n"
		 "SpeculationIndirectBranch:\talways enabled\n");
}

void proc_show_status(struct seq_file *m, struct task_struct *p)
{
	cpumask_t allowed = p->cpus_mask;

	put_identity(m, p);
	put_signals(m, p);
	put_privileges(m);
	seq_printf(m, "Cpus_allowed:\t%*pb\nCpus_allowed_list:\t%*pbl\n", cpumask_pr_args(&allowed),
		   cpumask_pr_args(&allowed));
	seq_puts(m, "Mems_allowed:\t1\nMems_allowed_list:\t0\n");
	seq_printf(m, "voluntary_ctxt_switches:\t%lu\nnonvoluntary_ctxt_switches:\t%lu\n", READ_ONCE(p->nvcsw),
		   READ_ONCE(p->nivcsw));
}
