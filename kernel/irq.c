/* SPDX-License-Identifier: MIT */
/*
 * Interrupts: from the vector that entry.S saw to the function that wants to know.
 *
 * A vector (0 to 255) is what the CPU gets. Some are the system's own: this CPU's timer, calls from other CPUs; each
 * has one function, registered at boot. The others are devices': line `irq` of the IOAPIC arrives as vector
 * FIRST_DEVICE_VECTOR + irq, always on the CPU that asked for it first, and several drivers may share it:
 *
 *	vector --> vectors[].handler                              (system)
 *	      '--> irq_descs[irq] --> irqaction --> irqaction     (device: all are asked "was it yours?")
 *
 * Order within handle_irq(): the count goes up (in_hardirq() from here), the function runs with interrupts off, the
 * APIC gets its end-of-interrupt, irq_exit() runs softirqs with interrupts on. The end-of-interrupt comes before system
 * functions, which do not mind, and after device handlers, or a level-triggered line would come again at once.
 *
 * Disabling a line is lazy: disable_irq() only counts. If an interrupt comes nevertheless, the line is masked in the
 * IOAPIC and the interrupt remembered; enable_irq() unmasks it and, as an edge does not come twice, sends it again by
 * hand.
 *
 * Locking: desc->lock, interrupts off, covers all of struct irq_desc. Handlers are called without it; in_progress
 * says that they are, and who takes one off the list waits for that (synchronize_irq) before freeing it. They are never
 * called twice at once. A line comes to one CPU; but when that one goes offline, its last interrupt may come while the
 * next CPU handles the line's first one there: it masks the line and leaves, and who is at it goes round once more.
 * request_lock, around it, serialises request_irq() and free_irq().
 *
 * A line whose interrupts nobody wants is reported once, and after STUCK in a row it is switched off: a level-triggered
 * line that no handler quiets would keep its CPU busy for ever.
 *
 * Rejected: a table of vectors per CPU with vectors handed out as needed (Linux): for thousands of MSI interrupts; we
 * have at most 188 lines and as many vectors.
 *
 * Next: softirq.c for what runs afterwards, arch/x86/entry.S for what came before, ioapic.c for the wires.
 */
#include <linux/irq.h>
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/irq_work.h>
#include <linux/leftovers.h>
#include <linux/lockdep.h>
#include <linux/percpu.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/upcall.h>
#include <trace/events/irq.h>
#include <trace/events/ipi.h>
#include <asm/apic.h>
#include <asm/io_apic.h>
#include <asm/processor.h>
#include <asm/ptrace.h>

enum {
	NR_IRQS	= NR_DEVICE_VECTORS,
	STUCK	= 10000,
};

struct irqaction {
	struct irqaction	*next;		/* lock of the desc; a handler's caller may read it until it is freed */
	irq_handler_t		handler;	/* constant, all below */
	void			*dev_id;
	const char		*name;
	unsigned long		flags;
};

struct irq_desc {
	raw_spinlock_t		lock;
	struct irqaction	*action;	/* lock */
	unsigned int		depth;		/* lock. So many disable_irq() */
	unsigned int		cpu;		/* lock. Where it is routed */
	unsigned int		unhandled;	/* lock. In a row */
	bool			masked;		/* lock. In the IOAPIC */
	bool			pending;	/* lock. Came while disabled, or in progress */
	bool			in_progress;	/* lock. Handlers are being called, ... */
	unsigned int		handling_cpu;	/* lock. ... there */
	bool			reported;	/* lock */
};

struct system_vector {
	void		(*handler)(void);
	const char	*name;
};

/* Written at boot. */
static struct system_vector vectors[NR_VECTORS];

static struct irq_desc irq_descs[NR_IRQS];
static DEFINE_RAW_SPINLOCK(request_lock);

static DEFINE_PER_CPU(u32, vector_counts[NR_VECTORS]);	/* self, interrupts off; others may read */
DEFINE_PER_CPU(struct pt_regs *, __irq_regs);

static struct irq_desc *irq_to_desc(unsigned int irq)
{
	return irq < NR_IRQS ? &irq_descs[irq] : NULL;
}

