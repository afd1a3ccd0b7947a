/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * For modules as they were written for Linux 2.6 to 4.x, names that Linux 6.1 no longer has. One switch in the module's
 * Makefile turns it on:
 *
 *	ccflags-y += -include linux/old_names.h
 *
 * Nothing else includes this page, so it costs nobody else anything, and what is not a macro is inline (but for
 * threads and the BKL, which are in kernel/old_names.c). It comes before everything else, so
 * that the kernel's own headers are read with today's names; after it, `struct timer_list` and `struct work_struct`
 * mean the old ones in this module. Those hold today's inside; so a timer or work of the old kind can be given to what
 * is on this page, and to nothing else.
 *
 * Behind each group: the last version that had it. New code: what the right-hand side says. docs/history.md has more.
 */
#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/interrupt.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/mutex.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/timekeeping.h>
#include <linux/timer.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

/* How a module began and ended before module_init() and module_exit() (2.2). */
int init_module(void);
void cleanup_module(void);

/* ---- threads without a helper ---- */

/*
 * kernel_thread(fn, arg, flags), in <linux/sched/task.h>, was the way to make a thread (2.6): a copy of the caller,
 * with his name, priority, CPUs and signals, and his child, whom he must wait for. The new thread then called
 *
 * daemonize: become a daemon: a name (printf format), all signals blocked, none pending, init's child (3.7).
 * reparent_to_init: the last part alone: init's child, for init to reap; not nicer than 0 (2.6.21).
 * Context: the thread itself. New code: kthread_run().
 */
pid_t old_kernel_thread(int (*fn)(void *), void *arg, unsigned long flags);
#define kernel_thread(fn, arg, flags)	old_kernel_thread(fn, arg, flags)
__printf(1, 2) void daemonize(const char *name, ...);
void reparent_to_init(void);

/* do_exit, complete_and_exit: end the calling thread, whatever made it (5.16). New: kthread_complete_and_exit(). */
void __noreturn old_do_exit(long code);
#define do_exit(code)	old_do_exit(code)
static inline void __noreturn complete_and_exit(struct completion *comp, long code)
{
	if ((current->flags & PF_KTHREAD))
		kthread_complete_and_exit(comp, code);
	if (comp)
		complete(comp);
	do_exit(code);
}

/* allow_signal: it is no longer blocked either, because daemonize() has blocked it (3.7). Return: 0, -EINVAL. */
static inline int old_allow_signal(int sig)
{
	sigset_t set;

	if (!valid_signal(sig) || !sig)
		return -EINVAL;
	allow_signal(sig);
	siginitset(&set, sigmask(sig));
	return sigprocmask(SIG_UNBLOCK, &set, NULL);
}
#define allow_signal(sig)	old_allow_signal(sig)

/* find_task_by_pid (2.6.30), kill_proc (2.6.26). The task may end at any moment: new code takes a reference. */
static inline struct task_struct *find_task_by_pid(pid_t nr)
{
	return find_task_by_vpid(nr);
}

/* Return: 0, -ESRCH, -EINVAL. */
static inline int kill_proc(pid_t nr, int sig, int priv)
{
	struct pid *pid = find_get_pid(nr);
	struct task_struct *p = get_pid_task(pid, PIDTYPE_PID);
	int ret = p ? send_sig(sig, p, priv) : -ESRCH;

	if (p)
		put_task_struct(p);
	put_pid(pid);
	return ret;
}

/* Sleeping by hand: the thread's own state or, not recommended even then, another's (4.10). */
#define set_task_state(p, state_value)		smp_store_mb((p)->__state, (state_value))
#define __set_task_state(p, state_value)	WRITE_ONCE((p)->__state, (state_value))

/* ---- the big kernel lock (2.6.38) ---- */

/* One for all, may be taken again by who has it. Differs from Linux: it is not let go while its owner sleeps. */
void lock_kernel(void);
void unlock_kernel(void);

/* ---- sleeping without a condition (3.14) ---- */

