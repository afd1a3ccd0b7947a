/* SPDX-License-Identifier: MIT */
/* Timers: reduced, modified only while pending, started anew by themselves, shut down; and jiffies rounded. */
#include "promise.h"
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/timer.h>

static int fired;

static void fires(struct timer_list *t)
{
	if (++fired < 3)
		mod_timer(t, jiffies + 1);
}

static DEFINE_TIMER(timer, fires);

static void run(void)
{
	unsigned long far = jiffies + 1000 * HZ;

	ask(mod_timer_pending(&timer, far));
	ask(timer_pending(&timer));
	ask(timer_reduce(&timer, far));
	ask(timer_pending(&timer));
	ask(timer_reduce(&timer, far + HZ));
	ask(timer.expires == far);
	ask(timer_reduce(&timer, far - HZ));
	ask(mod_timer(&timer, far));
	ask(mod_timer_pending(&timer, far));
	ask(del_timer(&timer));
	ask(del_timer(&timer));
	ask(del_timer_sync(&timer));
	ask(try_to_del_timer_sync(&timer));
	timer.expires = jiffies + 1;
	add_timer(&timer);
	while (READ_ONCE(fired) < 3)
		msleep(1);
	ask(del_timer_sync(&timer));
	ask(fired);
	ask(add_timer_on != NULL);
	timer.expires = far;
	add_timer_on(&timer, 2);
	ask(timer_pending(&timer));
	ask(del_timer_sync(&timer));
	ask(round_jiffies_up_relative(HZ / 2) >= HZ / 2);
	ask(time_after(far, jiffies));
	ask(time_before_eq(jiffies, far));
	ask(time_in_range(jiffies, jiffies - 10, far));
}
promise(run);
