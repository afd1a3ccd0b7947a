/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A thread that waits for its turn in a list of works, and whoever comes to that place lets it go: flusher.c has the
 * story. For kthread_work*.c and workqueue/ only: the struct is on the waiting thread's stack, and in a work there.
 */
#include <linux/compiler.h>
#include <linux/sched.h>
#include <asm/barrier.h>

struct flusher {
	struct task_struct	*p;		/* constant */
	int			state;		/* FLUSHER_*. Written by who lets it go, under the list's lock */
};

enum { FLUSHER_WAITS, FLUSHER_REACHED, FLUSHER_GONE };

/* By the thread itself, before the list knows of it. */
static inline void flusher_init(struct flusher *f)
{
	*f = (struct flusher){ .p = current, .state = FLUSHER_WAITS };
}

/* Sleep until it is let go; at once if it has been. Context: thread, no lock held. */
void flusher_sleep(struct flusher *f);

/* Its place is reached, and it is off the list. The struct may be no more afterwards. Context: interrupts off. */
static __always_inline void flusher_let_go(struct flusher *f)
{
	/* ORDER(sleep-wake): the condition, then, in wake_up_process(), the state. */
	WRITE_ONCE(f->state, FLUSHER_REACHED);
	wake_up_process(f->p);
	/* ORDER(flusher): the last that happens to it here. */
	smp_store_release(&f->state, FLUSHER_GONE);
}
