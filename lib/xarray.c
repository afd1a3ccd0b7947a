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
 * Memory: what changes the array counts nodes that it lacks; with GFP_KERNEL they are allocated without the lock, and
 * it begins anew.
 *
 * Next: idr.c, two older faces of the same.
 */
#include <linux/xarray.h>
#include <linux/bitops.h>
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/slab.h>
#include <linux/string.h>

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
struct stock {
	struct xa_node *nodes[MAX_STOCK];
	int n;
};

static unsigned int offset_of(const struct xa_node *node, unsigned long index)
{
	return (index >> node->shift) & (XA_CHUNK - 1);
}

static unsigned long max_of(const struct xa_node *node)
{
	return node->shift + XA_CHUNK_SHIFT >= BITS_PER_LONG ? ULONG_MAX :
		(1UL << (node->shift + XA_CHUNK_SHIFT)) - 1;
}

static bool tracks_free(const struct xarray *xa)
{
	return xa->xa_flags & XA_FLAGS_TRACK_FREE;
}

static void *public(void *entry)
{
	return xa_is_zero(entry) ? NULL : entry;
}

static void *error(int err)
{
	return xa_mk_internal(err);
}

/* ---- marks ---- */

/* One bit, and what follows from it for the nodes above. */
static void set_bit_up(struct xa_node *node, unsigned int offset, unsigned int mark, bool value)
{
	for (; node; offset = node->offset, node = node->parent) {
		unsigned long before = node->marks[mark], bit = 1UL << offset;

		node->marks[mark] = value ? before | bit : before & ~bit;
		if (!before == !node->marks[mark])
			return;
		value = node->marks[mark];
	}
}

/* ---- going down ---- */

/* The lowest node for index; NULL: there is none. Context: reader, or xa_lock. */
static struct xa_node *leaf_of(const struct xarray *xa, unsigned long index)
{
	struct xa_node *node = rcu_dereference_raw(xa->xa_head);

	if (!node || index > max_of(node))
		return NULL;
	while (node && node->shift)
		node = rcu_dereference_raw(node->slots[offset_of(node, index)]);
	return node;
}

void *xa_load(struct xarray *xa, unsigned long index)
{
	struct xa_node *leaf;
	void *entry = NULL;

	rcu_read_lock();
	leaf = leaf_of(xa, index);
	if (leaf)
		entry = rcu_dereference_raw(leaf->slots[offset_of(leaf, index)]);
	rcu_read_unlock();
	return public(entry);
}
EXPORT_SYMBOL(xa_load);

/* ---- growing and shrinking: xa_lock is held ---- */

static struct xa_node *take_node(struct stock *stock, unsigned int shift, bool track_free)
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
static bool grow_head(struct xarray *xa, unsigned long index, struct stock *stock)
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

/* Free node and the nodes above, as far as they are empty. */
static void free_if_empty(struct xarray *xa, struct xa_node *node)
{
	while (node && !node->count) {
		struct xa_node *parent = node->parent;

		if (parent) {
			RCU_INIT_POINTER(parent->slots[node->offset], NULL);
			parent->count--;
			for (int i = 0; i < MARKS; i++)
				set_bit_up(parent, node->offset, i, i == XA_FREE_MARK && tracks_free(xa));
		} else {
			RCU_INIT_POINTER(xa->xa_head, NULL);
		}
		kfree_rcu(node, rcu);
		node = parent;
	}
}

/* The leaf for index, made if there is none. NULL: the stock is empty. */
static struct xa_node *make_leaf(struct xarray *xa, unsigned long index, struct stock *stock)
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
			free_if_empty(xa, node);
			return NULL;
		}
		child->parent = node;
		child->offset = offset;
		node->count++;
		rcu_assign_pointer(node->slots[offset], child);	/* ORDER(rcu-publish) */
	}
	return node;
}

static void put_entry(struct xarray *xa, struct xa_node *leaf, unsigned int offset, void *entry)
{
	void *old = leaf->slots[offset];

	leaf->count += !!entry - !!old;
	rcu_assign_pointer(leaf->slots[offset], entry);	/* ORDER(rcu-publish) */
	if (!entry)
		for (int i = 0; i < MARKS; i++)
			set_bit_up(leaf, offset, i, false);
	if (tracks_free(xa))
		set_bit_up(leaf, offset, XA_FREE_MARK, !entry);
	free_if_empty(xa, leaf);
}

/* ---- one change: what the public functions have in common ---- */

