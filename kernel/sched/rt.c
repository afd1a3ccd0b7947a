/* SPDX-License-Identifier: MIT */
/*
 * The real-time class: FIFO and RR, priorities 1 to 99, always before the fair class.
 *
 * A queue per priority and a bitmap of those that hold anybody: the best is one find-first-bit away. FIFO threads run
 * until they sleep, yield or are preempted by a better one; RR threads go to their queue's end when their slice is
 * over. A preempted thread stays at the head of its queue. Together they may not have all of a CPU: rt_limit.c.
 *
 * On several CPUs the best threads should run, one on each. One mechanism sees to it: a CPU that is about to choose
 * looks whether a CPU with more than one such thread (rt_overloaded) has a waiting one that beats its own best, and
 * pulls it. Where a thread must wait, the CPU asks for help: it kicks one that runs something lesser, and that one
 * pulls. It asks when a thread comes that must wait, when it has chosen and others are left over, and at each tick,
 * because whom it kicks is read without a lock and may be the wrong one. So none of the first PULL_SCAN threads waits
 * in vain for longer than a tick.
 *
 * Locking: rq->lock; a pull takes both queues' locks, so balance_rt() may drop its own for a moment.
 * Read next: rt_limit.c, stop.c.
 */
#include "sched.h"
#include <linux/sched/rt.h>
#include <trace/events/sched.h>

/* How far to look down a queue for a thread that may move: those at the front are bound, mostly. */
#define PULL_SCAN	16

cpumask_t rt_overloaded;

void init_rt_rq(struct rt_rq *rt)
{
	rt->nr_running = 0;
	bitmap_zero(rt->bitmap, MAX_RT_PRIO);
	for (int i = 0; i < MAX_RT_PRIO; i++)
		INIT_LIST_HEAD(&rt->queue[i]);
	init_rt_limit(rt);
}

static int best_prio(struct rt_rq *rt)
{
	return find_first_bit(rt->bitmap, MAX_RT_PRIO);
}

static void update_curr_rt(struct rq *rq)
{
	struct sched_entity *se = &rq->curr->se;
	u64 delta = rq->clock - se->exec_start;

	if (rq->clock <= se->exec_start)
		return;
	trace_sched_stat_runtime(rq->curr, delta, 0);
	se->sum_exec_runtime += delta;
	se->exec_start = rq->clock;
	rt_charge(rq, delta);
}

/* Would p, woken on that CPU, run at once? Not where a better one waits to be switched to. A hint. */
static bool would_run_on(struct task_struct *p, int cpu)
{
	struct rq *rq = cpu_rq(cpu);

	return READ_ONCE(rq->curr)->prio > p->prio && !READ_ONCE(rq->rt.throttled) && best_prio(&rq->rt) > p->prio;
}

/* Where could p, of rq, run at once? A CPU that is idle or runs something lesser, other than `but`. A hint. */
static int find_lesser_cpu(struct rq *rq, struct task_struct *p, int but)
{
	int cpu = cpumask_any_and(&idle_cpus, p->cpus_ptr);

	if (cpu < nr_cpu_ids && would_run_on(p, cpu))
		return cpu;
	for_each_cpu_and(cpu, p->cpus_ptr, cpu_active_mask)
		if (cpu != rq->cpu && cpu != but && would_run_on(p, cpu))
			return cpu;
	return nr_cpu_ids;
}

/* All but `next` wait here. For the first of them that has a better place, kick that CPU; it will come and pull. */
static void ask_for_help(struct rq *rq, struct task_struct *next, int but)
{
	struct task_struct *p;
	int i, cpu, seen = 0;

	if (likely(rq->rt.nr_running < 2))
		return;
	for_each_set_bit(i, rq->rt.bitmap, MAX_RT_PRIO) {
		list_for_each_entry(p, &rq->rt.queue[i], rt.run_list) {
			if (++seen > PULL_SCAN)
				return;
			if (p == next || p->nr_cpus_allowed == 1)
				continue;
			cpu = find_lesser_cpu(rq, p, but);
			if (cpu < nr_cpu_ids) {
				smp_send_reschedule(cpu);
				return;
			}
		}
	}
}

static void enqueue_task_rt(struct rq *rq, struct task_struct *p, int flags)
{
	struct rt_rq *rt = &rq->rt;

	if (flags & ENQUEUE_HEAD)
		list_add(&p->rt.run_list, &rt->queue[p->prio]);
	else
		list_add_tail(&p->rt.run_list, &rt->queue[p->prio]);
	__set_bit(p->prio, rt->bitmap);
	p->rt.on_rq = 1;
	if (!p->rt.time_slice)
		p->rt.time_slice = RR_TIMESLICE;
	if (++rt->nr_running == 2)
		cpumask_set_cpu(rq->cpu, &rt_overloaded);
	count_running(rq, p, 1);
}

