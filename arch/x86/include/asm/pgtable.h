/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Page tables: the one address space, and what may be changed in it. The map of the space is in <asm/page.h>, what an
 * entry says in <asm/pgtable_types.h>.
 */
#include <linux/gfp.h>
#include <linux/types.h>
#include <asm/page.h>
#include <asm/pgtable_types.h>

/* The top level table of the final address space. A new CPU loads __pa_symbol(swapper_pg_dir) into CR3. */
extern pte_t swapper_pg_dir[PTRS_PER_TABLE];

/*
 * paging_init - build the final tables and leave the boot loader's: all RAM in the direct map, each part of the image
 * with its own rights, nothing writable and executable, nothing at low addresses.
 * Context: boot, after page_alloc_init(); then come page_alloc_add_high() and paging_init_cpu(). Panics when out of
 * memory.
 */
void paging_init(void);

/* paging_init_cpu - what each CPU needs for itself (the meaning of PAT entry 1). Context: a CPU coming up, early. */
void paging_init_cpu(void);

/*
 * map_kernel_range - map @size bytes at @phys to @addr, both page aligned, in the VMALLOC or the module range.
 * map_kernel_pages - the same with @nr single pages; with _PAGE_OWNED in @prot they belong to the mapping from now on.
 * Context: as @gfp. Return: 0, or -ENOMEM and nothing is mapped (and owned).
 */
int map_kernel_range(unsigned long addr, phys_addr_t phys, unsigned long size, pgprot_t prot, gfp_t gfp);
int map_kernel_pages(unsigned long addr, struct page **pages, unsigned int nr, pgprot_t prot, gfp_t gfp);

/*
 * unmap_kernel_range - take the entries of [@addr, @addr + @size) away; what is not mapped is skipped. Pages that the
 * mapping owned, and page tables that became empty, are put on @freed. The caller then flushes all CPUs, and only
 * after that calls free_unmapped_pages(@freed) and lets go of the addresses: ORDER(tlb-flush).
 * Context: any.
 */
void unmap_kernel_range(unsigned long addr, unsigned long size, struct list_head *freed);
void free_unmapped_pages(struct list_head *freed);

/*
 * lookup_address - the entry that maps @addr, and its level (1: 4 KiB, 2: 2 MiB, 3: 1 GiB); NULL if nothing does.
 * Context: any.
 */
pte_t *lookup_address(unsigned long addr, unsigned int *level);

/* slow_virt_to_phys - what the tables say; ~0 if @addr is not mapped. Context: any. */
phys_addr_t slow_virt_to_phys(const void *addr);

/* kernel_addr_mapped - may a byte at @addr be read? For code that looks at foreign stacks. Context: any. */
bool kernel_addr_mapped(unsigned long addr);

/*
 * set_memory_ro, _rw, _x, _nx - change the rights of @numpages pages at @addr on all CPUs. Large pages are split.
 * Context: thread, interrupts on. Return: 0; -ENOMEM; -EINVAL if a page is not mapped; -EPERM if it would become
 * writable and executable.
 */
int set_memory_ro(unsigned long addr, int numpages);
int set_memory_rw(unsigned long addr, int numpages);
int set_memory_x(unsigned long addr, int numpages);
int set_memory_nx(unsigned long addr, int numpages);
