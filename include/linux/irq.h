/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Interrupt vectors, for the kernel's own use. A driver wants request_irq() of <linux/interrupt.h>.
 */
#include <linux/types.h>
#include <linux/interrupt.h>
#include <asm/irq_vectors.h>

struct pt_regs;

/*
 * irq_set_system_vector: handler is called when vector arrives, interrupts off, inside irq_enter()/irq_exit(), after
 * the end-of-interrupt was sent. At boot, once per vector. name is for listings.
 */
void irq_set_system_vector(unsigned int vector, void (*handler)(void), const char *name);

/* irq_init: boot, after apic_init() and ioapic_init(): the system vectors get their handlers. */
void irq_init(void);

/* irq_dying_cpu: device interrupts of this CPU, which goes offline, go to another. Interrupts off. Return: 0. */
int irq_dying_cpu(unsigned int cpu);

/* get_irq_regs: the registers of the code that the innermost interrupt of this CPU broke into; NULL outside of one. */
DECLARE_PER_CPU(struct pt_regs *, __irq_regs);
static inline struct pt_regs *get_irq_regs(void)
{
	return this_cpu_read(__irq_regs);
}
static inline struct pt_regs *set_irq_regs(struct pt_regs *new_regs)
{
	struct pt_regs *old = this_cpu_read(__irq_regs);

	this_cpu_write(__irq_regs, new_regs);
	return old;
}

/* How often vector has come on cpu, and who uses it (NULL: no one). irq_vector_irq: its device line, -1: none. */
unsigned long irq_vector_count(int cpu, unsigned int vector);
const char *irq_vector_name(unsigned int vector);
int irq_vector_irq(unsigned int vector);