static unsigned int desc_irq(const struct irq_desc *desc)
{
	return desc - irq_descs;
}

static u8 irq_vector(unsigned int irq)
{
	return FIRST_DEVICE_VECTOR + irq;
}

void irq_set_system_vector(unsigned int vector, void (*handler)(void), const char *name)
{
	WARN_ON(vector >= NR_VECTORS || vectors[vector].handler);
	vectors[vector].name = name;
	vectors[vector].handler = handler;
}

unsigned long irq_vector_count(int cpu, unsigned int vector)
{
	return READ_ONCE(per_cpu(vector_counts, cpu)[vector]);
}

int irq_vector_irq(unsigned int vector)
{
	unsigned int irq = vector - FIRST_DEVICE_VECTOR;

	return irq < NR_IRQS ? irq : -1;
}

const char *irq_vector_name(unsigned int vector)
{
	int irq = irq_vector_irq(vector);
	const char *name = NULL;
	unsigned long flags;

	if (irq < 0)
		return vectors[vector].name;
	raw_spin_lock_irqsave(&irq_descs[irq].lock, flags);
	if (irq_descs[irq].action)
		name = irq_descs[irq].action->name;
	raw_spin_unlock_irqrestore(&irq_descs[irq].lock, flags);
	return name;
}

static void desc_set_masked(struct irq_desc *desc, bool masked)
{
	lockdep_assert_held(&desc->lock);
	desc->masked = masked;
	if (masked)
		ioapic_mask(desc_irq(desc));
	else
		ioapic_unmask(desc_irq(desc));
}

/* Asks all handlers of a line. Return: did one say it was its device? */
static bool call_handlers(struct irqaction *action, int irq)
{
	bool handled = false;

	for (; action; action = action->next) {
		irqreturn_t ret;

		trace_irq_handler_entry(irq, action->name);
		ret = action->handler(irq, action->dev_id);
		trace_irq_handler_exit(irq, ret);
		WARN_ONCE(!irqs_disabled(), "interrupt handler %ps turned interrupts on", action->handler);
		WARN_ONCE(ret & ~IRQ_HANDLED,
			  "interrupt handler %ps returned %d: IRQ_HANDLED and IRQ_NONE are the answers",
			  action->handler, ret);
		local_irq_disable();
		handled |= ret != IRQ_NONE;
	}
	return handled;
}

static void note_unhandled(struct irq_desc *desc)
{
	lockdep_assert_held(&desc->lock);
	if (!desc->reported)
		pr_warn("irq %u: an interrupt that no handler wants (%s)\n", desc_irq(desc),
			desc->action ? desc->action->name : "none is registered");
	desc->reported = true;
	if (++desc->unhandled < STUCK)
		return;
	pr_err("irq %u: %d interrupts in a row that no handler wants; the line is switched off\n",
	       desc_irq(desc), STUCK);
	desc->depth++;
	desc_set_masked(desc, true);
}

/* Not now. It is remembered: an edge does not come twice. */
static void put_off(struct irq_desc *desc)
{
	WARN_ONCE(desc->in_progress && desc->handling_cpu == smp_processor_id(),
		  "irq %u came again while its handlers run: did one turn interrupts on?", desc_irq(desc));
	desc->pending = true;
	desc_set_masked(desc, true);
}

static void handle_once(struct irq_desc *desc)
{
	struct irqaction *action = desc->action;
	bool handled;

	if (desc->pending)
		desc_set_masked(desc, false);
	desc->pending = false;
	raw_spin_unlock(&desc->lock);
	handled = call_handlers(action, desc_irq(desc));
	raw_spin_lock(&desc->lock);
	if (handled)
		desc->unhandled = 0;
	else
		note_unhandled(desc);
}

static void handle_device_irq(struct irq_desc *desc)
{
	raw_spin_lock(&desc->lock);
	if (desc->in_progress || desc->depth) {
		put_off(desc);
	} else {
		desc->in_progress = true;
		desc->handling_cpu = smp_processor_id();
		do
			handle_once(desc);
		while (desc->pending && !desc->depth && desc->action);
		desc->in_progress = false;
	}
	raw_spin_unlock(&desc->lock);
}

