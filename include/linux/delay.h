/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Letting time pass. Which one?
 *
 *   may not sleep (interrupt, spinlock held)	ndelay, udelay; mdelay only if there is no other way
 *   may sleep, less than some 20 ms		usleep_range: to the microsecond, from an hrtimer
 *   may sleep, more				msleep, ssleep: whole ticks, rounded up
 *   do not want to choose			fsleep
 *
 * None returns early (but msleep_interruptible on a signal). To wait for something to happen rather than for time:
 * <linux/wait.h>, <linux/completion.h>.
 * Semantics: Linux's Documentation/timers/timers-howto.
 */
#include <linux/types.h>
#include <linux/math.h>
#include <linux/param.h>
#include <linux/sched.h>


/*
 * Busy waits, by the TSC. Context: any. A thread may be preempted or interrupted in one; then it takes longer.
 * Differs from Linux: udelay() takes any number (Linux: 20000 at most), and nothing needs calibrating.
 * Before timekeeping_init() they WARN and do not wait.
 */
void ndelay(unsigned long nsecs);
void udelay(unsigned long usecs);
void mdelay(unsigned long msecs);
/* __delay: so many ticks of the TSC. */
void __delay(unsigned long loops);

/* msleep: sleep for at least msecs. ssleep: in seconds. Context: thread, may sleep; WARNs with interrupts off. No
 * signal ends them. */
void msleep(unsigned int msecs);
static inline void ssleep(unsigned int seconds) { msleep(seconds * 1000); }

/* msleep_interruptible: a signal ends it early. Return: milliseconds left, 0 if all passed. Context: thread. */
unsigned long msleep_interruptible(unsigned int msecs);

/*
 * usleep_range: sleep for at least min microseconds, and if it costs nothing then not for more than max. The distance
 * between the two lets wake-ups be taken together. usleep_range_state: in the sleep state given.
 * Context: thread, may sleep.
 */
void usleep_range_state(unsigned long min, unsigned long max, unsigned int state);
static inline void usleep_range(unsigned long min, unsigned long max)
{
	usleep_range_state(min, max, TASK_UNINTERRUPTIBLE);
}
static inline void usleep_idle_range(unsigned long min, unsigned long max)
{
	usleep_range_state(min, max, TASK_IDLE);
}

/* fsleep: at least usecs, by whichever of udelay, usleep_range and msleep suits. Context: thread, may sleep. */
void fsleep(unsigned long usecs);
