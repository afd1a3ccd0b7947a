/* SPDX-License-Identifier: MIT */
/*
 * Changing an xarray: storing, erasing, and handing out numbers. All of it is one change: find the place, look whether
 * the change is wanted there, put the entry in. The tree itself: xarray_node.c.
 *
 * Memory: what changes the array counts nodes that it lacks; with GFP_KERNEL they are allocated without the lock, and
 * it begins anew.
 *
 * Next: xarray_find.c.
 */
#include "xarray_node.h"
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/slab.h>

static void *error(int err)
{
	return xa_mk_internal(err);
}

/* ---- what the public functions have in common ---- */

struct change {
	unsigned long	index;
	void		*entry;
	bool		(*wanted)(void *there, const struct change *c);	/* store at all? NULL: yes */
	void		*old;
	bool		alloc;		/* find the index, within: */
	struct xa_limit	limit;
};

/* Return: what was there; error(-ENOMEM): the stock was too small, nothing was changed that matters. */
static void *change_locked(struct xarray *xa, struct change *c, struct xa_stock *stock)
{
	struct xa_node *leaf;
	unsigned int offset;
	void *there;

	lockdep_assert_held(&xa->xa_lock);
	if (c->alloc) {
		c->index = c->limit.min;
		if (!xa_find_next(xa, &c->index, c->limit.max, XA_FREE_MARK, &there))
			return error(-EBUSY);
	}
	leaf = xa_leaf_of(xa, c->index);
	if (!leaf && !c->entry && !c->wanted)
		return NULL;
	if (!leaf)
		leaf = xa_make_leaf(xa, c->index, stock);
	if (!leaf)
		return error(-ENOMEM);
	offset = offset_of(leaf, c->index);
	there = leaf->slots[offset];
	if (!c->wanted || c->wanted(there, c))
		xa_put_entry(xa, leaf, offset, c->entry);
	else
		xa_free_if_empty(xa, leaf);
	return there;
}

static void fill_stock(struct xa_stock *stock, int n, gfp_t gfp)
{
	while (stock->n < n) {
		struct xa_node *node = kmalloc(sizeof(*node), gfp);

		if (!node)
			return;
		stock->nodes[stock->n++] = node;
	}
}

static void empty_stock(struct xa_stock *stock)
{
	while (stock->n)
		kfree(stock->nodes[--stock->n]);
}

static void *change_held(struct xarray *xa, struct change *c)
{
	struct xa_stock stock = { .n = 0 };
	void *there = change_locked(xa, c, &stock);

	if (xa_err(there) == -ENOMEM) {
		fill_stock(&stock, MAX_STOCK, GFP_NOWAIT | __GFP_NOWARN);
		there = change_locked(xa, c, &stock);
		empty_stock(&stock);
	}
	return there;
}

static void *change(struct xarray *xa, struct change *c, gfp_t gfp)
{
	struct xa_stock stock = { .n = 0 };
	unsigned long flags;
	void *there;

	might_sleep_if(gfpflags_allow_blocking(gfp));
	/* Nearly always no node is needed, or one; the deepest change needs MAX_STOCK. */
	for (int n = 0; n <= MAX_STOCK; n += n ? MAX_STOCK - 2 : 2) {
		fill_stock(&stock, n, gfp);
		xa_lock_irqsave(xa, flags);
		there = change_locked(xa, c, &stock);
		xa_unlock_irqrestore(xa, flags);
		if (xa_err(there) != -ENOMEM)
			break;
	}
	empty_stock(&stock);
	return there;
}

/* ---- the public changes ---- */

static bool is_storable(void *entry)
{
	return !WARN(xa_is_internal(entry) && !xa_is_zero(entry), "xarray: %px cannot be stored: pointers must be "
		     "aligned to 4 bytes, numbers made by xa_mk_value()\n", entry);
}

void *xa_store(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp)
{
	struct change c = { .index = index, .entry = entry };

	if (!is_storable(entry))
		return error(-EINVAL);
	if (tracks_free(xa) && !entry)
		c.entry = XA_ZERO_ENTRY;
	return public(change(xa, &c, gfp));
}
EXPORT_SYMBOL(xa_store);

void *__xa_store(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp)
{
	struct change c = { .index = index, .entry = entry };

	if (!is_storable(entry))
		return error(-EINVAL);
	if (tracks_free(xa) && !entry)
		c.entry = XA_ZERO_ENTRY;
	return public(change_held(xa, &c));
}
EXPORT_SYMBOL(__xa_store);

void *xa_erase(struct xarray *xa, unsigned long index)
{
	struct change c = { .index = index };

	return public(change(xa, &c, 0));
}
EXPORT_SYMBOL(xa_erase);

void *__xa_erase(struct xarray *xa, unsigned long index)
{
	struct change c = { .index = index };

	return public(change_held(xa, &c));
}
EXPORT_SYMBOL(__xa_erase);

