/* SPDX-License-Identifier: MIT */
/*
 * The address sanitizer: is this access allowed? (make KASAN=1)
 *
 * For each 8 bytes of RAM there is one byte of shadow, which says how many of them may be used. The compiler puts a
 * call in front of each load and store of the kernel, __asan_load4(addr) for one, that looks into the shadow. What is
 * allocated is allowed, what lies behind it or was freed is not: kasan_slab.c, and the page allocator, keep the books.
 *
 *	RAM	[ object of 20 bytes      | tag             ][ freed object            | tag  ]
 *	shadow	  00    00    04			       fb    fb    fb
 *			      ^ 4 of 8		fc fc fc
 *
 * The shadow is in pieces of 512 KiB, one for each 4 MiB of the direct map, of the image, and of modules as they come.
 * What lies elsewhere is not looked at: stacks and vmalloc() have unmapped pages around them, a null pointer faults.
 * Variables are guarded by kasan_global.c.
 *
 * This file and the slab allocator, which writes to what nobody else may, are compiled without the calls; lib/string.c
 * too, so memcpy() and memset() of everybody else are __asan_memcpy() and __asan_memset() (the Makefile renames them).
 *
 * Rejected: checks compiled in place. They need the shadow at one fixed address from the first instruction on. Guards
 * between the variables on a stack need the same (gcc writes their shadow in place), so there are none.
 *
 * Next: kasan_slab.c, kasan_global.c, kasan_report.c.
 */
#include "kasan.h"
#include <linux/kasan.h>
#include <linux/export.h>
#include <linux/gfp.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/string.h>
#include <asm/page.h>

#define CHUNK_SHIFT	22
#define CHUNKS		(1UL << (34 - CHUNK_SHIFT))	/* 16 GiB; RAM above is not looked at */
#define CALLER		((unsigned long)__builtin_return_address(0))

#define HIGH_CHUNKS	((MODULES_END - __START_KERNEL_map) >> CHUNK_SHIFT)

static u8 *chunks[CHUNKS];		/* of the direct map; constant after kasan_init() */
static u8 *high_chunks[HIGH_CHUNKS];	/* of image and modules; each is set once, under module_mutex */

u8 *kasan_shadow(unsigned long addr)
{
	bool high = addr >= __START_KERNEL_map;
	unsigned long offset = addr - (high ? __START_KERNEL_map : PAGE_OFFSET), chunk = offset >> CHUNK_SHIFT;
	u8 *shadow;

	if (chunk >= (high ? HIGH_CHUNKS : CHUNKS))
		return NULL;
	shadow = high ? READ_ONCE(high_chunks[chunk]) : chunks[chunk];
	return shadow ? shadow + ((offset & ((1UL << CHUNK_SHIFT) - 1)) >> 3) : NULL;
}

static u8 *new_chunk(gfp_t gfp)
{
	return (u8 *)__get_free_pages(gfp | __GFP_ZERO, CHUNK_SHIFT - 3 - PAGE_SHIFT);
}

bool kasan_make_shadow(unsigned long addr, size_t size)
{
	unsigned long chunk = (addr - __START_KERNEL_map) >> CHUNK_SHIFT;
	unsigned long last = (addr + size - 1 - __START_KERNEL_map) >> CHUNK_SHIFT;

	for (; chunk <= last; chunk++) {
		if (!high_chunks[chunk])
			WRITE_ONCE(high_chunks[chunk], new_chunk(GFP_ATOMIC));
		if (!high_chunks[chunk])
			return false;
	}
	return true;
}

void kasan_poison(const void *p, size_t size, u8 value)
{
	unsigned long addr = (unsigned long)p, end = addr + size;

	for (; addr < end; addr += 8) {
		u8 *shadow = kasan_shadow(addr);

		if (shadow)
			*shadow = value;
	}
}

void kasan_unpoison(const void *p, size_t size)
{
	u8 *last = kasan_shadow((unsigned long)p + size);

	kasan_poison(p, size & ~7UL, 0);
	if (size & 7 && last)
		*last = size & 7;
}

/* ---- the check ---- */

