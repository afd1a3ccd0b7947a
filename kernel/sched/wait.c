/* SPDX-License-Identifier: MIT */
/*
 * Wait queues.
 *
 * A queue is a lock and a list of entries, one per sleeper; an entry has a function that a wake-up calls. The ordinary
 * one wakes a thread; autoremove_wake_function also takes the entry off, so a woken thread that runs much later does
 * not have to be passed by every wake-up until then. Entries marked exclusive stand at the end: a wake-up goes through
 * the list from the front and stops after `nr` of them.
 *
 * The race that all of this is about. Naively, a sleeper tests its condition, and sleeps if it is false:
 *
 *	sleeper				waker
 *	-------				-----
 *	if (!condition)
 *					condition = true
 *					wake_up(): nobody sleeps
 *		sleep: for ever
 *
 * So the sleeper says first that it will sleep, and tests then. ORDER(sleep-wake):
 *
 *	sleeper				waker
 *	-------				-----
 *	enqueue, state = sleep		condition = true
 *	full barrier			full barrier
 *	if (!condition)			if (state is sleep)
 *		schedule()			state = running
 *
 * Each side writes, then reads what the other wrote. With a full barrier in between, at least one of them sees the
 * other's write: either the sleeper sees the condition and does not call schedule(), or the waker sees the state and
 * undoes it, and schedule() returns at once or soon. The sleeper's barrier is in set_current_state(); the waker's is
 * the lock of the queue plus the barrier in try_to_wake_up(). On x86 both are real instructions: a store may otherwise
 * be overtaken by a later load.
 *
 * Locking: the queue's lock for the list and, while it is held, for calling the entries' functions.
 * Rejected: Linux's bookmark that lets go of the lock during very long walks.
 * Read next: completion.c.
 */
#include <linux/wait.h>
#include <linux/export.h>
#include <linux/hrtimer.h>
#include <linux/lockdep.h>
#include <linux/sched/shake.h>
#include <linux/timekeeping.h>
#include <linux/upcall.h>

#include "lost_wakeup.h"
#include "wait_gone.h"
#include "wake.h"

void init_wait_entry(struct wait_queue_entry *wq_entry, int flags)
{
	wq_entry->flags = flags;
	wq_entry->private = current;
	wq_entry->func = autoremove_wake_function;
	INIT_LIST_HEAD(&wq_entry->entry);
}
EXPORT_SYMBOL(init_wait_entry);

static void add_locked(struct wait_queue_head *wq_head,
		       void (*add)(struct wait_queue_head *, struct wait_queue_entry *),
		       struct wait_queue_entry *wq_entry)
{
	unsigned long flags;

	spin_lock_irqsave(&wq_head->lock, flags);
	wait_queue_expect_init(wq_head);
	add(wq_head, wq_entry);
	spin_unlock_irqrestore(&wq_head->lock, flags);
}

void add_wait_queue(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry)
{
	wq_entry->flags &= ~WQ_FLAG_EXCLUSIVE;
	add_locked(wq_head, __add_wait_queue, wq_entry);
}
EXPORT_SYMBOL(add_wait_queue);

void add_wait_queue_exclusive(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry)
{
	wq_entry->flags |= WQ_FLAG_EXCLUSIVE;
	add_locked(wq_head, __add_wait_queue_entry_tail, wq_entry);
}
EXPORT_SYMBOL(add_wait_queue_exclusive);

void add_wait_queue_priority(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry)
{
	wq_entry->flags |= WQ_FLAG_EXCLUSIVE | WQ_FLAG_PRIORITY;
	add_locked(wq_head, __add_wait_queue, wq_entry);
}
EXPORT_SYMBOL_GPL(add_wait_queue_priority);

void remove_wait_queue(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry)
{
	add_locked(wq_head, __remove_wait_queue, wq_entry);
}
EXPORT_SYMBOL(remove_wait_queue);

/* ---- waking ---- */

/* Somebody is on the list. */
static noinline int wake_up_list(struct wait_queue_head *wq_head, unsigned int mode, int nr, int wake_flags, void *key)
{
	struct list_head *at = wait_queue_next(wq_head, &wq_head->head), *next;
	int left = nr;

	for (; at != &wq_head->head; at = next) {
		struct wait_queue_entry *curr = list_entry(at, struct wait_queue_entry, entry);
		unsigned int flags = curr->flags;
		int ret;

		next = wait_queue_next(wq_head, at);
		ret = curr->func(curr, mode, wake_flags, key);
		if (ret < 0)
			break;
		if (ret && (flags & WQ_FLAG_EXCLUSIVE) && !--left)
			break;
	}
	return nr - left;
}

