/* SPDX-License-Identifier: MIT */
/*
 * Which CPUs there are, and where each one's data is.
 *
 * Both are looked at from the machine floor upwards, long before anybody can bring a CPU up; so what is here is data
 * and its setters. Who decides: acpi.c which CPUs are possible and present, cpu.c which are online and active,
 * mm/percpu.c where the areas are.
 *
 *	possible	there may ever be one: it gets a per-CPU area
 *	present		it is there and can be started
 *	online		it runs and takes interrupts from others
 *	active		threads may be put on it
 *	dying		it is going away
 *
 * Locking: none. Possible and present are constant after acpi_init(). A CPU sets its own online and active bits when
 * it comes up, ORDER(cpu-online) in cpu.c; each is one atomic bit.
 */
#include <linux/cpumask.h>
#include <linux/export.h>
#include <linux/init.h>
#include <asm/percpu.h>

struct cpumask __cpu_possible_mask, __cpu_present_mask, __cpu_online_mask, __cpu_active_mask, __cpu_dying_mask;
EXPORT_SYMBOL(__cpu_possible_mask);
EXPORT_SYMBOL(__cpu_present_mask);
EXPORT_SYMBOL(__cpu_online_mask);
EXPORT_SYMBOL(__cpu_active_mask);
EXPORT_SYMBOL(__cpu_dying_mask);
unsigned int nr_cpu_ids = NR_CPUS;
EXPORT_SYMBOL(nr_cpu_ids);

/* CPU 0's area is the pattern itself: its distance, 0, is right from the first instruction on. */
unsigned long __per_cpu_offset[NR_CPUS];
EXPORT_SYMBOL(__per_cpu_offset);
DEFINE_PER_CPU(unsigned long, this_cpu_off);
EXPORT_SYMBOL(this_cpu_off);

static void set_bit_of(struct cpumask *mask, unsigned int cpu, bool on)
{
	if (on)
		cpumask_set_cpu(cpu, mask);
	else
		cpumask_clear_cpu(cpu, mask);
}

void set_cpu_possible(unsigned int cpu, bool possible)
{
	set_bit_of(&__cpu_possible_mask, cpu, possible);
}

void set_cpu_present(unsigned int cpu, bool present)
{
	set_bit_of(&__cpu_present_mask, cpu, present);
}

void set_cpu_online(unsigned int cpu, bool online)
{
	set_bit_of(&__cpu_online_mask, cpu, online);
}

void set_cpu_active(unsigned int cpu, bool active)
{
	set_bit_of(&__cpu_active_mask, cpu, active);
}

void set_cpu_dying(unsigned int cpu, bool dying)
{
	set_bit_of(&__cpu_dying_mask, cpu, dying);
}

void __init boot_cpu_init(void)
{
	set_cpu_possible(0, true);
	set_cpu_present(0, true);
	set_cpu_online(0, true);
	set_cpu_active(0, true);
}
