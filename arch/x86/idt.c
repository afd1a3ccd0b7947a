/* SPDX-License-Identifier: MIT */
/*
 * The interrupt descriptor table: one for all CPUs, filled once. Every gate is
 * an interrupt gate: the CPU enters entry.S with interrupts off.
 */
#include <asm/desc.h>
#include <asm/irq_vectors.h>
#include <asm/traps.h>

#define GATE_INTERRUPT	0x8e	/* present, ring 0, 64-bit interrupt gate */

/* entry.S: NR_VECTORS stubs of ENTRY_STUB_SIZE bytes. */
extern const char entry_stubs[];

static struct gate_desc idt_table[NR_VECTORS] __attribute__((aligned(4096)));

/* On which stack of the TSS a vector is served; 0: on the stack that it interrupts. */
static u8 vector_ist(int vector)
{
	switch (vector) {
	case X86_TRAP_DF:
		return IST_INDEX_DF;
	case X86_TRAP_NMI:
		return IST_INDEX_NMI;
	case X86_TRAP_DB:
		return IST_INDEX_DB;
	case X86_TRAP_MC:
		return IST_INDEX_MCE;
	default:
		return 0;
	}
}

void idt_init(void)
{
	int vector;

	for (vector = 0; vector < NR_VECTORS; vector++) {
		unsigned long entry = (unsigned long)entry_stubs + vector * ENTRY_STUB_SIZE;

		idt_table[vector] = (struct gate_desc) {
			.offset_low	= entry & 0xffff,
			.offset_middle	= (entry >> 16) & 0xffff,
			.offset_high	= entry >> 32,
			.segment	= __KERNEL_CS,
			.ist		= vector_ist(vector),
			.type		= GATE_INTERRUPT,
		};
	}
}

void idt_load(void)
{
	struct desc_ptr ptr = { .size = sizeof(idt_table) - 1, .address = (unsigned long)idt_table };

	load_idt(&ptr);
}
