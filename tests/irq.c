/* SPDX-License-Identifier: MIT */
/*
 * Interrupt context and what is left for afterwards: handlers, softirqs, tasklets.
 */
#include "test.h"

#include <linux/cpumask.h>
#include <linux/interrupt.h>
#include <linux/jiffies.h>
#include <linux/preempt.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/time64.h>

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
