/* SPDX-License-Identifier: MIT */
/*
 * Which symbols a loadable module may use. Each EXPORT_SYMBOL() is a row of
 * the table `__ksymtab`, which the linker sorts by name; kernel/module.c looks
 * there, and only there, for what a module lacks.
 *
 * `crc` is a checksum of the symbol's type, everything it is made of included.
 * tools/symvers takes it from the debug information and defines __crc_NAME for
 * the last link. A module remembers the checksums it was compiled against.
 */
#pragma once

#include <linux/compiler.h>

/* THIS_MODULE: the module that this code is part of; NULL in the kernel itself. */
#ifdef MODULE
extern struct module __this_module;
#define THIS_MODULE	(&__this_module)
#else
#define THIS_MODULE	((struct module *)0)
#endif

struct kernel_symbol {
	unsigned long	value;
	const char	*name;
	unsigned long	crc;		/* 32 bits of it; 0: not known */
	unsigned long	gpl_only;
};

#if defined(__KERNEL__) && !defined(__NO_EXPORTS__)
#define __EXPORT_SYMBOL(sym, gpl)						\
	extern typeof(sym) sym;							\
	extern const char __crc_##sym[] __weak;					\
	static const struct kernel_symbol __ksymtab_##sym __used		\
		__section(".ksymtab." #sym) __aligned(8) =			\
		{ (unsigned long)&sym, #sym, (unsigned long)__crc_##sym, gpl }
#else
#define __EXPORT_SYMBOL(sym, gpl)	extern typeof(sym) sym
#endif

/* EXPORT_SYMBOL: any module may use sym. EXPORT_SYMBOL_GPL: one whose licence is compatible with the GPL; MIT is. */
#define EXPORT_SYMBOL(sym)	__EXPORT_SYMBOL(sym, 0)
#define EXPORT_SYMBOL_GPL(sym)	__EXPORT_SYMBOL(sym, 1)
