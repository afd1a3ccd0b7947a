/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Private to the workqueues: the four structs, their locks, and who offers what to whom.
 *
 *	struct workqueue_struct		what users know: a name, flags, max_active
 *	   | one for each CPU, or one in all (unbound)
 *	struct pool_workqueue (pwq)	this queue on that pool: counts what is active, keeps back what is too much
 *	   | many to one
 *	struct worker_pool		works that may start, workers that carry them out: two for each CPU (normal and
 *	   |				highpri) and two unbound ones
 *	struct worker			a thread kworker/...
 *
 * LOCKS, outermost first:
 *
 *	wq_pool_mutex -> wq->mutex -> wq_attach_mutex -> pool->lock -> wq_mayday_lock -> p->pi_lock
 *
 * In the structs below, each group of fields names its lock. pool->lock is taken with interrupts off, for works are
 * queued from interrupts.
 */
#include <linux/workqueue.h>
#include <linux/completion.h>
#include <linux/hashtable.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include "../kthread.h"

#define NR_STD_POOLS		2		/* normal, highpri */
#define BUSY_HASH_BITS		6
#define WQ_NAME_LEN		24
#define MAX_WORKER_IDS		2048		/* as many workers can a pool have */
#define WQ_MAGIC		0x3a0157a7

#define IDLE_WORKER_TIMEOUT	(300 * HZ)	/* idle for so long: retired */
#define MAYDAY_INITIAL_TIMEOUT	(HZ / 100 >= 2 ? HZ / 100 : 2)	/* no new worker for so long: call the rescuers */
#define MAYDAY_INTERVAL		(HZ / 10)	/* and again */
#define CREATE_COOLDOWN		HZ		/* between two attempts to make a worker */
#define HIGHPRI_NICE_LEVEL	(-20)
#define RESCUER_NICE_LEVEL	(-20)

struct worker_pool {
	raw_spinlock_t		lock;

	/* Constant. */
	int			cpu;		/* -1: unbound */
	int			id;		/* in work->data and in the workers' names */
	int			nice;
	unsigned long		off_queue;	/* the word of a work that was here last */

	/* lock. */
	struct list_head	worklist;	/* active works that wait for a worker, in order */
	int			nr_running;	/* workers that use their CPU, and count: see worker_is_counted() */
	int			nr_workers;
	int			nr_idle;
	struct list_head	idle_list;	/* the last to become idle is first */
	struct list_head	pwqs;		/* of all queues, by pool_node */
	struct worker		*manager;	/* the worker that makes another one, NULL: nobody does */
	bool			disassociated;	/* its CPU is not up: the workers run anywhere */
	/* Busy workers by the address of their work. "Is a list empty?" needs no lock: ORDER(work-done). */
	struct hlist_head	busy_hash[1 << BUSY_HASH_BITS];
	DECLARE_BITMAP(ids, MAX_WORKER_IDS);
	struct timer_list	idle_timer;	/* some worker may have been idle for long */
	struct timer_list	mayday_timer;	/* making a worker takes too long */

	/* wq_attach_mutex, and changed under lock, too. */
	struct list_head	workers;
};

/* 256-aligned: a pointer to it leaves eight bits of work->data for other things. */
struct pool_workqueue {
	/* Constant. */
	struct worker_pool	*pool;
	struct workqueue_struct	*wq;
	struct list_head	node;		/* wq->pwqs. wq_pool_mutex */

	/* pool->lock. */
	int			work_color;	/* of what is queued from now on */
	int			flush_color;	/* a flusher waits for this one; -1: none does */
	int			nr_in_flight[WORK_NR_COLORS];	/* queued or running, by colour */
	int			nr_active;	/* on the worklist or running */
	int			max_active;	/* 0: frozen */
	struct list_head	pool_node;	/* pool->pwqs */
	struct list_head	inactive_works;	/* kept back until nr_active is below max_active */

	/* wq_mayday_lock. */
	struct list_head	mayday_node;	/* wq->maydays */
} __attribute__((aligned(1 << WORK_STRUCT_FLAG_BITS)));

struct worker {
	/* pool->lock. On idle_list or in busy_hash, never both. */
	union {
		struct list_head	entry;
		struct hlist_node	hentry;
	};
	struct work_struct	*current_work;	/* an address to compare with: the work may be freed already */
	work_func_t		current_func;
	struct pool_workqueue	*current_pwq;
	unsigned long		current_data;	/* its word, as it was when it was queued */
	struct list_head	scheduled;	/* works that this worker must do itself */
	unsigned int		flags;		/* WORKER_* */
	unsigned long		last_active;
	bool			sleeping;	/* in the middle of a work */