static bool byte_is_bad(unsigned long addr)
{
	u8 *shadow = kasan_shadow(addr);

	return shadow && *shadow && (*shadow > 7 || (addr & 7) >= *shadow);
}

/* Granule by granule: the last byte that is used in each decides. Return: where it is bad, or 0. */
static unsigned long first_bad(unsigned long addr, size_t size)
{
	unsigned long end = addr + size;

	while (addr < end) {
		unsigned long next = min((addr | 7) + 1, end);

		if (unlikely(byte_is_bad(next - 1)))
			return byte_is_bad(addr) ? addr : next - 1;
		addr = next;
	}
	return 0;
}

static __always_inline void check(unsigned long addr, size_t size, bool is_write, unsigned long ip)
{
	unsigned long bad = first_bad(addr, size);

	if (unlikely(bad))
		kasan_report(bad, size, is_write, ip);
}

/* What the compiler calls. */
#define ASAN_ACCESS(size)								\
void __asan_load##size##_noabort(unsigned long addr);					\
void __asan_load##size##_noabort(unsigned long addr)					\
{											\
	check(addr, size, false, CALLER);						\
}											\
EXPORT_SYMBOL(__asan_load##size##_noabort);						\
void __asan_store##size##_noabort(unsigned long addr);					\
void __asan_store##size##_noabort(unsigned long addr)					\
{											\
	check(addr, size, true, CALLER);						\
}											\
EXPORT_SYMBOL(__asan_store##size##_noabort)

ASAN_ACCESS(1);
ASAN_ACCESS(2);
ASAN_ACCESS(4);
ASAN_ACCESS(8);
ASAN_ACCESS(16);

void __asan_loadN_noabort(unsigned long addr, size_t size);
void __asan_loadN_noabort(unsigned long addr, size_t size)
{
	check(addr, size, false, CALLER);
}
EXPORT_SYMBOL(__asan_loadN_noabort);

void __asan_storeN_noabort(unsigned long addr, size_t size);
void __asan_storeN_noabort(unsigned long addr, size_t size)
{
	check(addr, size, true, CALLER);
}
EXPORT_SYMBOL(__asan_storeN_noabort);

void __asan_handle_no_return(void);
void __asan_handle_no_return(void)
{
}
EXPORT_SYMBOL(__asan_handle_no_return);

void *__asan_memcpy(void *to, const void *from, size_t n);
void *__asan_memcpy(void *to, const void *from, size_t n)
{
	check((unsigned long)from, n, false, CALLER);
	check((unsigned long)to, n, true, CALLER);
	return memcpy(to, from, n);
}
EXPORT_SYMBOL(__asan_memcpy);

void *__asan_memmove(void *to, const void *from, size_t n);
void *__asan_memmove(void *to, const void *from, size_t n)
{
	check((unsigned long)from, n, false, CALLER);
	check((unsigned long)to, n, true, CALLER);
	return memmove(to, from, n);
}
EXPORT_SYMBOL(__asan_memmove);

void *__asan_memset(void *s, int c, size_t n);
void *__asan_memset(void *s, int c, size_t n)
{
	check((unsigned long)s, n, true, CALLER);
	return memset(s, c, n);
}
EXPORT_SYMBOL(__asan_memset);

/* ---- pages ---- */

void kasan_alloc_pages(struct page *page, unsigned int order)
{
	kasan_poison(page_address(page), PAGE_SIZE << order, 0);
}

void kasan_free_pages(struct page *page, unsigned int order)
{
	kasan_poison(page_address(page), PAGE_SIZE << order, KASAN_FREE_PAGE);
}

/* What is in use by now may be used. */
void __init kasan_init(void)
{
	unsigned long last = (max_pfn - 1) >> (CHUNK_SHIFT - PAGE_SHIFT), chunk;
	static u8 *made[CHUNKS] __initdata;

	for (chunk = 0; chunk <= last && chunk < CHUNKS; chunk++)
		made[chunk] = new_chunk(GFP_ATOMIC);
	memcpy(chunks, made, sizeof(chunks));
	kasan_globals_init();
	pr_info("KASAN: every access to memory is checked\n");
}
