/* SPDX-License-Identifier: MIT */
/*
 * The IOAPICs: they turn the wires of devices into interrupt messages to CPUs.
 *
 * An `irq` here is what the rest of the kernel calls an interrupt number:
 * 0..15 are the ISA lines (0 timer, 1 keyboard, 4 serial ...), sent to the pin
 * that ACPI's overrides name, with its polarity and trigger; 16 and up are
 * pins (GSIs) directly, level-triggered and active low as PCI's wires are.
 *
 * A driver does not want this header but request_irq() (<linux/interrupt.h>).
 */
#pragma once

#include <linux/types.h>

/*
 * ioapic_init: find all IOAPICs in what ACPI says, and mask all pins.
 * Context: boot CPU, after acpi_init() and apic_init().
 */
void ioapic_init(void);

/* ioapic_nr_irqs: one more than the greatest irq number that has a pin; 0: no IOAPIC. */
unsigned int ioapic_nr_irqs(void);

/*
 * ioapic_route: send @irq as @vector to the CPU @cpu from now on. A new route
 * is masked; a route that was unmasked stays so, and may be moved at any time.
 * Context: any but NMI; takes a lock, interrupts off inside.
 * Return: 0; -EINVAL: no pin has that number, a bad vector or CPU.
 */
int ioapic_route(unsigned int irq, u8 vector, unsigned int cpu);

/*
 * ioapic_mask, ioapic_unmask: hold back @irq, let it through. What comes on an
 * edge-triggered line while it is masked is lost. Unknown irqs are ignored.
 * Context: any but NMI.
 */
void ioapic_mask(unsigned int irq);
void ioapic_unmask(unsigned int irq);

/* ioapic_is_level: is @irq level-triggered? (It comes again until the device is quiet.) */
bool ioapic_is_level(unsigned int irq);
