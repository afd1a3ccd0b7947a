/* SPDX-License-Identifier: MIT */
/*
 * Red-black trees. The rules: the root is black, a red node has black children,
 * and every way down meets equally many black nodes. So no way is more than
 * twice as long as another. Each repair is written once for both hands: `left`
 * says on which side of its parent the trouble sits, and side() picks the link.
 */
#include <linux/rbtree_augmented.h>
#include <linux/export.h>

#define RED	0UL
#define BLACK	1UL

static inline struct rb_node **side(struct rb_node *node, bool left)
{
	return left ? &node->rb_left : &node->rb_right;
}

static inline unsigned long color(const struct rb_node *node)
{
	return node->__rb_parent_color & 1;
}

/* A leaf's missing child counts as black. */
static inline bool is_red(const struct rb_node *node)
{
	return node && color(node) == RED;
}

static inline void set_color(struct rb_node *node, unsigned long c)
{
	node->__rb_parent_color = (node->__rb_parent_color & ~1UL) | c;
}

static inline void set_parent(struct rb_node *node, struct rb_node *parent)
{
	node->__rb_parent_color = (unsigned long)parent | color(node);
}

/* Make the link that leads down to `old` lead to `new`. */
static inline void change_child(struct rb_node *old, struct rb_node *new,
				struct rb_node *parent, struct rb_root *root)
{
	if (parent)
		WRITE_ONCE(*side(parent, parent->rb_left == old), new);
	else
		WRITE_ONCE(root->rb_node, new);
}

/* node sinks to the left (or right); its other child rises into its place. */
static void rotate(struct rb_node *node, bool left, struct rb_root *root,
		   const struct rb_augment_callbacks *augment)
{
	struct rb_node *up = *side(node, !left);
	struct rb_node *inner = *side(up, left);
	struct rb_node *parent = rb_parent(node);

	WRITE_ONCE(*side(node, !left), inner);
	if (inner)
		set_parent(inner, node);
	WRITE_ONCE(*side(up, left), node);
	set_parent(up, parent);
	change_child(node, up, parent, root);
	set_parent(node, up);
	if (augment)
		augment->rotate(node, up);
}

void rb_insert_augmented(struct rb_node *node, struct rb_root *root,
			 const struct rb_augment_callbacks *augment)
{
	struct rb_node *parent, *grandparent, *uncle;
	bool left;

	while ((parent = rb_parent(node)) && is_red(parent)) {
		grandparent = rb_parent(parent);	/* the root is black */
		left = parent == grandparent->rb_left;
		uncle = *side(grandparent, !left);
		if (is_red(uncle)) {
			set_color(uncle, BLACK);
			set_color(parent, BLACK);
			set_color(grandparent, RED);
			node = grandparent;
			continue;
		}
		if (node == *side(parent, !left)) {
			rotate(parent, left, root, augment);
			parent = node;
		}
		set_color(parent, BLACK);
		set_color(grandparent, RED);
		rotate(grandparent, !left, root, augment);
		break;
	}
	set_color(root->rb_node, BLACK);
}
EXPORT_SYMBOL(rb_insert_augmented);

void rb_insert_color(struct rb_node *node, struct rb_root *root)
{
	struct rb_node *parent = rb_parent(node);

	if (!parent)
		set_color(node, BLACK);
	else if (color(parent) == RED)
		rb_insert_augmented(node, root, NULL);
}
EXPORT_SYMBOL(rb_insert_color);

/* Ways through child, which may be missing, lack one black node: repair. */
static void repair_black(struct rb_node *child, struct rb_node *parent, struct rb_root *root,
			 const struct rb_augment_callbacks *augment)
{
	struct rb_node *sibling, *far;
	bool left;

	while (parent && !is_red(child)) {
		left = parent->rb_left == child;
		sibling = *side(parent, !left);
		if (is_red(sibling)) {
			set_color(sibling, BLACK);
			set_color(parent, RED);
			rotate(parent, left, root, augment);
			sibling = *side(parent, !left);
		}
		far = *side(sibling, !left);
		if (!is_red(far)) {
			struct rb_node *near = *side(sibling, left);

			if (!is_red(near)) {
				set_color(sibling, RED);
				child = parent;
				parent = rb_parent(child);
				continue;
			}
			set_color(near, BLACK);
			set_color(sibling, RED);
			rotate(sibling, !left, root, augment);
			far = sibling;
			sibling = near;
		}
		set_color(sibling, color(parent));
		set_color(parent, BLACK);
		set_color(far, BLACK);
		rotate(parent, left, root, augment);
		return;
	}
	if (child)
		set_color(child, BLACK);
}

