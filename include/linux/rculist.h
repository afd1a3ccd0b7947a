/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Lists that readers walk under rcu_read_lock() while a writer changes them. Writers exclude one another by a lock of
 * yours. What was taken out must not be freed, nor put into another list, before a grace period: call_rcu(),
 * kfree_rcu(), synchronize_rcu(). A reader sees an entry whole or not at all, and one that was just taken out perhaps
 * still. There is no walk backwards: list_del_rcu() poisons prev.
 * Semantics: Linux's Documentation/RCU/listRCU.
 */
#include <linux/list.h>
#include <linux/rcupdate.h>

#define list_next_rcu(list)	((list)->next)
#define list_tail_rcu(head)	((head)->prev)
#define hlist_first_rcu(head)	((head)->first)
#define hlist_next_rcu(node)	((node)->next)
#define hlist_pprev_rcu(node)	(*(node)->pprev)

/* ---- writers; the caller holds the list's lock ---- */

static inline void INIT_LIST_HEAD_RCU(struct list_head *list)
{
	INIT_LIST_HEAD(list);
}

/* ORDER(rcu-publish): `new` is complete before a reader can come to it. */
static inline void __list_add_rcu(struct list_head *new, struct list_head *prev, struct list_head *next)
{
	new->next = next;
	new->prev = prev;
	rcu_assign_pointer(prev->next, new);
	next->prev = new;
}

static inline void list_add_rcu(struct list_head *new, struct list_head *head)
{
	__list_add_rcu(new, head, head->next);
}

static inline void list_add_tail_rcu(struct list_head *new, struct list_head *head)
{
	__list_add_rcu(new, head->prev, head);
}

/* Its next stays as it was: a reader who stands on it finds the way on. */
static inline void list_del_rcu(struct list_head *entry)
{
	__list_del_entry(entry);
	entry->prev = LIST_POISON2;
}

static inline void list_replace_rcu(struct list_head *old, struct list_head *new)
{
	new->next = old->next;
	new->prev = old->prev;
	rcu_assign_pointer(new->prev->next, new);
	new->next->prev = new;
	old->prev = LIST_POISON2;
}

/* All of `list` to the front (or the end) of head; sync(), synchronize_rcu() for one, lets list's readers leave. */
static inline void __list_splice_init_rcu(struct list_head *list, struct list_head *prev, struct list_head *next,
					  void (*sync)(void))
{
	struct list_head *first = list->next, *last = list->prev;

	INIT_LIST_HEAD_RCU(list);
	sync();
	last->next = next;
	rcu_assign_pointer(prev->next, first);
	first->prev = prev;
	next->prev = last;
}

static inline void list_splice_init_rcu(struct list_head *list, struct list_head *head, void (*sync)(void))
{
	if (!list_empty(list))
		__list_splice_init_rcu(list, head, head->next, sync);
}

static inline void list_splice_tail_init_rcu(struct list_head *list, struct list_head *head, void (*sync)(void))
{
	if (!list_empty(list))
		__list_splice_init_rcu(list, head->prev, head, sync);
}

static inline void hlist_del_rcu(struct hlist_node *n)
{
	__hlist_del(n);
	WRITE_ONCE(n->pprev, LIST_POISON2);
}

static inline void hlist_del_init_rcu(struct hlist_node *n)
{
	if (!hlist_unhashed(n)) {
		__hlist_del(n);
		WRITE_ONCE(n->pprev, NULL);
	}
}

static inline void hlist_replace_rcu(struct hlist_node *old, struct hlist_node *new)
{
	struct hlist_node *next = old->next;

	new->next = next;
	WRITE_ONCE(new->pprev, old->pprev);
	rcu_assign_pointer(*new->pprev, new);
	if (next)
		WRITE_ONCE(next->pprev, &new->next);
	WRITE_ONCE(old->pprev, LIST_POISON2);
}

static inline void hlist_add_head_rcu(struct hlist_node *n, struct hlist_head *h)
{
	struct hlist_node *first = h->first;

	n->next = first;
	WRITE_ONCE(n->pprev, &h->first);
	rcu_assign_pointer(h->first, n);
	if (first)
		WRITE_ONCE(first->pprev, &n->next);
}

static inline void hlist_add_before_rcu(struct hlist_node *n, struct hlist_node *next)
{
	WRITE_ONCE(n->pprev, next->pprev);
	n->next = next;
	rcu_assign_pointer(*n->pprev, n);
	WRITE_ONCE(next->pprev, &n->next);
}

static inline void hlist_add_behind_rcu(struct hlist_node *n, struct hlist_node *prev)
{
	n->next = prev->next;
	WRITE_ONCE(n->pprev, &prev->next);
	rcu_assign_pointer(prev->next, n);
	if (n->next)
		WRITE_ONCE(n->next->pprev, &n->next);
}

