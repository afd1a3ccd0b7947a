/* SPDX-License-Identifier: MIT */
/* rbtree: in order whatever the order of insertion; first, last, neighbours, replacing, cached, postorder. */
#include "promise.h"
#include <linux/rbtree.h>

struct item {
	int		key;
	struct rb_node	node;
};

static struct rb_root root = RB_ROOT;
static struct rb_root_cached cached = RB_ROOT_CACHED;
static struct item items[20], other;

#define item(n) rb_entry(n, struct item, node)

static bool less(struct rb_node *a, const struct rb_node *b)
{
	return item(a)->key < item(b)->key;
}

static int compare(const void *key, const struct rb_node *n)
{
	return *(const int *)key - item(n)->key;
}

static void show(const char *what)
{
	char text[100] = "";
	int n = 0;

	for (struct rb_node *at = rb_first(&root); at; at = rb_next(at))
		n += scnprintf(text + n, sizeof(text) - n, " %d", item(at)->key);
	say("%s:%s", what, text);
}

static void run(void)
{
	int key = 13;
	struct item *it, *next;

	ask(RB_EMPTY_ROOT(&root));
	for (int i = 0; i < 20; i++) {
		items[i].key = i * 7 % 20;
		rb_add(&items[i].node, &root, less);
	}
	show("added");
	ask(item(rb_first(&root))->key);
	ask(item(rb_last(&root))->key);
	ask(item(rb_find(&key, &root, compare))->key);
	key = 20;
	ask_pointer(rb_find(&key, &root, compare));
	ask(item(rb_prev(&items[1].node))->key);
	ask_pointer(rb_prev(rb_first(&root)));
	for (int i = 0; i < 20; i += 2) {
		rb_erase(&items[i].node, &root);
		RB_CLEAR_NODE(&items[i].node);
	}
	show("half of them erased");
	ask(RB_EMPTY_NODE(&items[0].node));
	other.key = items[1].key;
	rb_replace_node(&items[1].node, &other.node, &root);
	show("replaced");
	ask(item(rb_find(&other.key, &root, compare)) == &other);
	rbtree_postorder_for_each_entry_safe(it, next, &root, node)
		key += it->key;
	ask(key);
	for (int i = 0; i < 10; i += 2)
		say("leftmost now: %d", rb_add_cached(&items[i].node, &cached, less) != NULL);
	ask(item(rb_first_cached(&cached))->key);
	rb_erase_cached(rb_first_cached(&cached), &cached);
	ask(item(rb_first_cached(&cached))->key);
}
promise(run);
