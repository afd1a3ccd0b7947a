/* SPDX-License-Identifier: MIT */
/*
 * What CPU is this, and will it do? Asked with cpuid, once, on the boot CPU.
 */
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/preempt.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <asm/cpufeature.h>
#include <asm/processor.h>
#include <asm/smp.h>

struct cpuinfo_x86 boot_cpu_data;
EXPORT_SYMBOL(boot_cpu_data);
u32 boot_cpu_capability[NCAPINTS];
EXPORT_SYMBOL(boot_cpu_capability);

DEFINE_PER_CPU(int, cpu_number);
EXPORT_SYMBOL(cpu_number);
DEFINE_PER_CPU(u32, lock_holder_id) = 1;	/* of CPU 0; the others' is set before they run */
EXPORT_SYMBOL(lock_holder_id);

/* No reschedule wanted (the bit is inverted), and no preemption until the CPU's idle loop runs. */
DEFINE_PER_CPU(int, __preempt_count) = INIT_PREEMPT_COUNT | PREEMPT_NEED_RESCHED;
EXPORT_SYMBOL(__preempt_count);

static void features_read(const struct cpuinfo_x86 *c)
{
	u32 *cap = boot_cpu_capability;
	u32 eax, ebx;

	cpuid(1, &eax, &ebx, &cap[CPUID_1_ECX], &cap[CPUID_1_EDX]);
	if (c->cpuid_level >= 7) {
		cap[CPUID_7_EBX] = cpuid_ebx(7);
		cap[CPUID_7_ECX] = cpuid_ecx(7);
	}
	if (c->extended_cpuid_level >= 0x80000001)
		cpuid(0x80000001, &eax, &ebx, &cap[CPUID_8000_0001_ECX], &cap[CPUID_8000_0001_EDX]);
	if (c->extended_cpuid_level >= 0x80000007)
		cap[CPUID_8000_0007_EDX] = cpuid_edx(0x80000007);
}

/* Family and model as every vendor's manual adds them up from leaf 1. */
static void model_read(struct cpuinfo_x86 *c)
{
	u32 eax = cpuid_eax(1);

	c->x86 = eax >> 8 & 0xf;
	c->x86_model = eax >> 4 & 0xf;
	c->x86_stepping = eax & 0xf;
	if (c->x86 == 0xf)
		c->x86 += eax >> 20 & 0xff;
	if (c->x86 >= 6)
		c->x86_model += (eax >> 16 & 0xf) << 4;
}

/* The brand string: three leaves of 16 characters, padded with spaces in front by some. */
static void brand_read(struct cpuinfo_x86 *c)
{
	u32 text[13] = { 0 };
	const char *start = (const char *)text;
	int i;

	if (c->extended_cpuid_level < 0x80000004) {
		strscpy(c->x86_model_id, "unknown", sizeof(c->x86_model_id));
		return;
	}
	for (i = 0; i < 3; i++)
		cpuid(0x80000002 + i, &text[4 * i], &text[4 * i + 1], &text[4 * i + 2], &text[4 * i + 3]);
	while (*start == ' ')
		start++;
	strscpy(c->x86_model_id, start, sizeof(c->x86_model_id));
}

void cpu_identify(void)
{
	struct cpuinfo_x86 *c = &boot_cpu_data;
	u32 vendor[4] = { 0 }, eax;

	cpuid(0, &c->cpuid_level, &vendor[0], &vendor[2], &vendor[1]);
	memcpy(c->x86_vendor_id, vendor, sizeof(vendor));
	c->extended_cpuid_level = cpuid_eax(0x80000000);
	if (c->extended_cpuid_level < 0x80000000)
		c->extended_cpuid_level = 0;
	model_read(c);
	brand_read(c);
	features_read(c);
	c->x86_phys_bits = 36;
	c->x86_virt_bits = 48;
	if (c->extended_cpuid_level >= 0x80000008) {
		eax = cpuid_eax(0x80000008);
		c->x86_phys_bits = eax & 0xff;
		c->x86_virt_bits = eax >> 8 & 0xff;
	}
}

const char *cpu_check(void)
{
	static const struct {
		unsigned int feature;
		const char *sentence;
	} needed[] = {
		{ X86_FEATURE_LM,   "This CPU has no 64-bit mode." },
		{ X86_FEATURE_MSR,  "This CPU has no model-specific registers." },
		{ X86_FEATURE_TSC,  "This CPU has no time stamp counter." },
		{ X86_FEATURE_APIC, "This CPU has no local APIC, or the firmware switched it off." },
		{ X86_FEATURE_NX,   "This CPU cannot make data non-executable (NX), or firmware forbids it." },
		{ X86_FEATURE_XMM2, "This CPU has no SSE2, hence no lfence." },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(needed); i++)
		if (!boot_cpu_has(needed[i].feature))
			return needed[i].sentence;
	return NULL;
}
