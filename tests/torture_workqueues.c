/* SPDX-License-Identifier: MIT */
/*
 * Torture of workqueues: works are queued, delayed, put off, flushed and cancelled on queues of every kind, while
 * queues come and go. (The queues that all share: torture_works.c.) What must hold:
 *
 *	a work never runs twice at once; of an ordered queue one work runs at a time
 *	flushed: it ran after it was queued, on the CPU that was asked for; cancelled: it is neither queued nor running
 *	a queue that is drained or destroyed has done all that was queued
 */
#include "torture.h"

#include <linux/cpumask.h>
#include <linux/fault-inject.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/numa.h>
#include <linux/smp.h>
#include <linux/workqueue.h>

#define JOBS 6		/* for each queue */

/* Every second one is plain: its timer is never used. */
struct job {
	struct delayed_work dwork;
	struct queue *queue;
	struct tally tally;
	int on_cpu;			/* where it must run, when alone, plus 1; 0: anywhere */
};

/* A workqueue with its jobs. */
static struct queue {
	unsigned int flags;
	bool ordered;
	struct workqueue_struct *wq;
	struct gate gate;		/* closed while it is replaced */
	atomic_t active;		/* works that run now */
	struct job jobs[JOBS];
} queues[] = {
	{ .flags = 0 }, { .flags = WQ_HIGHPRI }, { .flags = WQ_MEM_RECLAIM | WQ_CPU_INTENSIVE },
	{ .flags = WQ_UNBOUND }, { .ordered = true }, { .flags = WQ_FREEZABLE },
	{ .flags = WQ_UNBOUND | WQ_FREEZABLE | WQ_MEM_RECLAIM },
};

static bool is_bound(const struct queue *q)
{
	return !q->ordered && !(q->flags & WQ_UNBOUND);
}

static bool is_delayed(const struct job *j)
{
	return (j - j->queue->jobs) % 2;
}

static void check_cpu(struct job *j)
{
	int on_cpu = READ_ONCE(j->on_cpu);

	if (on_cpu && on_cpu - 1 != task_cpu(current))
		test_blame("queued on CPU %d, a work runs on CPU %u", on_cpu - 1, task_cpu(current));
}

static void do_job(struct work_struct *work)
{
	struct job *j = container_of(to_delayed_work(work), struct job, dwork);

	if (atomic_inc_return(&j->queue->active) != 1 && j->queue->ordered)
		test_blame("two works of an ordered queue run at once");
	if (current_work() != work)
		test_blame("current_work() is another");
	check_cpu(j);
	tally_begin(&j->tally);
	check_cpu(j);
	atomic_dec(&j->queue->active);
	if (tally_wants_more(&j->tally))
		queue_work(j->queue->wq, work);
	tally_end(&j->tally);
}

/* ---- many at a job ---- */

static void at_any_job(struct actor *a, void (*fn)(struct actor *a, struct workqueue_struct *wq, struct job *j))
{
	struct job *j = &queues[draw(a, ARRAY_SIZE(queues))].jobs[draw(a, JOBS)];

	if (!tally_enter(&j->tally))
		return;
	fn(a, j->queue->wq, j);
	tally_leave(&j->tally);
}

static void queue(struct actor *a, struct workqueue_struct *wq, struct job *j)
{
	if (draw(a, 8) == 0)
		atomic_set(&j->tally.again, draw(a, 3));
	if (draw(a, 2))
		queue_work(wq, &j->dwork.work);
	else if (is_bound(j->queue))
		queue_work_on(draw_cpu(a), wq, &j->dwork.work);
	else
		queue_work_node(NUMA_NO_NODE, wq, &j->dwork.work);
}

static void queue_from_interrupt(void *data)
{
	struct job *j = data;

	queue_work(j->queue->wq, &j->dwork.work);
}

static void interrupt(struct actor *a, struct workqueue_struct *wq, struct job *j)
{
	smp_call_function_single(draw_cpu(a), queue_from_interrupt, j, true);
}

static void delay(struct actor *a, struct workqueue_struct *wq, struct job *j)
{
	if (!is_delayed(j))
		return;
	if (draw(a, 2))
		queue_delayed_work(wq, &j->dwork, draw(a, 5));
	else
		queue_delayed_work_on(draw_stable_cpu(a), wq, &j->dwork, draw(a, 5));
}

static void put_off(struct actor *a, struct workqueue_struct *wq, struct job *j)
{
	if (!is_delayed(j))
		return;
	if (draw(a, 2))
		mod_delayed_work(wq, &j->dwork, draw(a, 5));
	else
		mod_delayed_work_on(draw_stable_cpu(a), wq, &j->dwork, draw(a, 5));
}

static void await(struct actor *a, struct workqueue_struct *wq, struct job *j)
{
	if (draw(a, 4) == 0)
		flush_workqueue(wq);
	else if (is_delayed(j))
		flush_delayed_work(&j->dwork);
	else
		flush_work(&j->dwork.work);
}

static void cancel(struct actor *a, struct workqueue_struct *wq, struct job *j)
{
	switch (draw(a, 2) + 2 * is_delayed(j)) {
	case 0:
		cancel_work(&j->dwork.work);
		break;
	case 1:
		cancel_work_sync(&j->dwork.work);
		break;
	case 2:
		cancel_delayed_work(&j->dwork);
		break;
	default:
		cancel_delayed_work_sync(&j->dwork);
	}
}

