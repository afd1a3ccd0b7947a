/* SPDX-License-Identifier: MIT */
#pragma once
/* Private to top: what it measures (top_sample.c), how that looks (top_screen.c), and its options and keys (top.c). */
#include "ps.h"
#include <linux/cpumask.h>
#include <linux/kernel_stat.h>

/* A thread, as far as all of them are looked at; of those that are shown ps_look_at() says more. */
struct top_thread {
	pid_t	pid;
	char	state;
	u64	started, runtime;	/* ns */
	u64	used;			/* ns on a CPU since the sample before */
};

struct top_sample {
	u64			now;
	size_t			n;
	struct top_thread	*threads;	/* by PID when taken, then in the order of the list */
	unsigned int		total, running, sleeping, stopped, zombie;
	struct kernel_cpustat	cpus[NR_CPUS];
};

enum top_key { TOP_BY_CPU, TOP_BY_MEMORY, TOP_BY_TIME, TOP_BY_PID };

#define TOP_MAX_PIDS	20

struct top {
	/* options and keys */
	u64			delay_us;
	long			rounds;		/* left to show; -1: no end */
	bool			batch, each_cpu, reverse;
	bool			commands;	/* as ps -f shows them, kernel threads in brackets */
	enum top_key		key;
	pid_t			pids[TOP_MAX_PIDS];	/* show only these */
	int			nr_pids;
	unsigned int		rows, cols;
	/* the last two samples */
	struct top_sample	*new, *old;
	char			message[80];	/* between summary and list */
};

/* Take a sample into top->new, the one before becomes top->old. Return: 0, -ENOMEM. Context: thread, may sleep. */
int top_take_sample(struct top *top);
/* Compare the two, and sort the newer one's threads for the list. */
void top_compare(struct top *top);
void top_free_samples(struct top *top);

/* Show it: on the screen, or as lines. top_message_row: the row, from 0, of the line between summary and list. */
void top_show(struct top *top);
unsigned int top_message_row(const struct top *top);
