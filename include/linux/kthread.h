/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Kernel threads.
 *
 * kthread_run(fn, data, "name") makes and starts one. fn loops until kthread_should_stop() and returns a value;
 * kthread_stop(p) asks it to end, waits, and returns that value. A thread that may end by itself must not be stopped
 * later, unless the caller holds a reference: get_task_struct(p) before, put_task_struct(p) after.
 *
 * All threads are children of kthreadd (PID 2), so they start from a clean state, whoever asked for them.
 * Semantics: Linux's Documentation/driver-api/basics ("kernel threads").
 */
#include <linux/err.h>
#include <linux/numa.h>
#include <linux/sched.h>
#include <linux/stdarg.h>
#include <linux/timer.h>
#include <linux/upcall.h>

struct mm_struct;

/*
 * kthread_create_on_node: a new, sleeping thread; wake_up_process() starts it. The name is a printf format; ps shows
 * 15 characters of it in COMM and all of it in CMD. `node`: there is one, 0; or NUMA_NO_NODE.
 * Return: the task, or ERR_PTR: -ENOMEM, -EAGAIN (no pid), -EINTR (the caller was killed while it waited).
 * Context: thread, may sleep.
 */
__printf(4, 5)
struct task_struct *kthread_create_on_node(int (*threadfn)(void *data), void *data, int node,
					   const char namefmt[], ...);
struct task_struct *__kthread_create_on_node(int (*threadfn)(void *data), void *data, int node,
					     const char namefmt[], va_list args);