	/* Constant once it is attached. A rescuer's pool changes: wq_attach_mutex. */
	struct task_struct	*task;
	struct worker_pool	*pool;
	struct list_head	node;		/* pool->workers. wq_attach_mutex */
	int			id;
	struct workqueue_struct	*rescue_wq;	/* a rescuer's queue */

	char			desc[WORKER_DESC_LEN];	/* self; ps reads it as it is */
};

enum {
	WORKER_DIE		= 1 << 1,	/* told to end */
	WORKER_IDLE		= 1 << 2,
	WORKER_PREP		= 1 << 3,	/* between works. A rescuer always */
	WORKER_CPU_INTENSIVE	= 1 << 6,	/* its work computes for long */
	WORKER_UNBOUND		= 1 << 7,	/* not held to the CPU of its pool */
	WORKER_REBOUND		= 1 << 8,	/* its CPU is back; counts again from its next work on */

	/* Any of these: it isn't counted in nr_running, others start works beside it. */
	WORKER_NOT_RUNNING	= WORKER_PREP | WORKER_CPU_INTENSIVE | WORKER_UNBOUND | WORKER_REBOUND,
};

struct wq_flusher;

struct workqueue_struct {
	unsigned int		magic;		/* WQ_MAGIC: is this (still) a workqueue? */
	unsigned int		flags;		/* WQ_*. mutex; read by all */
	char			name[WQ_NAME_LEN];
	struct list_head	list;		/* wq_pool_mutex: all queues */
	struct list_head	pwqs;		/* wq_pool_mutex */

	struct mutex		mutex;
	/* mutex. */
	int			work_color, flush_color;
	atomic_t		nr_pwqs_to_flush;	/* atomic */
	struct wq_flusher	*first_flusher;
	struct list_head	flusher_queue, flusher_overflow;
	int			nr_drainers;
	int			saved_max_active;

	/* wq_mayday_lock. */
	struct list_head	maydays;	/* pwqs whose works need the rescuer */
	struct worker		*rescuer;

	struct pool_workqueue	*pwq[];		/* constant. By CPU; unbound: all the same */
};

/* By number, NULL behind the last. Constant from workqueue_init_early() on. */
extern struct worker_pool *wq_pools[NR_STD_POOLS * (NR_CPUS + 1)];

static inline struct worker_pool *pool_by_id(unsigned long id)
{
	return id < ARRAY_SIZE(wq_pools) ? wq_pools[id] : NULL;
}

extern struct mutex wq_pool_mutex, wq_attach_mutex;
extern struct list_head workqueues;		/* wq_pool_mutex */
extern bool wq_online;				/* workers exist */

/* ---- the data word (workqueue.c) ---- */

static inline unsigned long work_data(struct work_struct *work)
{
	return (unsigned long)atomic_long_read(&work->data);
}

/* The word says that it is on one. */
static inline struct pool_workqueue *pwq_of(unsigned long data)
{
	return (struct pool_workqueue *)(data & WORK_STRUCT_WQ_DATA_MASK);
}

/* The queue it is on, NULL if on none. Read without the pool's lock, the pwq is only safe with interrupts off. */
static inline struct pool_workqueue *work_pwq(struct work_struct *work)
{
	unsigned long data = work_data(work);

	return data & WORK_STRUCT_PWQ ? pwq_of(data) : NULL;
}

static inline unsigned int color_of(unsigned long data)
{
	return (data >> WORK_STRUCT_COLOR_SHIFT) & (WORK_NR_COLORS - 1);
}

static inline unsigned long color_to_data(unsigned int color)
{
	return (unsigned long)color << WORK_STRUCT_COLOR_SHIFT;
}

static inline bool work_is_canceling(struct work_struct *work)
{
	return (work_data(work) & (WORK_STRUCT_PWQ | WORK_OFFQ_CANCELING)) == WORK_OFFQ_CANCELING;
}

static inline void work_set_data(struct work_struct *work, unsigned long data)
{
	WARN_ON_ONCE(!work_pending(work));
	atomic_long_set(&work->data, (long)data);
}

