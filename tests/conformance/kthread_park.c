/* SPDX-License-Identifier: MIT */
/*
 * Parking: kthread_park() waits until the thread stands in kthread_parkme(), unpark lets it go on, stop goes
 * through.
 */
#include "promise.h"
#include <linux/completion.h>
#include <linux/kthread.h>

static int rounds, parked;
static DECLARE_COMPLETION(runs);

static int parks(void *unused)
{
	complete(&runs);
	while (!kthread_should_stop()) {
		if (kthread_should_park()) {
			parked++;
			kthread_parkme();
			complete(&runs);
			continue;
		}
		rounds++;
		schedule_timeout_interruptible(1);
	}
	return parked;
}

static void run(void)
{
	struct task_struct *t = kthread_run(parks, NULL, "parks");
	int before;

	wait_for_completion(&runs);
	ask(kthread_park(t));
	before = rounds;
	schedule_timeout_interruptible(5);
	ask(rounds == before);
	ask(parked);
	say("parking a parked thread");
	ask(kthread_park(t));
	kthread_unpark(t);
	wait_for_completion(&runs);
	ask(kthread_park(t));
	ask(parked);
	say("stop lets it go on");
	ask(kthread_stop(t));
	reinit_completion(&runs);
	t = kthread_create(parks, NULL, "parks_unborn");
	ask(kthread_park(t));
	kthread_unpark(t);
	wait_for_completion(&runs);
	ask(kthread_stop(t));
}
promise(run);
