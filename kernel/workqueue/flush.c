/* SPDX-License-Identifier: MIT */
/*
 * Flushing: waiting until works are done.
 *
 * ONE WORK. A barrier, a work of our own on the stack, is put right behind the work; LINKED ties the two together, so
 * that whatever moves the work moves the barrier, too. If the work runs already, the barrier goes to the front of what
 * that worker does next. A worker who comes to it lets the flusher go (../flusher.c), under the lock under which it
 * looks for its next work. A barrier counts for colours, but not for max_active.
 *
 * A WORK THAT IS DONE, or was never queued, is what most flushes find, and that can be seen without the pool's lock:
 *
 *	worker							flusher
 *	------							-------
 *	into the busy hash					read the word: on no queue, that pool had it
 *	word: on no queue, this pool	  ORDER(work-begun)	read its place in that pool's busy hash
 *	the function							|
 *	out of the busy hash		  ORDER(work-done)	nobody there: it is done, and he sees what it did
 *
 * What was queued before the flush has left its queue when the word says so, and its worker went into the hash before.
 * If he is not there any more, he has been. Is anybody there, with this work or another, the lock is taken. What is
 * queued after the word was read need not be waited for.
 *
 * A WHOLE QUEUE. "All that was queued before now" is a colour. Each work gets the colour its queue has at that moment,
 * and every pwq counts its works in flight by colour. A flusher takes the current colour for itself, lets the queue go
 * on in the next one, and waits until no pwq has a work of the old colour left:
 *
 *	work_color	the brush: what is queued from now on
 *	flush_color	the oldest colour that somebody waits for; equal to work_color when nobody does
 *
 * Only the oldest colour is watched at a time. Its flusher is first_flusher, and when its colour is gone, it wakes all
 * who wait for the same one and hands the watch over to the next in flusher_queue. There are 16 colours; when all are
 * in use, newcomers wait in flusher_overflow without a colour, and get one together as soon as one is free again. So
 * the cost of a flush does not grow with the number of flushers.
 *
 *	oldest							     newest
 *	[ 5 ]	  [ 6 ] [ 6 ] [ 7 ]	 works in flight: 5 6 7 8	[ - ] [ - ]
 *	first	  flusher_queue		 work_color = 8			overflow, when 8 + 1 == 5 (mod 16)
 *
 * WAITS THAT COULD NEVER END are refused with a sentence: a work that waits for itself, or for the queue it runs on, or
 * for one that stands behind it on an ordered queue.
 *
 * Locking: wq->mutex for flushers and colours; each pool's lock for its pwq's part.
 * Read next: cancel.c.
 */
#include "workqueue.h"
#include <linux/export.h>
#include <linux/kernel.h>
#include <trace/events/workqueue.h>
#include "../flusher.h"

/* ---- what should not be waited for ---- */

/* Is this the work that the caller, a worker, is carrying out? */
bool work_is_own(struct work_struct *work)
{
	struct worker *worker = current_wq_worker();

	return worker && worker->current_work == work && worker->current_func == work->func;
}

/* Is the caller one of its works? */
bool caller_is_on_queue(struct workqueue_struct *wq)
{
	struct worker *worker = current_wq_worker();

	return worker && worker->current_pwq && worker->current_pwq->wq == wq;
}

static noinline void explain_flush_dependency(struct workqueue_struct *target, struct work_struct *work)
{
	struct worker *worker = current_wq_worker();
	const char *what = work ? "a work of" : "all of";

	if (target->flags & WQ_MEM_RECLAIM)
		return;
	WARN_ONCE(current->flags & PF_MEMALLOC, "thread %s (%d), which frees memory, waits for %s \"%s\", which is "
		  "not WQ_MEM_RECLAIM: without memory that may get no worker\n", current->comm, current->pid, what,
		  target->name);
	if (!worker || !worker->current_pwq)
		return;
	WARN_ONCE((worker->current_pwq->wq->flags & (WQ_MEM_RECLAIM | __WQ_LEGACY)) == WQ_MEM_RECLAIM,
		  "work %ps of \"%s\", which is WQ_MEM_RECLAIM, waits for %s \"%s\", which is not: without memory that "
		  "may get no worker\n", worker->current_func, worker->current_pwq->wq->name,
		  what, target->name);
}

