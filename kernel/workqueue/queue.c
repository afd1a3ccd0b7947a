/* SPDX-License-Identifier: MIT */
/*
 * Queues: made, drained, destroyed; and those that everybody shares.
 *
 * A queue has one pool_workqueue for each possible CPU, or, unbound, a single one that all its slots point to. They are
 * made with it and freed with it. destroy_workqueue() waits until no work is left; but somebody may just then look at
 * a work that was on the queue, through the pointer in its word, without a lock (work_pool()). Whoever does so has
 * interrupts off. So before the pwqs are freed, every CPU must have had them on once: wait_for_lookers().
 *
 * BOOT. workqueue_init_early() makes pools and shared queues as soon as there is memory: works can be queued from then
 * on, and wait. workqueue_init(), when there is a kthreadd, makes the first worker of each pool.
 *
 * Locking: wq_pool_mutex for the list of all queues and what is done to all of them; wq->mutex for one.
 * Read next: report.c.
 */
#include "workqueue.h"
#include <linux/cpu.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/string.h>

DEFINE_MUTEX(wq_pool_mutex);
LIST_HEAD(workqueues);
bool wq_online;

static struct kmem_cache *pwq_cache;
static bool power_efficient;

struct workqueue_struct *system_wq;
struct workqueue_struct *system_highpri_wq;
struct workqueue_struct *system_long_wq;
struct workqueue_struct *system_unbound_wq;
struct workqueue_struct *system_freezable_wq;
struct workqueue_struct *system_power_efficient_wq;
struct workqueue_struct *system_freezable_power_efficient_wq;
EXPORT_SYMBOL(system_wq);
EXPORT_SYMBOL(system_highpri_wq);
EXPORT_SYMBOL(system_long_wq);
EXPORT_SYMBOL(system_unbound_wq);
EXPORT_SYMBOL(system_freezable_wq);
EXPORT_SYMBOL(system_power_efficient_wq);
EXPORT_SYMBOL(system_freezable_power_efficient_wq);

static int __init set_power_efficient(char *value)
{
	return value && kstrtobool(value, &power_efficient) == 0;
}
__setup("workqueue.power_efficient=", set_power_efficient);

/* ---- making ---- */

static struct pool_workqueue *pwq_create(struct workqueue_struct *wq, int cpu)
{
	struct pool_workqueue *pwq = kmem_cache_zalloc(pwq_cache, GFP_KERNEL);
	unsigned long flags;

	if (!pwq)
		return NULL;
	BUG_ON((unsigned long)pwq & WORK_STRUCT_FLAG_MASK);
	pwq->pool = pool_for(cpu, wq->flags & WQ_HIGHPRI);
	pwq->wq = wq;
	pwq->flush_color = -1;
	INIT_LIST_HEAD(&pwq->inactive_works);
	INIT_LIST_HEAD(&pwq->mayday_node);
	list_add_tail(&pwq->node, &wq->pwqs);
	raw_spin_lock_irqsave(&pwq->pool->lock, flags);
	list_add_tail(&pwq->pool_node, &pwq->pool->pwqs);
	raw_spin_unlock_irqrestore(&pwq->pool->lock, flags);
	return pwq;
}

static void pwq_free(struct pool_workqueue *pwq)
{
	raw_spin_lock_irq(&pwq->pool->lock);
	list_del(&pwq->pool_node);
	raw_spin_unlock_irq(&pwq->pool->lock);
	kmem_cache_free(pwq_cache, pwq);
}

static bool create_pwqs(struct workqueue_struct *wq)
{
	bool unbound = wq->flags & WQ_UNBOUND;
	unsigned int cpu;

	for (cpu = 0; cpu < nr_cpu_ids; cpu++) {
		wq->pwq[cpu] = unbound && cpu ? wq->pwq[0] : pwq_create(wq, unbound ? -1 : cpu);
		if (!wq->pwq[cpu])
			return false;
	}
	return true;
}

static void free_queue(struct workqueue_struct *wq)
{
	struct pool_workqueue *pwq, *next;

	list_for_each_entry_safe(pwq, next, &wq->pwqs, node)
		pwq_free(pwq);
	wq->magic = 0;
	lockdep_forget(wq, sizeof(*wq));
	kfree(wq);
}

static int clamp_max_active(int max_active, unsigned int flags, const char *name)
{
	int most = flags & WQ_UNBOUND ? WQ_UNBOUND_MAX_ACTIVE : WQ_MAX_ACTIVE;

	if (max_active < 1 || max_active > most)
		pr_warn("workqueue: max_active %d requested for %s is out of range, clamping between 1 and %d\n",
			max_active, name, most);
	return clamp(max_active, 1, most);
}

