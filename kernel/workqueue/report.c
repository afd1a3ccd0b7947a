/* SPDX-License-Identifier: MIT */
/*
 * What one may ask about works, workers and queues, for callers, for ps and for the log; and the small services that
 * are made of a work and a wait (work_on_cpu() and its like).
 *
 * All answers are momentary. A worker's description is written by the worker alone and read without a lock: ps may
 * find it half written, as on Linux, but always with an end.
 */
#include "workqueue.h"
#include <linux/cpu.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/stdarg.h>
#include <linux/string.h>
#include <linux/upcall.h>

/* ---- works ---- */

unsigned int work_busy(struct work_struct *work)
{
	unsigned int busy = work_pending(work) ? WORK_BUSY_PENDING : 0;
	struct worker_pool *pool;
	unsigned long flags;

	local_irq_save(flags);
	pool = work_pool(work);
	if (pool) {
		raw_spin_lock(&pool->lock);
		if (find_worker_executing(pool, work))
			busy |= WORK_BUSY_RUNNING;
		raw_spin_unlock(&pool->lock);
	}
	local_irq_restore(flags);
	return busy;
}
EXPORT_SYMBOL(work_busy);

bool workqueue_congested(int cpu, struct workqueue_struct *wq)
{
	bool congested;

	preempt_disable();
	if (cpu == WORK_CPU_UNBOUND)
		cpu = smp_processor_id();
	congested = !list_empty(&wq->pwq[cpu]->inactive_works);
	preempt_enable();
	return congested;
}
EXPORT_SYMBOL(workqueue_congested);

/* ---- workers ---- */

void set_worker_desc(const char *fmt, ...)
{
	struct worker *worker = current_wq_worker();
	va_list args;

	if (!worker)
		return;
	va_start(args, fmt);
	vsnprintf(worker->desc, sizeof(worker->desc), fmt, args);
	va_end(args);
}
EXPORT_SYMBOL(set_worker_desc);

void print_worker_info(const char *log_lvl, struct task_struct *p)
{
	struct worker *worker = p->flags & PF_WQ_WORKER ? kthread_data(p) : NULL;
	struct pool_workqueue *pwq = worker ? READ_ONCE(worker->current_pwq) : NULL;

	if (!pwq)
		return;
	printk("%sWorkqueue: %s %ps", log_lvl, pwq->wq->name, READ_ONCE(worker->current_func));
	if (strcmp(pwq->wq->name, worker->desc))
		pr_cont(" (%s)", worker->desc);
	pr_cont("\n");
}

void upcall_current_work(const char *log_lvl)
{
	print_worker_info(log_lvl, current);
}

/* While wq_attach_mutex is held, who has PF_WQ_WORKER has a struct worker. */
void wq_worker_comm(char *buf, size_t size, struct task_struct *p)
{
	struct worker *worker;
	size_t n;

	get_kthread_comm(buf, size, p);
	mutex_lock(&wq_attach_mutex);
	if (p->flags & PF_WQ_WORKER) {
		worker = kthread_data(p);
		n = strlen(buf);
		if (worker->desc[0])
			scnprintf(buf + n, size - n, "%c%s", READ_ONCE(worker->current_work) ? '+' : '-', worker->desc);
	}
	mutex_unlock(&wq_attach_mutex);
}

/* ---- the log ---- */

/* At most so many works of a list are named; then their number has to do. */
#define SHOW_WORKS 8

static void show_works(const char *what, struct list_head *list, struct pool_workqueue *pwq)
{
	struct work_struct *work;
	int n = 0;

	list_for_each_entry(work, list, entry) {
		if (work_pwq(work) != pwq)
			continue;
		if (n++ < SHOW_WORKS)
			pr_info("    %s: %ps\n", what, work->func);
	}
	if (n > SHOW_WORKS)
		pr_info("    %s: %d in all\n", what, n);
}

/* pool->lock held. */
void show_pwq(struct pool_workqueue *pwq)
{
	struct worker_pool *pool = pwq->pool;
	struct worker *worker;

	lockdep_assert_held(&pool->lock);
	pr_info("  pwq on pool %d (cpu %d, nice %d): active=%d/%d\n", pool->id, pool->cpu, pool->nice, pwq->nr_active,
		pwq->max_active);
	for (int i = 0; i < 1 << BUSY_HASH_BITS; i++)
		hlist_for_each_entry(worker, &pool->busy_hash[i], hentry)
			if (worker->current_pwq == pwq)
				pr_info("    in-flight: %d%s:%ps\n", worker->task->pid,
					worker->rescue_wq ? "(RESCUER)" : "", worker->current_func);
	show_works("pending", &pool->worklist, pwq);
	show_works("inactive", &pwq->inactive_works, pwq);
}

