/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What the two halves of kthread_worker have to say to one another: kthread_worker.c, the thread and its worker;
 * kthread_work.c, the works.
 */
#include <linux/bug.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include "kthread.h"

/* The worker that the calling thread is attached to; NULL: it has none. */
static inline struct kthread_worker *kthread_current_worker(void)
{
	struct kthread *self = find_kthread(current);

	return self ? self->worker : NULL;
}

/* NULL, and what lies in freed memory, are not. */
static __always_inline bool is_kernel_address(const void *p)
{
	return (long)p >> 47 == -1;	/* the upper half; 0xa56b6b... is none of it */
}

/* Is it one? A WARN if it was never set up, or is destroyed. */
static __always_inline bool is_worker(const struct kthread_worker *worker)
{
	return !WARN(!is_kernel_address(worker->work_list.next), "worker %px was never set up, or is destroyed: "
		     "kthread_create_worker() or kthread_init_worker() comes first, its end last\n", worker);
}

/* kthread_worker.c, from kthread_will_exit(): the calling thread ends, and is still attached. */
void kthread_worker_lost(struct kthread_worker *worker);

/* kthread_work.c: the function of a flush, by which it is known. With worker->lock held, when it is off the list. */
void kthread_flush_is_reached(struct kthread_work *work);
/* kthread_work.c: kthread_flush_worker(); false: it could not wait, and has said why. */
bool kthread_worker_flush(struct kthread_worker *worker);
/* All who wait for something queued go on, though it is not done. */
void kthread_worker_let_go(struct kthread_worker *worker);
/* Off the lists, each with a WARN. */
void kthread_worker_drop_works(struct kthread_worker *worker);
