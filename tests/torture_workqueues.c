/* SPDX-License-Identifier: MIT */
/*
 * Torture of workqueues: works are queued, delayed, put off, flushed and cancelled on queues of every kind, while
 * queues come and go. What must hold:
 *
 *	a work never runs twice at once; of an ordered queue one work runs at a time
 *	flushed: it ran after it was queued, on the CPU that was asked for; cancelled: it is neither queued nor running
 *	a queue that is destroyed has done all that was queued
 */
#include "torture.h"

#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/fault-inject.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/smp.h>
#include <linux/workqueue.h>

#define JOBS 6		/* for each queue */

struct job {
	struct delayed_work dwork;
	struct queue *queue;
	struct gate gate;		/* closed while somebody wants an exact answer */
	atomic_t inside, runs, again;
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
	{ .flags = WQ_UNBOUND }, { .ordered = true },
};

static bool is_bound(const struct queue *q)
{
	return !q->ordered && !(q->flags & WQ_UNBOUND);
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

	if (atomic_inc_return(&j->inside) != 1)
		test_blame("a work runs twice at once");
	if (atomic_inc_return(&j->queue->active) != 1 && j->queue->ordered)
		test_blame("two works of an ordered queue run at once");
	if (current_work() != work)
		test_blame("current_work() is another");
	check_cpu(j);
	if (atomic_read(&j->runs) % 16 == 0)
		test_nap();
	else
		udelay(5);
	check_cpu(j);
	atomic_inc(&j->runs);
	atomic_dec(&j->queue->active);
	if (atomic_dec_if_positive(&j->again) >= 0)
		queue_work(j->queue->wq, work);
	atomic_dec(&j->inside);
}

/* ---- many at a job ---- */

static struct job *enter_any(struct actor *a)
{
	struct queue *q = &queues[draw(a, ARRAY_SIZE(queues))];
	struct job *j = &q->jobs[draw(a, JOBS)];

	if (!gate_enter(&q->gate))
		return NULL;
	if (gate_enter(&j->gate))
		return j;
	gate_leave(&q->gate);
	return NULL;
}

static void leave(struct job *j)
{
	gate_leave(&j->gate);
	gate_leave(&j->queue->gate);
}

static void op_queue(struct actor *a)
{
	struct job *j = enter_any(a);

	if (!j)
		return;
	if (draw(a, 8) == 0)
		atomic_set(&j->again, draw(a, 3));
	if (draw(a, 2))
		queue_work(j->queue->wq, &j->dwork.work);
	else
		queue_work_on(draw_cpu(a), j->queue->wq, &j->dwork.work);
	leave(j);
}

static void op_delay(struct actor *a)
{
	struct job *j = enter_any(a);

	if (!j)
		return;
	queue_delayed_work(j->queue->wq, &j->dwork, draw(a, 5));
	leave(j);
}

static void op_put_off(struct actor *a)
{
	struct job *j = enter_any(a);

	if (!j)
		return;
	mod_delayed_work(j->queue->wq, &j->dwork, draw(a, 5));
	leave(j);
}

static void op_cancel(struct actor *a)
{
	struct job *j = enter_any(a);

	if (!j)
		return;
	if (draw(a, 2))
		cancel_delayed_work_sync(&j->dwork);
	else
		cancel_delayed_work(&j->dwork);
	leave(j);
}

/* ---- alone with a job ---- */

static void cancel_exactly(struct job *j)
{
	atomic_set(&j->again, 0);
	cancel_delayed_work_sync(&j->dwork);
	if (atomic_read(&j->inside) || work_busy(&j->dwork.work) || delayed_work_pending(&j->dwork))
		test_blame("a cancelled work runs or is queued");
}

static void flush_exactly(struct actor *a, struct queue *q, struct job *j)
{
	int cpu = draw_stable_cpu(a), runs;

	cancel_exactly(j);
	runs = atomic_read(&j->runs);
	WRITE_ONCE(j->on_cpu, is_bound(q) ? cpu + 1 : 0);
	if (!queue_work_on(cpu, q->wq, &j->dwork.work))
		test_blame("a cancelled work can't be queued");
	if (draw(a, 2))
		flush_work(&j->dwork.work);
	else
		flush_workqueue(q->wq);
	if (atomic_read(&j->runs) != runs + 1)
		test_blame("queued once and flushed, it ran %d times", atomic_read(&j->runs) - runs);
	WRITE_ONCE(j->on_cpu, 0);
}

static void op_flush(struct actor *a)
{
	struct queue *q = &queues[draw(a, ARRAY_SIZE(queues))];
	struct job *j = &q->jobs[draw(a, JOBS)];

	if (!gate_enter(&q->gate))
		return;
	if (gate_close(&j->gate)) {
		flush_exactly(a, q, j);
		gate_open(&j->gate);
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

static void empty_queue(struct queue *q)
{
	int runs = 0, now = 0;

	for (int i = 0; i < JOBS; i++) {
		cancel_exactly(&q->jobs[i]);
		runs += atomic_read(&q->jobs[i].runs);
	}
	for (int i = 0; i < JOBS; i++)
		runs += queue_work(q->wq, &q->jobs[i].dwork.work);
	destroy_workqueue(q->wq);
	for (int i = 0; i < JOBS; i++)
		now += atomic_read(&q->jobs[i].runs);
	if (now != runs)
		test_blame("the queue has gone after %d runs of %d", now, runs);
}

static void open_queue(struct queue *q)
{
	q->wq = make_queue(q);
	BUG_ON(!q->wq);
	for (int i = 0; i < JOBS; i++) {
		q->jobs[i].queue = q;
		INIT_DELAYED_WORK(&q->jobs[i].dwork, do_job);
	}
}

static void op_replace(struct actor *a)
{
	struct queue *q = &queues[draw(a, ARRAY_SIZE(queues))];
	struct workqueue_struct *failed;

	if (!gate_close(&q->gate))
		return;
	empty_queue(q);
	fail_nth_arm(1);
	failed = make_queue(q);
	if (!fail_nth_disarm() || failed)
		test_blame("alloc_workqueue() succeeds without memory");
	open_queue(q);
	gate_open(&q->gate);
}

static atomic_t on_each;

static void count_cpu(struct work_struct *work)
{
	atomic_inc(&on_each);
}

/* Others may be at it, too, and CPUs go: at least one run on each that stays has been added. */
static void op_each_cpu(struct actor *a)
{
	int before = atomic_read(&on_each);

	if (schedule_on_each_cpu(count_cpu) == 0 && atomic_read(&on_each) < before + (int)torture_stable_cpus())
		test_blame("schedule_on_each_cpu() left a CPU out");
}

static void begin(void)
{
	for (int i = 0; i < ARRAY_SIZE(queues); i++)
		open_queue(&queues[i]);
}

static void end(void)
{
	for (int i = 0; i < ARRAY_SIZE(queues); i++)
		empty_queue(&queues[i]);
}

static const struct torture_op ops[] = {
	{ "queue", op_queue, 12 }, { "delay", op_delay, 8 }, { "put-off", op_put_off, 6 }, { "flush", op_flush, 4 },
	{ "cancel", op_cancel, 4 }, { "replace", op_replace, 1 }, { "each-cpu", op_each_cpu, 1 },
};

TORTURE(workqueues, ops, .begin = begin, .end = end, .actors = 8);
