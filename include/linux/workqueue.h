/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Workqueues: "call this function soon, in a thread". A work_struct is the order, a workqueue takes orders, and shared
 * worker threads (kworker/...) carry them out. Nobody has to make a thread, and a work may sleep.
 *
 *	struct gadget { int level; struct work_struct refill; };
 *
 *	static void refill(struct work_struct *work)
 *	{
 *		struct gadget *g = container_of(work, struct gadget, refill);	the work's own data
 *		...
 *	}
 *	INIT_WORK(&g->refill, refill);		once
 *	schedule_work(&g->refill);		as often as you like, from any context
 *	cancel_work_sync(&g->refill);		before g is freed
 *
 * A work queued while it waits stays queued once; queued while it runs, it runs again afterwards, never twice at the
 * same time. For a thread of your own that takes works in order see kthread_worker in <linux/kthread.h>;
 * docs/workers.md compares the two. Semantics: Linux's Documentation/core-api/workqueue.
 */
#include <linux/types.h>
#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/compiler.h>
#include <linux/list.h>
#include <linux/threads.h>
#include <linux/timer.h>

struct task_struct;
struct workqueue_struct;
struct work_struct;
typedef void (*work_func_t)(struct work_struct *work);

/*
 * The word `data` packs all that a work needs to know about itself:
 *
 *	queued:		63 ............ 8 | 7 .... 4 | 3 2 1 0		pointer to its pool_workqueue (256-aligned),
 *			   pwq pointer      colour     flags		flush colour
 *	otherwise:	35 ............ 5 |    4     | 3 2 1 0		number of the pool that had it last: there it
 *			   pool number      CANCELING  flags		may still be running
 */
enum {
	WORK_STRUCT_PENDING_BIT	 = 0,	/* queued, or its timer runs, or somebody is just about to do either */
	WORK_STRUCT_INACTIVE_BIT = 1,	/* waits until its queue may have more works active */
	WORK_STRUCT_PWQ_BIT	 = 2,	/* queued: data has the pointer */
	WORK_STRUCT_LINKED_BIT	 = 3,	/* the next on the list belongs to this one (a flush barrier) */
	WORK_STRUCT_COLOR_SHIFT	 = 4,
	WORK_STRUCT_COLOR_BITS	 = 4,
	WORK_STRUCT_FLAG_BITS	 = WORK_STRUCT_COLOR_SHIFT + WORK_STRUCT_COLOR_BITS,

	WORK_STRUCT_PENDING	 = 1 << WORK_STRUCT_PENDING_BIT,
	WORK_STRUCT_INACTIVE	 = 1 << WORK_STRUCT_INACTIVE_BIT,
	WORK_STRUCT_PWQ		 = 1 << WORK_STRUCT_PWQ_BIT,
	WORK_STRUCT_LINKED	 = 1 << WORK_STRUCT_LINKED_BIT,

	WORK_NR_COLORS		 = 1 << WORK_STRUCT_COLOR_BITS,
	WORK_CPU_UNBOUND	 = NR_CPUS,	/* as a CPU number: this one, or any if the queue is unbound */

	WORK_OFFQ_CANCELING_BIT	 = WORK_STRUCT_COLOR_SHIFT,
	WORK_OFFQ_POOL_SHIFT	 = WORK_OFFQ_CANCELING_BIT + 1,

	/* What work_busy() returns. */
	WORK_BUSY_PENDING	 = 1 << 0,
	WORK_BUSY_RUNNING	 = 1 << 1,

	WORKER_DESC_LEN		 = 24,
};
#define WORK_OFFQ_CANCELING	(1ul << WORK_OFFQ_CANCELING_BIT)
#define WORK_OFFQ_POOL_NONE	((1ul << 31) - 1)
#define WORK_STRUCT_NO_POOL	(WORK_OFFQ_POOL_NONE << WORK_OFFQ_POOL_SHIFT)
#define WORK_STRUCT_FLAG_MASK	((1ul << WORK_STRUCT_FLAG_BITS) - 1)
#define WORK_STRUCT_WQ_DATA_MASK (~WORK_STRUCT_FLAG_MASK)

