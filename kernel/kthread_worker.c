/* SPDX-License-Identifier: MIT */
/*
 * kthread_worker: a queue of works and one thread that does them in order.
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
 * Flushing needs no counters. A flush is a work, too: it lies on the flusher's stack right behind what it waits for,
 * and all that it does is complete the flusher. Cancelling takes the work off its list, and if it is running waits with
 * such a flush in front of everything; meanwhile `canceling` keeps others, and the work itself, from queueing it again.
 * A timer that fires meanwhile leaves the work where the canceller finds it.
 *
 * What waits for itself would wait for ever: a work that flushes its own worker, or flushes or cancels itself, or waits
 * for one that is queued behind it. The thread that asks is then worker->task, which is easy to see; the answer is a
 * WARN, and no waiting.
 *
 * Locking: worker->lock, interrupts off, covers the worker and all fields of its works. Which lock is a work's says
 * work->worker; who has got the lock looks again (lock_worker_of). Order: worker->lock, then a timer's or a thread's.
 * ORDER(sleep-wake), ORDER(should-stop): the thread sets its state before it looks at the stop bit and the list.
 * Whoever queues reads that state under the lock: either he sees it, and wakes the thread, or the thread, which takes
 * the lock later, sees the work. So a wake-up that is not needed is not paid for.
 *
 * Rejected: a flag in the work that says "queued", as workqueues have: the list node says it already.
 * Read next: workqueue.c, which shares threads among queues; kthread.c below.
 */
#include <linux/kthread.h>
#include <linux/bug.h>
#include <linux/completion.h>
#include <linux/export.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/sched/shake.h>
#include <linux/slab.h>

/* On the stack of whoever waits, in a worker's list. */
struct flush {
	struct kthread_work	work;
	struct completion	done;
};

static void flush_is_reached(struct kthread_work *work)
{
	complete(&container_of(work, struct flush, work)->done);
}

static void init_flush(struct flush *f)
{
	kthread_init_work(&f->work, flush_is_reached);
	init_completion(&f->done);
}

void kthread_init_worker(struct kthread_worker *worker)
{
	*worker = (struct kthread_worker)KTHREAD_WORKER_INIT(*worker);
}
EXPORT_SYMBOL(kthread_init_worker);

/* ---- the thread ---- */

static bool attach(struct kthread_worker *worker)
{
	struct task_struct *other;

	raw_spin_lock_irq(&worker->lock);
	other = worker->task && worker->task != current ? worker->task : NULL;
	if (!other)
		worker->task = current;
	raw_spin_unlock_irq(&worker->lock);
	return !WARN(other, "thread %s (%d) runs kthread_worker_fn() on a worker that has a thread: one at a time, "
		     "stop that with kthread_stop() first\n", current->comm, current->pid);
}

static void detach(struct kthread_worker *worker)
{
	raw_spin_lock_irq(&worker->lock);
	worker->current_work = NULL;
	worker->task = NULL;
	raw_spin_unlock_irq(&worker->lock);
}

/* The work whose function ran before is forgotten by the same step. */
static struct kthread_work *take_work(struct kthread_worker *worker)
{
	struct kthread_work *work;

	raw_spin_lock_irq(&worker->lock);
	work = list_first_entry_or_null(&worker->work_list, struct kthread_work, node);
	if (work)
		list_del_init(&work->node);
	worker->current_work = work;
	raw_spin_unlock_irq(&worker->lock);
	return work;
}

/* The work may be no more when its function has returned. */
static void do_work(struct kthread_work *work)
{
	kthread_work_func_t fn = work->func;
	int before = preempt_count(), after;

	fn(work);
	after = preempt_count();
	if (WARN(before != after, "work function %ps returned with preempt_count %#x, was called with %#x: a lock not "
		 "given back?\n", fn, after, before))
		preempt_count_set(before);
}

int kthread_worker_fn(void *worker_ptr)
{
	struct kthread_worker *worker = worker_ptr;
	struct kthread_work *work;

	if (!attach(worker))
		return -EBUSY;
	for (;;) {
		/* ORDER(sleep-wake), ORDER(should-stop): the state, then the bit, then the list. */
		set_current_state(TASK_INTERRUPTIBLE);
		if (kthread_should_stop())
			break;
		work = take_work(worker);
		if (work) {
			__set_current_state(TASK_RUNNING);
			do_work(work);
		} else {
			schedule();
		}
		cond_resched();
	}
	__set_current_state(TASK_RUNNING);
	detach(worker);
	return 0;
}
EXPORT_SYMBOL(kthread_worker_fn);

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

/* ---- queueing ---- */

static bool is_initialised(const struct kthread_worker *worker)
{
	return !WARN(!worker->work_list.next, "a work is queued on a worker that was never set up: "
		     "kthread_init_worker() or kthread_create_worker() comes first\n");
}

/* May it be put on a list? Not if it is on one, or if somebody is cancelling it. */
static __always_inline bool may_queue(struct kthread_worker *worker, struct kthread_work *work)
{
	lockdep_assert_held(&worker->lock);
	if (WARN(!work->func || !work->node.next, "work %px is queued but has no function, or was never set up: "
		 "kthread_init_work() comes first\n", work))
		return false;
	WARN(work->worker && work->worker != worker, "work %ps is queued on another worker than before: a work belongs "
	     "to one worker; wait until it is done, then kthread_init_work() makes it free for another\n", work->func);
	return list_empty(&work->node) && !work->canceling;
}

