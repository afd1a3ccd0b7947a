/* SPDX-License-Identifier: MIT */
/* The constants of the climb to long mode: boot.S and ap.S share them. */
#pragma once

#include <asm/page.h>
#include <asm/segment.h>

/* Where a symbol of the image lies in physical memory. */
#define PA(symbol)	(symbol - __START_KERNEL_map)

/* 16 bytes stay free above the first frame, so that a walker may look there. */
#define BOOT_STACK_TOP	(init_stack + THREAD_SIZE - 16)

#define EFLAGS_ID	(1 << 21)
#define CPUID_NX	(1 << 20)		/* 0x80000001, edx */
#define CPUID_LM	(1 << 29)

#define CR4_PAE		0x20
#define CR0_KERNEL	0x80010033		/* PG WP NE ET MP PE, caches on */

#define MSR_EFER	0xc0000080
#define EFER_LME	0x100
#define EFER_NXE	0x800
#define MSR_GS_BASE	0xc0000101

#define PTE_TABLE	0x03			/* present, writable */
#define PTE_LARGE	0x83			/* and a page of 2 MiB */

#define COM1		0x3f8
#define VGA_TEXT	0xb8000
#define VGA_RED		0x4f			/* white on red */