/* How many may be active at once; of an ordered queue it stays one. */
static void limit(struct actor *a, struct workqueue_struct *wq, struct job *j)
{
	if (!j->queue->ordered)
		workqueue_set_max_active(wq, 1 + draw(a, 4));
	workqueue_congested(draw_cpu(a), wq);
}

static void op_queue(struct actor *a) { at_any_job(a, queue); }
static void op_interrupt(struct actor *a) { at_any_job(a, interrupt); }
static void op_delay(struct actor *a) { at_any_job(a, delay); }
static void op_put_off(struct actor *a) { at_any_job(a, put_off); }
static void op_await(struct actor *a) { at_any_job(a, await); }
static void op_cancel(struct actor *a) { at_any_job(a, cancel); }
static void op_limit(struct actor *a) { at_any_job(a, limit); }

/* ---- alone with a job ---- */

static void cancel_exactly(struct job *j)
{
	atomic_set(&j->tally.again, 0);
	if (is_delayed(j))
		cancel_delayed_work_sync(&j->dwork);
	else
		cancel_work_sync(&j->dwork.work);
	if (atomic_read(&j->tally.inside) || work_busy(&j->dwork.work) || work_pending(&j->dwork.work))
		test_blame("a cancelled work runs or is queued");
}

static void flush_exactly(struct actor *a, struct queue *q, struct job *j)
{
	int cpu = draw_stable_cpu(a), runs;

	cancel_exactly(j);
	runs = atomic_read(&j->tally.runs);
	WRITE_ONCE(j->on_cpu, is_bound(q) ? cpu + 1 : 0);
	if (!queue_work_on(cpu, q->wq, &j->dwork.work))
		test_blame("a cancelled work can't be queued");
	if (draw(a, 2))
		flush_work(&j->dwork.work);
	else
		flush_workqueue(q->wq);
	tally_exactly(&j->tally, runs + 1, "queued once and flushed");
	WRITE_ONCE(j->on_cpu, 0);
}

static void op_flush(struct actor *a)
{
	struct queue *q = &queues[draw(a, ARRAY_SIZE(queues))];
	struct job *j = &q->jobs[draw(a, JOBS)];

	if (!gate_enter(&q->gate))
		return;
	if (gate_close(&j->tally.gate)) {
		flush_exactly(a, q, j);
		gate_open(&j->tally.gate);
	}
	gate_leave(&q->gate);
}

/* ---- a new queue, when nobody uses the old one ---- */

static struct workqueue_struct *make_queue(struct queue *q)
{
	if (q->ordered)
		return alloc_ordered_workqueue("torture-%d", q->flags, (int)(q - queues));
	return alloc_workqueue("torture-%d", q->flags, 0, (int)(q - queues));
}

static void empty_queue(struct queue *q, bool drain)
{
	int runs = 0, now = 0;

	for (int i = 0; i < JOBS; i++) {
		cancel_exactly(&q->jobs[i]);
		runs += atomic_read(&q->jobs[i].tally.runs);
	}
	for (int i = 0; i < JOBS; i++)
		runs += queue_work(q->wq, &q->jobs[i].dwork.work);
	if (drain)
		drain_workqueue(q->wq);
	else
		destroy_workqueue(q->wq);
	for (int i = 0; i < JOBS; i++)
		now += atomic_read(&q->jobs[i].tally.runs);
	if (now != runs)
		test_blame("the queue is %s after %d runs of %d", drain ? "drained" : "destroyed", now, runs);
}

static void open_queue(struct queue *q)
{
	q->wq = make_queue(q);
	BUG_ON(!q->wq);
	for (int i = 0; i < JOBS; i++) {
		struct job *j = &q->jobs[i];

		j->queue = q;
		j->tally.house = &q->gate;
		j->tally.freezable = q->flags & WQ_FREEZABLE;
		INIT_DELAYED_WORK(&j->dwork, do_job);
	}
}

static void op_replace(struct actor *a)
{
	struct queue *q = &queues[draw(a, ARRAY_SIZE(queues))];
	struct workqueue_struct *failed;

	if (!gate_close(&q->gate))
		return;
	if (draw(a, 2))
		empty_queue(q, true);
	empty_queue(q, false);
	fail_nth_arm(1);
	failed = make_queue(q);
	if (!fail_nth_disarm() || failed)
		test_blame("alloc_workqueue() succeeds without memory");
	open_queue(q);
	gate_open(&q->gate);
}

static void begin(void)
{
	for (int i = 0; i < ARRAY_SIZE(queues); i++)
		open_queue(&queues[i]);
}

static void end(void)
{
	for (int i = 0; i < ARRAY_SIZE(queues); i++)
		empty_queue(&queues[i], false);
}

static const struct torture_op ops[] = {
	{ "queue", op_queue, 12 }, { "interrupt", op_interrupt, 2 }, { "delay", op_delay, 10 },
	{ "put-off", op_put_off, 8 }, { "await", op_await, 4 }, { "flush", op_flush, 4 }, { "cancel", op_cancel, 6 },
	{ "limit", op_limit, 2 }, { "replace", op_replace, 1 },
};

TORTURE(workqueues, ops, .begin = begin, .end = end, .actors = 8);