/*
 * Sleep until the next wake-up; the _timeout forms for so many jiffies at most. Return: what is left of them.
 * A wake-up between the caller's test of its condition and this call is lost: that is why Linux took them out. New
 * code: wait_event() and its like.
 */
static inline long old_sleep_on(wait_queue_head_t *q, int state, long timeout)
{
	struct wait_queue_entry wait;

	init_waitqueue_entry(&wait, current);
	/* ORDER(sleep-wake): the state, then the queue: from here on a wake-up is seen. */
	set_current_state(state);
	add_wait_queue(q, &wait);
	timeout = schedule_timeout(timeout);
	remove_wait_queue(q, &wait);
	return timeout;
}

static inline void sleep_on(wait_queue_head_t *q)
{
	old_sleep_on(q, TASK_UNINTERRUPTIBLE, MAX_SCHEDULE_TIMEOUT);
}

static inline long sleep_on_timeout(wait_queue_head_t *q, long timeout)
{
	return old_sleep_on(q, TASK_UNINTERRUPTIBLE, timeout);
}

static inline void interruptible_sleep_on(wait_queue_head_t *q)
{
	old_sleep_on(q, TASK_INTERRUPTIBLE, MAX_SCHEDULE_TIMEOUT);
}

static inline long interruptible_sleep_on_timeout(wait_queue_head_t *q, long timeout)
{
	return old_sleep_on(q, TASK_INTERRUPTIBLE, timeout);
}

typedef struct wait_queue_entry wait_queue_t;				/* 4.12 */
#define INIT_COMPLETION(x)		reinit_completion(&(x))		/* 3.12 */

/* ---- kthread_worker under its first names (4.8) ---- */

#define init_kthread_worker(worker)		kthread_init_worker(worker)
#define init_kthread_work(work, fn)		kthread_init_work(work, fn)
#define queue_kthread_work(worker, work)	kthread_queue_work(worker, work)
#define flush_kthread_work(work)		kthread_flush_work(work)
#define flush_kthread_worker(worker)		kthread_flush_worker(worker)

/* ---- locks, barriers, bits ---- */

#define SPIN_LOCK_UNLOCKED	(spinlock_t) __SPIN_LOCK_UNLOCKED(old)			/* 2.6.38 */
#define RW_LOCK_UNLOCKED	(rwlock_t) __RW_LOCK_UNLOCKED(old)			/* 2.6.38 */

/* Mutexes made of semaphores (2.6.36), with <linux/semaphore.h>. New code: <linux/mutex.h>. */
#define init_MUTEX(sem)			sema_init(sem, 1)
#define init_MUTEX_LOCKED(sem)		sema_init(sem, 0)
#define DECLARE_MUTEX(name)		struct semaphore name = __SEMAPHORE_INITIALIZER(name, 1)
#define DECLARE_MUTEX_LOCKED(name)	struct semaphore name = __SEMAPHORE_INITIALIZER(name, 0)

/* 3.15: each is today's smp_mb__before_atomic() or smp_mb__after_atomic(). */
#define smp_mb__before_clear_bit()	smp_mb__before_atomic()
#define smp_mb__after_clear_bit()	smp_mb__after_atomic()
#define smp_mb__before_atomic_inc()	smp_mb__before_atomic()
#define smp_mb__after_atomic_inc()	smp_mb__after_atomic()
#define smp_mb__before_atomic_dec()	smp_mb__before_atomic()
#define smp_mb__after_atomic_dec()	smp_mb__after_atomic()
#define set_mb(var, value)		smp_store_mb(var, value)	/* 4.1 */
#define ACCESS_ONCE(x)			(*(volatile typeof(x) *)&(x))	/* 4.14: READ_ONCE(), WRITE_ONCE() */
#define smp_read_barrier_depends()	barrier()			/* 5.8 */
#define read_barrier_depends()		barrier()

/* ---- sets of CPUs as values (2.6.28 to 4.0) ---- */

#define set_cpus_allowed(p, mask) \
	({ cpumask_t __old_mask = (mask); set_cpus_allowed_ptr(p, &__old_mask); })
