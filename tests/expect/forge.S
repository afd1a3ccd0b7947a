/* SPDX-License-Identifier: MIT */
/*
 * A boot loader of a few lines, with forged multiboot2 information (forge.py). QEMU enters it by its PVH note
 * in 32-bit protected mode, which is the state that multiboot2 promises too.
 */
	.section .note.Xen, "a", @note
	.long 4, 4, 18			/* name and description of 4 bytes each; XEN_ELFNOTE_PHYS32_ENTRY */
	.asciz "Xen"
	.long forge

	.text
	.code32
	.globl _start, forge
_start:
forge:
	movl $MAGIC, %eax
	movl $info, %ebx
	movl $ENTRY, %ecx
	jmp *%ecx

	.balign 8
info:
	.incbin INFO
