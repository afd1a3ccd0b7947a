/* SPDX-License-Identifier: MIT */
/*
 * What each CPU needs before it can take an interrupt: its own GDT and TSS,
 * the stacks that the TSS names, the IRQ stack, and the control bits.
 *
 * All of it is per-CPU variables, so nothing is allocated here: CPU 0's are in
 * the image, and the others' come with their per-CPU areas.
 */
#include <linux/errno.h>
#include <linux/threads.h>
#include <asm/cpufeature.h>
#include <asm/desc.h>
#include <asm/msr.h>
#include <asm/percpu.h>
#include <asm/processor.h>

struct gdt {
	u64 entry[GDT_ENTRIES];
};

#define GDT_CODE	0x00af9b000000ffffull	/* ring 0, 64-bit code */
#define GDT_DATA	0x00cf93000000ffffull	/* ring 0, writable data */
#define GDT_TSS		0x0000890000000000ull	/* available 64-bit TSS: base and limit are put in */

static DEFINE_PER_CPU(struct gdt, cpu_gdt) __attribute__((aligned(64)));
/* Aligned so that the CPU never finds it across two pages. */
DEFINE_PER_CPU(struct x86_hw_tss, cpu_tss) __attribute__((aligned(128)));
DEFINE_PER_CPU(struct exception_stacks, exception_stacks);
DEFINE_PER_CPU(struct irq_stack, irq_stack);
DEFINE_PER_CPU(void *, hardirq_stack_ptr);

static void tss_build(int cpu)
{
	struct x86_hw_tss *tss = per_cpu_ptr(&cpu_tss, cpu);
	struct exception_stacks *stacks = per_cpu_ptr(&exception_stacks, cpu);
	int i;

	*tss = (struct x86_hw_tss) { .io_bitmap_base = sizeof(*tss) };
	for (i = 0; i < N_EXCEPTION_STACKS; i++)
		tss->ist[i] = (u64)stacks->stack[i] + EXCEPTION_STKSZ;
}

static void gdt_build(int cpu)
{
	u64 *entry = per_cpu_ptr(&cpu_gdt, cpu)->entry;
	u64 tss = (u64)per_cpu_ptr(&cpu_tss, cpu);

	entry[0] = 0;
	entry[GDT_ENTRY_KERNEL_CS] = GDT_CODE;
	entry[GDT_ENTRY_KERNEL_DS] = GDT_DATA;
	entry[GDT_ENTRY_TSS] = GDT_TSS | (sizeof(struct x86_hw_tss) - 1) |
			       (tss & 0xffffff) << 16 | (tss >> 24 & 0xff) << 56;
	entry[GDT_ENTRY_TSS + 1] = tss >> 32;
}

static void cpu_tables_build(int cpu)
{
	tss_build(cpu);
	gdt_build(cpu);
	per_cpu(hardirq_stack_ptr, cpu) = per_cpu_ptr(&irq_stack, cpu)->stack + IRQ_STACK_SIZE;
}

int cpu_prepare(int cpu)
{
	if (cpu <= 0 || cpu >= NR_CPUS)
		return -EINVAL;
	if (!per_cpu_offset(cpu))
		return -ENOMEM;
	cpu_tables_build(cpu);
	return 0;
}

/* Load the GDT and every segment register from it. CS changes by a far return only. */
static void segments_load(int cpu)
{
	struct desc_ptr ptr = {
		.size = sizeof(struct gdt) - 1,
		.address = (unsigned long)per_cpu_ptr(&cpu_gdt, cpu),
	};
	unsigned long scratch;

	load_gdt(&ptr);
	asm volatile("pushq %1\n\t"
		     "leaq 1f(%%rip), %0\n\t"
		     "pushq %0\n\t"
		     "lretq\n"
		     "1:\tmovl %2, %%ss\n\t"
		     "movl %2, %%ds\n\t"
		     "movl %2, %%es\n\t"
		     "movl %3, %%fs\n\t"
		     "movl %3, %%gs"
		     : "=&r" (scratch)
		     : "i" (__KERNEL_CS), "r" (__KERNEL_DS), "r" (0)
		     : "memory");
	/* Loading the selectors may have cleared the bases. */
	wrmsrl(MSR_FS_BASE, 0);
	wrmsrl(MSR_GS_BASE, per_cpu_offset(cpu));
}

static void control_registers_init(void)
{
	unsigned long cr4 = read_cr4();
	u64 efer;

	if (boot_cpu_has(X86_FEATURE_NX)) {
		rdmsrl(MSR_EFER, efer);
		wrmsrl(MSR_EFER, efer | EFER_NX);
	}
	write_cr0((read_cr0() & ~(X86_CR0_EM | X86_CR0_TS | X86_CR0_AM)) |
		  X86_CR0_MP | X86_CR0_NE | X86_CR0_WP);
	if (boot_cpu_has(X86_FEATURE_MCE))
		cr4 |= X86_CR4_MCE;	/* without it a machine check is a silent reset */
	if (boot_cpu_has(X86_FEATURE_PGE))
		cr4 |= X86_CR4_PGE;
	if (boot_cpu_has(X86_FEATURE_SMEP))
		cr4 |= X86_CR4_SMEP;
	if (boot_cpu_has(X86_FEATURE_SMAP))
		cr4 |= X86_CR4_SMAP;
	if (boot_cpu_has(X86_FEATURE_UMIP))
		cr4 |= X86_CR4_UMIP;
	if (boot_cpu_has(X86_FEATURE_FSGSBASE))
		cr4 |= X86_CR4_FSGSBASE;
	write_cr4(cr4);
}

void cpu_init(int cpu)
{
	if (cpu == 0) {
		cpu_identify();
		cpu_tables_build(0);
		idt_init();
	}
	segments_load(cpu);
	load_tr(GDT_TSS_SELECTOR);
	idt_load();
	control_registers_init();
}
