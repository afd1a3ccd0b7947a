/* SPDX-License-Identifier: MIT */
/*
 * The local APIC: every CPU has one. It takes interrupts in, sends them to
 * other CPUs, and holds the CPU's own timer. All CPUs see their own at the
 * same physical page. Here it is always the memory-mapped xAPIC.
 *
 * Threads and drivers never need this header: timers are in <linux/timer.h>
 * and <linux/hrtimer.h>, calls to other CPUs in <linux/smp.h>.
 */
#pragma once

#include <linux/types.h>

/* Registers: byte offsets into the page. */
#define APIC_ID			0x020
#define APIC_LVR		0x030
#define APIC_TASKPRI		0x080
#define APIC_EOI		0x0b0
#define APIC_SPIV		0x0f0
#define APIC_ISR		0x100
#define APIC_ESR		0x280
#define APIC_ICR		0x300
#define APIC_ICR2		0x310
#define APIC_LVTT		0x320
#define APIC_LVTTHMR		0x330
#define APIC_LVTPC		0x340
#define APIC_LVT0		0x350
#define APIC_LVT1		0x360
#define APIC_LVTERR		0x370
#define APIC_TMICT		0x380
#define APIC_TMCCT		0x390
#define APIC_TDCR		0x3e0

/* Fields of the local vector table and of the interrupt command. */
#define APIC_DEST_SELF		0x40000
#define APIC_DM_FIXED		0x00000
#define APIC_DM_NMI		0x00400
#define APIC_DM_INIT		0x00500
#define APIC_DM_STARTUP		0x00600
#define APIC_DM_EXTINT		0x00700
#define APIC_ICR_BUSY		0x01000
#define APIC_INT_ASSERT		0x04000
#define APIC_INT_LEVELTRIG	0x08000
#define APIC_LVT_MASKED		0x10000
#define APIC_SPIV_APIC_ENABLED	0x00100
#define APIC_TDR_DIV_1		0x0000b

#define BAD_APICID		0xffff

/* The mapped page; NULL until apic_init(), and for ever where there is no local APIC. */
extern volatile u32 *apic_regs;

static inline u32 apic_read(unsigned int reg)
{
	return apic_regs[reg / 4];
}

static inline void apic_write(unsigned int reg, u32 value)
{
	apic_regs[reg / 4] = value;
}

/*
 * apic_eoi: this CPU has served the interrupt it took last; the next of the
 * same or lower priority may come. Not after an NMI or a spurious interrupt.
 * Context: interrupt, interrupts off.
 * (Linux 6.1 calls it ack_APIC_irq(), later versions apic_eoi().)
 */
static inline void apic_eoi(void)
{
	apic_write(APIC_EOI, 0);
}

/*
 * apic_init: find and map the local APIC, silence the old PICs, and set up the
 * boot CPU's APIC. Panics with a sentence where there is none that can be used.
 * Context: boot CPU, interrupts off, after acpi_init().
 */
void apic_init(void);

/*
 * apic_init_cpu: set up the APIC of the CPU that runs: everything masked but
 * NMIs and complaints, then enabled.
 * Context: a CPU being started, interrupts off.
 */
void apic_init_cpu(void);

/* apic_id: the running CPU's own APIC id. Context: any, preemption off. */
unsigned int apic_id(void);

/* apic_is_serving: has this CPU taken an interrupt that is not finished yet? Context: any, preemption off. */
bool apic_is_serving(void);

/*
 * apic_send: send the interrupt command @low (a vector, or'ed with APIC_DM_*)
 * to the CPU with APIC id @apicid. Returns as soon as the APIC has taken the
 * command; it waits only if the APIC is still busy with the one before.
 * Context: any; an NMI only if it never returns (panic): it may have come
 * between another's two writes.
 */
void apic_send(unsigned int apicid, u32 low);

/* apic_send_self: interrupt this CPU. One write, so an NMI may do it, between another's two as well. Context: any. */
void apic_send_self(u8 vector);

/*
 * apic_send_wait: the same as apic_send, and wait until it was delivered, for 1 ms at most.
 * Return: true if delivered.
 */
bool apic_send_wait(unsigned int apicid, u32 low);

/*
 * apic_timer_start: let this CPU's timer interrupt (LOCAL_TIMER_VECTOR) come
 * once, after @count ticks of lapic_timer_khz; replaces what was set. A @count
 * of 0 would stop it. Kernel code wants clockevent_program() (<asm/tsc.h>).
 * Context: preemption off.
 */
static inline void apic_timer_start(u32 count)
{
	apic_write(APIC_TMICT, count);
}

/*
 * apic_error_interrupt: ERROR_APIC_VECTOR came: say what the APIC complains of.
 * The caller does the apic_eoi(). Context: interrupt.
 */
void apic_error_interrupt(void);
