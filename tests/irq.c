/* SPDX-License-Identifier: MIT */
/*
 * Interrupt context and what is left for afterwards: handlers, softirqs, tasklets.
 */
#include "test.h"

#include <linux/cpumask.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/preempt.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/time64.h>
#include <asm/apic.h>
#include <asm/irq_vectors.h>
#include <asm/smp.h>

static void in_ipi(void *data)
{
	int *seen = data;

	*seen = in_hardirq() && irqs_disabled() && !in_task() && in_interrupt();
}

TEST(irq_a_function_on_another_cpu_runs_in_hard_interrupt_context, .cpus = 2)
{
	int seen = 0;

	set_cpus_allowed_ptr(current, cpumask_of(0));
	EXPECT_EQ(smp_call_function_single(1, in_ipi, &seen, 1), 0);
	EXPECT_EQ(seen, 1);
	return NULL;
}

TEST(irq_a_thread_is_in_no_interrupt)
{
	unsigned long flags;

	EXPECT(in_task() && !in_interrupt() && !in_atomic() && preemptible());
	local_irq_save(flags);
	EXPECT(irqs_disabled() && !preemptible());
	local_irq_restore(flags);
	EXPECT(!irqs_disabled());
	local_bh_disable();
	EXPECT(in_softirq() && !in_serving_softirq());
	local_bh_enable();
	EXPECT(!in_softirq());
	return NULL;
}

static irqreturn_t never(int irq, void *dev)
{
	return IRQ_NONE;
}

TEST(irq_request_and_free_refuse_nonsense)
{
	EXPECT(request_irq(5, NULL, 0, "test", NULL) < 0);
	EXPECT(request_irq(100000, never, 0, "test", NULL) < 0);
	EXPECT_EQ(request_irq(5, never, 0, "test", &never), 0);
	EXPECT_EQ(request_irq(5, never, 0, "test", NULL), -EBUSY);
	free_irq(5, &never);
	EXPECT_EQ(request_irq(5, never, 0, "test", &never), 0);
	free_irq(5, &never);
	return NULL;
}

/* ---- tasklets ---- */

static struct {
	atomic_t runs, inside;
	int cpu;
	unsigned long data;
	int again;
} seen;

static void note_tasklet(struct tasklet_struct *t)
{
	BLAME_UNLESS(in_serving_softirq() && !irqs_disabled());
	if (atomic_inc_return(&seen.inside) != 1)
		test_blame("a tasklet runs on two CPUs at once");
	seen.cpu = smp_processor_id();
	atomic_inc(&seen.runs);
	if (seen.again-- > 0)
		tasklet_schedule(t);
	atomic_dec(&seen.inside);
}

static void note_old_tasklet(unsigned long data)
{
	seen.data = data;
	atomic_inc(&seen.runs);
}

TEST(irq_tasklet_runs_once_however_often_it_was_scheduled)
{
	static DECLARE_TASKLET(t, note_tasklet);
	unsigned long flags;

	memset(&seen, 0, sizeof(seen));
	local_irq_save(flags);		/* it can't begin before we are through */
	tasklet_schedule(&t);
	tasklet_schedule(&t);
	tasklet_schedule(&t);
	local_irq_restore(flags);
	EXPECT(eventually(atomic_read(&seen.runs)));
	test_nap();
	EXPECT_EQ(atomic_read(&seen.runs), 1);
	tasklet_kill(&t);
	return NULL;
}

TEST(irq_tasklet_may_schedule_itself_and_threads_still_run)
{
	static DECLARE_TASKLET(t, note_tasklet);

	memset(&seen, 0, sizeof(seen));
	seen.again = 1000;
	tasklet_schedule(&t);
	EXPECT(eventually(atomic_read(&seen.runs) == 1001));
	tasklet_kill(&t);
	return NULL;
}

