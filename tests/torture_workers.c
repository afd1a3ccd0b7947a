/* SPDX-License-Identifier: MIT */
/*
 * Torture of kthread_workers: works are queued, delayed, put off, flushed and cancelled by several actors, while
 * workers come and go, some of them freezable. What must hold:
 *
 *	a work never runs twice at once, and only on its worker
 *	flushed: it ran after it was queued; cancelled: it is neither queued nor running
 *	a worker that is destroyed has done all that was queued, also what frees itself
 *	a worker of one's own does its works in order, whichever thread attaches to it
 */
#include "torture.h"

#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/smp.h>

#define WORKERS 4
#define JOBS 6		/* for each worker */

/* Every second one is plain: its dwork.timer is never used. */
struct job {
	struct kthread_delayed_work dwork;
	struct desk *desk;
	struct tally tally;
};

/* A worker with its jobs. */
static struct desk {
	struct kthread_worker *worker;
	struct gate gate;		/* closed while it is replaced */
	struct job jobs[JOBS];
} desks[WORKERS];

static bool is_delayed(const struct job *j)
{
	return (j - j->desk->jobs) % 2;
}

/*
 * Waits for a work of the next desk; never the other way round, which would be a circle. Not from a freezable one: it
 * could not come to a halt while the other stands still.
 */
static void flush_next_desk(struct desk *d)
{
	struct job *next;

	if (d == &desks[WORKERS - 1] || (d->worker->flags & KTW_FREEZABLE))
		return;
	next = &d[1].jobs[0];
	if (!tally_enter(&next->tally))
		return;
	kthread_flush_work(&next->dwork.work);
	tally_leave(&next->tally);
}

static void do_job(struct kthread_work *work)
{
	struct job *j = container_of(work, struct job, dwork.work);
	struct kthread_worker *worker = j->desk->worker;

	if (current != worker->task)
		test_blame("a work runs on %s (%d), which is not its worker", current->comm, current->pid);
	if (worker->current_work != work)
		test_blame("the worker does not know what it runs");
	tally_begin(&j->tally);
	if (atomic_read(&j->tally.runs) % 32 == 0)
		flush_next_desk(j->desk);
	if (tally_wants_more(&j->tally))
		kthread_queue_work(worker, work);
	tally_end(&j->tally);
}

/* ---- many at a job ---- */

static void at_any_job(struct actor *a, void (*fn)(struct actor *a, struct kthread_worker *worker, struct job *j))
{
	struct job *j = &desks[draw(a, WORKERS)].jobs[draw(a, JOBS)];

	if (!tally_enter(&j->tally))
		return;
	fn(a, j->desk->worker, j);
	tally_leave(&j->tally);
}

static void queue(struct actor *a, struct kthread_worker *worker, struct job *j)
{
	if (draw(a, 8) == 0)
		atomic_set(&j->tally.again, draw(a, 3));
	kthread_queue_work(worker, &j->dwork.work);
}

static void queue_from_interrupt(void *data)
{
	struct job *j = data;

	kthread_queue_work(j->desk->worker, &j->dwork.work);
}

static void interrupt(struct actor *a, struct kthread_worker *worker, struct job *j)
{
	smp_call_function_single(draw_cpu(a), queue_from_interrupt, j, true);
}

static void delay(struct actor *a, struct kthread_worker *worker, struct job *j)
{
	if (is_delayed(j))
		kthread_queue_delayed_work(worker, &j->dwork, draw(a, 5));
}

static void put_off(struct actor *a, struct kthread_worker *worker, struct job *j)
{
	if (is_delayed(j))
		kthread_mod_delayed_work(worker, &j->dwork, draw(a, 5));
}

static void cancel(struct job *j)
{
	if (is_delayed(j))
		kthread_cancel_delayed_work_sync(&j->dwork);
	else
		kthread_cancel_work_sync(&j->dwork.work);
}

static void cancel_any(struct actor *a, struct kthread_worker *worker, struct job *j)
{
	cancel(j);
}

static void await(struct actor *a, struct kthread_worker *worker, struct job *j)
{
	if (is_delayed(j))
		kthread_flush_worker(worker);
	else
		kthread_flush_work(&j->dwork.work);
}

static void op_queue(struct actor *a) { at_any_job(a, queue); }
static void op_interrupt(struct actor *a) { at_any_job(a, interrupt); }
static void op_delay(struct actor *a) { at_any_job(a, delay); }
static void op_put_off(struct actor *a) { at_any_job(a, put_off); }
static void op_cancel(struct actor *a) { at_any_job(a, cancel_any); }
static void op_await(struct actor *a) { at_any_job(a, await); }

/* ---- alone with a job ---- */

static void queue_now(struct desk *d, struct job *j)
{
	if (is_delayed(j))
		kthread_mod_delayed_work(d->worker, &j->dwork, 0);
	else
		kthread_queue_work(d->worker, &j->dwork.work);
}

static void op_flush(struct actor *a)
{
	struct desk *d = &desks[draw(a, WORKERS)];
	struct job *j = &d->jobs[draw(a, JOBS)];
	int runs;

	if (!gate_enter(&d->gate))
		return;
	if (gate_close(&j->tally.gate)) {
		runs = atomic_read(&j->tally.runs);
		queue_now(d, j);
		if (draw(a, 2))
			kthread_flush_work(&j->dwork.work);
		else
			kthread_flush_worker(d->worker);
		if (atomic_read(&j->tally.runs) == runs)
			test_blame("a work was queued and flushed, and has not run");
		gate_open(&j->tally.gate);
	}
	gate_leave(&d->gate);
}

