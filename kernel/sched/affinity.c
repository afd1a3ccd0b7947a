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
#include <trace/events/sched.h>
#include <linux/stop_machine.h>
#include <linux/cpu.h>
#include <linux/sched/init.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <asm/processor.h>

/* Runs in migration/N: whoever ran on this CPU before is now merely queued, or asleep. */
static int migration_cpu_stop(void *arg)
{
	struct task_struct *p = arg;
	struct rq *rq = this_rq(), *to;
	int dest;

	local_irq_disable();
	raw_spin_lock(&p->pi_lock);
	raw_spin_lock(&rq->lock);
	if (task_rq(p) == rq && !cpumask_test_cpu(rq->cpu, p->cpus_ptr)) {
		dest = select_fallback_rq(p);	/* this CPU, if all others of its mask have gone offline */
		if (task_on_rq_queued(p) && dest != rq->cpu) {
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

static int push_running(struct rq *rq, struct task_struct *p)
{
	int ret = stop_one_cpu(rq->cpu, migration_cpu_stop, p);

	/* Its CPU has gone offline meanwhile: so it has been moved. */
	return ret == -ENOENT ? 0 : ret;
}

/* Both locks are held on entry and dropped on return. */
static int push_off(struct rq *rq, struct task_struct *p, int dest, unsigned long *flags)
{
	struct rq *to = cpu_rq(dest);

	if (task_on_cpu(p) || READ_ONCE(p->__state) == TASK_WAKING) {
		task_rq_unlock(rq, p, flags);
		return push_running(rq, p);
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
		return push_running(rq, p);
	}
	p->wake_cpu = dest;
	task_rq_unlock(rq, p, flags);
	return 0;
}

/* `user`: asked for as by user space, which has no say over what kthread_bind() bound. */
static int change_mask(struct task_struct *p, const struct cpumask *new_mask, bool user)
{
	unsigned long flags;
	struct rq *rq;
	int dest;

	rq = task_rq_lock(p, &flags);
	dest = cpumask_any_and(new_mask, cpu_active_mask);
	if (dest >= nr_cpu_ids && (p->flags & PF_KTHREAD))
		dest = cpumask_any_and(new_mask, cpu_online_mask);	/* one that is just coming up */
	if (dest >= nr_cpu_ids || (user && (p->flags & PF_NO_SETAFFINITY))) {
		task_rq_unlock(rq, p, &flags);
		return -EINVAL;
	}
	do_set_cpus_allowed(rq, p, new_mask);
	if (cpumask_test_cpu(rq->cpu, new_mask)) {
		/* It waits here, and may have a better place now. */
		if (task_on_rq_queued(p) && rq->curr != p && rt_task(p))
			check_preempt_curr(rq, p, 0);
		task_rq_unlock(rq, p, &flags);
		return 0;
	}
	return push_off(rq, p, dest, &flags);
}

int set_cpus_allowed_ptr(struct task_struct *p, const struct cpumask *new_mask)
{
	return change_mask(p, new_mask, false);
}
EXPORT_SYMBOL(set_cpus_allowed_ptr);

static struct task_struct *get_task_by_pid(pid_t pid)
{
	return pid ? find_get_task_by_vpid(pid) : get_task_struct(current);
}

long sched_setaffinity(pid_t pid, const struct cpumask *new_mask)
{
	struct task_struct *p = get_task_by_pid(pid);
	long ret;

	if (!p)
		return -ESRCH;
	ret = change_mask(p, new_mask, true);
	put_task_struct(p);
	return ret;
}

long sched_getaffinity(pid_t pid, struct cpumask *mask)
{
	struct task_struct *p = get_task_by_pid(pid);
	unsigned long flags;

	if (!p)
		return -ESRCH;
	raw_spin_lock_irqsave(&p->pi_lock, flags);
	cpumask_and(mask, &p->cpus_mask, cpu_online_mask);
	raw_spin_unlock_irqrestore(&p->pi_lock, flags);
	put_task_struct(p);
	return 0;
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

	trace_sched_wait_task(p);
	for (;;) {
		struct rq *rq = task_rq_lock(p, &flags);
		bool matches = !match_state || (READ_ONCE(p->__state) & match_state);
		bool running = rq->curr == p || task_on_cpu(p), queued = p->on_rq;

		ncsw = matches ? (p->nvcsw | (1UL << 63)) : 0;
		task_rq_unlock(rq, p, &flags);
		if (!matches || (!running && !queued))
			return ncsw;
		if (running)
			cpu_relax();	/* it is switching out at this moment */
		else
			schedule_timeout_uninterruptible(1);	/* it was preempted on its way */
	}
}
