/* SPDX-License-Identifier: MIT */
/*
 * Works: setting up, and the mistakes one can make with their memory.
 *
 * A work whose memory is freed, or that is initialised again, while it is queued leaves a hole in a pool's list: a
 * worker falls into it later, far from the culprit. So the three ways to do it are looked at:
 *
 *	INIT_WORK() of a queued work			it is taken off first
 *	destroy_work_on_stack(), block left		it is taken off, and waited for
 *	kfree() of the object that it lies in		it is taken off, then the object is freed
 *
 * The last costs nothing where there is no work: INIT_WORK() marks the object (slab_watch()), and only marked ones are
 * searched. A function that frees its own work is right: the work is not queued any more then.
 *
 * What lies elsewhere (a variable of a function that has returned, a module that has gone) is seen late, but not too
 * late: before a worker takes a work, the work must look like one. If not, the list is mended: those behind it are
 * found from the other end, and what is in flight is counted anew, so that nobody's flush waits for a ghost.
 *
 * The search believes nothing that it reads in such memory: it may be old garbage, or a copy. Only if the word `data`
 * says "queued" and names a pool_workqueue that exists, that one's lock is taken and the list is looked at.
 * Read next: cancel.c; kernel/mm/slab_watch.c.
 */
#include "workqueue.h"
#include <linux/export.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/leftovers.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

static bool is_on(const struct list_head *list, const struct work_struct *work)
{
	const struct list_head *pos;

	list_for_each(pos, list)
		if (pos == &work->entry)
			return true;
	return false;
}

/*
 * Is pwq one of this pool's, and the work on a list for it? It is looked for there: what the work itself says may be
 * old garbage. The pool is locked.
 */
static bool is_queued_on(struct worker_pool *pool, struct pool_workqueue *pwq, struct work_struct *work)
{
	struct pool_workqueue *known;
	struct worker *worker;
	unsigned int i;

	list_for_each_entry(known, &pool->pwqs, pool_node)
		if (known == pwq)
			break;
	if (list_entry_is_head(known, &pool->pwqs, pool_node) || work_pwq(work) != pwq)
		return false;
	hash_for_each(pool->busy_hash, i, worker, hentry)
		if (is_on(&worker->scheduled, work))
			return true;
	return is_on(&pool->worklist, work) || is_on(&pwq->inactive_works, work);
}

static bool is_really_queued(struct work_struct *work)
{
	struct pool_workqueue *pwq = work_pwq(work);
	struct worker_pool *pool;
	unsigned long id, flags;
	bool queued = false;

	if (!pwq || !work_pending(work))
		return false;
	for_each_pool(pool, id) {
		raw_spin_lock_irqsave(&pool->lock, flags);
		queued |= is_queued_on(pool, pwq, work);
		raw_spin_unlock_irqrestore(&pool->lock, flags);
	}
	return queued;
}

void __init_work(struct work_struct *work, int onstack)
{
	if (WARN(is_really_queued(work), "work %px (%ps) is initialised again while it is queued: cancel_work_sync() "
		 "must come first\n", work, work->func))
		cancel_work(work);
	if (!onstack)
		slab_watch(work);
}
EXPORT_SYMBOL(__init_work);

void destroy_work_on_stack(struct work_struct *work)
{
	if (WARN(work_busy(work), "work %ps on the stack is queued or running when its block ends: flush_work() or "
		 "cancel_work_sync() must come first\n", work->func))
		cancel_work_sync(work);
}
EXPORT_SYMBOL(destroy_work_on_stack);

void destroy_delayed_work_on_stack(struct delayed_work *dwork)
{
	if (WARN(work_busy(&dwork->work), "delayed work %ps on the stack is pending or running when its block ends: "
		 "cancel_delayed_work_sync() must come first\n", dwork->work.func))
		cancel_delayed_work_sync(dwork);
	destroy_timer_on_stack(&dwork->timer);
}
EXPORT_SYMBOL(destroy_delayed_work_on_stack);

/* An object is freed in which a work was set up once. */
static void look_at_freed(void *object, size_t size)
{
	struct work_struct *work;

	for (work = object; (void *)(work + 1) <= object + size; work = (void *)work + sizeof(long)) {
		if (!is_really_queued(work))
			continue;
		WARN(1, "memory %px is freed while a work in it (%ps) is queued: cancel_work_sync() must come before "
		     "kfree()\n", object, work->func);
		cancel_work(work);
	}
}

/* ---- whose function's memory goes ---- */

