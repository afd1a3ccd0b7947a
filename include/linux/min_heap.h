/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A heap in an array of yours: the least element is always the first. For a queue with priorities whose largest size
 * is known; <linux/rbtree.h> also finds and removes others than the least.
 * Context: the caller's lock.
 */
#include <linux/bug.h>
#include <linux/string.h>
#include <linux/types.h>

struct min_heap {
	void	*data;
	int	nr;	/* elements that it has */
	int	size;	/* elements that data has room for */
};

struct min_heap_callbacks {
	int	elem_size;
	bool	(*less)(const void *lhs, const void *rhs);
	void	(*swp)(void *lhs, void *rhs);
};

/* Lets the element at pos sink to where both below it are no less. */
static __always_inline void min_heapify(struct min_heap *heap, int pos, const struct min_heap_callbacks *func)
{
	for (;;) {
		void *at = heap->data + pos * func->elem_size, *least = at;
		int child;

		for (child = 2 * pos + 1; child <= 2 * pos + 2 && child < heap->nr; child++)
			if (func->less(heap->data + child * func->elem_size, least))
				least = heap->data + child * func->elem_size;
		if (least == at)
			return;
		func->swp(at, least);
		pos = (least - heap->data) / func->elem_size;
	}
}

/* Makes a heap of any array. */
static __always_inline void min_heapify_all(struct min_heap *heap, const struct min_heap_callbacks *func)
{
	for (int i = heap->nr / 2 - 1; i >= 0; i--)
		min_heapify(heap, i, func);
}

/* Drops the least. */
static __always_inline void min_heap_pop(struct min_heap *heap, const struct min_heap_callbacks *func)
{
	if (WARN_ONCE(heap->nr <= 0, "popping an empty heap\n"))
		return;
	heap->nr--;
	memcpy(heap->data, heap->data + heap->nr * func->elem_size, func->elem_size);
	min_heapify(heap, 0, func);
}

/* The same, with another element in its place: sinks once instead of twice. */
static __always_inline void min_heap_pop_push(struct min_heap *heap, const void *element,
					      const struct min_heap_callbacks *func)
{
	memcpy(heap->data, element, func->elem_size);
	min_heapify(heap, 0, func);
}

static __always_inline void min_heap_push(struct min_heap *heap, const void *element,
					  const struct min_heap_callbacks *func)
{
	int pos = heap->nr;

	if (WARN_ONCE(heap->nr >= heap->size, "pushing on a full heap\n"))
		return;
	memcpy(heap->data + pos * func->elem_size, element, func->elem_size);
	heap->nr++;
	for (; pos > 0; pos = (pos - 1) / 2) {
		void *at = heap->data + pos * func->elem_size;
		void *above = heap->data + (pos - 1) / 2 * func->elem_size;

		if (func->less(above, at))
			break;
		func->swp(above, at);
	}
}
