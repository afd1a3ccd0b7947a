/* SPDX-License-Identifier: MIT */
/* A work that notes what becomes of it, for kthread_worker.c and kthread_worker_misuse.c. */
#pragma once

#include "test.h"

#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/string.h>

/* A work with what the tests want to know of it: the data of its own, found by container_of(). */
struct job {
	struct kthread_delayed_work d;		/* d.work is the work */
	atomic_t runs;
	int order;				/* ran as the n-th of all */
	unsigned long at;			/* jiffies */
	struct completion started, go;		/* for job_waits */
	struct kthread_worker *worker;
	struct kthread_work *other;
	bool answer;
};

static atomic_t job_order __maybe_unused;

static inline struct job *job_of(struct kthread_work *work)
{
	return container_of(work, struct job, d.work);
}

static inline void note(struct job *job)
{
	job->at = jiffies;
	job->order = atomic_inc_return(&job_order);
	atomic_inc(&job->runs);
}

static inline void job_runs(struct kthread_work *work)
{
	note(job_of(work));
}

/* Runs until told to go on. */
static inline void job_waits(struct kthread_work *work)
{
	struct job *job = job_of(work);

	complete(&job->started);
	wait_for_completion(&job->go);
	note(job);
}

static inline void init_job(struct job *job, kthread_work_func_t fn)
{
	memset(job, 0, sizeof(*job));
	kthread_init_delayed_work(&job->d, fn);
	init_completion(&job->started);
	init_completion(&job->go);
}

static inline struct kthread_worker *new_worker(void)
{
	struct kthread_worker *worker = kthread_create_worker(0, "test/worker");

	BUG_ON(IS_ERR(worker));
	atomic_set(&job_order, 0);
	return worker;
}

#define QUEUE(worker, job) kthread_queue_work(worker, &(job)->d.work)

/* When this returns, the worker is in the middle of the job, until complete(&job->go). */
static inline void begin_job(struct kthread_worker *worker, struct job *job)
{
	init_job(job, job_waits);
	QUEUE(worker, job);
	wait_for_completion(&job->started);
}

static inline int runs(struct job *job)
{
	return atomic_read(&job->runs);
}

static inline void job_flushes_other(struct kthread_work *work)
{
	kthread_flush_work(job_of(work)->other);
	note(job_of(work));
}

/* A thread that flushes the job, says so, and waits to be stopped. */
static inline int flush_job(void *data)
{
	struct job *job = data;

	kthread_flush_work(&job->d.work);
	WRITE_ONCE(job->answer, true);
	return test_wait_for_stop();
}