/*
 * Whoever must go on when there is no memory (a WQ_MEM_RECLAIM work, a thread that frees memory) must not wait for a
 * queue that may need memory to go on.
 */
static inline void check_flush_dependency(struct workqueue_struct *target, struct work_struct *work)
{
	if (unlikely(current->flags & (PF_MEMALLOC | PF_WQ_WORKER)))
		explain_flush_dependency(target, work);
}

/* The caller, a work of an ordered queue, waits for one that may only begin after it. pool->lock held. */
static bool is_behind_caller(struct pool_workqueue *pwq, struct worker *executing)
{
	struct worker *self = current_wq_worker();

	return !executing && self && self->current_pwq == pwq && pwq->max_active == 1;
}

/* ---- one work ---- */

struct wq_barrier {
	struct work_struct	work;
	struct flusher		flusher;
};

/* Nobody calls it: barrier_is_reached() does what there is to do. */
void wq_barrier_func(struct work_struct *work)
{
	WARN_ON_ONCE(1);
}

/* A worker has come to it: off the list, and the flusher, on whose stack it is, may go. */
void barrier_is_reached(struct work_struct *work)
{
	struct pool_workqueue *pwq = work_pwq(work);

	lockdep_assert_held(&pwq->pool->lock);
	trace_workqueue_execute_start(work, wq_barrier_func);
	trace_workqueue_execute_end(work, wq_barrier_func);
	list_del_init(&work->entry);
	pwq_work_done(pwq, work_data(work));
	flusher_let_go(&container_of(work, struct wq_barrier, work)->flusher);
}

/* Behind `target`, which is queued on pwq, or executed by `worker` if that is not NULL. */
static void insert_barrier(struct pool_workqueue *pwq, struct wq_barrier *barr, struct work_struct *target,
			   struct worker *worker)
{
	unsigned long flags = WORK_STRUCT_INACTIVE;	/* it takes no part in max_active */
	struct list_head *before;
	unsigned int color;

	lockdep_assert_held(&pwq->pool->lock);
	barr->work = (struct work_struct){ .data = ATOMIC_LONG_INIT(WORK_STRUCT_PENDING), .func = wq_barrier_func };
	flusher_init(&barr->flusher);
	if (worker) {
		before = worker->scheduled.next;
		color = color_of(worker->current_data);
	} else {
		unsigned long data = work_data(target);

		before = target->entry.next;
		flags |= data & WORK_STRUCT_LINKED;	/* others wait for it, too: we are in the middle of a chain */
		color = color_of(data);
		atomic_long_or(WORK_STRUCT_LINKED, &target->data);
	}
	pwq->nr_in_flight[color]++;
	wq_insert_work(pwq, &barr->work, before, flags | color_to_data(color));
}

/* Finds the work, and puts the barrier behind it. Return: false if there is nothing to wait for. */
static bool start_flush(struct work_struct *work, struct wq_barrier *barr)
{
	struct worker *worker = NULL;
	struct worker_pool *pool;
	struct pool_workqueue *pwq;
	bool never, waits = false;

	local_irq_disable();
	pool = work_pool(work);
	if (!pool) {
		local_irq_enable();
		return false;
	}
	raw_spin_lock(&pool->lock);
	/* On this pool's lists only if its word says so, now that we hold the lock. */
	pwq = work_pwq(work);
	if (!pwq || pwq->pool != pool) {
		worker = find_worker_executing(pool, work);
		pwq = worker ? worker->current_pwq : NULL;
	}
	never = pwq && is_behind_caller(pwq, worker);
	if (pwq && !never) {
		check_flush_dependency(pwq->wq, work);
		insert_barrier(pwq, barr, work, worker);
		waits = true;
	}
	raw_spin_unlock_irq(&pool->lock);
	WARN(never, "work %ps waits for %ps, which is behind it on \"%s\", where one at a time may be active: it would "
	     "wait for ever. Not waited for: let it wait on a queue that does more at a time\n",
	     current_wq_worker()->current_func, work->func, pwq->wq->name);
	return waits;
}

