/* SPDX-License-Identifier: MIT */
/*
 * Work for a moment later, in an interrupt that the CPU sends to itself.
 *
 * Each CPU has a list without a lock, as for calls (smp.c); who finds it empty sends the interrupt. A work is off the
 * list, and may be queued again, before its function runs: what is queued meanwhile is done once more, never missed.
 *
 * Read next: smp.c.
 */
#include <linux/irq_work.h>
#include <linux/bug.h>
#include <linux/export.h>
#include <linux/irqflags.h>
#include <linux/preempt.h>
#include <trace/events/ipi.h>
#include <asm/apic.h>
#include <asm/irq_vectors.h>
#include <asm/percpu.h>
#include <asm/processor.h>

static DEFINE_PER_CPU(struct llist_head, works);	/* ORDER(llist) */

bool irq_work_queue(struct irq_work *work)
{
	/* ORDER(irq-work): what the caller did before is seen by the function, even if the work was queued already. */
	if (atomic_fetch_or(IRQ_WORK_PENDING | IRQ_WORK_BUSY, &work->flags) & IRQ_WORK_PENDING)
		return false;
	preempt_disable();
	if (llist_add(&work->llist, this_cpu_ptr(&works)))
		apic_send_self(IRQ_WORK_VECTOR);
	preempt_enable();
	return true;
}
EXPORT_SYMBOL_GPL(irq_work_queue);

void irq_work_run(void)
{
	struct llist_node *node = llist_reverse_order(llist_del_all(this_cpu_ptr(&works)));
	struct irq_work *work, *next;

	trace_irq_work_entry(IRQ_WORK_VECTOR);
	llist_for_each_entry_safe(work, next, node, llist) {
		/* ORDER(irq-work): free again, then the function looks. */
		atomic_fetch_andnot(IRQ_WORK_PENDING, &work->flags);
		work->func(work);
		/* ORDER(irq-work-done): what it did, then the waiter's. Queued again meanwhile: it stays busy. */
		atomic_cmpxchg(&work->flags, IRQ_WORK_BUSY, 0);
	}
	trace_irq_work_exit(IRQ_WORK_VECTOR);
}

void irq_work_sync(struct irq_work *work)
{
	if (WARN_ONCE(irqs_disabled() || in_interrupt(),
		      "irq_work_sync() waits for an interrupt that cannot come: call it in a thread, interrupts on\n"))
		return;
	/* ORDER(irq-work-done): seeing it over, the caller may free what the function used. */
	while (atomic_read_acquire(&work->flags) & IRQ_WORK_BUSY)
		cpu_relax();
}
EXPORT_SYMBOL_GPL(irq_work_sync);