static void handle_unknown(unsigned int vector)
{
	static bool reported[NR_VECTORS];

	if (!reported[vector])
		pr_warn("irq: vector %#x came, which nobody uses\n", vector);
	reported[vector] = true;
}

/* upcall.h: entry.S calls this with interrupts off, on the interrupt stack. */
void handle_irq(struct pt_regs *regs)
{
	unsigned int vector = regs->orig_ax & 0xff;
	struct pt_regs *old_regs = set_irq_regs(regs);
	int irq = irq_vector_irq(vector);

	irq_enter();
	this_cpu_inc(vector_counts[vector]);
	if (irq >= 0) {
		handle_device_irq(&irq_descs[irq]);
		apic_eoi();
	} else {
		if (vector != SPURIOUS_APIC_VECTOR)
			apic_eoi();
		if (vectors[vector].handler)
			vectors[vector].handler();
		else
			handle_unknown(vector);
	}
	irq_exit();
	set_irq_regs(old_regs);
}

/* May the two be on one line? */
static bool can_share(const struct irqaction *a, const struct irqaction *b)
{
	return a->flags & b->flags & IRQF_SHARED && a->dev_id != b->dev_id;
}

/* Decide, then do: the first handler also gets the line routed and let through. */
static int add_action(struct irq_desc *desc, struct irqaction *action)
{
	struct irqaction **p;
	unsigned long flags;
	int err = 0;

	raw_spin_lock_irqsave(&desc->lock, flags);
	for (p = &desc->action; *p && !err; p = &(*p)->next)
		if (!can_share(*p, action))
			err = -EBUSY;
	if (!err && !desc->action) {
		desc->cpu = smp_processor_id();
		err = ioapic_route(desc_irq(desc), irq_vector(desc_irq(desc)), desc->cpu);
		if (!err) {
			desc->depth = !!(action->flags & IRQF_NO_AUTOEN);
			desc->unhandled = 0;
			desc->reported = false;
			desc->pending = false;
		}
	}
	if (!err) {
		*p = action;
		if (desc->action == action)
			desc_set_masked(desc, desc->depth);
	}
	raw_spin_unlock_irqrestore(&desc->lock, flags);
	return err;
}

int request_irq(unsigned int irq, irq_handler_t handler, unsigned long flags, const char *name, void *dev_id)
{
	struct irq_desc *desc = irq_to_desc(irq);
	struct irqaction *action;
	int err;

	if (!desc || !handler || ((flags & IRQF_SHARED) && !dev_id))
		return -EINVAL;
	action = kzalloc(sizeof(*action), GFP_KERNEL);
	if (!action)
		return -ENOMEM;
	action->handler = handler;
	action->dev_id = dev_id;
	action->name = name;
	action->flags = flags;

	raw_spin_lock(&request_lock);
	err = add_action(desc, action);
	raw_spin_unlock(&request_lock);
	if (err)
		kfree(action);
	return err;
}
EXPORT_SYMBOL(request_irq);

static struct irqaction *remove_action(struct irq_desc *desc, void *dev_id)
{
	struct irqaction **p, *action;
	unsigned long flags;

	raw_spin_lock_irqsave(&desc->lock, flags);
	for (p = &desc->action; *p && (*p)->dev_id != dev_id; p = &(*p)->next)
		;
	action = *p;
	if (action)
		*p = action->next;
	if (action && !desc->action)
		desc_set_masked(desc, true);
	raw_spin_unlock_irqrestore(&desc->lock, flags);
	return action;
}

const void *free_irq(unsigned int irq, void *dev_id)
{
	struct irq_desc *desc = irq_to_desc(irq);
	struct irqaction *action;
	const char *name;

	if (WARN_ONCE(in_interrupt(), "free_irq() in an interrupt: it would wait for itself"))
		return NULL;
	raw_spin_lock(&request_lock);
	action = desc ? remove_action(desc, dev_id) : NULL;
	raw_spin_unlock(&request_lock);
	if (WARN_ONCE(!action, "free_irq() of irq %u: no handler has dev_id %px", irq, dev_id))
		return NULL;
	synchronize_irq(irq);
	name = action->name;
	kfree(action);
	return name;
}
EXPORT_SYMBOL(free_irq);

