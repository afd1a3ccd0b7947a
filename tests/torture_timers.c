/* SPDX-License-Identifier: MIT */
/*
 * Torture of timers: started, moved, deleted from all CPUs, of both kinds. What must hold:
 *
 *	none fires before its time; no function runs twice at once
 *	deleted and waited for: it neither waits nor runs; and nothing that was started is forgotten
 */
#include "torture.h"

#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/mutex.h>
#include <linux/timer.h>
#include <linux/timekeeping.h>

#define TIMERS 16

static struct clock {
	struct timer_list timer;
	struct hrtimer hrtimer;
	struct gate gate;		/* closed while somebody wants an exact answer */
	atomic_t inside, hr_inside;
	atomic_t fired, hr_fired;
	bool alone;			/* nobody moves it: when it fires can be judged */
	u64 not_before;
	int left;			/* how often the hrtimer is to come again, when alone */
} clocks[TIMERS];

static void fires(struct timer_list *t)
{
	struct clock *c = from_timer(c, t, timer);

	if (atomic_inc_return(&c->inside) != 1)
		test_blame("a timer's function runs twice at once");
	if (READ_ONCE(c->alone) && ktime_get_ns() < c->not_before)
		test_blame("a timer is %llu ns early", c->not_before - ktime_get_ns());
	atomic_inc(&c->fired);
	atomic_dec(&c->inside);
}

static enum hrtimer_restart hr_fires(struct hrtimer *t)
{
	struct clock *c = container_of(t, struct clock, hrtimer);
	bool again = false;

	if (atomic_inc_return(&c->hr_inside) != 1)
		test_blame("an hrtimer's function runs twice at once");
	if (READ_ONCE(c->alone) && ktime_get_ns() < c->not_before)
		test_blame("an hrtimer is %llu ns early", c->not_before - ktime_get_ns());
	/* Only alone: nobody may start it while it is moved on. */
	if (READ_ONCE(c->alone) && c->left > 0) {
		again = true;
		c->left--;
		hrtimer_forward_now(t, us_to_ktime(300));
		c->not_before = hrtimer_get_expires(t);
	}
	atomic_inc(&c->hr_fired);
	atomic_dec(&c->hr_inside);
	return again ? HRTIMER_RESTART : HRTIMER_NORESTART;
}

/* Soft or not is for life. */
static enum hrtimer_mode hr_mode(const struct clock *c)
{
	return (c - clocks) % 2 ? HRTIMER_MODE_REL_SOFT : HRTIMER_MODE_REL;
}

static void hr_start(struct actor *a, struct clock *c, u64 us)
{
	enum hrtimer_mode mode = hr_mode(c) | (draw(a, 2) ? HRTIMER_MODE_PINNED : 0);

	if (draw(a, 2))
		hrtimer_start(&c->hrtimer, us_to_ktime(us), mode);
	else
		hrtimer_start(&c->hrtimer, ktime_add_us(ktime_get(), us), mode & ~HRTIMER_MODE_REL);
}

static struct clock *enter_any(struct actor *a)
{
	struct clock *c = &clocks[draw(a, TIMERS)];

	return gate_enter(&c->gate) ? c : NULL;
}

static void op_start(struct actor *a)
{
	struct clock *c = enter_any(a);

	if (!c)
		return;
	switch (draw(a, 4)) {
	case 0:
		hr_start(a, c, draw(a, 3000));
		break;
	case 1:
		timer_reduce(&c->timer, jiffies + draw(a, 4));
		break;
	default:
		mod_timer(&c->timer, jiffies + draw(a, 6));
	}
	gate_leave(&c->gate);
}

static void op_delete(struct actor *a)
{
	struct clock *c = enter_any(a);

	if (!c)
		return;
	switch (draw(a, 4)) {
	case 0:
		del_timer(&c->timer);
		break;
	case 1:
		hrtimer_try_to_cancel(&c->hrtimer);
		break;
	case 2:
		hrtimer_cancel(&c->hrtimer);
		break;
	default:
		del_timer_sync(&c->timer);
	}
	gate_leave(&c->gate);
}

static void delete_both(struct clock *c)
{
	del_timer_sync(&c->timer);
	hrtimer_cancel(&c->hrtimer);
	if (timer_pending(&c->timer) || hrtimer_active(&c->hrtimer) || atomic_read(&c->inside) ||
	    atomic_read(&c->hr_inside))
		test_blame("a deleted timer waits or runs");
}

/* Alone with it: each kind fires once, not early, and comes at all. */
static void op_exactly(struct actor *a)
{
	struct clock *c = &clocks[draw(a, TIMERS)];
	unsigned long ticks = 1 + draw(a, 3);
	bool hr = draw(a, 2);
	int times = hr ? 1 + draw(a, 3) : 1;
	atomic_t *fired = hr ? &c->hr_fired : &c->fired;

	if (!gate_close(&c->gate))
		return;
	delete_both(c);
	atomic_set(fired, 0);
	c->left = times - 1;
	WRITE_ONCE(c->alone, true);
	c->not_before = ktime_get_ns() + (hr ? ticks * NSEC_PER_MSEC : (ticks - 1) * TICK_NSEC);
	if (hr)
		hr_start(a, c, ticks * USEC_PER_MSEC);
	else
		mod_timer(&c->timer, jiffies_refresh() + ticks);
	if (!eventually(atomic_read(fired) >= times))
		test_blame("a timer was started and does not come");
	delete_both(c);
	if (atomic_read(fired) != times)
		test_blame("a timer was to fire %d times and fired %d times", times, atomic_read(fired));
	WRITE_ONCE(c->alone, false);
	gate_open(&c->gate);
}

/* A thread that sleeps until a timer comes. */
static void op_sleep(struct actor *a)
{
	u64 us = draw(a, 3000), start = ktime_get_ns();
	ktime_t span = us_to_ktime(us);

	if (draw(a, 2)) {
		usleep_range(us, us + 100);
	} else {
		set_current_state(TASK_UNINTERRUPTIBLE);
		if (schedule_hrtimeout(&span, HRTIMER_MODE_REL))
			test_blame("a sleep that nobody may end is ended");
	}
	if (ktime_get_ns() - start < us * NSEC_PER_USEC)
		test_blame("a sleep of %llu us took %llu ns", us, ktime_get_ns() - start);
}

/* Every second hrtimer is a SOFT one, every third timer runs with interrupts off. */
static void begin(void)
{
	for (int i = 0; i < TIMERS; i++) {
		timer_setup(&clocks[i].timer, fires, i % 3 ? 0 : TIMER_IRQSAFE);
		hrtimer_init(&clocks[i].hrtimer, CLOCK_MONOTONIC, hr_mode(&clocks[i]));
		clocks[i].hrtimer.function = hr_fires;
	}
}

static void end(void)
{
	for (int i = 0; i < TIMERS; i++)
		delete_both(&clocks[i]);
}

static const struct torture_op ops[] = {
	{ "start", op_start, 6 }, { "delete", op_delete, 3 }, { "exactly", op_exactly, 1 },
	{ "sleep", op_sleep, 2 },
};

TORTURE(timers, ops, .begin = begin, .end = end, .actors = 4);
