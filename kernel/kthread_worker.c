/* SPDX-License-Identifier: MIT */
/*
 * kthread_worker: a queue of works and one thread that does them in order. This half: the worker and its thread.
 *
 *	kthread_queue_work() ------------------> work_list --kthread_worker_fn--> current_work, func(work)
 *	kthread_queue_delayed_work()                ^
 *	    '--> delayed_work_list --timer fires----'
 *
 * A worker is only a struct; a thread attaches to it by running kthread_worker_fn(worker), one at a time. So works may
 * be queued before there is a thread, and threads may come and go: what is queued stays queued for the next one.
 *
 * A work is in one list at most. It leaves the list before its function runs, and the worker does not touch it after
 * that: the function may free it, queue it again, or queue it elsewhere. `current_work` is compared, never followed.
 *
 * A thread that ends in the middle of a work (an oops, or kthread_exit() called by a work function) would leave
 * worker->task pointing at freed memory, and who flushes asleep for ever. So each kthread knows its worker, and the
 * dying thread detaches, explains, and lets go of those who wait.
 *
 * A work that is freed, or initialised again, while it is queued breaks the list. That is seen before its turn comes:
 * what the list, or the work in front, points to must point back. The works behind it are still found from the other
 * end.
 *
 * Locking: worker->lock, interrupts off, covers the worker and all fields of its works. The worker takes it once for
 * a work, before its step from one to the next: the last is forgotten, the next is off the list.
 * ORDER(sleep-wake), ORDER(should-stop): the thread sets its state under the lock under which it has seen the list
 * empty, and before it looks at the stop bit. Whoever queues reads that state under the lock: either he sees it, and
 * wakes the thread, or he came before, and the thread saw the work. So a wake-up that is not needed is not paid for.
 *
 * Read next: kthread_work.c, the other half; workqueue.c, which shares threads among queues; kthread.c below.
 */
#include <linux/kthread.h>
#include <linux/bug.h>
#include <linux/export.h>
#include <linux/freezer.h>
#include <linux/kernel.h>
#include <linux/leftovers.h>
#include <linux/lockdep.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <trace/events/kthread.h>
#include <asm/extable.h>
#include "kthread_worker.h"

void kthread_init_worker(struct kthread_worker *worker)
{
	*worker = (struct kthread_worker)KTHREAD_WORKER_INIT(*worker);
}
EXPORT_SYMBOL(kthread_init_worker);

/* ---- the thread ---- */

static bool attach(struct kthread_worker *worker)
{
	struct task_struct *other;

	if (!to_kthread(current) || !is_worker(worker))
		return false;
	raw_spin_lock_irq(&worker->lock);
	other = worker->task && worker->task != current ? worker->task : NULL;
	if (!other) {
		worker->task = current;
		worker->is_lost = false;
	}
	raw_spin_unlock_irq(&worker->lock);
	if (WARN(other, "thread %s (%d) runs kthread_worker_fn() on a worker that has a thread: one at a time, stop "
		 "that with kthread_stop() first\n", current->comm, current->pid))
		return false;
	find_kthread(current)->worker = worker;
	return true;
}

static void detach(struct kthread_worker *worker)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&worker->lock, flags);
	worker->current_work = NULL;
	worker->task = NULL;
	raw_spin_unlock_irqrestore(&worker->lock, flags);
}

void kthread_worker_lost(struct kthread_worker *worker)
{
	WARN(1, "thread %s (%d) ends in the middle of a work: its worker has no thread any more. What is queued there "
	     "waits for another thread; who waits for it is let go\n", current->comm, current->pid);
	worker->is_lost = true;
	detach(worker);
	kthread_worker_let_go(worker);
}

/* What `pos` points to does not point back. Leave it out: those behind it are found from the other end. */
static noinline void mend_list(struct kthread_worker *worker, struct list_head *pos)
{
	struct list_head *bad = pos->next, *behind = &worker->work_list;

	lockdep_assert_held(&worker->lock);
	WARN(1, "work %px was freed, or initialised again, while it was queued on %s: kthread_cancel_work_sync() comes "
	     "first\n", container_of(bad, struct kthread_work, node), current->comm);
	while (behind->prev != bad && behind->prev->next == behind)
		behind = behind->prev;
	pos->next = behind;
	behind->prev = pos;
}

