/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Bobbin's own: what still leads into memory that is about to go, a module's. Each function below asks is_meant() of
 * all that is pending of one kind, and takes off what is: nobody will call it. Only what RCU waits for stays, and
 * rcu_callbacks_left() says that there is some. Called by kernel/module_leftovers.c with the machine standing still
 * (stop_machine()): so no function of these kinds but a work's can have begun and not have ended.
 * For a module's author: nothing. His exit function stops what his init function has started.
 */
#include <linux/types.h>

struct task_struct;
struct timer_list;

struct leftovers {
	/* Does the object lie there, or the function? what: "timer"; stop: what should have been called. */
	bool (*is_meant)(struct leftovers *l, const void *object, const void *fn, const char *what, const char *stop);
};

void irqs_take_off(struct leftovers *l);
void tasklets_take_off(struct leftovers *l);
void timers_take_off(struct leftovers *l);
void hrtimers_take_off(struct leftovers *l);
void works_take_off(struct leftovers *l);		/* delayed ones, too */
void kthread_works_take_off(struct leftovers *l);
bool rcu_callbacks_left(struct leftovers *l);

/* timers_take_off_if: every pending timer of which is_meant() says so. The base's lock is held meanwhile. */
void timers_take_off_if(bool (*is_meant)(struct timer_list *timer, void *arg), void *arg);

/* What p carries out just now, as a worker of a workqueue or a kthread_worker: the work's function, and in *work where
 * it was, for it may be freed. Return: NULL: nothing. */
const void *wq_worker_runs(struct task_struct *p, const void **work);
const void *kthread_worker_runs(struct task_struct *p, const void **work);
