/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Interrupts of this CPU, off and on. For code that also has to keep other CPUs out, use spin_lock_irqsave().
 *
 * Context: any. None of these sleeps. `flags` is an unsigned long of the caller's; save and restore nest, disable and
 * enable do not.
 * Semantics: Linux's Documentation/locking/locktypes and core-api.
 */
#include <asm/irqflags.h>
#include <linux/lockdep_hooks.h>

#define local_irq_disable()	arch_local_irq_disable()
#define local_irq_enable() \
	do { \
		lockdep_irqs_on(); \
		arch_local_irq_enable(); \
	} while (0)
#define local_save_flags(flags)	do { (flags) = arch_local_save_flags(); } while (0)
#define local_irq_save(flags)	do { (flags) = arch_local_irq_save(); } while (0)
#define local_irq_restore(flags) \
	do { \
		if (!arch_irqs_disabled_flags(flags)) \
			lockdep_irqs_on(); \
		arch_local_irq_restore(flags); \
	} while (0)
#define irqs_disabled()		arch_irqs_disabled()
#define irqs_disabled_flags(flags) arch_irqs_disabled_flags(flags)
#define raw_local_irq_save(flags)	local_irq_save(flags)
#define raw_local_irq_restore(flags)	arch_local_irq_restore(flags)