struct work_struct {
	atomic_long_t		data;	/* PENDING: who sets it owns the work. ORDER(work-pending). The rest: owner */
	struct list_head	entry;	/* pool lock, while queued */
	work_func_t		func;	/* constant while pending */
};

struct delayed_work {
	struct work_struct	work;
	struct timer_list	timer;	/* pending: the work is PENDING and not queued yet */
	struct workqueue_struct	*wq;	/* these two: who owns PENDING */
	int			cpu;
};

/* Queued when a grace period has passed: queue_rcu_work(). */
struct rcu_work {
	struct work_struct	work;
	struct rcu_head		rcu;
	struct workqueue_struct	*wq;	/* who owns PENDING */
};

/* Runs at once where one may sleep, else in a worker: execute_in_process_context(). */
struct execute_work {
	struct work_struct	work;
};

static inline struct delayed_work *to_delayed_work(struct work_struct *work)
{
	return container_of(work, struct delayed_work, work);
}

static inline struct rcu_work *to_rcu_work(struct work_struct *work)
{
	return container_of(work, struct rcu_work, work);
}

/* ---- making works ---- */

#define WORK_DATA_INIT()	ATOMIC_LONG_INIT((long)WORK_STRUCT_NO_POOL)
#define __WORK_INITIALIZER(n, f) \
	{ .data = WORK_DATA_INIT(), .entry = { &(n).entry, &(n).entry }, .func = (f) }
#define __DELAYED_WORK_INITIALIZER(n, f, tflags) \
	{ .work = __WORK_INITIALIZER((n).work, (f)), \
	  .timer = __TIMER_INITIALIZER(delayed_work_timer_fn, (tflags) | TIMER_IRQSAFE) }

#define DECLARE_WORK(n, f)		struct work_struct n = __WORK_INITIALIZER(n, f)
#define DECLARE_DELAYED_WORK(n, f)	struct delayed_work n = __DELAYED_WORK_INITIALIZER(n, f, 0)
#define DECLARE_DEFERRABLE_WORK(n, f)	struct delayed_work n = __DELAYED_WORK_INITIALIZER(n, f, TIMER_DEFERRABLE)

/*
 * INIT_WORK: before a work's first use, or between two. Of one that is queued WARNs, and takes it off its queue first;
 * so does a kfree() of memory with a queued work in it. Context: any.
 */
void __init_work(struct work_struct *work, int onstack);
#define __INIT_WORK(_work, _func, _onstack) \
	do { \
		struct work_struct *__work = (_work); \
		__init_work(__work, _onstack); \
		__work->data = (atomic_long_t)WORK_DATA_INIT(); \
		INIT_LIST_HEAD(&__work->entry); \
		__work->func = (_func); \
	} while (0)
#define INIT_WORK(_work, _func)			__INIT_WORK(_work, _func, 0)
#define INIT_WORK_ONSTACK(_work, _func)		__INIT_WORK(_work, _func, 1)

#define __INIT_DELAYED_WORK(_dwork, _func, _tflags) \
	do { \
		INIT_WORK(&(_dwork)->work, _func); \
		timer_setup(&(_dwork)->timer, delayed_work_timer_fn, (_tflags) | TIMER_IRQSAFE); \
	} while (0)
#define INIT_DELAYED_WORK(_dwork, _func)	__INIT_DELAYED_WORK(_dwork, _func, 0)
#define INIT_DEFERRABLE_WORK(_dwork, _func)	__INIT_DELAYED_WORK(_dwork, _func, TIMER_DEFERRABLE)

#define INIT_RCU_WORK(_work, _func)		INIT_WORK(&(_work)->work, _func)
#define INIT_RCU_WORK_ONSTACK(_work, _func)	INIT_WORK_ONSTACK(&(_work)->work, _func)

