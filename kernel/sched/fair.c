/* SPDX-License-Identifier: MIT */
/*
 * The fair class: everybody gets CPU time in proportion to the weight of his nice value.
 *
 * Each thread has a virtual run time: real time divided by weight, so a heavy thread's clock goes slowly. Who has the
 * smallest runs next; the threads that wait stand in that order in the timeline (timeline.h), and the running one
 * stands beside it (cfs_rq->curr). min_vruntime is the queue's own clock: it follows the smallest and never goes back.
 * A thread that comes is placed by it:
 *
 *	a new one	one slice after it: forking gains nothing
 *	a woken one	at most half a latency before it: some credit for having slept, no more
 *	from elsewhere	as far from this queue's clock as it was from the other's, but at most half a latency of its
 *			own time after it (change_clock()): it may have run for long because nobody could take the
 *			CPU from it, and what is paid back among two in no time keeps it waiting among a thousand
 *			for a thousand times as long
 *
 * A thread runs until its slice is over (its share of the latency, but never less than a minimum) or until one wakes
 * that is more than WAKEUP_GRANULARITY behind it in virtual time. yield() passes the caller over for one choice, if
 * the next in line is not further ahead than that. Two policies stand back: a BATCH thread preempts nobody when it
 * wakes, an IDLE thread weighs next to nothing and is preempted by every thread of another policy that wakes.
 *
 * The running thread stays out of the timeline, and a switch moves only the two that change places; where the running
 * one is chosen again, nobody moves. It matters: most switches are between two or three threads.
 *
 * Each step of nice is a factor of 1.25 in weight: the table holds Linux's numbers, so shares agree to the digit.
 *
 * Locking: rq->lock for all of it.
 * Rejected: separate queues per nice level (unfair inside a level); Linux's load averages (the balancer here is
 * content with weights).
 * Read next: timeline.h, rt.c, balance.c.
 */
#include "timeline.h"
#include <linux/rcutree.h>
#include <linux/slab.h>
#include <trace/events/sched.h>

#define SCHED_LATENCY		(18 * NSEC_PER_MSEC)
#define MIN_GRANULARITY		(2250 * NSEC_PER_USEC)
#define WAKEUP_GRANULARITY	(3 * NSEC_PER_MSEC)
#define NICE_0_WEIGHT		1024
#define IDLE_POLICY_WEIGHT	3

static const int nice_to_weight[NICE_WIDTH] = {
	88761, 71755, 56483, 46273, 36291, 29154, 23254, 18705, 14949, 11916,
	 9548,  7620,  6100,  4904,  3906,  3121,  2501,  1991,  1586,  1277,
	 1024,   820,   655,   526,   423,   335,   272,   215,   172,   137,
	  110,    87,    70,    56,    45,    36,    29,    23,    18,    15,
};

void set_load_weight(struct task_struct *p)
{
	unsigned long weight = p->policy == SCHED_IDLE ? IDLE_POLICY_WEIGHT
						       : nice_to_weight[p->static_prio - MAX_RT_PRIO];

	p->se.load.weight = weight;
	p->se.load.inv_weight = ~0U / weight;
}

/* delta * NICE_0_WEIGHT / weight. */
static u64 virtual_time(u64 delta, const struct load_weight *lw)
{
	if (lw->weight == NICE_0_WEIGHT)
		return delta;
	return (u64)(((unsigned __int128)delta * NICE_0_WEIGHT * lw->inv_weight) >> 32);
}

static struct task_struct *task_of(struct sched_entity *se)
{
	return container_of(se, struct task_struct, se);
}

void init_cfs_rq(struct cfs_rq *cfs)
{
	*cfs = (struct cfs_rq){ .tasks_timeline = RB_ROOT_CACHED, .min_vruntime = -(1ULL << 20) };
	INIT_LIST_HEAD(&cfs->line);
}

static inline void raise_min_vruntime(struct cfs_rq *cfs, const struct sched_entity *se)
{
	if ((s64)(se->vruntime - cfs->min_vruntime) > 0)
		WRITE_ONCE(cfs->min_vruntime, se->vruntime);
}