static __always_inline int wake_up_common(struct wait_queue_head *wq_head, unsigned int mode, int nr, int wake_flags,
					  void *key)
{
	lockdep_assert_held(&wq_head->lock);
	if (unlikely(READ_ONCE(lost_wakeup_suspects)))
		lost_wakeup_absolve(wq_head, false);
	if (list_empty(&wq_head->head))
		return 0;
	return wake_up_list(wq_head, mode, nr, wake_flags, key);
}

static int wake_up_lock(struct wait_queue_head *wq_head, unsigned int mode, int nr, int wake_flags, void *key)
{
	unsigned long flags;
	int woken;

	shake_point();
	if (wait_queue_is_gone(wq_head, "wait queue", "Who may wake it must be told before its function returns"))
		return 0;
	spin_lock_irqsave(&wq_head->lock, flags);
	woken = wake_up_common(wq_head, mode, nr, wake_flags, key);
	spin_unlock_irqrestore(&wq_head->lock, flags);
	return woken;
}

int __wake_up(struct wait_queue_head *wq_head, unsigned int mode, int nr, void *key)
{
	return wake_up_lock(wq_head, mode, nr, 0, key);
}
EXPORT_SYMBOL(__wake_up);

void __wake_up_sync_key(struct wait_queue_head *wq_head, unsigned int mode, void *key)
{
	wake_up_lock(wq_head, mode, 1, WF_SYNC, key);
}
EXPORT_SYMBOL(__wake_up_sync_key);

void __wake_up_sync(struct wait_queue_head *wq_head, unsigned int mode)
{
	__wake_up_sync_key(wq_head, mode, NULL);
}
EXPORT_SYMBOL(__wake_up_sync);

void __wake_up_locked(struct wait_queue_head *wq_head, unsigned int mode, int nr)
{
	wake_up_common(wq_head, mode, nr, 0, NULL);
}
EXPORT_SYMBOL_GPL(__wake_up_locked);

void __wake_up_locked_key(struct wait_queue_head *wq_head, unsigned int mode, void *key)
{
	wake_up_common(wq_head, mode, 1, 0, key);
}
EXPORT_SYMBOL_GPL(__wake_up_locked_key);

void __wake_up_locked_sync_key(struct wait_queue_head *wq_head, unsigned int mode, void *key)
{
	wake_up_common(wq_head, mode, 1, WF_SYNC, key);
}
EXPORT_SYMBOL_GPL(__wake_up_locked_sync_key);

int default_wake_function(wait_queue_entry_t *wq_entry, unsigned int mode, int flags, void *key)
{
	return default_wake_up(wq_entry->private, mode, flags);
}
EXPORT_SYMBOL(default_wake_function);

int autoremove_wake_function(wait_queue_entry_t *wq_entry, unsigned int mode, int flags, void *key)
{
	int ret = default_wake_function(wq_entry, mode, flags, key);

	/* ORDER(wait-entry): the sleeper's finish_wait() looks at the list without the lock; once it finds itself off,
	 * nobody here touches the entry, which may be on its stack. */
	if (ret)
		list_del_init_careful(&wq_entry->entry);
	return ret;
}
EXPORT_SYMBOL(autoremove_wake_function);

int woken_wake_function(wait_queue_entry_t *wq_entry, unsigned int mode, int flags, void *key)
{
	/* ORDER(woken): condition, full barrier, then the flag; pairs with wait_woken(). */
	smp_mb();
	wq_entry->flags |= WQ_FLAG_WOKEN;
	return default_wake_function(wq_entry, mode, flags, key);
}
EXPORT_SYMBOL(woken_wake_function);

/* ---- sleeping ---- */

/* Behind all others. That an exclusive one comes, or comes back, may explain what looks like a lost wake-up. */
static void add_behind(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry)
{
	if (wq_entry->flags & WQ_FLAG_EXCLUSIVE) {
		wq_entry->flags |= wq_entry->flags & WQ_FLAG_CAME ? WQ_FLAG_CAME_BACK : WQ_FLAG_CAME;
		if (unlikely(READ_ONCE(lost_wakeup_suspects)))
			lost_wakeup_absolve(wq_head, true);
	}
	__add_wait_queue_entry_tail(wq_head, wq_entry);
}

void prepare_to_wait(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry, int state)
{
	unsigned long flags;

	wq_entry->flags &= ~WQ_FLAG_EXCLUSIVE;
	spin_lock_irqsave(&wq_head->lock, flags);
	wait_queue_expect_init(wq_head);
	if (list_empty(&wq_entry->entry))
		__add_wait_queue(wq_head, wq_entry);
	set_current_state(state);
	spin_unlock_irqrestore(&wq_head->lock, flags);
	shake_point();
}
EXPORT_SYMBOL(prepare_to_wait);