static bool is_left(struct leftovers *l, struct work_struct *work)
{
	return l->is_meant(l, work, work->func, "work", "cancel_work_sync()");
}

static struct work_struct *find_left_on(struct leftovers *l, struct list_head *list)
{
	struct work_struct *work;

	list_for_each_entry(work, list, entry)
		if (is_left(l, work))
			return work;
	return NULL;
}

static struct work_struct *find_left(struct leftovers *l, struct worker_pool *pool)
{
	struct work_struct *work = find_left_on(l, &pool->worklist);
	struct pool_workqueue *pwq;
	struct worker *worker;

	list_for_each_entry(pwq, &pool->pwqs, pool_node)
		work = work ?: find_left_on(l, &pwq->inactive_works);
	for (unsigned int i = 0; i < 1 << BUSY_HASH_BITS; i++)
		hlist_for_each_entry(worker, &pool->busy_hash[i], hentry)
			work = work ?: find_left_on(l, &worker->scheduled);
	return work;
}

/* Its timer has the PENDING bit: with the timer taken off nobody has. */
static bool is_left_delayed(struct timer_list *timer, void *arg)
{
	struct delayed_work *dwork = from_timer(dwork, timer, timer);
	struct leftovers *l = arg;

	if (timer->function != delayed_work_timer_fn ||
	    !l->is_meant(l, dwork, dwork->work.func, "delayed work", "cancel_delayed_work_sync()"))
		return false;
	work_release_pending(&dwork->work);
	return true;
}

/* Taking one off may move others from list to list, so each search begins anew. */
void works_take_off(struct leftovers *l)
{
	struct worker_pool *pool;
	struct work_struct *work;
	unsigned long id;

	timers_take_off_if(is_left_delayed, l);
	for_each_pool(pool, id)
		while ((work = find_left(l, pool)))
			cancel_work(work);
}

const void *wq_worker_runs(struct task_struct *p, const void **work)
{
	struct worker *worker = p->flags & PF_WQ_WORKER ? kthread_data(p) : NULL;

	*work = worker ? worker->current_work : NULL;
	return worker ? worker->current_func : NULL;
}

/* ---- a ghost on the worklist ---- */

static void count_again(struct pool_workqueue *pwq, unsigned long data)
{
	pwq->nr_in_flight[color_of(data)]++;
	pwq->nr_active += !(data & WORK_STRUCT_INACTIVE);
}

static void count_list_again(struct pool_workqueue *pwq, struct list_head *list)
{
	struct work_struct *work;

	list_for_each_entry(work, list, entry)
		if (work_pwq(work) == pwq)
			count_again(pwq, work_data(work));
}

static void recount(struct pool_workqueue *pwq)
{
	struct worker_pool *pool = pwq->pool;
	struct worker *worker;
	unsigned int i;

	memset(pwq->nr_in_flight, 0, sizeof(pwq->nr_in_flight));
	pwq->nr_active = 0;
	count_list_again(pwq, &pool->worklist);
	count_list_again(pwq, &pwq->inactive_works);
	for (i = 0; i < 1 << BUSY_HASH_BITS; i++)
		hlist_for_each_entry(worker, &pool->busy_hash[i], hentry) {
			if (worker->current_pwq == pwq)
				count_again(pwq, worker->current_data);
			count_list_again(pwq, &worker->scheduled);
		}
	while (!list_empty(&pwq->inactive_works) && pwq->nr_active < pwq->max_active)
		pwq_activate_first_inactive(pwq);
	if (pwq->flush_color >= 0 && !pwq->nr_in_flight[pwq->flush_color])
		wq_flush_color_done(pwq);
}

/* The first on the list is no work any more. */
static void cut_off_ghost(struct list_head *list, bool told)
{
	WARN(!told, "work %px was queued, and is overwritten now: was it a local variable? flush_work() or "
	     "cancel_work_sync() must come before its function returns\n",
	     container_of(list->next, struct work_struct, entry));
	list_go_round(list, list);
}

noinline void pool_mend(struct worker_pool *pool, bool told)
{
	struct pool_workqueue *pwq;

	lockdep_assert_held(&pool->lock);
	cut_off_ghost(&pool->worklist, told);
	list_for_each_entry(pwq, &pool->pwqs, pool_node)
		recount(pwq);
}

noinline void pwq_mend(struct pool_workqueue *pwq)
{
	lockdep_assert_held(&pwq->pool->lock);
	cut_off_ghost(&pwq->inactive_works, false);
	recount(pwq);
}

void __init works_watch_memory(void)
{
	slab_on_free_watched(look_at_freed);
}
