/* SPDX-License-Identifier: MIT */
/*
 * The context switch, and where a new thread begins.
 *
 * Seen by C, __switch_to_asm() is a function that returns much later. It must keep the registers that the calling
 * convention promises to keep (rbx, rbp, r12-r15); the others the compiler has already given up around the call. It
 * saves the six on the old stack, exchanges stack pointers, restores six from the new stack, and returns: to wherever
 * the new thread called from. That is all a switch is. There is one address space and no user mode, so nothing else
 * has to be exchanged; interrupts are off, and the run queue's lock is held across it.
 *
 *	struct inactive_task_frame, from thread->sp up: r15 r14 r13 r12 rbx rbp return-address
 *
 * Sixteen instructions, numbered below: six pushes, two moves of rsp, one of the result, six pops, the return. The
 * caller adds five (current, two arguments, the call, and taking the result). Nothing can be left out, and nothing is
 * missing: rsp is the thread; rip lies on its stack as the return address; rflags is the same on both sides (interrupts
 * off, direction clear by convention); the segments and cr3 are the CPU's; the kernel does not use the FPU (it is
 * compiled with -mgeneral-regs-only); the end of the stack was looked at by __schedule().
 *
 * A new thread has never called it. copy_thread() (process.c) writes the frame by hand: rbx the function, r12 its
 * argument, the return address ret_from_fork.
 */
#include <linux/linkage.h>

	.cfi_sections .debug_frame
	.text

/* struct thread_struct *__switch_to_asm(struct thread_struct *prev, struct thread_struct *next) */
	.balign	16
	.globl	__switch_to_asm
	.type	__switch_to_asm, @function
__switch_to_asm:
	.cfi_startproc
	pushq	%rbp			/*  1: the caller's frame; backtraces of the sleeper start from it */
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset rbp, 0
	pushq	%rbx			/*  2: rbx, r12-r15: promised to the caller unchanged, */
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset rbx, 0
	pushq	%r12			/*  3: */
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset r12, 0
	pushq	%r13			/*  4: and next will use them for its own; */
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset r13, 0
	pushq	%r14			/*  5: rax, rcx, rdx, rsi, rdi, r8-r11 are lost in any call, */
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset r14, 0
	pushq	%r15			/*  6: so the compiler has kept nothing there */
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset r15, 0

	movq	%rsp, (%rdi)		/*  7: prev->sp: all of prev is now in memory, below this address nothing */
	movq	(%rsi), %rsp		/*  8: next->sp: THE switch; from here on we are next */
	movq	%rdi, %rax		/*  9: who ran before: the result; rdi is still prev's argument */

	popq	%r15			/* 10: what next pushed when it was prev, in the opposite order; */
	.cfi_adjust_cfa_offset -8
	.cfi_restore r15
	popq	%r14			/* 11: */
	.cfi_adjust_cfa_offset -8
	.cfi_restore r14
	popq	%r13			/* 12: of a new thread: what copy_thread() wrote there, */
	.cfi_adjust_cfa_offset -8
	.cfi_restore r13
	popq	%r12			/* 13: its argument, */
	.cfi_adjust_cfa_offset -8
	.cfi_restore r12
	popq	%rbx			/* 14: its function, */
	.cfi_adjust_cfa_offset -8
	.cfi_restore rbx
	popq	%rbp			/* 15: and 0, the end of backtraces */
	.cfi_adjust_cfa_offset -8
	.cfi_restore rbp
	ret				/* 16: to where next called from; a new thread to ret_from_fork */
	.cfi_endproc
	.size	__switch_to_asm, . - __switch_to_asm

/*
 * A new thread's first instructions, reached by the ret above: rax is the thread that ran before, rbx the function,
 * r12 its argument. The nop lies in front of the label because unwinders look up the address before a return address.
 */
	.balign	16
	.cfi_startproc
	.cfi_undefined rip		/* the root of the thread: nobody called it */
thread_root:				/* so GDB calls the frame of a thread that has not run yet */
	nop
	.globl	ret_from_fork
	.type	ret_from_fork, @function
ret_from_fork:
	xorl	%ebp, %ebp		/* the last frame of every backtrace */
	movq	%rax, %rdi
	call	schedule_tail		/* the rest of the switch: lets the run queue go, enables interrupts */
	movq	%r12, %rdi
	call	*%rbx
	movslq	%eax, %rdi		/* the function returned: so the thread ends with its value */
	call	do_exit
	ud2
	.cfi_endproc
	.size	ret_from_fork, . - ret_from_fork

	.section .note.GNU-stack, "", @progbits