static noinline bool wait_for_work(struct work_struct *work)
{
	struct wq_barrier barr;

	if (!start_flush(work, &barr))
		return false;
	flusher_sleep(&barr.flusher);
	return true;
}

/* Nothing to wait for, and no lock needed to know it? A work that was never on a pool is left to start_flush(). */
static inline bool is_surely_done(struct work_struct *work)
{
	/* ORDER(work-begun): the word, then the hash: whose function has begun was there before the word said so. */
	unsigned long data = (unsigned long)smp_load_acquire(&work->data.counter);
	struct worker_pool *pool = data & WORK_STRUCT_PWQ ? NULL : pool_by_id(data >> WORK_OFFQ_POOL_SHIFT);

	/* ORDER(work-done): out of the hash, so what the function did is there. */
	return pool && !smp_load_acquire(&busy_bucket(pool, work)->first);
}

bool wq_flush_work(struct work_struct *work)
{
	return !is_surely_done(work) && wait_for_work(work);
}

bool flush_work(struct work_struct *work)
{
	might_sleep();
	if (WARN(!wq_online, "flush_work(%ps) before the workers exist\n", work->func))
		return false;
	if (WARN(!work->func, "flush_work() of a work that was never initialised: INIT_WORK() first\n"))
		return false;
	if (WARN(work_is_own(work), "work %ps calls flush_work() on itself: it would wait for its own end for ever. "
		 "Not waited for: whoever needs its end flushes it, from outside\n", work->func))
		return false;
	lockdep_waits_for("work", work->func);
	return wq_flush_work(work);
}
EXPORT_SYMBOL(flush_work);

bool flush_delayed_work(struct delayed_work *dwork)
{
	local_irq_disable();
	if (del_timer_sync(&dwork->timer))
		wq_queue_owned(dwork->cpu, dwork->wq, &dwork->work);
	local_irq_enable();
	return flush_work(&dwork->work);
}
EXPORT_SYMBOL(flush_delayed_work);

/* ---- a whole queue ---- */

struct wq_flusher {
	struct list_head	list;		/* wq->mutex */
	int			color;		/* wq->mutex. What it waits for; -1: gets one later */
	struct completion	done;
};

static int next_color(int color)
{
	return (color + 1) % WORK_NR_COLORS;
}

/*
 * Has one pwq less to wait for. The first flusher is the one who waits: while a pwq watches a colour it stays so.
 * The counter starts at one more than there are pwqs, so it does not reach 0 before all have been looked at.
 */
static bool one_pwq_less(struct workqueue_struct *wq)
{
	return atomic_dec_and_test(&wq->nr_pwqs_to_flush);
}

/* The last work of the colour that this pwq watches is gone. pool->lock held. */
void wq_flush_color_done(struct pool_workqueue *pwq)
{
	pwq->flush_color = -1;
	if (one_pwq_less(pwq->wq))
		complete(&pwq->wq->first_flusher->done);
}

/* What is queued from now on has wq->work_color. */
static void paint_pwqs(struct workqueue_struct *wq)
{
	struct pool_workqueue *pwq;

	lockdep_assert_held(&wq->mutex);
	list_for_each_entry(pwq, &wq->pwqs, node) {
		raw_spin_lock_irq(&pwq->pool->lock);
		pwq->work_color = wq->work_color;
		raw_spin_unlock_irq(&pwq->pool->lock);
	}
}

/*
 * first_flusher's colour, wq->flush_color, is to be watched. Return: false if nothing of it is left. Otherwise the
 * flusher's completion will be completed.
 */
