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
#include <linux/export.h>
#include <linux/preempt.h>
#include <trace/events/ipi.h>
#include <asm/apic.h>
#include <asm/irq_vectors.h>
#include <asm/percpu.h>

static DEFINE_PER_CPU(struct llist_head, works);	/* ORDER(llist) */

bool irq_work_queue(struct irq_work *work)
{
	/* ORDER(irq-work): what the caller did before is seen by the function, even if the work was queued already. */
	if (atomic_xchg(&work->pending, 1))
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
		atomic_xchg(&work->pending, 0);
		work->func(work);
	}
	trace_irq_work_exit(IRQ_WORK_VECTOR);
}
