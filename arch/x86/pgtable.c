/* SPDX-License-Identifier: MIT */
/*
 * The kernel's page tables: one address space for every thread and every CPU.
 *
 *   swapper_pg_dir --+-- direct map    built once from boot_info, in the largest pages that fit
 *                    +-- VMALLOC       stacks, vmalloc, ioremap: 4 KiB pages that come and go
 *                    +-- image, modules
 *                    +-- fixmap        the machine's registers, a table of its own (fixmap.c)
 *
 * paging_init() builds it. Rights: text runs and cannot be written, rodata neither, everything else is written and
 * cannot run; and because each page of the image is also in the direct map, its second face there gets no more than
 * the first (nothing that runs can be written through another door). Nothing is mapped at low addresses, so a null
 * pointer faults.
 *
 * In the VMALLOC and module ranges the upper tables exist from the start and stay; only the last level (a page of 512
 * entries, 2 MiB) is made on demand. Its struct page counts the entries in use, so it goes when the last one goes.
 *
 * Locking: pgtable_lock protects all entries of those two ranges. Entries are read without it (lookup_address(), for
 * instance by the double fault handler): each is one word, stored at once; a table that was taken out of the tree is
 * freed only after all CPUs have flushed, which one with interrupts off keeps waiting. So a reader either has them off
 * (kernel_addr_mapped()) or looks at what is alive, whose tables therefore are, too.
 *
 * ORDER(tlb-flush): entries are cleared (unmap_kernel_range()), then every CPU forgets them (flush_tlb_all(), which
 * returns when all have), and only then may pages, tables and addresses be used again (free_unmapped_pages()). The IPI
 * is the barrier on both sides.
 *
 * Rejected: global pages. There is one address space, CR3 is only reloaded in order to flush, and global pages would
 * survive just that.
 *
 * Read next: kernel/mm/stack.c, its most frequent user; set_memory.c for changing rights.
 */
#include <linux/mm.h>
#include <linux/bug.h>
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/panic.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <asm/boot_info.h>
#include <asm/cpufeature.h>
#include <asm/fixmap.h>
#include <asm/msr.h>
#include <asm/pgtable.h>
#include <asm/switch_to.h>
#include <asm/processor.h>
#include <asm/tlbflush.h>

/* PAT: what PWT and PCD mean, eight entries. As after reset, but entry 1 (PWT alone) is write combining. */
#define PAT_VALUE	0x0007040600070106UL

#define FLUSH_ONE_BY_ONE	32	/* more pages than that: forget everything */

pte_t swapper_pg_dir[PTRS_PER_TABLE] __attribute__((aligned(PAGE_SIZE)));
unsigned long tlb_shootdown_count;

static DEFINE_RAW_SPINLOCK(pgtable_lock);

extern char _text[], _stext[], _etext[], _sinittext[], _einittext[], __start_rodata[], __end_rodata[], _end[];

static unsigned int index_at(unsigned long addr, int level)
{
	return addr >> (PAGE_SHIFT + 9 * (level - 1)) & (PTRS_PER_TABLE - 1);
}

static pte_t *table_of(pte_t entry)
{
	return __va(entry & PTE_PHYS_MASK);
}

pte_t *lookup_address(unsigned long addr, unsigned int *level)
{
	pte_t *table = swapper_pg_dir;

	for (*level = 4; ; (*level)--) {
		/* ORDER(page-table): the CPU's walk and this one find filled in what an entry points to. */
		pte_t *entry = &table[index_at(addr, *level)], value = smp_load_acquire(entry);

		if (!(value & _PAGE_PRESENT))
			return NULL;
		if (*level == 1 || value & _PAGE_PSE)
			return entry;
		table = table_of(value);
	}
}

phys_addr_t slow_virt_to_phys(const void *p)
{
	unsigned long addr = (unsigned long)p, size;
	unsigned int level;
	pte_t *entry = lookup_address(addr, &level);

	if (!entry)
		return ~0UL;
	size = PAGE_SIZE << 9 * (level - 1);
	return (*entry & PTE_PHYS_MASK & ~(size - 1)) | (addr & (size - 1));
}

