/* SPDX-License-Identifier: MIT */
/*
 * The worker: a thread that takes works off its pool's list and carries them out.
 *
 * A pool of a CPU wants exactly one of its workers to use the CPU. nr_running counts those who do:
 *
 *	a worker begins a work			+1	unless it is marked WORKER_NOT_RUNNING
 *	it sleeps in the middle of one		-1	wq_worker_sleeping(), called by schedule()
 *	it wakes				+1	wq_worker_running(), called by schedule()
 *	it has nothing left to do		-1
 *
 * When the count falls to 0 and works wait, an idle worker is woken. So a work that sleeps costs its CPU nothing, and
 * works that don't are done one after the other, by one thread, without a switch between them. A worker that has no
 * more to do when others shall run before it lets them before it goes to sleep: what they queue, it does when it is
 * back, without a wake-up. A worker that finds, on waking, that another has begun meanwhile goes on all the same: for a
 * short time there are two, but keep_working() lets only one of them take a next work.
 *
 * Works of a WQ_CPU_INTENSIVE queue aren't counted while they run, nor is any worker of an unbound pool: there, each
 * queued work wakes a worker and the scheduler shares out the CPUs.
 *
 * Before a worker begins, it makes sure that somebody idle is left behind it, who will take over when it sleeps;
 * otherwise it first makes one (pool.c). Thus the pool can always go on, as long as threads can be made at all.
 *
 *	pool->lock held		wake: leave_idle -> works wait? -> an idle one left? -> work, work, work ...
 *				              |no                  |no: pool_manage()          | no more
 *				              v                                                v
 *	sleep		 <-----  enter_idle  <-------------------------------------------------+
 *
 * Locking: all under pool->lock but the call of a work's function, before which the lock is dropped. The state of an
 * idle worker is set under the lock, and it is woken under the lock, so no wake-up is lost.
 * Read next: pool.c.
 */
#include "workqueue.h"
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/sched/shake.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/upcall.h>
#include <trace/events/workqueue.h>

/* ---- who am I ---- */

struct work_struct *current_work(void)
{
	struct worker *worker = current_wq_worker();

	return worker ? worker->current_work : NULL;
}
EXPORT_SYMBOL(current_work);

bool current_is_workqueue_rescuer(void)
{
	struct worker *worker = current_wq_worker();

	return worker && worker->rescue_wq;
}

/* ---- being counted ---- */

static noinline void count_out(struct worker *worker)
{
	struct worker_pool *pool = worker->pool;
	unsigned long flags;

	raw_spin_lock_irqsave(&pool->lock, flags);
	if (!(worker->flags & WORKER_NOT_RUNNING)) {
		worker->sleeping = true;
		pool->nr_running--;
		if (pool_needs_worker(pool))
			pool_wake_worker(pool);
	}
	raw_spin_unlock_irqrestore(&pool->lock, flags);
}

/* Who lost his CPU while he slept is not counted. */
static noinline void count_in(struct worker *worker)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&worker->pool->lock, flags);
	worker->sleeping = false;
	if (!(worker->flags & WORKER_NOT_RUNNING))
		worker->pool->nr_running++;
	raw_spin_unlock_irqrestore(&worker->pool->lock, flags);
}

/*
 * From schedule(): this worker is about to sleep. If it was the only one to use the CPU, the next one is woken. The
 * flags only change in the worker itself, or, when its CPU comes and goes, under the lock: hence the second look.
 * Mostly it sleeps between two works, so that is found out without a call.
 */
void wq_worker_sleeping(struct task_struct *p)
{
	struct worker *worker = worker_of(p);

	if (!(READ_ONCE(worker->flags) & WORKER_NOT_RUNNING) && !worker->sleeping)
		count_out(worker);
}

/* From schedule(): it is back. */
void wq_worker_running(struct task_struct *p)
{
	struct worker *worker = worker_of(p);

	if (worker->sleeping)
		count_in(worker);
}

/* ---- which work is whose ---- */

/* The function is compared, too: the struct may have been freed meanwhile, and be another work by now. */
static inline struct worker *find_in_bucket(struct hlist_head *bucket, struct work_struct *work)
{
	struct worker *worker;

	hlist_for_each_entry(worker, bucket, hentry)
		if (worker->current_work == work && worker->current_func == work->func)
			return worker;
	return NULL;
}

struct worker *find_worker_executing(struct worker_pool *pool, struct work_struct *work)
{
	lockdep_assert_held(&pool->lock);
	return find_in_bucket(busy_bucket(pool, work), work);
}

/*
 * A work and the barriers that are linked behind it, to the end of another list. *next, if wanted, becomes the work
 * after them: for walks that must survive it.
 */
