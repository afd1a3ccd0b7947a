/* SPDX-License-Identifier: MIT */
/*
 * What wait_event_timeout() and its like answer: 0 when time was up, at least 1 when the condition came, jiffies
 * left.
 */
#include "promise.h"
#include <linux/jiffies.h>
#include <linux/wait.h>

static DECLARE_WAIT_QUEUE_HEAD(queue);
static bool yes = true, no;

static void run(void)
{
	ask(wait_event_timeout(queue, no, 2));
	ask(wait_event_timeout(queue, yes, 0));
	ask(wait_event_timeout(queue, yes, 1));
	ask(wait_event_timeout(queue, yes, 1000));
	ask(wait_event_timeout(queue, no, 0));
	ask(wait_event_interruptible_timeout(queue, no, 2));
	ask(wait_event_interruptible_timeout(queue, yes, 0));
	ask(wait_event_interruptible_timeout(queue, yes, 77));
	ask(wait_event_killable_timeout(queue, no, 1));
	ask(wait_event_killable_timeout(queue, yes, 5));
	ask(wait_event_interruptible(queue, yes));
	ask(wait_event_killable(queue, yes));
	ask(wait_event_idle_timeout(queue, no, 1));
	ask(wait_event_idle_timeout(queue, yes, 9));
	ask(wait_event_hrtimeout(queue, yes, ms_to_ktime(1)));
	ask(wait_event_hrtimeout(queue, no, ms_to_ktime(1)));
	ask(wait_event_interruptible_hrtimeout(queue, no, ms_to_ktime(1)));
	wait_event(queue, yes);
	ask(waitqueue_active(&queue));
	ask(wq_has_sleeper(&queue));
}
promise(run);
