/* SPDX-License-Identifier: MIT */
/* RCU: callbacks come after a grace period, in the order they were given; rcu_barrier() waits for all of them. */
#include "promise.h"
#include <linux/rculist.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

struct item {
	int			n;
	struct list_head	node;
	struct rcu_head		rcu;
};

static LIST_HEAD(list);

static void gone(struct rcu_head *head)
{
	struct item *it = container_of(head, struct item, rcu);

	say("gone: %d", it->n);
	kfree(it);
}

static void run(void)
{
	struct item *it, *next;
	struct item __rcu *shared = NULL;

	for (int i = 0; i < 5; i++) {
		it = kmalloc(sizeof(*it), GFP_KERNEL);
		it->n = i;
		list_add_tail_rcu(&it->node, &list);
	}
	rcu_read_lock();
	list_for_each_entry_rcu(it, &list, node)
		say("%d", it->n);
	ask(rcu_read_lock_held() != 0);
	rcu_read_unlock();
	preempt_disable();
	list_for_each_entry_safe(it, next, &list, node) {
		list_del_rcu(&it->node);
		call_rcu(&it->rcu, gone);
	}
	preempt_enable();
	rcu_barrier();
	ask(list_empty(&list));
	it = kzalloc(sizeof(*it), GFP_KERNEL);
	rcu_assign_pointer(shared, it);
	ask(rcu_access_pointer(shared) == it);
	it = rcu_replace_pointer(shared, NULL, true);
	synchronize_rcu();
	kfree_rcu(it, rcu);
	ask_pointer(rcu_access_pointer(shared));
	synchronize_rcu_expedited();
}
promise(run);
