/* SPDX-License-Identifier: MIT */
/*
 * The xarray: a tree of nodes with 64 places each.
 *
 *	xa_head -> node, shift 6		an index is cut into groups of six bits; each level takes one group, the
 *	            |        \			lowest takes the last. So 64^n entries need n levels, and the tree is as
 *	        shift 0     shift 0		deep as its highest index asks for.
 *	       [0..63]     [64..127]
 *
 * A node that becomes empty is freed, its place in its parent emptied, and so on up; the tree does not grow lower
 * otherwise. Each node has three words of marks: a bit for each place, set if the entry there, or one in the subtree
 * there, has the mark. In an array that hands out numbers mark 0 says "free", and is set for what does not exist yet.
 * So the next marked, or free, place is found in one walk down, and one up and down again where a subtree has no more.
 *
 * Locking: xa_lock, interrupts off, for changes. Readers walk down under rcu_read_lock(): a node is complete before it
 * is linked (ORDER(rcu-publish)), and freed a grace period after it was unlinked; it keeps its shift, so a reader that
 * stands in it gets NULL for what has been erased, not something else.
 *
 * Next: xarray.c.
 */
#include "xarray_node.h"
#include <linux/bitops.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

/* ---- marks ---- */

void xa_set_bit_up(struct xa_node *node, unsigned int offset, unsigned int mark, bool value)
{
	for (; node; offset = node->offset, node = node->parent) {
		unsigned long before = node->marks[mark], bit = 1UL << offset;

		node->marks[mark] = value ? before | bit : before & ~bit;
		if (!before == !node->marks[mark])
			return;
		value = node->marks[mark];
	}
}

/* ---- growing and shrinking: xa_lock is held ---- */

static struct xa_node *take_node(struct xa_stock *stock, unsigned int shift, bool track_free)
{
	struct xa_node *node = stock->n ? stock->nodes[--stock->n] : NULL;

	if (!node)
		return NULL;
	memset(node, 0, sizeof(*node));
	node->shift = shift;
	if (track_free)
		node->marks[XA_FREE_MARK] = ~0UL;
	return node;
}

/* The shift of the lowest node that holds index when nothing else is there. */
static unsigned int shift_for(unsigned long index)
{
	unsigned int shift = 0;

	while (shift + XA_CHUNK_SHIFT < BITS_PER_LONG && index >> shift >= XA_CHUNK)
		shift += XA_CHUNK_SHIFT;
	return shift;
}

/* A node above the head, whose first place the old head becomes; or the first node, high enough for index. */
static bool grow_head(struct xarray *xa, unsigned long index, struct xa_stock *stock)
{
	struct xa_node *head = xa->xa_head, *node;

	node = take_node(stock, head ? head->shift + XA_CHUNK_SHIFT : shift_for(index), tracks_free(xa));

	if (!node)
		return false;
	if (head) {
		node->slots[0] = head;
		node->count = 1;
		for (int i = 0; i < MARKS; i++)
			node->marks[i] = (node->marks[i] & ~1UL) | !!head->marks[i];
		head->parent = node;
	}
	rcu_assign_pointer(xa->xa_head, node);	/* ORDER(rcu-publish) */
	return true;
}

void xa_free_if_empty(struct xarray *xa, struct xa_node *node)
{
	while (node && !node->count) {
		struct xa_node *parent = node->parent;

		if (parent) {
			RCU_INIT_POINTER(parent->slots[node->offset], NULL);
			parent->count--;
			for (int i = 0; i < MARKS; i++)
				xa_set_bit_up(parent, node->offset, i, i == XA_FREE_MARK && tracks_free(xa));
		} else {
			RCU_INIT_POINTER(xa->xa_head, NULL);
		}
		kfree_rcu(node, rcu);
		node = parent;
	}
}

struct xa_node *xa_make_leaf(struct xarray *xa, unsigned long index, struct xa_stock *stock)
{
	struct xa_node *node, *child;

	while (!xa->xa_head || index > max_of(xa->xa_head))
		if (!grow_head(xa, index, stock))
			return NULL;
	for (node = xa->xa_head; node->shift; node = child) {
		unsigned int offset = offset_of(node, index);

		child = node->slots[offset];
		if (child)
			continue;
		child = take_node(stock, node->shift - XA_CHUNK_SHIFT, tracks_free(xa));
		if (!child) {
			xa_free_if_empty(xa, node);
			return NULL;
		}
		child->parent = node;
		child->offset = offset;
		node->count++;
		rcu_assign_pointer(node->slots[offset], child);	/* ORDER(rcu-publish) */
	}
	return node;
}

void xa_put_entry(struct xarray *xa, struct xa_node *leaf, unsigned int offset, void *entry)
{
	void *old = leaf->slots[offset];

	leaf->count += !!entry - !!old;
	rcu_assign_pointer(leaf->slots[offset], entry);	/* ORDER(rcu-publish) */
	if (!entry)
		for (int i = 0; i < MARKS; i++)
			xa_set_bit_up(leaf, offset, i, false);
	if (tracks_free(xa))
		xa_set_bit_up(leaf, offset, XA_FREE_MARK, !entry);
	xa_free_if_empty(xa, leaf);
}

/* ---- finding ---- */

/* The next place of node at or after offset that has (or whose subtree has) the mark; XA_CHUNK: none. */
static unsigned int next_offset(const struct xa_node *node, unsigned int offset, unsigned int mark)
{
	unsigned long bits;

	if (mark != XA_PRESENT) {
		bits = READ_ONCE(node->marks[mark]) & (~0UL << offset);
		return bits ? __ffs(bits) : XA_CHUNK;
	}
	while (offset < XA_CHUNK && !READ_ONCE(node->slots[offset]))
		offset++;
	return offset;
}

/* Down from node, whose range holds *index, to the next marked place in it. Return: 1 found, 0 none; -1: *index has
 * moved behind a subtree that has no more. */
static int find_down(struct xa_node *node, unsigned long *index, unsigned int mark, void **entry)
{
	for (;;) {
		unsigned int offset = offset_of(node, *index), next = next_offset(node, offset, mark);
		unsigned long span = max_of(node);

		if (next == XA_CHUNK) {
			*index = (*index | span) + 1;
			return *index ? -1 : 0;
		}
		if (next > offset)
			*index = (*index & ~span) | (unsigned long)next << node->shift;
		*entry = rcu_dereference_raw(node->slots[next]);
		if (!node->shift || !*entry)
			return 1;
		node = *entry;
	}
}

bool xa_find_next(struct xarray *xa, unsigned long *index, unsigned long max, unsigned int mark, void **entry)
{
	bool looks_for_free = tracks_free(xa) && mark == XA_FREE_MARK;
	int found = -1;

	*entry = NULL;
	while (found < 0 && *index <= max) {
		struct xa_node *head = rcu_dereference_raw(xa->xa_head);

		if (!head || *index > max_of(head))
			return looks_for_free;
		found = find_down(head, index, mark, entry);
	}
	return found > 0 && *index <= max;
}