static __always_inline void check_next(struct kthread_worker *worker, struct list_head *pos)
{
	if (unlikely(pos->next->prev != pos))
		mend_list(worker, pos);
}

/* The work whose function ran before is forgotten by the same step. */
static __always_inline struct kthread_work *take_work(struct kthread_worker *worker)
{
	struct kthread_work *work;

	lockdep_assert_held(&worker->lock);
	check_next(worker, &worker->work_list);
	work = list_first_entry_or_null(&worker->work_list, struct kthread_work, node);
	if (work) {
		check_next(worker, &work->node);
		list_del_init(&work->node);
	}
	worker->current_work = work;
	return work;
}

static noinline void explain_return(kthread_work_func_t fn)
{
	WARN(preempt_count(), "work function %ps returned with preempt_count %#x, was called with 0: a lock not given "
	     "back?\n", fn, preempt_count());
	WARN(irqs_disabled(), "work function %ps returned with interrupts off: a lock not given back?\n", fn);
	preempt_count_set(0);
	local_irq_enable();
}

/* Lets the lock go. The work may be no more when its function has returned. */
static __always_inline void do_work(struct kthread_worker *worker, struct kthread_work *work)
{
	kthread_work_func_t fn = work->func;
	struct lockdep_map map;

	raw_spin_unlock_irq(&worker->lock);
	lockdep_function_begin(&map, "work", fn);
	trace_sched_kthread_work_execute_start(work, fn);
	fn(work);
	trace_sched_kthread_work_execute_end(work, fn);
	lockdep_release(&map);
	if (unlikely(!preemptible()))
		explain_return(fn);
	__set_current_state(TASK_RUNNING);
}

/* A flush is done by the step that takes it. Lets the lock go, then: here the flusher may preempt the worker. */
static void do_flush(struct kthread_worker *worker, struct kthread_work *work)
{
	worker->current_work = NULL;
	trace_sched_kthread_work_execute_start(work, work->func);
	kthread_flush_is_reached(work);
	trace_sched_kthread_work_execute_end(work, kthread_flush_is_reached);
	raw_spin_unlock_irq(&worker->lock);
}

/* Lets the lock go. The list is empty: who queues from now on sees the state. */
static void wait_for_work(struct kthread_worker *worker, struct kthread *self)
{
	/* ORDER(sleep-wake), ORDER(should-stop): the state, then the bit, and the list after waking. */
	set_current_state(TASK_INTERRUPTIBLE);
	raw_spin_unlock_irq(&worker->lock);
	if (!is_told_to_stop(self) && likely(!freezing(current)))
		schedule();
	__set_current_state(TASK_RUNNING);
}

/*
 * One locking for a work: the lock that is let go to call its function is taken back to take the next. Where others
 * shall run, they do so when it is let go.
 */
static void do_works(struct kthread_worker *worker, struct kthread *self)
{
	struct kthread_work *work;

	raw_spin_lock_irq(&worker->lock);
	while (!is_told_to_stop(self)) {
		work = take_work(worker);
		if (!work)
			wait_for_work(worker, self);
		else if (work->func == kthread_flush_is_reached)
			do_flush(worker, work);
		else
			do_work(worker, work);
		if (unlikely(freezing(current)))
			try_to_freeze();
		raw_spin_lock_irq(&worker->lock);
	}
	raw_spin_unlock_irq(&worker->lock);
}

int kthread_worker_fn(void *worker_ptr)
{
	struct kthread_worker *worker = worker_ptr;

	if (!attach(worker))
		return -EBUSY;
	if (worker->flags & KTW_FREEZABLE)
		set_freezable();
	do_works(worker, find_kthread(current));
	find_kthread(current)->worker = NULL;
	detach(worker);
	return 0;
}
EXPORT_SYMBOL(kthread_worker_fn);

/* ---- both in one ---- */

static struct kthread_worker *create_worker(int cpu, unsigned int flags, const char namefmt[], va_list args)
{
	struct kthread_worker *worker;
	struct task_struct *p;

