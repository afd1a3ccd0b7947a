/* SPDX-License-Identifier: MIT */
/*
 * kthread_work: how works are queued, delayed, flushed and cancelled. Who does them: kthread_worker.c.
 *
 * Flushing needs no counters. A flush is a work, too: it lies on the flusher's stack right behind what it waits for.
 * The worker who takes it lets the flusher go (flusher.c) by that same step, under the lock. Cancelling takes the work
 * off its list, and if it is running waits with such a flush in front of everything; meanwhile `canceling` keeps
 * others, and the work itself, from queueing it again. A timer that fires meanwhile leaves the work where the
 * canceller finds it.
 *
 * What waits for itself would wait for ever: a work that flushes its own worker, or flushes or cancels itself, or waits
 * for one that is queued behind it; or works of several workers that wait for each other in a circle:
 *
 *	worker A: a() flushes b  --waits_for-->  worker B: b() flushes a  --waits_for-->  worker A
 *
 * A worker can wait for one other only, because it has one thread; so there is a circle if the chain of waits_for from
 * the other leads back. begin_wait() looks before it waits: the answer is a WARN, and no waiting.
 *
 * Locking: worker->lock. Which lock is a work's says work->worker; who has got the lock looks again (lock_worker_of).
 * Order: worker->lock, then waits_lock, a timer's lock, a thread's pi_lock. waits_lock covers waits_for of all workers;
 * it is taken by works that wait only.
 *
 * Rejected: a flag in the work that says "queued", as workqueues have: the list node says it already.
 * Read next: kthread_worker.c.
 */
#include <linux/kthread.h>
#include <linux/bug.h>
#include <linux/export.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/sched.h>
#include <linux/sched/shake.h>
#include <trace/events/kthread.h>
#include "flusher.h"
#include "kthread_worker.h"
#include "sched/wake.h"

static DEFINE_RAW_SPINLOCK(waits_lock);

/* ---- queueing ---- */

/* Nothing to be said against it, and not one of those that are only told "no". */
static __always_inline bool is_free_for(struct kthread_worker *worker, struct kthread_work *work)
{
	return list_empty(&work->node) && work->func && !work->canceling &&
	       (work->worker == worker || !work->worker);
}

/* It is on a list, or somebody is cancelling it; or there is more to say. */
static noinline bool may_queue_all_the_same(struct kthread_worker *worker, struct kthread_work *work)
{
	if (WARN(!work->func || !is_kernel_address(work->node.next), "work %px is queued but was freed, or never set "
		 "up, or has no function: kthread_init_work() comes first\n", work))
		return false;
	WARN(work->worker && work->worker != worker, "work %ps is queued on another worker than before: a work belongs "
	     "to one worker; wait until it is done, then kthread_init_work() makes it free for another\n", work->func);
	return list_empty(&work->node) && !work->canceling;
}

/* May it be put on a list? Memory that was freed, or never set up, holds no empty list: so that is asked first. */
static __always_inline bool may_queue(struct kthread_worker *worker, struct kthread_work *work)
{
	lockdep_assert_held(&worker->lock);
	return likely(is_free_for(worker, work)) || may_queue_all_the_same(worker, work);
}

/* In front of `next`, which is a work or the end of the list. The lock is held: who asked first has seen to it.
 * Return: whom to wake; NULL: one that is awake takes the lock, and looks, before it sleeps. */
static __always_inline struct task_struct *put_on_list(struct kthread_worker *worker, struct kthread_work *work,
						       struct list_head *next)
{
	struct task_struct *p = worker->task;

	trace_sched_kthread_work_queue_work(worker, work);
	list_add_tail(&work->node, next);
	work->worker = worker;
	work->delayed = false;
	return p && !worker->current_work && !task_is_running(p) ? p : NULL;
}

static __always_inline void insert_work(struct kthread_worker *worker, struct kthread_work *work,
					struct list_head *next)
{
	struct task_struct *p = put_on_list(worker, work, next);

	if (p)
		wake_up_process(p);
}

