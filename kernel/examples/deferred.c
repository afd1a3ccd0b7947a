/* SPDX-License-Identifier: MIT */
/*
 * Deferred work: "call this function in a quarter of a second". A thread of its own calls them, so that they may sleep;
 * Linux's delayed work does this with timers and a workqueue, here it is one tree and one thread.
 *
 *	actions by their time:   [ 120 ]   [ 125 ]   [ 300 ]   [ 4711 ]
 *	                            ^
 *	                            the thread sleeps until 120, or until an earlier one comes
 *
 * The tree keeps its first node at hand, so looking at the next action costs nothing, and adding or taking out one of a
 * thousand costs ten steps. Actions of the same time are called in the order in which they were added.
 *
 * How does the thread sleep until then, and yet wake for an action that comes in front? ORDER(sleep-wake), by hand,
 * without a wait queue: it says that it is going to sleep, then looks at the tree, then sleeps. Whoever adds an action
 * in front changes the tree, then wakes the thread. If that falls between the look and the sleep, the wake-up turns the
 * thread's state back to "running", and schedule_timeout() returns at once. While a function runs nobody wakes the
 * thread, which might sleep in there for another reason; it will look at the tree anyway.
 *
 * The function gets its action back and may do with it what it likes: free it, defer it again. So after the call the
 * thread never looks at the action; deferred_cancel_sync() compares its address with q->running, and no more.
 *
 * Locking: q->lock, with interrupts off, for all may be called from interrupts; waking's locks are inside of it.
 * Read next: journal.c.
 */
#include "deferred.h"
#include "examples.h"
#include <linux/bug.h>
#include <linux/console.h>
#include <linux/errno.h>
#include <linux/freezer.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/lockdep.h>
#include <linux/prandom.h>

static bool is_earlier(struct rb_node *a, const struct rb_node *b)
{
	return time_before(rb_entry(a, struct deferred_action, node)->expires,
			   rb_entry(b, struct deferred_action, node)->expires);
}

static bool take_out_locked(struct deferred_queue *q, struct deferred_action *action)
{
	lockdep_assert_held(&q->lock);
	if (!action->queued)
		return false;
	rb_erase_cached(&action->node, &q->actions);
	action->queued = false;
	q->nr_actions--;
	return true;
}

/* ---- the thread ---- */

/* Take out the first action, if its time has come. Else NULL, and *left is how long to sleep. */
static struct deferred_action *take_due(struct deferred_queue *q, long *left)
{
	struct deferred_action *action = NULL;
	struct rb_node *first;

	spin_lock_irq(&q->lock);
	first = rb_first_cached(&q->actions);
	*left = MAX_SCHEDULE_TIMEOUT;
	if (first) {
		action = rb_entry(first, struct deferred_action, node);
		*left = action->expires - jiffies;
		if (*left > 0)
			action = NULL;
	}
	if (action) {
		take_out_locked(q, action);
		q->running = action;
		q->worst_delay = max(q->worst_delay, (unsigned long)-*left);
	}
	spin_unlock_irq(&q->lock);
	return action;
}

static void call(struct deferred_queue *q, struct deferred_action *action)
{
	action->fn(action);
	q->done++;
	/* From here on there may be no action any more. */
	spin_lock_irq(&q->lock);
	q->running = NULL;
	spin_unlock_irq(&q->lock);
	wake_up_all(&q->ended);
}

static int run_actions(void *data)
{
	struct deferred_queue *q = data;

	set_freezable();
	while (!kthread_should_stop()) {
		struct deferred_action *action;
		long left;

		/* ORDER(sleep-wake): the state, then the look at the tree and at should_stop, then the sleep. */
		set_current_state(TASK_INTERRUPTIBLE | TASK_FREEZABLE);
		action = take_due(q, &left);
		if (!action && !kthread_should_stop())
			schedule_timeout(left);
		__set_current_state(TASK_RUNNING);
		try_to_freeze();
		if (action)
			call(q, action);
	}
	return 0;
}

/* ---- for its users ---- */