struct worker_pool *work_pool(struct work_struct *work);
void work_set_pool_keep_pending(struct work_struct *work, struct worker_pool *pool);
void work_release_pending(struct work_struct *work);

/* ---- queueing (workqueue.c) ---- */

bool wq_queue_owned(int cpu, struct workqueue_struct *wq, struct work_struct *work);
void pwq_activate_work(struct pool_workqueue *pwq, struct work_struct *work);
void pwq_activate_first_inactive(struct pool_workqueue *pwq);
bool is_a_workqueue(struct workqueue_struct *wq, const char *caller);

/* ---- working (worker.c) ---- */

int worker_thread(void *data);
void worker_mark_thread(bool is_worker);
void worker_do_scheduled(struct worker *worker);

/* Where in the pool's busy hash the worker is that executes this work. */
static inline struct hlist_head *busy_bucket(struct worker_pool *pool, struct work_struct *work)
{
	return &pool->busy_hash[hash_min((unsigned long)work, BUSY_HASH_BITS)];
}

struct worker *find_worker_executing(struct worker_pool *pool, struct work_struct *work);
void move_linked_works(struct work_struct *work, struct list_head *to, struct work_struct **next);

/* p is PF_WQ_WORKER. */
static inline struct worker *worker_of(struct task_struct *p)
{
	return find_kthread(p)->data;
}

/* The worker that the caller is, NULL if it is none. */
static inline struct worker *current_wq_worker(void)
{
	return in_task() && (current->flags & PF_WQ_WORKER) ? worker_of(current) : NULL;
}

/* Marks that may end or begin the worker's being counted. Self, pool->lock held. */
static __always_inline void worker_set_flags(struct worker *worker, unsigned int flags)
{
	lockdep_assert_held(&worker->pool->lock);
	if ((flags & WORKER_NOT_RUNNING) && !(worker->flags & WORKER_NOT_RUNNING))
		worker->pool->nr_running--;
	worker->flags |= flags;
}

static __always_inline void worker_clear_flags(struct worker *worker, unsigned int flags)
{
	bool was_counted = !(worker->flags & WORKER_NOT_RUNNING);

	lockdep_assert_held(&worker->pool->lock);
	worker->flags &= ~flags;
	if ((flags & WORKER_NOT_RUNNING) && !was_counted && !(worker->flags & WORKER_NOT_RUNNING))
		worker->pool->nr_running++;
}

/* ---- pools (pool.c) ---- */

struct worker_pool *pool_for(int cpu, bool highpri);
struct worker *worker_alloc(void);
struct worker *worker_create(struct worker_pool *pool);
void worker_belongs_to(struct worker *worker, int cpu);
void worker_attach(struct worker *worker, struct worker_pool *pool);
void worker_detach(struct worker *worker);
void pool_forget_worker(struct worker *worker);
bool pool_manage(struct worker *worker);
void pools_init(void);

void pool_watch_idle(struct worker_pool *pool);

/* The manager is as good as idle. */
static inline int pool_nr_at_hand(struct worker_pool *pool)
{
	return pool->nr_idle + (pool->manager != NULL);
}

static __always_inline void worker_enter_idle(struct worker *worker)
{
	struct worker_pool *pool = worker->pool;

	lockdep_assert_held(&pool->lock);
	WARN_ON_ONCE(worker->flags & WORKER_IDLE);
	WARN_ON_ONCE(worker->current_work);
	worker->flags |= WORKER_IDLE;
	pool->nr_idle++;
	worker->last_active = jiffies;
	list_add(&worker->entry, &pool->idle_list);
	if (unlikely(pool_nr_at_hand(pool) > 2))
		pool_watch_idle(pool);
	/* Nobody is busy, so nobody can be counted. */
	WARN_ON_ONCE(pool->nr_workers == pool->nr_idle && pool->nr_running);
}

static __always_inline void worker_leave_idle(struct worker *worker)
{
	lockdep_assert_held(&worker->pool->lock);
	if (WARN_ON_ONCE(!(worker->flags & WORKER_IDLE)))
		return;
	worker->flags &= ~WORKER_IDLE;
	worker->pool->nr_idle--;
	list_del_init(&worker->entry);
}

/* Every pool of each possible CPU, then the unbound ones. */
#define for_each_pool(pool, id) \
	for ((id) = 0; ((pool) = pool_by_id(id)) != NULL; (id)++)

