/* SPDX-License-Identifier: MIT */
/*
 * Works that run in an interrupt of the CPU that queues them, as soon as it takes interrupts.
 */
#include "test.h"
#include <linux/delay.h>
#include <linux/irq_work.h>
#include <linux/irqflags.h>
#include <linux/preempt.h>
#include <linux/smp.h>

static atomic_t runs, again;
static int ran_on;
static bool in_interrupt_then, started, over;

static void count(struct irq_work *work)
{
	ran_on = smp_processor_id();
	in_interrupt_then = in_hardirq() && irqs_disabled();
	atomic_inc(&runs);
	if (atomic_read(&again) && atomic_dec_return(&again) >= 0)
		irq_work_queue(work);
}

static DEFINE_IRQ_WORK(work, count);

TEST(irq_work_runs_in_an_interrupt_of_the_cpu_that_queues)
{
	int cpu;

	atomic_set(&runs, 0);
	local_irq_disable();
	cpu = smp_processor_id();
	EXPECT(irq_work_queue(&work));
	EXPECT(irq_work_is_pending(&work) && irq_work_is_busy(&work));
	EXPECT(!irq_work_queue(&work));
	EXPECT_EQ(atomic_read(&runs), 0);
	local_irq_enable();
	irq_work_sync(&work);
	EXPECT_EQ(atomic_read(&runs), 1);
	EXPECT_EQ(ran_on, cpu);
	EXPECT(in_interrupt_then);
	EXPECT(!irq_work_is_pending(&work) && !irq_work_is_busy(&work));
	return NULL;
}

TEST(irq_work_may_queue_itself_again)
{
	atomic_set(&runs, 0);
	atomic_set(&again, 3);
	EXPECT(irq_work_queue(&work));
	irq_work_sync(&work);
	EXPECT_EQ(atomic_read(&runs), 4);
	return NULL;
}

static void lasts(struct irq_work *unused)
{
	WRITE_ONCE(started, true);
	mdelay(2);
	WRITE_ONCE(over, true);
}

static int queues(void *slow)
{
	irq_work_queue(slow);
	return test_wait_for_stop();
}

TEST(irq_work_sync_waits_until_the_function_has_returned, .cpus = 2)
{
	struct irq_work slow = IRQ_WORK_INIT(lasts);
	struct task_struct *p;

	started = over = false;
	p = test_start(1, queues, &slow, "queues");
	EXPECT(eventually(READ_ONCE(started)));
	irq_work_sync(&slow);
	EXPECT(READ_ONCE(over));
	test_join(p);
	return NULL;
}

TEST(irq_work_sync_with_interrupts_off_is_explained, .warns = "call it in a thread, interrupts on")
{
	unsigned long flags;

	local_irq_save(flags);
	irq_work_queue(&work);
	irq_work_sync(&work);
	local_irq_restore(flags);
	irq_work_sync(&work);
	return NULL;
}
