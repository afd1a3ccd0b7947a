/* SPDX-License-Identifier: MIT */
/*
 * The 256 interrupt vectors and who uses them. A higher number is a higher
 * priority for the local APIC, in classes of 16.
 *
 *	0x00..0x1f	exceptions of the CPU (2 is the NMI)
 *	0x20..0x2f	where the masked old PICs would shout, if they ever did
 *	0x30..0xeb	devices, through the IOAPIC (0x30 + n for ISA interrupt n)
 *	0xec		this CPU's timer
 *	0xfb		from this CPU to itself
 *	0xfc..0xff	from CPU to CPU, and the local APIC's own complaints
 */
#pragma once

#define NR_VECTORS			256

#define NMI_VECTOR			0x02
#define FIRST_EXTERNAL_VECTOR		0x20
#define LEGACY_PIC_VECTOR		0x20
#define FIRST_DEVICE_VECTOR		0x30
#define ISA_IRQ_VECTOR(irq)		(FIRST_DEVICE_VECTOR + (irq))
#define NR_ISA_IRQS			16

#define LOCAL_TIMER_VECTOR		0xec
#define FIRST_SYSTEM_VECTOR		LOCAL_TIMER_VECTOR
#define NR_DEVICE_VECTORS		(FIRST_SYSTEM_VECTOR - FIRST_DEVICE_VECTOR)

#define IRQ_WORK_VECTOR			0xfb
#define CALL_FUNCTION_VECTOR		0xfc
#define RESCHEDULE_VECTOR		0xfd
#define ERROR_APIC_VECTOR		0xfe
#define SPURIOUS_APIC_VECTOR		0xff
