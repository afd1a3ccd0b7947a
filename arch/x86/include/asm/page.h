/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Pages, and the map of the kernel's address space (also for assembly).
 *
 *   0xffff888000000000  PAGE_OFFSET         direct map: every byte of RAM, in order, writable, never executable
 *   0xffffc90000000000  VMALLOC_START       thread stacks, then vmalloc() and ioremap()
 *   0xffffffff80000000  __START_KERNEL_map  the kernel image, physical 0 upwards
 *   0xffffffffa0000000  MODULES_VADDR       module code and data
 *   0xffffffffbfe00000  FIXADDR_START       the machine's own registers (fixmap.c)
 *
 * A page of RAM has one struct page; <linux/mm.h> goes from one to the other.
 */
#include <linux/const.h>

#define PAGE_SHIFT		12
#define PAGE_SIZE		(_AC(1, UL) << PAGE_SHIFT)
#define PAGE_MASK		(~(PAGE_SIZE - 1))

#define PMD_SHIFT		21
#define PMD_SIZE		(_AC(1, UL) << PMD_SHIFT)
#define PMD_MASK		(~(PMD_SIZE - 1))
#define PUD_SHIFT		30
#define PUD_SIZE		(_AC(1, UL) << PUD_SHIFT)
#define PUD_MASK		(~(PUD_SIZE - 1))
#define PGDIR_SHIFT		39
#define PGDIR_SIZE		(_AC(1, UL) << PGDIR_SHIFT)

#define THREAD_SIZE_ORDER	2
#define THREAD_SIZE		(PAGE_SIZE << THREAD_SIZE_ORDER)

#define PAGE_OFFSET		_AC(0xffff888000000000, UL)
#define __START_KERNEL_map	_AC(0xffffffff80000000, UL)
#define KERNEL_IMAGE_SIZE	_AC(0x20000000, UL)

/* Thread stacks have the first 16 GiB of the VMALLOC range to themselves (kernel/mm/stack.c). */
#define VMALLOC_START		_AC(0xffffc90000000000, UL)
#define STACKS_START		VMALLOC_START
#define STACKS_SIZE		_AC(0x400000000, UL)
#define VMALLOC_AREA_START	(STACKS_START + STACKS_SIZE)
#define VMALLOC_AREA_SIZE	_AC(0x100000000, UL)
#define VMALLOC_END		(VMALLOC_AREA_START + VMALLOC_AREA_SIZE)

#define MODULES_VADDR		_AC(0xffffffffa0000000, UL)
#define MODULES_LEN		_AC(0x4000000, UL)
#define MODULES_END		(MODULES_VADDR + MODULES_LEN)

/* The last 2 MiB of the GiB that image and modules are in: one last-level table is all it takes. */
#define FIXADDR_START		_AC(0xffffffffbfe00000, UL)

/* Physical memory this kernel can use: beyond it RAM is left alone, with a sentence at boot. */
#define MAX_PHYSMEM_BITS	39

#ifndef __ASSEMBLY__

#include <linux/types.h>

#define PAGE_ALIGN(addr)	(((addr) + PAGE_SIZE - 1) & PAGE_MASK)
#define PAGE_ALIGN_DOWN(addr)	((addr) & PAGE_MASK)
#define PAGE_ALIGNED(addr)	((((unsigned long)(addr)) & (PAGE_SIZE - 1)) == 0)
#define offset_in_page(p)	((unsigned long)(p) & (PAGE_SIZE - 1))

/*
 * __phys_addr - the physical address behind a kernel address of the direct map or of the image.
 * Context: any. Wrong for thread stacks, vmalloc and ioremap addresses: those live in page tables only
 * (slow_virt_to_phys() in <asm/pgtable.h> asks the tables).
 */
static inline unsigned long __phys_addr(unsigned long x)
{
	return x >= __START_KERNEL_map ? x - __START_KERNEL_map : x - PAGE_OFFSET;
}

#define __pa(x)			__phys_addr((unsigned long)(x))
#define __pa_symbol(x)		((unsigned long)(x) - __START_KERNEL_map)
#define __va(x)			((void *)((unsigned long)(x) + PAGE_OFFSET))
#define virt_to_phys(x)		__pa(x)
#define phys_to_virt(x)		__va(x)

#define PHYS_PFN(x)		((unsigned long)(x) >> PAGE_SHIFT)
#define PFN_PHYS(x)		((phys_addr_t)(x) << PAGE_SHIFT)

static inline void clear_page(void *page)
{
	unsigned long count = PAGE_SIZE / 8;

	asm volatile("rep stosq" : "+c"(count), "+D"(page) : "a"(0UL) : "memory");
}

static inline void copy_page(void *to, const void *from)
{
	unsigned long count = PAGE_SIZE / 8;

	asm volatile("rep movsq" : "+c"(count), "+D"(to), "+S"(from) : : "memory");
}

#endif /* __ASSEMBLY__ */