#define cpumask_of_cpu(cpu)		(*cpumask_of(cpu))
#define cpu_online_map			(*cpu_online_mask)
#define cpu_possible_map		(*cpu_possible_mask)
#define cpus_clear(mask)		cpumask_clear(&(mask))
#define cpus_setall(mask)		cpumask_setall(&(mask))
#define cpus_empty(mask)		cpumask_empty(&(mask))
#define cpus_weight(mask)		cpumask_weight(&(mask))
#define cpu_set(cpu, mask)		cpumask_set_cpu(cpu, &(mask))
#define cpu_clear(cpu, mask)		cpumask_clear_cpu(cpu, &(mask))
#define cpu_isset(cpu, mask)		cpumask_test_cpu(cpu, &(mask))
#define for_each_cpu_mask(cpu, mask)	for_each_cpu(cpu, &(mask))

/* ---- memory and the time of day ---- */

typedef struct kmem_cache kmem_cache_t;		/* 2.6.22 */
#define SLAB_KERNEL	GFP_KERNEL		/* 2.6.19 */
#define SLAB_ATOMIC	GFP_ATOMIC

struct timeval {
	long tv_sec, tv_usec;
};

/* do_gettimeofday (4.19). New code: ktime_get_real_ts64(). */
static inline void do_gettimeofday(struct timeval *tv)
{
	u64 us = div_u64(ktime_get_real_ns(), NSEC_PER_USEC);

	tv->tv_sec = div_u64(us, USEC_PER_SEC);
	tv->tv_usec = us - tv->tv_sec * USEC_PER_SEC;
}
#define get_seconds()	((unsigned long)ktime_get_real_seconds())	/* 4.19 */

/* DECLARE_TASKLET(name, func, data): func gets an unsigned long (5.8). */
#undef DECLARE_TASKLET
#undef DECLARE_TASKLET_DISABLED
#define DECLARE_TASKLET(name, _func, _data) \
	struct tasklet_struct name = { .count = ATOMIC_INIT(0), .func = _func, .data = _data }
#define DECLARE_TASKLET_DISABLED(name, _func, _data) \
	struct tasklet_struct name = { .count = ATOMIC_INIT(1), .func = _func, .data = _data }

/* ---- timers whose function gets an unsigned long (4.14) ---- */

/* The module fills in function, data and expires by itself. `real` first: &t and &t->real are one address. */
struct old_timer_list {
	struct timer_list	real;
	unsigned long		expires;	/* jiffies; add_timer() reads it, mod_timer() writes it */
	void			(*function)(unsigned long data);
	unsigned long		data;
};

static inline void old_timer_expired(struct timer_list *real)
{
	struct old_timer_list *t = container_of(real, struct old_timer_list, real);

	t->function(t->data);
}

static inline void old_init_timer(struct old_timer_list *t, unsigned int flags)
{
	timer_setup(&t->real, old_timer_expired, flags);
}

static inline void old_setup_timer(struct old_timer_list *t, void (*function)(unsigned long), unsigned long data)
{
	old_init_timer(t, 0);
	t->function = function;
	t->data = data;
}

static inline int old_mod_timer(struct old_timer_list *t, unsigned long expires)
{
	t->expires = expires;
	return mod_timer(&t->real, expires);
}

static inline void old_add_timer_on(struct old_timer_list *t, int cpu)
{
	t->real.expires = t->expires;
	if (cpu < 0)
		add_timer(&t->real);
	else
		add_timer_on(&t->real, cpu);
}

static inline void old_destroy_timer_on_stack(struct old_timer_list *t) { destroy_timer_on_stack(&t->real); }
static inline int old_timer_pending(const struct old_timer_list *t) { return timer_pending(&t->real); }
static inline int old_del_timer(struct old_timer_list *t) { return del_timer(&t->real); }
static inline int old_del_timer_sync(struct old_timer_list *t) { return del_timer_sync(&t->real); }
static inline int old_try_to_del_timer_sync(struct old_timer_list *t) { return try_to_del_timer_sync(&t->real); }

