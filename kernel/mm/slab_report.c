/* SPDX-License-Identifier: MIT */
/*
 * What is said when an object was misused: which one, how, by whom, and the bytes. Then the kernel goes on.
 *
 *   slab: overrun: bytes behind the end of an object were written. kmalloc-64, object 0xffff888001234560
 *     50 of 64 bytes in use; allocated by my_init+0x1c/0x90, last freed by kfree_const+0x20/0x30,
 *     noticed by my_exit+0x20/0x40
 *     object: 41 41 ...
 *     behind: cc cc ...
 *
 * "allocated" and "last freed" are the latest of each; what is in use now was freed before, if ever.
 */
#include "slab.h"
#include <linux/kasan.h>
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/string.h>

unsigned long slab_error_count;

static const char * const sentences[] = {
	[SLAB_WRITE_AFTER_FREE]	= "write after free: an object was written to while it was free",
	[SLAB_OVERRUN]		= "overrun: bytes behind the end of an object were written",
	[SLAB_DOUBLE_FREE]	= "double free: an object was freed that is free already",
	[SLAB_BAD_POINTER]	= "bad free: the pointer is not the beginning of an object, as kmalloc() returned it",
	[SLAB_WRONG_CACHE]	= "bad free: the object is not one of this cache",
	[SLAB_LEAK]		= "left over: the cache is to go and this object is in use",
};

/* A code address of which the tag kept the lower half. */
static void *whole_ip(u32 ip)
{
	return ip ? (void *)(0xffffffff00000000UL | ip) : NULL;
}

static void print_object(struct kmem_cache *s, void *object, unsigned long caller)
{
	struct slab_tag *tag = tag_of(s, object);
	int shown = min_t(u32, s->tag_offset, 64);

	pr_err("  %u of %u bytes in use; allocated by %pS, last freed by %pS,\n  noticed by %pS\n", tag->size,
	       s->object_size, whole_ip(tag->alloc_ip), whole_ip(tag->free_ip), (void *)caller);
	if (tag->pid)
		pr_err("  the last of them in thread %u\n", tag->pid);
	pr_err("  object: %*ph\n", shown, object);
	pr_err("  behind: %*ph\n", (int)sizeof(tag->red), tag);
}

void slab_report(struct kmem_cache *s, void *object, enum slab_mistake mistake, unsigned long caller)
{
	slab_error_count++;
	kasan_disable_current();
	pr_err("slab: %s. %s, object 0x%px\n", sentences[mistake], s->name, object);
	if (mistake == SLAB_BAD_POINTER || mistake == SLAB_WRONG_CACHE)
		pr_err("  freed by %pS\n", (void *)caller);
	else
		print_object(s, object, caller);
	if (mistake != SLAB_LEAK)
		dump_stack();
	kasan_enable_current();
}

void slab_report_not_ours(const void *p, unsigned long caller)
{
	slab_error_count++;
	pr_err("slab: bad pointer: 0x%px did not come from kmalloc(). Given by %pS\n", p, (void *)caller);
	dump_stack();
}
