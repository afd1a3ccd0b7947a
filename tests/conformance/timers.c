/* SPDX-License-Identifier: MIT */
/* Timers: what starting, moving and deleting answer, and whether they are pending. */
#include "promise.h"
#include <linux/completion.h>
#include <linux/interrupt.h>
#include <linux/timer.h>

static DECLARE_COMPLETION(fired);
static int count;

static void expired(struct timer_list *t)
{
	ask(timer_pending(t));
	ask(!!in_softirq());
	ask(!!in_hardirq());
	ask(!!in_task());
	ask(irqs_disabled());
	if (++count == 1)
		ask(mod_timer(t, jiffies + 1));
	else
		complete(&fired);
}

static DEFINE_TIMER(timer, expired);

static void run(void)
{
	ask(timer_pending(&timer));
	ask(del_timer(&timer));
	ask(mod_timer(&timer, jiffies + 1000 * HZ));
	ask(timer_pending(&timer));
	ask(mod_timer(&timer, jiffies + 2000 * HZ));
	ask(mod_timer_pending(&timer, jiffies + 3000 * HZ));
	ask(timer_reduce(&timer, jiffies + 500 * HZ));
	ask(del_timer(&timer));
	ask(mod_timer_pending(&timer, jiffies + 3000 * HZ));
	ask(del_timer_sync(&timer));
	ask(mod_timer(&timer, jiffies + 1));
	wait_for_completion(&fired);
	ask(del_timer_sync(&timer));
	ask(try_to_del_timer_sync(&timer));
	ask(count);
	timer.expires = jiffies + 100 * HZ;
	add_timer(&timer);
	ask(timer_pending(&timer));
	ask(del_timer_sync(&timer));
}
promise(run);