/* The clock follows the earlier of the running thread and `se`, the first of the waiting; NULL: nobody waits. */
static inline void follow_first(struct cfs_rq *cfs, struct sched_entity *se)
{
	struct sched_entity *curr = cfs->curr;

	/* One that has just left the queue counts if nobody is left: the clock stays where the last one was. */
	if (curr && (!se || (curr->on_rq && earlier(curr, se))))
		se = curr;
	if (se)
		raise_min_vruntime(cfs, se);
}

static inline void update_min_vruntime(struct cfs_rq *cfs)
{
	follow_first(cfs, timeline_first(cfs));
}

/* Charge the running thread for the time since it was last charged. Return: false if there was nothing to charge. */
static __always_inline bool charge_curr(struct rq *rq)
{
	struct sched_entity *curr = rq->cfs.curr;
	u64 delta;

	if (!curr || rq->clock <= curr->exec_start)
		return false;
	delta = rq->clock - curr->exec_start;
	curr->exec_start = rq->clock;
	curr->sum_exec_runtime += delta;
	curr->vruntime += virtual_time(delta, &curr->load);
	trace_sched_stat_runtime(task_of(curr), delta, curr->vruntime);
	return true;
}

static inline void update_curr_fair(struct rq *rq)
{
	if (charge_curr(rq))
		update_min_vruntime(&rq->cfs);
}

/* A woken thread gets some credit for its sleep; what it has used above that it keeps owing. */
static void place_woken(struct cfs_rq *cfs, struct sched_entity *se)
{
	u64 floor = cfs->min_vruntime - SCHED_LATENCY / 2;

	if ((s64)(se->vruntime - floor) < 0)
		se->vruntime = floor;
}

static u64 slice_of(struct cfs_rq *cfs, struct sched_entity *se)
{
	u64 total = cfs->load.weight + (se->on_rq ? 0 : se->load.weight);
	u64 slice = SCHED_LATENCY * se->load.weight / total;

	return max_t(u64, slice, MIN_GRANULARITY);
}

void place_new_entity(struct rq *rq, struct task_struct *p)
{
	struct cfs_rq *cfs = &rq->cfs;

	update_curr_fair(rq);
	p->se.vruntime = cfs->min_vruntime;
	if (cfs->nr_running)
		p->se.vruntime += virtual_time(slice_of(cfs, &p->se), &p->se.load);
}

/* Virtual time is counted from each queue's own zero. The reads race with nothing that matters: a little late. */
void change_clock(struct sched_entity *se, const struct cfs_rq *from, const struct cfs_rq *to)
{
	s64 ahead = se->vruntime - READ_ONCE(from->min_vruntime);
	s64 most = virtual_time(SCHED_LATENCY / 2, &se->load);

	se->vruntime = READ_ONCE(to->min_vruntime) + min(ahead, most);
}

/* p comes (n = 1) or goes (-1). */
static inline void count_fair(struct rq *rq, struct task_struct *p, int n)
{
	struct cfs_rq *cfs = &rq->cfs;

	p->se.on_rq = n > 0;
	cfs->load.weight += n * p->se.load.weight;
	cfs->nr_running += n;
	if (unlikely(p->policy == SCHED_IDLE))
		cfs->idle_nr_running += n;
	count_running(rq, p, n);
}

static void enqueue_task_fair(struct rq *rq, struct task_struct *p, int flags)
{
	struct cfs_rq *cfs = &rq->cfs;
	struct sched_entity *se = &p->se;

	update_curr_fair(rq);
	if (flags & ENQUEUE_WAKEUP)
		place_woken(cfs, se);
	count_fair(rq, p, 1);
	if (se != cfs->curr)
		timeline_add(cfs, se);
}

static void dequeue_task_fair(struct rq *rq, struct task_struct *p, int flags)
{
	struct cfs_rq *cfs = &rq->cfs;
	struct sched_entity *se = &p->se;

	charge_curr(rq);
	if (cfs->skip == se)
		cfs->skip = NULL;
	if (se != cfs->curr) {
		update_min_vruntime(cfs);
		timeline_remove(cfs, se);
	}
	count_fair(rq, p, -1);
	/* When one moves, change_clock() is yet to measure how far it was from this queue's clock. */
	if (!(flags & DEQUEUE_MIGRATE))
		update_min_vruntime(cfs);
}

static void yield_task_fair(struct rq *rq)
{
	rq->cfs.skip = rq->cfs.curr;
}

