/* SPDX-License-Identifier: MIT */
/* Lists: in which order entries stand after each operation. */
#include "promise.h"
#include <linux/list.h>

struct item {
	int			n;
	struct list_head	node;
};

static LIST_HEAD(a);
static LIST_HEAD(b);
static struct item items[6];

static void show(const char *what)
{
	char text[64];
	struct item *it;
	int n = 0;

	n += scnprintf(text + n, sizeof(text) - n, "a");
	list_for_each_entry(it, &a, node)
		n += scnprintf(text + n, sizeof(text) - n, " %d", it->n);
	n += scnprintf(text + n, sizeof(text) - n, ", b");
	list_for_each_entry_reverse(it, &b, node)
		n += scnprintf(text + n, sizeof(text) - n, " %d", it->n);
	say("%s: %s", what, text);
}

static void run(void)
{
	struct item *it, *next;

	for (int i = 0; i < 6; i++) {
		items[i].n = i;
		if (i % 2)
			list_add(&items[i].node, &a);
		else
			list_add_tail(&items[i].node, &b);
	}
	show("add and add_tail");
	list_move(&items[0].node, &a);
	show("move");
	list_move_tail(&items[1].node, &b);
	show("move_tail");
	list_rotate_left(&a);
	show("rotate_left");
	list_swap(&items[3].node, &items[4].node);
	show("swap");
	list_splice_init(&b, &a);
	show("splice_init");
	ask(list_empty(&b));
	list_cut_position(&b, &a, a.next->next);
	show("cut_position");
	list_cut_before(&b, &a, a.prev);
	show("cut_before");
	list_splice_tail(&b, &a);
	INIT_LIST_HEAD(&b);
	show("splice_tail");
	list_bulk_move_tail(&b, a.next, a.next);
	ask(list_is_singular(&a));
	ask(list_is_first(a.next, &a));
	ask(list_is_last(a.next, &a));
	ask(list_is_head(&a, &a));
	list_for_each_entry_safe(it, next, &a, node)
		if (it->n % 2)
			list_del_init(&it->node);
	show("del_init of the odd ones");
	ask(list_empty(&items[5].node));
	ask(list_empty_careful(&a));
	list_replace_init(a.next, &items[5].node);
	show("replace_init");
	ask(list_first_entry(&a, struct item, node)->n);
	ask(list_last_entry(&a, struct item, node)->n);
	ask(list_first_entry_or_null(&a, struct item, node) != NULL);
}
promise(run);
