/* SPDX-License-Identifier: MIT */
/*
 * Off, again, halt, and the way out of QEMU for tests.
 *
 * Hardware has many ways to do the first two, and any one may be missing, so
 * each is tried in order from the proper to the desperate. What comes back
 * from such a write has failed; a short pause lets a slow one still succeed.
 *
 *	off	ACPI's sleep state S5 · what QEMU and others have at fixed ports ·
 *		say "you may switch off", and halt
 *	again	the reset register that ACPI names · the chip set's at 0xcf9 ·
 *		the keyboard controller · a triple fault, which no CPU survives
 */
#include <linux/reboot.h>
#include <linux/console.h>
#include <linux/export.h>
#include <linux/irqflags.h>
#include <linux/printk.h>
#include <asm/acpi.h>
#include <asm/io.h>
#include <asm/processor.h>
#include <asm/smp.h>
#include <asm/tsc.h>

enum {
	PM1_ACPI_MODE	= 1 << 0,
	PM1_SLEEP_TYPE	= 7 << 10,
	PM1_SLEEP	= 1 << 13,

	RESET_AT_PORT	= 1,

	RESET_CONTROL	= 0xcf9,	/* of the chip set: */
	RESET_HARD	= 0x02,
	RESET_NOW	= 0x04,

	KBD_COMMAND	= 0x64,
	KBD_PULSE_RESET	= 0xfe,
	KBD_INPUT_FULL	= 0x02,

	DEBUG_EXIT	= 0xf4,

	PVPANIC		= 0x505,
	PVPANIC_PANIC	= 1 << 0,
	PVPANIC_EVENTS	= 0x3,		/* what reading gives, at most; a port without a device gives 0xff */

	CPUID_1_ECX_HYPERVISOR = 1u << 31,
};

/* One try's time to take effect. */
static void let_it_work(void)
{
	tsc_delay(50000);
}

void machine_halt(void)
{
	halt_forever();
}

static void acpi_mode_on(void)
{
	unsigned int i;

	if (!acpi_facts.smi_command || !acpi_facts.smi_acpi_enable)
		return;
	if (inw(acpi_facts.pm1a_control) & PM1_ACPI_MODE)
		return;
	outb(acpi_facts.smi_acpi_enable, acpi_facts.smi_command);
	for (i = 0; i < 1000 && !(inw(acpi_facts.pm1a_control) & PM1_ACPI_MODE); i++)
		tsc_delay(100);
}

static void acpi_sleep(u16 port, u8 type)
{
	u16 control = inw(port) & ~(PM1_SLEEP_TYPE | PM1_SLEEP);

	outw(control | type << 10 | PM1_SLEEP, port);
}

static void acpi_power_off(void)
{
	if (!acpi_facts.s5_known || !acpi_facts.pm1a_control)
		return;
	acpi_mode_on();
	acpi_sleep(acpi_facts.pm1a_control, acpi_facts.s5_type_a);
	if (acpi_facts.pm1b_control)
		acpi_sleep(acpi_facts.pm1b_control, acpi_facts.s5_type_b);
	let_it_work();
}

/* Only under a hypervisor: on a real machine anything may be at these ports. */
static void hypervisor_power_off(void)
{
	if (!(cpuid_ecx(1) & CPUID_1_ECX_HYPERVISOR))
		return;
	outw(PM1_SLEEP, 0x604);			/* QEMU */
	outw(PM1_SLEEP, 0xb004);		/* QEMU before 2.0, Bochs */
	outw(PM1_SLEEP | 5 << 10, 0x4004);	/* VirtualBox */
	let_it_work();
}

void machine_power_off(void)
{
	local_irq_disable();
	acpi_power_off();
	hypervisor_power_off();
	pr_emerg("reboot: this machine does not switch itself off; it is safe to do so now\n");
	machine_halt();
}

static void acpi_restart(void)
{
	/* Always a port on a PC; a register in memory would have to be mapped, and it may be too late for that. */
	if (!acpi_facts.reset_address || acpi_facts.reset_space != RESET_AT_PORT)
		return;
	outb(acpi_facts.reset_value, acpi_facts.reset_address);
	let_it_work();
}

static void keyboard_restart(void)
{
	unsigned int i;

	for (i = 0; i < 100 && (inb(KBD_COMMAND) & KBD_INPUT_FULL); i++)
		tsc_delay(100);
	outb(KBD_PULSE_RESET, KBD_COMMAND);
	let_it_work();
}

/* Without a table of handlers, the breakpoint faults, and its double fault, and its triple fault. */
static void triple_fault(void)
{
	static const struct {
		u16 limit;
		u64 base;
	} __packed no_idt;

	asm volatile("lidt %0; int3" : : "m"(no_idt));
}

void machine_restart(char *cmd)
{
	local_irq_disable();
	acpi_restart();
	outb(RESET_HARD, RESET_CONTROL);
	outb(RESET_HARD | RESET_NOW, RESET_CONTROL);
	let_it_work();
	keyboard_restart();
	triple_fault();
	machine_halt();
}

void machine_tell_panic(void)
{
	u8 events;

	if (!(cpuid_ecx(1) & CPUID_1_ECX_HYPERVISOR))
		return;
	events = inb(PVPANIC);
	if ((events & PVPANIC_PANIC) && !(events & ~PVPANIC_EVENTS))
		outb(PVPANIC_PANIC, PVPANIC);
}

void debug_exit(unsigned char code)
{
	console_flush();
	outb(code, DEBUG_EXIT);
	machine_power_off();
}
