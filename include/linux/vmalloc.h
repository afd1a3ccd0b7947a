/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Memory that is contiguous in address only, a page table entry per page, with an unmapped page on either side.
 * Slower than kmalloc() of <linux/slab.h> to make and to free; never fails for fragmentation.
 * https://www.kernel.org/doc/html/v6.1/core-api/memory-allocation.html
 */
#include <linux/types.h>
#include <linux/gfp.h>

/*
 * vmalloc - @size bytes in whole pages. vzalloc - zeroed. vfree - gives them back; NULL is ignored.
 * Context: thread, may sleep, interrupts on (Differs: Linux's vfree() may also be called in interrupts).
 * Return: a page-aligned address, or NULL.
 */
void *vmalloc(unsigned long size);
void *vzalloc(unsigned long size);
void *__vmalloc(unsigned long size, gfp_t gfp);
void vfree(const void *addr);
static inline void *vmalloc_node(unsigned long size, int node) { return vmalloc(size); }
static inline void *vzalloc_node(unsigned long size, int node) { return vzalloc(size); }

/*
 * module_alloc - pages for a module's code or data within a 32-bit displacement of the kernel: writable, not
 * executable; set_memory_ro() and set_memory_x() of <asm/pgtable.h> change that. module_memfree - gives them back.
 * Context, Return: as vmalloc().
 */
void *module_alloc(unsigned long size);
void module_memfree(void *addr);

/* vmap_area_pages - how many pages are mapped from @addr on, up to the guard page. Context: any. */
unsigned long vmap_area_pages(const void *addr);
