/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * High-resolution timers: a function called in the timer interrupt itself, at a time in nanoseconds. For time-outs that
 * are mostly cancelled and may be a tick late, <linux/timer.h> is cheaper.
 *
 * The function runs with interrupts off (of a timer initialised with a _SOFT mode: in a softirq, interrupts on, a
 * little later) and answers HRTIMER_NORESTART, or moves its expiry on (hrtimer_forward_now())
 * and answers HRTIMER_RESTART. Never early. The struct must live until the function has returned for the last time:
 * hrtimer_cancel() before freeing it; kfree() of memory with a queued one in it WARNs and cancels that.
 * Context of everything here: any but NMI unless said otherwise; nothing sleeps.
 * Differs from Linux: no CLOCK_*_ALARM.
 * Semantics: Linux's Documentation/timers/hrtimers.
 */
#include <linux/types.h>
#include <linux/rbtree.h>
#include <linux/container_of.h>
#include <linux/ktime.h>
#include <linux/time.h>

enum hrtimer_mode {
	HRTIMER_MODE_ABS	= 0x00,	/* expires is a time on the timer's clock */
	HRTIMER_MODE_REL	= 0x01,	/* expires is a span from now */
	HRTIMER_MODE_PINNED	= 0x02,	/* on the CPU that starts it (here always so) */
	HRTIMER_MODE_SOFT	= 0x04,	/* in a softirq. To hrtimer_init() and to each start alike */
	HRTIMER_MODE_HARD	= 0x08,	/* in the interrupt, as without */

	HRTIMER_MODE_ABS_PINNED = HRTIMER_MODE_ABS | HRTIMER_MODE_PINNED,
	HRTIMER_MODE_REL_PINNED = HRTIMER_MODE_REL | HRTIMER_MODE_PINNED,
	HRTIMER_MODE_ABS_SOFT	= HRTIMER_MODE_ABS | HRTIMER_MODE_SOFT,
	HRTIMER_MODE_REL_SOFT	= HRTIMER_MODE_REL | HRTIMER_MODE_SOFT,
	HRTIMER_MODE_ABS_PINNED_SOFT = HRTIMER_MODE_ABS_PINNED | HRTIMER_MODE_SOFT,
	HRTIMER_MODE_REL_PINNED_SOFT = HRTIMER_MODE_REL_PINNED | HRTIMER_MODE_SOFT,
	HRTIMER_MODE_ABS_HARD	= HRTIMER_MODE_ABS | HRTIMER_MODE_HARD,
	HRTIMER_MODE_REL_HARD	= HRTIMER_MODE_REL | HRTIMER_MODE_HARD,
	HRTIMER_MODE_ABS_PINNED_HARD = HRTIMER_MODE_ABS_PINNED | HRTIMER_MODE_HARD,
	HRTIMER_MODE_REL_PINNED_HARD = HRTIMER_MODE_REL_PINNED | HRTIMER_MODE_HARD,
};

enum hrtimer_restart {
	HRTIMER_NORESTART,
	HRTIMER_RESTART,
};

#define HRTIMER_STATE_INACTIVE	0x00
#define HRTIMER_STATE_ENQUEUED	0x01

struct hrtimer_clock_base;

/* A node of a tree that is sorted by time; the leftmost is next. */
struct timerqueue_node {
	struct rb_node	node;
	ktime_t		expires;
};

struct hrtimer {
	struct timerqueue_node	node;		/* base lock. expires: at the latest now */
	ktime_t			_softexpires;	/* base lock. Not before this */
	enum hrtimer_restart	(*function)(struct hrtimer *);	/* the owner's, before it is started */
	struct hrtimer_clock_base *base;	/* a tree on a CPU; changes under both locks. ORDER(hrtimer-base) */
	u8			state;		/* base lock */
	u8			is_rel;		/* base lock */
	u8			is_soft;	/* constant after hrtimer_init */
	u8			is_hard;	/* constant after hrtimer_init */
	u32			magic;		/* HRTIMER_MAGIC once initialised */
};

