/* SPDX-License-Identifier: MIT */
/*
 * What the firmware's ACPI tables say about this machine. The tables are read
 * once, at boot, checked, and boiled down to the facts below; the tables
 * themselves are not kept. Without ACPI the facts are those of an old PC with one CPU.
 */
#pragma once

#include <linux/types.h>
#include <linux/threads.h>

#define ACPI_MAX_IOAPICS	8
#define ACPI_NR_ISA_IRQS	16

struct acpi_ioapic {
	u8  id;
	u32 address;		/* physical */
	u32 gsi_base;		/* number of its first pin */
};

/* Where an ISA interrupt really arrives, and how. */
struct acpi_isa_irq {
	u32  gsi;
	bool active_low;
	bool level;
};

/* Constant after acpi_init(). A port or address of 0 means: there is none. */
struct acpi_facts {
	bool present;			/* good tables were found */
	u8   lapic_nmi_lint;		/* the local APIC's input that carries NMIs: 0 or 1 */

	unsigned int	    nr_ioapics;
	struct acpi_ioapic  ioapic[ACPI_MAX_IOAPICS];
	struct acpi_isa_irq isa[ACPI_NR_ISA_IRQS];

	u16  pm_timer_port;		/* counts at 3.579545 MHz */
	u64  hpet_address;		/* physical */
	u8   century;			/* CMOS register with the century */

	u16  pm1a_control, pm1b_control;
	u32  smi_command;
	u8   smi_acpi_enable;
	bool s5_known;			/* the next two are real: "off" */
	u8   s5_type_a, s5_type_b;

	u8   reset_space;		/* 0 memory, 1 port, 2 PCI configuration */
	u64  reset_address;
	u8   reset_value;
};

extern struct acpi_facts acpi_facts;

/* Number of CPUs that may be started, the boot CPU included; at least 1. Constant after acpi_init(). */
extern unsigned int acpi_nr_cpus;

/*
 * acpi_init: find the tables and fill in acpi_facts, acpi_nr_cpus, cpu_apicid[]
 * (<asm/smp.h>) and the masks of possible and present CPUs. The boot CPU is
 * always CPU 0. A table that is not as it must be is named in the log and left
 * out. `nr_cpus=N` on the command line lowers the number.
 * Context: boot CPU, interrupts off, after paging_init().
 */
void acpi_init(void);
