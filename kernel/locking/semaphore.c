/* SPDX-License-Identifier: MIT */
/*
 * Semaphores: a count of permits and a list of those who wait for one.
 *
 * All under one spinlock, with interrupts off, for up() may be called in an interrupt. If somebody waits, up() leaves
 * the count alone and gives the permit to the longest waiter (`given`), so nobody can take it before he has got up: it
 * is fair, and the woken need not look again.
 * Read next: rwsem.c.
 */
#include <linux/semaphore.h>
#include "held.h"
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/sched/shake.h>
#include <trace/events/lock.h>

struct semaphore_waiter {
	struct list_head	list;	/* lock */
	struct task_struct	*task;
	bool			given;	/* lock */
};

const struct lock_kind semaphore_kind = { .what = "semaphore" };
EXPORT_SYMBOL(semaphore_kind);

void __sema_init(struct semaphore *sem, int val, const char *name)
{
	raw_spin_lock_init(&sem->lock);
	sem->count = val;
	INIT_LIST_HEAD(&sem->wait_list);
	owned_lock_init(&sem->own, &semaphore_kind, name, NULL);
}
EXPORT_SYMBOL(__sema_init);

/* The lock is held, and is when it returns. */
static int __sched wait_for_permit(struct semaphore *sem, unsigned int state, long timeout)
{
	struct semaphore_waiter w = { .task = current };
	int ret = 0;

	trace_contention_begin(sem, 0);
	list_add_tail(&w.list, &sem->wait_list);
	blocked_begin(&sem->own);
	while (!w.given) {
		if (signal_pending_state(state, current))
			ret = -EINTR;
		else if (timeout <= 0)
			ret = -ETIME;
		if (ret) {
			list_del(&w.list);
			break;
		}
		__set_current_state(state);
		raw_spin_unlock_irq(&sem->lock);
		timeout = schedule_timeout(timeout);
		raw_spin_lock_irq(&sem->lock);
	}
	blocked_end();
	trace_contention_end(sem, ret);
	return ret;
}

static int __sched down_common(struct semaphore *sem, unsigned int state, long timeout)
{
	unsigned long flags;
	int ret = 0;

	might_sleep();
	raw_spin_lock_irqsave(&sem->lock, flags);
	if (likely(sem->count > 0))
		sem->count--;
	else
		ret = wait_for_permit(sem, state, timeout);
	raw_spin_unlock_irqrestore(&sem->lock, flags);
	return ret;
}

void __sched down(struct semaphore *sem)
{
	down_common(sem, TASK_UNINTERRUPTIBLE, MAX_SCHEDULE_TIMEOUT);
}
EXPORT_SYMBOL(down);

int __sched down_interruptible(struct semaphore *sem)
{
	return down_common(sem, TASK_INTERRUPTIBLE, MAX_SCHEDULE_TIMEOUT);
}
EXPORT_SYMBOL(down_interruptible);

int __sched down_killable(struct semaphore *sem)
{
	return down_common(sem, TASK_KILLABLE, MAX_SCHEDULE_TIMEOUT);
}
EXPORT_SYMBOL(down_killable);

int __sched down_timeout(struct semaphore *sem, long timeout)
{
	return down_common(sem, TASK_UNINTERRUPTIBLE, timeout);
}
EXPORT_SYMBOL(down_timeout);

int down_trylock(struct semaphore *sem)
{
	unsigned long flags;
	bool taken;

	raw_spin_lock_irqsave(&sem->lock, flags);
	taken = sem->count > 0;
	if (taken)
		sem->count--;
	raw_spin_unlock_irqrestore(&sem->lock, flags);
	return !taken;
}
EXPORT_SYMBOL(down_trylock);

void up(struct semaphore *sem)
{
	struct task_struct *p = NULL;
	struct semaphore_waiter *w;
	unsigned long flags;

	shake_point();
	raw_spin_lock_irqsave(&sem->lock, flags);
	w = list_first_entry_or_null(&sem->wait_list, struct semaphore_waiter, list);
	if (w) {
		list_del(&w->list);
		p = get_task_struct(w->task);
		w->given = true;
	} else {
		sem->count++;
	}
	raw_spin_unlock_irqrestore(&sem->lock, flags);
	/* w was on p's stack and may be gone; p itself is kept by the reference. */
	if (p) {
		wake_up_process(p);
		put_task_struct(p);
	}
}
EXPORT_SYMBOL(up);
