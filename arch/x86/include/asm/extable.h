/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Reading where perhaps nothing is mapped: memory that somebody else may give back at any moment. For the kernel's
 * image; modules, and whoever is in no hurry, take copy_from_kernel_nofault() of <linux/uaccess.h>.
 */
#include <linux/types.h>

struct pt_regs;

/*
 * load_nofault: var = *ptr, one load of 1 to 8 bytes, not torn if aligned. Context: any but NMI.
 * Return: false if nothing is mapped there; var means nothing then.
 */
#define load_nofault(var, ptr)										\
	({												\
		__label__ fault;									\
		bool _loaded = false;									\
													\
		asm goto volatile("1: mov %[from], %[to]\n"						\
				  "	.pushsection __ex_table, \"a\"\n"				\
				  "	.balign	8\n"							\
				  "	.quad	1b, %l[fault]\n"					\
				  "	.popsection"							\
				  : [to] "=r" (var) : [from] "m" (*(ptr)) : "memory" : fault);		\
		_loaded = true;										\
fault:													\
		_loaded;										\
	})

/* fixup_exception: if regs fault in a load_nofault(), they go on behind it, as if it had returned false. */
bool fixup_exception(struct pt_regs *regs);
