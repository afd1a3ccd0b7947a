/* SPDX-License-Identifier: MIT */
/*
 * The idle class and the idle loop.
 *
 * Every CPU has one idle thread, swapper/N, all with PID 0; on CPU 0 it is the thread that booted. It is never on a
 * queue and always there to be chosen when nothing else is. It runs with preemption disabled and gives the CPU up
 * itself: the interrupt that ends its halt has set need_resched if there is work.
 *
 * The test of need_resched and the halt must not be torn apart by the interrupt that answers it. So interrupts are off
 * for the test, and arch_safe_halt() enables them and halts in one step.
 *
 * On a CPU that has gone offline, the idle thread is what is left: it says so and halts for good, cpu.c.
 *
 * Read next: core.c.
 */
#include "sched.h"
#include <linux/cpu.h>
#include <linux/rcutree.h>
#include <linux/tick.h>
#include <linux/upcall.h>

static void idle_nothing(struct rq *rq, struct task_struct *p, int flags)
{
	WARN_ONCE(1, "the idle thread was put on a queue\n");
}

static void update_curr_idle(struct rq *rq)
{
	struct sched_entity *se = &rq->idle->se;

	if (rq->clock <= se->exec_start)
		return;
	se->sum_exec_runtime += rq->clock - se->exec_start;
	se->exec_start = rq->clock;
}

static void yield_task_idle(struct rq *rq)
{
}

static void check_preempt_idle(struct rq *rq, struct task_struct *p, int flags)
{
	resched_curr(rq);
}

static void set_next_task_idle(struct rq *rq, struct task_struct *p)
{
	p->se.exec_start = rq->clock;
}

static struct task_struct *pick_next_task_idle(struct rq *rq)
{
	set_next_task_idle(rq, rq->idle);
	return rq->idle;
}

static void put_prev_task_idle(struct rq *rq, struct task_struct *p)
{
	update_curr_idle(rq);
}

static void task_tick_idle(struct rq *rq, struct task_struct *p)
{
	update_curr_idle(rq);
}

static int select_task_rq_idle(struct task_struct *p, int prev_cpu, int flags)
{
	return task_cpu(p);
}

const struct sched_class idle_sched_class = {
	.name = "idle",
	.enqueue_task = idle_nothing,
	.dequeue_task = idle_nothing,
	.yield_task = yield_task_idle,
	.check_preempt_curr = check_preempt_idle,
	.pick_next_task = pick_next_task_idle,
	.put_prev_task = put_prev_task_idle,
	.set_next_task = set_next_task_idle,
	.task_tick = task_tick_idle,
	.select_task_rq = select_task_rq_idle,
	.update_curr = update_curr_idle,
};

static void do_idle(void)
{
	while (!need_resched()) {
		local_irq_disable();
		if (cpu_is_offline(smp_processor_id()))
			cpu_idle_dead();
		tick_nohz_idle_enter();
		rcu_idle_enter();
		if (!need_resched()) {
			arch_safe_halt();	/* sti and hlt in one step: returns with interrupts on */
			local_irq_disable();
		}
		rcu_idle_exit();
		local_irq_enable();
	}
	local_irq_disable();
	tick_nohz_idle_exit();
	local_irq_enable();
	schedule_idle();
}

void __noreturn cpu_startup_entry(void)
{
	for (;;)
		do_idle();
}
