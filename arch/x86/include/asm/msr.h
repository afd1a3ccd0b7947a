/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Model-specific registers and the time stamp counter. Reading an MSR that
 * this CPU does not have is a general protection fault: ask cpuid first.
 */
#include <linux/types.h>
#include <linux/compiler.h>

#define MSR_IA32_APICBASE	0x0000001b
#define MSR_IA32_MISC_ENABLE	0x000001a0
#define MSR_IA32_PAT		0x00000277
#define MSR_EFER		0xc0000080
#define MSR_FS_BASE		0xc0000100
#define MSR_GS_BASE		0xc0000101
#define MSR_KERNEL_GS_BASE	0xc0000102
#define MSR_TSC_AUX		0xc0000103

#define EFER_SCE		(1UL << 0)
#define EFER_LME		(1UL << 8)
#define EFER_LMA		(1UL << 10)
#define EFER_NX			(1UL << 11)

static __always_inline u64 native_read_msr(u32 msr)
{
	u32 low, high;

	asm volatile("rdmsr" : "=a" (low), "=d" (high) : "c" (msr) : "memory");
	return low | (u64)high << 32;
}

static __always_inline void native_write_msr(u32 msr, u32 low, u32 high)
{
	asm volatile("wrmsr" : : "c" (msr), "a" (low), "d" (high) : "memory");
}

#define rdmsrl(msr, val)	((val) = native_read_msr(msr))

#define rdmsr(msr, low, high)				\
do {							\
	u64 __val = native_read_msr(msr);		\
	(low) = (u32)__val;				\
	(high) = (u32)(__val >> 32);			\
} while (0)

static __always_inline void wrmsr(u32 msr, u32 low, u32 high)
{
	native_write_msr(msr, low, high);
}

static __always_inline void wrmsrl(u32 msr, u64 val)
{
	native_write_msr(msr, (u32)val, (u32)(val >> 32));
}

/* The counter now; the CPU may read it a little before earlier loads are done. */
static __always_inline u64 rdtsc(void)
{
	u32 low, high;

	asm volatile("rdtsc" : "=a" (low), "=d" (high));
	return low | (u64)high << 32;
}

/* The counter, read after all earlier loads: what clocks that must not run backwards use. */
static __always_inline u64 rdtsc_ordered(void)
{
	u32 low, high;

	asm volatile("lfence; rdtsc" : "=a" (low), "=d" (high) : : "memory");
	return low | (u64)high << 32;
}