#define kthread_create(threadfn, data, namefmt, arg...) \
	kthread_create_on_node(threadfn, data, NUMA_NO_NODE, namefmt, ##arg)

/* kthread_create_on_cpu: bound to cpu for life; the name format gets the CPU's number. */
struct task_struct *kthread_create_on_cpu(int (*threadfn)(void *data), void *data, unsigned int cpu,
					  const char *namefmt);

/* kthread_run: create and wake. */
#define kthread_run(threadfn, data, namefmt, ...) \
({ \
	struct task_struct *__k = kthread_create(threadfn, data, namefmt, ##__VA_ARGS__); \
	if (!IS_ERR(__k)) \
		wake_up_process(__k); \
	__k; \
})
static inline struct task_struct *kthread_run_on_cpu(int (*threadfn)(void *data), void *data, unsigned int cpu,
						     const char *namefmt)
{
	struct task_struct *p = kthread_create_on_cpu(threadfn, data, cpu, namefmt);

	if (!IS_ERR(p))
		wake_up_process(p);
	return p;
}

/*
 * kthread_bind: to one CPU (or a mask) for life. Context: before the thread's first wake-up; WARNs later.
 */
void kthread_bind(struct task_struct *p, unsigned int cpu);
void kthread_bind_mask(struct task_struct *p, const struct cpumask *mask);

/*
 * kthread_stop: kthread_should_stop() becomes true in p, p is woken, unparked if it was parked, and this waits until it
 * has ended. From now on signal_pending() is true in p, so its interruptible waits end with -ERESTARTSYS.
 * Return: what its function returned; -EINTR if it never started.
 * Differs from Linux: a thread that has already ended, or is no kthread, or is the caller itself is answered with its
 * return value (if its struct was kept) or a warning and -ESRCH, -EINVAL or -EDEADLK, where Linux corrupts memory,
 * oopses or hangs.
 * Context: thread, may sleep.
 */
int kthread_stop(struct task_struct *p);
/* kthread_should_stop: has somebody called kthread_stop() on the calling kthread? */
bool kthread_should_stop(void);
/* The same for a freezable thread, which is frozen here if that is wanted, but not once it is asked to stop.
 * *was_frozen, if not NULL: was it? Context: thread, may sleep. <linux/freezer.h> */
bool kthread_freezable_should_stop(bool *was_frozen);

/* kthread_data: the data given at creation. kthread_probe_data: the same for any thread: NULL where p is no kthread.
 * kthread_func: the function given at creation; NULL where p is no kthread. Context: any; p must not vanish. */
void *kthread_data(struct task_struct *p);
void *kthread_probe_data(struct task_struct *p);
void *kthread_func(struct task_struct *p);

/* kthread_exit: end the calling kthread with a result, from any depth. kthread_complete_and_exit: and complete `comp`,
 * unless NULL, on the way; a module's text is still in use then: it must not be unloaded on that word alone.
 * Context: the thread itself, no lock held. */
void __noreturn kthread_exit(long result);
void __noreturn kthread_complete_and_exit(struct completion *comp, long code);

/*
 * Parking: p waits in kthread_parkme() until it is unparked or stopped. It has to ask: kthread_should_park() in its
 * loop, behind every sleep; or kthread_should_stop_or_park() for both, in <linux/upcall.h>.
 * kthread_park: ask p and wait until it has parked. A thread never woken parks before its function is called. Of the
 * caller itself: returns at once, the caller then calls kthread_parkme().
 * kthread_unpark: let it go on; nothing if it is not parked.
 * Return: 0; -ENOSYS: it has ended, or ends instead; -EBUSY and a WARN: it is parked already.
 * Context: kthread_park() sleeps, kthread_unpark() may; kthread_parkme(): the thread itself.
 * Differs from Linux: who waits for a thread that ends instead is told so; there he waits for ever.
 */
int kthread_park(struct task_struct *p);
void kthread_unpark(struct task_struct *p);
void kthread_parkme(void);
bool kthread_should_park(void);
bool __kthread_should_park(struct task_struct *p);

/*
 * kthread_set_per_cpu: p, which is bound, belongs to cpu: if that CPU goes offline p stays bound (its owner parks
 * it), where others are moved. A negative cpu takes that back. See <linux/smpboot.h>, which does it all.
 * kthread_is_per_cpu(p), in <linux/upcall.h>: does it? Context: before p's first wake-up, or while it is parked.
 */
void kthread_set_per_cpu(struct task_struct *p, int cpu);

/* The whole name, longer than comm. */
void get_kthread_comm(char *buf, size_t size, struct task_struct *p);

/* For fork.c and exit.c: a kthread's own record. */
bool set_kthread_struct(struct task_struct *p);
void free_kthread_struct(struct task_struct *p);
void kthread_will_exit(struct task_struct *p);

/* Forget the kthreads that ended by themselves and were kept in case somebody stops them. For tests that count. */
void kthread_forget_dead(void);

int kthreadd(void *unused);
extern struct task_struct *kthreadd_task;

/* ---- kthread_worker: a thread of your own that does works, in the order in which they were queued.
 *
 *	struct job { struct kthread_work work; int number; };
 *
 *	static void do_job(struct kthread_work *work)
 *	{
 *		struct job *job = container_of(work, struct job, work);
 *		pr_info("job %d\n", job->number);
 *	}
 *
 *	worker = kthread_create_worker(0, "jobs");
 *	kthread_init_work(&job->work, do_job);
 *	kthread_queue_work(worker, &job->work);
 *	...
 *	kthread_destroy_worker(worker);
 *
 * That is how a work function gets data of its own: the work lies in a struct with the data, and container_of() goes
 * from the one to the other. The function may sleep, queue its work again, and free it: when it is called, the worker
 * has done with the work. A work belongs to one worker; kthread_init_work() makes it free for another.
 *
 * If any thread will do, use <linux/workqueue.h>; a worker is for those who need their own thread: its priority
 * (sched_set_fifo(worker->task)), its CPU, its order.
 */
struct kthread_work;
typedef void (*kthread_work_func_t)(struct kthread_work *work);

/* Flags for kthread_create_worker(): the thread is frozen with the freezable ones. */
enum { KTW_FREEZABLE = 1 << 0 };

struct kthread_worker {
	unsigned int		flags;			/* KTW_*. Constant once the thread runs */
	raw_spinlock_t		lock;
	struct list_head	work_list;		/* lock */
	struct list_head	delayed_work_list;	/* lock. Their timers are running */
	struct task_struct	*task;			/* lock. The thread attached; NULL: none */
	struct kthread_work	*current_work;		/* lock. Whose function runs; may be freed: only compare it */

	/* Not in Linux. */
	bool			is_made;		/* constant: by kthread_create_worker() */
	bool			is_lost;		/* its thread ended in a work, and no other has come */
	struct kthread_worker	*waits_for;		/* waits_lock. Its work flushes or cancels a work of that one */
};

struct kthread_work {
	struct list_head	node;			/* lock of the worker. Empty: not queued */
	kthread_work_func_t	func;			/* constant */
	struct kthread_worker	*worker;		/* its lock. Queued there last; NULL: nowhere yet */
	int			canceling;		/* lock. How many are cancelling it: it can't be queued */
	bool			delayed;		/* lock. In delayed_work_list. Not in Linux */
};

struct kthread_delayed_work {
	struct kthread_work	work;
	struct timer_list	timer;
};

#define KTHREAD_WORKER_INIT(worker) { \
	.lock = __RAW_SPIN_LOCK_UNLOCKED((worker).lock), \
	.work_list = LIST_HEAD_INIT((worker).work_list), \
	.delayed_work_list = LIST_HEAD_INIT((worker).delayed_work_list), \
}
#define KTHREAD_WORK_INIT(work, fn) { .node = LIST_HEAD_INIT((work).node), .func = (fn) }
#define KTHREAD_DELAYED_WORK_INIT(dwork, fn) { \
	.work = KTHREAD_WORK_INIT((dwork).work, (fn)), \
	.timer = __TIMER_INITIALIZER(kthread_delayed_work_timer_fn, TIMER_IRQSAFE), \
}
#define DEFINE_KTHREAD_WORKER(worker)	struct kthread_worker worker = KTHREAD_WORKER_INIT(worker)
#define DEFINE_KTHREAD_WORK(work, fn)	struct kthread_work work = KTHREAD_WORK_INIT(work, fn)
#define DEFINE_KTHREAD_DELAYED_WORK(dwork, fn) \
	struct kthread_delayed_work dwork = KTHREAD_DELAYED_WORK_INIT(dwork, fn)