static void dequeue_task_rt(struct rq *rq, struct task_struct *p, int flags)
{
	struct rt_rq *rt = &rq->rt;

	if (rq->curr == p)
		update_curr_rt(rq);
	list_del_init(&p->rt.run_list);
	if (list_empty(&rt->queue[p->prio]))
		__clear_bit(p->prio, rt->bitmap);
	p->rt.on_rq = 0;
	if (--rt->nr_running == 1)
		cpumask_clear_cpu(rq->cpu, &rt_overloaded);
	count_running(rq, p, -1);
}

static void yield_task_rt(struct rq *rq)
{
	struct task_struct *p = rq->curr;

	list_move_tail(&p->rt.run_list, &rq->rt.queue[p->prio]);
}

static void check_preempt_rt(struct rq *rq, struct task_struct *p, int flags)
{
	if (p->prio < rq->curr->prio)
		resched_curr(rq);	/* whoever is left over then is cared for by pick_next_task_rt() */
	else
		ask_for_help(rq, rq->curr, -1);
}

static void set_next_task_rt(struct rq *rq, struct task_struct *p)
{
	p->se.exec_start = rq->clock;
}

static void put_prev_task_rt(struct rq *rq, struct task_struct *p)
{
	update_curr_rt(rq);
}

static struct task_struct *pick_next_task_rt(struct rq *rq)
{
	struct task_struct *p;
	int prio;

	if (!rq->rt.nr_running || rq->rt.throttled)
		return NULL;
	prio = best_prio(&rq->rt);
	p = list_first_entry(&rq->rt.queue[prio], struct task_struct, rt.run_list);
	set_next_task_rt(rq, p);
	/* The one that ran before may be pulled, too: who comes for it waits for our lock, until it is off this CPU. */
	ask_for_help(rq, p, -1);
	return p;
}

static void task_tick_rt(struct rq *rq, struct task_struct *p)
{
	update_curr_rt(rq);
	ask_for_help(rq, p, -1);
	if (p->policy != SCHED_RR || --p->rt.time_slice)
		return;
	p->rt.time_slice = RR_TIMESLICE;
	if (list_is_singular(&rq->rt.queue[p->prio]))
		return;
	list_move_tail(&p->rt.run_list, &rq->rt.queue[p->prio]);
	resched_curr(rq);
}

/* The best waiting thread of src that beats `prio` and may run on cpu. */
static struct task_struct *pick_pullable(struct rq *src, int prio, int cpu)
{
	struct task_struct *p;
	int i, seen = 0;

	for_each_set_bit(i, src->rt.bitmap, MAX_RT_PRIO) {
		if (i >= prio)
			return NULL;
		list_for_each_entry(p, &src->rt.queue[i], rt.run_list) {
			if (p != src->curr && !task_on_cpu(p) && cpumask_test_cpu(cpu, p->cpus_ptr))
				return p;
			if (++seen >= PULL_SCAN)
				return NULL;
		}
	}
	return NULL;
}

static void balance_rt(struct rq *rq, struct task_struct *prev)
{
	int cpu;

	if (likely(cpumask_empty(&rt_overloaded)) || rq->stop_ready || !rq->online || rq->rt.throttled)
		return;
	for_each_cpu(cpu, &rt_overloaded) {
		struct rq *src = cpu_rq(cpu);
		struct task_struct *p;

		if (src == rq)
			continue;
		raw_spin_unlock(&rq->lock);
		double_rq_lock(rq, src);
		p = pick_pullable(src, best_prio(&rq->rt), rq->cpu);
		if (p) {
			move_queued_task(src, rq, p);
			ask_for_help(src, src->curr, rq->cpu);	/* the next may have been waiting for us, too */
		}
		raw_spin_unlock(&src->lock);
	}
}

/* Where does p run at once? Here it may not matter who is idle: a CPU that runs something lesser is as good. */
static int select_task_rq_rt(struct task_struct *p, int prev_cpu, int flags)
{
	int cpu;

	if (would_run_on(p, prev_cpu))
		return prev_cpu;
	/* It may be idle because the class is shut there. */
	cpu = pick_idle_cpu(p->cpus_ptr, prev_cpu);
	if (cpu < nr_cpu_ids && would_run_on(p, cpu))
		return cpu;
	for_each_cpu_and(cpu, p->cpus_ptr, cpu_active_mask)
		if (would_run_on(p, cpu))
			return cpu;
	return prev_cpu;
}

static void switched_to_rt(struct rq *rq, struct task_struct *p)
{
	if (!task_on_rq_queued(p))
		return;
	if (rq->curr == p)
		resched_curr(rq);	/* a better one may wait, here or on another CPU */
	else
		check_preempt_curr(rq, p, 0);
}

const struct sched_class rt_sched_class = {
	.name = "rt",
	.enqueue_task = enqueue_task_rt,
	.dequeue_task = dequeue_task_rt,
	.yield_task = yield_task_rt,
	.check_preempt_curr = check_preempt_rt,
	.pick_next_task = pick_next_task_rt,
	.put_prev_task = put_prev_task_rt,
	.set_next_task = set_next_task_rt,
	.task_tick = task_tick_rt,
	.balance = balance_rt,
	.select_task_rq = select_task_rq_rt,
	.update_curr = update_curr_rt,
	.switched_to = switched_to_rt,
};
