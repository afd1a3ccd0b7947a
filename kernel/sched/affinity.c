/* SPDX-License-Identifier: MIT */
/*
 * On which CPUs may a thread run?
 *
 * The mask changes under pi_lock and rq->lock; from then on every choice of a CPU honours it. What is left is the
 * thread that is on a forbidden CPU at that moment:
 *
 *	asleep		its next wake-up chooses an allowed one
 *	queued		it is moved at once
 *	running		migration/N of that CPU runs in its stead, finds it queued, and moves it; the caller waits
 *
 * The last works on the caller itself, too: it sleeps while the stopper works, and is woken elsewhere.
 * Read next: stop.c.
 */
#include "sched.h"
#include <linux/stop_machine.h>
#include <linux/cpu.h>
#include <linux/sched/init.h>
#include <linux/errno.h>

/* Runs in migration/N: whoever ran on this CPU before is now merely queued, or asleep. */
static int migration_cpu_stop(void *arg)
{
	struct task_struct *p = arg;
	struct rq *rq = this_rq(), *to;
	int dest;

	local_irq_disable();
	raw_spin_lock(&p->pi_lock);
	raw_spin_lock(&rq->lock);
	dest = cpumask_any_and(p->cpus_ptr, cpu_online_mask);
	if (task_rq(p) == rq && !cpumask_test_cpu(rq->cpu, p->cpus_ptr) && dest < nr_cpu_ids) {
		if (task_on_rq_queued(p)) {
			to = cpu_rq(dest);
			raw_spin_unlock(&rq->lock);
			double_rq_lock(rq, to);
			/* pi_lock kept it from being woken elsewhere, but a balancer may have pulled it meanwhile. */
			if (task_rq(p) == rq && task_on_rq_queued(p) && !task_on_cpu(p))
				move_queued_task(rq, to, p);
			raw_spin_unlock(&to->lock);
		} else {
			p->wake_cpu = dest;
		}
	}
	raw_spin_unlock(&rq->lock);
	raw_spin_unlock(&p->pi_lock);
	local_irq_enable();
	return 0;
}

/* A queue's order does not depend on masks, so p keeps its place; only the count of those that may move changes. */
static void do_set_cpus_allowed(struct rq *rq, struct task_struct *p, const struct cpumask *mask)
{
	bool was_movable = p->nr_cpus_allowed > 1;

	lockdep_assert_held(&p->pi_lock);
	lockdep_assert_held(&rq->lock);
	cpumask_copy(&p->cpus_mask, mask);
	p->nr_cpus_allowed = cpumask_weight(mask);
	if (!task_on_rq_queued(p))
		return;
	rq->nr_movable += (p->nr_cpus_allowed > 1) - was_movable;
	update_load_hints(rq);
}

/* Both locks are held on entry and dropped on return. */
static int push_off(struct rq *rq, struct task_struct *p, int dest, unsigned long *flags)
{
	struct rq *to = cpu_rq(dest);

	if (task_on_cpu(p) || READ_ONCE(p->__state) == TASK_WAKING) {
		task_rq_unlock(rq, p, flags);
		return stop_one_cpu(rq->cpu, migration_cpu_stop, p);
	}
	if (task_on_rq_queued(p)) {
		raw_spin_unlock(&rq->lock);
		double_rq_lock(rq, to);
		if (task_rq(p) == rq && task_on_rq_queued(p) && !task_on_cpu(p)) {
			move_queued_task(rq, to, p);
			double_rq_unlock(rq, to);
			raw_spin_unlock_irqrestore(&p->pi_lock, *flags);
			return 0;
		}
		/* In between it was chosen to run. */
		double_rq_unlock(rq, to);
		raw_spin_unlock_irqrestore(&p->pi_lock, *flags);
		return stop_one_cpu(rq->cpu, migration_cpu_stop, p);
	}
	p->wake_cpu = dest;
	task_rq_unlock(rq, p, flags);
	return 0;
}

int set_cpus_allowed_ptr(struct task_struct *p, const struct cpumask *new_mask)
{
	unsigned long flags;
	struct rq *rq;
	int dest;

	rq = task_rq_lock(p, &flags);
	dest = cpumask_any_and(new_mask, cpu_online_mask);
	if ((p->flags & PF_NO_SETAFFINITY) || dest >= nr_cpu_ids) {
		task_rq_unlock(rq, p, &flags);
		return -EINVAL;
	}
	do_set_cpus_allowed(rq, p, new_mask);
	if (cpumask_test_cpu(rq->cpu, new_mask)) {
		task_rq_unlock(rq, p, &flags);
		return 0;
	}
	return push_off(rq, p, dest, &flags);
}

int set_cpus_allowed(struct task_struct *p, cpumask_t new_mask)
{
	return set_cpus_allowed_ptr(p, &new_mask);
}

/* For kthread_bind(): p sleeps and has never run; CPUs that are not up yet are allowed, too. */
void kthread_set_cpus(struct task_struct *p, const struct cpumask *mask)
{
	unsigned long flags;
	struct rq *rq = task_rq_lock(p, &flags);

	do_set_cpus_allowed(rq, p, mask);
	p->wake_cpu = cpumask_first(mask);
	p->flags |= PF_NO_SETAFFINITY;
	task_rq_unlock(rq, p, &flags);
}

unsigned long wait_task_inactive(struct task_struct *p, unsigned int match_state)
{
	unsigned long flags, ncsw;

	for (;;) {
		struct rq *rq = task_rq_lock(p, &flags);
		bool matches = !match_state || (READ_ONCE(p->__state) & match_state);
		bool busy = rq->curr == p || p->on_rq || task_on_cpu(p);

		ncsw = matches ? (p->nvcsw | (1UL << 63)) : 0;
		task_rq_unlock(rq, p, &flags);
		if (!matches || !busy)
			return ncsw;
		/* On its way out, or preempted on its way: at most a tick away. */
		schedule_timeout_uninterruptible(1);
	}
}