#define DEFINE_KTHREAD_WORKER_ONSTACK(worker)	DEFINE_KTHREAD_WORKER(worker)

/* kthread_init_*: before first use; of a work that is neither queued nor running. */
void kthread_init_worker(struct kthread_worker *worker);
void kthread_delayed_work_timer_fn(struct timer_list *t);
#define kthread_init_work(_work, fn) \
	do { \
		struct kthread_work *__work = (_work); \
		*__work = (struct kthread_work)KTHREAD_WORK_INIT(*__work, fn); \
	} while (0)
#define kthread_init_delayed_work(_dwork, fn) \
	do { \
		struct kthread_delayed_work *__dwork = (_dwork); \
		kthread_init_work(&__dwork->work, fn); \
		timer_setup(&__dwork->timer, kthread_delayed_work_timer_fn, TIMER_IRQSAFE); \
	} while (0)

/*
 * kthread_worker_fn: the function of a worker's thread, for who makes both himself: kthread_run(kthread_worker_fn,
 * &worker, "name"). kthread_stop() ends it after the work it is at; the rest stays queued for the next thread.
 * Return: 0. Differs from Linux: a second thread at a time gets a WARN and -EBUSY; there both take works. A thread that
 * ends inside a work (kthread_exit(), an oops) leaves its worker, and who waits for it is let go, with a WARN.
 */
int kthread_worker_fn(void *worker_ptr);

/*
 * kthread_create_worker: worker and thread in one. _on_cpu: bound to that CPU (negative: to none).
 * Return: the worker, or ERR_PTR: -ENOMEM, -EAGAIN, -EINTR as kthread_create(), -EINVAL: no such CPU.
 * kthread_destroy_worker: does what is queued, ends the thread, frees the worker. Nobody must queue any more; delayed
 * works must have been cancelled: those that are left get a WARN. Not from a work of that worker, and not for a worker
 * of your own: WARNs, does nothing.
 * Context: thread, may sleep.
 */
__printf(2, 3) struct kthread_worker *kthread_create_worker(unsigned int flags, const char namefmt[], ...);
__printf(3, 4) struct kthread_worker *kthread_create_worker_on_cpu(int cpu, unsigned int flags,
								   const char namefmt[], ...);
void kthread_destroy_worker(struct kthread_worker *worker);

/*
 * kthread_queue_work: at the end of the queue. kthread_queue_delayed_work: so many jiffies later.
 * kthread_mod_delayed_work: the same, but if it is pending its time is changed instead; a work being cancelled stays
 * so.
 * Return: queue: true; false: it was queued already, or is being cancelled. mod: was it pending (or being cancelled).
 * Context: any but NMI. mod: not in an interrupt that may have interrupted the worker's or a timer's own code.
 */
bool kthread_queue_work(struct kthread_worker *worker, struct kthread_work *work);
bool kthread_queue_delayed_work(struct kthread_worker *worker, struct kthread_delayed_work *dwork,
				unsigned long delay);
bool kthread_mod_delayed_work(struct kthread_worker *worker, struct kthread_delayed_work *dwork,
			      unsigned long delay);

/*
 * kthread_flush_work: wait until the work, as it was queued last, is done. kthread_flush_worker: until all are that are
 * queued now; works still waiting for their time don't count. Both wait for a thread to come, if there is none.
 * Context: thread, may sleep.
 * Differs from Linux: where waiting would never end (from a work of the same worker; in a circle of workers whose works
 * wait for each other; on a worker whose thread has ended), a WARN and no waiting; a delayed work whose time has not
 * come is WARNed about and done at once, where Linux waits for ever.
 */
void kthread_flush_work(struct kthread_work *work);
void kthread_flush_worker(struct kthread_worker *worker);

/*
 * kthread_cancel_work_sync, kthread_cancel_delayed_work_sync: it is neither queued nor running when this returns, and
 * if it queues itself that fails meanwhile. Return: was it pending? Context: thread, may sleep.
 * Differs from Linux: a wait that would never end, as in flushing, is not begun: the work is unqueued, with a WARN. The
 * plain form stops a delayed work's timer, too, with a WARN.
 */
bool kthread_cancel_work_sync(struct kthread_work *work);
bool kthread_cancel_delayed_work_sync(struct kthread_delayed_work *dwork);
