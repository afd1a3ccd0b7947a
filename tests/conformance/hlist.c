/* SPDX-License-Identifier: MIT */
/* hlists and hash tables: order, hashed or not, emptying while walking. */
#include "promise.h"
#include <linux/hashtable.h>
#include <linux/list.h>

struct item {
	int			n;
	struct hlist_node	node;
};

static HLIST_HEAD(head);
static DEFINE_HASHTABLE(table, 3);
static struct item items[12];

static void show(const char *what)
{
	char text[64] = "";
	struct item *it;
	int n = 0;

	hlist_for_each_entry(it, &head, node)
		n += scnprintf(text + n, sizeof(text) - n, " %d", it->n);
	say("%s:%s", what, text);
}

static void run(void)
{
	struct hlist_node *next;
	struct item *it;
	int bucket, n = 0;

	for (int i = 0; i < 12; i++) {
		items[i].n = i;
		INIT_HLIST_NODE(&items[i].node);
	}
	ask(hlist_unhashed(&items[0].node));
	for (int i = 0; i < 4; i++)
		hlist_add_head(&items[i].node, &head);
	show("add_head");
	hlist_add_before(&items[4].node, &items[2].node);
	hlist_add_behind(&items[5].node, &items[0].node);
	show("before and behind");
	ask(hlist_unhashed(&items[0].node));
	hlist_del_init(&items[3].node);
	ask(hlist_unhashed(&items[3].node));
	hlist_del(&items[1].node);
	show("del");
	hlist_for_each_entry_safe(it, next, &head, node)
		if (it->n % 2 == 0)
			hlist_del_init(&it->node);
	show("del of the even ones");
	ask(hlist_empty(&head));
	hlist_del_init(&items[5].node);
	ask(hlist_empty(&head));
	hash_init(table);
	ask(hash_empty(table));
	for (int i = 6; i < 12; i++)
		hash_add(table, &items[i].node, i % 3);
	hash_for_each_possible(table, it, node, 1)
		if (it->n % 3 == 1)
			say("key 1: %d", it->n);
	hash_for_each(table, bucket, it, node)
		n += it->n;
	ask(n);
	hash_del(&items[7].node);
	hash_for_each_safe(table, bucket, next, it, node)
		hash_del(&it->node);
	ask(hash_empty(table));
	ask(HASH_SIZE(table));
	ask(HASH_BITS(table));
}
promise(run);