TEST(irq_tasklet_disabled_waits_until_enabled)
{
	static DECLARE_TASKLET(t, note_tasklet);

	memset(&seen, 0, sizeof(seen));
	tasklet_disable(&t);
	tasklet_schedule(&t);
	schedule_timeout_uninterruptible(3);
	EXPECT_EQ(atomic_read(&seen.runs), 0);
	tasklet_enable(&t);
	EXPECT(eventually(atomic_read(&seen.runs) == 1));
	tasklet_kill(&t);
	return NULL;
}

TEST(irq_old_tasklet_gets_its_data)
{
	static struct tasklet_struct t;

	memset(&seen, 0, sizeof(seen));
	tasklet_init(&t, note_old_tasklet, 4711);
	tasklet_hi_schedule(&t);
	EXPECT(eventually(atomic_read(&seen.runs) == 1));
	EXPECT_EQ(seen.data, 4711);
	tasklet_kill(&t);
	return NULL;
}

static const char *schedule_often(struct crew *c, int who)
{
	int i;

	for (i = 0; i < test_rounds(2000); i++) {
		tasklet_schedule(c->data);
		cond_resched();
	}
	return NULL;
}

TEST(irq_tasklet_never_runs_on_two_cpus_at_once, .cpus = 2)
{
	static DECLARE_TASKLET(t, note_tasklet);
	struct crew c = { .fn = schedule_often, .n = 4, .bound = true, .data = &t };

	memset(&seen, 0, sizeof(seen));
	TRY(crew_run(&c));
	tasklet_kill(&t);
	EXPECT_OP(atomic_read(&seen.runs), >, 0);
	return NULL;
}

TEST(irq_softirq_waits_until_bottom_halves_are_enabled)
{
	static DECLARE_TASKLET(t, note_tasklet);
	int runs;

	memset(&seen, 0, sizeof(seen));
	local_bh_disable();
	tasklet_schedule(&t);
	test_spin_ns(10 * NSEC_PER_MSEC);	/* ticks come and go meanwhile */
	runs = atomic_read(&seen.runs);
	local_bh_enable();
	EXPECT_EQ(runs, 0);
	EXPECT(eventually(atomic_read(&seen.runs) == 1));
	tasklet_kill(&t);
	return NULL;
}

/* ---- one line, two CPUs ---- */

enum { FREE_IRQ = 10 };		/* no device is there */

static atomic_t line_calls, line_depth;

/* Stays until the same interrupt has come to the other CPU (or for 2 s: then it finds nobody at it). */
static irqreturn_t handle_slowly(int irq, void *dev)
{
	unsigned int vector = FIRST_DEVICE_VECTOR + irq, other = !smp_processor_id();
	unsigned long before = irq_vector_count(other, vector);
	u64 end = ktime_get_ns() + 2 * NSEC_PER_SEC;

	if (atomic_inc_return(&line_depth) != 1)
		test_blame("two CPUs are in one line's handler");
	if (atomic_inc_return(&line_calls) == 1) {
		apic_send(cpu_apicid[other], vector);
		while (irq_vector_count(other, vector) == before && ktime_get_ns() < end)
			cpu_relax();
	}
	atomic_dec(&line_depth);
	return IRQ_HANDLED;
}

TEST(irq_that_comes_to_another_cpu_meanwhile_is_handled_behind, .cpus = 2)
{
	EXPECT_EQ(set_cpus_allowed_ptr(current, cpumask_of(0)), 0);
	EXPECT_EQ(request_irq(FREE_IRQ, handle_slowly, 0, "test/line", NULL), 0);
	atomic_set(&line_calls, 0);
	atomic_set(&line_depth, 0);
	apic_send(cpu_apicid[0], FIRST_DEVICE_VECTOR + FREE_IRQ);
	EXPECT(eventually(atomic_read(&line_calls) == 2));
	synchronize_irq(FREE_IRQ);
	apic_send(cpu_apicid[0], FIRST_DEVICE_VECTOR + FREE_IRQ);
	EXPECT(eventually(atomic_read(&line_calls) == 3));
	free_irq(FREE_IRQ, NULL);
	set_cpus_allowed_ptr(current, cpu_possible_mask);
	return NULL;
}