bool kernel_addr_mapped(unsigned long addr)
{
	unsigned long flags;
	unsigned int level;
	bool mapped;

	/* Addresses between the two halves are none at all: using one is another fault than a missing page. */
	if (addr < PAGE_OFFSET)
		return false;
	/* ORDER(tlb-flush): with interrupts off here no flush is over, so no table on our way is freed. */
	local_irq_save(flags);
	mapped = lookup_address(addr, &level);
	local_irq_restore(flags);
	return mapped;
}

/* ---- flushing ---- */

void flush_tlb_local(void)
{
	write_cr3(read_cr3());
}

struct flush_range {
	unsigned long start, end;
};

static void flush_here(void *info)
{
	struct flush_range *r = info;

	if (r->end - r->start > FLUSH_ONE_BY_ONE * PAGE_SIZE) {
		flush_tlb_local();
		return;
	}
	for (unsigned long addr = r->start; addr < r->end; addr += PAGE_SIZE)
		asm volatile("invlpg (%0)" : : "r"(addr) : "memory");
}

void flush_tlb_kernel_range(unsigned long start, unsigned long end)
{
	struct flush_range r = { start & PAGE_MASK, PAGE_ALIGN(end) };
	unsigned long flags;

	/* ORDER(tlb-flush): the entries were cleared before this. */
	tlb_shootdown_count++;
	if (num_online_cpus() > 1) {
		on_each_cpu(flush_here, &r, 1);
		return;
	}
	local_irq_save(flags);
	flush_here(&r);
	local_irq_restore(flags);
}

void flush_tlb_all(void)
{
	flush_tlb_kernel_range(0, PAGE_MASK);
}

/* ---- mapping and unmapping single pages ---- */

/* The entry of the level above that points, or will point, to the last-level table for addr. */
static pte_t *table_entry(unsigned long addr)
{
	pte_t *pud = table_of(swapper_pg_dir[index_at(addr, 4)]);
	pte_t *pmd = table_of(pud[index_at(addr, 3)]);

	return &pmd[index_at(addr, 2)];
}

static bool in_page_ranges(unsigned long addr, unsigned long size)
{
	return (addr >= VMALLOC_START && addr + size <= VMALLOC_END) ||
	       (addr >= MODULES_VADDR && addr + size <= MODULES_END);
}

/* How many of nr pages from addr on have their entries in one last-level table. */
static unsigned long in_one_table(unsigned long addr, unsigned long nr)
{
	return min(nr, (unsigned long)PTRS_PER_TABLE - index_at(addr, 1));
}

/* Make sure of a table that holds addr's entry, and that it stays: nr of its entries are spoken for. */
static int reserve_entries(unsigned long addr, unsigned long nr, gfp_t gfp)
{
	pte_t *entry = table_entry(addr);
	struct page *fresh = NULL;
	unsigned long flags;

	raw_spin_lock_irqsave(&pgtable_lock, flags);
	while (!(*entry & _PAGE_PRESENT)) {
		if (fresh) {
			fresh->inuse = 0;
			/* ORDER(page-table): zeroed before. */
			smp_store_release(entry, page_to_phys(fresh) | PAGE_KERNEL_TABLE);
			fresh = NULL;
			break;
		}
		raw_spin_unlock_irqrestore(&pgtable_lock, flags);
		fresh = alloc_page(gfp | __GFP_ZERO);
		if (!fresh)
			return -ENOMEM;
		raw_spin_lock_irqsave(&pgtable_lock, flags);
	}
	virt_to_page(table_of(*entry))->inuse += nr;
	raw_spin_unlock_irqrestore(&pgtable_lock, flags);
	if (fresh)
		__free_page(fresh);
	return 0;
}

/* nr entries of the table that holds addr's are used no more. The last one takes the table out of the tree. */
static void release_entries(unsigned long addr, unsigned long nr, struct list_head *freed)
{
	pte_t *entry = table_entry(addr);
	struct page *page = virt_to_page(table_of(*entry));

	lockdep_assert_held(&pgtable_lock);
	BUG_ON(page->inuse < nr);
	page->inuse -= nr;
	if (page->inuse == 0) {
		WRITE_ONCE(*entry, 0);
		list_add(&page->lru, freed);
	}
}

static void undo_reservation(unsigned long addr, unsigned long nr)
{
	unsigned long flags;
	LIST_HEAD(freed);

	raw_spin_lock_irqsave(&pgtable_lock, flags);
	for (unsigned long n; nr; addr += n * PAGE_SIZE, nr -= n) {
		n = in_one_table(addr, nr);
		release_entries(addr, n, &freed);
	}
	raw_spin_unlock_irqrestore(&pgtable_lock, flags);
	if (!list_empty(&freed))
		flush_tlb_all();
	free_unmapped_pages(&freed);
}

