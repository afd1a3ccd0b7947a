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
 * Sixteen instructions: six pushes, two moves of rsp, one of the result, six pops, the return.
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
	pushq	%rbp
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset rbp, 0
	pushq	%rbx
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset rbx, 0
	pushq	%r12
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset r12, 0
	pushq	%r13
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset r13, 0
	pushq	%r14
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset r14, 0
	pushq	%r15
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset r15, 0

	movq	%rsp, (%rdi)		/* prev->sp */
	movq	(%rsi), %rsp		/* next->sp: from here on we are next */
	movq	%rdi, %rax		/* who ran before: the result */

	popq	%r15
	.cfi_adjust_cfa_offset -8
	.cfi_restore r15
	popq	%r14
	.cfi_adjust_cfa_offset -8
	.cfi_restore r14
	popq	%r13
	.cfi_adjust_cfa_offset -8
	.cfi_restore r13
	popq	%r12
	.cfi_adjust_cfa_offset -8
	.cfi_restore r12
	popq	%rbx
	.cfi_adjust_cfa_offset -8
	.cfi_restore rbx
	popq	%rbp
	.cfi_adjust_cfa_offset -8
	.cfi_restore rbp
	ret
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
