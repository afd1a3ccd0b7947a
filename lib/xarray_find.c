/* SPDX-License-Identifier: MIT */
/*
 * Looking into an xarray: what is at an index, what comes next, and the marks that say what to look for. Readers need
 * no lock, and may meet a place that is being erased: it is passed over, or NULL.
 *
 * Next: idr.c, two older faces of the same.
 */
#include "xarray_node.h"
#include <linux/bug.h>
#include <linux/export.h>
#include <linux/lockdep.h>

void *xa_load(struct xarray *xa, unsigned long index)
{
	struct xa_node *leaf;
	void *entry = NULL;

	rcu_read_lock();
	leaf = xa_leaf_of(xa, index);
	if (leaf)
		entry = rcu_dereference_raw(leaf->slots[offset_of(leaf, index)]);
	rcu_read_unlock();
	return public(entry);
}
EXPORT_SYMBOL(xa_load);

/* ---- finding ---- */

void *xa_find(struct xarray *xa, unsigned long *indexp, unsigned long max, xa_mark_t filter)
{
	unsigned long index = *indexp;
	void *entry;
	bool found;

	rcu_read_lock();
	/* NULL: erased under our eyes, or only reserved. The next one, then. */
	do
		found = xa_find_next(xa, &index, max, filter, &entry);
	while (found && !public(entry) && index++ < max);
	rcu_read_unlock();
	if (!found || !public(entry))
		return NULL;
	*indexp = index;
	return entry;
}
EXPORT_SYMBOL(xa_find);

void *xa_find_after(struct xarray *xa, unsigned long *indexp, unsigned long max, xa_mark_t filter)
{
	unsigned long index = *indexp + 1;
	void *entry;

	if (!index || index > max)
		return NULL;
	entry = xa_find(xa, &index, max, filter);
	if (entry)
		*indexp = index;
	return entry;
}
EXPORT_SYMBOL(xa_find_after);

/* ---- marks ---- */

bool xa_get_mark(struct xarray *xa, unsigned long index, xa_mark_t mark)
{
	struct xa_node *leaf;
	bool set = false;

	rcu_read_lock();
	leaf = xa_leaf_of(xa, index);
	if (leaf && public(rcu_dereference_raw(leaf->slots[offset_of(leaf, index)])))
		set = READ_ONCE(leaf->marks[mark]) >> offset_of(leaf, index) & 1;
	rcu_read_unlock();
	return set;
}
EXPORT_SYMBOL(xa_get_mark);

static void mark_locked(struct xarray *xa, unsigned long index, xa_mark_t mark, bool value)
{
	struct xa_node *leaf = xa_leaf_of(xa, index);

	lockdep_assert_held(&xa->xa_lock);
	if (WARN_ONCE(mark == XA_FREE_MARK && tracks_free(xa),
		      "xarray: XA_MARK_0 of an array that allocates is its own\n"))
		return;
	if (leaf && leaf->slots[offset_of(leaf, index)])
		xa_set_bit_up(leaf, offset_of(leaf, index), mark, value);
}

static void mark_entry(struct xarray *xa, unsigned long index, xa_mark_t mark, bool value)
{
	unsigned long flags;

	xa_lock_irqsave(xa, flags);
	mark_locked(xa, index, mark, value);
	xa_unlock_irqrestore(xa, flags);
}

void __xa_set_mark(struct xarray *xa, unsigned long index, xa_mark_t mark)
{
	mark_locked(xa, index, mark, true);
}
EXPORT_SYMBOL(__xa_set_mark);

void __xa_clear_mark(struct xarray *xa, unsigned long index, xa_mark_t mark)
{
	mark_locked(xa, index, mark, false);
}
EXPORT_SYMBOL(__xa_clear_mark);

void xa_set_mark(struct xarray *xa, unsigned long index, xa_mark_t mark)
{
	mark_entry(xa, index, mark, true);
}
EXPORT_SYMBOL(xa_set_mark);

void xa_clear_mark(struct xarray *xa, unsigned long index, xa_mark_t mark)
{
	mark_entry(xa, index, mark, false);
}
EXPORT_SYMBOL(xa_clear_mark);

bool xa_marked(const struct xarray *xa, xa_mark_t mark)
{
	struct xa_node *head;
	bool marked;

	rcu_read_lock();
	head = rcu_dereference_raw(xa->xa_head);
	marked = head && READ_ONCE(head->marks[mark]);
	rcu_read_unlock();
	return marked;
}
EXPORT_SYMBOL(xa_marked);
