/* SPDX-License-Identifier: MIT */
/*
 * A second CPU's road: from the start-up IPI to start_secondary().
 *
 *	arch/x86/smpboot.c			this CPU
 *	copies the trampoline to 0x8000
 *	writes ap_cr3, ap_stack, ap_gs_base
 *	sends INIT, then SIPI 0x08 ---------->	0x0800:0000, 16-bit real mode
 *						long mode by boot.S's tables
 *	waits until it is online		ap_start64: the kernel's own tables,
 *						its idle thread's stack, its per-CPU
 *						area; start_secondary()
 *
 * The three variables serve one CPU at a time. The IPI hands them over: a CPU
 * that starts sees all that was stored before it was sent.
 */
#include <asm/linkage.h>
#include "boot.h"

#define AP_TRAMPOLINE_PHYS 0x8000
#define AT(label) (label - ap_trampoline_start)

/* Copied, and run at AP_TRAMPOLINE_PHYS: no address of its own in it. */
	.section .rodata.ap_trampoline, "a"
	.globl ap_trampoline_start, ap_trampoline_end
	.balign 16

	.code16
ap_trampoline_start:
	cli
	cld
	movw	%cs, %ax
	movw	%ax, %ds

	/* As in boot.S, but from real mode straight to long mode. */
	movl	$CR4_PAE, %eax
	movl	%eax, %cr4
	movl	$PA(boot_pml4), %eax
	movl	%eax, %cr3
	movl	$MSR_EFER, %ecx
	rdmsr
	orl	$(EFER_LME | EFER_NXE), %eax
	wrmsr
	lgdtl	AT(ap_gdt_ptr)
	movl	$CR0_KERNEL, %eax
	movl	%eax, %cr0
	ljmpl	$__KERNEL_CS, $(AP_TRAMPOLINE_PHYS + AT(ap_long))

	.code64
ap_long:
	movq	$ap_start64, %rax
	jmp	*%rax

	.balign 8
ap_gdt:
	.quad 0
	.quad 0
	.quad 0x00af9a000000ffff			/* __KERNEL_CS */
	.quad 0x00cf92000000ffff			/* __KERNEL_DS */
ap_gdt_ptr:
	.short . - ap_gdt - 1
	.long AP_TRAMPOLINE_PHYS + AT(ap_gdt)
ap_trampoline_end:

	.text
	.cfi_sections .debug_frame

SYM_CODE_START(ap_start64)
	.cfi_def_cfa rsp, 0
	.cfi_undefined rip				/* nobody called us */
	movq	ap_cr3(%rip), %rax
	movq	%rax, %cr3				/* 0x8000 is gone now */
	lgdt	boot_gdt_high(%rip)
	movl	$__KERNEL_DS, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %ss
	xorl	%eax, %eax
	movl	%eax, %fs
	movl	%eax, %gs

	movl	$MSR_GS_BASE, %ecx
	movl	ap_gs_base(%rip), %eax
	movl	ap_gs_base + 4(%rip), %edx
	wrmsr

	movq	ap_stack(%rip), %rsp
	pushq	$0
	popfq
	xorl	%ebp, %ebp				/* the last frame pointer of all */
	call	start_secondary
	ud2						/* it does not return */
SYM_CODE_END(ap_start64)

	.bss
	.globl ap_cr3, ap_stack, ap_gs_base
	.balign 8
ap_cr3:		.skip 8
ap_stack:	.skip 8
ap_gs_base:	.skip 8