/* Is p, which has just come, to run instead of curr? */
static __always_inline bool should_preempt(const struct task_struct *curr, const struct task_struct *p)
{
	if (p->policy == SCHED_IDLE || (p->policy == SCHED_BATCH && curr->policy != SCHED_IDLE))
		return false;
	return curr->policy == SCHED_IDLE ||
	       (s64)(curr->se.vruntime - p->se.vruntime) > (s64)virtual_time(WAKEUP_GRANULARITY, &p->se.load);
}

static void check_preempt_fair(struct rq *rq, struct task_struct *p, int flags)
{
	if (should_preempt(rq->curr, p))
		resched_curr(rq);
}

static inline void become_curr(struct rq *rq, struct sched_entity *se)
{
	se->exec_start = rq->clock;
	se->prev_sum_exec_runtime = se->sum_exec_runtime;
	rq->cfs.curr = se;
}

/* From among the waiting. */
static inline void take(struct rq *rq, struct sched_entity *se)
{
	become_curr(rq, se);
	timeline_remove(&rq->cfs, se);
}

static void set_next_task_fair(struct rq *rq, struct task_struct *p)
{
	if (p->se.on_rq)
		take(rq, &p->se);
	else
		become_curr(rq, &p->se);
}

static void put_prev_task_fair(struct rq *rq, struct task_struct *p)
{
	struct cfs_rq *cfs = &rq->cfs;
	struct sched_entity *se = &p->se;

	if (se->on_rq) {
		update_curr_fair(rq);
		timeline_add(cfs, se);
	}
	cfs->curr = NULL;
}

/* The earlier of the two; either may be NULL. `a` stands before b if they are equal. */
static struct sched_entity *earlier_of(struct sched_entity *a, struct sched_entity *b)
{
	if (!a || (b && earlier(b, a)))
		return b;
	return a;
}

/* Somebody has yielded. If he is the first, the second is next, unless that one is so far ahead that it is unfair. */
static noinline struct sched_entity *pass_over(struct cfs_rq *cfs, struct sched_entity *first,
					       struct sched_entity *curr)
{
	struct sched_entity *second, *skip = cfs->skip;

	cfs->skip = NULL;
	if (first != skip)
		return first;
	if (first == curr) {
		second = timeline_first(cfs);
	} else {
		timeline_remove(cfs, first);
		second = earlier_of(timeline_first(cfs), curr);
		timeline_add(cfs, first);
	}
	return !second || (s64)(second->vruntime - first->vruntime) > WAKEUP_GRANULARITY ? first : second;
}

/* Who is next: curr, if it is to be asked (else NULL), or the first of the waiting. But once not who yielded. */
static __always_inline struct sched_entity *choose(struct cfs_rq *cfs, struct sched_entity *curr)
{
	struct sched_entity *se = earlier_of(timeline_first(cfs), curr);

	return unlikely(cfs->skip) ? pass_over(cfs, se, curr) : se;
}

static struct task_struct *pick_next_task_fair(struct rq *rq)
{
	struct sched_entity *se = choose(&rq->cfs, NULL);

	if (!se)
		return NULL;
	take(rq, se);
	return task_of(se);
}

/* min_vruntime need not follow: whoever reads it brings it up to date first. */
struct task_struct *next_among_fair(struct rq *rq, struct task_struct *prev)
{
	struct cfs_rq *cfs = &rq->cfs;
	struct sched_entity *curr = &prev->se, *se;

	charge_curr(rq);
	se = choose(cfs, curr);
	if (se == curr) {
		curr->prev_sum_exec_runtime = curr->sum_exec_runtime;
		return prev;
	}
	take(rq, se);
	timeline_add(cfs, curr);
	return task_of(se);
}

/* What dequeue_task_fair() does, and the choice. */
struct task_struct *sleep_among_fair(struct rq *rq, struct task_struct *prev)
{
	struct cfs_rq *cfs = &rq->cfs;
	struct sched_entity *se;

	charge_curr(rq);
	count_fair(rq, prev, -1);
	cfs->skip = NULL;	/* if it is anybody it is prev: the choice of prev has dealt with the others */
	se = timeline_first(cfs);
	raise_min_vruntime(cfs, se);
	take(rq, se);
	return task_of(se);
}

/*
 * May the CPU change hands right here, once the locks are given back? Where preempt_schedule() would have more to do
 * than to switch, it shall do so: RCU waits for this CPU, a stack was overwritten, a real-time thread is to be pulled.
 */
