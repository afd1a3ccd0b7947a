/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Private to kernel/examples: what a daemon gives to the command `examples` (examples.c). The daemons themselves are in
 * writeback.h, reclaim.h, deferred.h and journal.h.
 */
#include <linux/types.h>

struct task_struct;

struct example {
	const char	*name;		/* also of its thread */
	const char	*summary;
	int		(*start)(void);	/* 0, or a negative errno with nothing left behind */
	int		(*stop)(void);	/* 0, or what went wrong on the way; stopped all the same */
	void		(*status)(void);	/* one line or two on the console */
	int		(*crash)(void);	/* may be NULL: fail in the middle, begin again, say what is left. As start() */
};

extern const struct example writeback_example, reclaim_example, deferred_example, journal_example;

/* "  name  12.3 ms of CPU time; ": how a line of status begins. Context: thread. */
void example_print_thread(const char *name, struct task_struct *p);

/* Sleep about that long, shorter if kthread_stop() is called meanwhile. Context: a kthread. */
void example_nap(unsigned int ms);
