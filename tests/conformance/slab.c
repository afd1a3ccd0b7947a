/* SPDX-License-Identifier: MIT */
/* kmalloc() and caches: zeroed or not null, sizes, constructors, resizing, what zero bytes are, copies of strings. */
#include "promise.h"
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

struct thing {
	long	a, b, c;
};

static void construct(void *p)
{
	((struct thing *)p)->b = 42;
}

static void run(void)
{
	struct kmem_cache *cache = kmem_cache_create("things", sizeof(struct thing), 0, 0, construct);
	struct thing *t = kmem_cache_alloc(cache, GFP_KERNEL);
	char *p;

	ask(t->b);
	ask(kmem_cache_size(cache));
	kmem_cache_free(cache, t);
	kmem_cache_destroy(cache);
	kmem_cache_destroy(NULL);
	p = kzalloc(100, GFP_KERNEL);
	ask(memchr_inv(p, 0, 100) == NULL);
	ask(ksize(p) >= 100);
	strcpy(p, "kept");
	p = krealloc(p, 5000, GFP_KERNEL);
	ask_text(p);
	kfree(p);
	p = kmalloc(0, GFP_KERNEL);
	ask(p == ZERO_SIZE_PTR);
	ask(ZERO_OR_NULL_PTR(p));
	kfree(p);
	kfree(NULL);
	ask_pointer(kmalloc_array(SIZE_MAX / 2, 4, GFP_KERNEL));
	ask_pointer(kcalloc(SIZE_MAX / 2, 4, GFP_KERNEL));
	p = kstrdup("copied", GFP_KERNEL);
	ask_text(p);
	kfree(p);
	ask_pointer(kstrdup(NULL, GFP_KERNEL));
	p = kstrndup("shortened", 5, GFP_KERNEL);
	ask_text(p);
	kfree(p);
	p = kasprintf(GFP_KERNEL, "%d and %s", 7, "eight");
	ask_text(p);
	kfree(p);
	p = kmemdup("abc", 4, GFP_KERNEL);
	ask_text(p);
	kfree_sensitive(p);
	p = vzalloc(3 * PAGE_SIZE);
	ask(is_vmalloc_addr(p));
	ask(p[3 * PAGE_SIZE - 1]);
	vfree(p);
	p = kvmalloc(100, GFP_KERNEL);
	ask_pointer(p);
	kvfree(p);
}
promise(run);
