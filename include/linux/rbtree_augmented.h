/* SPDX-License-Identifier: MIT */
/*
 * Red-black trees whose nodes carry a value computed from their subtree, such
 * as its largest end address. Before inserting, update the value on the way
 * down; the callbacks keep it right through rotations and removals.
 */
#pragma once

#include <linux/rbtree.h>

struct rb_augment_callbacks {
	/* Compute the value of node and its ancestors up to, not including, stop. */
	void (*propagate)(struct rb_node *node, struct rb_node *stop);
	/* `new` takes over the subtree, and with it the value, of `old`. */
	void (*copy)(struct rb_node *old, struct rb_node *new);
	/* A rotation put `new` where `old` was, and `old` below it. */
	void (*rotate)(struct rb_node *old, struct rb_node *new);
};

/* As rb_insert_color() and rb_erase(), for such a tree. Context: any. */
void rb_insert_augmented(struct rb_node *node, struct rb_root *root,
			 const struct rb_augment_callbacks *augment);
void rb_erase_augmented(struct rb_node *node, struct rb_root *root,
			const struct rb_augment_callbacks *augment);

static inline void rb_insert_augmented_cached(struct rb_node *node,
					      struct rb_root_cached *root, bool newleft,
					      const struct rb_augment_callbacks *augment)
{
	if (newleft)
		root->rb_leftmost = node;
	rb_insert_augmented(node, &root->rb_root, augment);
}

static inline void rb_erase_augmented_cached(struct rb_node *node,
					     struct rb_root_cached *root,
					     const struct rb_augment_callbacks *augment)
{
	if (root->rb_leftmost == node)
		root->rb_leftmost = rb_next(node);
	rb_erase_augmented(node, &root->rb_root, augment);
}

/*
 * Define the three callbacks as rbname. compute(node, exit) stores the value of
 * one node; with exit true it returns true when that did not change it.
 */
#define RB_DECLARE_CALLBACKS(rbstatic, rbname, rbstruct, rbfield, rbaugmented, rbcompute) \
static inline void rbname##_propagate(struct rb_node *rb, struct rb_node *stop) \
{									\
	while (rb != stop) {						\
		rbstruct *node = rb_entry(rb, rbstruct, rbfield);	\
									\
		if (rbcompute(node, true))				\
			break;						\
		rb = rb_parent(&node->rbfield);				\
	}								\
}									\
static inline void rbname##_copy(struct rb_node *rb_old, struct rb_node *rb_new) \
{									\
	rbstruct *old = rb_entry(rb_old, rbstruct, rbfield);		\
	rbstruct *new = rb_entry(rb_new, rbstruct, rbfield);		\
									\
	new->rbaugmented = old->rbaugmented;				\
}									\
static void rbname##_rotate(struct rb_node *rb_old, struct rb_node *rb_new) \
{									\
	rbstruct *old = rb_entry(rb_old, rbstruct, rbfield);		\
	rbstruct *new = rb_entry(rb_new, rbstruct, rbfield);		\
									\
	new->rbaugmented = old->rbaugmented;				\
	rbcompute(old, false);						\
}									\
rbstatic const struct rb_augment_callbacks rbname = {			\
	.propagate = rbname##_propagate,				\
	.copy = rbname##_copy,						\
	.rotate = rbname##_rotate,					\
}

/* The common case: the largest rbcompute(node) of the subtree. */
#define RB_DECLARE_CALLBACKS_MAX(rbstatic, rbname, rbstruct, rbfield, rbtype, \
				 rbaugmented, rbcompute)		\
static inline bool rbname##_compute_max(rbstruct *node, bool exit)	\
{									\
	rbstruct *child;						\
	rbtype max = rbcompute(node);					\
									\
	if (node->rbfield.rb_left) {					\
		child = rb_entry(node->rbfield.rb_left, rbstruct, rbfield); \
		if (child->rbaugmented > max)				\
			max = child->rbaugmented;			\
	}								\
	if (node->rbfield.rb_right) {					\
		child = rb_entry(node->rbfield.rb_right, rbstruct, rbfield); \
		if (child->rbaugmented > max)				\
			max = child->rbaugmented;			\
	}								\
	if (exit && node->rbaugmented == max)				\
		return true;						\
	node->rbaugmented = max;					\
	return false;							\
}									\
RB_DECLARE_CALLBACKS(rbstatic, rbname, rbstruct, rbfield, rbaugmented,	\
		     rbname##_compute_max)
