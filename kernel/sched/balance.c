/* SPDX-License-Identifier: MIT */
/*
 * Spreading threads over CPUs.
 *
 * Two masks carry what everybody needs to know: idle_cpus and overloaded_cpus (more than one thread there). Each CPU
 * keeps its own bits as its count of threads changes; threads that may run nowhere else overload nobody. With them
 *
 *	a wake-up	finds an idle CPU by looking at a word; where all are busy, and it would stand behind many,
 *			it looks at one CPU more
 *	an idle CPU	pulls from an overloaded one before it halts ("newly idle")
 *	a busy CPU	at its tick wakes an idle one if it has threads waiting, and from time to time takes load from
 *			one that has a quarter more than it, and from 16 threads on one that has four more
 *
 * so no path looks at every CPU. Only fair threads are pulled here; rt.c has its own rule. A thread is moved only if
 * its mask allows it and it does not run; both queues are locked, the lower CPU first.
 *
 * Rejected: scheduling domains and load averages. QEMU's CPUs are all alike, and weights tell enough.
 * Read next: affinity.c.
 */
#include "timeline.h"
#include <linux/interrupt.h>
#include <linux/sched/init.h>

/* How many waiting threads to look at for some that may move, and the most to move in one go. */
#define PULL_SCAN	32
#define PULL_MAX	16
#define BALANCE_MAX_NS	(128 * NSEC_PER_MSEC)
/* By how much two CPUs may differ: a quarter, but no more than by four threads (of nice 0). */
#define MAX_DIFFERENCE	(4UL * 1024)
/* A real-time thread leaves the fair ones nothing: to them its CPU is as full as by one of nice -20. */
#define RT_LOAD		88761

cpumask_t idle_cpus;
cpumask_t sched_idle_cpus;
cpumask_t overloaded_cpus;

/* The masks are shared by all CPUs, so each queue remembers its bits (rq->hints) and writes those that changed. */
void change_load_hints(struct rq *rq, unsigned int hints)
{
	unsigned int changed = hints ^ rq->hints;

	lockdep_assert_held(&rq->lock);
	rq->hints = hints;
	if (changed & HINT_IDLE)
		cpumask_assign_cpu(rq->cpu, &idle_cpus, hints & HINT_IDLE);
	if (changed & HINT_SCHED_IDLE)
		cpumask_assign_cpu(rq->cpu, &sched_idle_cpus, hints & HINT_SCHED_IDLE);
	if (changed & HINT_OVERLOADED)
		cpumask_assign_cpu(rq->cpu, &overloaded_cpus, hints & HINT_OVERLOADED);
}

/* How much there is to do on a CPU, seen by a fair thread: a weight. A hint. */
unsigned long cpu_load(int cpu)
{
	struct rq *rq = cpu_rq(cpu);

	return READ_ONCE(rq->cfs.load.weight) + (READ_ONCE(rq->rt.nr_running) ? RT_LOAD : 0);
}

int pick_idle_cpu(const struct cpumask *allowed, int prefer)
{
	int cpu;

	if (cpumask_test_cpu(prefer, &idle_cpus) && cpumask_test_cpu(prefer, allowed))
		return prefer;
	for_each_cpu_and(cpu, allowed, &idle_cpus)
		return cpu;
	return nr_cpu_ids;
}

/* One more CPU to look at, each time the next one that is allowed. nr_cpu_ids: there is none. */
static unsigned int next_to_ask(const struct cpumask *allowed)
{
	struct rq *rq = this_rq();
	unsigned int cpu = cpumask_next_and(rq->last_asked, allowed, cpu_active_mask);

	if (cpu >= nr_cpu_ids)
		cpu = cpumask_first_and(allowed, cpu_active_mask);
	rq->last_asked = cpu;
	return cpu;
}

/* For a new thread: an idle CPU, else the better of two: trying two is nearly as good as trying all. */
int pick_least_loaded_cpu(const struct cpumask *allowed)
{
	unsigned int this_cpu = smp_processor_id(), cpu, other;

	cpu = pick_idle_cpu(allowed, this_cpu);
	if (cpu < nr_cpu_ids)
		return cpu;
	other = next_to_ask(allowed);
	if (other >= nr_cpu_ids)
		return cpumask_first(allowed);
	if (!cpumask_test_cpu(this_cpu, allowed) || !cpu_active(this_cpu))
		return other;
	return cpu_load(other) < cpu_load(this_cpu) ? other : this_cpu;
}

/*
 * For a woken thread, when nobody is idle: its own CPU or the waker's. If it stands behind many on both, another one is
 * asked, too. Else all that a storm wakes would stand where they were made and where the waker runs, to be pulled from
 * there a few at a time. Whose own CPU has gone finds a place as a new thread does.
 */
int pick_lighter_cpu(const struct cpumask *allowed, int prev_cpu, int this_cpu)
{
	unsigned long prev_load = cpu_load(prev_cpu), this_load = cpu_load(this_cpu), load = min(prev_load, this_load);
	unsigned int lighter = this_load < prev_load ? this_cpu : prev_cpu, other;

	if (unlikely(!cpu_active(prev_cpu)))
		return pick_least_loaded_cpu(allowed);
	if (likely(load <= MAX_DIFFERENCE))
		return lighter;
	other = next_to_ask(allowed);
	return other < nr_cpu_ids && cpu_load(other) + MAX_DIFFERENCE < load ? other : lighter;
}

