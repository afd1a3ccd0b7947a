/* SPDX-License-Identifier: MIT */
#pragma once
/* What pid.c and pid_status.c have to say to each other, and ps to both. */

struct seq_file;
struct task_struct;

/* A thread's signals, bit N-1 for signal N. */
struct task_signals {
	unsigned long pending, blocked, ignored, caught;
};
void proc_task_signals(struct task_struct *p, struct task_signals *s);

void proc_show_status(struct seq_file *m, struct task_struct *p);