static inline void hlist_add_tail_rcu(struct hlist_node *n, struct hlist_head *h)
{
	struct hlist_node *i, *last = NULL;

	for (i = h->first; i; i = i->next)
		last = i;
	if (last)
		hlist_add_behind_rcu(n, last);
	else
		hlist_add_head_rcu(n, h);
}

/* ---- readers, or who holds the list's lock ---- */

/* A walk's check, once at its begin: cond says why it is safe without rcu_read_lock(); without cond it is not. */
#define __list_check_rcu(dummy, cond, extra...) \
({ \
	(void)(dummy); \
	WARN_ONCE(!(cond) && !rcu_read_lock_any_held(), "an RCU list is walked outside of a reader: without " \
		  "rcu_read_lock() its entries may be freed meanwhile\n"); \
})

#define list_entry_rcu(ptr, type, member)	container_of(READ_ONCE(ptr), type, member)
#define list_entry_lockless(ptr, type, member)	container_of((typeof(ptr))READ_ONCE(ptr), type, member)

#define list_first_or_null_rcu(ptr, type, member) \
({ \
	struct list_head *__ptr = (ptr); \
	struct list_head *__next = READ_ONCE(__ptr->next); \
	likely(__ptr != __next) ? list_entry_rcu(__next, type, member) : NULL; \
})
#define list_next_or_null_rcu(head, ptr, type, member) \
({ \
	struct list_head *__head = (head); \
	struct list_head *__ptr = (ptr); \
	struct list_head *__next = READ_ONCE(__ptr->next); \
	likely(__next != __head) ? list_entry_rcu(__next, type, member) : NULL; \
})

#define list_for_each_entry_rcu(pos, head, member, cond...) \
	for (__list_check_rcu(0, ## cond, 0), pos = list_entry_rcu((head)->next, typeof(*pos), member); \
	     &pos->member != (head); \
	     pos = list_entry_rcu(pos->member.next, typeof(*pos), member))
#define list_for_each_entry_srcu(pos, head, member, cond) \
	for (__list_check_rcu(0, cond, 0), pos = list_entry_rcu((head)->next, typeof(*pos), member); \
	     &pos->member != (head); \
	     pos = list_entry_rcu(pos->member.next, typeof(*pos), member))
#define list_for_each_entry_lockless(pos, head, member) \
	for (pos = list_entry_lockless((head)->next, typeof(*pos), member); \
	     &pos->member != (head); \
	     pos = list_entry_lockless(pos->member.next, typeof(*pos), member))
#define list_for_each_entry_continue_rcu(pos, head, member) \
	for (pos = list_entry_rcu(pos->member.next, typeof(*pos), member); \
	     &pos->member != (head); \
	     pos = list_entry_rcu(pos->member.next, typeof(*pos), member))
#define list_for_each_entry_from_rcu(pos, head, member) \
	for (; &(pos)->member != (head); \
	     pos = list_entry_rcu(pos->member.next, typeof(*(pos)), member))
#define list_for_each_rcu(pos, head) \
	for (pos = READ_ONCE((head)->next); pos != (head); pos = READ_ONCE(pos->next))

#define __hlist_for_each_rcu(pos, head) \
	for (pos = READ_ONCE((head)->first); pos; pos = READ_ONCE(pos->next))
#define __hlist_entry_rcu(ptr, type, member) \
({ \
	struct hlist_node *__node = READ_ONCE(ptr); \
	__node ? container_of(__node, type, member) : NULL; \
})
#define hlist_for_each_entry_rcu(pos, head, member, cond...) \
	for (__list_check_rcu(0, ## cond, 0), pos = __hlist_entry_rcu((head)->first, typeof(*(pos)), member); \
	     pos; pos = __hlist_entry_rcu((pos)->member.next, typeof(*(pos)), member))
#define hlist_for_each_entry_srcu(pos, head, member, cond) \
	hlist_for_each_entry_rcu(pos, head, member, cond)
#define hlist_for_each_entry_rcu_notrace(pos, head, member) \
	for (pos = __hlist_entry_rcu((head)->first, typeof(*(pos)), member); \
	     pos; pos = __hlist_entry_rcu((pos)->member.next, typeof(*(pos)), member))
#define hlist_for_each_entry_rcu_bh(pos, head, member) \
	hlist_for_each_entry_rcu(pos, head, member)
#define hlist_for_each_entry_continue_rcu(pos, member) \
	for (pos = __hlist_entry_rcu((pos)->member.next, typeof(*(pos)), member); \
	     pos; pos = __hlist_entry_rcu((pos)->member.next, typeof(*(pos)), member))
#define hlist_for_each_entry_from_rcu(pos, member) \
	for (; pos; pos = __hlist_entry_rcu((pos)->member.next, typeof(*(pos)), member))