/* On the stack: destroy_work_on_stack() before the block ends; it WARNs (and waits) if the work is not done with. */
#define INIT_DELAYED_WORK_ONSTACK(_dwork, _func) INIT_DELAYED_WORK(_dwork, _func)
#define INIT_DEFERRABLE_WORK_ONSTACK(_dwork, _func) INIT_DEFERRABLE_WORK(_dwork, _func)
void destroy_work_on_stack(struct work_struct *work);
void destroy_delayed_work_on_stack(struct delayed_work *work);

/* Give a work another function: only while it is neither pending nor running. */
#define PREPARE_WORK(_work, _func)		do { (_work)->func = (_func); } while (0)
#define PREPARE_DELAYED_WORK(_dwork, _func)	PREPARE_WORK(&(_dwork)->work, _func)

/* work_pending: is it queued (or its timer running)? False while it merely runs. An answer about the past. */
#define work_pending(work)		test_bit(WORK_STRUCT_PENDING_BIT, (unsigned long *)&(work)->data.counter)
#define delayed_work_pending(w)		work_pending(&(w)->work)

/* ---- queues ---- */

enum {
	WQ_UNBOUND		= 1 << 1,	/* workers on any CPU; no concurrency management */
	WQ_FREEZABLE		= 1 << 2,	/* takes part in freezing */
	WQ_MEM_RECLAIM		= 1 << 3,	/* has a rescuer thread: goes on even if no worker can be made */
	WQ_HIGHPRI		= 1 << 4,	/* workers of nice -20 */
	WQ_CPU_INTENSIVE	= 1 << 5,	/* its works compute for long: others start beside them */
	WQ_SYSFS		= 1 << 6,	/* accepted; there is no sysfs */
	WQ_POWER_EFFICIENT	= 1 << 7,	/* unbound if workqueue.power_efficient is on the command line */

	__WQ_DESTROYING		= 1 << 15,
	__WQ_DRAINING		= 1 << 16,	/* only its own works may queue */
	__WQ_ORDERED		= 1 << 17,
	__WQ_LEGACY		= 1 << 18,	/* create_*workqueue() */
	__WQ_ORDERED_EXPLICIT	= 1 << 19,	/* alloc_ordered_workqueue() */

	WQ_MAX_ACTIVE		= 512,
	WQ_MAX_UNBOUND_PER_CPU	= 4,
	WQ_DFL_ACTIVE		= WQ_MAX_ACTIVE / 2,
};
#define WQ_UNBOUND_MAX_ACTIVE	max_t(int, WQ_MAX_ACTIVE, num_possible_cpus() * WQ_MAX_UNBOUND_PER_CPU)

/*
 * alloc_workqueue - a queue named by the printf format (23 characters are kept).
 * @max_active: how many of its works may be active at once, per CPU (unbound: in all); 0: WQ_DFL_ACTIVE. An unbound
 * queue of 1 is ordered: one work after the other, in the order of queueing.
 * Return: NULL when out of memory. Context: thread, may sleep.
 */
