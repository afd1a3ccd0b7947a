/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * boot_cpu_has(X86_FEATURE_NX): can the CPUs of this machine do that? All are
 * taken to be like the boot CPU. A number is word * 32 + bit; the words are
 * the registers that cpuid answered with, stored as they came.
 */
#include <linux/types.h>

enum cpuid_word { CPUID_1_EDX, CPUID_1_ECX, CPUID_7_EBX, CPUID_7_ECX, CPUID_8000_0001_EDX,
		  CPUID_8000_0001_ECX, CPUID_8000_0007_EDX, NCAPINTS };

#define X86_FEATURE_FPU		(CPUID_1_EDX * 32 + 0)
#define X86_FEATURE_PSE		(CPUID_1_EDX * 32 + 3)
#define X86_FEATURE_TSC		(CPUID_1_EDX * 32 + 4)
#define X86_FEATURE_MSR		(CPUID_1_EDX * 32 + 5)
#define X86_FEATURE_PAE		(CPUID_1_EDX * 32 + 6)
#define X86_FEATURE_MCE		(CPUID_1_EDX * 32 + 7)
#define X86_FEATURE_CX8		(CPUID_1_EDX * 32 + 8)
#define X86_FEATURE_APIC	(CPUID_1_EDX * 32 + 9)
#define X86_FEATURE_PGE		(CPUID_1_EDX * 32 + 13)
#define X86_FEATURE_PAT		(CPUID_1_EDX * 32 + 16)
#define X86_FEATURE_XMM2	(CPUID_1_EDX * 32 + 26)
#define X86_FEATURE_X2APIC	(CPUID_1_ECX * 32 + 21)
#define X86_FEATURE_TSC_DEADLINE_TIMER (CPUID_1_ECX * 32 + 24)
#define X86_FEATURE_RDRAND	(CPUID_1_ECX * 32 + 30)
#define X86_FEATURE_HYPERVISOR	(CPUID_1_ECX * 32 + 31)
#define X86_FEATURE_FSGSBASE	(CPUID_7_EBX * 32 + 0)
#define X86_FEATURE_SMEP	(CPUID_7_EBX * 32 + 7)
#define X86_FEATURE_ERMS	(CPUID_7_EBX * 32 + 9)
#define X86_FEATURE_SMAP	(CPUID_7_EBX * 32 + 20)
#define X86_FEATURE_UMIP	(CPUID_7_ECX * 32 + 2)
#define X86_FEATURE_NX		(CPUID_8000_0001_EDX * 32 + 20)
#define X86_FEATURE_GBPAGES	(CPUID_8000_0001_EDX * 32 + 26)
#define X86_FEATURE_RDTSCP	(CPUID_8000_0001_EDX * 32 + 27)
#define X86_FEATURE_LM		(CPUID_8000_0001_EDX * 32 + 29)
#define X86_FEATURE_CONSTANT_TSC (CPUID_8000_0007_EDX * 32 + 8)

/* Constant after the first cpu_init(). */
extern u32 boot_cpu_capability[NCAPINTS];

static inline bool boot_cpu_has(unsigned int feature)
{
	return boot_cpu_capability[feature / 32] & (1U << (feature % 32));
}

/* cpu_identify: ask cpuid once, on the boot CPU. Fills boot_cpu_data, too. */
void cpu_identify(void);
