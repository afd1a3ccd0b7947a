/* SPDX-License-Identifier: MIT */
/*
 * A lock-free stack: any number of CPUs push, one takes everything at once.
 * What is taken comes out newest first; llist_reverse_order() gives the order
 * of arrival. llist_del_first() needs a single consumer: a second one could
 * see a node leave and come back (ABA).
 *
 * llist_add() is a full barrier as on Linux, and everything written before it
 * is visible to whoever takes the node.
 */
#pragma once

#include <linux/compiler.h>
#include <linux/container_of.h>
#include <linux/types.h>

struct llist_head {
	struct llist_node *first;
};

struct llist_node {
	struct llist_node *next;
};

#define LLIST_HEAD_INIT(name)	{ NULL }
#define LLIST_HEAD(name)	struct llist_head name = LLIST_HEAD_INIT(name)

static inline void init_llist_head(struct llist_head *list)
{
	list->first = NULL;
}

/* A hint only: another CPU may push at the same moment. Context: any. */
static inline bool llist_empty(const struct llist_head *head)
{
	return !READ_ONCE(head->first);
}

static inline struct llist_node *llist_next(struct llist_node *node)
{
	return node->next;
}

/*
 * llist_add_batch - push the chain new_first..new_last
 *
 * Context: any, NMI included. Return: true if the list was empty before, that
 * is, if the caller is the one to wake the consumer.
 */
bool llist_add_batch(struct llist_node *new_first, struct llist_node *new_last,
		     struct llist_head *head);

/* Push one node. Context and Return: as llist_add_batch(). */
static inline bool llist_add(struct llist_node *new, struct llist_head *head)
{
	return llist_add_batch(new, new, head);
}

/* The same for a list that nobody else sees yet. */
static inline bool __llist_add(struct llist_node *new, struct llist_head *head)
{
	new->next = head->first;
	head->first = new;
	return new->next == NULL;
}

/* Take the whole chain. Context: any. Return: the newest node, or NULL. */
static inline struct llist_node *llist_del_all(struct llist_head *head)
{
	/* ORDER(llist): pairs with llist_add_batch(). */
	return __atomic_exchange_n(&head->first, NULL, __ATOMIC_SEQ_CST);
}

static inline struct llist_node *__llist_del_all(struct llist_head *head)
{
	struct llist_node *first = head->first;

	head->first = NULL;
	return first;
}

/* Take the newest node; one consumer at a time. Return: the node, or NULL. */
struct llist_node *llist_del_first(struct llist_head *head);

/* Turn a chain taken by llist_del_all() into the order of arrival. */
struct llist_node *llist_reverse_order(struct llist_node *head);

#define llist_entry(ptr, type, member)	container_of(ptr, type, member)

/* The address of the member is NULL exactly when the chain has ended. */
#define member_address_is_nonnull(ptr, member) \
	((unsigned long)(ptr) + offsetof(typeof(*(ptr)), member) != 0)

#define llist_for_each(pos, node) \
	for ((pos) = (node); pos; (pos) = (pos)->next)
#define llist_for_each_safe(pos, n, node) \
	for ((pos) = (node); (pos) && ((n) = (pos)->next, true); (pos) = (n))
#define llist_for_each_entry(pos, node, member)				\
	for ((pos) = llist_entry((node), typeof(*(pos)), member);	\
	     member_address_is_nonnull(pos, member);			\
	     (pos) = llist_entry((pos)->member.next, typeof(*(pos)), member))
#define llist_for_each_entry_safe(pos, n, node, member)			\
	for ((pos) = llist_entry((node), typeof(*(pos)), member);	\
	     member_address_is_nonnull(pos, member) &&			\
	     ((n) = llist_entry((pos)->member.next, typeof(*(n)), member), true); \
	     (pos) = (n))
