/* SPDX-License-Identifier: MIT */
#pragma once
/* Private to ps and pstree: threads as a family. */
#include "ps.h"

/*
 * threads[0..n) are sorted by PID. Places 0..n-1 are those of `order`: the children of one parent side by side, sorted
 * as ps->keys say, then by PID. An own struct, freed by ps_tree_free().
 */
struct ps_tree {
	struct ps_thread	*threads;
	size_t			n;
	u32			*order;		/* place -> index in threads */
	u32			*place;		/* and back */
};

/* Look at all threads that ps selects. Return: 0, -ENOMEM. Context: thread, may sleep. */
int ps_tree_make(struct ps_tree *tree, const struct ps *ps);
void ps_tree_free(struct ps_tree *tree);

/* The place of the first child; of the parent; n: none is listed. Is the one behind a place its sibling? */
size_t ps_tree_first_child(const struct ps_tree *tree, size_t place);
size_t ps_tree_parent(const struct ps_tree *tree, size_t place);
bool ps_tree_has_sibling(const struct ps_tree *tree, size_t place);

static inline struct ps_thread *ps_tree_at(const struct ps_tree *tree, size_t place)
{
	return &tree->threads[tree->order[place]];
}
