/* SPDX-License-Identifier: MIT */
/*
 * Worker pools: who works on which CPU, how workers come, and how they go.
 *
 * Two pools for each possible CPU (normal, and highpri with nice -20) and two unbound ones. They are there for ever, so
 * a pool's number, which every work remembers, is never wrong.
 *
 *	id	0     1     2     3    ...   2n     2n+1
 *		CPU 0       CPU 1            unbound		workers kworker/0:0  kworker/0:0H  kworker/u8:0
 *		     highpri     highpri           highpri
 *
 * MAKING WORKERS. A worker that is about to begin and would leave nobody idle behind becomes the pool's manager and
 * makes one more. One manager is enough; others meanwhile simply work. Making a thread means asking kthreadd and
 * memory, so it may take long, or fail. Then the manager tries again each second, and mayday_timer calls the rescuers
 * of those queues that have one (rescuer.c).
 *
 * RETIRING. Workers become idle at the head of idle_list and are woken from there, so the longest idle sits at the
 * tail, and only that one has to be looked at when idle_timer ends. Some are kept for the next burst: two, and one for
 * each four that are busy. Who has been idle for five minutes beyond that is told to end, and does.
 *
 * A CPU that is not up: its pool's workers are WORKER_UNBOUND and may run anywhere (hotplug.c).
 *
 * Locking: pool->lock; wq_attach_mutex for who belongs to which pool.
 * Read next: rescuer.c.
 */
#include "workqueue.h"
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include <linux/string.h>

DEFINE_MUTEX(wq_attach_mutex);

static DEFINE_PER_CPU(struct worker_pool [NR_STD_POOLS], cpu_worker_pools);
static struct worker_pool unbound_pools[NR_STD_POOLS];

struct worker_pool *wq_pools[NR_STD_POOLS * (NR_CPUS + 1)];

/* ---- finding ---- */

struct worker_pool *pool_for(int cpu, bool highpri)
{
	return cpu < 0 ? &unbound_pools[highpri] : &per_cpu(cpu_worker_pools, cpu)[highpri];
}

static const struct cpumask *pool_cpus(struct worker_pool *pool)
{
	return pool->cpu < 0 || pool->disassociated ? cpu_possible_mask : cpumask_of(pool->cpu);
}

/* ---- idle or not ---- */

/* More idle workers than the next burst will need? */
static bool has_too_many_idle(struct worker_pool *pool)
{
	int idle = pool_nr_at_hand(pool);
	int busy = pool->nr_workers - idle;

	return idle > 2 && (idle - 2) * 4 >= busy;
}

noinline void pool_watch_idle(struct worker_pool *pool)
{
	if (has_too_many_idle(pool) && !timer_pending(&pool->idle_timer))
		mod_timer(&pool->idle_timer, jiffies + IDLE_WORKER_TIMEOUT);
}

/* ---- belonging to a pool ---- */

struct worker *worker_alloc(void)
{
	struct worker *worker = kzalloc(sizeof(*worker), GFP_KERNEL);

	if (!worker)
		return NULL;
	INIT_LIST_HEAD(&worker->entry);
	INIT_LIST_HEAD(&worker->scheduled);
	INIT_LIST_HEAD(&worker->node);
	worker->flags = WORKER_PREP;
	return worker;
}

/* A bound worker stays on its CPU until that goes offline: workqueue_offline_cpu() unbinds it, nobody before. */
void worker_belongs_to(struct worker *worker, int cpu)
{
	if (!worker->rescue_wq)
		kthread_set_per_cpu(worker->task, cpu);
}

/* While the mutex is held no CPU comes or goes, so the mark agrees with where the thread may run. */
void worker_attach(struct worker *worker, struct worker_pool *pool)
{
	mutex_lock(&wq_attach_mutex);
	if (pool->cpu < 0 || pool->disassociated)
		worker->flags |= WORKER_UNBOUND;
	if (worker->rescue_wq)
		set_cpus_allowed_ptr(worker->task, pool_cpus(pool));
	else
		kthread_bind_mask(worker->task, pool_cpus(pool));
	worker_belongs_to(worker, worker->flags & WORKER_UNBOUND ? -1 : pool->cpu);
	list_add_tail(&worker->node, &pool->workers);
	worker->pool = pool;
	mutex_unlock(&wq_attach_mutex);
}

void worker_detach(struct worker *worker)
{
	mutex_lock(&wq_attach_mutex);
	list_del_init(&worker->node);
	worker->pool = NULL;
	mutex_unlock(&wq_attach_mutex);
	worker->flags &= ~(WORKER_UNBOUND | WORKER_REBOUND);
}

/* ---- making workers ---- */

static int claim_id(struct worker_pool *pool)
{
	int id;

	raw_spin_lock_irq(&pool->lock);
	id = find_first_zero_bit(pool->ids, MAX_WORKER_IDS);
	if (id < MAX_WORKER_IDS)
		__set_bit(id, pool->ids);
	raw_spin_unlock_irq(&pool->lock);
	return id < MAX_WORKER_IDS ? id : -1;
}

static void release_id(struct worker_pool *pool, int id)
{
	raw_spin_lock_irq(&pool->lock);
	__clear_bit(id, pool->ids);
	raw_spin_unlock_irq(&pool->lock);
}

static struct task_struct *make_thread(struct worker *worker, struct worker_pool *pool)
{
	if (pool->cpu < 0)
		return kthread_create(worker_thread, worker, "kworker/u%d:%d", pool->id, worker->id);
	return kthread_create(worker_thread, worker, "kworker/%d:%d%s", pool->cpu, worker->id,
			      pool->nice < 0 ? "H" : "");
}

