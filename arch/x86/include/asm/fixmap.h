/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The machine's own mappings: addresses known when compiling, to which a physical page is put at run time. So APIC and
 * timers need no allocator, and firmware tables can be read before there is one to speak of.
 * Device memory for anybody else: ioremap() in <linux/io.h>.
 */
#include <asm/acpi.h>
#include <asm/pgtable_types.h>

/* Slots of one page each. The last range is the window for early_memremap(). */
enum fixed_addresses {
	FIX_APIC_BASE,
	FIX_HPET_BASE,
	FIX_IO_APIC_BASE_0,
	FIX_IO_APIC_BASE_END = FIX_IO_APIC_BASE_0 + ACPI_MAX_IOAPICS - 1,
	FIX_WINDOW_BEGIN,
	FIX_WINDOW_END = PTRS_PER_TABLE - 1,
};

/* The last-level table behind FIXADDR_START; paging_init() hangs it into the tree. */
extern pte_t fixmap_table[PTRS_PER_TABLE];

/*
 * set_fixmap_offset_nocache - put the page with @phys, uncached, to slot @idx, which must be free.
 * clear_fixmap - the slot is free again.
 * Context: boot, after paging_init(), before other CPUs run. Return: the address of @phys, up to the end of that page;
 * NULL, with a sentence in the log, if no CPU could put @phys on its bus.
 */
volatile void *set_fixmap_offset_nocache(enum fixed_addresses idx, phys_addr_t phys);
void clear_fixmap(enum fixed_addresses idx);

/*
 * early_memremap - @size bytes at @phys as normal memory, for a moment. The window has room for nearly 2 MiB in all.
 * early_memunmap - the end of it; @size as before.
 * Context, Return: as above; NULL also if the window has no room left.
 */
void *early_memremap(phys_addr_t phys, unsigned long size);
void early_memunmap(void *addr, unsigned long size);
