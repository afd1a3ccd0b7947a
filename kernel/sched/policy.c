/* SPDX-License-Identifier: MIT */
/*
 * Who is how important: nice values, policies, priorities.
 *
 * What counts in the end is `prio`: a thread's own (normal_prio), or a better one that it has borrowed because somebody
 * waits for an rt_mutex of its (pi_prio).
 *
 * A change takes the thread off its queue, sets the new values, and puts it back (sched_change_begin/end), under
 * pi_lock and rq->lock, so no one ever sees a thread in a queue it does not belong to.
 */
#include "sched.h"
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/sched/init.h>
#include <linux/sched/rt.h>
#include <linux/upcall.h>

int rt_task(const struct task_struct *p)
{
	return p->prio < MAX_RT_PRIO;
}
EXPORT_SYMBOL(rt_task);

int task_prio(const struct task_struct *p)
{
	return p->prio - MAX_RT_PRIO;
}

int task_nice(const struct task_struct *p)
{
	return PRIO_TO_NICE(p->static_prio);
}
EXPORT_SYMBOL(task_nice);

int can_nice(const struct task_struct *p, const int nice)
{
	return 1;
}
EXPORT_SYMBOL(can_nice);

static int normal_prio_of(int policy, int rt_priority, int static_prio)
{
	if (policy == SCHED_FIFO || policy == SCHED_RR)
		return MAX_RT_PRIO - 1 - rt_priority;
	return static_prio;
}

void set_user_nice(struct task_struct *p, long nice)
{
	struct change_guard g;
	unsigned long flags;
	struct rq *rq;
	int old_prio;

	if (nice < MIN_NICE || nice > MAX_NICE || task_nice(p) == nice)
		return;
	rq = task_rq_lock(p, &flags);
	if (rt_prio(p->normal_prio)) {
		p->static_prio = NICE_TO_PRIO(nice);
		task_rq_unlock(rq, p, &flags);
		return;
	}
	g = sched_change_begin(rq, p);
	old_prio = p->prio;
	p->static_prio = NICE_TO_PRIO(nice);
	set_load_weight(p);
	p->normal_prio = p->static_prio;
	p->prio = min(p->normal_prio, p->pi_prio);
	sched_change_end(&g, 0);
	if (g.running ? p->prio > old_prio : g.queued && p->prio < old_prio)
		resched_curr(rq);
	task_rq_unlock(rq, p, &flags);
}
EXPORT_SYMBOL(set_user_nice);

static bool valid_policy(int policy, int prio)
{
	switch (policy) {
	case SCHED_FIFO:
	case SCHED_RR:
		return prio >= 1 && prio < MAX_RT_PRIO;
	case SCHED_NORMAL:
	case SCHED_BATCH:
	case SCHED_IDLE:
		return prio == 0;
	}
	return false;
}

/* The second half of a change: p's priority and class follow from its own and the borrowed one. */
static void finish_change(struct change_guard *g)
{
	const struct sched_class *old_class = g->p->sched_class;
	struct task_struct *p = g->p;
	int old_prio = p->prio;

	p->prio = min(p->normal_prio, p->pi_prio);
	p->sched_class = rt_task(p) ? &rt_sched_class : &fair_sched_class;
	if (p->sched_class == &fair_sched_class && old_class != p->sched_class)
		p->se.vruntime = g->rq->cfs.min_vruntime;
	/* Going down, it was running first: it stays first among its new equals. */
	sched_change_end(g, old_prio < p->prio ? ENQUEUE_HEAD : 0);
	if (old_class != p->sched_class || old_prio != p->prio)
		p->sched_class->switched_to(g->rq, p);
}

void rt_mutex_setprio(struct task_struct *p, struct task_struct *pi_task)
{
	struct change_guard g;
	unsigned long flags;
	struct rq *rq;
	int prio = MAX_PRIO;

	if (pi_task)
		prio = READ_ONCE(pi_task->prio);
	WRITE_ONCE(p->pi_top_task, pi_task);
	if (READ_ONCE(p->pi_prio) == prio)
		return;
	rq = task_rq_lock(p, &flags);
	p->pi_prio = prio;
	if (min(p->normal_prio, prio) != p->prio) {
		g = sched_change_begin(rq, p);
		finish_change(&g);
	}
	task_rq_unlock(rq, p, &flags);
}

static void apply_policy(struct rq *rq, struct task_struct *p, int policy, int rt_priority, int nice)
{
	struct change_guard g = sched_change_begin(rq, p);

	p->policy = policy;
	p->rt_priority = rt_priority;
	p->static_prio = NICE_TO_PRIO(nice);
	p->normal_prio = normal_prio_of(policy, rt_priority, p->static_prio);
	set_load_weight(p);
	finish_change(&g);
}

