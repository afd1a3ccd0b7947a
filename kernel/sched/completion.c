/* SPDX-License-Identifier: MIT */
/*
 * Completions: a count of what has happened, and a wait queue for those who came before it did.
 *
 * complete() adds one and wakes the longest waiter; a waiter takes one away and goes. complete_all() sets the count to
 * its largest value, which means "for good": nobody takes from it.
 *
 * All of it is under the queue's lock, which makes two things simple. A sleeper tests `done` and sets its state under
 * the lock, so no wake-up falls in between. And a waiter cannot return before complete() has let the lock go, its very
 * last touch; so the completion may be on the waiter's stack.
 *
 * A completion on a stack that has gone is noticed by complete(), which then leaves it alone (wait_gone.c).
 *
 * Mostly nobody waits yet when complete() comes, or it has come when somebody would wait. So complete() looks at the
 * list before it calls the wake-up, and a waiter makes himself an entry only when he has to sleep. All entries are made
 * here, so no function has to be asked what waking means. Who is taken off the list but turns out to be awake already
 * (a time-out, a signal) looks at `done` before he gives up; so that nobody waits for one who is held up on the way
 * (frozen, say), the next one is woken as well, and who comes too late sleeps again.
 *
 * Rejected: an atomic fast path for the waiter who comes late. It would let him return, and the stack go, while
 * complete() still holds the lock.
 * Read next: kernel/kthread.c, which is built of these.
 */
#include <linux/completion.h>
#include <linux/export.h>
#include <linux/limits.h>
#include <linux/lockdep.h>

#include "sched.h"
#include "wait_gone.h"

/* Waiting for it has ended without it, by a timeout or a signal? */
static __always_inline bool is_gone(struct completion *x)
{
	return wait_queue_is_gone(&x->wait, "completion", "Who gives up waiting must see to it that nobody completes "
				  "it any more before the function returns; or let it live in memory that both sides "
				  "free together");
}

/*
 * The longest waiter goes on; if he is on his way already, the next one. The lock is given back with that wake-up: who
 * preempts us does so here.
 */
static noinline void wake_first_and_unlock(struct completion *x, unsigned long flags)
{
	struct list_head *at;

	lockdep_assert_held(&x->wait.lock);
	while ((at = wait_queue_next(&x->wait, &x->wait.head)) != &x->wait.head) {
		struct task_struct *p = list_entry(at, struct wait_queue_entry, entry)->private;

		list_del_init(at);
		if (wake_up_and_unlock(p, &x->wait.lock, flags))
			return;
	}
	spin_unlock_irqrestore(&x->wait.lock, flags);
}

void complete(struct completion *x)
{
	unsigned long flags;

	shake_point();
	if (is_gone(x))
		return;
	spin_lock_irqsave(&x->wait.lock, flags);
	if (x->done != UINT_MAX)
		x->done++;
	if (waitqueue_active(&x->wait))
		wake_first_and_unlock(x, flags);
	else
		spin_unlock_irqrestore(&x->wait.lock, flags);
}
EXPORT_SYMBOL(complete);

static void wake_all(struct completion *x)
{
	struct list_head *at;

	lockdep_assert_held(&x->wait.lock);
	while ((at = wait_queue_next(&x->wait, &x->wait.head)) != &x->wait.head) {
		list_del_init(at);
		try_to_wake_up(list_entry(at, struct wait_queue_entry, entry)->private, TASK_NORMAL, 0);
	}
}

void complete_all(struct completion *x)
{
	unsigned long flags;

	shake_point();
	if (is_gone(x))
		return;
	spin_lock_irqsave(&x->wait.lock, flags);
	x->done = UINT_MAX;
	if (waitqueue_active(&x->wait))
		wake_all(x);
	spin_unlock_irqrestore(&x->wait.lock, flags);
}
EXPORT_SYMBOL(complete_all);

static void take_one(struct completion *x)
{
	if (x->done != UINT_MAX)
		x->done--;
}