static void take_off(struct irq_desc *desc, struct leftovers *l)
{
	struct irqaction *action, *next;

	for (action = desc->action; action; action = next) {
		next = action->next;
		if (l->is_meant(l, action->dev_id, action->handler, "interrupt handler", "free_irq()"))
			kfree(remove_action(desc, action->dev_id));
	}
}

void irqs_take_off(struct leftovers *l)
{
	unsigned int irq;

	for (irq = 0; irq < NR_IRQS; irq++)
		take_off(&irq_descs[irq], l);
}

void synchronize_irq(unsigned int irq)
{
	struct irq_desc *desc = irq_to_desc(irq);
	unsigned long flags;
	bool busy = true;

	if (!desc || WARN_ONCE(in_hardirq(), "synchronize_irq() or disable_irq() of irq %u in an interrupt handler may "
			       "wait for itself: use disable_irq_nosync()", irq))
		return;
	for (;;) {
		raw_spin_lock_irqsave(&desc->lock, flags);
		busy = desc->in_progress;
		raw_spin_unlock_irqrestore(&desc->lock, flags);
		if (!busy)
			return;
		cpu_relax();
	}
}
EXPORT_SYMBOL(synchronize_irq);

void disable_irq_nosync(unsigned int irq)
{
	struct irq_desc *desc = irq_to_desc(irq);
	unsigned long flags;

	if (!desc)
		return;
	raw_spin_lock_irqsave(&desc->lock, flags);
	desc->depth++;
	raw_spin_unlock_irqrestore(&desc->lock, flags);
}
EXPORT_SYMBOL(disable_irq_nosync);

void disable_irq(unsigned int irq)
{
	disable_irq_nosync(irq);
	synchronize_irq(irq);
}
EXPORT_SYMBOL(disable_irq);

void enable_irq(unsigned int irq)
{
	struct irq_desc *desc = irq_to_desc(irq);
	unsigned long flags;

	if (!desc)
		return;
	raw_spin_lock_irqsave(&desc->lock, flags);
	if (!WARN_ONCE(!desc->depth, "enable_irq(%u) without disable_irq()", irq) && !--desc->depth && desc->action) {
		if (desc->masked)
			desc_set_masked(desc, false);
		if (desc->pending && !ioapic_is_level(irq))
			apic_send(cpu_apicid[desc->cpu], irq_vector(irq));
		desc->pending = false;
	}
	raw_spin_unlock_irqrestore(&desc->lock, flags);
}
EXPORT_SYMBOL(enable_irq);

/* What is on its way to this CPU already still comes, when interrupts are on again, for the last time. */
int irq_dying_cpu(unsigned int cpu)
{
	struct irq_desc *desc;

	for (desc = irq_descs; desc < irq_descs + NR_IRQS; desc++) {
		raw_spin_lock(&desc->lock);
		if (desc->action && desc->cpu == cpu) {
			desc->cpu = cpumask_first(cpu_online_mask);
			ioapic_route(desc_irq(desc), irq_vector(desc_irq(desc)), desc->cpu);
		}
		raw_spin_unlock(&desc->lock);
	}
	return 0;
}

/* Only wakes the CPU up: what it should look at it looks at in irq_exit() and on the way back to its thread. */
static void reschedule_interrupt(void)
{
	trace_reschedule_entry(RESCHEDULE_VECTOR);
	trace_ipi_entry(IPI_RESCHEDULE);
	scheduler_ipi();
	trace_ipi_exit(IPI_RESCHEDULE);
	trace_reschedule_exit(RESCHEDULE_VECTOR);
}

static void spurious_interrupt(void)
{
}

void __init irq_init(void)
{
	irq_set_system_vector(RESCHEDULE_VECTOR, reschedule_interrupt, "reschedule");
	irq_set_system_vector(CALL_FUNCTION_VECTOR, generic_smp_call_function_interrupt, "call function");
	irq_set_system_vector(IRQ_WORK_VECTOR, irq_work_run, "irq work");
	irq_set_system_vector(ERROR_APIC_VECTOR, apic_error_interrupt, "APIC error");
	irq_set_system_vector(SPURIOUS_APIC_VECTOR, spurious_interrupt, "spurious");
}