static int set_policy(struct task_struct *p, int policy, int prio, int nice)
{
	unsigned long flags;
	struct rq *rq;
	bool reset_on_fork = policy & SCHED_RESET_ON_FORK;
	int err = 0;

	policy &= ~SCHED_RESET_ON_FORK;
	if (!valid_policy(policy, prio))
		return -EINVAL;
	rq = task_rq_lock(p, &flags);
	if (p->sched_class == &stop_sched_class || task_is_idle(p))
		err = -EINVAL;
	else if (p->policy != policy || p->rt_priority != prio || task_nice(p) != nice)
		apply_policy(rq, p, policy, prio, nice);
	if (!err)
		p->sched_reset_on_fork = reset_on_fork;
	task_rq_unlock(rq, p, &flags);
	/* ORDER(rtmutex-prio): the priority, full barrier, then: does it wait for an rt_mutex? */
	smp_mb();
	if (READ_ONCE(p->pi_blocked_on))
		rt_mutex_adjust_pi(p);
	return err;
}

int sched_setattr_nocheck(struct task_struct *p, const struct sched_attr *attr)
{
	int nice = clamp(attr->sched_nice, MIN_NICE, MAX_NICE);
	int policy = attr->sched_policy, prio = attr->sched_priority;
	u64 flags = attr->sched_flags;

	if (flags & ~(u64)(SCHED_FLAG_RESET_ON_FORK | SCHED_FLAG_KEEP_POLICY | SCHED_FLAG_KEEP_PARAMS))
		return -EINVAL;
	if (flags & SCHED_FLAG_KEEP_POLICY)
		policy = p->policy;
	if (flags & SCHED_FLAG_KEEP_PARAMS) {
		prio = p->rt_priority;
		nice = task_nice(p);
	}
	if (policy == SCHED_FIFO || policy == SCHED_RR)
		nice = task_nice(p);
	if (flags & SCHED_FLAG_RESET_ON_FORK)
		policy |= SCHED_RESET_ON_FORK;
	return set_policy(p, policy, prio, nice);
}
EXPORT_SYMBOL_GPL(sched_setattr_nocheck);

int sched_setattr(struct task_struct *p, const struct sched_attr *attr)
{
	return sched_setattr_nocheck(p, attr);
}
EXPORT_SYMBOL_GPL(sched_setattr);

int sched_setscheduler_nocheck(struct task_struct *p, int policy, const struct sched_param *param)
{
	return set_policy(p, policy, param->sched_priority, task_nice(p));
}
EXPORT_SYMBOL_GPL(sched_setscheduler_nocheck);

int sched_setscheduler(struct task_struct *p, int policy, const struct sched_param *param)
{
	return sched_setscheduler_nocheck(p, policy, param);
}
EXPORT_SYMBOL_GPL(sched_setscheduler);

void sched_set_fifo(struct task_struct *p)
{
	WARN_ON_ONCE(set_policy(p, SCHED_FIFO, MAX_RT_PRIO / 2, task_nice(p)));
}
EXPORT_SYMBOL_GPL(sched_set_fifo);

void sched_set_fifo_low(struct task_struct *p)
{
	WARN_ON_ONCE(set_policy(p, SCHED_FIFO, 1, task_nice(p)));
}
EXPORT_SYMBOL_GPL(sched_set_fifo_low);

void sched_set_normal(struct task_struct *p, int nice)
{
	WARN_ON_ONCE(set_policy(p, SCHED_NORMAL, 0, clamp(nice, MIN_NICE, MAX_NICE)));
}
EXPORT_SYMBOL_GPL(sched_set_normal);

/* RESET_ON_FORK: what the parent has beyond the ordinary is not for its children. */
static void reset_policy(struct task_struct *p)
{
	if (p->policy == SCHED_FIFO || p->policy == SCHED_RR) {
		p->policy = SCHED_NORMAL;
		p->static_prio = DEFAULT_PRIO;
		p->rt_priority = 0;
	} else if (task_nice(p) < 0) {
		p->static_prio = DEFAULT_PRIO;
	}
	p->sched_reset_on_fork = false;
}

/* A new thread's scheduling part. It inherits nice and policy, and starts with no time used. */
void sched_fork(struct task_struct *p)
{
	p->__state = TASK_NEW;
	p->on_rq = 0;
	p->on_cpu = 0;
	memset(&p->se, 0, sizeof(p->se));
	memset(&p->rt, 0, sizeof(p->rt));
	INIT_LIST_HEAD(&p->rt.run_list);
	p->nvcsw = p->nivcsw = 0;
	p->counts_as_load = false;
	p->probed = 0;
	p->stops = NULL;
	p->hung_told = 0;
	raw_spin_lock_init(&p->pi_lock);
	p->cpus_ptr = &p->cpus_mask;
	if (p->policy != SCHED_FIFO && p->policy != SCHED_RR && p->sched_class != &fair_sched_class) {
		/* The child of an idle thread is an ordinary one, and not tied to its CPU. */
		p->policy = SCHED_NORMAL;
		p->static_prio = DEFAULT_PRIO;
		cpumask_copy(&p->cpus_mask, cpu_possible_mask);
		p->nr_cpus_allowed = num_possible_cpus();
	}
	if (unlikely(p->sched_reset_on_fork))
		reset_policy(p);
	p->prio = p->normal_prio = normal_prio_of(p->policy, p->rt_priority, p->static_prio);
	p->pi_prio = MAX_PRIO;
	p->sched_class = rt_task(p) ? &rt_sched_class : &fair_sched_class;
	set_load_weight(p);
}
