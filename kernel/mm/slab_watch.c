/* SPDX-License-Identifier: MIT */
/*
 * Objects that must not be freed just so: something in them (a timer) is known elsewhere by its address.
 *
 * Who sets up such a thing calls slab_watch() with its address; if that lies in an object of a cache, the object's red
 * zone gets another value. For the usual free that is something wrong, so it takes the slow way, which would have
 * looked at the red zone anyway: objects that are not watched pay nothing. There the value is put right, and all who
 * have asked for it by slab_on_free_watched() may look at the object before it is gone. The mark stays until then, also
 * if what was set up is long over: finding out costs more than looking once.
 *
 * Not watched: memory that is no slab object (variables, stacks, large blocks); what a module leaves behind is looked
 * for when it goes (module_leftovers.c). Nor is an object that is free, as when its constructor runs: what that sets up
 * is the same in all its lives.
 *
 * Locking: none. The object's owner sets the mark, and frees it; `looks` is filled at boot.
 */
#include "slab.h"
#include <linux/bug.h>
#include <linux/init.h>
#include <linux/kernel.h>

static void (*looks[4])(void *object, size_t size);
static unsigned int nr_looks;

void slab_watch(const void *p)
{
	struct kmem_cache *s = virt_addr_valid(p) ? virt_to_page(p)->slab_cache : NULL;
	struct slab_tag *tag;

	if (!s)
		return;
	tag = tag_of(s, object_around(s, p));
	if (tag->red == RED_USED)
		tag->red = RED_WATCHED;
}

void slab_look_at(struct kmem_cache *s, void *object)
{
	unsigned int i;

	tag_of(s, object)->red = RED_USED;
	kasan_disable_current();	/* they look at all of it, what was never asked for too */
	for (i = 0; i < nr_looks; i++)
		looks[i](object, s->object_size);
	kasan_enable_current();
}

void __init slab_on_free_watched(void (*look)(void *object, size_t size))
{
	BUG_ON(nr_looks == ARRAY_SIZE(looks));
	looks[nr_looks++] = look;
}
