/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The tables a CPU looks into when something interrupts it: GDT, TSS, IDT;
 * and the stacks it then runs on.
 *
 * Interrupts run on the CPU's IRQ stack (entry.S switches to it). Exceptions
 * stay on the interrupted stack, except four that must work when that stack is
 * the problem, or that may hit anywhere: they have a stack each (IST).
 */
#include <asm/segment.h>

#define IRQ_STACK_SIZE		16384
#define EXCEPTION_STKSZ		8192

/* Numbers of the stacks in the TSS; 0 in a gate means: stay on the stack you are on. */
#define IST_INDEX_DF		1
#define IST_INDEX_NMI		2
#define IST_INDEX_DB		3
#define IST_INDEX_MCE		4
#define N_EXCEPTION_STACKS	4

/* Where in the TSS the NMI's stack pointer is, and how far entry.S moves it down while one is served. */
#define TSS_IST_NMI		(36 + (IST_INDEX_NMI - 1) * 8)
#define NMI_NEST_SIZE		4096

/* Entry points come in blocks of this size, one for each vector. */
#define ENTRY_STUB_SIZE		16

#ifndef __ASSEMBLY__

#include <linux/types.h>
#include <linux/percpu-defs.h>

/* What lgdt and lidt read. */
struct desc_ptr {
	u16	size;
	u64	address;
} __attribute__((packed));

struct x86_hw_tss {
	u32	reserved1;
	u64	sp0, sp1, sp2;
	u64	reserved2;
	u64	ist[7];
	u64	reserved3;
	u16	reserved4;
	u16	io_bitmap_base;
} __attribute__((packed));

/* One IDT entry. */
struct gate_desc {
	u16	offset_low;
	u16	segment;
	u8	ist;
	u8	type;		/* 0x8e: interrupt gate, present: enters with interrupts off */
	u16	offset_middle;
	u32	offset_high;
	u32	reserved;
};

struct exception_stacks {
	char	stack[N_EXCEPTION_STACKS][EXCEPTION_STKSZ] __attribute__((aligned(16)));
};

struct irq_stack {
	char	stack[IRQ_STACK_SIZE] __attribute__((aligned(16)));
};

DECLARE_PER_CPU(struct x86_hw_tss, cpu_tss);
DECLARE_PER_CPU(struct exception_stacks, exception_stacks);
DECLARE_PER_CPU(struct irq_stack, irq_stack);
DECLARE_PER_CPU(void *, hardirq_stack_ptr);	/* the IRQ stack's top: its end */

/* idt_init: fill the one IDT that all CPUs share. CPU 0, once. idt_load: make this CPU use it. */
void idt_init(void);
void idt_load(void);

static __always_inline void load_gdt(const struct desc_ptr *p)
{
	asm volatile("lgdt %0" : : "m" (*p));
}

static __always_inline void load_idt(const struct desc_ptr *p)
{
	asm volatile("lidt %0" : : "m" (*p));
}

static __always_inline void load_tr(u16 selector)
{
	asm volatile("ltr %0" : : "r" (selector));
}

#endif