bool kthread_queue_work(struct kthread_worker *worker, struct kthread_work *work)
{
	struct task_struct *p = NULL;
	unsigned long flags;
	bool queued;

	if (!is_worker(worker))
		return false;
	shake_point();
	raw_spin_lock_irqsave(&worker->lock, flags);
	queued = may_queue(worker, work);
	if (queued)
		p = put_on_list(worker, work, &worker->work_list);
	/* A worker that shall run at once does so with the lock given back: there is nothing left to do here. */
	unlock_and_wake(p, &worker->lock, flags);
	return queued;
}
EXPORT_SYMBOL(kthread_queue_work);

void kthread_delayed_work_timer_fn(struct timer_list *t)
{
	struct kthread_delayed_work *dwork = from_timer(dwork, t, timer);
	struct kthread_work *work = &dwork->work;
	struct kthread_worker *worker = READ_ONCE(work->worker);
	unsigned long flags;

	if (WARN(!worker, "the timer of delayed work %ps was started by hand: kthread_queue_delayed_work() starts it\n",
		 work->func))
		return;
	shake_point();
	raw_spin_lock_irqsave(&worker->lock, flags);
	/* Who cancels it is waiting for us, and takes it off the list himself. */
	if (work->delayed && !work->canceling) {
		list_del_init(&work->node);
		insert_work(worker, work, &worker->work_list);
	}
	raw_spin_unlock_irqrestore(&worker->lock, flags);
}
EXPORT_SYMBOL(kthread_delayed_work_timer_fn);

static bool has_timer(const struct kthread_delayed_work *dwork)
{
	return !WARN(dwork->timer.function != kthread_delayed_work_timer_fn, "delayed work %ps has no timer: "
		     "kthread_init_delayed_work() sets one up, kthread_init_work() does not\n", dwork->work.func);
}

static void insert_delayed(struct kthread_worker *worker, struct kthread_delayed_work *dwork, unsigned long delay)
{
	struct kthread_work *work = &dwork->work;

	if (!delay) {
		insert_work(worker, work, &worker->work_list);
		return;
	}
	list_add_tail(&work->node, &worker->delayed_work_list);
	work->worker = worker;
	work->delayed = true;
	dwork->timer.expires = jiffies + delay;
	add_timer(&dwork->timer);
}

bool kthread_queue_delayed_work(struct kthread_worker *worker, struct kthread_delayed_work *dwork, unsigned long delay)
{
	unsigned long flags;
	bool queued;

	if (!is_worker(worker) || !has_timer(dwork))
		return false;
	raw_spin_lock_irqsave(&worker->lock, flags);
	queued = may_queue(worker, &dwork->work);
	if (queued)
		insert_delayed(worker, dwork, delay);
	raw_spin_unlock_irqrestore(&worker->lock, flags);
	return queued;
}
EXPORT_SYMBOL(kthread_queue_delayed_work);

/* ---- taking back ---- */

/* Return: the worker that the work was queued on last, locked; NULL: none ever, or it is gone. */
static __always_inline struct kthread_worker *lock_worker_of(struct kthread_work *work, unsigned long *flags)
{
	struct kthread_worker *worker;

	while ((worker = READ_ONCE(work->worker)) != NULL && is_worker(worker)) {
		raw_spin_lock_irqsave(&worker->lock, *flags);
		if (likely(worker == work->worker))
			return worker;
		raw_spin_unlock_irqrestore(&worker->lock, *flags);
	}
	return NULL;
}

/* Neither pending nor in its function when this returns. Lets the lock go meanwhile, but nobody can queue the work. */
static void stop_timer(struct kthread_worker *worker, struct kthread_work *work, unsigned long *flags)
{
	lockdep_assert_held(&worker->lock);
	work->canceling++;
	raw_spin_unlock_irqrestore(&worker->lock, *flags);
	del_timer_sync(&container_of(work, struct kthread_delayed_work, work)->timer);
	raw_spin_lock_irqsave(&worker->lock, *flags);
	work->canceling--;
}

/* Off its list. Return: was it on one? */
static bool unqueue(struct kthread_work *work)
{
	bool pending = !list_empty(&work->node);

	list_del_init(&work->node);
	work->delayed = false;
	return pending;
}

