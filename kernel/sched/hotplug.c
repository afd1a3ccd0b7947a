/* SPDX-License-Identifier: MIT */
/*
 * On which CPUs a thread may be now, and what becomes of threads when a CPU goes away.
 *
 *	CPU is		may be used by
 *	active		every thread whose mask allows it
 *	online, coming	kernel threads bound to it
 *	online, dying	its per-CPU threads only: those park, or take it down
 *	offline		nobody
 *
 * Going away happens in two steps. sched_cpu_deactivate(), in cpuhp/N: the CPU is no longer active, so no wake-up
 * chooses it, and every thread that waits on its queue is moved; threads that sleep choose another when they wake. What
 * chose this CPU just before comes late: sched_cpu_dying(), with the whole machine stopped, moves those, and then
 * there is only migration/N left, which parks.
 *
 * A thread whose mask has no usable CPU left is allowed everywhere, and that is said: better to run in the wrong place
 * than never. A per-CPU thread before its CPU is up is in the same position, but gets its binding back when it is
 * unparked: nothing to say.
 *
 * Locking: pi_lock for the choice; the queue's lock, too, if the thread is on it.
 * Read next: ../cpu.c.
 */
#include "timeline.h"
#include <linux/cpumask.h>
#include <linux/printk.h>
#include <linux/upcall.h>

/* ---- where ---- */

/* The rest of is_cpu_allowed(). */
bool may_use_inactive_cpu(struct task_struct *p, int cpu)
{
	if (!cpu_online(cpu) || !(p->flags & PF_KTHREAD))
		return false;
	return kthread_is_per_cpu(p) || !cpu_dying(cpu);
}

/* A queue's order does not depend on masks, so p keeps its place; only the count of those that may move changes. */
void do_set_cpus_allowed(struct rq *rq, struct task_struct *p, const struct cpumask *mask)
{
	bool was_movable = p->nr_cpus_allowed > 1;

	lockdep_assert_held(&p->pi_lock);
	cpumask_copy(&p->cpus_mask, mask);
	p->nr_cpus_allowed = cpumask_weight(mask);
	if (!task_on_rq_queued(p))
		return;
	lockdep_assert_held(&rq->lock);
	rq->nr_movable += (p->nr_cpus_allowed > 1) - was_movable;
	update_load_hints(rq);
}

/* The first choice is not usable. Any other that is; if there is none, p is set free. */
int select_fallback_rq(struct task_struct *p)
{
	int cpu;

	lockdep_assert_held(&p->pi_lock);
	for_each_cpu_and(cpu, p->cpus_ptr, cpu_online_mask)
		if (is_cpu_allowed(p, cpu))
			return cpu;
	if (!kthread_is_per_cpu(p))
		pr_info("process %d (%s) no longer affine to cpu%d\n", p->pid, p->comm,
			cpumask_first(p->cpus_ptr));
	do_set_cpus_allowed(task_rq(p), p, cpu_possible_mask);
	return cpumask_first(cpu_active_mask);
}

/* ---- driving threads off ---- */

static bool must_leave(struct rq *rq, struct task_struct *p)
{
	return p != rq->curr && !is_cpu_allowed(p, rq->cpu);
}

static struct task_struct *first_to_leave(struct rq *rq)
{
	struct task_struct *p;
	struct timeline_walk w = timeline_walk(&rq->cfs);
	int i;

	for_each_set_bit(i, rq->rt.bitmap, MAX_RT_PRIO)
		list_for_each_entry(p, &rq->rt.queue[i], rt.run_list)
			if (must_leave(rq, p))
				return p;
	while ((p = timeline_step(&w)))
		if (must_leave(rq, p))
			return p;
	return NULL;
}

/* Not all to the same CPU. pi_lock and rq->lock are held. */
static int new_home(struct task_struct *p)
{
	int cpu = pick_least_loaded_cpu(p->cpus_ptr);

	return is_cpu_allowed(p, cpu) ? cpu : select_fallback_rq(p);
}

/*
 * Moves one thread. The order of locks is pi_lock, then queues, but here the queue says whose pi_lock: so it is tried.
 * With pi_lock held p cannot end, nor be woken elsewhere, when the queue's lock is dropped for a moment. Interrupts are
 * off. Return: false when there is none left.
 */
static bool push_one(struct rq *rq)
{
	struct task_struct *p;
	struct rq *to;

	rq_lock(rq);
	p = first_to_leave(rq);
	if (!p || !raw_spin_trylock(&p->pi_lock)) {
		rq_unlock(rq);
		cpu_relax();
		return p;
	}
	to = cpu_rq(new_home(p));
	rq_unlock(rq);
	double_rq_lock(rq, to);
	if (task_rq(p) == rq && task_on_rq_queued(p) && must_leave(rq, p))
		move_queued_task(rq, to, p);
	double_rq_unlock(rq, to);
	raw_spin_unlock(&p->pi_lock);
	return true;
}

static void push_all(struct rq *rq)
{
	unsigned long flags;
	bool more;

	do {
		local_irq_save(flags);
		more = push_one(rq);
		local_irq_restore(flags);
	} while (more);
}

/* ---- steps of a CPU that comes and goes ---- */

static void set_rq_online(struct rq *rq, bool online)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&rq->lock, flags);
	rq->online = online;
	rq->balance_interval = BALANCE_MIN_NS;
	update_load_hints(rq);
	raw_spin_unlock_irqrestore(&rq->lock, flags);
}

int sched_cpu_activate(unsigned int cpu)
{
	set_cpu_active(cpu, true);
	if (!cpu_rq(cpu)->up_since)
		WRITE_ONCE(cpu_rq(cpu)->up_since, sched_clock() ?: 1);
	set_rq_online(cpu_rq(cpu), true);
	shake_cpu_online();
	return 0;
}

int sched_cpu_deactivate(unsigned int cpu)
{
	set_rq_online(cpu_rq(cpu), false);
	set_cpu_active(cpu, false);
	push_all(cpu_rq(cpu));
	return 0;
}

int sched_cpu_dying(unsigned int cpu)
{
	struct rq *rq = cpu_rq(cpu);

	push_all(rq);
	WARN_ONCE(rq->nr_running != 1, "CPU %u goes offline with %u threads on its queue\n", cpu, rq->nr_running - 1);
	return 0;
}
