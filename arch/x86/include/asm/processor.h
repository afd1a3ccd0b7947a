/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The CPU: what it is (boot_cpu_data), its control registers, the pause of a
 * wait loop, and struct thread_struct, the machine's part of a thread.
 * What the CPU can do is asked with boot_cpu_has() of <asm/cpufeature.h>.
 */
#include <linux/types.h>
#include <linux/compiler.h>
#include <asm/barrier.h>

#define X86_CR0_PE	(1UL << 0)
#define X86_CR0_MP	(1UL << 1)
#define X86_CR0_EM	(1UL << 2)
#define X86_CR0_TS	(1UL << 3)
#define X86_CR0_NE	(1UL << 5)
#define X86_CR0_WP	(1UL << 16)
#define X86_CR0_AM	(1UL << 18)
#define X86_CR0_PG	(1UL << 31)
#define X86_CR4_PAE	(1UL << 5)
#define X86_CR4_MCE	(1UL << 6)
#define X86_CR4_PGE	(1UL << 7)
#define X86_CR4_UMIP	(1UL << 11)
#define X86_CR4_FSGSBASE (1UL << 16)
#define X86_CR4_SMEP	(1UL << 20)
#define X86_CR4_SMAP	(1UL << 21)

#define L1_CACHE_BYTES	64
#define cache_line_size() L1_CACHE_BYTES

/* The machine's part of a thread. All else that a switch must keep lies on the thread's stack. */
struct thread_struct {
	unsigned long sp;	/* of a thread that does not run: its struct inactive_task_frame */
};

/* What the boot CPU says about itself. Constant after the first cpu_init(). */
struct cpuinfo_x86 {
	char	x86_vendor_id[16];
	char	x86_model_id[64];
	u8	x86, x86_model, x86_stepping;	/* family, model, stepping */
	u8	x86_phys_bits, x86_virt_bits;
	u32	cpuid_level, extended_cpuid_level;
};

extern struct cpuinfo_x86 boot_cpu_data;

/*
 * cpu_init: give this CPU, which shall be number @cpu, its GS base, GDT, TSS,
 * IST stacks and IDT, and switch on what it can do: WP, NX, MCE, PGE, SMEP, SMAP,
 * UMIP, FSGSBASE. From here on faults are reported.
 * Context: the CPU itself, once, interrupts off. CPU 0 calls it before any
 * allocator runs; another CPU after cpu_prepare() for it has succeeded.
 */
void cpu_init(int cpu);

/*
 * cpu_prepare: check and build what cpu_init(@cpu) will need.
 * Context: thread on a CPU that runs.
 * Return: 0; -EINVAL for a number that cannot be; -ENOMEM if @cpu has no
 * per-CPU area.
 */
int cpu_prepare(int cpu);

/*
 * cpu_check: can Bobbin run here?
 * Return: NULL, or the sentence that says what this CPU lacks.
 */
const char *cpu_check(void);

static __always_inline void cpuid_count(u32 op, u32 count, u32 *eax, u32 *ebx, u32 *ecx, u32 *edx)
{
	asm volatile("cpuid"
		     : "=a" (*eax), "=b" (*ebx), "=c" (*ecx), "=d" (*edx)
		     : "0" (op), "2" (count) : "memory");
}

static __always_inline void cpuid(u32 op, u32 *eax, u32 *ebx, u32 *ecx, u32 *edx)
{
	cpuid_count(op, 0, eax, ebx, ecx, edx);
}

#define __CPUID_REG(reg)					\
static __always_inline u32 cpuid_##reg(u32 op)			\
{								\
	u32 eax, ebx, ecx, edx;					\
								\
	cpuid(op, &eax, &ebx, &ecx, &edx);			\
	return reg;						\
}
__CPUID_REG(eax)
__CPUID_REG(ebx)
__CPUID_REG(ecx)
__CPUID_REG(edx)

#define __CR_ACCESS(cr)						\
static __always_inline unsigned long read_##cr(void)		\
{								\
	unsigned long val;					\
								\
	asm volatile("mov %%" #cr ", %0" : "=r" (val) : : "memory");	\
	return val;						\
}								\
static __always_inline void write_##cr(unsigned long val)	\
{								\
	asm volatile("mov %0, %%" #cr : : "r" (val) : "memory");	\
}
__CR_ACCESS(cr0)
__CR_ACCESS(cr2)
__CR_ACCESS(cr3)
__CR_ACCESS(cr4)
__CR_ACCESS(cr8)

#define __DR_ACCESS(dr)						\
static __always_inline unsigned long read_##dr(void)		\
{								\
	unsigned long val;					\
								\
	asm volatile("mov %%" #dr ", %0" : "=r" (val));		\
	return val;						\
}								\
static __always_inline void write_##dr(unsigned long val)	\
{								\
	asm volatile("mov %0, %%" #dr : : "r" (val));		\
}
__DR_ACCESS(db6)
__DR_ACCESS(db7)

/*
 * cpu_relax: belongs into every wait loop. It tells a real CPU to save power
 * and a virtual machine to let the other CPUs run.
 */
static __always_inline void rep_nop(void)
{
	asm volatile("rep; nop" : : : "memory");
}

static __always_inline void cpu_relax(void)
{
	rep_nop();
}

static __always_inline void prefetch(const void *x)
{
	__builtin_prefetch(x, 0, 3);
}

static __always_inline void prefetchw(const void *x)
{
	__builtin_prefetch(x, 1, 3);
}