void move_linked_works(struct work_struct *work, struct list_head *to, struct work_struct **next)
{
	struct work_struct *following;
	bool linked;

	do {
		following = list_next_entry(work, entry);
		linked = work_data(work) & WORK_STRUCT_LINKED;
		list_move_tail(&work->entry, to);
		work = following;
	} while (linked);
	if (next)
		*next = following;
}

/* ---- one work ---- */

/* What the function should have given back, and did not, is named and taken. */
static noinline void explain_return(work_func_t func)
{
	int count = preempt_count();

	preempt_count_set(0);
	local_irq_enable();
	WARN(1, "work function %ps returned with %s (preempt_count %#x): a lock not given back?\n", func,
	     count ? "preemption disabled" : "interrupts off", count);
}

static __always_inline void become_busy(struct worker *worker, struct hlist_head *bucket, struct work_struct *work,
					unsigned long data, struct pool_workqueue *pwq)
{
	hlist_add_head(&worker->hentry, bucket);
	worker->current_work = work;
	worker->current_func = work->func;
	worker->current_pwq = pwq;
	worker->current_data = data;
	/* Both are as long and end with a 0: three words, where strscpy() looks at every byte. */
	static_assert(sizeof(worker->desc) == sizeof(pwq->wq->name));
	__builtin_memcpy(worker->desc, pwq->wq->name, sizeof(worker->desc));
}

static __always_inline void become_free(struct worker *worker)
{
	struct hlist_node *next = worker->hentry.next;

	/* ORDER(work-done): what the function did, then out of the busy hash. */
	smp_store_release(worker->hentry.pprev, next);
	if (next)
		next->pprev = worker->hentry.pprev;
	worker->current_work = NULL;
	worker->current_func = NULL;
	worker->current_pwq = NULL;
}

/* Does it still run, in another worker? That one shall do it again afterwards. */
static noinline bool leave_to_another(struct hlist_head *bucket, struct work_struct *work)
{
	struct worker *other = find_in_bucket(bucket, work);

	if (other)
		move_linked_works(work, &other->scheduled, NULL);
	return other;
}

static __always_inline void call_function(work_func_t func, struct work_struct *work, struct workqueue_struct *wq)
{
	struct lockdep_map queue, function;

	shake_point();
	lockdep_function_begin(&queue, wq->name, wq);
	lockdep_function_begin(&function, "work", func);
	trace_workqueue_execute_start(work, func);
	func(work);
	trace_workqueue_execute_end(work, func);
	lockdep_release(&function);
	lockdep_release(&queue);
	if (unlikely(!preemptible()))
		explain_return(func);
}

/*
 * Does the work, whose word is `data`; pool->lock is dropped meanwhile, and others who shall run do so. From the moment
 * PENDING is cleared the work may be queued again, and from the moment its function is called it may be freed: it is
 * not touched any more.
 */
static __always_inline void worker_do_one(struct worker *worker, struct worker_pool *pool, struct work_struct *work,
					  unsigned long data)
{
	struct pool_workqueue *pwq = pwq_of(data);
	bool intensive = pwq->wq->flags & WQ_CPU_INTENSIVE;
	struct hlist_head *bucket = busy_bucket(pool, work);

	lockdep_assert_held(&pool->lock);
	if (unlikely(!hlist_empty(bucket)) && leave_to_another(bucket, work))
		return;
	become_busy(worker, bucket, work, data, pwq);
	list_del_init(&work->entry);
	if (unlikely(intensive))
		worker_set_flags(worker, WORKER_CPU_INTENSIVE);
	/* Where workers aren't counted, each one who begins wakes the next, as long as works wait. */
	if (pool_needs_worker(pool))
		pool_wake_worker(pool);
	/* ORDER(work-pending): clear, full barrier, then the function reads what the queuer wrote.
	 * ORDER(work-begun): who reads that it is on no queue finds this worker in the busy hash. */
	atomic_long_xchg(&work->data, (long)pool->off_queue);
	raw_spin_unlock_irq(&pool->lock);

	call_function(worker->current_func, work, pwq->wq);

	raw_spin_lock_irq(&pool->lock);
	if (unlikely(intensive))
		worker_clear_flags(worker, WORKER_CPU_INTENSIVE);
	become_free(worker);
	pwq_work_done(pwq, worker->current_data);
}

noinline void worker_do_scheduled(struct worker *worker)
{
	struct worker_pool *pool = worker->pool;

	while (!list_empty(&worker->scheduled)) {
		struct work_struct *work = list_first_entry(&worker->scheduled, struct work_struct, entry);

		if (work_is_barrier(work))
			barrier_is_reached(work);
		else
			worker_do_one(worker, pool, work, work_data(work));
	}
}

/*
 * From do_exit(): the function that the calling worker runs has failed, or ends its thread itself. What it was doing
 * counts as done, so that nobody waits for it for ever; what it should have done next is done by another worker.
 */
