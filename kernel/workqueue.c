/* SPDX-License-Identifier: MIT */
/*
 * Workqueues: how a work gets from its owner's hands to a worker.
 *
 *	queue_work()		 pool_workqueue		  worker_pool		    worker
 *	------------		 --------------		  -----------		    ------
 *	set PENDING,		 fewer than max_active?
 *	choose the pwq	------>	 yes ------------------>  worklist  ------------->  takes the first, clears
 *				 no: inactive_works	  wake an idle worker	    PENDING, calls func
 *					^			if none runs		|
 *					+----- one less active: the first moves on <----+
 *
 * PENDING is the key to a work. Whoever sets the bit (test_and_set: one can) owns the work until a worker clears it:
 * the queuer, the timer of a delayed work, a canceller that takes it back. All other bits of `data`, and the list
 * entry, belong to the owner and, once queued, to the pool's lock. Who finds the bit set has nothing to do: the work
 * will run, after this moment. That last promise is ORDER(work-pending):
 *
 *	queuer						worker
 *	------						------
 *	write what the function shall find		clear PENDING
 *	full barrier (the locked bit operation)		full barrier (xchg)
 *	was PENDING set already? then leave it		read it, in the function
 *
 * Either the queuer finds the bit clear, and queues the work once more, or the function sees what was written.
 *
 * A work never runs twice at once. `data` of a work that is not queued names the pool that had it last; if a worker of
 * that pool still executes it, for the same queue, the new order goes to that pool, too, where the busy hash finds it,
 * and the same worker does it afterwards. That holds whichever CPU queues.
 *
 * What max_active is for: works that wait in inactive_works keep nobody busy and wake nobody. An unbound queue of
 * max_active 1 is an ordered queue, without any further code.
 *
 * Rejected: a thread for each queue and CPU, which is what Linux had until 2.6.36 (hundreds of threads that sleep, and
 * a work that sleeps blocks all behind it); references on pool_workqueues (here they live and die with their queue).
 *
 * Read next: workqueue/worker.c, then pool.c, flush.c, cancel.c, rescuer.c.
 */
#include "workqueue/workqueue.h"
#include <linux/cpu.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/sched/shake.h>
#include <linux/smp.h>
#include <trace/events/workqueue.h>
#include <asm/extable.h>
#include "sched/wake.h"

/* ---- the data word ---- */

/* Off its queue, but still owned: by a canceller. */
void work_set_pool_keep_pending(struct work_struct *work, struct worker_pool *pool)
{
	work_set_data(work, pool->off_queue | WORK_STRUCT_PENDING);
}

/* Not queued after all, and nobody's: it stays known which pool had it last. */
void work_release_pending(struct work_struct *work)
{
	struct worker_pool *pool = work_pool(work);

	/* ORDER(work-pending): what the owner did is seen by the next who sets the bit. */
	atomic_long_xchg(&work->data, (long)(pool ? pool->off_queue : WORK_STRUCT_NO_POOL));
}

/* The pool it is on or was on last; NULL: it never was on any. Interrupts are off. */
struct worker_pool *work_pool(struct work_struct *work)
{
	unsigned long data = work_data(work);

	if (data & WORK_STRUCT_PWQ)
		return ((struct pool_workqueue *)(data & WORK_STRUCT_WQ_DATA_MASK))->pool;
	return pool_by_id(data >> WORK_OFFQ_POOL_SHIFT);
}

/* ---- active and inactive ---- */

/* It need not wait any longer. Its barriers come along. */
void pwq_activate_work(struct pool_workqueue *pwq, struct work_struct *work)
{
	lockdep_assert_held(&pwq->pool->lock);
	trace_workqueue_activate_work(work);
	move_linked_works(work, &pwq->pool->worklist, NULL);
	atomic_long_andnot(WORK_STRUCT_INACTIVE, &work->data);
	pwq->nr_active++;
}

void pwq_activate_first_inactive(struct pool_workqueue *pwq)
{
	struct work_struct *work = list_first_entry(&pwq->inactive_works, struct work_struct, entry);
	struct list_head *prev;

	if (likely(load_nofault(prev, &work->entry.prev) && prev == &pwq->inactive_works && work_pwq(work) == pwq))
		pwq_activate_work(pwq, work);
	else
		pwq_mend(pwq);
}

/* ---- what must not be queued ---- */

bool is_a_workqueue(struct workqueue_struct *wq, const char *caller)
{
	return !WARN(!wq || wq->magic != WQ_MAGIC, "%s(): %px is not a workqueue%s\n", caller, wq, wq ?
		     " any more: it was destroyed, or never made. First stop whoever queues, then destroy" :
		     ": check what alloc_workqueue() returned");
}

/* Nothing to be said against it. Memory that was never set up holds no empty list. */
static __always_inline bool is_free_for(struct workqueue_struct *wq, struct work_struct *work)
{
	return list_empty(&work->entry) && work->func && !(wq->flags & (__WQ_DRAINING | __WQ_DESTROYING));
}