static int reserve_range(unsigned long addr, unsigned long nr, gfp_t gfp)
{
	unsigned long n;

	for (unsigned long done = 0; done < nr; done += n) {
		n = in_one_table(addr + done * PAGE_SIZE, nr - done);
		if (reserve_entries(addr + done * PAGE_SIZE, n, gfp)) {
			undo_reservation(addr, done);
			return -ENOMEM;
		}
	}
	return 0;
}

static void set_entry(unsigned long addr, pte_t value)
{
	pte_t *entry = table_of(*table_entry(addr)) + index_at(addr, 1);

	WARN_ONCE(*entry & _PAGE_PRESENT, "address %#lx is mapped a second time", addr);
	WRITE_ONCE(*entry, value);
}

int map_kernel_range(unsigned long addr, phys_addr_t phys, unsigned long size, pgprot_t prot, gfp_t gfp)
{
	if (WARN_ONCE(!in_page_ranges(addr, size), "address %#lx is not one to map pages to", addr))
		return -EINVAL;
	if (reserve_range(addr, size >> PAGE_SHIFT, gfp))
		return -ENOMEM;
	for (unsigned long done = 0; done < size; done += PAGE_SIZE)
		set_entry(addr + done, (phys + done) | prot);
	return 0;
}

int map_kernel_pages(unsigned long addr, struct page **pages, unsigned int nr, pgprot_t prot, gfp_t gfp)
{
	if (WARN_ONCE(!in_page_ranges(addr, nr * PAGE_SIZE), "address %#lx is not one to map pages to", addr))
		return -EINVAL;
	if (reserve_range(addr, nr, gfp))
		return -ENOMEM;
	for (unsigned int i = 0; i < nr; i++)
		set_entry(addr + i * PAGE_SIZE, page_to_phys(pages[i]) | prot);
	return 0;
}

void unmap_kernel_range(unsigned long addr, unsigned long size, struct list_head *freed)
{
	unsigned long end = addr + size, n, flags;

	if (WARN_ONCE(!in_page_ranges(addr, size), "address %#lx is not one to unmap pages from", addr))
		return;
	raw_spin_lock_irqsave(&pgtable_lock, flags);
	for (; addr < end; addr += n * PAGE_SIZE) {
		pte_t *table, entry = *table_entry(addr);
		unsigned long used = 0;

		n = in_one_table(addr, (end - addr) >> PAGE_SHIFT);
		if (!(entry & _PAGE_PRESENT))
			continue;
		table = table_of(entry) + index_at(addr, 1);
		for (unsigned long i = 0; i < n; i++) {
			pte_t old = table[i];

			if (!(old & _PAGE_PRESENT))
				continue;
			WRITE_ONCE(table[i], 0);
			used++;
			if (old & _PAGE_OWNED)
				list_add(&pfn_to_page(PHYS_PFN(old & PTE_PHYS_MASK))->lru, freed);
		}
		release_entries(addr, used, freed);
	}
	raw_spin_unlock_irqrestore(&pgtable_lock, flags);
}

void free_unmapped_pages(struct list_head *freed)
{
	struct page *page, *next;

	/* ORDER(tlb-flush): the caller has flushed; nobody remembers these pages' old addresses. */
	list_for_each_entry_safe(page, next, freed, lru) {
		list_del(&page->lru);
		__free_page(page);
	}
}

/* ---- building the final tables ---- */

static pte_t * __init new_table(void)
{
	unsigned long table = get_zeroed_page(GFP_ATOMIC);

	if (!table)
		panic("too little memory: no page left for the kernel's page tables");
	return (pte_t *)table;
}

/* The table that addr's entry at this level points to, made if need be. */
static pte_t * __init table_below(pte_t *table, unsigned long addr, int level)
{
	pte_t *entry = &table[index_at(addr, level)];

	if (!(*entry & _PAGE_PRESENT))
		*entry = __pa(new_table()) | PAGE_KERNEL_TABLE;
	return table_of(*entry);
}

