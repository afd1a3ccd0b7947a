/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Timers: a function called once, in a softirq, some ticks from now. Made for time-outs, which are mostly cancelled:
 * starting, moving and deleting one costs the same however many there are. Precision is a tick, and less for far-away
 * ones (an eighth of the remaining time at worst); never early. For microseconds use <linux/hrtimer.h>; for a function
 * that must sleep use delayed work.
 *
 * The struct must live until the function has returned for the last time: del_timer_sync() before freeing it. kfree()
 * of memory with a pending timer in it WARNs and deletes that.
 * Semantics: Linux's Documentation/driver-api/basics, "High-resolution timers" aside. Each function below may be called
 * from any context but NMI unless said otherwise, and does not sleep.
 */
#include <linux/types.h>
#include <linux/list.h>
#include <linux/container_of.h>
#include <linux/ktime.h>
#include <linux/jiffies.h>

struct timer_list {
	struct hlist_node	entry;		/* base lock. In a bucket, or pprev is NULL */
	unsigned long		expires;	/* base lock. jiffies; the function is not called before */
	void			(*function)(struct timer_list *);	/* NULL: shut down for good */
	u32			flags;		/* base lock. TIMER_*, the CPU, the bucket */
	u32			magic;		/* TIMER_MAGIC once set up: catches the timer that never was */
};

/*
 * Flags for timer_setup():
 * TIMER_DEFERRABLE  an idle CPU need not be woken for it; it comes when the CPU wakes for something else
 * TIMER_PINNED      stay on the CPU that starts it. Differs from Linux: all do, also if that CPU is idle
 * TIMER_IRQSAFE     the function runs with interrupts off, so del_timer_sync() may be used in an interrupt
 */
#define TIMER_CPUMASK		0x0003ffff
#define TIMER_MIGRATING		0x00040000
#define TIMER_BASEMASK		(TIMER_CPUMASK | TIMER_MIGRATING)
#define TIMER_DEFERRABLE	0x00080000
#define TIMER_PINNED		0x00100000
#define TIMER_IRQSAFE		0x00200000
#define TIMER_INIT_FLAGS	(TIMER_DEFERRABLE | TIMER_PINNED | TIMER_IRQSAFE)
#define TIMER_ARRAYSHIFT	22
#define TIMER_ARRAYMASK		0xffc00000
#define TIMER_MAGIC		0x714e1257

#define __TIMER_INITIALIZER(_function, _flags)	\
	{ .function = (_function), .flags = (_flags), .magic = TIMER_MAGIC }

/* DEFINE_TIMER: a timer that needs no timer_setup(). */
#define DEFINE_TIMER(_name, _function) \
	struct timer_list _name = __TIMER_INITIALIZER(_function, 0)

/*
 * timer_setup: prepares a timer that is not running. Doing it to a pending one WARNs and deletes it first.
 * timer_setup_on_stack: the same for a local variable; destroy_timer_on_stack() before leaving its block WARNs if the
 * timer is still pending. The function finds its object by from_timer(obj, t, name of the timer_list in *obj).
 */
void init_timer_key(struct timer_list *timer, void (*func)(struct timer_list *), unsigned int flags);
void destroy_timer_on_stack(struct timer_list *timer);
#define timer_setup(timer, callback, flags)		init_timer_key(timer, callback, flags)
#define timer_setup_on_stack(timer, callback, flags)	init_timer_key(timer, callback, flags)
#define from_timer(var, callback_timer, timer_fieldname) \
	container_of(callback_timer, typeof(*var), timer_fieldname)

/* timer_pending: is it waiting? False while its function runs. An answer about the past, unless the caller locks. */
static inline int timer_pending(const struct timer_list *timer)
{
	return !hlist_unhashed_lockless(&timer->entry);
}

/*
 * mod_timer: let it expire at `expires`, whether it is pending or not. mod_timer_pending: only if it is pending.
 * timer_reduce: only if that is sooner than now planned (or if it is not pending).
 * Return: 1 if it was pending, 0 if not. A timer shut down stays so: 0. One never set up WARNs.
 */
int mod_timer(struct timer_list *timer, unsigned long expires);
int mod_timer_pending(struct timer_list *timer, unsigned long expires);
int timer_reduce(struct timer_list *timer, unsigned long expires);

/*
 * add_timer: start a timer that is not pending, at timer->expires. add_timer_on: on that CPU; mod_timer() by another
 * CPU takes it over there, as it does with every timer. A function that sends its own timer to another CPU by
 * add_timer_on() should do that last: as in Linux, del_timer_sync() no longer waits for the rest of it.
 */
void add_timer(struct timer_list *timer);
void add_timer_on(struct timer_list *timer, int cpu);

/*
 * timer_delete (del_timer): stop it. Its function may still be running on another CPU.
 * timer_delete_sync (del_timer_sync): and wait until it is not. Context: not a hard interrupt (but for TIMER_IRQSAFE),
 * not the timer's own function, and no lock held that the function takes: the first two WARN and do not wait.
 * try_to_del_timer_sync: -1 instead of waiting.
 * Return: 1 if it was pending, 0 if not.
 */
int timer_delete(struct timer_list *timer);
int timer_delete_sync(struct timer_list *timer);
int try_to_del_timer_sync(struct timer_list *timer);
static inline int del_timer(struct timer_list *timer) { return timer_delete(timer); }
static inline int del_timer_sync(struct timer_list *timer) { return timer_delete_sync(timer); }
#define del_singleshot_timer_sync(t) del_timer_sync(t)

/* timer_shutdown(_sync): delete, and from now on starting it does nothing, until timer_setup(). For teardown. */
int timer_shutdown(struct timer_list *timer);
int timer_shutdown_sync(struct timer_list *timer);

/*
 * For the tick (kernel/time/tick.c). timers_init: boot, once. timers_init_cpu: an empty wheel for this CPU, which comes
 * up, before its tick_init_cpu(). timers_dead_cpu: all timers of a CPU that is offline go to others; thread.
 * timers_tick: raises TIMER_SOFTIRQ if a timer of this CPU is due; interrupts off. timers_next_expiry: the monotonic
 * ns at which an idle CPU must wake for one, KTIME_MAX: never; it marks the wheel idle, so that others who start a
 * timer here send a kick. timers_idle_exit: takes the mark away.
 */
void timers_init(void);
void timers_init_cpu(void);
int timers_dead_cpu(unsigned int cpu);
void timers_tick(void);
u64 timers_next_expiry(void);
void timers_idle_exit(void);
