/* SPDX-License-Identifier: MIT */
/*
 * Rescuers: how works go on when no worker can be made.
 *
 * Memory is freed by works, too: write-back, for one. If such a work waits for a worker, and the worker for memory, and
 * the memory for the work, nothing moves any more. So each WQ_MEM_RECLAIM queue has, from its birth, one thread that
 * sleeps until it is called: its rescuer, named as the queue.
 *
 *	the pool's manager		mayday_timer			rescuer
 *	can't make a worker	 ---->	rescuer_call():		 ---->	for each pwq: joins its pool, takes its queue's
 *	tries again				the pwqs of the		waiting works (only these), does them, leaves
 *						waiting works
 *
 * It joins as a worker that is never counted (WORKER_PREP stays set), and runs where the pool's workers would. So all
 * guarantees hold: a work is in the busy hash, runs once at a time, can be flushed, finds itself by current_work().
 * What others have queued on the same pool is not its business: each queue has its own rescuer, or none.
 *
 * Taking its works out means walking the pool's worklist under its lock. That is long if much waits there, and happens
 * when nothing else does.
 *
 * Locking: wq_mayday_lock for the lists of pwqs in need, inside the pool's lock.
 * Read next: queue.c.
 */
#include "workqueue.h"
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/slab.h>

static DEFINE_RAW_SPINLOCK(wq_mayday_lock);

/* ---- calling ---- */

static void call_rescuer_of(struct pool_workqueue *pwq)
{
	struct workqueue_struct *wq = pwq->wq;

	raw_spin_lock(&wq_mayday_lock);
	if (wq->rescuer && list_empty(&pwq->mayday_node)) {
		list_add_tail(&pwq->mayday_node, &wq->maydays);
		wake_up_process(wq->rescuer->task);
	}
	raw_spin_unlock(&wq_mayday_lock);
}

/* For all queues that may have works waiting in this pool. Its lock is held. */
void rescuer_call(struct worker_pool *pool)
{
	struct pool_workqueue *pwq;

	lockdep_assert_held(&pool->lock);
	list_for_each_entry(pwq, &pool->pwqs, pool_node)
		if (pwq->nr_active)
			call_rescuer_of(pwq);
}

/* ---- rescuing ---- */

static struct pool_workqueue *next_mayday(struct workqueue_struct *wq)
{
	struct pool_workqueue *pwq;

	raw_spin_lock_irq(&wq_mayday_lock);
	pwq = list_first_entry_or_null(&wq->maydays, struct pool_workqueue, mayday_node);
	if (pwq)
		list_del_init(&pwq->mayday_node);
	raw_spin_unlock_irq(&wq_mayday_lock);
	return pwq;
}

/* All works of that pwq that wait, to the rescuer itself. */
static void take_works_of(struct pool_workqueue *pwq, struct worker *rescuer)
{
	struct work_struct *work, *next;

	list_for_each_entry_safe(work, next, &pwq->pool->worklist, entry)
		if (work_pwq(work) == pwq)
			move_linked_works(work, &rescuer->scheduled, &next);
}

static void rescue(struct pool_workqueue *pwq, struct worker *rescuer)
{
	struct worker_pool *pool = pwq->pool;

	worker_attach(rescuer, pool);
	raw_spin_lock_irq(&pool->lock);
	take_works_of(pwq, rescuer);
	while (!list_empty(&rescuer->scheduled)) {
		worker_do_scheduled(rescuer);
		/* They may have queued more, or made room below max_active: as long as there is need, go on. */
		if (pool_lacks_idle_worker(pool))
			take_works_of(pwq, rescuer);
	}
	/* Since it isn't counted, it wakes one who is. */
	if (pool_needs_worker(pool))
		pool_wake_worker(pool);
	raw_spin_unlock_irq(&pool->lock);
	worker_detach(rescuer);
}

static int rescuer_thread(void *data)
{
	struct worker *rescuer = data;
	struct pool_workqueue *pwq;
	bool should_stop;

	set_user_nice(current, RESCUER_NICE_LEVEL);
	worker_mark_thread(true);
	/* ORDER(sleep-wake), ORDER(should-stop): each turn the state, then both questions. */
	for (;;) {
		set_current_state(TASK_IDLE);
		should_stop = kthread_should_stop();
		pwq = next_mayday(rescuer->rescue_wq);
		if (pwq) {
			__set_current_state(TASK_RUNNING);
			rescue(pwq, rescuer);
		} else if (should_stop) {
			break;		/* the calls that came before it have been answered */
		} else {
			schedule();
		}
	}
	__set_current_state(TASK_RUNNING);
	worker_mark_thread(false);
	return 0;
}

/* ---- with its queue ---- */

/* Return: 0, also for a queue that needs none, or a negative errno. */
int rescuer_start(struct workqueue_struct *wq)
{
	struct worker *rescuer;
	int err;

	if (!(wq->flags & WQ_MEM_RECLAIM))
		return 0;
	rescuer = worker_alloc();
	if (!rescuer)
		return -ENOMEM;
	rescuer->rescue_wq = wq;
	rescuer->task = kthread_create(rescuer_thread, rescuer, "%s", wq->name);
	if (IS_ERR(rescuer->task)) {
		err = PTR_ERR(rescuer->task);
		kfree(rescuer);
		return err;
	}
	wq->rescuer = rescuer;
	wake_up_process(rescuer->task);
	return 0;
}

/* It dies in the middle of a work: the queue goes on without. */
void rescuer_forget(struct worker *rescuer)
{
	raw_spin_lock_irq(&wq_mayday_lock);
	rescuer->rescue_wq->rescuer = NULL;
	raw_spin_unlock_irq(&wq_mayday_lock);
}

void rescuer_stop(struct workqueue_struct *wq)
{
	struct worker *rescuer;

	raw_spin_lock_irq(&wq_mayday_lock);
	rescuer = wq->rescuer;
	wq->rescuer = NULL;
	raw_spin_unlock_irq(&wq_mayday_lock);
	if (!rescuer)
		return;
	kthread_stop(rescuer->task);
	kfree(rescuer);
}