bool kthread_mod_delayed_work(struct kthread_worker *worker, struct kthread_delayed_work *dwork, unsigned long delay)
{
	struct kthread_work *work = &dwork->work;
	unsigned long flags;
	bool pending = false;

	if (!is_worker(worker) || !has_timer(dwork))
		return false;
	raw_spin_lock_irqsave(&worker->lock, flags);
	if (work->worker == worker) {
		stop_timer(worker, work, &flags);
		/* Being cancelled: that wins, and the number of works does not change. */
		pending = work->canceling || unqueue(work);
	}
	if (may_queue(worker, work))
		insert_delayed(worker, dwork, delay);
	raw_spin_unlock_irqrestore(&worker->lock, flags);
	return pending;
}
EXPORT_SYMBOL(kthread_mod_delayed_work);

/* ---- waiting ---- */

/* On the stack of whoever waits, in a worker's list. */
struct flush {
	struct kthread_work	work;
	struct flusher		flusher;
};

void kthread_flush_is_reached(struct kthread_work *work)
{
	flusher_let_go(&container_of(work, struct flush, work)->flusher);
}

/* Does a wait for `worker` lead to a wait for `own`, over any number of others? */
static bool leads_to(const struct kthread_worker *worker, const struct kthread_worker *own)
{
	lockdep_assert_held(&waits_lock);
	while (worker && worker != own)
		worker = worker->waits_for;
	return worker;
}

enum wait_answer { MAY_WAIT, OWN_WORKER, NO_THREAD, CIRCLE };

/* The calling thread, of the worker `own` if that is not NULL, is about to wait for this worker. */
static enum wait_answer begin_wait(struct kthread_worker *worker, struct kthread_worker *own)
{
	enum wait_answer answer = MAY_WAIT;

	lockdep_assert_held(&worker->lock);
	if (worker->task == current)
		return OWN_WORKER;
	if (!worker->task && (worker->is_made || worker->is_lost))
		return NO_THREAD;
	if (!own)
		return MAY_WAIT;
	raw_spin_lock(&waits_lock);
	if (leads_to(worker, own))
		answer = CIRCLE;
	else
		own->waits_for = worker;
	raw_spin_unlock(&waits_lock);
	return answer;
}

static void end_wait(struct kthread_worker *own)
{
	if (!own)
		return;
	raw_spin_lock_irq(&waits_lock);
	own->waits_for = NULL;
	raw_spin_unlock_irq(&waits_lock);
}

static noinline void explain(struct kthread_worker *worker, enum wait_answer answer, const char *what)
{
	WARN(answer == OWN_WORKER, "%s by a work of the same worker (%s) would wait for itself for ever: works of one "
	     "worker run one after the other. Not waited for: flush and cancel from outside, a work just returns\n",
	     what, current->comm);
	WARN(answer == NO_THREAD, "%s on a worker whose thread has ended would wait for ever\n", what);
	/* In a circle the other is asleep for good, so its name is there. */
	WARN(answer == CIRCLE, "%s by a work of %s closes a circle: a work of %s waits, itself or over others, for a "
	     "work of %s. None of them would ever go on. Not waited for: let works wait in one direction only\n",
	     what, current->comm, worker->task->comm, current->comm);
}

/*
 * Waits until the worker comes to this place of its list. The lock is held, and let go. Afterwards the worker may be no
 * more, unless the caller knows better. Return: false if that would never be; it says why.
 */
static bool wait_for_place(struct kthread_worker *worker, struct list_head *next, const char *what,
			   unsigned long flags)
{
	struct kthread_worker *own = kthread_current_worker();
	enum wait_answer answer = begin_wait(worker, own);
	struct flush f;

	if (answer == MAY_WAIT) {
		kthread_init_work(&f.work, kthread_flush_is_reached);
		flusher_init(&f.flusher);
		insert_work(worker, &f.work, next);
	}
	raw_spin_unlock_irqrestore(&worker->lock, flags);
	if (answer != MAY_WAIT) {
		explain(worker, answer, what);
		return false;
	}
	flusher_sleep(&f.flusher);
	end_wait(own);
	return true;
}

/* A flush of a delayed work whose time has not come: Linux waits for ever. Here it comes now. */
static void hurry(struct kthread_worker *worker, struct kthread_work *work, unsigned long *flags)
{
	if (!WARN(work->delayed, "kthread_flush_work() of delayed work %ps, whose timer is still running: on Linux "
		  "this never returns. kthread_mod_delayed_work(worker, dwork, 0) comes first\n", work->func))
		return;
	stop_timer(worker, work, flags);
	if (work->delayed && !work->canceling && unqueue(work))
		insert_work(worker, work, &worker->work_list);
}