#define HRTIMER_MAGIC	0x48521257

/*
 * hrtimer_init: prepares a timer on CLOCK_MONOTONIC, _REALTIME, _BOOTTIME or _TAI; set ->function next. Any other clock
 * WARNs and is taken as CLOCK_MONOTONIC; a queued timer WARNs and is cancelled first. hrtimer_setup does both. The
 * _on_stack forms are for local variables, to be cancelled before their block ends; destroy_hrtimer_on_stack() WARNs if
 * they are not.
 */
void hrtimer_init(struct hrtimer *timer, clockid_t which_clock, enum hrtimer_mode mode);
static inline void hrtimer_setup(struct hrtimer *timer, enum hrtimer_restart (*function)(struct hrtimer *),
				 clockid_t clock_id, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock_id, mode);
	timer->function = function;
}
#define hrtimer_init_on_stack(timer, clock, mode)	hrtimer_init(timer, clock, mode)
void destroy_hrtimer_on_stack(struct hrtimer *timer);

/*
 * hrtimer_start_range_ns: let it expire between tim and tim + range_ns, whether it is queued or not; with a range, one
 * interrupt can serve several. hrtimer_start: exactly. hrtimer_start_expires: at what hrtimer_set_expires() has put.
 * hrtimer_restart: again at the expiry it has. From the timer's own function rather return HRTIMER_RESTART.
 */
void hrtimer_start_range_ns(struct hrtimer *timer, ktime_t tim, u64 range_ns, const enum hrtimer_mode mode);
static inline void hrtimer_start(struct hrtimer *timer, ktime_t tim, const enum hrtimer_mode mode)
{
	hrtimer_start_range_ns(timer, tim, 0, mode);
}

/*
 * hrtimer_cancel: stop it and wait until its function has returned. Not from that function (WARNs, does not wait), and
 * with no lock held that the function takes. hrtimer_try_to_cancel: -1 instead of waiting.
 * Return: 1 if it was active, 0 if not.
 */
int hrtimer_cancel(struct hrtimer *timer);
int hrtimer_try_to_cancel(struct hrtimer *timer);

/*
 * hrtimer_forward: move the expiry on by whole intervals until it is later than now. Only while the timer is not
 * queued: in its function, or before it is started. Return: by how many intervals; 0 if it is later already.
 */
u64 hrtimer_forward(struct hrtimer *timer, ktime_t now, ktime_t interval);

/* hrtimer_get_remaining: ns until it expires, negative when it is late. */
ktime_t __hrtimer_get_remaining(const struct hrtimer *timer, bool adjust);
static inline ktime_t hrtimer_get_remaining(const struct hrtimer *timer)
{
	return __hrtimer_get_remaining(timer, false);
}

/* hrtimer_active: queued, or its function is running. _is_queued, _callback_running: the one, the other. */
bool hrtimer_active(const struct hrtimer *timer);
static inline bool hrtimer_is_queued(const struct hrtimer *timer)
{
	return READ_ONCE(timer->state) & HRTIMER_STATE_ENQUEUED;
}
int hrtimer_callback_running(const struct hrtimer *timer);

/* How fine they are, in ns, and are they: always. */
#define hrtimer_resolution	1U
static inline int hrtimer_is_hres_active(struct hrtimer *timer) { return 1; }

/* hrtimer_cb_get_time: now, on the timer's clock. */
ktime_t hrtimer_cb_get_time(const struct hrtimer *timer);

static inline u64 hrtimer_forward_now(struct hrtimer *timer, ktime_t interval)
{
	return hrtimer_forward(timer, hrtimer_cb_get_time(timer), interval);
}

