/* SPDX-License-Identifier: MIT */
/*
 * The end of a run: those who asked are told, the log is shown to its end, the other CPUs stand still, and then the
 * machine does it (arch/x86/power.c).
 *
 * Who is told may sleep and take locks, so it is a blocking chain, called only where that is allowed; who ends the
 * machine from an interrupt ends it without a word to them.
 */
#include <linux/reboot.h>
#include <linux/console.h>
#include <linux/export.h>
#include <linux/irqflags.h>
#include <linux/notifier.h>
#include <linux/preempt.h>
#include <linux/printk.h>
#include <asm/smp.h>

static BLOCKING_NOTIFIER_HEAD(reboot_notifiers);

int register_reboot_notifier(struct notifier_block *nb)
{
	return blocking_notifier_chain_register(&reboot_notifiers, nb);
}
EXPORT_SYMBOL(register_reboot_notifier);

int unregister_reboot_notifier(struct notifier_block *nb)
{
	return blocking_notifier_chain_unregister(&reboot_notifiers, nb);
}
EXPORT_SYMBOL(unregister_reboot_notifier);

static void tell(unsigned long how, void *cmd)
{
	if (preemptible())
		blocking_notifier_call_chain(&reboot_notifiers, how, cmd);
}

/* What was said shall be read, and nobody shall say or do anything more. */
static void stop_everything(void)
{
	console_flush();
	local_irq_disable();
	smp_send_stop();
}

void kernel_power_off(void)
{
	tell(SYS_POWER_OFF, NULL);
	pr_emerg("reboot: Power down\n");
	stop_everything();
	machine_power_off();
}
EXPORT_SYMBOL_GPL(kernel_power_off);

void kernel_restart(char *cmd)
{
	tell(SYS_RESTART, cmd);
	if (cmd)
		pr_emerg("reboot: Restarting system with command '%s'\n", cmd);
	else
		pr_emerg("reboot: Restarting system\n");
	stop_everything();
	machine_restart(cmd);
}
EXPORT_SYMBOL_GPL(kernel_restart);

void kernel_halt(void)
{
	tell(SYS_HALT, NULL);
	pr_emerg("reboot: System halted\n");
	stop_everything();
	machine_halt();
}
EXPORT_SYMBOL_GPL(kernel_halt);
