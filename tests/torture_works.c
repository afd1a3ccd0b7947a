/* SPDX-License-Identifier: MIT */
/*
 * Torture of the workqueues that all share: works that are made, queued there in every way, and free themselves. What
 * must hold:
 *
 *	each one runs once; flushed, all that were queued before have run
 *	one that waits for a grace period runs when no reader of before is left
 *	work_on_cpu() runs there, and gives the function's answer
 */
#include "torture.h"

#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/workqueue.h>

#define ALIVE 0x600dda7aUL

/* One of the three works is used. */
struct once {
	struct delayed_work dwork;
	struct rcu_work rwork;
	struct execute_work ework;
	unsigned long alive;		/* ALIVE until it has run */
	bool freezable, flushable;	/* flushable: it was queued on system_wq, without a delay */
};

static atomic_t made, ended;
static atomic_t flushable_made, flushable_ended;

static struct once *make(void)
{
	struct once *o = kzalloc(sizeof(*o), GFP_KERNEL);

	BUG_ON(!o);
	o->alive = ALIVE;
	atomic_inc(&made);
	return o;
}

static void end_once(struct once *o)
{
	if (o->alive != ALIVE)
		test_blame("a work that frees itself runs again, or was overwritten: %#lx", o->alive);
	WRITE_ONCE(o->alive, 0);
	if (o->freezable)
		torture_may_run("a freezable work");
	if (o->flushable)
		atomic_inc(&flushable_ended);
	kfree(o);
	atomic_inc(&ended);
}

static void do_once(struct work_struct *work)
{
	end_once(container_of(to_delayed_work(work), struct once, dwork));
}

static void op_schedule(struct actor *a)
{
	struct once *o = make();

	o->flushable = true;
	INIT_DELAYED_WORK(&o->dwork, do_once);
	if (draw(a, 2))
		schedule_work(&o->dwork.work);
	else
		schedule_work_on(draw_cpu(a), &o->dwork.work);
	atomic_inc(&flushable_made);	/* not before: who flushes waits for what has been queued */
}

static void op_delay(struct actor *a)
{
	struct once *o = make();

	INIT_DELAYED_WORK(&o->dwork, do_once);
	if (draw(a, 2))
		schedule_delayed_work(&o->dwork, draw(a, 5));
	else
		schedule_delayed_work_on(draw_stable_cpu(a), &o->dwork, draw(a, 5));
}

static void op_elsewhere(struct actor *a)
{
	struct workqueue_struct *const shared[] = {
		system_highpri_wq, system_long_wq, system_unbound_wq, system_power_efficient_wq, system_freezable_wq,
		system_freezable_power_efficient_wq,
	};
	int which = draw(a, ARRAY_SIZE(shared));
	struct once *o = make();

	o->freezable = which >= 4;
	INIT_DELAYED_WORK(&o->dwork, do_once);
	queue_work(shared[which], &o->dwork.work);
}

static void op_flush(struct actor *a)
{
	int before = atomic_read(&flushable_made);

	flush_scheduled_work();
	if (atomic_read(&flushable_ended) < before)
		test_blame("flush_scheduled_work() returned after %d works of %d", atomic_read(&flushable_ended),
			   before);
}

/* ---- after a grace period ---- */

static struct once *readable;		/* the newest; RCU's readers may look at it */

static void do_after_grace(struct work_struct *work)
{
	end_once(container_of(to_rcu_work(work), struct once, rwork));
}

static void op_rcu(struct actor *a)
{
	struct once *o = make(), *old;

	INIT_RCU_WORK(&o->rwork, do_after_grace);
	old = xchg(&readable, o);
	if (old && !queue_rcu_work(system_wq, &old->rwork))
		test_blame("a new rcu_work can't be queued");
}

static void op_read(struct actor *a)
{
	struct once *o;

	rcu_read_lock();
	o = rcu_dereference(readable);
	for (int i = draw(a, 100); o && i; i--) {
		if (READ_ONCE(o->alive) != ALIVE)
			test_blame("an rcu_work ran under its reader");
		cpu_relax();
	}
	rcu_read_unlock();
}

/* ---- a function's answer ---- */

static long where(void *data)
{
	return (long)data * 100 + task_cpu(current);
}

static void op_on_cpu(struct actor *a)
{
	int cpu = draw_cpu(a), stable = draw_stable_cpu(a);
	long number = draw(a, 1000), answer = work_on_cpu(stable, where, (void *)number);

	if (answer != number * 100 + stable)
		test_blame("work_on_cpu(%d) answers %ld for %ld", stable, answer, number);
	answer = work_on_cpu_safe(cpu, where, (void *)number);
	if (answer != number * 100 + cpu && (answer != -ENODEV || cpu < torture_stable_cpus()))
		test_blame("work_on_cpu_safe(%d) answers %ld for %ld", cpu, answer, number);
}

static void do_in_context(struct work_struct *work)
{
	if (!in_task())
		test_blame("execute_in_process_context() runs it in an interrupt");
	end_once(container_of(work, struct once, ework.work));
}

static void execute_in_interrupt(void *data)
{
	struct once *o = data;

	/* On the own CPU, smp_call_function_single() just calls. */
	if (execute_in_process_context(do_in_context, &o->ework) != !!in_interrupt())
		test_blame("execute_in_process_context() does not know whether it is in an interrupt");
}

static void op_context(struct actor *a)
{
	struct once *o = make();

	/* The CPU may have gone: then it is done here. */
	if (smp_call_function_single(draw_cpu(a), execute_in_interrupt, o, true) &&
	    execute_in_process_context(do_in_context, &o->ework) != 0)
		test_blame("execute_in_process_context() in a thread does not answer 0");
}

static atomic_t on_each;

static void count_cpu(struct work_struct *work)
{
	atomic_inc(&on_each);
}

/* Others may be at it, too, and CPUs go: at least one run on each that stays has been added. */
static void op_each_cpu(struct actor *a)
{
	int before = atomic_read(&on_each);

	if (schedule_on_each_cpu(count_cpu) == 0 && atomic_read(&on_each) < before + (int)torture_stable_cpus())
		test_blame("schedule_on_each_cpu() left a CPU out");
}

static void end(void)
{
	struct once *last = xchg(&readable, NULL);

	if (last)
		queue_rcu_work(system_wq, &last->rwork);
	if (!eventually(atomic_read(&ended) == atomic_read(&made)))
		test_blame("of %d works on shared queues %d have run", atomic_read(&made), atomic_read(&ended));
}

static const struct torture_op ops[] = {
	{ "schedule", op_schedule, 4 }, { "delay", op_delay, 2 }, { "elsewhere", op_elsewhere, 3 },
	{ "flush", op_flush, 2 }, { "rcu", op_rcu, 2 }, { "read", op_read, 4 }, { "on-cpu", op_on_cpu, 2 },
	{ "context", op_context, 2 }, { "each-cpu", op_each_cpu, 1 },
};

TORTURE(works, ops, .end = end, .actors = 4);
