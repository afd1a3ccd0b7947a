/* SPDX-License-Identifier: MIT */
/* RCU: cookies of grace periods, lists that are read while they change, pointers that are swapped. */
#include "promise.h"
#include <linux/rculist.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

struct node {
	int			key;
	struct hlist_node	link;
	struct list_head	list;
	struct rcu_head		rcu;
};

static HLIST_HEAD(bucket);
static LIST_HEAD(all);

static struct node *make(int key)
{
	struct node *n = kzalloc(sizeof(*n), GFP_KERNEL);

	n->key = key;
	hlist_add_head_rcu(&n->link, &bucket);
	list_add_rcu(&n->list, &all);
	return n;
}

static void run(void)
{
	unsigned long cookie = get_state_synchronize_rcu();
	struct node *n[4], *p, *fresh;

	synchronize_rcu();
	ask(poll_state_synchronize_rcu(cookie));
	cond_synchronize_rcu(cookie);
	cookie = start_poll_synchronize_rcu();
	cond_synchronize_rcu(cookie);
	ask(poll_state_synchronize_rcu(cookie));
	for (int i = 0; i < 4; i++)
		n[i] = make(i);
	rcu_read_lock();
	hlist_for_each_entry_rcu(p, &bucket, link)
		say("bucket %d", p->key);
	list_for_each_entry_rcu(p, &all, list)
		say("list %d", p->key);
	ask(list_first_or_null_rcu(&all, struct node, list)->key);
	rcu_read_unlock();
	fresh = kzalloc(sizeof(*fresh), GFP_KERNEL);
	fresh->key = 20;
	list_replace_rcu(&n[2]->list, &fresh->list);
	hlist_replace_rcu(&n[2]->link, &fresh->link);
	kfree_rcu(n[2], rcu);
	n[2] = fresh;
	hlist_del_rcu(&n[0]->link);
	list_del_rcu(&n[0]->list);
	rcu_read_lock();
	hlist_for_each_entry_rcu(p, &bucket, link)
		say("bucket %d", p->key);
	list_for_each_entry_rcu(p, &all, list)
		say("list %d", p->key);
	rcu_read_unlock();
	synchronize_rcu();
	for (int i = 0; i < 4; i++)
		kfree(n[i]);
	rcu_barrier();
}
promise(run);
