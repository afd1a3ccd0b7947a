/* SPDX-License-Identifier: MIT */
/* schedule_hrtimeout() and schedule_timeout(): who wakes whom, and what they answer. */
#include "promise.h"
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include <linux/sched.h>

static int answer;
static DECLARE_COMPLETION(ready);

static int sleeps(void *unused)
{
	ktime_t time = ktime_set(1000, 0);

	set_current_state(TASK_INTERRUPTIBLE);
	complete(&ready);
	answer = schedule_hrtimeout(&time, HRTIMER_MODE_REL);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return answer;
}

static void run(void)
{
	ktime_t soon = ms_to_ktime(2), past = 0, start = ktime_get();
	struct task_struct *t;

	set_current_state(TASK_UNINTERRUPTIBLE);
	ask(schedule_hrtimeout(&soon, HRTIMER_MODE_REL));
	ask(ktime_ms_delta(ktime_get(), start) >= 2);
	ask(current->__state == TASK_RUNNING);
	set_current_state(TASK_INTERRUPTIBLE);
	ask(schedule_hrtimeout_range(&soon, NSEC_PER_MSEC, HRTIMER_MODE_REL));
	set_current_state(TASK_UNINTERRUPTIBLE);
	ask(schedule_hrtimeout(&past, HRTIMER_MODE_ABS));
	ask(schedule_timeout_uninterruptible(0));
	ask(schedule_timeout_interruptible(2));
	ask(schedule_timeout_killable(1));
	ask(schedule_timeout_idle(1));
	set_current_state(TASK_RUNNING);
	ask(schedule_timeout(2) <= 2);
	t = kthread_run(sleeps, NULL, "hrtimeout");
	wait_for_completion(&ready);
	while (READ_ONCE(t->__state) == TASK_RUNNING || READ_ONCE(t->on_cpu))
		msleep(1);
	ask(wake_up_process(t));
	ask(kthread_stop(t));
}
promise(run);
