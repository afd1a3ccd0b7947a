/* SPDX-License-Identifier: MIT */
/*
 * Misuse: local variables that others still use when their function has returned. See misuse.h.
 *
 * A thread calls a function deep down, which gives the address of a local variable away and returns; then the thread
 * sleeps, so that everybody can see how much of its stack is in use. Only then the others use the address.
 * Read next: kernel/mm/stack_gone.c.
 */
#define MISUSE_SUBJECT "local variables that are gone"
#include "misuse.h"
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timer.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

struct leak {
	void			(*leak)(struct leak *l);
	struct completion	returned;	/* the function has */
	struct completion	*completion;
	wait_queue_head_t	*head;
	struct timer_list	*timer;
	struct workqueue_struct	*wq;
};

/* Far below what the thread needs to sleep. */
static noinline void call_deep_down(struct leak *l)
{
	char room[4096];

	barrier_data(room);	/* or a compiler makes do without the bytes that nobody uses */
	l->leak(l);
	barrier_data(room);	/* and turns the call into a jump */
}

static int leaking_thread(void *data)
{
	struct leak *l = data;

	call_deep_down(l);
	complete(&l->returned);
	for (;;) {
		/* ORDER(should-stop): the state, then the bit. */
		set_current_state(TASK_INTERRUPTIBLE);
		if (kthread_should_stop())
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	return 0;
}

/* The thread, asleep, when its function has returned. */
static struct task_struct *leak_from_thread(struct leak *l)
{
	struct task_struct *p;

	init_completion(&l->returned);
	p = kthread_run(leaking_thread, l, "misuse/leak");
	if (IS_ERR(p))
		return p;
	wait_for_completion(&l->returned);
	while (!READ_ONCE(p->__state) || READ_ONCE(p->on_cpu))
		msleep(1);
	return p;
}

static noinline void leak_completion(struct leak *l)
{
	struct completion done;

	init_completion(&done);
	l->completion = &done;
	wait_for_completion_timeout(&done, 1);		/* in vain */
}

static int complete_gone(void)
{
	struct leak l = { .leak = leak_completion };
	struct task_struct *p = leak_from_thread(&l);

	if (IS_ERR(p))
		return PTR_ERR(p);
	complete(l.completion);
	return kthread_stop(p);
}
MISUSE("complete-gone", complete_gone, "complete() of a completion whose waiter gave up, and whose function returned");

static int complete_freed(void)
{
	struct completion *done = kmalloc(sizeof(*done), GFP_KERNEL), *stale = done;

	if (!done)
		return -ENOMEM;
	init_completion(done);
	OPTIMIZER_HIDE_VAR(stale);			/* the compiler would see the mistake, too */
	kfree(done);
	complete(stale);
	return 0;
}
MISUSE("complete-freed", complete_freed, "complete() of a completion whose waiter gave up, and freed it");

static noinline void leak_head(struct leak *l)
{
	DECLARE_WAIT_QUEUE_HEAD_ONSTACK(head);

	l->head = &head;
	wait_event_timeout(head, false, 1);
}

static int wake_gone(void)
{
	struct leak l = { .leak = leak_head };
	struct task_struct *p = leak_from_thread(&l);

	if (IS_ERR(p))
		return PTR_ERR(p);
	wake_up(l.head);
	return kthread_stop(p);
}
MISUSE("wake-gone", wake_gone, "wake_up() of a wait queue that was a local variable of a function that returned");

static void say_nothing(struct timer_list *t)
{
}

static noinline void leak_timer(struct leak *l)
{
	struct timer_list timer, *leaked = &timer;

	timer_setup_on_stack(&timer, say_nothing, 0);
	mod_timer(&timer, jiffies + 100 * HZ);		/* and no del_timer_sync() */
	OPTIMIZER_HIDE_VAR(leaked);			/* the compiler would see the mistake, too */
	l->timer = leaked;
}

static int timer_gone(void)
{
	struct leak l = { .leak = leak_timer };
	struct task_struct *p = leak_from_thread(&l);

	if (IS_ERR(p))
		return PTR_ERR(p);
	mod_timer(l.timer, jiffies);	/* let us not wait so long */
	while (timer_pending(l.timer))
		msleep(1);
	del_timer_sync(l.timer);
	return kthread_stop(p);
}
MISUSE("timer-gone", timer_gone, "a timer on the stack, still pending when its function returns");

static void do_nothing(struct work_struct *work)
{
}

static DECLARE_COMPLETION(go_on);

static void hold_up(struct work_struct *work)
{
	wait_for_completion(&go_on);
}

static noinline void leak_work(struct leak *l)
{
	struct work_struct work;

	INIT_WORK_ONSTACK(&work, do_nothing);
	queue_work(l->wq, &work);		/* and no flush_work() */
}

static int work_gone(void)
{
	static DECLARE_WORK(in_front, hold_up);
	struct leak l = { .leak = leak_work, .wq = alloc_ordered_workqueue("misuse", 0) };
	struct task_struct *p;

	if (!l.wq)
		return -ENOMEM;
	queue_work(l.wq, &in_front);
	p = leak_from_thread(&l);
	complete(&go_on);
	flush_workqueue(l.wq);
	destroy_workqueue(l.wq);
	return IS_ERR(p) ? PTR_ERR(p) : kthread_stop(p);
}
MISUSE("work-gone", work_gone, "a work on the stack, still queued when its function returns");