struct change {
	unsigned long	index;
	void		*entry;
	bool		(*wanted)(void *there, const struct change *c);	/* store at all? NULL: yes */
	void		*old;
	bool		alloc;		/* find the index, within: */
	struct xa_limit	limit;
};

static bool find_next(struct xarray *xa, unsigned long *index, unsigned long max, unsigned int mark, void **entry);

/* Return: what was there; error(-ENOMEM): the stock was too small, nothing was changed that matters. */
static void *change_locked(struct xarray *xa, struct change *c, struct stock *stock)
{
	struct xa_node *leaf;
	unsigned int offset;
	void *there;

	lockdep_assert_held(&xa->xa_lock);
	if (c->alloc) {
		c->index = c->limit.min;
		if (!find_next(xa, &c->index, c->limit.max, XA_FREE_MARK, &there))
			return error(-EBUSY);
	}
	leaf = leaf_of(xa, c->index);
	if (!leaf && !c->entry && !c->wanted)
		return NULL;
	if (!leaf)
		leaf = make_leaf(xa, c->index, stock);
	if (!leaf)
		return error(-ENOMEM);
	offset = offset_of(leaf, c->index);
	there = leaf->slots[offset];
	if (!c->wanted || c->wanted(there, c))
		put_entry(xa, leaf, offset, c->entry);
	else
		free_if_empty(xa, leaf);
	return there;
}

static void fill_stock(struct stock *stock, int n, gfp_t gfp)
{
	while (stock->n < n) {
		struct xa_node *node = kmalloc(sizeof(*node), gfp);

		if (!node)
			return;
		stock->nodes[stock->n++] = node;
	}
}

static void empty_stock(struct stock *stock)
{
	while (stock->n)
		kfree(stock->nodes[--stock->n]);
}

static void *change_held(struct xarray *xa, struct change *c)
{
	struct stock stock = { .n = 0 };
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
	struct stock stock = { .n = 0 };
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

/* Context: reader, or xa_lock. For XA_FREE_MARK, what does not exist is free. */
static bool find_next(struct xarray *xa, unsigned long *index, unsigned long max, unsigned int mark, void **entry)
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

void *xa_find(struct xarray *xa, unsigned long *indexp, unsigned long max, xa_mark_t filter)
{
	unsigned long index = *indexp;
	void *entry;
	bool found;

	rcu_read_lock();
	/* NULL: erased under our eyes, or only reserved. The next one, then. */
	do
		found = find_next(xa, &index, max, filter, &entry);
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

/* ---- marks, public ---- */

bool xa_get_mark(struct xarray *xa, unsigned long index, xa_mark_t mark)
{
	struct xa_node *leaf;
	bool set = false;

	rcu_read_lock();
	leaf = leaf_of(xa, index);
	if (leaf && public(rcu_dereference_raw(leaf->slots[offset_of(leaf, index)])))
		set = READ_ONCE(leaf->marks[mark]) >> offset_of(leaf, index) & 1;
	rcu_read_unlock();
	return set;
}
EXPORT_SYMBOL(xa_get_mark);

static void mark_locked(struct xarray *xa, unsigned long index, xa_mark_t mark, bool value)
{
	struct xa_node *leaf = leaf_of(xa, index);

	lockdep_assert_held(&xa->xa_lock);
	if (WARN_ONCE(mark == XA_FREE_MARK && tracks_free(xa),
		      "xarray: XA_MARK_0 of an array that allocates is its own\n"))
		return;
	if (leaf && leaf->slots[offset_of(leaf, index)])
		set_bit_up(leaf, offset_of(leaf, index), mark, value);
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
	unsigned long flags;

	xa_lock_irqsave(xa, flags);
	mark_locked(xa, index, mark, true);
	xa_unlock_irqrestore(xa, flags);
}
EXPORT_SYMBOL(xa_set_mark);

void xa_clear_mark(struct xarray *xa, unsigned long index, xa_mark_t mark)
{
	unsigned long flags;

	xa_lock_irqsave(xa, flags);
	mark_locked(xa, index, mark, false);
	xa_unlock_irqrestore(xa, flags);
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

/* ---- the end ---- */

void xa_destroy(struct xarray *xa)
{
	unsigned long index, flags;
	void *entry;

	for (;;) {
		index = 0;
		xa_lock_irqsave(xa, flags);
		if (!find_next(xa, &index, ULONG_MAX, XA_PRESENT, &entry)) {
			xa_unlock_irqrestore(xa, flags);
			return;
		}
		__xa_erase(xa, index);
		xa_unlock_irqrestore(xa, flags);
	}
}
EXPORT_SYMBOL(xa_destroy);
