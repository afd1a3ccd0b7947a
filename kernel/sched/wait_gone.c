/* SPDX-License-Identifier: MIT */
/*
 * Wait queues whose memory is not theirs any more.
 *
 * A queue's head, or a completion, may be a local variable, and so is nearly every entry. Two mistakes follow:
 *
 *	the head's function returns, and others still wake it	stack_object_is_gone() sees that it lies below its
 *								thread's sp; if that stack is in use again there, and
 *								something else was written, the head is no list
 *	an entry's function returns without finish_wait()	its successor does not point back: it is left out, and
 *								those behind it are woken all the same
 *
 * And one mistake comes before: a head in memory that was only zeroed. That is a free lock and a list without ends,
 * which can be put right on the spot. Of a head in kmalloc'ed memory that was freed, what the allocator has written
 * there tells.
 *
 * The first two are looked at before anything is written. In the first, nobody may hold a lock (it would lie in the
 * same memory), so a sound head may be changed while it is looked at, and its first entry with its whole stack may go:
 * each load may fail, and only what was seen while the lock was free, before and after, counts.
 * Read next: kernel/mm/stack_gone.c.
 */
#include "wait_gone.h"
#include <linux/bug.h>
#include <linux/cpumask.h>
#include <linux/lockdep.h>
#include <linux/poison.h>
#include <linux/spinlock.h>

/* Is it what the allocator writes into memory that is freed? */
static bool is_poison(const void *p)
{
	return (unsigned long)p == POISON_WORD || (unsigned long)p == POISON_LAST;
}

/*
 * A head that nobody has locked, before and after it was looked at, and that does not hold its list: not a head any
 * more. One that is locked by a CPU that does not exist, neither. Of one that is just being changed nothing is known.
 */
static bool is_overwritten(struct wait_queue_head *wq_head)
{
	u32 before, after, holder;
	struct list_head *next, *back;

	if (!load_nofault(before, &wq_head->lock.tickets) || !load_nofault(next, &wq_head->head.next))
		return true;
	if (load_nofault(back, &next->prev) && back == &wq_head->head)
		return false;
	/* ORDER(spinlock): the list, then again the lock; who changes it takes the lock first. */
	if (!load_nofault(holder, &wq_head->lock.holder) || !load_nofault(after, &wq_head->lock.tickets))
		return true;
	return holder > nr_cpu_ids || (before == after && (u16)before == before >> 16);
}

bool wait_queue_on_stack_is_gone(struct wait_queue_head *wq_head, const char *what, const char *advice)
{
	if (stack_object_is_gone(wq_head, what, advice))
		return true;
	return WARN(is_overwritten(wq_head), "%s %px on a stack has been overwritten: it was a local variable of a "
		    "function that has returned. It is left alone. %s\n", what, wq_head, advice);
}

void wait_queue_init_late(struct wait_queue_head *wq_head)
{
	lockdep_assert_held(&wq_head->lock);
	WARN(1, "wait queue or completion %px was never initialised: init_waitqueue_head() or init_completion() must "
	     "come before anybody waits for it or wakes it. It is initialised now\n", wq_head);
	INIT_LIST_HEAD(&wq_head->head);
}

void wait_queue_mend(struct wait_queue_head *wq_head, struct list_head *at)
{
	lockdep_assert_held(&wq_head->lock);
	if (at == &wq_head->head && !at->next && !at->prev) {
		wait_queue_init_late(wq_head);
		return;
	}
	if (at == &wq_head->head && is_poison(at->next)) {
		WARN(1, "wait queue or completion %px lies in memory that was freed, and somebody wakes it. Who frees "
		     "it must first see to it that nobody will; or let both sides hold a reference (kref)\n", wq_head);
		INIT_LIST_HEAD(&wq_head->head);
		return;
	}
	WARN(1, "wait queue %px: the entry %px was overwritten while it was there. Was it a local variable "
	     "(DEFINE_WAIT) of a function that returned without finish_wait() or remove_wait_queue()? It is taken "
	     "off\n", wq_head, container_of(at->next, struct wait_queue_entry, entry));
	list_go_round(&wq_head->head, at);
}
