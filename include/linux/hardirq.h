/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The edges of an interrupt: counting it in preempt_count, and running softirqs on the way out.
 * To ask where code runs, use in_hardirq(), in_softirq(), in_task() of <linux/preempt.h>.
 */
#include <linux/preempt.h>
#include <linux/types.h>

/*
 * irq_enter, irq_exit: around the handling of one interrupt. irq_exit() runs pending softirqs when it leaves the
 * outermost interrupt. An idle CPU's jiffies are brought up to date by irq_enter().
 * Context: interrupts off; irq_exit() may turn them on and off again.
 */
void irq_enter(void);
void irq_exit(void);

/* The count alone: no clock, no softirqs. For the few interrupts that only wake something. */
#define __irq_enter()	preempt_count_add(HARDIRQ_OFFSET)
#define __irq_exit()	preempt_count_sub(HARDIRQ_OFFSET)

/* nmi_enter, nmi_exit: around an NMI, which may come anywhere, inside irq_enter() too. They nest four deep at most. */
#define nmi_enter()	preempt_count_add(NMI_OFFSET + HARDIRQ_OFFSET)
#define nmi_exit()	preempt_count_sub(NMI_OFFSET + HARDIRQ_OFFSET)

/* synchronize_irq: see <linux/interrupt.h>. */
void synchronize_irq(unsigned int irq);
