/* SPDX-License-Identifier: MIT */
/*
 * The IOAPICs. Each has some pins (24, mostly) and for each pin a 64-bit entry:
 * which vector to send to which CPU, how the wire says "interrupt", and a mask.
 * The entries are reached through a window: first the number of the register
 * is written, then the register is read or written; ioapic_lock keeps those two together.
 *
 * The entries themselves are the only record of what is routed: nothing is
 * kept twice. To move an interrupt, the half with the CPU is written first and
 * the half with the vector second, without masking: an interrupt in between
 * goes to the new CPU with the old vector, and since a vector means the
 * same on all CPUs, it is not lost.
 *
 * Who may want what is not known here: that is kernel/irq.c.
 */
#include <asm/io_apic.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/minmax.h>
#include <linux/printk.h>
#include <linux/spinlock.h>
#include <asm/acpi.h>
#include <asm/fixmap.h>
#include <asm/irq_vectors.h>
#include <asm/smp.h>

enum {
	/* 32-bit words of the mapped page. */
	SELECT = 0, WINDOW = 4,

	REG_VERSION = 1,
	REG_PIN	    = 0x10,		/* two registers for each pin */

	ENTRY_VECTOR	 = 0xff,
	ENTRY_ACTIVE_LOW = 1 << 13,
	ENTRY_LEVEL	 = 1 << 15,
	ENTRY_MASKED	 = 1 << 16,
};

struct ioapic {
	volatile u32 *regs;
	u32 gsi_base;
	unsigned int nr_pins;
};

/* Constant after ioapic_init(); the registers behind are under ioapic_lock. */
static struct ioapic ioapics[ACPI_MAX_IOAPICS];
static unsigned int nr_ioapics;
static DEFINE_RAW_SPINLOCK(ioapic_lock);

/* Where an irq arrives. */
struct pin {
	struct ioapic *io;
	unsigned int reg;		/* of the entry's low half */
	u32 trigger;			/* ENTRY_ACTIVE_LOW, ENTRY_LEVEL */
};

static u32 ioapic_read(struct ioapic *io, unsigned int reg)
{
	io->regs[SELECT] = reg;
	return io->regs[WINDOW];
}

static void ioapic_write(struct ioapic *io, unsigned int reg, u32 value)
{
	io->regs[SELECT] = reg;
	io->regs[WINDOW] = value;
}

static bool find_pin(unsigned int irq, struct pin *pin)
{
	unsigned int i, gsi = irq;

	pin->trigger = ENTRY_ACTIVE_LOW | ENTRY_LEVEL;
	if (irq < ACPI_NR_ISA_IRQS) {
		const struct acpi_isa_irq *isa = &acpi_facts.isa[irq];

		gsi = isa->gsi;
		pin->trigger = (isa->active_low ? ENTRY_ACTIVE_LOW : 0) |
			       (isa->level ? ENTRY_LEVEL : 0);
	}
	for (i = 0; i < nr_ioapics; i++) {
		pin->io = &ioapics[i];
		if (gsi >= pin->io->gsi_base && gsi - pin->io->gsi_base < pin->io->nr_pins) {
			pin->reg = REG_PIN + 2 * (gsi - pin->io->gsi_base);
			return true;
		}
	}
	return false;
}

int ioapic_route(unsigned int irq, u8 vector, unsigned int cpu)
{
	unsigned long flags;
	struct pin pin;
	u32 masked;

	if (vector < FIRST_DEVICE_VECTOR || vector >= FIRST_SYSTEM_VECTOR ||
	    cpu >= acpi_nr_cpus || !find_pin(irq, &pin))
		return -EINVAL;
	raw_spin_lock_irqsave(&ioapic_lock, flags);
	masked = ioapic_read(pin.io, pin.reg) & ENTRY_MASKED;
	ioapic_write(pin.io, pin.reg + 1, (u32)cpu_apicid[cpu] << 24);
	ioapic_write(pin.io, pin.reg, masked | pin.trigger | vector);
	raw_spin_unlock_irqrestore(&ioapic_lock, flags);
	return 0;
}

static void ioapic_set_masked(unsigned int irq, u32 masked)
{
	unsigned long flags;
	struct pin pin;
	u32 low;

	if (!find_pin(irq, &pin))
		return;
	raw_spin_lock_irqsave(&ioapic_lock, flags);
	low = ioapic_read(pin.io, pin.reg);
	/* An entry that was never routed has vector 0, which no CPU accepts. */
	if (masked || (low & ENTRY_VECTOR))
		ioapic_write(pin.io, pin.reg, (low & ~ENTRY_MASKED) | masked);
	raw_spin_unlock_irqrestore(&ioapic_lock, flags);
}

void ioapic_mask(unsigned int irq)
{
	ioapic_set_masked(irq, ENTRY_MASKED);
}

void ioapic_unmask(unsigned int irq)
{
	ioapic_set_masked(irq, 0);
}

bool ioapic_is_level(unsigned int irq)
{
	struct pin pin;

	return find_pin(irq, &pin) && (pin.trigger & ENTRY_LEVEL);
}

unsigned int ioapic_nr_irqs(void)
{
	unsigned int i, nr = 0;

	for (i = 0; i < nr_ioapics; i++)
		nr = max(nr, ioapics[i].gsi_base + ioapics[i].nr_pins);
	return nr;
}

static void __init ioapic_init_one(const struct acpi_ioapic *found)
{
	struct ioapic *io = &ioapics[nr_ioapics];
	unsigned int pin;

	io->regs = set_fixmap_offset_nocache(FIX_IO_APIC_BASE_0 + nr_ioapics, found->address);
	if (!io->regs) {
		pr_warn("IOAPIC: the one at %#x cannot be mapped\n", found->address);
		return;
	}
	io->gsi_base = found->gsi_base;
	io->nr_pins = ((ioapic_read(io, REG_VERSION) >> 16) & 0xff) + 1;
	if (io->nr_pins == 0x100) {
		pr_warn("IOAPIC: nothing answers at %#x\n", found->address);
		clear_fixmap(FIX_IO_APIC_BASE_0 + nr_ioapics);
		return;
	}
	for (pin = 0; pin < io->nr_pins; pin++) {
		ioapic_write(io, REG_PIN + 2 * pin, ENTRY_MASKED);
		ioapic_write(io, REG_PIN + 2 * pin + 1, 0);
	}
	nr_ioapics++;
}

void __init ioapic_init(void)
{
	unsigned int i;

	for (i = 0; i < acpi_facts.nr_ioapics; i++)
		ioapic_init_one(&acpi_facts.ioapic[i]);
	if (nr_ioapics)
		pr_info("IOAPIC: %u with %u interrupts in all\n", nr_ioapics, ioapic_nr_irqs());
	else
		pr_warn("IOAPIC: there is none: devices can't interrupt\n");
}
