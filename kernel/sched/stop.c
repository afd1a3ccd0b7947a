/* SPDX-License-Identifier: MIT */
/*
 * The stop class: one thread per CPU, migration/N, above every other.
 *
 * When it runs on a CPU, nothing else does, and whoever ran there is merely queued. That is what one needs in order to
 * move a running thread. What it is given to do, and the thread itself: kernel/stop_machine.c. In ps it shows as FIFO
 * 99, as on Linux.
 * Read next: idle.c.
 */
#include "sched.h"
#include <linux/sched/init.h>

static void enqueue_task_stop(struct rq *rq, struct task_struct *p, int flags)
{
	rq->stop_ready = p;
	count_running(rq, p, 1);
}

static void dequeue_task_stop(struct rq *rq, struct task_struct *p, int flags)
{
	rq->stop_ready = NULL;
	count_running(rq, p, -1);
}

static void yield_task_stop(struct rq *rq)
{
}

static void check_preempt_stop(struct rq *rq, struct task_struct *p, int flags)
{
}

static void update_curr_stop(struct rq *rq)
{
	struct sched_entity *se = &rq->curr->se;

	if (rq->clock <= se->exec_start)
		return;
	se->sum_exec_runtime += rq->clock - se->exec_start;
	se->exec_start = rq->clock;
}

static void set_next_task_stop(struct rq *rq, struct task_struct *p)
{
	p->se.exec_start = rq->clock;
}

static struct task_struct *pick_next_task_stop(struct rq *rq)
{
	if (rq->stop_ready)
		set_next_task_stop(rq, rq->stop_ready);
	return rq->stop_ready;
}

static void put_prev_task_stop(struct rq *rq, struct task_struct *p)
{
	update_curr_stop(rq);
}

static void task_tick_stop(struct rq *rq, struct task_struct *p)
{
	update_curr_stop(rq);
}

static int select_task_rq_stop(struct task_struct *p, int prev_cpu, int flags)
{
	return task_cpu(p);
}

const struct sched_class stop_sched_class = {
	.name = "stop",
	.enqueue_task = enqueue_task_stop,
	.dequeue_task = dequeue_task_stop,
	.yield_task = yield_task_stop,
	.check_preempt_curr = check_preempt_stop,
	.pick_next_task = pick_next_task_stop,
	.put_prev_task = put_prev_task_stop,
	.set_next_task = set_next_task_stop,
	.task_tick = task_tick_stop,
	.select_task_rq = select_task_rq_stop,
	.update_curr = update_curr_stop,
};

void sched_set_stop_task(struct task_struct *p)
{
	struct change_guard g;
	unsigned long flags;
	struct rq *rq = task_rq_lock(p, &flags);

	g = sched_change_begin(rq, p);
	p->policy = SCHED_FIFO;
	p->rt_priority = MAX_RT_PRIO - 1;
	p->prio = p->normal_prio = 0;
	p->sched_class = &stop_sched_class;
	sched_change_end(&g, 0);
	task_rq_unlock(rq, p, &flags);
}
