/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * preempt_count: may this CPU switch threads now, and in what context does it run?
 *
 * One word per CPU holds four counters, with Linux's layout: how deep preemption is disabled (bits 0-7), softirqs being
 * served or bottom halves disabled (8-15), hard interrupts (16-19), NMIs (20-23). Zero means: an ordinary thread that
 * may be preempted at any instruction. The word belongs to the CPU, not to the thread: every switch happens at the
 * same depth, so there is nothing to save.
 *
 * Bit 31, inverted, says that a reschedule is wanted; so "may preempt and should" is one comparison with zero.
 */
#include <linux/compiler.h>
#include <linux/bits.h>

#define PREEMPT_BITS	8
#define SOFTIRQ_BITS	8
#define HARDIRQ_BITS	4
#define NMI_BITS	4
#define PREEMPT_SHIFT	0
#define SOFTIRQ_SHIFT	(PREEMPT_SHIFT + PREEMPT_BITS)
#define HARDIRQ_SHIFT	(SOFTIRQ_SHIFT + SOFTIRQ_BITS)
#define NMI_SHIFT	(HARDIRQ_SHIFT + HARDIRQ_BITS)
#define PREEMPT_MASK	(((1UL << PREEMPT_BITS) - 1) << PREEMPT_SHIFT)
#define SOFTIRQ_MASK	(((1UL << SOFTIRQ_BITS) - 1) << SOFTIRQ_SHIFT)
#define HARDIRQ_MASK	(((1UL << HARDIRQ_BITS) - 1) << HARDIRQ_SHIFT)
#define NMI_MASK	(((1UL << NMI_BITS) - 1) << NMI_SHIFT)
#define PREEMPT_OFFSET	(1UL << PREEMPT_SHIFT)
#define SOFTIRQ_OFFSET	(1UL << SOFTIRQ_SHIFT)
#define HARDIRQ_OFFSET	(1UL << HARDIRQ_SHIFT)
#define NMI_OFFSET	(1UL << NMI_SHIFT)
#define SOFTIRQ_DISABLE_OFFSET	(2 * SOFTIRQ_OFFSET)

#define PREEMPT_NEED_RESCHED	0x80000000

/* The depth at which every context switch happens: one for schedule()'s own disable, one for the run queue's lock. */
#define FORK_PREEMPT_COUNT	2
/* A CPU that boots is not preemptible until its idle loop runs. */
#define INIT_PREEMPT_COUNT	1

#include <asm/preempt.h>

#define nmi_count()	(preempt_count() & NMI_MASK)
#define hardirq_count()	(preempt_count() & HARDIRQ_MASK)
#define softirq_count()	(preempt_count() & SOFTIRQ_MASK)
#define irq_count()	(preempt_count() & (NMI_MASK | HARDIRQ_MASK | SOFTIRQ_MASK))

/* in_hardirq and friends: what kind of code is this? in_interrupt() is also true with bottom halves disabled. */
#define in_nmi()		(nmi_count() != 0)
#define in_hardirq()		(hardirq_count() != 0)
#define in_irq()		in_hardirq()
#define in_serving_softirq()	((softirq_count() & SOFTIRQ_OFFSET) != 0)
#define in_softirq()		(softirq_count() != 0)
#define in_interrupt()		(irq_count() != 0)
#define in_task()		(!(preempt_count() & (NMI_MASK | HARDIRQ_MASK | SOFTIRQ_OFFSET)))
#define in_atomic()		(!__preempt_count_is_zero())
#define in_atomic_preempt_off()	((preempt_count() & ~PREEMPT_NEED_RESCHED) != PREEMPT_OFFSET)
#define preemptible()		(!in_atomic() && !irqs_disabled())

#define preempt_count_add(val)	__preempt_count_add(val)
#define preempt_count_sub(val)	__preempt_count_sub(val)
#define preempt_count_inc()	preempt_count_add(1)
#define preempt_count_dec()	preempt_count_sub(1)
/* Count down; is it zero now, and a reschedule wanted? */
#define preempt_count_dec_and_test() ({ barrier(); unlikely(__preempt_count_dec_and_test()); })

/* Called when the count falls to zero and a reschedule is wanted. Context: thread; returns when it runs again. */
void preempt_schedule(void);

/*
 * preempt_disable, preempt_enable: between them this thread stays on this CPU and no other thread runs here.
 * Context: any; they nest. preempt_enable() may switch threads, so never call it while holding a raw spinlock of the
 * scheduler. Interrupts still come.
 */
#define preempt_disable()	do { preempt_count_inc(); barrier(); } while (0)
#define preempt_enable_no_resched() do { barrier(); preempt_count_dec(); } while (0)
#define sched_preempt_enable_no_resched() preempt_enable_no_resched()
#define preempt_enable() \
	do { \
		barrier(); \
		if (unlikely(__preempt_count_dec_and_test())) \
			preempt_schedule(); \
	} while (0)
#define preempt_disable_notrace()	preempt_disable()
#define preempt_enable_notrace()	preempt_enable()
#define preempt_check_resched() \
	do { \
		if (should_resched(0)) \
			preempt_schedule(); \
	} while (0)

/* migrate_disable: stay on this CPU. Differs from Linux: it also disables preemption. */
#define migrate_disable()	preempt_disable()
#define migrate_enable()	preempt_enable()
