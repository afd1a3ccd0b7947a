/* SPDX-License-Identifier: MIT */
/*
 * Sleeping for a time: a timer whose function wakes the thread that set it.
 *
 *	schedule_timeout(n)                                    timer (softirq or interrupt)
 *	  [caller has set its state to sleep]
 *	  start the timer, on this thread's stack
 *	  schedule() .............. asleep ............ <----- wake_up_process(the thread)
 *	  delete the timer, and wait until its function is through: it is on our stack
 *
 * Nothing can be missed: the state says "asleep" before the timer starts, and a wake-up puts it back to running, so
 * schedule() after that returns at once. (The full story of sleeper and waker: kernel/sched/wait.c.)
 *
 * Two kinds. In ticks, from the timer wheel: cheap, at least as long as asked, up to an eighth longer. In nanoseconds,
 * from an hrtimer: schedule_hrtimeout and usleep_range; exact, but it costs an interrupt.
 *
 * In ticks, "now" is jiffies, and jiffies may lag when all CPUs were asleep or the machine itself did not run for a
 * while. A sleep counted from an old now would be short, so schedule_timeout() brings jiffies up to date first.
 *
 * The caller's duties: a thread that may sleep, its state set (but for the functions that do that themselves),
 * interrupts on: on Linux, too, they are on afterwards, but there nobody says so.
 *
 * Next: timer.c and hrtimer.c below, kernel/sched/core.c:schedule.
 */
#include <linux/delay.h>
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/hrtimer.h>
#include <linux/irqflags.h>
#include <linux/jiffies.h>
#include <linux/math.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/timer.h>

struct sleep_timer {
	struct timer_list	timer;
	struct task_struct	*task;
};

static void sleep_is_over(struct timer_list *t)
{
	struct sleep_timer *st = from_timer(st, t, timer);

	wake_up_process(st->task);
}

/* Whoever runs meanwhile has them on. A spinlock that is held, too, is for schedule() to tell of. */
static __always_inline void check_irqs_on(void)
{
	WARN(irqs_disabled() && !in_atomic(), "thread %s (%d) sleeps for a time with interrupts off: that keeps nobody "
	     "away, and they are on when it wakes. Sleep before local_irq_disable() or after local_irq_enable()\n",
	     current->comm, current->pid);
}

static noinline long __sched schedule_with_timer(long timeout)
{
	struct sleep_timer st = { .task = current };
	unsigned long expires;

	if (WARN_ONCE(timeout < 0, "schedule_timeout(%ld): for ever is MAX_SCHEDULE_TIMEOUT; taken as 0", timeout)) {
		__set_current_state(TASK_RUNNING);
		return 0;
	}
	check_irqs_on();
	expires = jiffies_refresh() + timeout;
	timer_setup_on_stack(&st.timer, sleep_is_over, 0);
	mod_timer(&st.timer, expires);
	schedule();
	del_timer_sync(&st.timer);
	destroy_timer_on_stack(&st.timer);

	timeout = expires - jiffies;
	return timeout < 0 ? 0 : timeout;
}

long __sched schedule_timeout(long timeout)
{
	if (timeout != MAX_SCHEDULE_TIMEOUT)
		return schedule_with_timer(timeout);
	schedule();
	return timeout;
}
EXPORT_SYMBOL(schedule_timeout);

long __sched schedule_timeout_interruptible(long timeout)
{
	__set_current_state(TASK_INTERRUPTIBLE);
	return schedule_timeout(timeout);
}
EXPORT_SYMBOL(schedule_timeout_interruptible);

long __sched schedule_timeout_killable(long timeout)
{
	__set_current_state(TASK_KILLABLE);
	return schedule_timeout(timeout);
}
EXPORT_SYMBOL(schedule_timeout_killable);

long __sched schedule_timeout_uninterruptible(long timeout)
{
	__set_current_state(TASK_UNINTERRUPTIBLE);
	return schedule_timeout(timeout);
}
EXPORT_SYMBOL(schedule_timeout_uninterruptible);

long __sched schedule_timeout_idle(long timeout)
{
	__set_current_state(TASK_IDLE);
	return schedule_timeout(timeout);
}
EXPORT_SYMBOL(schedule_timeout_idle);