static noinline bool may_queue_all_the_same(struct workqueue_struct *wq, struct work_struct *work)
{
	if (WARN(!work->func || !work->entry.next,
		 "work %px was never initialised: INIT_WORK() or DECLARE_WORK() first\n", work))
		return false;
	if (WARN(!list_empty(&work->entry), "work %px (%ps) is on a list although it is not pending: was it "
		 "initialised again, or freed, while it was queued?\n", work, work->func))
		return false;
	/* While a queue empties itself, only its own works may add to it. */
	if (caller_is_on_queue(wq))
		return true;
	WARN(1, "work %ps is queued on \"%s\", which is being %s: only its own works may do so. First stop whoever "
	     "queues (timers, threads, interrupts)\n", work->func, wq->name,
	     wq->flags & __WQ_DESTROYING ? "destroyed" : "drained");
	return false;
}

/* ---- queueing ---- */

/* Does the work still run for the same queue on another pool, which it was on last? That one's pwq, locked, or NULL. */
static noinline struct pool_workqueue *lock_pwq_where_it_runs(struct pool_workqueue *pwq, struct work_struct *work)
{
	struct worker_pool *last = work_pool(work);
	struct worker *worker;

	WARN_ON_ONCE(!work_pending(work));
	if (!last || last == pwq->pool)
		return NULL;
	raw_spin_lock(&last->lock);
	worker = find_worker_executing(last, work);
	if (worker && worker->current_pwq->wq == pwq->wq)
		return worker->current_pwq;
	raw_spin_unlock(&last->lock);
	return NULL;
}

/*
 * The pwq for a new order, its pool locked: that of the CPU, unless the work still runs elsewhere. Mostly it was on
 * that pool last, and then no other need be looked up.
 */
static __always_inline struct pool_workqueue *lock_pwq_for(int cpu, struct workqueue_struct *wq,
							   struct work_struct *work)
{
	struct pool_workqueue *pwq = wq->pwq[cpu], *other;

	if (unlikely(work_data(work) != (pwq->pool->off_queue | WORK_STRUCT_PENDING))) {
		other = lock_pwq_where_it_runs(pwq, work);
		if (other)
			return other;
	}
	raw_spin_lock(&pwq->pool->lock);
	return pwq;
}

/* Nobody's, and not queued. */
static noinline bool refuse(struct work_struct *work, unsigned long irq_flags)
{
	work_release_pending(work);
	local_irq_restore(irq_flags);
	return false;
}

/*
 * The caller owns the work and has interrupts off; they are as `irq_flags` says afterwards. If they are on again, a
 * worker that shall run before the caller does so now. Return: false if the work was refused; then it is nobody's.
 */
static __always_inline bool queue_owned(int cpu, struct workqueue_struct *wq, struct work_struct *work,
					unsigned long irq_flags)
{
	int req_cpu = cpu;
	struct pool_workqueue *pwq;
	struct worker_pool *pool;
	struct list_head *list;
	struct task_struct *p;
	unsigned long flags;

	if (unlikely(!is_free_for(wq, work) && !may_queue_all_the_same(wq, work)))
		return refuse(work, irq_flags);
	if (cpu == WORK_CPU_UNBOUND)
		cpu = smp_processor_id();
	pwq = lock_pwq_for(cpu, wq, work);
	pool = pwq->pool;
	trace_workqueue_queue_work(req_cpu, pool->cpu, wq->name, work);
	pwq->nr_in_flight[pwq->work_color]++;
	flags = color_to_data(pwq->work_color);
	if (likely(pwq->nr_active < pwq->max_active)) {
		trace_workqueue_activate_work(work);
		pwq->nr_active++;
		list = &pool->worklist;
	} else {
		flags |= WORK_STRUCT_INACTIVE;
		list = &pwq->inactive_works;
	}
	p = wq_put_on_list(pwq, work, list, flags);
	unlock_and_wake(p, &pool->lock, irq_flags);
	return true;
}

/* For who goes on with interrupts off: in a timer's function, or with more to do. */
bool wq_queue_owned(int cpu, struct workqueue_struct *wq, struct work_struct *work)
{
	unsigned long flags;

	lockdep_assert_irqs_disabled();
	local_save_flags(flags);
	return queue_owned(cpu, wq, work, flags);
}

/* Has its pool workers? A CPU that has gone is all right: they work on elsewhere. */
static __always_inline bool has_workers(unsigned int cpu, struct workqueue_struct *wq)
{
	return cpu < nr_cpu_ids && READ_ONCE(wq->pwq[cpu]->pool->nr_workers);
}

static noinline bool will_have_workers(int cpu, const char *caller)
{
	if (WARN((unsigned int)cpu >= nr_cpu_ids || !cpu_possible(cpu), "%s(): there is no CPU %d\n", caller, cpu))
		return false;
	return !WARN(system_state >= SYSTEM_RUNNING, "%s(): CPU %d has never been up, so nobody would do the work\n",
		     caller, cpu);
}

static __always_inline bool is_good_cpu(int cpu, struct workqueue_struct *wq, const char *caller)
{
	return cpu == WORK_CPU_UNBOUND || likely(has_workers(cpu, wq)) || will_have_workers(cpu, caller);
}

