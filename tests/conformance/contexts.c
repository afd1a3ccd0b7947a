/* SPDX-License-Identifier: MIT */
/* in_task(), in_atomic(), irqs_disabled(), preempt_count() under each kind of lock. */
#include "promise.h"
#include <linux/interrupt.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/rwlock.h>
#include <linux/smp.h>
#include <linux/spinlock.h>

static DEFINE_SPINLOCK(spin);
static DEFINE_RAW_SPINLOCK(raw);
static DEFINE_RWLOCK(rw);

static void look(const char *what)
{
	say("%s: task %d, atomic %d, softirq %d, hardirq %d, irqs off %d, preemptible %d", what, !!in_task(),
	    !!in_atomic(), !!in_softirq(), !!in_hardirq(), !!irqs_disabled(), !!preemptible());
}

static void on_cpu(void *unused)
{
	ask(irqs_disabled());
}

static void run(void)
{
	unsigned long flags;

	look("plain");
	spin_lock(&spin);
	look("spin_lock");
	ask(spin_is_locked(&spin));
	ask(spin_trylock(&spin));
	spin_unlock(&spin);
	ask(spin_trylock(&spin));
	spin_unlock(&spin);
	spin_lock_irqsave(&spin, flags);
	look("spin_lock_irqsave");
	spin_unlock_irqrestore(&spin, flags);
	spin_lock_bh(&spin);
	look("spin_lock_bh");
	spin_unlock_bh(&spin);
	raw_spin_lock_irq(&raw);
	look("raw_spin_lock_irq");
	raw_spin_unlock_irq(&raw);
	read_lock(&rw);
	look("read_lock");
	ask(read_trylock(&rw));
	read_unlock(&rw);
	ask(write_trylock(&rw));
	read_unlock(&rw);
	write_lock_irq(&rw);
	look("write_lock_irq");
	ask(read_trylock(&rw));
	write_unlock_irq(&rw);
	preempt_disable();
	preempt_disable();
	look("preempt_disable");
	ask(preempt_count());
	preempt_enable();
	preempt_enable();
	local_irq_disable();
	look("local_irq_disable");
	local_irq_enable();
	local_bh_disable();
	look("local_bh_disable");
	local_bh_enable();
	get_cpu();
	look("get_cpu");
	put_cpu();
	ask(smp_call_function_single(1, on_cpu, NULL, 1));
	ask(smp_call_function_single(100, on_cpu, NULL, 1));
	look("at the end");
}
promise(run);
