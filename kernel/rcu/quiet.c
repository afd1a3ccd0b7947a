/* SPDX-License-Identifier: MIT */
/*
 * Quiescent states: how RCU knows that all readers of a moment have ended.
 *
 * A reader has preemption off. So at any moment when a CPU runs preemptible code, or switches threads, or idles, there
 * is no reader on it: a quiescent state. A grace period has passed when every CPU has been in one since its beginning;
 * then nobody can still hold a pointer that was taken out of its list before. Readers do nothing at all for that.
 *
 *	CPU 0	==reader==|        switch                            |
 *	CPU 1	     ======reader======| tick finds it preemptible   |
 *	CPU 2	 idle, idle, idle, ...                               |
 *		   ^ begin             ^ 0: at the switch  ^1: tick   end
 *
 * At the beginning rcu_sched (grace.c) marks each CPU as wanted. Each then says once that it was quiescent:
 *
 *	in schedule()	the thread that gives up the CPU is no reader
 *	in its tick	if the interrupted code was preemptible; if not, the CPU is asked to reschedule, so that the
 *			next preempt_enable() comes through schedule()
 *	idle		takes no tick, and is not woken: rcu_gp_begin() sees that it does not watch, and counts it
 *			itself. If it is in an interrupt just then, the end of that interrupt says it
 *
 * and the last one wakes rcu_sched. No polling.
 *
 * Ordering. ORDER(rcu-quiet): a reader's loads come before its CPU's xchg of `wanted`, that before the count reaches
 * zero, that before the old version is freed; and the writer's change comes before the mark, which comes before the
 * next readers of that CPU. ORDER(rcu-idle) is for idle CPUs, which do nothing; both sides write, then look:
 *
 *	idle CPU			rcu_sched
 *	watching = 0			wanted = 1
 *	full barrier			full barrier
 *	wanted? then say it		watching? no: count it as quiescent
 *
 * and the same on the way back, with readers in place of "wanted?". An NMI on an idle CPU is not watched.
 *
 * A CPU that is offline does not watch either. But that begins after its bit in cpu_online_mask is cleared: it still
 * takes interrupts, runs timers that were due meanwhile, and leaves its last thread. So rcu_gp_begin() asks every
 * possible CPU; who took a CPU down says that it watches no more, when the CPU has said its last word (cpu.c).
 *
 * Rejected: preemptible readers. They need a list of those who were preempted while reading, and somebody to push them
 * on; a reader here is short, and may not sleep anyway. A tree of CPUs as in Linux: 64 CPUs need none.
 *
 * Next: callbacks.c, what waits; grace.c, the thread.
 */
#include "rcu.h"
#include <linux/cpumask.h>
#include <linux/export.h>
#include <linux/lockdep.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/smp.h>

unsigned long rcu_gp_seq, rcu_gp_wanted;
struct task_struct *rcu_gp_thread;

/* CPUs that are still wanted, and one for rcu_sched itself while it is counting them. */
static atomic_t nr_wanted;

/* ---- numbers ---- */

unsigned long rcu_seq_cookie(void)
{
	/* ORDER(rcu-seq): what the caller has removed was removed before the number is read. */
	smp_mb();
	return (READ_ONCE(rcu_gp_seq) + 3) & ~1UL;
}

bool rcu_seq_reached(unsigned long cookie)
{
	if (!ULONG_CMP_GE(READ_ONCE(rcu_gp_seq), cookie))
		return false;
	/* ORDER(rcu-seq): what the caller does now comes after the end of that grace period. */
	smp_mb();
	return true;
}

void rcu_request(unsigned long cookie)
{
	unsigned long wanted = READ_ONCE(rcu_gp_wanted);
	struct task_struct *p;

	do {
		if (ULONG_CMP_GE(wanted, cookie))
			return;
	} while (!try_cmpxchg(&rcu_gp_wanted, &wanted, cookie));
	p = READ_ONCE(rcu_gp_thread);
	if (p)
		wake_up_process(p);
}

/* ---- the CPUs' side ---- */

static void count_down(void)
{
	struct task_struct *p = READ_ONCE(rcu_gp_thread);

	/* ORDER(rcu-quiet): a full barrier. */
	if (atomic_dec_and_test(&nr_wanted))
		wake_up_process(p);
}

void rcu_report_qs(void)
{
	lockdep_assert_irqs_disabled();
	/* ORDER(rcu-quiet): this CPU's readers are over before, and its next ones see the writer's change. */
	if (xchg(&this_cpu_ptr(&rcu_quiet)->wanted, false))
		count_down();
}

void rcu_report_dead(unsigned int cpu)
{
	struct rcu_quiet *q = &per_cpu(rcu_quiet, cpu);

	/* ORDER(rcu-idle): in its stead: seen dead, or we see that it is wanted. */
	xchg(&q->watching, false);
	if (xchg(&q->wanted, false))
		count_down();
}

void rcu_quiet_interrupt(void)
{
	if (preempt_count() == HARDIRQ_OFFSET) {
		rcu_report_qs();
		return;
	}
	set_tsk_thread_flag(current, TIF_NEED_RESCHED);
	set_preempt_need_resched();
}

/* ---- the thread's side ---- */

static void want(unsigned int cpu)
{
	struct rcu_quiet *q = &per_cpu(rcu_quiet, cpu);

	atomic_inc(&nr_wanted);
	/* ORDER(rcu-quiet), ORDER(rcu-idle): a full barrier between the mark and the look. */
	xchg(&q->wanted, true);
	if (!READ_ONCE(q->watching) && xchg(&q->wanted, false))
		atomic_dec(&nr_wanted);
}

void rcu_gp_begin(void)
{
	unsigned int cpu;

	WARN_ON_ONCE(rcu_gp_seq & 1 || atomic_read(&nr_wanted));
	WRITE_ONCE(rcu_gp_seq, rcu_gp_seq + 1);
	/* ORDER(rcu-seq): who reads the old number is served by this grace period: his removal precedes the marks. */
	smp_mb();
	atomic_set(&nr_wanted, 1);
	preempt_disable();
	for_each_possible_cpu(cpu)
		if (cpu != smp_processor_id())	/* where we run, no reader does */
			want(cpu);
	preempt_enable();
	atomic_dec(&nr_wanted);
}

bool rcu_gp_is_over(void)
{
	/* ORDER(rcu-quiet): what the readers did comes before what is done after the grace period. */
	return !atomic_read_acquire(&nr_wanted);
}

void rcu_gp_finish(void)
{
	/* ORDER(rcu-seq): the end is numbered after it has come. */
	smp_mb();
	WRITE_ONCE(rcu_gp_seq, rcu_gp_seq + 1);
}

static void hurry_here(void *unused)
{
	rcu_sched_clock_irq();
}

static DEFINE_PER_CPU(call_single_data_t, hurry_call) = CSD_INIT(hurry_here, NULL);

void rcu_gp_hurry(void)
{
	unsigned int cpu;

	for_each_online_cpu(cpu)
		if (READ_ONCE(per_cpu(rcu_quiet, cpu).wanted))
			smp_call_function_single_async(cpu, &per_cpu(hurry_call, cpu));
}