void show_one_workqueue(struct workqueue_struct *wq)
{
	struct pool_workqueue *pwq;
	unsigned long flags;
	bool headed = false;

	list_for_each_entry(pwq, &wq->pwqs, node) {
		raw_spin_lock_irqsave(&pwq->pool->lock, flags);
		if (pwq->nr_active || !list_empty(&pwq->inactive_works)) {
			if (!headed)
				pr_info("workqueue %s: flags=0x%x\n", wq->name, wq->flags);
			headed = true;
			show_pwq(pwq);
		}
		raw_spin_unlock_irqrestore(&pwq->pool->lock, flags);
	}
}

static void show_one_pool(struct worker_pool *pool)
{
	unsigned long flags;
	struct worker *worker;

	raw_spin_lock_irqsave(&pool->lock, flags);
	if (pool->nr_workers > pool->nr_idle) {
		pr_info("pool %d: cpu %d nice %d workers=%d running=%d", pool->id, pool->cpu, pool->nice,
			pool->nr_workers, pool->nr_running);
		if (pool->manager)
			pr_cont(" manager: %d", pool->manager->task->pid);
		pr_cont(" idle:");
		list_for_each_entry(worker, &pool->idle_list, entry)
			pr_cont(" %d", worker->task->pid);
		pr_cont("\n");
	}
	raw_spin_unlock_irqrestore(&pool->lock, flags);
}

void show_all_workqueues(void)
{
	struct workqueue_struct *wq;
	struct worker_pool *pool;
	unsigned long id;

	pr_info("Showing busy workqueues and worker pools:\n");
	if (mutex_trylock(&wq_pool_mutex)) {
		list_for_each_entry(wq, &workqueues, list)
			show_one_workqueue(wq);
		mutex_unlock(&wq_pool_mutex);
	}
	for_each_pool(pool, id)
		show_one_pool(pool);
}

/* ---- a work and a wait ---- */

int schedule_on_each_cpu(work_func_t func)
{
	struct work_struct *works = kcalloc(nr_cpu_ids, sizeof(*works), GFP_KERNEL);
	unsigned int cpu;

	if (!works)
		return -ENOMEM;
	cpus_read_lock();
	for_each_online_cpu(cpu) {
		INIT_WORK(&works[cpu], func);
		schedule_work_on(cpu, &works[cpu]);
	}
	for_each_online_cpu(cpu)
		flush_work(&works[cpu]);
	cpus_read_unlock();
	kfree(works);
	return 0;
}

int execute_in_process_context(work_func_t fn, struct execute_work *ew)
{
	if (!in_interrupt()) {
		fn(&ew->work);
		return 0;
	}
	INIT_WORK(&ew->work, fn);
	schedule_work(&ew->work);
	return 1;
}
EXPORT_SYMBOL(execute_in_process_context);

struct work_for_cpu {
	struct work_struct	work;
	long			(*fn)(void *);
	void			*arg;
	long			ret;
};

static void work_for_cpu_func(struct work_struct *work)
{
	struct work_for_cpu *w = container_of(work, struct work_for_cpu, work);

	w->ret = w->fn(w->arg);
}

long work_on_cpu(int cpu, long (*fn)(void *), void *arg)
{
	struct work_for_cpu w = { .fn = fn, .arg = arg, .ret = -EINVAL };

	INIT_WORK_ONSTACK(&w.work, work_for_cpu_func);
	schedule_work_on(cpu, &w.work);
	flush_work(&w.work);
	destroy_work_on_stack(&w.work);
	return w.ret;
}
EXPORT_SYMBOL(work_on_cpu);

long work_on_cpu_safe(int cpu, long (*fn)(void *), void *arg)
{
	long ret = -ENODEV;

	cpus_read_lock();
	if (cpu_online(cpu))
		ret = work_on_cpu(cpu, fn, arg);
	cpus_read_unlock();
	return ret;
}
EXPORT_SYMBOL(work_on_cpu_safe);

struct int_call {
	int	(*func)(void *);
	void	*par;
};

static long call_int(void *arg)
{
	struct int_call *c = arg;

	return c->func(c->par);
}

int smp_call_on_cpu(unsigned int cpu, int (*func)(void *), void *par, bool phys)
{
	struct int_call c = { func, par };

	if (cpu >= nr_cpu_ids || !cpu_online(cpu))
		return -ENXIO;
	return work_on_cpu(cpu, call_int, &c);
}
EXPORT_SYMBOL_GPL(smp_call_on_cpu);
