/* SPDX-License-Identifier: MIT */
#pragma once
/* Threads in the log: what one is doing, for reports about those that do not do what they should. */

struct task_struct;

/* sched_show_task: name, state, PID, CPU, what it waits in, and where it sleeps, its backtrace. Of a thread that runs
 * only the line. Context: any; the caller keeps p alive. */
void sched_show_task(struct task_struct *p);
