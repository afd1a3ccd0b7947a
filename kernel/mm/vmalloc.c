/* SPDX-License-Identifier: MIT */
/*
 * Address ranges made of single pages: vmalloc(), module_alloc(), ioremap().
 *
 * Two areas of addresses, 4 GiB for vmalloc and ioremap and 64 MiB within reach of the kernel's code for modules,
 * each with a bitmap that has one bit a page. Who wants n pages gets n + 1 addresses in a row; the last one stays
 * unmapped. So each mapping ends where nothing is mapped, and begins behind such a place: how long a mapping is, and
 * whether an address is the beginning of one, is asked of the page tables, and nothing else needs to be kept.
 *
 * Mappings of vmalloc() own their pages (_PAGE_OWNED in each entry), those of ioremap() do not: mixing up vfree() and
 * iounmap() is found out by that bit.
 *
 * Locking: each area's lock protects its bitmap and hint.
 *
 * ORDER(tlb-flush): unmap, flush all CPUs, then free pages, and last the addresses. As in stack.c.
 */
#include <linux/vmalloc.h>
#include <linux/bitmap.h>
#include <linux/bug.h>
#include <linux/export.h>
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <asm/pgtable.h>
#include <asm/tlbflush.h>

#define VMALLOC_PAGES	(VMALLOC_AREA_SIZE >> PAGE_SHIFT)
#define MODULES_PAGES	(MODULES_LEN >> PAGE_SHIFT)

struct va_area {
	unsigned long start, nr_pages;	/* constant */
	raw_spinlock_t lock;
	unsigned long *used;		/* a bit a page, under lock, as hint */
	unsigned long hint;		/* nothing is free below */
};

static unsigned long vmalloc_used[BITS_TO_LONGS(VMALLOC_PAGES)];
static unsigned long modules_used[BITS_TO_LONGS(MODULES_PAGES)];

/* The first page stays free, so that there is an unmapped page before the first mapping, too. */
static struct va_area vmalloc_area = {
	.start = VMALLOC_AREA_START, .nr_pages = VMALLOC_PAGES, .used = vmalloc_used, .hint = 1,
};

static struct va_area modules_area = {
	.start = MODULES_VADDR, .nr_pages = MODULES_PAGES, .used = modules_used, .hint = 1,
};

static unsigned long va_alloc(struct va_area *area, unsigned long nr)
{
	unsigned long bit, flags;

	nr++;	/* the guard page */
	raw_spin_lock_irqsave(&area->lock, flags);
	bit = bitmap_find_next_zero_area(area->used, area->nr_pages, area->hint, nr, 0);
	if (bit + nr <= area->nr_pages) {
		bitmap_set(area->used, bit, nr);
		if (bit == area->hint)
			area->hint = bit + nr;
	}
	raw_spin_unlock_irqrestore(&area->lock, flags);
	return bit + nr <= area->nr_pages ? area->start + bit * PAGE_SIZE : 0;
}

static void va_free(struct va_area *area, unsigned long addr, unsigned long nr)
{
	unsigned long bit = (addr - area->start) >> PAGE_SHIFT, flags;

	raw_spin_lock_irqsave(&area->lock, flags);
	bitmap_clear(area->used, bit, nr + 1);
	area->hint = min(area->hint, bit);
	raw_spin_unlock_irqrestore(&area->lock, flags);
}

unsigned long vmap_area_pages(const void *addr)
{
	unsigned long nr = 0;

	while (kernel_addr_mapped((unsigned long)addr + nr * PAGE_SIZE))
		nr++;
	return nr;
}

/* Is `addr` where a mapping of this area begins, one that owns its pages or one that does not? */
static bool is_mapping(struct va_area *area, unsigned long addr, bool owned)
{
	unsigned int level;
	pte_t *entry;

	if (addr & ~PAGE_MASK || addr <= area->start || addr >= area->start + area->nr_pages * PAGE_SIZE)
		return false;
	entry = lookup_address(addr, &level);
	return entry && !!(*entry & _PAGE_OWNED) == owned && !kernel_addr_mapped(addr - PAGE_SIZE);
}

static void unmap_area(struct va_area *area, unsigned long addr)
{
	unsigned long nr = vmap_area_pages((void *)addr);
	LIST_HEAD(freed);

	might_sleep();
	unmap_kernel_range(addr, nr * PAGE_SIZE, &freed);
	flush_tlb_kernel_range(addr, addr + nr * PAGE_SIZE);
	/* ORDER(tlb-flush): from here on no CPU remembers the mapping. */
	free_unmapped_pages(&freed);
	va_free(area, addr, nr);
}

/* Fill [addr, addr + nr pages) with pages of its own. On failure nothing stays. */
static int populate(unsigned long addr, unsigned long nr, gfp_t gfp)
{
	LIST_HEAD(freed);
	unsigned long done;

	for (done = 0; done < nr; done++) {
		struct page *page = alloc_page(gfp);

		if (!page)
			break;
		if (map_kernel_pages(addr + done * PAGE_SIZE, &page, 1, PAGE_KERNEL | _PAGE_OWNED, gfp & ~__GFP_ZERO)) {
			__free_page(page);
			break;
		}
	}
	if (done == nr)
		return 0;
	unmap_kernel_range(addr, done * PAGE_SIZE, &freed);
	flush_tlb_kernel_range(addr, addr + done * PAGE_SIZE);
	free_unmapped_pages(&freed);
	return -ENOMEM;
}

