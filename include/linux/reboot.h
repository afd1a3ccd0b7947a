/* SPDX-License-Identifier: MIT */
/*
 * Ways to end: power off, start again, halt. Code outside the panic path wants
 * the kernel_*() forms, which stop the other CPUs first and leave a word in the log.
 *
 * Differs from Linux: no devices to shut down; called where nothing may sleep, they tell no reboot notifiers.
 */
#pragma once

struct notifier_block;

/* What reboot notifiers are told: one of these, and the restart's command. */
#define SYS_DOWN	0x0001
#define SYS_RESTART	SYS_DOWN
#define SYS_HALT	0x0002
#define SYS_POWER_OFF	0x0003

/* To be told before the machine goes: <linux/notifier.h>, blocking. Context: thread, may sleep. Return: as there. */
int register_reboot_notifier(struct notifier_block *nb);
int unregister_reboot_notifier(struct notifier_block *nb);

/*
 * kernel_power_off: say so, stop the other CPUs, switch the machine off.
 * kernel_restart: the same, and start it again; @cmd is only logged, may be NULL.
 * kernel_halt: the same, and stand still.
 * Context: any. Return: never.
 */
void kernel_power_off(void) __attribute__((noreturn));
void kernel_restart(char *cmd) __attribute__((noreturn));
void kernel_halt(void) __attribute__((noreturn));

/*
 * machine_*: the bare hardware half, without a word and without stopping
 * others. If the machine won't obey, they say it and halt. Context: any.
 */
void machine_power_off(void) __attribute__((noreturn));
void machine_restart(char *cmd) __attribute__((noreturn));
void machine_halt(void) __attribute__((noreturn));

/*
 * machine_tell_panic: let the hypervisor know of a panic, by its pvpanic device if it has one. It may look at the
 * machine before this returns (tools/crash). Bobbin's own. Context: any.
 */
void machine_tell_panic(void);

/*
 * debug_exit: end QEMU with the exit status (@code << 1) | 1, through its
 * isa-debug-exit device at port 0xf4; powers off where that device is missing.
 * Bobbin's own, for tests: 0x10 pass, 0x11 fail, 0x12 panic.
 * Context: any. Return: never.
 */
void debug_exit(unsigned char code) __attribute__((noreturn));
