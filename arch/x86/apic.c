/* SPDX-License-Identifier: MIT */
/*
 * The local APIC. Each CPU sets up its own; all of them appear at one physical
 * page, so one mapping serves all. Writes to it are uncached and in order, after
 * everything this CPU has stored before: an interrupt that we send can't
 * overtake the data it announces.
 *
 * A command to other CPUs takes two writes, the target and then the command,
 * so interrupts are off in between. The APIC may still be busy with the command
 * before; on real hardware that is over in less than a microsecond, and under
 * QEMU never seen. We look before a send and not after it: nobody waits for
 * his own interrupt to be delivered unless he asks to (apic_send_wait()).
 *
 * The two old interrupt controllers (PICs) are moved away from the vectors of
 * exceptions, in case one of them still shouts, and masked for good.
 */
#include <asm/apic.h>
#include <linux/init.h>
#include <linux/irqflags.h>
#include <linux/panic.h>
#include <linux/printk.h>
#include <linux/ratelimit.h>
#include <asm/acpi.h>
#include <asm/fixmap.h>
#include <asm/io.h>
#include <asm/irq_vectors.h>
#include <asm/msr.h>
#include <asm/processor.h>
#include <asm/smp.h>

enum {
	APIC_BASE_ENABLED = 1 << 11,
	APIC_BASE_X2APIC  = 1 << 10,
	CPUID_1_EDX_APIC  = 1 << 9,
	BUSY_SPINS	  = 100000,	/* more than any command takes: then the APIC is broken, go on */

	PIC1_COMMAND = 0x20, PIC1_DATA = 0x21,
	PIC2_COMMAND = 0xa0, PIC2_DATA = 0xa1,
	PIC_INIT     = 0x11,		/* a setup in four bytes follows */
	PIC_8086     = 0x01,
};

#define APIC_BASE_ADDRESS	0xffffffffff000ull

volatile u32 *apic_regs;

static void __init pic_write(u8 value, u16 port)
{
	outb(value, port);
	outb(0, 0x80);			/* a diagnostics port: takes the microsecond the PIC needs */
}

static void __init pic_silence(void)
{
	pic_write(PIC_INIT, PIC1_COMMAND);
	pic_write(LEGACY_PIC_VECTOR, PIC1_DATA);
	pic_write(1 << 2, PIC1_DATA);		/* the second hangs on line 2 of the first */
	pic_write(PIC_8086, PIC1_DATA);
	pic_write(PIC_INIT, PIC2_COMMAND);
	pic_write(LEGACY_PIC_VECTOR + 8, PIC2_DATA);
	pic_write(2, PIC2_DATA);
	pic_write(PIC_8086, PIC2_DATA);
	pic_write(0xff, PIC1_DATA);
	pic_write(0xff, PIC2_DATA);
}

unsigned int apic_id(void)
{
	return apic_read(APIC_ID) >> 24;
}

static bool apic_idle(void)
{
	unsigned int spins = BUSY_SPINS;

	while (apic_read(APIC_ICR) & APIC_ICR_BUSY) {
		if (!--spins)
			return false;
		cpu_relax();
	}
	return true;
}

void apic_send(unsigned int apicid, u32 low)
{
	unsigned long flags;

	local_irq_save(flags);
	apic_idle();
	apic_write(APIC_ICR2, apicid << 24);
	apic_write(APIC_ICR, low);
	local_irq_restore(flags);
}

void apic_send_self(u8 vector)
{
	unsigned long flags;

	local_irq_save(flags);
	apic_idle();
	apic_write(APIC_ICR, APIC_DEST_SELF | APIC_DM_FIXED | vector);
	local_irq_restore(flags);
}

bool apic_send_wait(unsigned int apicid, u32 low)
{
	apic_send(apicid, low);
	return apic_idle();
}

bool apic_is_serving(void)
{
	unsigned int i;

	for (i = 0; apic_regs && i < 8; i++)
		if (apic_read(APIC_ISR + i * 0x10))
			return true;
	return false;
}

/* Interrupts that whoever ran before us took and never finished would block their class for ever. */
static void apic_finish_stale(void)
{
	unsigned int rounds;

	for (rounds = 0; rounds < NR_VECTORS && apic_is_serving(); rounds++)
		apic_eoi();
}

void apic_init_cpu(void)
{
	unsigned int last_lvt = (apic_read(APIC_LVR) >> 16) & 0xff;
	u32 nmi = acpi_facts.lapic_nmi_lint == 0 ? APIC_LVT0 : APIC_LVT1;
	u32 unused = nmi == APIC_LVT0 ? APIC_LVT1 : APIC_LVT0;

	/* First: a disabled APIC lets no entry of the table be unmasked. */
	apic_write(APIC_SPIV, APIC_SPIV_APIC_ENABLED | SPURIOUS_APIC_VECTOR);
	apic_write(APIC_TASKPRI, 0);
	apic_write(APIC_LVTT, APIC_LVT_MASKED | LOCAL_TIMER_VECTOR);
	if (last_lvt >= 4)
		apic_write(APIC_LVTPC, APIC_LVT_MASKED);
	if (last_lvt >= 5)
		apic_write(APIC_LVTTHMR, APIC_LVT_MASKED);
	apic_write(unused, APIC_LVT_MASKED);
	apic_write(nmi, APIC_DM_NMI);
	apic_finish_stale();
	apic_write(APIC_ESR, 0);
	apic_write(APIC_LVTERR, ERROR_APIC_VECTOR);
}

void __init apic_init(void)
{
	u64 base;

	if (!(cpuid_edx(1) & CPUID_1_EDX_APIC))
		panic("This CPU has no local APIC, so there is no timer to schedule by.");
	rdmsrl(MSR_IA32_APICBASE, base);
	if (base & APIC_BASE_X2APIC)
		panic("The firmware has switched the local APIC to x2APIC mode, which Bobbin does not speak.");
	wrmsrl(MSR_IA32_APICBASE, base | APIC_BASE_ENABLED);
	apic_regs = set_fixmap_offset_nocache(FIX_APIC_BASE, base & APIC_BASE_ADDRESS);
	if (!apic_regs)
		panic("The local APIC's registers could not be mapped.");
	pic_silence();
	apic_init_cpu();
	if (apic_id() != cpu_apicid[0]) {
		pr_warn("APIC: the boot CPU's id is %u, not %u\n", apic_id(), cpu_apicid[0]);
		cpu_apicid[0] = apic_id();
	}
}

void apic_error_interrupt(void)
{
	static const char * const reason[8] = {
		"send checksum error", "receive checksum error",
		"sent message not accepted", "received message not accepted",
		"lowest priority not supported", "sent an illegal vector",
		"received an illegal vector", "illegal register address",
	};
	unsigned int i;
	u32 status;

	apic_write(APIC_ESR, 0);		/* latches what happened since the last time */
	status = apic_read(APIC_ESR);
	for (i = 0; i < 8; i++) {
		if (status & (1u << i))
			pr_warn_ratelimited("APIC: CPU %d: %s\n", raw_smp_processor_id(), reason[i]);
	}
}
