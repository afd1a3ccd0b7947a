/* SPDX-License-Identifier: MIT */
/*
 * Shaking: disturb the timing from a seed, to bring rare orders of events about.
 *
 * Two disturbances, both drawn from one stream of numbers per CPU. shake_point(), at the places where threads meet
 * (waking, sleeping, queueing), now and then spins or asks for a reschedule. And the timer is asked for an interrupt
 * after a random number of nanoseconds; under icount that is a number of instructions, so a preemption can fall
 * between any two. Each forced preemption passes the running thread over, so that really another one runs.
 *
 * Under icount the same seed gives the same run: `make run SEED=7` is one of the possible runs, today and tomorrow.
 * With true concurrency it merely gives more variety.
 */
#include "sched.h"
#include <linux/prandom.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/tick.h>

/* Forced preemptions come after 1 to 2^17 ns, the short ones as often as the long: the exponent is drawn first. */
#define MAX_SHIFT	17
#define MIN_NS		200

int shake_enabled;

u32 run_seed;

static int __init set_seed(char *arg)
{
	return arg && kstrtou32(arg, 0, &run_seed) == 0;
}
__setup("seed=", set_seed);

static DEFINE_PER_CPU(struct rnd_state, shake_rnd);

static u32 draw(void)
{
	return prandom_u32_state(this_cpu_ptr(&shake_rnd));
}

void __shake_point(void)
{
	unsigned long flags;
	u32 r;

	local_irq_save(flags);
	r = draw();
	/* One in sixteen: a delay, up to some hundred instructions. One in sixteen: let another thread run soon. */
	if ((r & 15) == 0)
		for (u32 i = (r >> 8) & 63; i; i--)
			cpu_relax();
	if ((r & 0xf0) == 0 && system_state >= SYSTEM_SCHEDULING)
		set_tsk_thread_flag(current, TIF_NEED_RESCHED), set_preempt_need_resched();
	local_irq_restore(flags);
}
EXPORT_SYMBOL(__shake_point);

static void ask_again(void)
{
	u32 r = draw();

	tick_force_in(MIN_NS + (r & ((1U << (r % MAX_SHIFT + 1)) - 1)));
}

void shake_interrupt(void)
{
	struct rq *rq = this_rq();

	if (!shake_enabled)
		return;
	rq_lock(rq);
	if (rq->curr->sched_class == &fair_sched_class && rq->cfs.nr_running > 1) {
		rq->cfs.skip = &rq->curr->se;
		resched_curr(rq);
	}
	rq_unlock(rq);
	ask_again();
}

void shake_cpu_online(void)
{
	unsigned long flags;

	local_irq_save(flags);
	if (shake_enabled)
		ask_again();
	local_irq_restore(flags);
}

static void shake_this_cpu(void *unused)
{
	ask_again();
}

void shake_start(unsigned long seed)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		prandom_seed_state(&per_cpu(shake_rnd, cpu), seed * 64 + cpu + 1);
	tick_on_forced(shake_interrupt);
	shake_enabled = 1;
	on_each_cpu(shake_this_cpu, NULL, 1);
}

void shake_stop(void)
{
	shake_enabled = 0;
}
