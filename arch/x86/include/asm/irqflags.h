/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * This CPU's interrupt flag. <linux/irqflags.h> is the page to include:
 * local_irq_save() and its family are made of these.
 */
#include <linux/compiler.h>
#include <asm/ptrace.h>

static __always_inline unsigned long native_save_fl(void)
{
	unsigned long flags;

	asm volatile("pushfq; popq %0" : "=rm" (flags) : : "memory");
	return flags;
}

static __always_inline void native_irq_disable(void)
{
	asm volatile("cli" : : : "memory");
}

static __always_inline void native_irq_enable(void)
{
	asm volatile("sti" : : : "memory");
}

/* Sleep until an interrupt. sti takes effect after hlt: none can slip between them. */
static __always_inline void native_safe_halt(void)
{
	asm volatile("sti; hlt" : : : "memory");
}

static __always_inline void native_halt(void)
{
	asm volatile("hlt" : : : "memory");
}

static __always_inline unsigned long arch_local_save_flags(void)
{
	return native_save_fl();
}

static __always_inline bool arch_irqs_disabled_flags(unsigned long flags)
{
	return !(flags & X86_EFLAGS_IF);
}

static __always_inline bool arch_irqs_disabled(void)
{
	return arch_irqs_disabled_flags(native_save_fl());
}

static __always_inline void arch_local_irq_disable(void)
{
	native_irq_disable();
}

static __always_inline void arch_local_irq_enable(void)
{
	native_irq_enable();
}

static __always_inline unsigned long arch_local_irq_save(void)
{
	unsigned long flags = native_save_fl();

	native_irq_disable();
	return flags;
}

static __always_inline void arch_local_irq_restore(unsigned long flags)
{
	if (likely(!arch_irqs_disabled_flags(flags)))
		native_irq_enable();
	else
		native_irq_disable();
}

static __always_inline void arch_safe_halt(void)
{
	native_safe_halt();
}

static __always_inline void halt(void)
{
	native_halt();
}

/* Stop this CPU for good. An NMI only wakes it for a moment. */
static __always_inline void __noreturn halt_forever(void)
{
	for (;;) {
		native_irq_disable();
		native_halt();
	}
}
