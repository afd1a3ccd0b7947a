/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * struct pt_regs: the registers of interrupted code, as entry.S pushes them.
 * The CPU itself pushed the last five. Linux's order and names.
 *
 * orig_ax: for an exception its error code (0 if it has none); for an
 * interrupt the vector.
 */
#define X86_EFLAGS_CF	0x00000001
#define X86_EFLAGS_FIXED 0x00000002
#define X86_EFLAGS_ZF	0x00000040
#define X86_EFLAGS_TF	0x00000100
#define X86_EFLAGS_IF	0x00000200
#define X86_EFLAGS_DF	0x00000400
#define X86_EFLAGS_RF	0x00010000
#define X86_EFLAGS_AC	0x00040000

/* Offsets for assembly. */
#define PT_DI		112
#define PT_ORIG_AX	120
#define PT_IP		128
#define PT_FLAGS	144
#define PT_SP		152
#define PT_SIZE		168

#ifndef __ASSEMBLY__

#include <linux/types.h>

struct pt_regs {
	unsigned long r15, r14, r13, r12;
	unsigned long bp, bx;
	unsigned long r11, r10, r9, r8;
	unsigned long ax, cx, dx, si, di;
	unsigned long orig_ax;
	unsigned long ip;
	unsigned long cs;
	unsigned long flags;
	unsigned long sp;
	unsigned long ss;
};

static inline unsigned long instruction_pointer(const struct pt_regs *regs)
{
	return regs->ip;
}

static inline unsigned long kernel_stack_pointer(const struct pt_regs *regs)
{
	return regs->sp;
}

static inline unsigned long frame_pointer(const struct pt_regs *regs)
{
	return regs->bp;
}

/* Did this come from user mode? Never: Bobbin has none. */
static inline bool user_mode(const struct pt_regs *regs)
{
	return (regs->cs & 3) == 3;
}

/* Were interrupts on where this happened? */
static inline bool interrupts_enabled(const struct pt_regs *regs)
{
	return regs->flags & X86_EFLAGS_IF;
}

#endif
