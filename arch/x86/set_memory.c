/* SPDX-License-Identifier: MIT */
/*
 * Changing the rights of pages that are mapped already: a module's code becomes read-only, then executable.
 *
 * No page may be writable and executable, through whichever of its addresses. So a page in the module range that
 * becomes executable becomes read-only in the direct map, and writable there again when it stops being executable.
 *
 * The direct map consists of large pages. A large page is split first: a table of 512 entries that say the same
 * replaces its entry. The tables of the direct map are never united again, nor freed.
 *
 * Locking: split_lock makes one split at a time. Rights of one page are changed by its owner only.
 */
#include <linux/mm.h>
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/spinlock.h>
#include <asm/pgtable.h>
#include <asm/tlbflush.h>

static DEFINE_RAW_SPINLOCK(split_lock);

/* Replaces a large page's entry by a table that maps the same in the next smaller pages. */
static void split_into(pte_t *entry, unsigned int level, pte_t *table)
{
	unsigned long step = PAGE_SIZE << 9 * (level - 2);
	pte_t value = *entry;

	if (level == 2)
		value &= ~_PAGE_PSE;
	for (unsigned int i = 0; i < PTRS_PER_TABLE; i++)
		table[i] = value + i * step;
	/* ORDER(page-table): filled in before any CPU walks through it. */
	smp_store_release(entry, __pa(table) | PAGE_KERNEL_TABLE);
}

/* The 4 KiB entry for addr, large pages split on the way. NULL: not mapped, or no memory (*err says which). */
static pte_t *small_entry(unsigned long addr, int *err)
{
	unsigned int level;
	unsigned long table, flags;
	pte_t *entry;

	for (;;) {
		entry = lookup_address(addr, &level);
		*err = -EINVAL;
		if (!entry || level == 1)
			return entry;
		table = __get_free_page(GFP_KERNEL);
		*err = -ENOMEM;
		if (!table)
			return NULL;
		raw_spin_lock_irqsave(&split_lock, flags);
		entry = lookup_address(addr, &level);
		if (entry && level > 1) {
			split_into(entry, level, (pte_t *)table);
			table = 0;
		}
		raw_spin_unlock_irqrestore(&split_lock, flags);
		free_page(table);
	}
}

static int change_page(unsigned long addr, pte_t set, pte_t clear)
{
	unsigned int level;
	pte_t *entry = lookup_address(addr, &level), value;
	int err;

	/* As wanted already: no reason to split anything, and nothing that can fail. */
	if (entry && ((*entry & ~clear) | set) == *entry)
		return 0;
	entry = small_entry(addr, &err);
	if (!entry)
		return err;
	value = (*entry & ~clear) | set;
	if (WARN_ONCE(value & _PAGE_RW && !(value & _PAGE_NX),
		      "page %#lx would be writable and executable: make it read-only first", addr))
		return -EPERM;
	WRITE_ONCE(*entry, value);
	return 0;
}

/* The same page's face in the direct map follows the rights of a module's page. */
static int change_face(unsigned long addr, pte_t set, pte_t clear)
{
	phys_addr_t phys;

	if (addr < MODULES_VADDR || addr >= MODULES_END)
		return 0;
	phys = slow_virt_to_phys((void *)addr);
	return change_page((unsigned long)__va(phys), set, clear);
}

static int change_pages(unsigned long addr, int numpages, pte_t set, pte_t clear)
{
	bool to_x = clear & _PAGE_NX, to_nx = set & _PAGE_NX;
	int err = 0;

	for (int i = 0; i < numpages && !err; i++) {
		unsigned long page = (addr & PAGE_MASK) + i * PAGE_SIZE;

		if (to_x)
			err = change_face(page, 0, _PAGE_RW);
		err = err ?: change_page(page, set, clear);
		if (to_nx)
			err = err ?: change_face(page, _PAGE_RW, 0);
	}
	flush_tlb_all();
	return err;
}

int set_memory_ro(unsigned long addr, int numpages)
{
	return change_pages(addr, numpages, 0, _PAGE_RW);
}
EXPORT_SYMBOL(set_memory_ro);

int set_memory_rw(unsigned long addr, int numpages)
{
	return change_pages(addr, numpages, _PAGE_RW, 0);
}
EXPORT_SYMBOL(set_memory_rw);

int set_memory_x(unsigned long addr, int numpages)
{
	return change_pages(addr, numpages, 0, _PAGE_NX);
}
EXPORT_SYMBOL(set_memory_x);

int set_memory_nx(unsigned long addr, int numpages)
{
	return change_pages(addr, numpages, _PAGE_NX, 0);
}
EXPORT_SYMBOL(set_memory_nx);