/* The expiry of a timer that is not queued, and the range before it in which it may already come. */
static inline void hrtimer_set_expires(struct hrtimer *timer, ktime_t time)
{
	timer->node.expires = time;
	timer->_softexpires = time;
}
static inline void hrtimer_set_expires_range_ns(struct hrtimer *timer, ktime_t time, u64 delta)
{
	timer->_softexpires = time;
	timer->node.expires = ktime_add_safe(time, (ktime_t)delta);
}
static inline void hrtimer_set_expires_range(struct hrtimer *timer, ktime_t time, ktime_t delta)
{
	hrtimer_set_expires_range_ns(timer, time, delta);
}
static inline void hrtimer_add_expires(struct hrtimer *timer, ktime_t time)
{
	timer->node.expires = ktime_add_safe(timer->node.expires, time);
	timer->_softexpires = ktime_add_safe(timer->_softexpires, time);
}
static inline void hrtimer_add_expires_ns(struct hrtimer *timer, u64 ns)
{
	timer->node.expires += ns;
	timer->_softexpires += ns;
}
static inline ktime_t hrtimer_get_expires(const struct hrtimer *timer) { return timer->node.expires; }
static inline ktime_t hrtimer_get_softexpires(const struct hrtimer *timer) { return timer->_softexpires; }
static inline s64 hrtimer_get_expires_ns(const struct hrtimer *timer) { return timer->node.expires; }
static inline s64 hrtimer_get_expires_tv64(const struct hrtimer *timer) { return timer->node.expires; }
static inline s64 hrtimer_get_softexpires_tv64(const struct hrtimer *timer) { return timer->_softexpires; }
static inline void hrtimer_set_expires_tv64(struct hrtimer *timer, s64 tv64) { hrtimer_set_expires(timer, tv64); }
static inline ktime_t hrtimer_expires_remaining(const struct hrtimer *timer)
{
	return timer->node.expires - hrtimer_cb_get_time(timer);
}
static inline void hrtimer_start_expires(struct hrtimer *timer, enum hrtimer_mode mode)
{
	hrtimer_start_range_ns(timer, timer->_softexpires, timer->node.expires - timer->_softexpires, mode);
}
static inline void hrtimer_restart(struct hrtimer *timer) { hrtimer_start_expires(timer, HRTIMER_MODE_ABS); }

/* A thread that sleeps until its timer wakes it: the timer's function sets task to NULL and wakes it. Floor 6. */
struct hrtimer_sleeper {
	struct hrtimer		timer;
	struct task_struct	*task;
};
void hrtimer_init_sleeper(struct hrtimer_sleeper *sl, clockid_t clock_id, enum hrtimer_mode mode);
#define hrtimer_init_sleeper_on_stack(sl, clock, mode) hrtimer_init_sleeper(sl, clock, mode)
void hrtimer_sleeper_start_expires(struct hrtimer_sleeper *sl, enum hrtimer_mode mode);

/*
 * schedule_hrtimeout*: sleep until *expires (NULL: until woken) in the state the caller has set.
 * Return: 0 when the time came, -EINTR when woken before. Context: thread, may sleep. In kernel/time/sleep.c.
 */
int schedule_hrtimeout_range_clock(ktime_t *expires, u64 delta, const enum hrtimer_mode mode, clockid_t clock_id);
int schedule_hrtimeout_range(ktime_t *expires, u64 delta, const enum hrtimer_mode mode);
int schedule_hrtimeout(ktime_t *expires, const enum hrtimer_mode mode);

/*
 * For the tick (kernel/time/tick.c). hrtimers_init: boot, once. hrtimers_dead_cpu: those of a CPU that
 * is offline go to CPUs that are not; thread. hrtimers_run: calls all that are due
 * on this CPU; in the timer interrupt. Return: false if they keep coming too fast and it had to stop.
 * hrtimers_next_expiry: monotonic ns of this CPU's next, KTIME_MAX: none. Context: interrupts off.
 * hrtimers_clock_was_set: the real-time clock jumped; all CPUs look again. Context: thread.
 */
void hrtimers_init(void);
int hrtimers_dead_cpu(unsigned int cpu);
bool hrtimers_run(u64 now);
u64 hrtimers_next_expiry(void);
void hrtimers_clock_was_set(void);
