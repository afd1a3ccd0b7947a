/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Bottom halves (softirqs, timers, tasklets) of this CPU, off and on.
 * Context: thread or softirq; they nest. local_bh_enable() runs what became pending meanwhile: interrupts must be on.
 * Semantics: Linux's Documentation/kernel-hacking/locking.
 */
#include <linux/preempt.h>

static __always_inline void local_bh_disable(void)
{
	preempt_count_add(SOFTIRQ_DISABLE_OFFSET);
	barrier();
}

void local_bh_enable(void);
void _local_bh_enable(void);
