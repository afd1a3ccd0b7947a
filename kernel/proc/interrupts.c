/* SPDX-License-Identifier: MIT */
/* /proc/interrupts and /proc/softirqs: how often, on which CPU. A line each, a column a CPU. */
#include "proc.h"
#include <linux/array_size.h>
#include <linux/cpumask.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <asm/io_apic.h>

static void put_counts(struct seq_file *m, unsigned int vector)
{
	int cpu;

	for_each_online_cpu(cpu)
		seq_printf(m, "%10lu ", irq_vector_count(cpu, vector));
}

static void put_device(struct seq_file *m, unsigned int irq)
{
	const char *name = irq_vector_name(FIRST_DEVICE_VECTOR + irq);

	if (!name)
		return;
	seq_printf(m, "%3u: ", irq);
	put_counts(m, FIRST_DEVICE_VECTOR + irq);
	seq_printf(m, " %8s %3u-%-8s  %s\n", "IO-APIC", irq, ioapic_is_level(irq) ? "fasteoi" : "edge", name);
}

static int show_interrupts(struct seq_file *m, void *v)
{
	static const struct { const char *tag; unsigned int vector; const char *text; } system[] = {
		{ "NMI", NMI_VECTOR, "Non-maskable interrupts" },
		{ "LOC", LOCAL_TIMER_VECTOR, "Local timer interrupts" },
		{ "SPU", SPURIOUS_APIC_VECTOR, "Spurious interrupts" },
		{ "RES", RESCHEDULE_VECTOR, "Rescheduling interrupts" },
		{ "CAL", CALL_FUNCTION_VECTOR, "Function call interrupts" },
	};
	unsigned long errors = 0;
	int cpu;

	seq_printf(m, "%11s", "");
	for_each_online_cpu(cpu)
		seq_printf(m, "CPU%-8d", cpu);
	seq_putc(m, '\n');
	for (unsigned int irq = 0; irq < NR_DEVICE_VECTORS; irq++)
		put_device(m, irq);
	for (unsigned int i = 0; i < ARRAY_SIZE(system); i++) {
		seq_printf(m, "%s: ", system[i].tag);
		put_counts(m, system[i].vector);
		seq_printf(m, " %s\n", system[i].text);
	}
	for_each_possible_cpu(cpu)
		errors += irq_vector_count(cpu, ERROR_APIC_VECTOR);
	seq_printf(m, "ERR: %10lu\n", errors);
	return 0;
}

static int show_softirqs(struct seq_file *m, void *v)
{
	int cpu;

	seq_printf(m, "%20s", "");
	for_each_possible_cpu(cpu)
		seq_printf(m, "CPU%-8d", cpu);
	seq_putc(m, '\n');
	for (unsigned int nr = 0; nr < NR_SOFTIRQS; nr++) {
		seq_printf(m, "%12s:", softirq_to_name[nr]);
		for_each_possible_cpu(cpu)
			seq_printf(m, " %10lu", softirq_count_of(cpu, nr));
		seq_putc(m, '\n');
	}
	return 0;
}

static int __init proc_interrupts_init(void)
{
	proc_create_single("interrupts", 0, NULL, show_interrupts);
	proc_create_single("softirqs", 0, NULL, show_softirqs);
	return 0;
}
fs_initcall(proc_interrupts_init);
