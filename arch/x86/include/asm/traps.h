/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The CPU's exceptions by number, and a way for higher floors to answer one.
 */
#include <linux/types.h>
#include <asm/ptrace.h>

enum x86_trap { X86_TRAP_DE, X86_TRAP_DB, X86_TRAP_NMI, X86_TRAP_BP, X86_TRAP_OF, X86_TRAP_BR, X86_TRAP_UD,
		X86_TRAP_NM, X86_TRAP_DF, X86_TRAP_OLD_MF, X86_TRAP_TS, X86_TRAP_NP, X86_TRAP_SS, X86_TRAP_GP,
		X86_TRAP_PF, X86_TRAP_SPURIOUS, X86_TRAP_MF, X86_TRAP_AC, X86_TRAP_MC, X86_TRAP_XF,
		NR_EXCEPTIONS = 32 };

/* Called by entry.S. */
void handle_exception(struct pt_regs *regs, unsigned int trapnr);
void handle_nmi(struct pt_regs *regs);

/* Where a thread that must die goes on (entry.S): calls make_task_dead(rdi). */
void thread_killed(void);
