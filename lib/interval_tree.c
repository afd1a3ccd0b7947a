/* SPDX-License-Identifier: MIT */
/* Intervals in a red-black tree by their beginning, each node with the largest end of its subtree. */
#include <linux/interval_tree.h>
#include <linux/export.h>
#include <linux/rbtree_augmented.h>

#define last_of(node)	((node)->last)
RB_DECLARE_CALLBACKS_MAX(static, augment, struct interval_tree_node, rb, unsigned long, __subtree_last, last_of);

static struct interval_tree_node *node_of(struct rb_node *rb)
{
	return rb_entry(rb, struct interval_tree_node, rb);
}

void interval_tree_insert(struct interval_tree_node *node, struct rb_root_cached *root)
{
	struct rb_node **link = &root->rb_root.rb_node, *parent = NULL;
	bool leftmost = true;

	while (*link) {
		struct interval_tree_node *at = node_of(*link);

		parent = *link;
		if (at->__subtree_last < node->last)
			at->__subtree_last = node->last;
		if (node->start < at->start) {
			link = &parent->rb_left;
		} else {
			link = &parent->rb_right;
			leftmost = false;
		}
	}
	node->__subtree_last = node->last;
	rb_link_node(&node->rb, parent, link);
	rb_insert_augmented_cached(&node->rb, root, leftmost, &augment);
}
EXPORT_SYMBOL_GPL(interval_tree_insert);

void interval_tree_remove(struct interval_tree_node *node, struct rb_root_cached *root)
{
	rb_erase_augmented_cached(&node->rb, root, &augment);
}
EXPORT_SYMBOL_GPL(interval_tree_remove);

/* The first by `start`, below rb, that touches start..last. */
static struct interval_tree_node *search(struct rb_node *rb, unsigned long start, unsigned long last)
{
	while (rb && node_of(rb)->__subtree_last >= start) {
		struct interval_tree_node *node = node_of(rb);

		if (rb->rb_left && node_of(rb->rb_left)->__subtree_last >= start) {
			rb = rb->rb_left;	/* one there reaches far enough; if it begins too late, all do */
			continue;
		}
		if (node->start > last)
			return NULL;
		if (node->last >= start)
			return node;
		rb = rb->rb_right;
	}
	return NULL;
}

struct interval_tree_node *interval_tree_iter_first(struct rb_root_cached *root, unsigned long start,
						    unsigned long last)
{
	return search(root->rb_root.rb_node, start, last);
}
EXPORT_SYMBOL_GPL(interval_tree_iter_first);

struct interval_tree_node *interval_tree_iter_next(struct interval_tree_node *node, unsigned long start,
						   unsigned long last)
{
	struct rb_node *rb = &node->rb;

	while (rb) {
		struct rb_node *from = rb;
		struct interval_tree_node *found;

		if (rb->rb_right) {
			found = search(rb->rb_right, start, last);
			if (found)
				return found;
		}
		/* Up to the first that we stand to the left of. */
		do {
			from = rb;
			rb = rb_parent(rb);
		} while (rb && from == rb->rb_right);
		if (!rb || node_of(rb)->start > last)
			return NULL;
		if (node_of(rb)->last >= start)
			return node_of(rb);
	}
	return NULL;
}
EXPORT_SYMBOL_GPL(interval_tree_iter_next);
