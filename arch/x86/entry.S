/* SPDX-License-Identifier: MIT */
/*
 * Where the CPU lands when an interrupt, an exception or an NMI comes, and how
 * it goes back.
 *
 * The CPU has pushed SS, RSP, RFLAGS, CS and RIP, and an error code for some
 * exceptions. A stub of 16 bytes for each vector completes that with the
 * vector's number, then the common part pushes all registers: together that is
 * struct pt_regs. There is no user mode: GS is always the kernel's.
 *
 *   stack		who runs there
 *   the interrupted	exceptions: what they report is about that stack
 *   the CPU's IRQ	handle_irq(), and interrupts that come on top of it
 *   IST		double fault, NMI, debug and machine check (asm/desc.h)
 *
 * rbp is set to the address of pt_regs plus one: so the walk by frame pointers
 * (stacktrace.c) finds the interrupted code. For the debugger the CFI lines
 * say after each instruction where everything is.
 *
 * rbx keeps the address of pt_regs while C code runs, whatever the stack.
 */
#include <linux/linkage.h>
#include <asm/desc.h>
#include <asm/percpu.h>
#include <asm/ptrace.h>

	.cfi_sections .debug_frame

/* Exceptions for which the CPU pushes an error code, a bit each. */
#define HAS_ERROR_CODE	0x60227d00
#define NMI		2

/* CFI: only what the CPU pushed lies on the stack, and size bytes below that. */
.macro CFI_HARDWARE_FRAME size=0
	.cfi_signal_frame
	.cfi_def_cfa %rsp, 40 + \size
	.cfi_offset %rip, -40
	.cfi_offset %rsp, -16
.endm

.macro PUSH reg
	pushq	%\reg
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset %\reg, 0
.endm

.macro POP reg
	popq	%\reg
	.cfi_adjust_cfa_offset -8
	.cfi_same_value %\reg
.endm

/* All of struct pt_regs below rdi. */
.macro PUSH_REGS_AFTER_DI
	PUSH	rsi
	PUSH	rdx
	PUSH	rcx
	PUSH	rax
	PUSH	r8
	PUSH	r9
	PUSH	r10
	PUSH	r11
	PUSH	rbx
	PUSH	rbp
	PUSH	r12
	PUSH	r13
	PUSH	r14
	PUSH	r15
.endm

/* rsp is free to move from here on: rbx tells where pt_regs are, to us and to the debugger. */
.macro ANCHOR_FRAME
	cld
	movq	%rsp, %rbx
	.cfi_def_cfa_register %rbx
	leaq	1(%rsp), %rbp
.endm

	.section .entry.text, "ax", @progbits

/*
 * The address of vector n's stub is entry_stubs + n * ENTRY_STUB_SIZE. The CFI
 * offsets are absolute here: assemblers differ in what .cfi_restore_state means
 * for relative ones.
 */
SYM_CODE_START(entry_stubs)
	CFI_HARDWARE_FRAME
vector = 0
.rept 256
	.balign ENTRY_STUB_SIZE, 0xcc
	.cfi_def_cfa_offset 40
.if vector == NMI
	jmp	nmi_entry
.elseif vector < 32
  .if (HAS_ERROR_CODE >> vector) & 1
	.cfi_def_cfa_offset 48
  .else
	pushq	$0
	.cfi_def_cfa_offset 48
  .endif
	pushq	%rdi
	.cfi_def_cfa_offset 56
	.cfi_offset %rdi, -56
	movl	$vector, %edi
	jmp	exception_entry
	.cfi_same_value %rdi
.else
	pushq	$vector
	.cfi_def_cfa_offset 48
	jmp	interrupt_entry
.endif
vector = vector + 1
.endr
SYM_CODE_END(entry_stubs)

/* On the stack: error code, rdi. In edi: the number of the exception. */
SYM_CODE_START(exception_entry)
	CFI_HARDWARE_FRAME 16
	.cfi_offset %rdi, -56
	PUSH_REGS_AFTER_DI
	ANCHOR_FRAME
	movl	%edi, %esi
	movq	%rbx, %rdi
	andq	$-16, %rsp
	call	handle_exception
	jmp	return_to_interrupted