	if (WARN(cpu >= (int)nr_cpu_ids || (cpu >= 0 && !cpu_possible(cpu)),
		 "kthread_create_worker_on_cpu(): there is no CPU %d\n", cpu))
		return ERR_PTR(-EINVAL);
	worker = kmalloc(sizeof(*worker), GFP_KERNEL);
	if (!worker)
		return ERR_PTR(-ENOMEM);
	kthread_init_worker(worker);
	p = __kthread_create_on_node(kthread_worker_fn, worker, NUMA_NO_NODE, namefmt, args);
	if (IS_ERR(p)) {
		kfree(worker);
		return ERR_CAST(p);
	}
	if (cpu >= 0)
		kthread_bind(p, cpu);
	worker->flags = flags;
	worker->is_made = true;
	worker->task = p;
	wake_up_process(p);
	return worker;
}

struct kthread_worker *kthread_create_worker(unsigned int flags, const char namefmt[], ...)
{
	struct kthread_worker *worker;
	va_list args;

	va_start(args, namefmt);
	worker = create_worker(-1, flags, namefmt, args);
	va_end(args);
	return worker;
}
EXPORT_SYMBOL(kthread_create_worker);

struct kthread_worker *kthread_create_worker_on_cpu(int cpu, unsigned int flags, const char namefmt[], ...)
{
	struct kthread_worker *worker;
	va_list args;

	va_start(args, namefmt);
	worker = create_worker(cpu, flags, namefmt, args);
	va_end(args);
	return worker;
}
EXPORT_SYMBOL(kthread_create_worker_on_cpu);

/* Return: its thread with a reference, for it may end by itself at any time; NULL: it has none. */
static struct task_struct *get_thread(struct kthread_worker *worker)
{
	struct task_struct *p;

	raw_spin_lock_irq(&worker->lock);
	p = worker->task;
	if (p)
		get_task_struct(p);
	raw_spin_unlock_irq(&worker->lock);
	return p;
}

void kthread_destroy_worker(struct kthread_worker *worker)
{
	struct task_struct *p;
	bool flushed;

	might_sleep();
	if (!is_worker(worker))
		return;
	if (WARN(!worker->is_made, "kthread_destroy_worker() of a worker that kthread_create_worker() has not made: "
		 "stop its thread with kthread_stop(), and free what you have allocated\n"))
		return;
	p = get_thread(worker);
	if (p) {
		flushed = kthread_worker_flush(worker);
		if (flushed)
			kthread_stop(p);
		put_task_struct(p);
		if (!flushed && worker->task)
			return;
	}
	kthread_worker_drop_works(worker);
	kfree(worker);
}
EXPORT_SYMBOL(kthread_destroy_worker);

/* ---- whose function's memory goes ---- */

static void take_off(struct list_head *list, struct leftovers *l)
{
	struct kthread_work *work, *next;

	list_for_each_entry_safe(work, next, list, node) {
		if (!l->is_meant(l, work, work->func, work->delayed ? "delayed kthread_work" : "kthread_work",
				 work->delayed ? "kthread_cancel_delayed_work_sync()" : "kthread_cancel_work_sync()"))
			continue;
		if (work->delayed)
			del_timer(&container_of(work, struct kthread_delayed_work, work)->timer);
		work->delayed = false;
		list_del_init(&work->node);
	}
}

void kthread_works_take_off(struct leftovers *l)
{
	struct kthread_worker *worker;
	struct task_struct *p;
	struct kthread *k;

	rcu_read_lock();
	for_each_process(p) {
		k = find_kthread(p);
		worker = k ? k->worker : NULL;
		if (!worker)
			continue;
		raw_spin_lock(&worker->lock);
		take_off(&worker->work_list, l);
		take_off(&worker->delayed_work_list, l);
		raw_spin_unlock(&worker->lock);
	}
	rcu_read_unlock();
}

/* Its function may have freed it: then what is read there is wrong, or nothing, and what counts is on the stack. */
const void *kthread_worker_runs(struct task_struct *p, const void **work)
{
	struct kthread *k = find_kthread(p);
	struct kthread_work *current_work = k && k->worker ? k->worker->current_work : NULL;
	kthread_work_func_t fn = NULL;

	*work = current_work;
	return current_work && load_nofault(fn, &current_work->func) ? fn : NULL;
}
