/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The xarray's nodes, private to lib/xarray*.c: xarray_node.c keeps the tree, xarray.c changes what is in it,
 * xarray_find.c looks for things and keeps marks. The story is in xarray_node.c.
 */
#include <linux/rcupdate.h>
#include <linux/xarray.h>

#define XA_CHUNK_SHIFT	6
#define XA_CHUNK	(1U << XA_CHUNK_SHIFT)
#define MARKS		3
#define MAX_STOCK	22	/* the deepest tree beside the path to its deepest index */

struct xa_node {
	unsigned char	shift;		/* constant, as is offset: where it is in its parent */
	unsigned char	offset;
	unsigned char	count;		/* xa_lock, like all the rest: places that are not NULL */
	struct xa_node	*parent;
	unsigned long	marks[MARKS];
	void __rcu	*slots[XA_CHUNK];
	struct rcu_head	rcu;
};

/* Nodes for one change. */
struct xa_stock {
	struct xa_node *nodes[MAX_STOCK];
	int n;
};

static inline unsigned int offset_of(const struct xa_node *node, unsigned long index)
{
	return (index >> node->shift) & (XA_CHUNK - 1);
}

static inline unsigned long max_of(const struct xa_node *node)
{
	return node->shift + XA_CHUNK_SHIFT >= BITS_PER_LONG ? ULONG_MAX :
		(1UL << (node->shift + XA_CHUNK_SHIFT)) - 1;
}

static inline bool tracks_free(const struct xarray *xa)
{
	return xa->xa_flags & XA_FLAGS_TRACK_FREE;
}

static inline void *public(void *entry)
{
	return xa_is_zero(entry) ? NULL : entry;
}

/* The lowest node for index; NULL: there is none. Context: reader, or xa_lock. */
static inline struct xa_node *xa_leaf_of(const struct xarray *xa, unsigned long index)
{
	struct xa_node *node = rcu_dereference_raw(xa->xa_head);

	if (!node || index > max_of(node))
		return NULL;
	while (node && node->shift)
		node = rcu_dereference_raw(node->slots[offset_of(node, index)]);
	return node;
}

/* A bit of a node's mark, and what follows from it for the nodes above. All below: xa_lock is held. */
void xa_set_bit_up(struct xa_node *node, unsigned int offset, unsigned int mark, bool value);

/* The leaf for index, made if there is none. NULL: the stock is empty. */
struct xa_node *xa_make_leaf(struct xarray *xa, unsigned long index, struct xa_stock *stock);
/* Free node and the nodes above, as far as they are empty. */
void xa_free_if_empty(struct xarray *xa, struct xa_node *node);
/* A place gets another entry; NULL empties it. */
void xa_put_entry(struct xarray *xa, struct xa_node *leaf, unsigned int offset, void *entry);

/* The next place from *index to max with that mark, or with an entry (XA_PRESENT). Context: reader, or xa_lock. For
 * XA_FREE_MARK, what does not exist is free. */
bool xa_find_next(struct xarray *xa, unsigned long *index, unsigned long max, unsigned int mark, void **entry);
