/* SPDX-License-Identifier: MIT */
/*
 * Code and data used only while starting, functions called at start in the
 * order of their levels, and functions called for parameters of the command
 * line. kernel/main.c walks the tables that the linker collects.
 */
#pragma once

#include <linux/compiler.h>
#include <linux/stringify.h>
#include <linux/types.h>

#define __init		__section(".init.text") __cold
#define __initdata	__section(".init.data")
#define __initconst	__section(".init.rodata")
#define __exit		__section(".exit.text") __used __cold
#define __exitdata	__section(".exit.data")
#define __cpuinit
#define __devinit
#define __devexit
#define __ref
#define __refdata

#ifndef __ASSEMBLY__

typedef int (*initcall_t)(void);
typedef void (*exitcall_t)(void);
typedef initcall_t initcall_entry_t;

/* Sorted by level: section .initcall0 before .initcall1, within one the link order. */
extern initcall_entry_t __initcall_start[], __initcall_end[];

#define __define_initcall(fn, level)					\
	static initcall_entry_t __UNIQUE_ID(initcall_##fn) __used	\
		__section(".initcall" #level) = fn

/*
 * fn() is called at boot on PID 1, all CPUs running, levels in this order. It
 * may sleep. Return: 0, or a negative errno, which is logged.
 */
#define pure_initcall(fn)	__define_initcall(fn, 0)
#define early_initcall(fn)	__define_initcall(fn, 0)
#define core_initcall(fn)	__define_initcall(fn, 1)
#define postcore_initcall(fn)	__define_initcall(fn, 2)
#define arch_initcall(fn)	__define_initcall(fn, 3)
#define subsys_initcall(fn)	__define_initcall(fn, 4)
#define fs_initcall(fn)		__define_initcall(fn, 5)
#define device_initcall(fn)	__define_initcall(fn, 6)
#define late_initcall(fn)	__define_initcall(fn, 7)
#define __initcall(fn)		device_initcall(fn)
#define __exitcall(fn)							\
	static exitcall_t __UNIQUE_ID(exitcall_##fn) __used		\
		__section(".exit.data") = fn

/* One parameter of the command line and the function that takes its value. */
struct obs_kernel_param {
	const char *str;
	int (*setup_func)(char *val);
	int early;
};

extern const struct obs_kernel_param __setup_start[], __setup_end[];

#define __setup_param(name, unique_id, fn, early)			\
	static const struct obs_kernel_param __setup_##unique_id __used	\
		__section(".init.setup")				\
		__aligned(__alignof__(struct obs_kernel_param)) =	\
		{ name, fn, early }

/*
 * __setup - call fn for the parameter `str`, "key=" or "key"
 *
 * fn gets what follows str. Return: 1 taken, 0 unknown after all.
 */
#define __setup(str, fn)	__setup_param(str, fn, fn, 0)

/*
 * early_param - the same, before memory and interrupts exist; "key" without `=`
 *
 * fn gets the value, or NULL. Return: 0, or a negative errno, which is reported.
 */
#define early_param(str, fn)	__setup_param(str, fn, fn, 1)

/* The command line as the loader gave it. */
extern char boot_command_line[];
extern char *saved_command_line;

#ifndef MODULE
/* Built into the kernel, a module starts with the devices and never leaves. */
#define module_init(fn)		device_initcall(fn)
#define module_exit(fn)		__exitcall(fn)
#endif

#endif /* __ASSEMBLY__ */