/* A new, idle worker. Return: NULL if there is no memory or no thread to be had. Context: may sleep. */
struct worker *worker_create(struct worker_pool *pool)
{
	struct worker *worker = worker_alloc();
	int id = worker ? claim_id(pool) : -1;

	if (id < 0)
		goto fail;
	worker->id = id;
	worker->task = make_thread(worker, pool);
	if (IS_ERR(worker->task))
		goto fail_id;
	set_user_nice(worker->task, pool->nice);
	worker_attach(worker, pool);
	raw_spin_lock_irq(&pool->lock);
	pool->nr_workers++;
	worker_enter_idle(worker);
	wake_up_process(worker->task);
	raw_spin_unlock_irq(&pool->lock);
	return worker;
fail_id:
	release_id(pool, id);
fail:
	kfree(worker);
	return NULL;
}

/* Until somebody is idle, or nothing waits any more. pool->lock is dropped meanwhile. */
static void make_worker(struct worker_pool *pool)
{
	raw_spin_unlock_irq(&pool->lock);
	mod_timer(&pool->mayday_timer, jiffies + MAYDAY_INITIAL_TIMEOUT);
	while (!worker_create(pool)) {
		schedule_timeout_interruptible(CREATE_COOLDOWN);
		if (!pool_lacks_idle_worker(pool))
			break;
	}
	del_timer_sync(&pool->mayday_timer);
	raw_spin_lock_irq(&pool->lock);
}

/* Return: true if the lock was dropped, so that the caller must look again; false if another one manages already. */
bool pool_manage(struct worker *worker)
{
	struct worker_pool *pool = worker->pool;

	if (pool->manager)
		return false;
	pool->manager = worker;
	do {
		make_worker(pool);
	} while (pool_lacks_idle_worker(pool));
	pool->manager = NULL;
	return true;
}

/* In the timer's softirq: a worker is needed and none came. */
static void call_for_help(struct timer_list *t)
{
	struct worker_pool *pool = from_timer(pool, t, mayday_timer);

	raw_spin_lock_irq(&pool->lock);
	if (pool_lacks_idle_worker(pool))
		rescuer_call(pool);
	raw_spin_unlock_irq(&pool->lock);
	mod_timer(&pool->mayday_timer, jiffies + MAYDAY_INTERVAL);
}

/* ---- retiring workers ---- */

/* It is about to go, and not counted any more. */
void pool_forget_worker(struct worker *worker)
{
	lockdep_assert_held(&worker->pool->lock);
	worker->pool->nr_workers--;
	__clear_bit(worker->id, worker->pool->ids);
}

/* It is idle, and will end when it runs next. */
static void worker_retire(struct worker *worker)
{
	struct worker_pool *pool = worker->pool;

	lockdep_assert_held(&pool->lock);
	if (WARN_ON(worker->current_work || !list_empty(&worker->scheduled) || !(worker->flags & WORKER_IDLE)))
		return;
	pool_forget_worker(worker);
	pool->nr_idle--;
	list_del_init(&worker->entry);
	worker->flags |= WORKER_DIE;
	wake_up_process(worker->task);
}

static void retire_the_long_idle(struct timer_list *t)
{
	struct worker_pool *pool = from_timer(pool, t, idle_timer);

	raw_spin_lock_irq(&pool->lock);
	while (has_too_many_idle(pool)) {
		struct worker *worker = list_last_entry(&pool->idle_list, struct worker, entry);
		unsigned long end = worker->last_active + IDLE_WORKER_TIMEOUT;

		if (time_before(jiffies, end)) {
			mod_timer(&pool->idle_timer, end);
			break;
		}
		worker_retire(worker);
	}
	raw_spin_unlock_irq(&pool->lock);
}

/* Number 0 stays if it can: the one that was there first, so that memory is again as it was. */
void workqueue_retire_idle(void)
{
	struct worker *worker, *next;
	struct worker_pool *pool;
	unsigned long id;

	for_each_pool(pool, id) {
		raw_spin_lock_irq(&pool->lock);
		list_for_each_entry_safe(worker, next, &pool->idle_list, entry)
			if (worker->id && pool->nr_idle > 1)
				worker_retire(worker);
		raw_spin_unlock_irq(&pool->lock);
	}
}

/* ---- start ---- */

static void pool_init(struct worker_pool *pool, int cpu, int id, int nice)
{
	wq_pools[id] = pool;
	raw_spin_lock_init(&pool->lock);
	pool->cpu = cpu;
	pool->id = id;
	pool->off_queue = (unsigned long)id << WORK_OFFQ_POOL_SHIFT;
	pool->nice = nice;
	pool->disassociated = true;	/* until its CPU is up */
	INIT_LIST_HEAD(&pool->worklist);
	INIT_LIST_HEAD(&pool->pwqs);
	INIT_LIST_HEAD(&pool->idle_list);
	INIT_LIST_HEAD(&pool->workers);
	__hash_init(pool->busy_hash, 1 << BUSY_HASH_BITS);
	timer_setup(&pool->idle_timer, retire_the_long_idle, TIMER_DEFERRABLE);
	timer_setup(&pool->mayday_timer, call_for_help, 0);
}

void pools_init(void)
{
	static const int nice[NR_STD_POOLS] = { 0, HIGHPRI_NICE_LEVEL };

	for (int id = 0; id < NR_STD_POOLS * ((int)nr_cpu_ids + 1); id++) {
		int cpu = id < NR_STD_POOLS * (int)nr_cpu_ids ? id / NR_STD_POOLS : -1;

		pool_init(pool_for(cpu, id % NR_STD_POOLS), cpu, id, nice[id % NR_STD_POOLS]);
	}
}
