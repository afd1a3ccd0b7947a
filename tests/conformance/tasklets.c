/* SPDX-License-Identifier: MIT */
/* Tasklets: scheduled twice they run once, disabled they wait, killed they are gone; they run in a softirq. */
#include "promise.h"
#include <linux/completion.h>
#include <linux/interrupt.h>

static int runs;
static DECLARE_COMPLETION(ran);

static void fn(struct tasklet_struct *t)
{
	if (!runs) {
		ask(!!in_softirq());
		ask(!!in_serving_softirq());
		ask(!!in_hardirq());
		ask(irqs_disabled());
	}
	runs++;
	complete(&ran);
}

static void old_style(unsigned long data)
{
	say("old style: %lu", data);
	complete(&ran);
}

static DECLARE_TASKLET(t, fn);
static DECLARE_TASKLET_DISABLED(off, fn);
static DECLARE_TASKLET_OLD(old, old_style);

static void run(void)
{
	struct tasklet_struct with_data;

	local_bh_disable();
	tasklet_schedule(&t);
	tasklet_schedule(&t);
	ask(runs);
	ask(test_bit(TASKLET_STATE_SCHED, &t.state));
	local_bh_enable();
	wait_for_completion(&ran);
	tasklet_kill(&t);
	ask(runs);
	tasklet_schedule(&off);
	ask(test_bit(TASKLET_STATE_SCHED, &off.state));
	ask(atomic_read(&off.count));
	tasklet_enable(&off);
	wait_for_completion(&ran);
	ask(runs);
	tasklet_kill(&off);
	tasklet_disable(&t);
	tasklet_hi_schedule(&t);
	ask(runs);
	tasklet_enable(&t);
	wait_for_completion(&ran);
	ask(runs);
	tasklet_kill(&t);
	tasklet_schedule(&old);
	wait_for_completion(&ran);
	tasklet_init(&with_data, old_style, 42);
	tasklet_schedule(&with_data);
	wait_for_completion(&ran);
	tasklet_kill(&with_data);
}
promise(run);