bool prepare_to_wait_exclusive(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry, int state)
{
	bool was_empty = false;
	unsigned long flags;

	wq_entry->flags |= WQ_FLAG_EXCLUSIVE;
	spin_lock_irqsave(&wq_head->lock, flags);
	wait_queue_expect_init(wq_head);
	if (list_empty(&wq_entry->entry)) {
		was_empty = list_empty(&wq_head->head);
		__add_wait_queue_entry_tail(wq_head, wq_entry);
	}
	set_current_state(state);
	spin_unlock_irqrestore(&wq_head->lock, flags);
	shake_point();
	return was_empty;
}
EXPORT_SYMBOL(prepare_to_wait_exclusive);

/*
 * With a signal pending we must not stay: but an exclusive wake-up may just have been spent on us. It is not lost: if
 * we were woken, autoremove_wake_function has taken us off the queue, and the caller tests its condition once more.
 */
long prepare_to_wait_event(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry, int state)
{
	unsigned long flags;
	long ret = 0;

	spin_lock_irqsave(&wq_head->lock, flags);
	if (signal_pending_state(state, current)) {
		list_del_init(&wq_entry->entry);
		ret = -ERESTARTSYS;
	} else {
		wait_queue_expect_init(wq_head);
		if (list_empty(&wq_entry->entry)) {
			if (wq_entry->flags & WQ_FLAG_EXCLUSIVE)
				add_behind(wq_head, wq_entry);
			else
				__add_wait_queue(wq_head, wq_entry);
		}
		set_current_state(state | TASK_WAIT_LOOP);
	}
	spin_unlock_irqrestore(&wq_head->lock, flags);
	shake_point();
	return ret;
}
EXPORT_SYMBOL(prepare_to_wait_event);

void finish_wait(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry)
{
	unsigned long flags;

	__set_current_state(TASK_RUNNING);
	/* ORDER(wait-entry): if we are off the list, the waker has finished with the entry. */
	if (list_empty_careful(&wq_entry->entry))
		return;
	spin_lock_irqsave(&wq_head->lock, flags);
	if (unlikely(was_probed(current)) && !list_empty(&wq_entry->entry))
		lost_wakeup_suspect(wq_head, wq_entry);
	list_del_init(&wq_entry->entry);
	spin_unlock_irqrestore(&wq_head->lock, flags);
}
EXPORT_SYMBOL(finish_wait);

void __finish_wait_locked(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry, int ret)
{
	__set_current_state(TASK_RUNNING);
	if (unlikely(was_probed(current)) && !list_empty(&wq_entry->entry) && !ret)
		lost_wakeup_suspect(wq_head, wq_entry);
	__remove_wait_queue(wq_head, wq_entry);
}
EXPORT_SYMBOL(__finish_wait_locked);

long wait_woken(struct wait_queue_entry *wq_entry, unsigned int mode, long timeout)
{
	/* ORDER(woken): state, full barrier (in set_current_state), then the flag. */
	set_current_state(mode);
	if (!(wq_entry->flags & WQ_FLAG_WOKEN) && !(current->flags & PF_KTHREAD && kthread_should_stop_or_park()))
		timeout = schedule_timeout(timeout);
	__set_current_state(TASK_RUNNING);
	/* ORDER(woken): the flag is cleared before the caller tests its condition; a full barrier keeps it so. */
	smp_store_mb(wq_entry->flags, wq_entry->flags & ~WQ_FLAG_WOKEN);
	return timeout;
}
EXPORT_SYMBOL(wait_woken);

/* One round of a wait with the queue's lock held: let it go, sleep, take it again. */
int do_wait_intr(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry)
{
	if (list_empty(&wq_entry->entry))
		add_behind(wq_head, wq_entry);
	set_current_state(TASK_INTERRUPTIBLE | TASK_WAIT_LOOP);
	if (signal_pending(current))
		return -ERESTARTSYS;
	spin_unlock(&wq_head->lock);
	schedule();
	spin_lock(&wq_head->lock);
	return 0;
}
EXPORT_SYMBOL(do_wait_intr);

int do_wait_intr_irq(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry)
{
	if (list_empty(&wq_entry->entry))
		add_behind(wq_head, wq_entry);
	set_current_state(TASK_INTERRUPTIBLE | TASK_WAIT_LOOP);
	if (signal_pending(current))
		return -ERESTARTSYS;
	spin_unlock_irq(&wq_head->lock);
	schedule();
	spin_lock_irq(&wq_head->lock);
	return 0;
}
EXPORT_SYMBOL(do_wait_intr_irq);

ktime_t __wait_deadline(ktime_t timeout)
{
	return timeout == KTIME_MAX ? KTIME_MAX : ktime_add(ktime_get(), timeout);
}
EXPORT_SYMBOL(__wait_deadline);

/* Return: has the time passed? */
bool __sched __wait_hrtimeout(ktime_t *deadline)
{
	if (*deadline == KTIME_MAX) {
		schedule();
		return false;
	}
	return schedule_hrtimeout(deadline, HRTIMER_MODE_ABS) == 0;
}
EXPORT_SYMBOL(__wait_hrtimeout);