static bool if_empty(void *there, const struct change *c)
{
	return !there;
}

static bool if_same(void *there, const struct change *c)
{
	return public(there) == c->old;
}

static bool if_reserved(void *there, const struct change *c)
{
	return xa_is_zero(there);
}

static int insert_result(void *there)
{
	return xa_is_err(there) ? xa_err(there) : there ? -EBUSY : 0;
}

int xa_insert(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp)
{
	struct change c = { .index = index, .entry = entry ?: XA_ZERO_ENTRY, .wanted = if_empty };

	return is_storable(entry) ? insert_result(change(xa, &c, gfp)) : -EINVAL;
}
EXPORT_SYMBOL(xa_insert);

int __xa_insert(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp)
{
	struct change c = { .index = index, .entry = entry ?: XA_ZERO_ENTRY, .wanted = if_empty };

	return is_storable(entry) ? insert_result(change_held(xa, &c)) : -EINVAL;
}
EXPORT_SYMBOL(__xa_insert);

void *xa_cmpxchg(struct xarray *xa, unsigned long index, void *old, void *entry, gfp_t gfp)
{
	struct change c = { .index = index, .entry = entry, .old = old, .wanted = if_same };

	return is_storable(entry) ? public(change(xa, &c, gfp)) : error(-EINVAL);
}
EXPORT_SYMBOL(xa_cmpxchg);

void *__xa_cmpxchg(struct xarray *xa, unsigned long index, void *old, void *entry, gfp_t gfp)
{
	struct change c = { .index = index, .entry = entry, .old = old, .wanted = if_same };

	return is_storable(entry) ? public(change_held(xa, &c)) : error(-EINVAL);
}
EXPORT_SYMBOL(__xa_cmpxchg);

int xa_reserve(struct xarray *xa, unsigned long index, gfp_t gfp)
{
	struct change c = { .index = index, .entry = XA_ZERO_ENTRY, .wanted = if_empty };

	return xa_err(change(xa, &c, gfp));
}
EXPORT_SYMBOL(xa_reserve);

void xa_release(struct xarray *xa, unsigned long index)
{
	struct change c = { .index = index, .wanted = if_reserved };

	change(xa, &c, GFP_NOWAIT);
}
EXPORT_SYMBOL(xa_release);

static struct change alloc_change(struct xarray *xa, void *entry, struct xa_limit limit)
{
	WARN_ONCE(!tracks_free(xa), "xa_alloc() of an array that was made without XA_FLAGS_ALLOC\n");
	if ((xa->xa_flags & XA_FLAGS_ALLOC1) == XA_FLAGS_ALLOC1 && !limit.min)
		limit.min = 1;
	return (struct change){ .alloc = true, .limit = limit, .entry = entry ?: XA_ZERO_ENTRY };
}

static int alloc_result(const struct change *c, void *there, u32 *id)
{
	if (xa_is_err(there))
		return xa_err(there);
	*id = c->index;
	return 0;
}

int xa_alloc(struct xarray *xa, u32 *id, void *entry, struct xa_limit limit, gfp_t gfp)
{
	struct change c = alloc_change(xa, entry, limit);

	return is_storable(entry) ? alloc_result(&c, change(xa, &c, gfp), id) : -EINVAL;
}
EXPORT_SYMBOL(xa_alloc);

int __xa_alloc(struct xarray *xa, u32 *id, void *entry, struct xa_limit limit, gfp_t gfp)
{
	struct change c = alloc_change(xa, entry, limit);

	return is_storable(entry) ? alloc_result(&c, change_held(xa, &c), id) : -EINVAL;
}
EXPORT_SYMBOL(__xa_alloc);

int xa_alloc_cyclic(struct xarray *xa, u32 *id, void *entry, struct xa_limit limit, u32 *next, gfp_t gfp)
{
	struct xa_limit from_next = XA_LIMIT(max(limit.min, *next), limit.max);
	int err = xa_alloc(xa, id, entry, from_next, gfp), wrapped = 0;

	if (err == -EBUSY && from_next.min > limit.min) {
		err = xa_alloc(xa, id, entry, limit, gfp);
		wrapped = 1;
	}
	if (err)
		return err;
	*next = *id + 1;
	return wrapped;
}
EXPORT_SYMBOL(xa_alloc_cyclic);

/* ---- the end ---- */

void xa_destroy(struct xarray *xa)
{
	unsigned long index, flags;
	void *entry;

	for (;;) {
		index = 0;
		xa_lock_irqsave(xa, flags);
		if (!xa_find_next(xa, &index, ULONG_MAX, XA_PRESENT, &entry)) {
			xa_unlock_irqrestore(xa, flags);
			return;
		}
		__xa_erase(xa, index);
		xa_unlock_irqrestore(xa, flags);
	}
}
EXPORT_SYMBOL(xa_destroy);