static void *area_alloc(struct va_area *area, unsigned long size, gfp_t gfp)
{
	unsigned long nr = PFN_UP(size), addr;

	if (!nr || nr > totalram_pages())
		return NULL;
	addr = va_alloc(area, nr);
	if (!addr)
		return NULL;
	if (populate(addr, nr, gfp)) {
		va_free(area, addr, nr);
		return NULL;
	}
	return (void *)addr;
}

void *__vmalloc(unsigned long size, gfp_t gfp)
{
	return area_alloc(&vmalloc_area, size, gfp);
}
EXPORT_SYMBOL(__vmalloc);

void *vmalloc(unsigned long size)
{
	return __vmalloc(size, GFP_KERNEL);
}
EXPORT_SYMBOL(vmalloc);

void *vzalloc(unsigned long size)
{
	return __vmalloc(size, GFP_KERNEL | __GFP_ZERO);
}
EXPORT_SYMBOL(vzalloc);

void vfree(const void *addr)
{
	if (!addr)
		return;
	if (WARN(!is_mapping(&vmalloc_area, (unsigned long)addr, true), "vfree: %px did not come from vmalloc()", addr))
		return;
	unmap_area(&vmalloc_area, (unsigned long)addr);
}
EXPORT_SYMBOL(vfree);

void *module_alloc(unsigned long size)
{
	return area_alloc(&modules_area, size, GFP_KERNEL);
}

void module_memfree(void *addr)
{
	if (!addr)
		return;
	if (WARN(!is_mapping(&modules_area, (unsigned long)addr, true),
		 "module_memfree: %px did not come from module_alloc()", addr))
		return;
	set_memory_nx((unsigned long)addr, vmap_area_pages(addr));
	unmap_area(&modules_area, (unsigned long)addr);
}

void *kvmalloc(size_t size, gfp_t gfp)
{
	void *p = size <= KMALLOC_MAX_SIZE ? kmalloc(size, size > PAGE_SIZE ? gfp | __GFP_NOWARN | __GFP_NORETRY : gfp)
					   : NULL;

	if (p || size <= PAGE_SIZE || !gfpflags_allow_blocking(gfp))
		return p;
	return __vmalloc(size, gfp);
}
EXPORT_SYMBOL(kvmalloc);

void kvfree(const void *p)
{
	if (is_vmalloc_addr(p))
		vfree(p);
	else
		kfree(p);
}
EXPORT_SYMBOL(kvfree);

/* ---- device memory ---- */

static void __iomem *ioremap_prot(phys_addr_t phys, unsigned long size, pgprot_t prot)
{
	unsigned long offset = phys & ~PAGE_MASK, nr = PFN_UP(offset + size), addr;

	if (WARN(!size || phys + size < phys || (phys + size - 1) >> 52,
		 "ioremap: %#lx bytes at %#llx are no physical range", size, phys))
		return NULL;
	addr = va_alloc(&vmalloc_area, nr);
	if (!addr)
		return NULL;
	if (map_kernel_range(addr, phys - offset, nr * PAGE_SIZE, prot, GFP_ATOMIC)) {
		va_free(&vmalloc_area, addr, nr);
		return NULL;
	}
	return (void __iomem *)(addr + offset);
}

void __iomem *ioremap(phys_addr_t phys, unsigned long size)
{
	return ioremap_prot(phys, size, PAGE_KERNEL_NOCACHE);
}
EXPORT_SYMBOL(ioremap);

void __iomem *ioremap_wc(phys_addr_t phys, unsigned long size)
{
	return ioremap_prot(phys, size, PAGE_KERNEL_WC);
}
EXPORT_SYMBOL(ioremap_wc);

void __iomem *ioremap_cache(phys_addr_t phys, unsigned long size)
{
	return ioremap_prot(phys, size, PAGE_KERNEL);
}
EXPORT_SYMBOL(ioremap_cache);

void iounmap(volatile void __iomem *addr)
{
	unsigned long start = (unsigned long)addr & PAGE_MASK;

	if (!addr)
		return;
	if (WARN(!is_mapping(&vmalloc_area, start, false), "iounmap: %px did not come from ioremap()", addr))
		return;
	unmap_area(&vmalloc_area, start);
}
EXPORT_SYMBOL(iounmap);

void *memremap(phys_addr_t phys, size_t size, unsigned long flags)
{
	unsigned long first = (unsigned long)__va(phys) & PAGE_MASK, last = (unsigned long)__va(phys + size - 1);

	if (flags & MEMREMAP_WC)
		return (void __force *)ioremap_wc(phys, size);
	for (unsigned long addr = first; addr <= last; addr += PAGE_SIZE)
		if (!kernel_addr_mapped(addr))
			return (void __force *)ioremap_cache(phys, size);
	return __va(phys);
}
EXPORT_SYMBOL(memremap);

void memunmap(void *addr)
{
	if (is_vmalloc_addr(addr))
		iounmap((void __iomem *)addr);
}
EXPORT_SYMBOL(memunmap);