/* The tick that has begun does not count, hence one more. A wake-up for another reason: sleep on. */
void msleep(unsigned int msecs)
{
	unsigned long timeout = msecs_to_jiffies(msecs) + 1;

	while (timeout)
		timeout = schedule_timeout_uninterruptible(timeout);
}
EXPORT_SYMBOL(msleep);

unsigned long msleep_interruptible(unsigned int msecs)
{
	unsigned long timeout = msecs_to_jiffies(msecs) + 1;

	while (timeout && !signal_pending(current))
		timeout = schedule_timeout_interruptible(timeout);
	return jiffies_to_msecs(timeout);
}
EXPORT_SYMBOL(msleep_interruptible);

/* hrtimers. */

static enum hrtimer_restart sleeper_is_due(struct hrtimer *timer)
{
	struct hrtimer_sleeper *sl = container_of(timer, struct hrtimer_sleeper, timer);
	struct task_struct *p = sl->task;

	/* ORDER(hrtimer-sleeper): the store comes before the wake-up, whose barrier makes the sleeper see it. */
	WRITE_ONCE(sl->task, NULL);
	if (p)
		wake_up_process(p);
	return HRTIMER_NORESTART;
}

void hrtimer_init_sleeper(struct hrtimer_sleeper *sl, clockid_t clock_id, enum hrtimer_mode mode)
{
	hrtimer_init(&sl->timer, clock_id, mode);
	sl->timer.function = sleeper_is_due;
	sl->task = current;
}
EXPORT_SYMBOL(hrtimer_init_sleeper);

void hrtimer_sleeper_start_expires(struct hrtimer_sleeper *sl, enum hrtimer_mode mode)
{
	hrtimer_start_expires(&sl->timer, mode);
}
EXPORT_SYMBOL(hrtimer_sleeper_start_expires);

int __sched schedule_hrtimeout_range_clock(ktime_t *expires, u64 delta, const enum hrtimer_mode mode,
					   clockid_t clock_id)
{
	struct hrtimer_sleeper sl;

	if (expires && *expires == 0) {
		__set_current_state(TASK_RUNNING);
		return 0;
	}
	if (!expires) {
		schedule();
		return -EINTR;
	}
	check_irqs_on();
	hrtimer_init_sleeper_on_stack(&sl, clock_id, mode);
	hrtimer_set_expires_range_ns(&sl.timer, *expires, delta);
	hrtimer_sleeper_start_expires(&sl, mode);
	schedule();
	hrtimer_cancel(&sl.timer);
	destroy_hrtimer_on_stack(&sl.timer);
	__set_current_state(TASK_RUNNING);
	/* ORDER(hrtimer-sleeper): after hrtimer_cancel() the function has returned, or will never be called. */
	return READ_ONCE(sl.task) ? -EINTR : 0;
}
EXPORT_SYMBOL(schedule_hrtimeout_range_clock);

int __sched schedule_hrtimeout_range(ktime_t *expires, u64 delta, const enum hrtimer_mode mode)
{
	return schedule_hrtimeout_range_clock(expires, delta, mode, CLOCK_MONOTONIC);
}
EXPORT_SYMBOL(schedule_hrtimeout_range);

int __sched schedule_hrtimeout(ktime_t *expires, const enum hrtimer_mode mode)
{
	return schedule_hrtimeout_range(expires, 0, mode);
}
EXPORT_SYMBOL(schedule_hrtimeout);

void usleep_range_state(unsigned long min, unsigned long max, unsigned int state)
{
	ktime_t expires = ktime_add_us(ktime_get(), min);
	u64 delta = max > min ? (u64)(max - min) * NSEC_PER_USEC : 0;

	for (;;) {
		__set_current_state(state);
		if (!schedule_hrtimeout_range(&expires, delta, HRTIMER_MODE_ABS))
			return;
	}
}
EXPORT_SYMBOL(usleep_range_state);

void fsleep(unsigned long usecs)
{
	if (usecs <= 10)
		udelay(usecs);
	else if (usecs <= 20000)
		usleep_range(usecs, 2 * usecs);
	else
		msleep(DIV_ROUND_UP(usecs, 1000));
}
EXPORT_SYMBOL(fsleep);
