/* SPDX-License-Identifier: MIT */
/*
 * A limit for real-time threads, so that one that never sleeps does not take the machine away.
 *
 * Each CPU has an account: rt.used is the time that its real-time threads had in the current period (1 s). When that
 * exceeds the budget (0.95 s), the class is shut until the period ends: pick_next_task_rt() has nobody to offer, and
 * the fair threads, or the idle thread, have the CPU. At the end of a period the budget is given back.
 *
 *	|<----------- 950 ms ----------->|<- 50 ms ->|<---- ...
 *	real-time                        shut         real-time
 *	                                 ^ rt_charge() in a tick; timer set
 *	                                              ^ timer: rt_refill(), open again
 *
 * Periods are counted, not timed: rt_refill() works out from the clock how many have gone by. The timer runs only
 * while the class is shut; a machine whose real-time threads behave never sees it. The time is looked at in ticks and
 * when a thread leaves the CPU, so the limit is met to within a tick.
 *
 * The stop class is not meant: migration/N must be able to push any thread away. As in Linux, the rest of the period
 * is the others' even if there are none: then the CPU idles.
 *
 * Locking: rq->lock; the timer's own lock inside it. Read next: stop.c.
 */
#include "sched.h"
#include <linux/hrtimer.h>
#include <linux/printk.h>
#include <linux/sched/rt.h>

unsigned int sysctl_sched_rt_period = RT_PERIOD_DEFAULT;
int sysctl_sched_rt_runtime = RT_RUNTIME_DEFAULT;
bool sched_rt_limit_told;

static u64 period_ns(void)
{
	return (u64)READ_ONCE(sysctl_sched_rt_period) * NSEC_PER_USEC;
}

static u64 budget_ns(void)
{
	int us = READ_ONCE(sysctl_sched_rt_runtime);

	return us < 0 ? period_ns() : (u64)us * NSEC_PER_USEC;
}

/* The periods that are over give their budgets back. */
static void rt_refill(struct rq *rq)
{
	struct rt_rq *rt = &rq->rt;
	u64 period = period_ns(), periods;

	if (rq->clock - rt->period_start < period)
		return;
	periods = div64_u64(rq->clock - rt->period_start, period);
	rt->period_start += periods * period;
	rt->used -= min(rt->used, periods * budget_ns());
}

static u64 left_of_period(struct rq *rq)
{
	return max_t(s64, rq->rt.period_start + period_ns() - rq->clock, NSEC_PER_USEC);
}

static enum hrtimer_restart period_is_over(struct hrtimer *timer)
{
	struct rq *rq = container_of(timer, struct rq, rt.timer);
	enum hrtimer_restart ret = HRTIMER_NORESTART;
	unsigned long flags;

	raw_spin_lock_irqsave(&rq->lock, flags);
	update_rq_clock(rq);
	rt_refill(rq);
	WRITE_ONCE(rq->rt.throttled, rq->rt.used >= budget_ns());
	if (rq->rt.throttled) {
		hrtimer_forward_now(timer, left_of_period(rq));
		ret = HRTIMER_RESTART;
	} else if (rq->rt.nr_running && rq->curr->prio >= MAX_RT_PRIO) {
		resched_curr(rq);
	}
	raw_spin_unlock_irqrestore(&rq->lock, flags);
	return ret;
}

/* Linux says the first line, once. Who it was, and what to do, is for the author of the thread. */
static void tell(struct rq *rq)
{
	struct task_struct *p = rq->curr;

	if (xchg(&sched_rt_limit_told, true))
		return;
	pr_warn("sched: RT throttling activated\n");
	pr_warn("thread %s (%d), real-time priority %u, and its like had CPU %d for %llu ms of %llu: ordinary threads "
		"get the rest. A real-time thread must sleep; does this one wait in a loop for something?\n",
		p->comm, p->pid, p->rt_priority, rq->cpu, rq->rt.used / NSEC_PER_MSEC, period_ns() / NSEC_PER_MSEC);
}

void rt_charge(struct rq *rq, u64 ns)
{
	struct rt_rq *rt = &rq->rt;

	lockdep_assert_held(&rq->lock);
	rt_refill(rq);
	rt->used = READ_ONCE(sysctl_sched_rt_runtime) < 0 ? 0 : rt->used + ns;
	if (likely(rt->used <= budget_ns()) || rt->throttled)
		return;
	WRITE_ONCE(rt->throttled, true);
	tell(rq);
	hrtimer_start(&rt->timer, left_of_period(rq), HRTIMER_MODE_REL_PINNED);
	resched_curr(rq);
}

void init_rt_limit(struct rt_rq *rt)
{
	hrtimer_init(&rt->timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED);
	rt->timer.function = period_is_over;
}
