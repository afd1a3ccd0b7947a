/* SPDX-License-Identifier: MIT */
/* Interrupts on and off: nested saves, and what each kind of lock leaves behind. */
#include "promise.h"
#include <linux/interrupt.h>
#include <linux/irqflags.h>
#include <linux/spinlock.h>

static DEFINE_SPINLOCK(one);
static DEFINE_SPINLOCK(two);

static void run(void)
{
	unsigned long outer, inner;

	ask(irqs_disabled());
	local_irq_save(outer);
	ask(irqs_disabled());
	ask(irqs_disabled_flags(outer));
	local_irq_save(inner);
	ask(irqs_disabled_flags(inner));
	local_irq_restore(inner);
	ask(irqs_disabled());
	local_irq_restore(outer);
	ask(irqs_disabled());
	spin_lock_irqsave(&one, outer);
	spin_lock_irqsave(&two, inner);
	spin_unlock_irqrestore(&two, inner);
	ask(irqs_disabled());
	spin_unlock_irqrestore(&one, outer);
	ask(irqs_disabled());
	spin_lock_irq(&one);
	spin_lock(&two);
	spin_unlock(&two);
	ask(irqs_disabled());
	spin_unlock_irq(&one);
	ask(irqs_disabled());
	local_bh_disable();
	local_bh_disable();
	ask(softirq_count() / SOFTIRQ_DISABLE_OFFSET);
	local_bh_enable();
	ask(in_softirq() != 0);
	ask(in_serving_softirq() != 0);
	local_bh_enable();
	ask(in_softirq() != 0);
	local_save_flags(outer);
	ask(irqs_disabled_flags(outer));
}
promise(run);