int defer(struct deferred_queue *q, struct deferred_action *action, unsigned long delay)
{
	unsigned long flags;
	int ret;

	spin_lock_irqsave(&q->lock, flags);
	if (q->closed || action->cancelers) {
		ret = q->closed ? -ESHUTDOWN : -EBUSY;
	} else {
		ret = take_out_locked(q, action);
		action->expires = jiffies + delay;
		action->queued = true;
		q->nr_actions++;
		/* Under the lock: once the queue is closed, its thread may go. */
		if (rb_add_cached(&action->node, &q->actions, is_earlier) && !q->running)
			wake_up_process(q->thread);
	}
	spin_unlock_irqrestore(&q->lock, flags);
	return ret;
}

bool deferred_cancel(struct deferred_queue *q, struct deferred_action *action)
{
	unsigned long flags;
	bool waited;

	spin_lock_irqsave(&q->lock, flags);
	waited = take_out_locked(q, action);
	spin_unlock_irqrestore(&q->lock, flags);
	return waited;
}

static bool is_running(struct deferred_queue *q, struct deferred_action *action)
{
	return READ_ONCE(q->running) == action;
}

bool deferred_cancel_sync(struct deferred_queue *q, struct deferred_action *action)
{
	bool waited;

	might_sleep();
	if (WARN(current == q->thread, "deferred_cancel_sync() from within a deferred function waits for that "
		 "function's own end: use deferred_cancel()\n"))
		return deferred_cancel(q, action);
	spin_lock_irq(&q->lock);
	waited = take_out_locked(q, action);
	action->cancelers++;	/* or a function that defers itself would be running whenever we look */
	spin_unlock_irq(&q->lock);
	wait_event(q->ended, !is_running(q, action));
	spin_lock_irq(&q->lock);
	action->cancelers--;
	spin_unlock_irq(&q->lock);
	return waited;
}

int deferred_start(struct deferred_queue *q)
{
	struct task_struct *p;

	*q = (struct deferred_queue){ .actions = RB_ROOT_CACHED };
	spin_lock_init(&q->lock);
	init_waitqueue_head(&q->ended);
	p = kthread_create(run_actions, q, "deferred");
	if (IS_ERR(p))
		return PTR_ERR(p);
	q->thread = p;		/* before anybody can defer, also a function of ours */
	wake_up_process(p);
	return 0;
}

unsigned int deferred_stop(struct deferred_queue *q)
{
	struct rb_node *first;
	unsigned int nr;

	spin_lock_irq(&q->lock);
	q->closed = true;
	nr = q->nr_actions;
	while ((first = rb_first_cached(&q->actions)))
		take_out_locked(q, rb_entry(first, struct deferred_action, node));
	spin_unlock_irq(&q->lock);
	kthread_stop(q->thread);
	return nr;
}

/* ---- the example: reminders that set themselves again ---- */

static struct deferred_queue example;
static struct rnd_state random;		/* the thread's, once it runs */

static struct reminder {
	struct deferred_action	action;
	unsigned int		calls;
} reminders[16];

static void remind(struct deferred_action *action)
{
	struct reminder *r = container_of(action, struct reminder, action);

	r->calls++;
	defer(&example, action, msecs_to_jiffies(5 + prandom_u32_max_state(&random, 300)));
}

static int start_example(void)
{
	int err = deferred_start(&example);

	if (err)
		return err;
	prandom_seed_state(&random, 1);
	for (int i = 0; i < ARRAY_SIZE(reminders); i++) {
		deferred_init(&reminders[i].action, remind);
		defer(&example, &reminders[i].action, msecs_to_jiffies(10 * i + 10));
	}
	return 0;
}

static int stop_example(void)
{
	deferred_stop(&example);
	return 0;
}

static void show_example(void)
{
	struct deferred_queue *q = &example;

	example_print_thread("deferred", q->thread);
	console_printf("%lu functions called, the worst %u ms behind its time; %u waiting\n", READ_ONCE(q->done),
		       jiffies_to_msecs(READ_ONCE(q->worst_delay)), READ_ONCE(q->nr_actions));
}

const struct example deferred_example = {
	.name = "deferred", .summary = "calls functions when their time has come",
	.start = start_example, .stop = stop_example, .status = show_example,
};