/* ---- works whose function gets a pointer of the module's (2.6.19) ---- */

/*
 * Both kinds of the old days in one: INIT_WORK(w, func, data), where func gets data, and which may be delayed as it is;
 * and INIT_WORK(w, func) as today. `real` first, as above.
 */
struct old_work_struct {
	struct delayed_work	real;
	void			(*func)(struct old_work_struct *work);	/* NULL: func_of_data */
	void			(*func_of_data)(void *data);
	void			*data;
};

struct old_delayed_work {
	struct old_work_struct	work;
};

static inline void old_work_runs(struct work_struct *real)
{
	struct old_work_struct *w = container_of(real, struct old_work_struct, real.work);

	if (w->func)
		w->func(w);
	else
		w->func_of_data(w->data);
}

static inline void old_prepare_work(struct old_work_struct *w, void (*func)(struct old_work_struct *),
				    void (*func_of_data)(void *), void *data)
{
	w->func = func;
	w->func_of_data = func_of_data;
	w->data = data;
}

static inline void old_init_work(struct old_work_struct *w)
{
	INIT_DELAYED_WORK(&w->real, old_work_runs);
}

static inline bool old_queue(int cpu, struct workqueue_struct *wq, struct old_work_struct *w)
{
	return queue_work_on(cpu, wq, &w->real.work);
}

static inline bool old_queue_delayed(int cpu, struct workqueue_struct *wq, struct old_work_struct *w,
				     unsigned long delay)
{
	return queue_delayed_work_on(cpu, wq, &w->real, delay);
}

static inline bool old_mod_delayed(struct workqueue_struct *wq, struct old_work_struct *w, unsigned long delay)
{
	return mod_delayed_work(wq, &w->real, delay);
}

static inline bool old_cancel(struct old_work_struct *w) { return cancel_delayed_work(&w->real); }
static inline bool old_cancel_sync(struct old_work_struct *w) { return cancel_delayed_work_sync(&w->real); }
static inline bool old_flush(struct old_work_struct *w) { return flush_work(&w->real.work); }
static inline bool old_flush_delayed(struct old_work_struct *w) { return flush_delayed_work(&w->real); }
static inline bool old_work_pending(struct old_work_struct *w) { return work_pending(&w->real.work); }

/* ---- from here on the names mean the old ones ---- */

#define timer_list			old_timer_list
#define init_timer(t)			old_init_timer(t, 0)
#define init_timer_deferrable(t)	old_init_timer(t, TIMER_DEFERRABLE)
#define init_timer_on_stack(t)		old_init_timer(t, 0)
#define setup_timer(t, fn, data)	old_setup_timer(t, fn, data)
#define setup_timer_on_stack(t, fn, data) old_setup_timer(t, fn, data)
#define TIMER_INITIALIZER(fn, when, with) \
	{ .real = __TIMER_INITIALIZER(old_timer_expired, 0), .expires = (when), .function = (fn), .data = (with) }
#undef DEFINE_TIMER
#define DEFINE_TIMER(name, fn, when, with) struct timer_list name = TIMER_INITIALIZER(fn, when, with)
#define mod_timer(t, when)		old_mod_timer(t, when)
#define mod_timer_pinned(t, when)	old_mod_timer(t, when)
#define add_timer(t)			old_add_timer_on(t, -1)
#define add_timer_on(t, cpu)		old_add_timer_on(t, cpu)
#define timer_pending(t)		old_timer_pending(t)
#define del_timer(t)			old_del_timer(t)
#define del_timer_sync(t)		old_del_timer_sync(t)
#undef del_singleshot_timer_sync
#define del_singleshot_timer_sync(t)	old_del_timer_sync(t)
#define try_to_del_timer_sync(t)	old_try_to_del_timer_sync(t)
#define destroy_timer_on_stack(t)	old_destroy_timer_on_stack(t)

/* Either kind of old work. */
#define old_work(w) \
	_Generic((w), struct old_work_struct *: (w), struct old_delayed_work *: (struct old_work_struct *)(w))