/* The largest page, as a level, that can map [addr, end) to phys at its beginning. */
static int __init best_level(unsigned long addr, phys_addr_t phys, unsigned long end)
{
	for (int level = boot_cpu_has(X86_FEATURE_GBPAGES) ? 3 : 2; level > 1; level--) {
		unsigned long size = PAGE_SIZE << 9 * (level - 1);

		if (!((addr | phys) & (size - 1)) && end - addr >= size)
			return level;
	}
	return 1;
}

static void __init map_early(unsigned long addr, phys_addr_t phys, unsigned long size, pgprot_t prot)
{
	unsigned long end = addr + size;

	while (addr < end) {
		int goal = best_level(addr, phys, end), level = 4;
		unsigned long step = PAGE_SIZE << 9 * (goal - 1);
		pte_t *table = swapper_pg_dir;

		for (; level > goal; level--)
			table = table_below(table, addr, level);
		table[index_at(addr, level)] = phys | prot | (level > 1 ? _PAGE_PSE : 0);
		addr += step;
		phys += step;
	}
}

/*
 * A part of the image, and its second face in the direct map: both with the rights given, but the face never runs.
 * In 4 KiB pages where the direct map has a neighbour with other rights: parts begin and end anywhere.
 */
static void __init map_image_part(const char *start, const char *end, pgprot_t prot)
{
	map_early((unsigned long)start, __pa_symbol(start), end - start, prot);
	map_early((unsigned long)__va(__pa_symbol(start)), __pa_symbol(start), end - start, prot | _PAGE_NX);
}

static void __init map_ram(u64 start, u64 end)
{
	u64 image = __pa_symbol(_text), image_end = __pa_symbol(_end);

	if (start < image)
		map_early((unsigned long)__va(start), start, min(end, image) - start, PAGE_KERNEL);
	if (end > image_end) {
		start = max(start, image_end);
		map_early((unsigned long)__va(start), start, end - start, PAGE_KERNEL);
	}
}

static void __init build_direct_map(void)
{
	u64 done = 1UL << 20;

	map_ram(0, done);
	for (unsigned int i = 0; i < boot_info.nr_mem; i++) {
		struct boot_mem *m = &boot_info.mem[i];
		u64 start = max(m->start & PAGE_MASK, done), end = min(PAGE_ALIGN(m->end), 1ULL << MAX_PHYSMEM_BITS);

		if (m->type == BOOT_MEM_RESERVED || m->type == BOOT_MEM_BAD || start >= end)
			continue;
		map_ram(start, end);
		done = end;
	}
}

static void __init build_image(void)
{
	map_image_part(_text, _etext, PAGE_KERNEL_ROX);
	map_image_part(_sinittext, _einittext, PAGE_KERNEL_ROX);
	map_image_part(_einittext, __start_rodata, PAGE_KERNEL);
	map_image_part(__start_rodata, __end_rodata, PAGE_KERNEL_RO);
	map_image_part(__end_rodata, (char *)init_stack_and_guard, PAGE_KERNEL);
	map_image_part((char *)init_stack, _end, PAGE_KERNEL);
}

/* The middle tables of the ranges where pages come and go: there once and for all. */
static void __init build_page_ranges(void)
{
	unsigned long addr;

	for (addr = VMALLOC_START; addr < VMALLOC_END; addr += PUD_SIZE)
		table_below(table_below(swapper_pg_dir, addr, 4), addr, 3);
	for (addr = MODULES_VADDR & PUD_MASK; addr < MODULES_END; addr += PUD_SIZE)
		table_below(table_below(swapper_pg_dir, addr, 4), addr, 3);
}

static void __init hang_in_fixmap(void)
{
	pte_t *pmd = table_below(table_below(swapper_pg_dir, FIXADDR_START, 4), FIXADDR_START, 3);

	pmd[index_at(FIXADDR_START, 2)] = __pa_symbol(fixmap_table) | PAGE_KERNEL_TABLE;
}

void paging_init_cpu(void)
{
	if (boot_cpu_has(X86_FEATURE_PAT))
		wrmsrl(MSR_IA32_PAT, PAT_VALUE);
	flush_tlb_local();
}

void __init paging_init(void)
{
	BUILD_BUG_ON(sizeof(struct page) != 32);
	build_direct_map();
	build_image();
	build_page_ranges();
	hang_in_fixmap();
	write_cr3(__pa_symbol(swapper_pg_dir));
}