/*
 * The one who was busy last: its memory is the warmest. Who was woken stays on the list until it runs, and takes the
 * lock, and looks, before it sleeps again: it is not woken twice. Return: NULL: nobody is to be woken.
 */
static inline struct task_struct *pool_sleeping_worker(struct worker_pool *pool)
{
	struct task_struct *p;

	if (list_empty(&pool->idle_list))
		return NULL;
	p = list_first_entry(&pool->idle_list, struct worker, entry)->task;
	return task_is_running(p) ? NULL : p;
}

static inline void pool_wake_worker(struct worker_pool *pool)
{
	struct task_struct *p = pool_sleeping_worker(pool);

	lockdep_assert_held(&pool->lock);
	if (p)
		wake_up_process(p);
}

/* At the end of that list: the pool's, or the pwq's inactive_works; or in front of another work. Its PENDING is the
 * caller's. Return: whom to wake. */
static __always_inline struct task_struct *wq_put_on_list(struct pool_workqueue *pwq, struct work_struct *work,
							  struct list_head *head, unsigned long flags)
{
	struct worker_pool *pool = pwq->pool;

	lockdep_assert_held(&pool->lock);
	atomic_long_set(&work->data, (long)((unsigned long)pwq | WORK_STRUCT_PENDING | WORK_STRUCT_PWQ | flags));
	list_add_tail(&work->entry, head);
	return pool->nr_running ? NULL : pool_sleeping_worker(pool);
}

static __always_inline void wq_insert_work(struct pool_workqueue *pwq, struct work_struct *work,
					   struct list_head *head, unsigned long flags)
{
	struct task_struct *p = wq_put_on_list(pwq, work, head, flags);

	if (p)
		wake_up_process(p);
}

/* Work is waiting and nobody on this CPU is at it. */
static inline bool pool_needs_worker(struct worker_pool *pool)
{
	return !list_empty(&pool->worklist) && !pool->nr_running;
}

static inline bool pool_lacks_idle_worker(struct worker_pool *pool)
{
	return pool_needs_worker(pool) && !pool->nr_idle;
}

/* ---- done ---- */

void wq_flush_color_done(struct pool_workqueue *pwq);

/* A work has been done, or taken back. `data` is what its word said while it was queued. */
static __always_inline void pwq_work_done(struct pool_workqueue *pwq, unsigned long data)
{
	int color = color_of(data);

	lockdep_assert_held(&pwq->pool->lock);
	pwq->nr_in_flight[color]--;
	WARN_ON_ONCE(pwq->nr_in_flight[color] < 0);
	if (unlikely(pwq->flush_color == color) && !pwq->nr_in_flight[color])
		wq_flush_color_done(pwq);
	if (data & WORK_STRUCT_INACTIVE)
		return;
	pwq->nr_active--;
	if (unlikely(!list_empty(&pwq->inactive_works)) && pwq->nr_active < pwq->max_active)
		pwq_activate_first_inactive(pwq);
}

/* ---- flushing (flush.c) ---- */

bool wq_flush_work(struct work_struct *work);
void barrier_is_reached(struct work_struct *work);
void wq_barrier_func(struct work_struct *work);

/* A flusher's, by its function. */
static inline bool work_is_barrier(const struct work_struct *work)
{
	return work->func == wq_barrier_func;
}
bool caller_is_on_queue(struct workqueue_struct *wq);
bool work_is_own(struct work_struct *work);

/* ---- cancelling (cancel.c) ---- */

/* What work_grab() answers: as it was, or that somebody cancels the work and has it. */
enum { GRAB_WAS_IDLE = 0, GRAB_WAS_PENDING = 1, GRAB_CANCELLING = -ENOENT };
int work_grab(struct work_struct *work, bool is_delayed, unsigned long *flags);

/* ---- misuse (check.c) ---- */

void works_watch_memory(void);
void pool_mend(struct worker_pool *pool, bool told);
void pwq_mend(struct pool_workqueue *pwq);

/* ---- the rescuer (rescuer.c) ---- */

int rescuer_start(struct workqueue_struct *wq);
void rescuer_stop(struct workqueue_struct *wq);
void rescuer_call(struct worker_pool *pool);
void rescuer_forget(struct worker *rescuer);

/* ---- freezing (freeze.c) ---- */

extern bool workqueue_freezing;			/* wq_pool_mutex */
void pwq_set_max_active(struct pool_workqueue *pwq);

/* ---- reports (report.c) ---- */

void show_pwq(struct pool_workqueue *pwq);
