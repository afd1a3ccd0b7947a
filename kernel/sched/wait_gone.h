/* SPDX-License-Identifier: MIT */
#pragma once
/* Wait queues whose memory is not theirs any more, or not yet. See wait_gone.c. */
#include <linux/mm.h>
#include <linux/wait.h>
#include <asm/extable.h>

/*
 * wait_queue_is_gone: is the head a local variable of a function that has returned, or of a thread that has ended? Then
 * a WARN says so, `what` it is and an advice, and it must not be touched. A shift and a comparison for heads elsewhere.
 * Context: any.
 */
bool wait_queue_on_stack_is_gone(struct wait_queue_head *wq_head, const char *what, const char *advice);
#define wait_queue_is_gone(wq_head, what, advice) \
	(unlikely(is_stack_address(wq_head)) && wait_queue_on_stack_is_gone(wq_head, what, advice))

/*
 * wait_queue_expect_init: a head of zeros is initialised, and a WARN says that somebody forgot it. For who is about to
 * sleep there; who wakes comes by wait_queue_mend(). Context: the queue's lock.
 */
void wait_queue_init_late(struct wait_queue_head *wq_head);
static __always_inline void wait_queue_expect_init(struct wait_queue_head *wq_head)
{
	if (unlikely(!wq_head->head.next))
		wait_queue_init_late(wq_head);
}

/* wait_queue_mend: the entry behind `at` was overwritten; says so, and leaves it out. Context: the queue's lock. */
void wait_queue_mend(struct wait_queue_head *wq_head, struct list_head *at);

/* The successor of `at`, which points back as long as it is sound. Context: the queue's lock. */
static __always_inline struct list_head *wait_queue_next(struct wait_queue_head *wq_head, struct list_head *at)
{
	struct list_head *back;

	while (unlikely(!load_nofault(back, &at->next->prev) || back != at))
		wait_queue_mend(wq_head, at);
	return at->next;
}
