/* SPDX-License-Identifier: MIT */
/*
 * Torture of memory: objects, pages, mappings and stacks come and go, some allocations are told to fail. What must
 * hold:
 *
 *	nothing is given to two at once: what its owner wrote is still there when he frees it
 *	an allocation fails when it was told to, and the next one does not
 */
#include "torture.h"

#include <linux/fault-inject.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#define PARCELS 64

/* What was allocated and is exchanged as a whole: who has taken it out of its place owns it. */
struct parcel {
	size_t size;
	u8 fill;
	bool virtual;			/* by vmalloc() */
	u8 bytes[];
};

static struct parcel *parcels[PARCELS];

static void give_back(struct parcel *p)
{
	if (!p)
		return;
	if (memchr_inv(p->bytes, p->fill, p->size))
		test_blame("%zu bytes at %px were written by somebody else", p->size, p);
	if (p->virtual)
		vfree(p);
	else
		kfree(p);
}

static struct parcel *fill(struct parcel *p, size_t size, u8 with, bool virtual)
{
	if (!p)
		return NULL;
	*p = (struct parcel){ .size = size, .fill = with, .virtual = virtual };
	memset(p->bytes, with, size);
	return p;
}

/* Whoever puts one in gets the one that was there, and frees it: allocated here, freed there. */
static void op_kmalloc(struct actor *a)
{
	size_t size = draw(a, 8) ? draw(a, 700) : draw(a, 30000);
	struct parcel *p = kmalloc(sizeof(*p) + size, GFP_KERNEL | __GFP_NOWARN);

	give_back(xchg(&parcels[draw(a, PARCELS)], fill(p, size, draw(a, 256), false)));
}

static void op_vmalloc(struct actor *a)
{
	size_t size = draw(a, 20000);
	struct parcel *p = vmalloc(sizeof(*p) + size);

	give_back(xchg(&parcels[draw(a, PARCELS)], fill(p, size, draw(a, 256), true)));
}

static void op_free(struct actor *a)
{
	give_back(xchg(&parcels[draw(a, PARCELS)], NULL));
}

static void op_fail(struct actor *a)
{
	void *first, *second;
	bool struck;

	fail_nth_arm(1);
	first = draw(a, 2) ? kmalloc(100, GFP_KERNEL) : vmalloc(100);
	struck = fail_nth_disarm();
	second = kmalloc(100, GFP_KERNEL);
	if (first || !struck || !second)
		test_blame("told to fail, it gave %px; then %px", first, second);
	kvfree(first);
	kfree(second);
}

static void op_shrink(struct actor *a)
{
	if (draw(a, 2))
		kmem_cache_shrink_all();
	else
		memory_settle();
}

static void op_cache(struct actor *a)
{
	struct kmem_cache *s = kmem_cache_create("torture", 16 + draw(a, 300), 0, 0, NULL);
	void *p[20];

	if (!s) {
		test_blame("no cache");
		return;
	}
	for (int i = 0; i < ARRAY_SIZE(p); i++)
		p[i] = kmem_cache_alloc(s, GFP_KERNEL);
	for (int i = 0; i < ARRAY_SIZE(p); i++)
		if (p[i])
			kmem_cache_free(s, p[i]);
	kmem_cache_destroy(s);
}

static void end(void)
{
	for (int i = 0; i < PARCELS; i++)
		give_back(xchg(&parcels[i], NULL));
}

static const struct torture_op ops[] = {
	{ "kmalloc", op_kmalloc, 24 }, { "vmalloc", op_vmalloc, 2 }, { "free", op_free, 8 }, { "fail", op_fail, 4 },
	{ "shrink", op_shrink, 1 }, { "cache", op_cache, 1 },
};

TORTURE(memory, ops, .end = end, .actors = 4);
