/* SPDX-License-Identifier: MIT */
#pragma once
/* Private to the rooms and to the tests: what the command `history` finds out about threads made in each way. */
#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/sched.h>

enum way { WAY_BARE, WAY_DAEMONIZED, WAY_HELPER, WAY_KTHREADD, NR_WAYS };

struct specimen {
	enum way	way;
	/* Filled in by the new thread itself. */
	pid_t		pid, maker_pid, parent_pid;
	char		comm[TASK_COMM_LEN], maker[TASK_COMM_LEN], parent[TASK_COMM_LEN];
	int		nice;
	cpumask_t	cpus;
	bool		sees_sigterm;		/* one that was sent to it is there */
	bool		blocks_sigterm;
	/* By who asked for it. */
	bool		left_body;		/* he had to wait for it and take it away (a zombie) */

	struct completion settled, ended;
	struct task_struct *task;		/* if it is one that kthread_stop() may be called on */
};

struct history {
	/* Of the thread that asks for all of them. */
	pid_t		pid;
	int		nice;
	unsigned int	cpu;
	struct specimen	specimens[NR_WAYS];
	int		err;
	/* private */
	struct workqueue_struct *helper;
	struct completion done;
	wait_queue_head_t wait;
	bool		asked_to_end;
};

/* history_run: make a thread in each way, look at them, end them. Return: 0, -ENOMEM, -EAGAIN. Context: may sleep. */
int history_run(struct history *h);
