/* SPDX-License-Identifier: MIT */
/*
 * Threads on a wait queue: the condition is asked again, a signal ends an interruptible wait, wake_up() wakes all
 * of them.
 */
#include "promise.h"
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/sched/signal.h>
#include <linux/wait.h>

static DECLARE_WAIT_QUEUE_HEAD(queue);
static DECLARE_COMPLETION(through);
static atomic_t asked = ATOMIC_INIT(0);
static int value;

static bool is(int wanted)
{
	atomic_inc(&asked);
	return READ_ONCE(value) == wanted;
}

static int waits(void *data)
{
	wait_event(queue, is((long)data));
	say_any_order("saw %ld", (long)data);
	kthread_complete_and_exit(&through, 0);	/* not a step more in this module */
}

static int interrupted(void *unused)
{
	allow_signal(SIGUSR1);
	complete(&through);
	ask(wait_event_interruptible(queue, is(99)));
	ask(signal_pending(current));
	flush_signals(current);
	complete(&through);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	ask(wait_event_interruptible(queue, kthread_should_stop()));
	return 1;
}

static void run(void)
{
	struct task_struct *t;

	for (long i = 0; i < 4; i++)
		kthread_run(waits, (void *)(1 + i / 2), "waits/%ld", i);
	for (int i = 1; i <= 2; i++) {
		WRITE_ONCE(value, i);
		wake_up_all(&queue);
		wait_for_completion(&through);
		wait_for_completion(&through);
		say("both of %d are through", i);
	}
	ask(atomic_read(&asked) >= 4);
	t = kthread_run(interrupted, NULL, "interrupted");
	wait_for_completion(&through);
	send_sig(SIGUSR1, t, 0);
	wait_for_completion(&through);
	ask(kthread_stop(t));
}
promise(run);