static inline bool may_switch_at_once(struct rq *rq)
{
	return rq->cpu == smp_processor_id() && rq->nr_running == rq->cfs.nr_running && cpumask_empty(&rt_overloaded) &&
	       !rcu_wants_context_switch() && is_stack_end_intact(rq->curr);
}

/* What enqueue_task_fair() and check_preempt_fair() do; or, without the way through the timeline, the switch, too. */
bool wake_among_fair(struct rq *rq, struct task_struct *p, bool may_switch)
{
	struct cfs_rq *cfs = &rq->cfs;
	struct sched_entity *se = &p->se, *curr = cfs->curr, *first = timeline_first(cfs);
	bool preempts;

	if (charge_curr(rq))
		follow_first(cfs, first);
	place_woken(cfs, se);
	count_fair(rq, p, 1);
	preempts = should_preempt(task_of(curr), p);
	/* Is it before all others? choose() could prefer one in line who is up to 65 us later, but came earlier. */
	if (preempts && may_switch && may_switch_at_once(rq) &&
	    !cfs->skip && earlier(se, curr) && (!first || earlier(se, first))) {
		timeline_add(cfs, curr);
		become_curr(rq, se);
		return true;
	}
	timeline_add(cfs, se);
	if (preempts)
		resched_curr(rq);
	return false;
}

static void task_tick_fair(struct rq *rq, struct task_struct *p)
{
	struct cfs_rq *cfs = &rq->cfs;
	struct sched_entity *se = &p->se, *first;
	u64 ran;

	update_curr_fair(rq);
	if (cfs->nr_running < 2)
		return;
	ran = se->sum_exec_runtime - se->prev_sum_exec_runtime;
	first = timeline_first(cfs);
	if (ran >= slice_of(cfs, se) ||
	    (ran >= MIN_GRANULARITY && first &&
	     (s64)(se->vruntime - first->vruntime) > (s64)slice_of(cfs, se)))
		resched_curr(rq);
}

/* An idle CPU if there is one, best the one it knows; else the emptier of its own and the waker's, or a far emptier. */
static int select_task_rq_fair(struct task_struct *p, int prev_cpu, int flags)
{
	int this_cpu = smp_processor_id(), cpu;

	if (flags & WF_FORK)
		return pick_least_loaded_cpu(p->cpus_ptr);
	if (cpumask_test_cpu(prev_cpu, p->cpus_ptr) && cpumask_test_cpu(prev_cpu, &idle_cpus))
		return prev_cpu;
	if (!cpumask_test_cpu(this_cpu, p->cpus_ptr))
		this_cpu = prev_cpu;
	else if ((flags & WF_SYNC) && READ_ONCE(cpu_rq(this_cpu)->nr_running) == 1)
		return this_cpu;
	cpu = pick_idle_cpu(p->cpus_ptr, prev_cpu);
	if (cpu < nr_cpu_ids)
		return cpu;
	/* As good as idle, for whoever is not of that policy: it preempts at once. */
	cpu = p->policy == SCHED_IDLE ? nr_cpu_ids : cpumask_any_and(p->cpus_ptr, &sched_idle_cpus);
	if (cpu < nr_cpu_ids)
		return cpu;
	return pick_lighter_cpu(p->cpus_ptr, prev_cpu, this_cpu);
}

static void switched_to_fair(struct rq *rq, struct task_struct *p)
{
	if (!task_on_rq_queued(p))
		return;
	if (rq->curr == p)
		resched_curr(rq);
	else
		check_preempt_curr(rq, p, 0);
}

static void balance_fair(struct rq *rq, struct task_struct *prev)
{
	if (!rq->nr_running)
		newidle_balance(rq);
}

const struct sched_class fair_sched_class = {
	.name = "fair",
	.enqueue_task = enqueue_task_fair,
	.dequeue_task = dequeue_task_fair,
	.yield_task = yield_task_fair,
	.check_preempt_curr = check_preempt_fair,
	.pick_next_task = pick_next_task_fair,
	.put_prev_task = put_prev_task_fair,
	.set_next_task = set_next_task_fair,
	.task_tick = task_tick_fair,
	.balance = balance_fair,
	.select_task_rq = select_task_rq_fair,
	.update_curr = update_curr_fair,
	.switched_to = switched_to_fair,
};
