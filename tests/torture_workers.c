/* SPDX-License-Identifier: MIT */
/*
 * Torture of kthread_workers: works are queued, delayed, put off, flushed and cancelled by several actors, while
 * workers come and go. What must hold:
 *
 *	a work never runs twice at once, and only on its worker
 *	flushed: it ran after it was queued; cancelled: it is neither queued nor running
 *	a worker that is destroyed has done all that was queued
 */
#include "torture.h"

#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>

#define WORKERS 4
#define JOBS 6		/* for each worker */

struct job {
	struct kthread_delayed_work dwork;
	struct desk *desk;
	struct gate gate;		/* closed while somebody wants an exact answer */
	atomic_t inside, runs, again;
};

/* A worker with its jobs. */
static struct desk {
	struct kthread_worker *worker;
	struct gate gate;		/* closed while it is replaced */
	struct job jobs[JOBS];
} desks[WORKERS];

static void do_job(struct kthread_work *work)
{
	struct job *j = container_of(work, struct job, dwork.work);

	if (atomic_inc_return(&j->inside) != 1)
		test_blame("a work runs twice at once");
	if (current != j->desk->worker->task)
		test_blame("a work runs on %s (%d), which is not its worker", current->comm, current->pid);
	if (j->desk->worker->current_work != work)
		test_blame("the worker does not know what it runs");
	if (atomic_read(&j->runs) % 16 == 0)
		test_nap();
	else
		udelay(5);
	atomic_inc(&j->runs);
	if (atomic_dec_if_positive(&j->again) >= 0)
		kthread_queue_work(j->desk->worker, work);
	atomic_dec(&j->inside);
}

/* ---- many at a job ---- */

static struct job *enter_any(struct actor *a)
{
	struct desk *d = &desks[draw(a, WORKERS)];
	struct job *j = &d->jobs[draw(a, JOBS)];

	if (!gate_enter(&d->gate))
		return NULL;
	if (gate_enter(&j->gate))
		return j;
	gate_leave(&d->gate);
	return NULL;
}

static void leave(struct job *j)
{
	gate_leave(&j->gate);
	gate_leave(&j->desk->gate);
}

static void op_queue(struct actor *a)
{
	struct job *j = enter_any(a);

	if (!j)
		return;
	if (draw(a, 8) == 0)
		atomic_set(&j->again, draw(a, 3));
	kthread_queue_work(j->desk->worker, &j->dwork.work);
	leave(j);
}

static void op_delay(struct actor *a)
{
	struct job *j = enter_any(a);

	if (!j)
		return;
	kthread_queue_delayed_work(j->desk->worker, &j->dwork, draw(a, 5));
	leave(j);
}

static void op_put_off(struct actor *a)
{
	struct job *j = enter_any(a);

	if (!j)
		return;
	kthread_mod_delayed_work(j->desk->worker, &j->dwork, draw(a, 5));
	leave(j);
}

static void op_cancel(struct actor *a)
{
	struct job *j = enter_any(a);

	if (!j)
		return;
	kthread_cancel_delayed_work_sync(&j->dwork);
	leave(j);
}

/* ---- alone with a job ---- */

static void op_flush(struct actor *a)
{
	struct desk *d = &desks[draw(a, WORKERS)];
	struct job *j = &d->jobs[draw(a, JOBS)];
	int runs;

	if (!gate_enter(&d->gate))
		return;
	if (gate_close(&j->gate)) {
		runs = atomic_read(&j->runs);
		kthread_mod_delayed_work(d->worker, &j->dwork, 0);
		if (draw(a, 2))
			kthread_flush_work(&j->dwork.work);
		else
			kthread_flush_worker(d->worker);
		if (atomic_read(&j->runs) == runs)
			test_blame("a work was queued and flushed, and has not run");
		gate_open(&j->gate);
	}
	gate_leave(&d->gate);
}

/* ---- a new worker, when nobody uses the old one ---- */

static struct kthread_worker *make_worker(int nr, u32 r)
{
	if (r % 3 == 0)
		return kthread_create_worker_on_cpu(r / 3 % nr_cpu_ids, 0, "worker/%d", nr);
	return kthread_create_worker(0, "worker-%d", nr);
}

/* Nobody else is at the desk: here the answers are exact. */
static void check_alone(struct desk *d, struct job *j, int *sum)
{
	int runs;

	kthread_cancel_delayed_work_sync(&j->dwork);
	atomic_set(&j->again, 0);
	if (atomic_read(&j->inside) || !list_empty(&j->dwork.work.node) || timer_pending(&j->dwork.timer))
		test_blame("a cancelled work runs or is queued");
	runs = atomic_read(&j->runs);
	*sum += runs;
	if (!kthread_queue_work(d->worker, &j->dwork.work))
		test_blame("a cancelled work can't be queued");
	if (runs % 2 == 0)
		return;			/* it is for the end of the worker to see that it runs */
	kthread_flush_work(&j->dwork.work);
	if (atomic_read(&j->runs) != runs + 1)
		test_blame("flushed, it ran %d times, not once", atomic_read(&j->runs) - runs);
}

static void empty_desk(struct desk *d)
{
	int runs = 0, now = 0;

	for (int i = 0; i < JOBS; i++) {
		check_alone(d, &d->jobs[i], &runs);
		runs++;			/* it is queued once more, or has run by now */
	}
	kthread_destroy_worker(d->worker);
	for (int i = 0; i < JOBS; i++)
		now += atomic_read(&d->jobs[i].runs);
	if (now != runs)
		test_blame("the worker has gone after %d runs of %d", now, runs);
}

static void op_replace(struct actor *a)
{
	struct desk *d = &desks[draw(a, WORKERS)];

	if (!gate_close(&d->gate))
		return;
	empty_desk(d);
	d->worker = make_worker(d - desks, test_random(&a->random));
	BUG_ON(IS_ERR(d->worker));
	for (int i = 0; i < JOBS; i++)
		kthread_init_delayed_work(&d->jobs[i].dwork, do_job);
	gate_open(&d->gate);
}

static void begin(void)
{
	for (int i = 0; i < WORKERS; i++) {
		struct desk *d = &desks[i];

		d->worker = make_worker(i, i);
		BUG_ON(IS_ERR(d->worker));
		for (int n = 0; n < JOBS; n++) {
			d->jobs[n].desk = d;
			kthread_init_delayed_work(&d->jobs[n].dwork, do_job);
		}
	}
}

static void end(void)
{
	for (int i = 0; i < WORKERS; i++) {
		gate_close(&desks[i].gate);
		empty_desk(&desks[i]);
	}
}

static const struct torture_op ops[] = {
	{ "queue", op_queue, 6 }, { "delay", op_delay, 4 }, { "put-off", op_put_off, 3 }, { "flush", op_flush, 2 },
	{ "cancel", op_cancel, 2 }, { "replace", op_replace, 1 },
};

TORTURE(workers, ops, .begin = begin, .end = end, .actors = 8);