SYM_CODE_END(exception_entry)

/* On the stack: the vector. */
SYM_CODE_START(interrupt_entry)
	CFI_HARDWARE_FRAME 8
	PUSH	rdi
	PUSH_REGS_AFTER_DI
	ANCHOR_FRAME

	/* Go to the IRQ stack, unless its top is less than its size above us. */
	movq	PER_CPU_VAR(hardirq_stack_ptr), %rax
	movq	%rax, %rcx
	subq	%rsp, %rcx
	cmpq	$IRQ_STACK_SIZE, %rcx
	jb	1f
	movq	%rax, %rsp
1:	movq	%rbx, %rdi
	andq	$-16, %rsp
	call	handle_irq

	/*
	 * Preempt: if the interrupted code had interrupts on, and the word is
	 * zero: no reason against a switch (the counters) and one for it (the
	 * inverted NEED_RESCHED bit). On the thread's stack: it may be away long.
	 */
	testl	$X86_EFLAGS_IF, PT_FLAGS(%rbx)
	jz	return_to_interrupted
	cmpl	$0, PER_CPU_VAR(__preempt_count)
	jne	return_to_interrupted
	movq	%rbx, %rsp
	andq	$-16, %rsp
	call	preempt_schedule_irq
	jmp	return_to_interrupted
SYM_CODE_END(interrupt_entry)

/*
 * The CPU blocks further NMIs until the next iretq, and that may come early: a
 * breakpoint hit in the handler ends with one. The next NMI would then begin at
 * the same stack top and run over this one; so the top is moved down meanwhile.
 */
SYM_CODE_START(nmi_entry)
	CFI_HARDWARE_FRAME
	pushq	$0
	.cfi_adjust_cfa_offset 8
	PUSH	rdi
	PUSH_REGS_AFTER_DI
	ANCHOR_FRAME
	subq	$NMI_NEST_SIZE, PER_CPU_VAR(cpu_tss + TSS_IST_NMI)
	movq	%rbx, %rdi
	andq	$-16, %rsp
	call	handle_nmi
	addq	$NMI_NEST_SIZE, PER_CPU_VAR(cpu_tss + TSS_IST_NMI)
	jmp	return_to_interrupted
SYM_CODE_END(nmi_entry)

/* rbx: pt_regs. What is in them is where we go: a handler may have changed them. */
SYM_CODE_START(return_to_interrupted)
	CFI_HARDWARE_FRAME PT_IP
	.cfi_def_cfa_register %rbx
	.cfi_rel_offset %rdi, PT_DI
	.cfi_rel_offset %rsi, 104
	.cfi_rel_offset %rdx, 96
	.cfi_rel_offset %rcx, 88
	.cfi_rel_offset %rax, 80
	.cfi_rel_offset %r8, 72
	.cfi_rel_offset %r9, 64
	.cfi_rel_offset %r10, 56
	.cfi_rel_offset %r11, 48
	.cfi_rel_offset %rbx, 40
	.cfi_rel_offset %rbp, 32
	.cfi_rel_offset %r12, 24
	.cfi_rel_offset %r13, 16
	.cfi_rel_offset %r14, 8
	.cfi_rel_offset %r15, 0
	movq	%rbx, %rsp
	.cfi_def_cfa_register %rsp
	POP	r15
	POP	r14
	POP	r13
	POP	r12
	POP	rbp
	POP	rbx
	POP	r11
	POP	r10
	POP	r9
	POP	r8
	POP	rax
	POP	rcx
	POP	rdx
	POP	rsi
	POP	rdi
	addq	$8, %rsp
	.cfi_adjust_cfa_offset -8
	iretq
SYM_CODE_END(return_to_interrupted)

/* A thread that broke something goes on here instead (traps.c). edi: the signal that killed it. A stack root. */
SYM_CODE_START(thread_killed)
	.cfi_def_cfa %rsp, 8
	.cfi_undefined %rip
	xorl	%ebp, %ebp
	call	make_task_dead
	ud2
SYM_CODE_END(thread_killed)

	.section .note.GNU-stack, "", @progbits
