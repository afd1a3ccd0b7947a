/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * For the suites workqueue*: a work that notes who ran it and where, and one that also waits to be let go. Both blame
 * if they ever run twice at the same time.
 */
#include "test.h"
#include <linux/completion.h>
#include <linux/smp.h>
#include <linux/workqueue.h>

struct job {
	struct work_struct	work;
	atomic_t		runs;
	atomic_t		inside;
	int			cpu;
	struct task_struct	*by;
	int			number;		/* set by note_job_order(): the how-manyeth it was */
	struct completion	begun, go;
};

static inline void init_job(struct job *j, work_func_t fn)
{
	*j = (struct job){ .cpu = -1 };
	INIT_WORK(&j->work, fn);
	init_completion(&j->begun);
	init_completion(&j->go);
}

static inline struct job *to_job(struct work_struct *work)
{
	return container_of(work, struct job, work);
}

/* Notes who ran it, and where. */
static inline void note_job(struct work_struct *work)
{
	struct job *j = to_job(work);

	BLAME_UNLESS(atomic_inc_return(&j->inside) == 1);
	j->cpu = smp_processor_id();
	j->by = current;
	atomic_dec(&j->inside);
	atomic_inc(&j->runs);
}

/* Says that it has begun, and sleeps until it is let go. */
static inline void blocked_job(struct work_struct *work)
{
	struct job *j = to_job(work);

	BLAME_UNLESS(atomic_inc_return(&j->inside) == 1);
	j->cpu = smp_processor_id();
	j->by = current;
	complete(&j->begun);
	wait_for_completion(&j->go);
	atomic_dec(&j->inside);
	atomic_inc(&j->runs);
}

static inline int job_runs(struct job *j)
{
	return atomic_read(&j->runs);
}

static inline bool has_begun(struct job *j)
{
	return completion_done(&j->begun);
}
