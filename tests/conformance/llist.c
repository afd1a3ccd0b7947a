/* SPDX-License-Identifier: MIT */
/* llist: last in, first out; whether it was empty; all at once. */
#include "promise.h"
#include <linux/llist.h>

struct item {
	int			n;
	struct llist_node	node;
};

static LLIST_HEAD(head);
static struct item items[5];

static void run(void)
{
	struct llist_node *all;
	struct item *it, *next;

	ask(llist_empty(&head));
	ask_pointer(llist_del_all(&head));
	for (int i = 0; i < 5; i++) {
		items[i].n = i;
		ask(llist_add(&items[i].node, &head));
	}
	ask(llist_empty(&head));
	ask(llist_entry(llist_del_first(&head), struct item, node)->n);
	all = llist_del_all(&head);
	llist_for_each_entry(it, all, node)
		say("%d", it->n);
	all = llist_reverse_order(all);
	llist_for_each_entry_safe(it, next, all, node)
		say("%d", it->n);
	ask(llist_add_batch(&items[0].node, &items[3].node, &head));
	ask_pointer(llist_del_first(&head));
}
promise(run);