/* In front of `next`, which is a work or the end of the list. */
static __always_inline void insert_work(struct kthread_worker *worker, struct kthread_work *work,
					struct list_head *next)
{
	struct task_struct *p = worker->task;

	lockdep_assert_held(&worker->lock);
	list_add_tail(&work->node, next);
	work->worker = worker;
	work->delayed = false;
	/* One that is awake takes the lock, and looks, before it sleeps. */
	if (p && !worker->current_work && !task_is_running(p))
		wake_up_process(p);
}

bool kthread_queue_work(struct kthread_worker *worker, struct kthread_work *work)
{
	unsigned long flags;
	bool queued;

	if (!is_initialised(worker))
		return false;
	shake_point();
	raw_spin_lock_irqsave(&worker->lock, flags);
	queued = may_queue(worker, work);
	if (queued)
		insert_work(worker, work, &worker->work_list);
	raw_spin_unlock_irqrestore(&worker->lock, flags);
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

	if (!is_initialised(worker) || !has_timer(dwork))
		return false;
	raw_spin_lock_irqsave(&worker->lock, flags);
	queued = may_queue(worker, &dwork->work);
	if (queued)
		insert_delayed(worker, dwork, delay);
	raw_spin_unlock_irqrestore(&worker->lock, flags);
	return queued;
}
EXPORT_SYMBOL(kthread_queue_delayed_work);

/* ---- taking back, waiting ---- */

/* Return: the worker that the work was queued on last, locked; NULL: none ever. */
static struct kthread_worker *lock_worker_of(struct kthread_work *work, unsigned long *flags)
{
	struct kthread_worker *worker;

	while ((worker = READ_ONCE(work->worker)) != NULL) {
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

	if (!is_initialised(worker) || !has_timer(dwork))
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
	struct flush f;
	bool own;

	might_sleep();
	worker = lock_worker_of(work, &flags);
	if (!worker)
		return;
	hurry(worker, work, &flags);
	next = place_of_flush(worker, work);
	own = worker->task == current;
	if (next && !own) {
		init_flush(&f);
		insert_work(worker, &f.work, next);
	}
	raw_spin_unlock_irqrestore(&worker->lock, flags);
	if (!next || WARN(own, "kthread_flush_work(%ps) from a work of the same worker (%s): it would wait for itself "
			  "for ever. Works of one worker run one after the other\n", work->func, current->comm))
		return;
	wait_for_completion(&f.done);
}
EXPORT_SYMBOL(kthread_flush_work);

void kthread_flush_worker(struct kthread_worker *worker)
{
	struct flush f;

	might_sleep();
	if (WARN(worker->task == current, "kthread_flush_worker() from a work of that worker (%s): it would wait for "
		 "itself for ever. Flush from another thread\n", current->comm))
		return;
	init_flush(&f);
	if (kthread_queue_work(worker, &f.work))
		wait_for_completion(&f.done);
}
EXPORT_SYMBOL(kthread_flush_worker);

/* Its function runs, on another thread: wait for the end of it. Lets the lock go meanwhile. */
static void wait_for_running(struct kthread_worker *worker, struct kthread_work *work, unsigned long *flags)
{
	struct flush f;

	init_flush(&f);
	insert_work(worker, &f.work, worker->work_list.next);
	work->canceling++;
	raw_spin_unlock_irqrestore(&worker->lock, *flags);
	wait_for_completion(&f.done);
	raw_spin_lock_irqsave(&worker->lock, *flags);
	work->canceling--;
}

static bool cancel_sync(struct kthread_work *work, bool is_delayed)
{
	struct kthread_worker *worker;
	unsigned long flags;
	bool pending, self;

	might_sleep();
	worker = lock_worker_of(work, &flags);
	if (!worker)
		return false;
	if (WARN(work->delayed && !is_delayed, "kthread_cancel_work_sync() of delayed work %ps: its timer goes on; "
		 "kthread_cancel_delayed_work_sync() stops it\n", work->func))
		is_delayed = true;
	if (is_delayed)
		stop_timer(worker, work, &flags);
	pending = unqueue(work);
	self = worker->current_work == work && worker->task == current;
	if (worker->current_work == work && !self)
		wait_for_running(worker, work, &flags);
	raw_spin_unlock_irqrestore(&worker->lock, flags);
	WARN(self, "work %ps cancels itself and would wait for its own end for ever: it is not queued any more, so "
	     "just return\n", work->func);
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

/* ---- the end ---- */

/* What is still queued would be found by nobody, and its timer would find freed memory. */
static void drop_works(struct kthread_worker *worker, struct list_head *list, const char *what)
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

void kthread_destroy_worker(struct kthread_worker *worker)
{
	struct task_struct *p = worker->task;

	if (WARN(!p, "kthread_destroy_worker() of a worker without a thread: it is for workers that "
		 "kthread_create_worker() has made\n"))
		return;
	if (WARN(p == current, "a work destroys its own worker (%s): it would wait for itself for ever\n", p->comm))
		return;
	kthread_flush_worker(worker);
	kthread_stop(p);
	drop_works(worker, &worker->delayed_work_list, "waiting for its time");
	drop_works(worker, &worker->work_list, "still queued");
	kfree(worker);
}
EXPORT_SYMBOL(kthread_destroy_worker);