static void init_queue(struct workqueue_struct *wq, unsigned int flags, int max_active)
{
	wq->magic = WQ_MAGIC;
	wq->flags = flags;
	wq->saved_max_active = clamp_max_active(max_active ?: WQ_DFL_ACTIVE, flags, wq->name);
	mutex_init(&wq->mutex);
	INIT_LIST_HEAD(&wq->pwqs);
	INIT_LIST_HEAD(&wq->flusher_queue);
	INIT_LIST_HEAD(&wq->flusher_overflow);
	INIT_LIST_HEAD(&wq->maydays);
}

/* Known to all from here on. Freezing, too, either sees it in the list or has been seen. */
static void publish_queue(struct workqueue_struct *wq)
{
	struct pool_workqueue *pwq;

	mutex_lock(&wq_pool_mutex);
	list_for_each_entry(pwq, &wq->pwqs, node)
		pwq_set_max_active(pwq);
	list_add_tail(&wq->list, &workqueues);
	mutex_unlock(&wq_pool_mutex);
}

struct workqueue_struct *alloc_workqueue(const char *fmt, unsigned int flags, int max_active, ...)
{
	struct workqueue_struct *wq = kzalloc(sizeof(*wq) + nr_cpu_ids * sizeof(wq->pwq[0]), GFP_KERNEL);
	va_list args;

	if (!wq)
		return NULL;
	/* An unbound queue of one is ordered, whether it was asked for by that name or not. */
	if ((flags & WQ_UNBOUND) && max_active == 1)
		flags |= __WQ_ORDERED;
	if ((flags & WQ_POWER_EFFICIENT) && power_efficient)
		flags |= WQ_UNBOUND;
	va_start(args, max_active);
	vsnprintf(wq->name, sizeof(wq->name), fmt, args);
	va_end(args);
	init_queue(wq, flags & ~(__WQ_DRAINING | __WQ_DESTROYING), max_active);
	if (!create_pwqs(wq) || rescuer_start(wq)) {
		free_queue(wq);
		return NULL;
	}
	publish_queue(wq);
	return wq;
}
EXPORT_SYMBOL(alloc_workqueue);

void workqueue_set_max_active(struct workqueue_struct *wq, int max_active)
{
	struct pool_workqueue *pwq;

	if (!is_a_workqueue(wq, __func__))
		return;
	if (WARN(wq->flags & __WQ_ORDERED_EXPLICIT, "\"%s\" was made by alloc_ordered_workqueue(): with more than one "
		 "active work it would not be ordered\n", wq->name))
		return;
	max_active = clamp_max_active(max_active, wq->flags, wq->name);
	mutex_lock(&wq_pool_mutex);
	mutex_lock(&wq->mutex);
	wq->flags &= ~__WQ_ORDERED;
	wq->saved_max_active = max_active;
	list_for_each_entry(pwq, &wq->pwqs, node)
		pwq_set_max_active(pwq);
	mutex_unlock(&wq->mutex);
	mutex_unlock(&wq_pool_mutex);
}
EXPORT_SYMBOL(workqueue_set_max_active);

/* ---- draining ---- */

static bool is_empty(struct workqueue_struct *wq)
{
	struct pool_workqueue *pwq;
	bool empty = true;

	lockdep_assert_held(&wq->mutex);
	list_for_each_entry(pwq, &wq->pwqs, node) {
		raw_spin_lock_irq(&pwq->pool->lock);
		empty &= !pwq->nr_active && list_empty(&pwq->inactive_works);
		raw_spin_unlock_irq(&pwq->pool->lock);
	}
	return empty;
}

/* Flush, until the works that works have queued are done, too. */
static void flush_until_empty(struct workqueue_struct *wq)
{
	int rounds = 0;

	for (;;) {
		bool empty;

		__flush_workqueue(wq);
		mutex_lock(&wq->mutex);
		empty = is_empty(wq);
		mutex_unlock(&wq->mutex);
		if (empty)
			return;
		if (++rounds == 10 || (rounds % 100 == 0 && rounds <= 1000))
			pr_warn("workqueue %s: drain_workqueue() isn't complete after %d tries: do its works queue "
				"themselves again for ever?\n", wq->name, rounds);
	}
}

