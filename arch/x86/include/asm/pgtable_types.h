/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * An entry of a page table: its bits and their usual combinations (also for assembly). To map something: <linux/io.h>,
 * <linux/vmalloc.h>; below them <asm/pgtable.h>.
 */
#include <linux/const.h>

/* Bits of an entry. */
#define _PAGE_PRESENT	_AC(0x001, UL)
#define _PAGE_RW	_AC(0x002, UL)
#define _PAGE_USER	_AC(0x004, UL)
#define _PAGE_PWT	_AC(0x008, UL)
#define _PAGE_PCD	_AC(0x010, UL)
#define _PAGE_ACCESSED	_AC(0x020, UL)
#define _PAGE_DIRTY	_AC(0x040, UL)
#define _PAGE_PSE	_AC(0x080, UL)	/* 2 MiB or 1 GiB, in the middle levels */
#define _PAGE_OWNED	_AC(0x200, UL)	/* free for software: the page belongs to this mapping (vmalloc) */
#define _PAGE_NX	(_AC(1, UL) << 63)

#define PTRS_PER_TABLE	512
#define PTE_PHYS_MASK	_AC(0x000ffffffffff000, UL)

#ifndef __ASSEMBLY__

#include <linux/types.h>

typedef u64 pte_t;		/* an entry of any level */
typedef u64 pgprot_t;		/* the bits of an entry without the address */

#define PAGE_KERNEL_TABLE	(_PAGE_PRESENT | _PAGE_RW | _PAGE_ACCESSED | _PAGE_DIRTY)
#define PAGE_KERNEL		(PAGE_KERNEL_TABLE | _PAGE_NX)
#define PAGE_KERNEL_RO		(_PAGE_PRESENT | _PAGE_ACCESSED | _PAGE_DIRTY | _PAGE_NX)
#define PAGE_KERNEL_ROX		(_PAGE_PRESENT | _PAGE_ACCESSED | _PAGE_DIRTY)
#define PAGE_KERNEL_NOCACHE	(PAGE_KERNEL | _PAGE_PCD | _PAGE_PWT)
#define PAGE_KERNEL_WC		(PAGE_KERNEL | _PAGE_PWT)	/* PAT entry 1: write combining */

#endif /* __ASSEMBLY__ */