bool queue_work_on(int cpu, struct workqueue_struct *wq, struct work_struct *work)
{
	unsigned long flags;

	if (unlikely(!is_a_workqueue(wq, __func__) || !is_good_cpu(cpu, wq, __func__)))
		return false;
	shake_point();
	local_irq_save(flags);
	/* ORDER(work-pending): full barrier: what the caller wrote is seen by the function, even if the bit was set. */
	if (!test_and_set_bit(WORK_STRUCT_PENDING_BIT, (unsigned long *)&work->data.counter))
		return queue_owned(cpu, wq, work, flags);
	local_irq_restore(flags);
	return false;
}
EXPORT_SYMBOL(queue_work_on);

bool queue_work_node(int node, struct workqueue_struct *wq, struct work_struct *work)
{
	if (!is_a_workqueue(wq, __func__))
		return false;
	WARN_ONCE(!(wq->flags & WQ_UNBOUND), "queue_work_node() on \"%s\", which is bound to CPUs: a node means "
		  "nothing to it\n", wq->name);
	return queue_work_on(WORK_CPU_UNBOUND, wq, work);
}
EXPORT_SYMBOL(queue_work_node);

/* ---- later ---- */

/* Interrupts are off (TIMER_IRQSAFE), and the timer owned PENDING: now we do. */
void delayed_work_timer_fn(struct timer_list *t)
{
	struct delayed_work *dwork = from_timer(dwork, t, timer);

	wq_queue_owned(dwork->cpu, dwork->wq, &dwork->work);
}
EXPORT_SYMBOL(delayed_work_timer_fn);

static bool queue_delayed_owned(int cpu, struct workqueue_struct *wq, struct delayed_work *dwork, unsigned long delay)
{
	struct timer_list *timer = &dwork->timer;

	if (WARN(timer->function != delayed_work_timer_fn || timer_pending(timer), "delayed work %ps: its timer is not "
		 "that of a delayed work, or is running already: INIT_DELAYED_WORK() first\n", dwork->work.func)) {
		work_release_pending(&dwork->work);
		return false;
	}
	if (!delay)
		return wq_queue_owned(cpu, wq, &dwork->work);
	dwork->wq = wq;
	dwork->cpu = cpu;
	timer->expires = jiffies + delay;
	if (cpu != WORK_CPU_UNBOUND && cpu_online(cpu))
		add_timer_on(timer, cpu);
	else
		add_timer(timer);
	return true;
}

bool queue_delayed_work_on(int cpu, struct workqueue_struct *wq, struct delayed_work *dwork, unsigned long delay)
{
	unsigned long flags;
	bool queued = false;

	if (unlikely(!is_a_workqueue(wq, __func__) || !is_good_cpu(cpu, wq, __func__)))
		return false;
	local_irq_save(flags);
	/* ORDER(work-pending): as in queue_work_on(). */
	if (!test_and_set_bit(WORK_STRUCT_PENDING_BIT, (unsigned long *)&dwork->work.data.counter))
		queued = queue_delayed_owned(cpu, wq, dwork, delay);
	local_irq_restore(flags);
	return queued;
}
EXPORT_SYMBOL(queue_delayed_work_on);

bool mod_delayed_work_on(int cpu, struct workqueue_struct *wq, struct delayed_work *dwork, unsigned long delay)
{
	unsigned long flags;
	int was;

	if (unlikely(!is_a_workqueue(wq, __func__) || !is_good_cpu(cpu, wq, __func__)))
		return false;
	was = work_grab(&dwork->work, true, &flags);
	if (was == GRAB_CANCELLING)	/* somebody cancels it for good: that wins */
		return true;
	queue_delayed_owned(cpu, wq, dwork, delay);
	local_irq_restore(flags);
	return was;
}
EXPORT_SYMBOL(mod_delayed_work_on);

/* ---- after a grace period ---- */

static void queue_after_grace_period(struct rcu_head *rcu)
{
	struct rcu_work *rwork = container_of(rcu, struct rcu_work, rcu);
	unsigned long flags;

	local_irq_save(flags);
	wq_queue_owned(WORK_CPU_UNBOUND, rwork->wq, &rwork->work);
	local_irq_restore(flags);
}

bool queue_rcu_work(struct workqueue_struct *wq, struct rcu_work *rwork)
{
	/* ORDER(work-pending): as in queue_work_on(). */
	if (!is_a_workqueue(wq, __func__) ||
	    test_and_set_bit(WORK_STRUCT_PENDING_BIT, (unsigned long *)&rwork->work.data.counter))
		return false;
	rwork->wq = wq;
	call_rcu(&rwork->rcu, queue_after_grace_period);
	return true;
}
EXPORT_SYMBOL(queue_rcu_work);

bool flush_rcu_work(struct rcu_work *rwork)
{
	bool waits = work_pending(&rwork->work);

	if (waits)
		rcu_barrier();
	return flush_work(&rwork->work) || waits;
}
EXPORT_SYMBOL(flush_rcu_work);
