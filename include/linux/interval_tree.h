/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Intervals, first and last included, and which of them touch a given one. A red-black tree by `start`, in which each
 * node knows the largest `last` below it, so whole subtrees are passed over. Semantics: Linux's of that name.
 * Context: the caller's lock.
 */
#include <linux/rbtree.h>

struct interval_tree_node {
	struct rb_node	rb;
	unsigned long	start;		/* yours, constant while it is in a tree */
	unsigned long	last;
	unsigned long	__subtree_last;
};

void interval_tree_insert(struct interval_tree_node *node, struct rb_root_cached *root);
void interval_tree_remove(struct interval_tree_node *node, struct rb_root_cached *root);

/* The first by `start` that touches start..last; the next one after node; or NULL. */
struct interval_tree_node *interval_tree_iter_first(struct rb_root_cached *root, unsigned long start,
						    unsigned long last);
struct interval_tree_node *interval_tree_iter_next(struct interval_tree_node *node, unsigned long start,
						   unsigned long last);
