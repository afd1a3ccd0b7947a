/* SPDX-License-Identifier: MIT */
/*
 * The first instructions: from whatever the loader left to start_kernel().
 *
 *	GRUB (multiboot2)    QEMU -kernel (PVH)
 *	     |  eax, ebx          |  ebx
 *	   _start             pvh_start		32-bit, no paging, flat segments
 *	     \___ climb ________/		checks, page tables, long mode
 *		    |
 *		  start64			64-bit, linked address
 *		    |
 *		start_kernel()			kernel/main.c, on init_task's stack
 *
 * The kernel is linked near the top of the address space, but runs here at its
 * physical address until paging is on: PA(symbol) is where a symbol lies now.
 *
 * The tables built here are scaffolding (everything writable and executable):
 *	0			the first 4 GiB, one to one
 *	PAGE_OFFSET		the same again
 *	__START_KERNEL_map	the first 1 GiB
 * paging_init() replaces them. A second CPU climbs by them (ap.S).
 *
 * What cannot be survived ends in boot_fail with a sentence on the serial line
 * and on the screen; there is no stack trace to give yet.
 */
#include <asm/linkage.h>
#include "boot.h"

/* What the loader may find out about us. -------------------------------- */

#define MB2_HEADER_MAGIC	0xe85250d6
#define MB2_LOADER_MAGIC	0x36d76289
#define PVH_MAGIC		0x336ec578

	.section .head.text, "ax"

	.balign 8
.Lmultiboot2_header:
	.long MB2_HEADER_MAGIC
	.long 0						/* i386 */
	.long .Lmultiboot2_header_end - .Lmultiboot2_header
	.long -(MB2_HEADER_MAGIC + (.Lmultiboot2_header_end - .Lmultiboot2_header))

	.balign 8					/* tell us, if you can: */
1:	.short 1, 1					/* information request, optional */
	.long 2f - 1b
	.long 1, 3, 6, 8, 14, 15			/* cmdline, modules, memory, screen, RSDP */
2:
	.balign 8
1:	.short 3, 0					/* entry address */
	.long 2f - 1b
	.long PA(_start)
2:
	.balign 8
1:	.short 5, 1					/* screen: any size, optional */
	.long 2f - 1b
	.long 0, 0, 32
2:
	.balign 8
1:	.short 6, 0					/* modules on page boundaries */
	.long 2f - 1b
2:
	.balign 8
	.short 0, 0					/* end */
	.long 8
.Lmultiboot2_header_end:

	.pushsection .note.Xen, "a", @note		/* PVH: 32-bit entry point */
	.balign 4
	.long 4, 4, 18					/* name, value, PHYS32_ENTRY */
	.asciz "Xen"
	.long PA(pvh_start)
	.popsection

/* 32 bits. ---------------------------------------------------------------- */

	.code32
	.globl _start, pvh_start
	.type _start, @function
	.type pvh_start, @function

_start:
	movl	$PA(.Lmsg_loader), %esi
	cmpl	$MB2_LOADER_MAGIC, %eax
	jne	boot_fail
	jmp	climb
	.size _start, . - _start

pvh_start:
	movl	$PVH_MAGIC, %eax
	movl	$PA(.Lmsg_pvh), %esi
	cmpl	%eax, (%ebx)
	jne	boot_fail
	.size pvh_start, . - pvh_start

	/* eax: which loader; ebx: its information. */
	.type climb, @function
climb:
	cli
	cld
	movl	%eax, %ebp

	/* A loader should have cleared bss. Page tables are no place for trust. */
	movl	$PA(__bss_start), %edi
	movl	$PA(__bss_stop), %ecx
	subl	%edi, %ecx
	shrl	$2, %ecx
	xorl	%eax, %eax
	rep stosl

	movl	%ebp, PA(boot_magic)
	movl	%ebx, PA(boot_info_phys)
	movl	$PA(BOOT_STACK_TOP), %esp

	/* Is there a CPUID instruction? Only then can flag 21 be changed. */
	movl	$PA(.Lmsg_cpuid), %esi
	pushfl
	popl	%eax
	movl	%eax, %ecx
	xorl	$EFLAGS_ID, %eax
	pushl	%eax
	popfl
	pushfl
	popl	%eax
	xorl	%ecx, %eax
	testl	$EFLAGS_ID, %eax
	jz	boot_fail

	/* Long mode and NX? */
	movl	$PA(.Lmsg_long_mode), %esi
	movl	$0x80000000, %eax
	cpuid
	cmpl	$0x80000001, %eax
	jb	boot_fail
	movl	$0x80000001, %eax
	cpuid
	testl	$CPUID_LM, %edx
	jz	boot_fail
	movl	$PA(.Lmsg_nx), %esi
	testl	$CPUID_NX, %edx
	jz	boot_fail

	/* Four page directories map 4 GiB in pages of 2 MiB. */
	movl	$PA(boot_pd), %edi
	movl	$PTE_LARGE, %eax
	movl	$(4 * 512), %ecx
1:	movl	%eax, (%edi)
	addl	$(2 << 20), %eax
	addl	$8, %edi
	loop	1b

	movl	$PA(boot_pdpt), %edi
	movl	$PA(boot_pd) + PTE_TABLE, %eax
	movl	$4, %ecx