static bool watch_flush_color(struct workqueue_struct *wq)
{
	struct pool_workqueue *pwq;

	lockdep_assert_held(&wq->mutex);
	WARN_ON_ONCE(atomic_read(&wq->nr_pwqs_to_flush));
	atomic_set(&wq->nr_pwqs_to_flush, 1);
	list_for_each_entry(pwq, &wq->pwqs, node) {
		raw_spin_lock_irq(&pwq->pool->lock);
		WARN_ON_ONCE(pwq->flush_color >= 0);
		if (pwq->nr_in_flight[wq->flush_color]) {
			pwq->flush_color = wq->flush_color;
			atomic_inc(&wq->nr_pwqs_to_flush);
		}
		raw_spin_unlock_irq(&pwq->pool->lock);
	}
	return !one_pwq_less(wq);
}

/* Return: false if there is nothing to wait for. */
static bool join_flushers(struct workqueue_struct *wq, struct wq_flusher *self)
{
	int next = next_color(wq->work_color);

	if (next == wq->flush_color) {
		list_add_tail(&self->list, &wq->flusher_overflow);
		return true;
	}
	self->color = wq->work_color;
	wq->work_color = next;
	paint_pwqs(wq);
	if (wq->first_flusher) {
		list_add_tail(&self->list, &wq->flusher_queue);
		return true;
	}
	WARN_ON_ONCE(wq->flush_color != self->color);
	wq->first_flusher = self;
	if (watch_flush_color(wq))
		return true;
	wq->first_flusher = NULL;
	wq->flush_color = next;
	return false;
}

/* The oldest colour is free again: all without one get the current one together. */
static void color_the_overflow(struct workqueue_struct *wq)
{
	struct wq_flusher *f;

	if (list_empty(&wq->flusher_overflow))
		return;
	list_for_each_entry(f, &wq->flusher_overflow, list)
		f->color = wq->work_color;
	wq->work_color = next_color(wq->work_color);
	list_splice_tail_init(&wq->flusher_overflow, &wq->flusher_queue);
	paint_pwqs(wq);
}

static void release_flushers_of(struct workqueue_struct *wq, int color)
{
	struct wq_flusher *f, *next;

	list_for_each_entry_safe(f, next, &wq->flusher_queue, list) {
		if (f->color != color)
			break;
		list_del_init(&f->list);
		complete(&f->done);	/* its struct may be gone now */
	}
}

/* The first flusher's colour is done: on to the next one that is not. */
static void pass_on_the_watch(struct workqueue_struct *wq)
{
	do {
		wq->first_flusher = NULL;
		release_flushers_of(wq, wq->flush_color);
		wq->flush_color = next_color(wq->flush_color);
		color_the_overflow(wq);
		if (list_empty(&wq->flusher_queue)) {
			WARN_ON_ONCE(wq->flush_color != wq->work_color);
			return;
		}
		wq->first_flusher = list_first_entry(&wq->flusher_queue, struct wq_flusher, list);
	} while (!watch_flush_color(wq));
	/* It waits alone now; the others of its colour stay in the queue until it passes on. */
	list_del_init(&wq->first_flusher->list);
}

void __flush_workqueue(struct workqueue_struct *wq)
{
	struct wq_flusher self = { .list = LIST_HEAD_INIT(self.list), .color = -1 };
	bool waits;

	might_sleep();
	if (!is_a_workqueue(wq, "flush_workqueue") || WARN_ON(!wq_online))
		return;
	if (WARN(caller_is_on_queue(wq), "work %ps calls flush_workqueue() on \"%s\", on which it runs: it "
		 "would wait for its own end for ever. Not waited for: flush from outside of its works\n",
		 current_wq_worker()->current_func, wq->name))
		return;
	lockdep_waits_for(wq->name, wq);
	init_completion(&self.done);
	mutex_lock(&wq->mutex);
	waits = join_flushers(wq, &self);
	check_flush_dependency(wq, NULL);
	mutex_unlock(&wq->mutex);
	if (!waits)
		return;
	wait_for_completion(&self.done);
	mutex_lock(&wq->mutex);
	if (wq->first_flusher == &self)
		pass_on_the_watch(wq);
	mutex_unlock(&wq->mutex);
}
EXPORT_SYMBOL(__flush_workqueue);
