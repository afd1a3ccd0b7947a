/* SPDX-License-Identifier: MIT */
/*
 * What KASAN says about a bad access: where, of what, and who allocated and freed that. The access then happens.
 *
 *	BUG: KASAN: use-after-free in my_work+0x1c/0x90
 *	Write of size 4 at addr ffff888001234568 by thread worker (12)
 *	 (backtrace)
 *	Allocated by: (backtrace)	Freed by: (backtrace)
 *	The address is 8 bytes inside an object of 32 bytes at ffff888001234560 of the cache kmalloc-32
 *
 * or, of a variable: The address is 0 bytes behind the end of the variable table of 40 bytes, of my_module.c
 *
 * One report at a time: what is printed is read by code that is checked, too.
 */
#include "kasan.h"
#include "slab.h"
#include <linux/kasan.h>
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/upcall.h>

unsigned long kasan_report_count;

static atomic_t quiet = ATOMIC_INIT(0);	/* one for each who asked for quiet, and for the report that is made */

void kasan_disable_current(void)
{
	atomic_inc(&quiet);
}

void kasan_enable_current(void)
{
	atomic_dec(&quiet);
}

static void print_trace(const char *what, const u32 *trace)
{
	pr_err("%s by:\n", what);
	for (int i = 0; i < KASAN_TRACE && trace[i]; i++)
		pr_err(" %pS\n", (void *)(0xffffffff00000000UL | trace[i]));
}

static void describe_object(struct kmem_cache *s, unsigned long addr, bool freed)
{
	void *object = object_around(s, (void *)addr);
	struct slab_tag *tag = tag_of(s, object);
	long inside = addr - (unsigned long)object;

	print_trace("Allocated", tag->alloc_trace);
	if (freed)
		print_trace("Freed", tag->free_trace);
	if (inside < tag->size)
		pr_err("The address is %ld bytes inside an object of %u bytes at %px of the cache %s\n", inside,
		       tag->size, object, s->name);
	else
		pr_err("The address is %ld bytes behind the end of an object of %u bytes at %px of the cache %s\n",
		       inside - tag->size, tag->size, object, s->name);
}

/* Of what the address is, or is next to. A page that is free tells nothing. */
static void describe(unsigned long addr, u8 shadow)
{
	struct kmem_cache *s = virt_addr_valid((void *)addr) ? virt_to_page((void *)addr)->slab_cache : NULL;

	if (s)
		describe_object(s, addr, shadow == KASAN_FREED);
	else
		kasan_describe_global(addr);
}

/* Why it is bad: a granule of which some bytes are allowed does not say, but the one behind it does. */
static u8 kind_of(unsigned long addr)
{
	u8 *shadow = kasan_shadow(addr);

	return *shadow > 7 ? *shadow : shadow[1];
}

static const char *name_of(u8 shadow)
{
	switch (shadow) {
	case KASAN_FREED:
		return "use-after-free";
	case KASAN_FREE_PAGE:
		return "use-after-free of a page";
	case KASAN_GLOBAL:
		return "global-out-of-bounds";
	default:
		return "slab-out-of-bounds";
	}
}

void kasan_report(unsigned long addr, size_t size, bool is_write, unsigned long ip)
{
	u8 shadow = kind_of(addr);

	if (atomic_cmpxchg(&quiet, 0, 1))
		return;
	kasan_report_count++;
	pr_err("BUG: KASAN: %s in %pS\n", name_of(shadow), (void *)ip);
	pr_err("%s of size %zu at addr %px by thread %s (%d)\n", is_write ? "Write" : "Read", size, (void *)addr,
	       upcall_current_comm(), upcall_current_pid());
	dump_stack();
	describe(addr, shadow);
	kasan_enable_current();
}