/* Return: what a flush of this work must stand in front of; NULL: there is nothing to wait for. */
static struct list_head *place_of_flush(struct kthread_worker *worker, struct kthread_work *work)
{
	if (!list_empty(&work->node) && !work->delayed)
		return work->node.next;
	return worker->current_work == work ? worker->work_list.next : NULL;
}

void kthread_flush_work(struct kthread_work *work)
{
	struct kthread_worker *worker;
	struct list_head *next;
	unsigned long flags;

	might_sleep();
	lockdep_waits_for("work", work->func);
	worker = lock_worker_of(work, &flags);
	if (!worker)
		return;
	hurry(worker, work, &flags);
	next = place_of_flush(worker, work);
	if (next)
		wait_for_place(worker, next, "kthread_flush_work()", flags);
	else
		raw_spin_unlock_irqrestore(&worker->lock, flags);
}
EXPORT_SYMBOL(kthread_flush_work);

bool kthread_worker_flush(struct kthread_worker *worker)
{
	unsigned long flags;

	might_sleep();
	if (!is_worker(worker))
		return false;
	raw_spin_lock_irqsave(&worker->lock, flags);
	return wait_for_place(worker, &worker->work_list, "kthread_flush_worker()", flags);
}

void kthread_flush_worker(struct kthread_worker *worker)
{
	kthread_worker_flush(worker);
}
EXPORT_SYMBOL(kthread_flush_worker);

static bool cancel_sync(struct kthread_work *work, bool is_delayed)
{
	struct kthread_worker *worker;
	unsigned long flags;
	bool pending;

	might_sleep();
	lockdep_waits_for("work", work->func);
	worker = lock_worker_of(work, &flags);
	if (!worker)
		return false;
	if (WARN(work->delayed && !is_delayed, "kthread_cancel_work_sync() of delayed work %ps: its timer goes on; "
		 "kthread_cancel_delayed_work_sync() stops it\n", work->func))
		is_delayed = true;
	if (is_delayed)
		stop_timer(worker, work, &flags);
	pending = unqueue(work);
	if (worker->current_work == work) {
		work->canceling++;
		wait_for_place(worker, worker->work_list.next, "kthread_cancel_work_sync()", flags);
		raw_spin_lock_irqsave(&worker->lock, flags);
		work->canceling--;
	}
	raw_spin_unlock_irqrestore(&worker->lock, flags);
	return pending;
}

bool kthread_cancel_work_sync(struct kthread_work *work)
{
	return cancel_sync(work, false);
}
EXPORT_SYMBOL(kthread_cancel_work_sync);

bool kthread_cancel_delayed_work_sync(struct kthread_delayed_work *dwork)
{
	return has_timer(dwork) ? cancel_sync(&dwork->work, true) : false;
}
EXPORT_SYMBOL(kthread_cancel_delayed_work_sync);

/* ---- what nobody will do any more ---- */

void kthread_worker_let_go(struct kthread_worker *worker)
{
	struct kthread_work *work, *next;
	unsigned long flags;

	raw_spin_lock_irqsave(&worker->lock, flags);
	list_for_each_entry_safe(work, next, &worker->work_list, node) {
		if (work->func == kthread_flush_is_reached) {
			list_del_init(&work->node);
			kthread_flush_is_reached(work);
		}
	}
	raw_spin_unlock_irqrestore(&worker->lock, flags);
}

static void drop_list(struct kthread_worker *worker, struct list_head *list, const char *what)
{
	struct kthread_work *work;
	unsigned long flags;

	raw_spin_lock_irqsave(&worker->lock, flags);
	while ((work = list_first_entry_or_null(list, struct kthread_work, node)) != NULL) {
		WARN(1, "work %ps is %s when its worker is destroyed: cancel it first, and let nobody queue it again\n",
		     work->func, what);
		if (work->delayed)
			stop_timer(worker, work, &flags);
		unqueue(work);
		work->worker = NULL;
	}
	raw_spin_unlock_irqrestore(&worker->lock, flags);
}

/* Nobody would find them, and their timers would find freed memory. */
void kthread_worker_drop_works(struct kthread_worker *worker)
{
	drop_list(worker, &worker->delayed_work_list, "waiting for its time");
	drop_list(worker, &worker->work_list, "still queued");
}