/* What is written of (func) and (func, data). */
#define old_pick(a, b, which, ...)	which
#define old_with(...)			old_pick(__VA_ARGS__, old_with_data, old_with_work, )
#define old_with_work(f)		f, NULL, NULL
#define old_with_data(f, d)		NULL, f, d
#define old_prepare(w, ...)		old_prepare_work(w, old_with(__VA_ARGS__)(__VA_ARGS__))

#define work_struct			old_work_struct
#define delayed_work			old_delayed_work
#undef INIT_WORK
#undef INIT_DELAYED_WORK
#undef PREPARE_WORK
#undef PREPARE_DELAYED_WORK
#undef DECLARE_WORK
#undef DECLARE_DELAYED_WORK
#undef work_pending
#undef delayed_work_pending
#undef flush_scheduled_work
#define INIT_WORK(w, ...)		do { old_init_work(w); old_prepare(w, __VA_ARGS__); } while (0)
#define INIT_DELAYED_WORK(w, ...)	INIT_WORK(old_work(w), __VA_ARGS__)
#define PREPARE_WORK(w, ...)		old_prepare(w, __VA_ARGS__)
#define PREPARE_DELAYED_WORK(w, ...)	old_prepare(old_work(w), __VA_ARGS__)
#define old_work_of_work(n, f) \
	{ .real = __DELAYED_WORK_INITIALIZER((n).real, old_work_runs, 0), .func = (f) }
#define old_work_of_data(n, f, d) \
	{ .real = __DELAYED_WORK_INITIALIZER((n).real, old_work_runs, 0), .func_of_data = (f), .data = (d) }
#define DECLARE_WORK(n, ...) \
	struct work_struct n = old_pick(__VA_ARGS__, old_work_of_data, old_work_of_work, )(n, __VA_ARGS__)
#define DECLARE_DELAYED_WORK(n, f) \
	struct delayed_work n = { .work = old_work_of_work((n).work, f) }
#define to_delayed_work(w)		container_of(w, struct delayed_work, work)

#define queue_work(wq, w)		old_queue(WORK_CPU_UNBOUND, wq, w)
#define queue_work_on(cpu, wq, w)	old_queue(cpu, wq, w)
#define schedule_work(w)		old_queue(WORK_CPU_UNBOUND, system_wq, w)
#define schedule_work_on(cpu, w)	old_queue(cpu, system_wq, w)
#define queue_delayed_work(wq, w, delay) old_queue_delayed(WORK_CPU_UNBOUND, wq, old_work(w), delay)
#define queue_delayed_work_on(cpu, wq, w, delay) old_queue_delayed(cpu, wq, old_work(w), delay)
#define schedule_delayed_work(w, delay)	old_queue_delayed(WORK_CPU_UNBOUND, system_wq, old_work(w), delay)
#define schedule_delayed_work_on(cpu, w, delay) old_queue_delayed(cpu, system_wq, old_work(w), delay)
#define mod_delayed_work(wq, w, delay)	old_mod_delayed(wq, old_work(w), delay)
#define work_pending(w)			old_work_pending(old_work(w))
#define delayed_work_pending(w)		old_work_pending(old_work(w))
#define cancel_work_sync(w)		old_cancel_sync(w)
#define cancel_delayed_work(w)		old_cancel(old_work(w))
#define cancel_delayed_work_sync(w)	old_cancel_sync(old_work(w))
#define cancel_rearming_delayed_work(w)	old_cancel_sync(old_work(w))			/* 3.6 */
#define cancel_rearming_delayed_workqueue(wq, w) old_cancel_sync(old_work(w))		/* 2.6.23 */
#define flush_work(w)			old_flush(w)
#define flush_work_sync(w)		old_flush(w)					/* 3.6 */
#define flush_delayed_work(w)		old_flush_delayed(old_work(w))
#define flush_delayed_work_sync(w)	old_flush_delayed(old_work(w))			/* 3.6 */
#define flush_scheduled_work()		__flush_workqueue(system_wq)