/* It has not happened yet. The lock is held, interrupts are off. Return: what is left of the time; or -ERESTARTSYS. */
static noinline long __sched sleep_locked(struct completion *x, long timeout, unsigned int state)
{
	DEFINE_WAIT(wait);

	wait_queue_expect_init(&x->wait);
	wait.flags |= WQ_FLAG_EXCLUSIVE;
	do {
		if (signal_pending_state(state, current)) {
			timeout = -ERESTARTSYS;
			break;
		}
		if (!timeout)
			break;
		if (list_empty(&wait.entry))
			__add_wait_queue_entry_tail(&x->wait, &wait);
		__set_current_state(state);
		spin_unlock_irq(&x->wait.lock);
		if (timeout == MAX_SCHEDULE_TIMEOUT)
			schedule();
		else
			timeout = schedule_timeout(timeout);
		spin_lock_irq(&x->wait.lock);
	} while (!x->done);
	if (!list_empty(&wait.entry))
		list_del(&wait.entry);
	return timeout;
}

/* Return: what is left of the time, at least 1; 0: none left, and it has not happened; or -ERESTARTSYS. */
static __always_inline long __sched wait_common(struct completion *x, long timeout, unsigned int state)
{
	might_sleep();
	spin_lock_irq(&x->wait.lock);
	if (!x->done)
		timeout = sleep_locked(x, timeout, state);
	if (x->done) {
		take_one(x);
		timeout = max(timeout, 1L);
	}
	spin_unlock_irq(&x->wait.lock);
	return timeout;
}

/* The forms without a time: 0, or the error. */
static __always_inline int __sched wait_forever(struct completion *x, unsigned int state)
{
	long ret = wait_common(x, MAX_SCHEDULE_TIMEOUT, state);

	return ret < 0 ? ret : 0;
}

void __sched wait_for_completion(struct completion *x)
{
	wait_forever(x, TASK_UNINTERRUPTIBLE);
}
EXPORT_SYMBOL(wait_for_completion);

void __sched wait_for_completion_io(struct completion *x)
{
	wait_forever(x, TASK_UNINTERRUPTIBLE);
}
EXPORT_SYMBOL(wait_for_completion_io);

int __sched wait_for_completion_interruptible(struct completion *x)
{
	return wait_forever(x, TASK_INTERRUPTIBLE);
}
EXPORT_SYMBOL(wait_for_completion_interruptible);

int __sched wait_for_completion_killable(struct completion *x)
{
	return wait_forever(x, TASK_KILLABLE);
}
EXPORT_SYMBOL(wait_for_completion_killable);

int __sched wait_for_completion_state(struct completion *x, unsigned int state)
{
	return wait_forever(x, state);
}
EXPORT_SYMBOL_GPL(wait_for_completion_state);

unsigned long __sched wait_for_completion_timeout(struct completion *x, unsigned long timeout)
{
	return wait_common(x, timeout, TASK_UNINTERRUPTIBLE);
}
EXPORT_SYMBOL(wait_for_completion_timeout);

unsigned long __sched wait_for_completion_io_timeout(struct completion *x, unsigned long timeout)
{
	return wait_common(x, timeout, TASK_UNINTERRUPTIBLE);
}
EXPORT_SYMBOL(wait_for_completion_io_timeout);

long __sched wait_for_completion_interruptible_timeout(struct completion *x, unsigned long timeout)
{
	return wait_common(x, timeout, TASK_INTERRUPTIBLE);
}
EXPORT_SYMBOL(wait_for_completion_interruptible_timeout);

long __sched wait_for_completion_killable_timeout(struct completion *x, unsigned long timeout)
{
	return wait_common(x, timeout, TASK_KILLABLE);
}
EXPORT_SYMBOL(wait_for_completion_killable_timeout);

bool try_wait_for_completion(struct completion *x)
{
	unsigned long flags;
	bool got;

	spin_lock_irqsave(&x->wait.lock, flags);
	got = x->done != 0;
	if (got)
		take_one(x);
	spin_unlock_irqrestore(&x->wait.lock, flags);
	return got;
}
EXPORT_SYMBOL(try_wait_for_completion);

bool completion_done(struct completion *x)
{
	unsigned long flags;
	bool done;

	/* The lock, so that a true answer means that complete() has let go of it. */
	spin_lock_irqsave(&x->wait.lock, flags);
	done = x->done != 0;
	spin_unlock_irqrestore(&x->wait.lock, flags);
	return done;
}
EXPORT_SYMBOL(completion_done);