/* Put the next node into the place of node, which has two children. */
static void replace_by_next(struct rb_node *node, struct rb_root *root)
{
	struct rb_node *next = node->rb_right;

	while (next->rb_left)
		next = next->rb_left;
	if (next != node->rb_right) {
		struct rb_node *parent = rb_parent(next);

		WRITE_ONCE(parent->rb_left, next->rb_right);
		if (next->rb_right)
			set_parent(next->rb_right, parent);
		WRITE_ONCE(next->rb_right, node->rb_right);
		set_parent(node->rb_right, next);
	}
	WRITE_ONCE(next->rb_left, node->rb_left);
	set_parent(node->rb_left, next);
	change_child(node, next, rb_parent(node), root);
	next->__rb_parent_color = node->__rb_parent_color;
}

/* Erase a node with two children. */
static void erase_inner(struct rb_node *node, struct rb_root *root,
			const struct rb_augment_callbacks *augment)
{
	struct rb_node *next = rb_next(node);
	struct rb_node *child = next->rb_right;
	struct rb_node *parent = rb_parent(next) == node ? next : rb_parent(next);
	unsigned long lost = color(next);

	replace_by_next(node, root);
	if (augment) {
		augment->copy(node, next);
		if (parent != next)
			augment->propagate(parent, next);
		augment->propagate(next, NULL);
	}
	if (lost == BLACK)
		repair_black(child, parent, root, augment);
}

/* An only child is red and a leaf, so it can take node's place and colour. Only a black leaf leaves a gap. */
static __always_inline void erase(struct rb_node *node, struct rb_root *root,
				  const struct rb_augment_callbacks *augment)
{
	struct rb_node *child = node->rb_left ? node->rb_left : node->rb_right;
	struct rb_node *parent = rb_parent(node);

	if (node->rb_left && node->rb_right) {
		erase_inner(node, root, augment);
		return;
	}
	change_child(node, child, parent, root);
	if (child)
		child->__rb_parent_color = (unsigned long)parent | BLACK;
	if (augment)
		augment->propagate(parent, NULL);
	if (!child && parent && color(node) == BLACK)
		repair_black(NULL, parent, root, augment);
}

void rb_erase_augmented(struct rb_node *node, struct rb_root *root,
			const struct rb_augment_callbacks *augment)
{
	erase(node, root, augment);
}
EXPORT_SYMBOL(rb_erase_augmented);

void rb_erase(struct rb_node *node, struct rb_root *root)
{
	erase(node, root, NULL);
}
EXPORT_SYMBOL(rb_erase);

/* The outermost node below node on one side. */
static inline struct rb_node *outermost(struct rb_node *node, bool left)
{
	while (*side(node, left))
		node = *side(node, left);
	return node;
}

struct rb_node *rb_first(const struct rb_root *root)
{
	return root->rb_node ? outermost(root->rb_node, true) : NULL;
}
EXPORT_SYMBOL(rb_first);

struct rb_node *rb_last(const struct rb_root *root)
{
	return root->rb_node ? outermost(root->rb_node, false) : NULL;
}
EXPORT_SYMBOL(rb_last);

/* The neighbour in the order of keys: below on that side, or the first ancestor not passed from it. */
static inline struct rb_node *neighbour(const struct rb_node *node, bool left)
{
	struct rb_node *n = (struct rb_node *)node, *parent;

	if (RB_EMPTY_NODE(n))
		return NULL;
	if (*side(n, left))
		return outermost(*side(n, left), !left);
	while ((parent = rb_parent(n)) && n == *side(parent, left))
		n = parent;
	return parent;
}

struct rb_node *rb_next(const struct rb_node *node)
{
	return neighbour(node, false);
}
EXPORT_SYMBOL(rb_next);

struct rb_node *rb_prev(const struct rb_node *node)
{
	return neighbour(node, true);
}
EXPORT_SYMBOL(rb_prev);

/* The first leaf met when always going left, or right where there is no left. */
static struct rb_node *deepest_left(struct rb_node *node)
{
	while (node->rb_left || node->rb_right)
		node = node->rb_left ? node->rb_left : node->rb_right;
	return node;
}

struct rb_node *rb_first_postorder(const struct rb_root *root)
{
	return root->rb_node ? deepest_left(root->rb_node) : NULL;
}
EXPORT_SYMBOL(rb_first_postorder);

struct rb_node *rb_next_postorder(const struct rb_node *node)
{
	struct rb_node *parent;

	if (!node)
		return NULL;
	parent = rb_parent(node);
	if (parent && node == parent->rb_left && parent->rb_right)
		return deepest_left(parent->rb_right);
	return parent;
}
EXPORT_SYMBOL(rb_next_postorder);

void rb_replace_node(struct rb_node *victim, struct rb_node *new, struct rb_root *root)
{
	*new = *victim;
	if (victim->rb_left)
		set_parent(victim->rb_left, new);
	if (victim->rb_right)
		set_parent(victim->rb_right, new);
	change_child(victim, new, rb_parent(victim), root);
}
EXPORT_SYMBOL(rb_replace_node);