__printf(1, 4)
struct workqueue_struct *alloc_workqueue(const char *fmt, unsigned int flags, int max_active, ...);
#define alloc_ordered_workqueue(fmt, flags, args...) \
	alloc_workqueue(fmt, WQ_UNBOUND | __WQ_ORDERED | __WQ_ORDERED_EXPLICIT | (flags), 1, ##args)

/* The old forms, all with a rescuer and max_active 1. */
#define create_workqueue(name)		alloc_workqueue("%s", __WQ_LEGACY | WQ_MEM_RECLAIM, 1, (name))
#define create_freezable_workqueue(name) \
	alloc_workqueue("%s", __WQ_LEGACY | WQ_FREEZABLE | WQ_UNBOUND | WQ_MEM_RECLAIM, 1, (name))
#define create_singlethread_workqueue(name) \
	alloc_ordered_workqueue("%s", __WQ_LEGACY | WQ_MEM_RECLAIM, name)

/*
 * destroy_workqueue: waits for all works, those they queue in turn included, then frees the queue. Delayed works whose
 * timer still runs are not waited for: cancel those first. Context: thread, may sleep; not one of the queue's works.
 */
void destroy_workqueue(struct workqueue_struct *wq);

/* workqueue_set_max_active: from now on. Context: thread. Not for an ordered queue, which WARNs. */
void workqueue_set_max_active(struct workqueue_struct *wq, int max_active);

/*
 * The queues that everybody shares. Works there should be short; take system_long_wq for long ones, system_unbound_wq
 * for those that need no particular CPU and no concurrency management, a queue of your own to flush or to order.
 */
extern struct workqueue_struct *system_wq;
extern struct workqueue_struct *system_highpri_wq;
extern struct workqueue_struct *system_long_wq;
extern struct workqueue_struct *system_unbound_wq;
extern struct workqueue_struct *system_freezable_wq;
extern struct workqueue_struct *system_power_efficient_wq;
extern struct workqueue_struct *system_freezable_power_efficient_wq;

/* ---- queueing ---- */

/*
 * queue_work_on: have the work run, on that CPU if the queue is bound. WORK_CPU_UNBOUND: on this one.
 * All that the caller has written is seen by the work's function, whatever the answer is.
 * Return: true; false if it was pending already (then it runs once, and later than now).
 * Context: any, interrupts included.
 * Differs from Linux: on a queue that is being drained or destroyed (or has been), and for a work that was never
 * initialised, it WARNs and answers false; Linux leaves such a work pending for ever, or oopses.
 */
bool queue_work_on(int cpu, struct workqueue_struct *wq, struct work_struct *work);
/* queue_work_node: one node, so any CPU. For unbound queues. */
bool queue_work_node(int node, struct workqueue_struct *wq, struct work_struct *work);
/* queue_delayed_work_on: the same `delay` jiffies from now; 0: at once. */
bool queue_delayed_work_on(int cpu, struct workqueue_struct *wq, struct delayed_work *work, unsigned long delay);
/* mod_delayed_work_on: the same, but if it is pending, it is moved to the new time. Return: was it pending? */
bool mod_delayed_work_on(int cpu, struct workqueue_struct *wq, struct delayed_work *dwork, unsigned long delay);

/* queue_rcu_work: queued after a grace period: no RCU reader of now is left when it runs. Return: as queue_work_on().
 * Context: any. flush_rcu_work: waits for grace period and work. Context: thread, may sleep. */
bool queue_rcu_work(struct workqueue_struct *wq, struct rcu_work *rwork);
bool flush_rcu_work(struct rcu_work *rwork);

static inline bool queue_work(struct workqueue_struct *wq, struct work_struct *work)
{
	return queue_work_on(WORK_CPU_UNBOUND, wq, work);
}
static inline bool queue_delayed_work(struct workqueue_struct *wq, struct delayed_work *dwork, unsigned long delay)
{
	return queue_delayed_work_on(WORK_CPU_UNBOUND, wq, dwork, delay);
}
static inline bool mod_delayed_work(struct workqueue_struct *wq, struct delayed_work *dwork, unsigned long delay)
{
	return mod_delayed_work_on(WORK_CPU_UNBOUND, wq, dwork, delay);
}
/* schedule_...: on system_wq. */
static inline bool schedule_work_on(int cpu, struct work_struct *work)
{
	return queue_work_on(cpu, system_wq, work);
}
static inline bool schedule_work(struct work_struct *work)
{
	return queue_work(system_wq, work);
}
static inline bool schedule_delayed_work_on(int cpu, struct delayed_work *dwork, unsigned long delay)
{
	return queue_delayed_work_on(cpu, system_wq, dwork, delay);
}
static inline bool schedule_delayed_work(struct delayed_work *dwork, unsigned long delay)
{
	return queue_delayed_work(system_wq, dwork, delay);
}

/* schedule_on_each_cpu: run func on every online CPU, in workers, and wait. Return: 0 or -ENOMEM. May sleep. */
int schedule_on_each_cpu(work_func_t func);
/* execute_in_process_context: at once if this is no interrupt (0), else by schedule_work() (1). Context: any. */
int execute_in_process_context(work_func_t fn, struct execute_work *ew);
/* work_on_cpu: run fn(arg) in a worker of that CPU and wait. Return: fn's value. _safe: -ENODEV if it is offline. */
long work_on_cpu(int cpu, long (*fn)(void *), void *arg);
long work_on_cpu_safe(int cpu, long (*fn)(void *), void *arg);

/* ---- waiting and cancelling ---- */

/*
 * flush_work: wait until the last queueing of the work has been carried out; one that another CPU is still in the
 * middle of does not count. Return: true if there was something to wait for.
 * flush_delayed_work: queues it at once first, if its timer runs.
 * __flush_workqueue (flush_workqueue): wait until all works queued before this call are done.
 * drain_workqueue: until the queue is empty; only its own works may queue meanwhile.
 * Context: thread, may sleep, no lock held that the works take.
 * Differs from Linux: where the wait could never end (a work waits for itself, or for its own queue, or for one that is
 * behind it on an ordered queue), they WARN and return.
 */
bool flush_work(struct work_struct *work);
bool flush_delayed_work(struct delayed_work *dwork);
void __flush_workqueue(struct workqueue_struct *wq);
void drain_workqueue(struct workqueue_struct *wq);
#define flush_workqueue(wq)	__flush_workqueue(wq)
#define flush_scheduled_work()	__flush_workqueue(system_wq)

/*
 * cancel_work, cancel_delayed_work: it is no longer pending; it may still be running. Context: any.
 * cancel_..._sync: and it does not run any more, nor can it be queued again (not even by itself) until this returns.
 * Context: thread, may sleep. Any number may do so at once.
 * Return: was it pending?
 * Differs from Linux: a work that cancels itself with _sync is told that it would wait for its own end, and goes on.
 */
bool cancel_work(struct work_struct *work);
bool cancel_work_sync(struct work_struct *work);
bool cancel_delayed_work(struct delayed_work *dwork);
bool cancel_delayed_work_sync(struct delayed_work *dwork);

/* ---- asking ---- */

/* work_busy: WORK_BUSY_* bits, a momentary answer. workqueue_congested: does that CPU hold works back (max_active)? */
unsigned int work_busy(struct work_struct *work);
bool workqueue_congested(int cpu, struct workqueue_struct *wq);
/* current_work: the work that the calling worker carries out, NULL elsewhere. Context: any. */
struct work_struct *current_work(void);
bool current_is_workqueue_rescuer(void);

/* set_worker_desc: what ps shows behind the name of the calling worker, until the work is done. */
__printf(1, 2) void set_worker_desc(const char *fmt, ...);
/* print_worker_info: "Workqueue: NAME FUNCTION" for the log, if the thread is a busy worker. */
void print_worker_info(const char *log_lvl, struct task_struct *p);
/* What is queued, active and running, into the log. Context: any. */
void show_all_workqueues(void);
void show_one_workqueue(struct workqueue_struct *wq);
/* For ps: the thread's name with what the worker does, "kworker/0:1+events", or does last: "kworker/0:1-events". */
void wq_worker_comm(char *buf, size_t size, struct task_struct *p);

/* ---- for the freezer, the CPUs, the boot, the tests ---- */

/* Freezable queues begin nothing new; is anything of theirs still running; go on. Context: thread. */
void freeze_workqueues_begin(void);
bool freeze_workqueues_busy(void);
void thaw_workqueues(void);

/* A CPU is about to come up (may sleep); is up; is about to go. Return: 0 or -ENOMEM. */
int workqueue_prepare_cpu(unsigned int cpu);
int workqueue_online_cpu(unsigned int cpu);
int workqueue_offline_cpu(unsigned int cpu);

/* workqueue_init_early: works can be queued from here on. workqueue_init: and are carried out. */
void workqueue_init_early(void);
void workqueue_init(void);

/* Let all idle workers but one of each pool end now, not after five minutes. For tests that count threads. */
void workqueue_retire_idle(void);

/* For exit.c: the calling worker (PF_WQ_WORKER) ends in the middle of a work. Context: thread, may sleep. */
void wq_worker_dies(void);

/* The timer function of every delayed work. Not to be called. */
void delayed_work_timer_fn(struct timer_list *t);
