/* SPDX-License-Identifier: MIT */
/*
 * Fixed mappings: one page table in the image, 512 pages of addresses.
 *
 *	FIXADDR_START	| APIC | HPET | IOAPICs |      window: firmware tables, while they are read      |
 *
 * The table is its own record: a slot is free if its entry is not present. Nothing here allocates or locks: all of it
 * happens on CPU 0 before the others run. They load the same top table later and find the registers where they are.
 */
#include <asm/fixmap.h>
#include <linux/bug.h>
#include <linux/compiler.h>
#include <linux/init.h>
#include <linux/printk.h>
#include <asm/page.h>
#include <asm/processor.h>

pte_t fixmap_table[PTRS_PER_TABLE] __aligned(PAGE_SIZE);

static unsigned long fix_to_virt(unsigned int idx)
{
	return FIXADDR_START + idx * PAGE_SIZE;
}

/* An address that no CPU could put on its bus would not fail but fault. */
static bool is_physical(phys_addr_t phys, unsigned long size)
{
	if (phys + size > phys && !((phys + size - 1) >> boot_cpu_data.x86_phys_bits))
		return true;
	pr_warn("fixmap: %#lx bytes at %#llx are no physical memory of this machine\n", size, phys);
	return false;
}

static void set_slot(unsigned int idx, pte_t entry)
{
	WRITE_ONCE(fixmap_table[idx], entry);
	asm volatile("invlpg (%0)" : : "r"(fix_to_virt(idx)) : "memory");
}

volatile void * __init set_fixmap_offset_nocache(enum fixed_addresses idx, phys_addr_t phys)
{
	if (WARN(fixmap_table[idx], "fixmap: slot %u is taken", idx) || !is_physical(phys, 1))
		return NULL;
	set_slot(idx, (phys & PAGE_MASK) | PAGE_KERNEL_NOCACHE);
	return (volatile void *)(fix_to_virt(idx) + offset_in_page(phys));
}

void __init clear_fixmap(enum fixed_addresses idx)
{
	set_slot(idx, 0);
}

/* The first of nr free slots in a row; 0 if there is no such place. */
static unsigned int __init find_free_slots(unsigned long nr)
{
	unsigned int idx, run = 0;

	for (idx = FIX_WINDOW_BEGIN; idx <= FIX_WINDOW_END; idx++) {
		run = fixmap_table[idx] ? 0 : run + 1;
		if (run == nr)
			return idx + 1 - run;
	}
	return 0;
}

void * __init early_memremap(phys_addr_t phys, unsigned long size)
{
	unsigned long offset = offset_in_page(phys), nr = PAGE_ALIGN(offset + size) / PAGE_SIZE;
	unsigned int first;

	if (!is_physical(phys, size))
		return NULL;
	first = find_free_slots(nr);
	if (!first) {
		pr_warn("fixmap: the window has no room for %#lx bytes at %#llx\n", size, phys);
		return NULL;
	}
	for (unsigned int i = 0; i < nr; i++)
		set_slot(first + i, (phys - offset + i * PAGE_SIZE) | PAGE_KERNEL);
	return (void *)(fix_to_virt(first) + offset);
}

void __init early_memunmap(void *addr, unsigned long size)
{
	unsigned long first = ((unsigned long)addr - FIXADDR_START) / PAGE_SIZE;
	unsigned long nr = PAGE_ALIGN(offset_in_page(addr) + size) / PAGE_SIZE;

	if (WARN(first < FIX_WINDOW_BEGIN || first + nr > PTRS_PER_TABLE,
		 "early_memunmap: %px did not come from early_memremap()", addr))
		return;
	while (nr--)
		set_slot(first + nr, 0);
}