void wq_worker_dies(void)
{
	struct worker *worker = worker_of(current);
	struct worker_pool *pool = worker->pool;
	struct pool_workqueue *pwq = worker->current_pwq;

	pr_err("workqueue: %s (%d) dies in a work, %ps of \"%s\"; others do the rest\n", current->comm, current->pid,
	       worker->current_func, pwq ? pwq->wq->name : "?");
	raw_spin_lock_irq(&pool->lock);
	worker_set_flags(worker, WORKER_PREP | WORKER_DIE);
	if (pwq) {
		list_splice_init(&worker->scheduled, &pool->worklist);
		become_free(worker);
		pwq_work_done(pwq, worker->current_data);
	}
	if (!worker->rescue_wq)
		pool_forget_worker(worker);
	if (pool_needs_worker(pool))
		pool_wake_worker(pool);
	raw_spin_unlock_irq(&pool->lock);
	worker_mark_thread(false);
	worker_detach(worker);
	if (worker->rescue_wq)
		rescuer_forget(worker);
	kfree(worker);
}

/* ---- the thread ---- */

/* More works, and at most this one to do them. */
static bool keep_working(struct worker_pool *pool)
{
	return !list_empty(&pool->worklist) && pool->nr_running <= 1;
}

/*
 * Nothing left to do, but others shall run first: who flushed, or whom a work has woken. They do so now, while this
 * worker still counts as running: what they queue, it finds when it comes back, and it need not sleep and be woken.
 */
static noinline bool give_way(struct worker_pool *pool)
{
	raw_spin_unlock_irq(&pool->lock);
	raw_spin_lock_irq(&pool->lock);
	return keep_working(pool);
}

/* Does the first on the worklist look like a work that was queued there? */
static bool is_sound(struct worker_pool *pool, struct work_struct *work, unsigned long data)
{
	unsigned long queued = WORK_STRUCT_PENDING | WORK_STRUCT_PWQ;

	return work->entry.prev == &pool->worklist && (data & queued) == queued;
}

/* A work, and no barrier, which is never active; and none is linked behind it. */
static bool is_alone(unsigned long data)
{
	return !(data & (WORK_STRUCT_LINKED | WORK_STRUCT_INACTIVE));
}

static __always_inline void do_first(struct worker *worker, struct worker_pool *pool)
{
	struct work_struct *work = list_first_entry(&pool->worklist, struct work_struct, entry);
	unsigned long data;

	if (object_is_gone(work, "work", "flush_work() or cancel_work_sync() must come before its function returns")) {
		pool_mend(pool, true);
		return;
	}
	data = work_data(work);
	if (unlikely(!is_sound(pool, work, data)))
		pool_mend(pool, false);
	else if (likely(is_alone(data)))
		worker_do_one(worker, pool, work, data);
	else
		move_linked_works(work, &worker->scheduled, NULL);
	if (unlikely(!list_empty(&worker->scheduled)))
		worker_do_scheduled(worker);
}

static __always_inline void do_works(struct worker *worker, struct worker_pool *pool)
{
	worker_clear_flags(worker, WORKER_PREP | WORKER_REBOUND);
	do {
		do_first(worker, pool);
	} while (keep_working(pool) || (need_resched() && give_way(pool)));
	worker_set_flags(worker, WORKER_PREP);
}

/* pool_manage() drops the lock: look again after it. */
static __always_inline void wake_up_and_work(struct worker *worker, struct worker_pool *pool)
{
	worker_leave_idle(worker);
	while (pool_needs_worker(pool)) {
		if (likely(pool->nr_idle) || !pool_manage(worker)) {
			do_works(worker, pool);
			break;
		}
	}
	worker_enter_idle(worker);
}

/* The mutex, for wq_worker_comm(): who has the flag has a struct worker. */
void worker_mark_thread(bool is_worker)
{
	mutex_lock(&wq_attach_mutex);
	if (is_worker)
		current->flags |= PF_WQ_WORKER;
	else
		current->flags &= ~PF_WQ_WORKER;
	mutex_unlock(&wq_attach_mutex);
}

int worker_thread(void *data)
{
	struct worker *worker = data;
	struct worker_pool *pool = worker->pool;

	worker_mark_thread(true);
	raw_spin_lock_irq(&pool->lock);
	while (!(worker->flags & WORKER_DIE)) {
		wake_up_and_work(worker, pool);
		/* Under the lock, under which it is woken. */
		__set_current_state(TASK_IDLE);
		raw_spin_unlock_irq(&pool->lock);
		schedule();
		raw_spin_lock_irq(&pool->lock);
	}
	raw_spin_unlock_irq(&pool->lock);
	worker_mark_thread(false);
	worker_detach(worker);
	kfree(worker);
	return 0;
}
