/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * "Soon, in an interrupt": for code that may be anywhere, under any lock, even in an NMI, and wants something done that
 * takes locks itself, a wake-up for instance. Who is in a thread or an ordinary interrupt does not need it.
 * Semantics: Linux's <linux/irq_work.h>. Differs: on this CPU only, always by an interrupt.
 */
#include <linux/types.h>
#include <linux/atomic.h>
#include <linux/llist.h>

struct irq_work {
	struct llist_node	llist;
	atomic_t		flags;		/* IRQ_WORK_* */
	void			(*func)(struct irq_work *work);
};

#define IRQ_WORK_PENDING	1	/* queued, and func has not been called yet */
#define IRQ_WORK_BUSY		2	/* queued, or func has not returned */

#define IRQ_WORK_INIT(_func)		{ .func = (_func) }
#define DEFINE_IRQ_WORK(name, _f)	struct irq_work name = IRQ_WORK_INIT(_f)
static inline void init_irq_work(struct irq_work *work, void (*func)(struct irq_work *))
{
	*work = (struct irq_work)IRQ_WORK_INIT(func);
}

/*
 * func(work) will be called on this CPU, in an interrupt, as soon as interrupts are on. It must not free the work.
 * Return: false if it was queued already and has not begun. Context: any, NMI included.
 */
bool irq_work_queue(struct irq_work *work);

static inline bool irq_work_is_pending(struct irq_work *work)
{
	return atomic_read(&work->flags) & IRQ_WORK_PENDING;
}
static inline bool irq_work_is_busy(struct irq_work *work)
{
	return atomic_read(&work->flags) & IRQ_WORK_BUSY;
}

/*
 * Wait until it neither is queued nor runs, so that its memory may go; nobody must queue it meanwhile.
 * Context: thread, interrupts on.
 */
void irq_work_sync(struct irq_work *work);

/* The interrupt. */
void irq_work_run(void);