static bool can_pull(struct task_struct *p, struct rq *src, int cpu)
{
	return p != src->curr && !task_on_cpu(p) && cpumask_test_cpu(cpu, p->cpus_ptr);
}

/* Take up to `weight` from src, or one thread though it weighs more. From the right: those would run last there. */
static int pull_tasks(struct rq *rq, struct rq *src, unsigned long weight, bool one)
{
	struct timeline_walk w = timeline_walk(&src->cfs);
	unsigned long moved = 0;
	int n = 0;

	for (int i = 0; i < PULL_SCAN && n < PULL_MAX && moved < weight; i++) {
		struct task_struct *p = timeline_step(&w);

		if (!p)
			break;
		if (!can_pull(p, src, rq->cpu))
			continue;
		if ((n || !one) && moved + p->se.load.weight > weight)
			continue;
		moved += p->se.load.weight;
		move_queued_task(src, rq, p);
		n++;
	}
	return n;
}

/* This CPU has nothing to run. Called with rq->lock held, which may be dropped for a moment; true if something came. */
bool newidle_balance(struct rq *rq)
{
	int cpu, self = rq->cpu;

	if (!rq->online || cpumask_empty(&overloaded_cpus))
		return false;
	/* Start behind ourselves, so that not everybody robs CPU 0. */
	for_each_cpu_wrap(cpu, &overloaded_cpus, self + 1) {
		struct rq *src = cpu_rq(cpu);

		/* In use: do not stand in line, for its own CPU must get that lock, too. Its tick calls us again. */
		if (src == rq || raw_spin_is_locked(&src->lock))
			continue;
		raw_spin_unlock(&rq->lock);
		double_rq_lock(rq, src);
		if (!rq->nr_running && src->nr_running > 1)
			pull_tasks(rq, src, src->cfs.load.weight / 2, true);
		raw_spin_unlock(&src->lock);
		if (rq->nr_running)
			return true;
	}
	return false;
}

/* The heaviest of these CPUs, if it is worth it. The reads are hints. */
static struct rq *find_busiest(struct rq *rq, const struct cpumask *candidates)
{
	unsigned long here = cpu_load(rq->cpu), most = here + min(here / 4, MAX_DIFFERENCE);
	struct rq *busiest = NULL;
	int cpu;

	for_each_cpu(cpu, candidates) {
		unsigned long load = cpu_load(cpu);

		if (cpu != rq->cpu && load > most) {
			most = load;
			busiest = cpu_rq(cpu);
		}
	}
	return busiest;
}

/*
 * Take so much from src that both have the same. Where they differ by a quarter one thread comes at least: of three on
 * two CPUs each is alone for a while. Return: how many threads.
 */
static int even_out(struct rq *rq, struct rq *src)
{
	unsigned long here, there;
	int moved = 0;

	local_irq_disable();
	double_rq_lock(rq, src);
	here = cpu_load(rq->cpu);
	there = cpu_load(src->cpu);
	if (there > here && src->nr_running > 1)
		moved = pull_tasks(rq, src, (there - here) / 2, there > here * 5 / 4);
	double_rq_unlock(rq, src);
	local_irq_enable();
	return moved;
}

/* SCHED_SOFTIRQ: this CPU compares itself with the heaviest one; if nobody may come from there, with the next. */
static void run_rebalance(struct softirq_action *unused)
{
	struct rq *rq = this_rq(), *src;
	struct cpumask candidates;
	int moved = 0;

	if (!rq->online)
		return;
	cpumask_copy(&candidates, &overloaded_cpus);
	while (!moved && (src = find_busiest(rq, &candidates))) {
		moved = even_out(rq, src);
		cpumask_clear_cpu(src->cpu, &candidates);
	}
	/* Balanced: look less often. */
	rq->balance_interval = moved ? BALANCE_MIN_NS : min_t(u64, rq->balance_interval * 2, BALANCE_MAX_NS);
	rq->next_balance = sched_clock() + rq->balance_interval;
}

/* Threads wait here: wake an idle CPU, which will pull. Each time the next one, for not every thread may run on it. */
static void kick_idle_cpu(struct rq *rq)
{
	int cpu = cpumask_next(rq->last_kick, &idle_cpus);

	if (cpu >= nr_cpu_ids)
		cpu = cpumask_first(&idle_cpus);
	if (cpu >= nr_cpu_ids || cpu == rq->cpu)
		return;
	rq->last_kick = cpu;
	smp_send_reschedule(cpu);
}

/* At the tick, interrupts off. */
void trigger_load_balance(struct rq *rq)
{
	if (cpumask_test_cpu(rq->cpu, &overloaded_cpus))
		kick_idle_cpu(rq);
	if (rq->clock >= rq->next_balance && !cpumask_empty(&overloaded_cpus))
		raise_softirq_irqoff(SCHED_SOFTIRQ);
}

void __init sched_init_balance(void)
{
	open_softirq(SCHED_SOFTIRQ, run_rebalance);
}