1:	movl	%eax, (%edi)
	addl	$4096, %eax
	addl	$8, %edi
	loop	1b

	movl	$PA(boot_pd) + PTE_TABLE, PA(boot_pdpt_kernel) + 8 * 510
	movl	$PA(boot_pdpt) + PTE_TABLE, PA(boot_pml4)
	movl	$PA(boot_pdpt) + PTE_TABLE, PA(boot_pml4) + 8 * 273
	movl	$PA(boot_pdpt_kernel) + PTE_TABLE, PA(boot_pml4) + 8 * 511

	/* The order the manual asks for: PAE, tables, LME, then paging. */
	movl	$CR4_PAE, %eax
	movl	%eax, %cr4
	movl	$PA(boot_pml4), %eax
	movl	%eax, %cr3
	movl	$MSR_EFER, %ecx
	rdmsr
	orl	$(EFER_LME | EFER_NXE), %eax
	wrmsr
	movl	$CR0_KERNEL, %eax
	movl	%eax, %cr0

	lgdtl	PA(boot_gdt_low)
	ljmpl	$__KERNEL_CS, $PA(.Lclimb64)

/*
 * boot_fail: print the string at esi, and stop.
 * Sets up the serial line itself (115200 8N1): nobody did before us.
 */
boot_fail:
	cld
	movl	%esi, %ebp

	movl	$PA(.Lserial_setup), %esi
	movl	$((.Lserial_setup_end - .Lserial_setup) / 2), %ecx
1:	lodsw						/* al: register, ah: value */
	movzbl	%al, %edx
	addl	$COM1, %edx
	movb	%ah, %al
	outb	%al, %dx
	loop	1b

	movl	%ebp, %esi
	movl	$VGA_TEXT, %edi
2:	lodsb
	testb	%al, %al
	jz	5f
	movb	%al, %bl
	cmpb	$' ', %al
	jb	3f
	movb	$VGA_RED, %ah
	stosw
3:	movl	$(COM1 + 5), %edx			/* wait for room, not for ever */
	movl	$100000, %ecx
4:	inb	%dx, %al
	testb	$0x20, %al
	loopz	4b
	movl	$COM1, %edx
	movb	%bl, %al
	outb	%al, %dx
	jmp	2b

5:	cli
	hlt
	jmp	5b
	.size climb, . - climb

	.balign 2
.Lserial_setup:						/* register, value */
	.byte	1, 0x00					/* no interrupts */
	.byte	3, 0x80,  0, 1,  1, 0			/* divisor 1 */
	.byte	3, 0x03					/* 8 bits, no parity */
	.byte	2, 0x07					/* FIFO on, emptied */
.Lserial_setup_end:

.Lmsg_loader:
	.asciz "bobbin: not started by a multiboot2 loader, nothing to go on.\r\n"
.Lmsg_pvh:
	.asciz "bobbin: started by PVH, but its start information is not there.\r\n"
.Lmsg_cpuid:
	.asciz "bobbin: this CPU has no CPUID instruction; a 64-bit one is needed.\r\n"
.Lmsg_long_mode:
	.asciz "bobbin: this CPU has no 64-bit long mode, which Bobbin needs.\r\n"
.Lmsg_nx:
	.asciz "bobbin: this CPU cannot forbid execution (no NX), which Bobbin needs.\r\n"

/* 64 bits. ---------------------------------------------------------------- */

	.code64
.Lclimb64:						/* still at the physical address */
	movq	$start64, %rax
	jmp	*%rax

	.text
	.cfi_sections .debug_frame

SYM_CODE_START(start64)
	.cfi_def_cfa rsp, 0
	.cfi_undefined rip				/* nobody called us */
	lgdt	boot_gdt_high(%rip)			/* the low one goes with the tables */
	movl	$__KERNEL_DS, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %ss
	xorl	%eax, %eax
	movl	%eax, %fs
	movl	%eax, %gs

	movl	$MSR_GS_BASE, %ecx			/* CPU 0's per-CPU offset is 0 */
	xorl	%edx, %edx
	wrmsr

	movq	$BOOT_STACK_TOP, %rsp
	pushq	$0
	popfq
	xorl	%ebp, %ebp				/* the last frame pointer of all */
	call	start_kernel
	ud2						/* it does not return */
SYM_CODE_END(start64)

/* Data. -------------------------------------------------------------------- */

	.section .rodata
	.balign 8
boot_gdt:
	.quad 0
	.quad 0
	.quad 0x00af9a000000ffff			/* __KERNEL_CS: 64-bit code */
	.quad 0x00cf92000000ffff			/* __KERNEL_DS: data */
boot_gdt_end:

boot_gdt_low:
	.short boot_gdt_end - boot_gdt - 1
	.long PA(boot_gdt)
	.globl boot_gdt_high
boot_gdt_high:
	.short boot_gdt_end - boot_gdt - 1
	.quad boot_gdt

	.bss
	.globl boot_magic, boot_info_phys
	.balign 4
boot_magic:	.skip 4
boot_info_phys:	.skip 4

	.section .bss..page_aligned, "aw", @nobits
	.balign 4096
	.globl boot_pml4
boot_pml4:	.skip 4096
boot_pdpt:	.skip 4096
boot_pdpt_kernel: .skip 4096
boot_pd:	.skip 4 * 4096
