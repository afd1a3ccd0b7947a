/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * How a symbol written in assembly is declared, so that the symbol table and
 * the debugger see a function with a type and a size, as they do for C.
 *
 * SYM_FUNC_START/END: a function in the C calling convention; its CFI state
 * begins as the ABI says. SYM_CODE_START/END: code with another entry state
 * (interrupt stubs, stack roots); it writes all of its own CFI.
 */
#include <asm/linkage.h>

#ifdef __ASSEMBLY__

#define SYM_FUNC_START(name)		\
	.globl name;			\
	.type name, @function;		\
	SYM_ALIGN;			\
	name:				\
	.cfi_startproc

#define SYM_FUNC_END(name)		\
	.cfi_endproc;			\
	.size name, . - name

#define SYM_CODE_START(name)		\
	.globl name;			\
	.type name, @function;		\
	SYM_ALIGN;			\
	name:				\
	.cfi_startproc simple

#define SYM_CODE_END(name) SYM_FUNC_END(name)

#define SYM_DATA_START(name)		\
	.globl name;			\
	.type name, @object;		\
	name:

#define SYM_DATA_END(name)		\
	.size name, . - name

#endif
