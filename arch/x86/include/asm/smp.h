/* SPDX-License-Identifier: MIT */
/*
 * Starting, poking and stopping CPUs: the machine's half of <linux/smp.h>,
 * which is what nearly everybody wants instead.
 */
#pragma once

#include <linux/types.h>
#include <linux/threads.h>
#include <asm/percpu.h>

struct cpumask;

/* The number of the CPU that asks, from its per-CPU data: right from its first C instruction on. */
#define raw_smp_processor_id()	this_cpu_read(cpu_number)

/* APIC ids by CPU number; BAD_APICID beyond acpi_nr_cpus. Constant after acpi_init(). */
extern u16 cpu_apicid[NR_CPUS];

/*
 * arch_cpu_up: start CPU @cpu, which shall run secondary_start_kernel() on the
 * stack that ends at @stack_top. The caller has made its idle thread and set
 * its per-CPU current_task. Waits for the CPU's sign of life, at most some seconds.
 * Context: thread, may sleep, one caller at a time (the lock of cpu_up()).
 * Return: 0: it runs C code on its stack; -EINVAL: no such CPU; -EIO: it did
 * not answer and was put back to sleep (the log has the sentence); what
 * cpu_prepare() returned.
 */
int arch_cpu_up(unsigned int cpu, void *stack_top);

/* arch_cpu_kill: a CPU that arch_cpu_up() has started goes no further: back into deaf waiting. Context: any. */
void arch_cpu_kill(unsigned int cpu);

/*
 * start_secondary: the first C code of every CPU but the boot CPU, called by
 * boot/ap.S on the CPU's idle stack, interrupts off. Never returns.
 */
void start_secondary(void) __attribute__((noreturn));

/* arch_cpu_idle_dead: this CPU is offline: it halts until arch_cpu_up() starts it anew. Context: interrupts off. */
void arch_cpu_idle_dead(void) __attribute__((noreturn));

/*
 * smp_send_reschedule: make @cpu look at its NEED_RESCHED flag soon: it takes
 * RESCHEDULE_VECTOR and preempts, if that is due, on the way out.
 * Context: any. Source: Linux, kernel/sched/core.c:resched_curr().
 * arch_smp_send_reschedule: the interrupt itself.
 */
void smp_send_reschedule(int cpu);
void arch_smp_send_reschedule(int cpu);

/* Make @cpu, or every CPU in @mask, run generic_smp_call_function_interrupt(). Context: any. */
void arch_send_call_function_single_ipi(int cpu);
void arch_send_call_function_ipi_mask(const struct cpumask *mask);

/*
 * smp_send_stop: stop all other CPUs for good, even those with interrupts off:
 * they get an NMI and halt in its handler. Waits for them up to 1 s; those that
 * did not stop are named. Called again, it returns at once.
 * Context: interrupts off, NMI included (panic, power off).
 */
void smp_send_stop(void);

/*
 * smp_nmi_stop_requested: asked by the NMI handler. True: smp_send_stop() wants
 * this CPU; it is now counted as stopped, and the caller must halt with
 * interrupts off and never come back.
 */
bool smp_nmi_stop_requested(void);