/* ---- a work that is freed by its own function ---- */

static atomic_t made, freed;

static void free_itself(struct kthread_work *work)
{
	kfree(work);
	atomic_inc(&freed);
}

static void op_once(struct actor *a)
{
	struct desk *d = &desks[draw(a, WORKERS)];
	struct kthread_work *work = kmalloc(sizeof(*work), GFP_KERNEL);

	BUG_ON(!work);
	kthread_init_work(work, free_itself);
	if (!gate_enter(&d->gate)) {
		kfree(work);
		return;
	}
	atomic_inc(&made);
	if (!kthread_queue_work(d->worker, work))
		test_blame("a new work can't be queued");
	gate_leave(&d->gate);
}

/* ---- a new worker, when nobody uses the old one ---- */

/* Nobody else is at the desk: here the answers are exact. */
static void check_alone(struct desk *d, struct job *j, int *sum)
{
	int runs;

	cancel(j);
	atomic_set(&j->tally.again, 0);
	if (atomic_read(&j->tally.inside) || !list_empty(&j->dwork.work.node) || timer_pending(&j->dwork.timer))
		test_blame("a cancelled work runs or is queued");
	runs = atomic_read(&j->tally.runs);
	*sum += runs;
	if (!kthread_queue_work(d->worker, &j->dwork.work))
		test_blame("a cancelled work can't be queued");
	if (runs % 2 == 0)
		return;			/* it is for the end of the worker to see that it runs */
	kthread_flush_work(&j->dwork.work);
	tally_exactly(&j->tally, runs + 1, "queued and flushed alone");
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
		now += atomic_read(&d->jobs[i].tally.runs);
	if (now != runs)
		test_blame("the worker has gone after %d runs of %d", now, runs);
}

static void open_desk(struct desk *d, u32 r)
{
	unsigned int flags = r % 4 == 0 ? KTW_FREEZABLE : 0;
	int nr = d - desks;

	if (r / 4 % 3 == 0)
		d->worker = kthread_create_worker_on_cpu(r / 12 % nr_cpu_ids, flags, "worker/%d", nr);
	else
		d->worker = kthread_create_worker(flags, "worker-%d", nr);
	BUG_ON(IS_ERR(d->worker));
	for (int i = 0; i < JOBS; i++) {
		struct job *j = &d->jobs[i];

		j->desk = d;
		j->tally.house = &d->gate;
		j->tally.freezable = flags & KTW_FREEZABLE;
		if (is_delayed(j))
			kthread_init_delayed_work(&j->dwork, do_job);
		else
			kthread_init_work(&j->dwork.work, do_job);
	}
}

static void op_replace(struct actor *a)
{
	struct desk *d = &desks[draw(a, WORKERS)];

	if (!gate_close(&d->gate))
		return;
	empty_desk(d);
	open_desk(d, test_random(&a->random));
	gate_open(&d->gate);
}

/* ---- a worker of one's own: one thread after the other attaches to it ---- */

#define OWN_WORKS 4
static DEFINE_KTHREAD_WORKER(own_worker);
static DEFINE_MUTEX(own_lock);
static struct kthread_work own_works[OWN_WORKS];
static int own_done;

static void do_own(struct kthread_work *work)
{
	if (work != &own_works[own_done])
		test_blame("work %d of a worker of one's own runs as number %d", (int)(work - own_works), own_done);
	own_done++;
}

static void op_own(struct actor *a)
{
	struct task_struct *p;

	if (!mutex_trylock(&own_lock))
		return;
	own_done = 0;
	for (int i = 0; i < OWN_WORKS; i++)
		kthread_queue_work(&own_worker, &own_works[i]);
	/* The first thread is stopped at once: it may have done none, some, or all. */
	test_join(test_start(-1, kthread_worker_fn, &own_worker, "own/first"));
	p = test_start(draw_stable_cpu(a), kthread_worker_fn, &own_worker, "own/second");
	if (!eventually(READ_ONCE(own_worker.task)))
		test_blame("a thread does not attach to a worker of one's own");
	kthread_flush_worker(&own_worker);
	if (own_done != OWN_WORKS)
		test_blame("flushed, a worker of one's own has done %d works of %d", own_done, OWN_WORKS);
	test_join(p);
	mutex_unlock(&own_lock);
}

static void begin(void)
{
	for (int i = 0; i < WORKERS; i++)
		open_desk(&desks[i], i);
	for (int i = 0; i < OWN_WORKS; i++)
		kthread_init_work(&own_works[i], do_own);
}

static void end(void)
{
	for (int i = 0; i < WORKERS; i++) {
		gate_close(&desks[i].gate);
		empty_desk(&desks[i]);
	}
	if (atomic_read(&made) != atomic_read(&freed))
		test_blame("%d works were to free themselves, %d have", atomic_read(&made), atomic_read(&freed));
}

static const struct torture_op ops[] = {
	{ "queue", op_queue, 6 }, { "interrupt", op_interrupt, 2 }, { "delay", op_delay, 5 },
	{ "put-off", op_put_off, 4 }, { "await", op_await, 2 }, { "flush", op_flush, 2 }, { "cancel", op_cancel, 2 },
	{ "once", op_once, 2 }, { "replace", op_replace, 1 }, { "own", op_own, 1 },
};

TORTURE(workers, ops, .begin = begin, .end = end, .actors = 8);