void drain_workqueue(struct workqueue_struct *wq)
{
	if (!is_a_workqueue(wq, __func__))
		return;
	if (WARN(caller_is_on_queue(wq), "work %ps drains \"%s\", on which it runs: it would wait for its "
		 "own end for ever. Not done: drain from outside of its works\n", current_wq_worker()->current_func,
		 wq->name))
		return;
	mutex_lock(&wq->mutex);
	if (!wq->nr_drainers++)
		wq->flags |= __WQ_DRAINING;
	mutex_unlock(&wq->mutex);
	flush_until_empty(wq);
	mutex_lock(&wq->mutex);
	if (!--wq->nr_drainers)
		wq->flags &= ~__WQ_DRAINING;
	mutex_unlock(&wq->mutex);
}
EXPORT_SYMBOL(drain_workqueue);

/* ---- destroying ---- */

static void do_nothing(void *unused)
{
}

/* Until every CPU has had interrupts on: then nobody looks at a pwq any more through a work that has left it. */
static void wait_for_lookers(void)
{
	preempt_disable();
	smp_call_function(do_nothing, NULL, 1);
	preempt_enable();
}

static bool is_busy(struct pool_workqueue *pwq)
{
	int in_flight = 0;

	for (int i = 0; i < WORK_NR_COLORS; i++)
		in_flight |= pwq->nr_in_flight[i];
	return in_flight || pwq->nr_active || !list_empty(&pwq->inactive_works);
}

/* It was drained, so this finds only what somebody has queued since in spite of all warnings. */
static bool is_in_use(struct workqueue_struct *wq)
{
	struct pool_workqueue *pwq;
	bool busy = false;

	list_for_each_entry(pwq, &wq->pwqs, node) {
		raw_spin_lock_irq(&pwq->pool->lock);
		busy |= is_busy(pwq);
		raw_spin_unlock_irq(&pwq->pool->lock);
	}
	return busy;
}

void destroy_workqueue(struct workqueue_struct *wq)
{
	if (!is_a_workqueue(wq, __func__))
		return;
	if (WARN(caller_is_on_queue(wq), "work %ps calls destroy_workqueue() on \"%s\", on which it runs: it would "
		 "wait for its own end for ever. Not done: destroy it from outside of its works\n",
		 current_wq_worker()->current_func, wq->name))
		return;
	mutex_lock(&wq->mutex);
	if (WARN(wq->flags & __WQ_DESTROYING, "\"%s\" is being destroyed already\n", wq->name)) {
		mutex_unlock(&wq->mutex);
		return;
	}
	wq->flags |= __WQ_DESTROYING;
	mutex_unlock(&wq->mutex);
	drain_workqueue(wq);
	rescuer_stop(wq);
	mutex_lock(&wq_pool_mutex);
	if (WARN(is_in_use(wq), "\"%s\" still has works after it was drained: it is not freed\n", wq->name)) {
		show_one_workqueue(wq);
		mutex_unlock(&wq_pool_mutex);
		return;
	}
	list_del(&wq->list);
	mutex_unlock(&wq_pool_mutex);
	wait_for_lookers();
	free_queue(wq);
}
EXPORT_SYMBOL(destroy_workqueue);

/* ---- boot ---- */

static struct workqueue_struct *shared_queue(const char *name, unsigned int flags)
{
	struct workqueue_struct *wq = alloc_workqueue("%s", flags, 0, name);

	if (!wq)
		panic("no memory for workqueue %s", name);
	return wq;
}

void __init workqueue_init_early(void)
{
	pools_init();
	works_watch_memory();
	pwq_cache = KMEM_CACHE(pool_workqueue, SLAB_PANIC);
	system_wq = shared_queue("events", 0);
	system_highpri_wq = shared_queue("events_highpri", WQ_HIGHPRI);
	system_long_wq = shared_queue("events_long", 0);
	system_unbound_wq = shared_queue("events_unbound", WQ_UNBOUND);
	system_freezable_wq = shared_queue("events_freezable", WQ_FREEZABLE);
	system_power_efficient_wq = shared_queue("events_power_efficient", WQ_POWER_EFFICIENT);
	system_freezable_power_efficient_wq = shared_queue("events_freezable_power_efficient",
							   WQ_FREEZABLE | WQ_POWER_EFFICIENT);
}

void __init workqueue_init(void)
{
	unsigned int cpu;

	for_each_online_cpu(cpu) {
		workqueue_online_cpu(cpu);
		if (workqueue_prepare_cpu(cpu))
			panic("no memory for the first workers of CPU %u", cpu);
	}
	if (!worker_create(pool_for(-1, false)) || !worker_create(pool_for(-1, true)))
		panic("no memory for the first unbound workers");
	wq_online = true;
}
