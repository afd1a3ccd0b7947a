/* SPDX-License-Identifier: MIT */
/* Lock-free stacks: the parts of <linux/llist.h> that loop. */
#include <linux/llist.h>
#include <linux/export.h>

bool llist_add_batch(struct llist_node *new_first, struct llist_node *new_last,
		     struct llist_head *head)
{
	struct llist_node *first = READ_ONCE(head->first);

	do {
		new_last->next = first;
		/* ORDER(llist): what was written to the nodes is seen by llist_del_all(). */
	} while (!__atomic_compare_exchange_n(&head->first, &first, new_first, false,
					      __ATOMIC_SEQ_CST, __ATOMIC_RELAXED));
	return !first;
}
EXPORT_SYMBOL(llist_add_batch);

struct llist_node *llist_del_first(struct llist_head *head)
{
	/* ORDER(llist): pairs with llist_add_batch(). */
	struct llist_node *first = __atomic_load_n(&head->first, __ATOMIC_ACQUIRE);

	while (first) {
		struct llist_node *next = READ_ONCE(first->next);

		/* Only pushes can interfere, so an unchanged head has an unchanged next. */
		if (__atomic_compare_exchange_n(&head->first, &first, next, false,
						__ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
			break;
	}
	return first;
}
EXPORT_SYMBOL(llist_del_first);

struct llist_node *llist_reverse_order(struct llist_node *head)
{
	struct llist_node *new_head = NULL;

	while (head) {
		struct llist_node *next = head->next;

		head->next = new_head;
		new_head = head;
		head = next;
	}
	return new_head;
}
EXPORT_SYMBOL(llist_reverse_order);
