/* SPDX-License-Identifier: MIT */
/*
 * What CPUs and the freezer ask of the workqueues.
 *
 * A CPU COMES: workqueue_prepare_cpu() makes the first worker of each of its pools; once it is up,
 * workqueue_online_cpu() binds all of them to it. Works that were queued for it before are done then.
 *
 * A CPU GOES: its works must still be done, and its workers, who may be in the middle of one, cannot be bound any
 * more. So workqueue_offline_cpu() frees them to run anywhere: they are WORKER_UNBOUND and not counted, and the pool
 * works like an unbound one until its CPU is back. A worker that was busy all the time is WORKER_REBOUND then, and
 * counts again from its next work on: its nr_running would be wrong in the middle.
 *
 *	          online				offline
 *	bound, counted  <---  REBOUND, not counted  <---  UNBOUND, not counted, anywhere
 *	      |							^
 *	      +-------------------------------------------------+
 *
 * FREEZING sets max_active of the freezable queues to 0: what is active is finished, everything else waits among the
 * inactive works. Thawing gives the number back, and lets them come.
 *
 * Locking: wq_attach_mutex holds still who belongs to a pool; wq_pool_mutex the list of queues.
 * Read next: report.c.
 */
#include "workqueue.h"
#include <linux/cpumask.h>
#include <linux/kernel.h>

/* ---- CPUs ---- */

int workqueue_prepare_cpu(unsigned int cpu)
{
	for (int i = 0; i < NR_STD_POOLS; i++) {
		struct worker_pool *pool = pool_for(cpu, i);

		if (!pool->nr_workers && !worker_create(pool))
			return -ENOMEM;
	}
	return 0;
}

/* Back to its CPU. It counts again when it next begins a work. */
static void rebind_worker(struct worker *worker, struct worker_pool *pool)
{
	worker_belongs_to(worker, pool->cpu);
	if (set_cpus_allowed_ptr(worker->task, cpumask_of(pool->cpu)) && !cpumask_equal(worker->task->cpus_ptr,
											cpumask_of(pool->cpu)))
		pr_warn("workqueue: %s (%d) could not be bound to CPU %d\n", worker->task->comm, worker->task->pid,
			pool->cpu);
	raw_spin_lock_irq(&pool->lock);
	worker->flags = (worker->flags | WORKER_REBOUND) & ~WORKER_UNBOUND;
	raw_spin_unlock_irq(&pool->lock);
}

int workqueue_online_cpu(unsigned int cpu)
{
	struct worker *worker;

	mutex_lock(&wq_attach_mutex);
	for (int i = 0; i < NR_STD_POOLS; i++) {
		struct worker_pool *pool = pool_for(cpu, i);

		raw_spin_lock_irq(&pool->lock);
		pool->disassociated = false;
		raw_spin_unlock_irq(&pool->lock);
		list_for_each_entry(worker, &pool->workers, node)
			rebind_worker(worker, pool);
	}
	mutex_unlock(&wq_attach_mutex);
	return 0;
}

static void unbind_workers(struct worker_pool *pool)
{
	struct worker *worker;

	raw_spin_lock_irq(&pool->lock);
	list_for_each_entry(worker, &pool->workers, node)
		worker->flags |= WORKER_UNBOUND;
	pool->disassociated = true;
	pool->nr_running = 0;
	/* Nobody is counted any more, so whoever waited for that may go. */
	if (pool_needs_worker(pool))
		pool_wake_worker(pool);
	raw_spin_unlock_irq(&pool->lock);
	list_for_each_entry(worker, &pool->workers, node) {
		worker_belongs_to(worker, -1);
		set_cpus_allowed_ptr(worker->task, cpu_possible_mask);
	}
}

int workqueue_offline_cpu(unsigned int cpu)
{
	mutex_lock(&wq_attach_mutex);
	for (int i = 0; i < NR_STD_POOLS; i++)
		unbind_workers(pool_for(cpu, i));
	mutex_unlock(&wq_attach_mutex);
	return 0;
}

/* ---- freezing ---- */

bool workqueue_freezing;

/* As the queue says, or 0 while it is frozen. Activates what then may be. wq_pool_mutex held; early in the boot
 * interrupts are off, and stay so. */
void pwq_set_max_active(struct pool_workqueue *pwq)
{
	struct workqueue_struct *wq = pwq->wq;
	unsigned long flags;

	lockdep_assert_held(&wq_pool_mutex);
	raw_spin_lock_irqsave(&pwq->pool->lock, flags);
	pwq->max_active = workqueue_freezing && (wq->flags & WQ_FREEZABLE) ? 0 : wq->saved_max_active;
	while (!list_empty(&pwq->inactive_works) && pwq->nr_active < pwq->max_active)
		pwq_activate_first_inactive(pwq);
	pool_wake_worker(pwq->pool);
	raw_spin_unlock_irqrestore(&pwq->pool->lock, flags);
}

static void set_freezing(bool freezing)
{
	struct workqueue_struct *wq;
	struct pool_workqueue *pwq;

	lockdep_assert_held(&wq_pool_mutex);
	workqueue_freezing = freezing;
	list_for_each_entry(wq, &workqueues, list) {
		if (!(wq->flags & WQ_FREEZABLE))
			continue;
		mutex_lock(&wq->mutex);
		list_for_each_entry(pwq, &wq->pwqs, node)
			pwq_set_max_active(pwq);
		mutex_unlock(&wq->mutex);
	}
}

void freeze_workqueues_begin(void)
{
	mutex_lock(&wq_pool_mutex);
	if (!WARN(workqueue_freezing, "workqueues are frozen already\n"))
		set_freezing(true);
	mutex_unlock(&wq_pool_mutex);
}

void thaw_workqueues(void)
{
	mutex_lock(&wq_pool_mutex);
	if (workqueue_freezing)
		set_freezing(false);
	mutex_unlock(&wq_pool_mutex);
}

static bool has_active(struct workqueue_struct *wq)
{
	struct pool_workqueue *pwq;
	bool active = false;

	list_for_each_entry(pwq, &wq->pwqs, node) {
		raw_spin_lock_irq(&pwq->pool->lock);
		active |= pwq->nr_active > 0;
		raw_spin_unlock_irq(&pwq->pool->lock);
	}
	return active;
}

bool freeze_workqueues_busy(void)
{
	struct workqueue_struct *wq;
	bool busy = false;

	mutex_lock(&wq_pool_mutex);
	WARN(!workqueue_freezing, "freeze_workqueues_busy() without freeze_workqueues_begin()\n");
	list_for_each_entry(wq, &workqueues, list)
		if (wq->flags & WQ_FREEZABLE)
			busy |= has_active(wq);
	mutex_unlock(&wq_pool_mutex);
	return busy;
}
