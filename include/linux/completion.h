/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Completions: "it has happened". One side waits, the other calls complete(); which comes first does not matter.
 *
 * `done` counts: each complete() lets one waiter through, complete_all() all of them, now and until
 * reinit_completion(). For a condition that comes and goes, use <linux/wait.h>.
 *
 * wait_for_* context: thread, may sleep. complete*: any, interrupts included. A completion on the stack may go out of
 * scope as soon as wait_for_completion() has returned: complete() does not touch it after that.
 * Differs from Linux: complete*() of a local variable whose function has returned is explained, and leaves it alone.
 * Semantics: Linux's Documentation/scheduler/completion.
 */
#include <linux/wait.h>

struct completion {
	unsigned int	  done;		/* lock: wait.lock. UINT_MAX: completed for good */
	wait_queue_head_t wait;		/* Differs from Linux: an ordinary wait queue, not a simple one */
};

#define COMPLETION_INITIALIZER(work)	{ 0, __WAIT_QUEUE_HEAD_INITIALIZER((work).wait) }
#define COMPLETION_INITIALIZER_ONSTACK(work)	(*({ init_completion(&work); &work; }))
#define DECLARE_COMPLETION(work)	struct completion work = COMPLETION_INITIALIZER(work)
#define DECLARE_COMPLETION_ONSTACK(work) struct completion work = COMPLETION_INITIALIZER(work)

#define init_completion(x)	__init_completion(x)
static inline void __init_completion(struct completion *x)
{
	static struct lock_class_key key;

	x->done = 0;
	__init_waitqueue_head(&x->wait, "&x->wait", &key);
}

/* Only while nobody waits and nobody is about to complete it. */
static inline void reinit_completion(struct completion *x)
{
	x->done = 0;
}

/* complete: lets one waiter through, the one that has waited longest. complete_all: all, for good. */
void complete(struct completion *x);
void complete_all(struct completion *x);

/* Return: the _timeout forms as wait_event_timeout(); interruptible and killable: 0 or -ERESTARTSYS. */
void wait_for_completion(struct completion *x);
void wait_for_completion_io(struct completion *x);
int wait_for_completion_interruptible(struct completion *x);
int wait_for_completion_killable(struct completion *x);
int wait_for_completion_state(struct completion *x, unsigned int state);
unsigned long wait_for_completion_timeout(struct completion *x, unsigned long timeout);
unsigned long wait_for_completion_io_timeout(struct completion *x, unsigned long timeout);
long wait_for_completion_interruptible_timeout(struct completion *x, unsigned long timeout);
long wait_for_completion_killable_timeout(struct completion *x, unsigned long timeout);

/* try_wait_for_completion: take one if it is there; true if so. completion_done: is there one (or a complete_all)?
 * Context: any. */
bool try_wait_for_completion(struct completion *x);
bool completion_done(struct completion *x);
