/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Wait queues: sleep until a condition holds. The condition is yours, the queue only says when to look again.
 *
 * Nearly always: wait_event*(wq, condition) in the sleeper; change the condition, then wake_up(&wq), in the waker.
 * For "one thing has happened, once", <linux/completion.h> is simpler. Testing a condition and then sleeping without
 * these macros loses wake-ups; why, is drawn at the head of kernel/sched/wait.c.
 *
 * A wake-up that was forgotten, or came before its condition, is reported after some seconds, and the sleeper goes on:
 * kernel/sched/lost_wakeup.c.
 *
 * Context of the wait_* forms: thread, may sleep, no spinlock held but where named. wake_up*: any, interrupts included.
 * Return of the wait forms: interruptible and killable: 0 or -ERESTARTSYS; timeout forms: 0 when the time passed with
 * the condition false, else what was left of it (at least 1); the others nothing.
 * Semantics: Linux's Documentation/driver-api/basics, kernel-hacking ("wait queues").
 * Differs from Linux: who waits for long is woken now and then, to test its condition.
 */
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/sched.h>
#include <linux/errno.h>
#include <linux/ktime.h>

struct wait_queue_entry;
typedef struct wait_queue_entry wait_queue_entry_t;

/* Called by a wake-up with the queue locked, once per entry. Return: >0 woke it, 0 did not, <0 stop here. */
typedef int (*wait_queue_func_t)(wait_queue_entry_t *wq_entry, unsigned int mode, int flags, void *key);
int default_wake_function(wait_queue_entry_t *wq_entry, unsigned int mode, int flags, void *key);
int autoremove_wake_function(wait_queue_entry_t *wq_entry, unsigned int mode, int flags, void *key);
int woken_wake_function(wait_queue_entry_t *wq_entry, unsigned int mode, int flags, void *key);

#define WQ_FLAG_EXCLUSIVE	0x01	/* wake one of these, not all */
#define WQ_FLAG_WOKEN		0x02	/* wait_woken(): a wake-up came */
#define WQ_FLAG_PRIORITY	0x10	/* ahead of the others */
#define WQ_FLAG_CAME		0x20	/* exclusive, in a wait_event form: has been on the queue, ... */
#define WQ_FLAG_CAME_BACK	0x40	/* ... and again, after a wake-up */

struct wait_queue_entry {
	unsigned int		flags;
	void			*private;	/* the task, for the ready-made functions */
	wait_queue_func_t	func;
	struct list_head	entry;		/* lock: the head's */
};

struct wait_queue_head {
	spinlock_t		lock;
	struct list_head	head;
};
typedef struct wait_queue_head wait_queue_head_t;

#define __WAITQUEUE_INITIALIZER(name, tsk) \
	{ .private = tsk, .func = default_wake_function, .entry = { NULL, NULL } }
#define DECLARE_WAITQUEUE(name, tsk) struct wait_queue_entry name = __WAITQUEUE_INITIALIZER(name, tsk)
#define __WAIT_QUEUE_HEAD_INITIALIZER(name) \
	{ .lock = __SPIN_LOCK_UNLOCKED(name.lock), .head = LIST_HEAD_INIT(name.head) }
#define DECLARE_WAIT_QUEUE_HEAD(name) struct wait_queue_head name = __WAIT_QUEUE_HEAD_INITIALIZER(name)
#define DECLARE_WAIT_QUEUE_HEAD_ONSTACK(name) DECLARE_WAIT_QUEUE_HEAD(name)

static inline void __init_waitqueue_head(struct wait_queue_head *wq_head, const char *name, struct lock_class_key *key)
{
	__raw_spin_lock_init(&wq_head->lock, name, key);
	INIT_LIST_HEAD(&wq_head->head);
}
#define init_waitqueue_head(wq_head) \
	do { \
		static struct lock_class_key __key; \
		__init_waitqueue_head((wq_head), #wq_head, &__key); \
	} while (0)

static inline void init_waitqueue_entry(struct wait_queue_entry *wq_entry, struct task_struct *p)
{
	wq_entry->flags = 0;
	wq_entry->private = p;
	wq_entry->func = default_wake_function;
}

static inline void init_waitqueue_func_entry(struct wait_queue_entry *wq_entry, wait_queue_func_t func)
{
	wq_entry->flags = 0;
	wq_entry->private = NULL;
	wq_entry->func = func;
}

#define DEFINE_WAIT_FUNC(name, function) \
	struct wait_queue_entry name = { \
		.private = current, .func = function, .entry = LIST_HEAD_INIT((name).entry) }
#define DEFINE_WAIT(name) DEFINE_WAIT_FUNC(name, autoremove_wake_function)
#define init_wait(wait) \
	do { \
		(wait)->private = current; \
		(wait)->func = autoremove_wake_function; \
		INIT_LIST_HEAD(&(wait)->entry); \
		(wait)->flags = 0; \
	} while (0)
void init_wait_entry(struct wait_queue_entry *wq_entry, int flags);

/*
 * waitqueue_active: is anybody on the queue? Without the lock, so the waker needs a full barrier between its change of
 * the condition and this test; wq_has_sleeper() has it. Context: any.
 */
static inline int waitqueue_active(struct wait_queue_head *wq_head)
{
	return !list_empty(&wq_head->head);
}

static inline bool wq_has_sleeper(struct wait_queue_head *wq_head)
{
	/* ORDER(sleep-wake): waker's half without the lock: condition, full barrier, then the queue is read. */
	smp_mb();
	return waitqueue_active(wq_head);
}

static inline bool wq_has_single_sleeper(struct wait_queue_head *wq_head)
{
	return list_is_singular(&wq_head->head);
}

/* Putting an entry on the queue and off, by hand. Context: any. __x forms: the caller holds wq_head->lock. */
void add_wait_queue(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry);
void add_wait_queue_exclusive(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry);
void add_wait_queue_priority(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry);
void remove_wait_queue(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry);

static inline void __add_wait_queue(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry)
{
	struct list_head *head = &wq_head->head;
	struct wait_queue_entry *wq;

	list_for_each_entry(wq, &wq_head->head, entry) {
		if (!(wq->flags & WQ_FLAG_PRIORITY))
			break;
		head = &wq->entry;
	}
	list_add(&wq_entry->entry, head);
}

static inline void __add_wait_queue_exclusive(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry)
{
	wq_entry->flags |= WQ_FLAG_EXCLUSIVE;
	__add_wait_queue(wq_head, wq_entry);
}

static inline void __add_wait_queue_entry_tail(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry)
{
	list_add_tail(&wq_entry->entry, &wq_head->head);
}

static inline void __add_wait_queue_entry_tail_exclusive(struct wait_queue_head *wq_head,
							 struct wait_queue_entry *wq_entry)
{
	wq_entry->flags |= WQ_FLAG_EXCLUSIVE;
	__add_wait_queue_entry_tail(wq_head, wq_entry);
}

static inline void __remove_wait_queue(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry)
{
	list_del(&wq_entry->entry);
}

/*
 * Waking. nr: how many exclusive sleepers (0: all); others wake always, all of them. _interruptible: only those in
 * interruptible sleep. _sync: the waker is about to sleep itself, so no hurry to preempt it. _locked: the caller holds
 * wq_head->lock. Full barrier before a thread's state is read, if any is woken.
 */
int __wake_up(struct wait_queue_head *wq_head, unsigned int mode, int nr, void *key);
void __wake_up_sync_key(struct wait_queue_head *wq_head, unsigned int mode, void *key);
void __wake_up_locked(struct wait_queue_head *wq_head, unsigned int mode, int nr);
void __wake_up_locked_key(struct wait_queue_head *wq_head, unsigned int mode, void *key);
void __wake_up_locked_sync_key(struct wait_queue_head *wq_head, unsigned int mode, void *key);
void __wake_up_sync(struct wait_queue_head *wq_head, unsigned int mode);

#define wake_up(x)			__wake_up(x, TASK_NORMAL, 1, NULL)
#define wake_up_nr(x, nr)		__wake_up(x, TASK_NORMAL, nr, NULL)
#define wake_up_all(x)			__wake_up(x, TASK_NORMAL, 0, NULL)
#define wake_up_locked(x)		__wake_up_locked((x), TASK_NORMAL, 1)
#define wake_up_all_locked(x)		__wake_up_locked((x), TASK_NORMAL, 0)
#define wake_up_sync(x)			__wake_up_sync(x, TASK_NORMAL)
/* With a key that the entries' functions get to see. */
#define wake_up_poll(x, m)		__wake_up(x, TASK_NORMAL, 1, (void *)(unsigned long)(m))
#define wake_up_interruptible_poll(x, m) __wake_up(x, TASK_INTERRUPTIBLE, 1, (void *)(unsigned long)(m))
#define wake_up_interruptible(x)	__wake_up(x, TASK_INTERRUPTIBLE, 1, NULL)
#define wake_up_interruptible_nr(x, nr)	__wake_up(x, TASK_INTERRUPTIBLE, nr, NULL)
#define wake_up_interruptible_all(x)	__wake_up(x, TASK_INTERRUPTIBLE, 0, NULL)
#define wake_up_interruptible_sync(x)	__wake_up_sync((x), TASK_INTERRUPTIBLE)

/*
 * The parts of which the wait_event forms are made. prepare_to_wait: enqueue (if not yet) and set the state;
 * finish_wait: running again, and off the queue. prepare_to_wait_event: also notices signals (-ERESTARTSYS).
 * wait_woken: for sleepers whose condition may itself sleep: the wake-up is remembered in the entry.
 */
void prepare_to_wait(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry, int state);
bool prepare_to_wait_exclusive(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry, int state);
long prepare_to_wait_event(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry, int state);
void finish_wait(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry);
long wait_woken(struct wait_queue_entry *wq_entry, unsigned int mode, long timeout);
int do_wait_intr(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry);
int do_wait_intr_irq(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry);
void __finish_wait_locked(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry, int ret);

/* The loop under all of them. `cmd` sleeps; `ret` is the value's type and start. */
#define ___wait_is_interruptible(state) \
	(!__builtin_constant_p(state) || ((state) & (TASK_INTERRUPTIBLE | TASK_WAKEKILL)))

#define ___wait_event(wq_head, condition, state, exclusive, ret, cmd) \
({ \
	__label__ __out; \
	struct wait_queue_entry __wq_entry; \
	long __ret = ret; \
	init_wait_entry(&__wq_entry, exclusive ? WQ_FLAG_EXCLUSIVE : 0); \
	for (;;) { \
		long __int = prepare_to_wait_event(&wq_head, &__wq_entry, state); \
		if (condition) \
			break; \
		if (___wait_is_interruptible(state) && __int) { \
			__ret = __int; \
			goto __out; \
		} \
		cmd; \
	} \
	finish_wait(&wq_head, &__wq_entry); \
__out:	__ret; \
})

/* That the time is over is as good as the condition, but nobody has to wake it for that. */
#define ___wait_cond_timeout(condition) \
({ \
	bool __cond = (condition); \
	if (__cond && !__ret) \
		__ret = 1; \
	if (!__cond && !__ret) \
		WRITE_ONCE(current->probed, 0); \
	__cond || !__ret; \
})

#define __wait_event(wq, c)	(void)___wait_event(wq, c, TASK_UNINTERRUPTIBLE, 0, 0, schedule())
#define wait_event(wq_head, condition) \
do { \
	might_sleep(); \
	if (condition) \
		break; \
	__wait_event(wq_head, condition); \
} while (0)

#define ___wait_event_ret(wq_head, condition, state, exclusive, cmd) \
({ \
	int __wret = 0; \
	might_sleep(); \
	if (!(condition)) \
		__wret = ___wait_event(wq_head, condition, state, exclusive, 0, cmd); \
	__wret; \
})

#define ___wait_event_left(wq_head, condition, state, exclusive, timeout, cmd) \
({ \
	long __ret = timeout; \
	might_sleep(); \
	if (!___wait_cond_timeout(condition)) \
		__ret = ___wait_event(wq_head, ___wait_cond_timeout(condition), state, exclusive, timeout, cmd); \
	__ret; \
})

#define io_wait_event(wq_head, condition)	wait_event(wq_head, condition)
#define wait_event_interruptible(wq, c)	___wait_event_ret(wq, c, TASK_INTERRUPTIBLE, 0, schedule())
#define wait_event_killable(wq, c)	___wait_event_ret(wq, c, TASK_KILLABLE, 0, schedule())
#define wait_event_state(wq, c, state)	___wait_event_ret(wq, c, state, 0, schedule())
#define wait_event_interruptible_exclusive(wq, c) ___wait_event_ret(wq, c, TASK_INTERRUPTIBLE, 1, schedule())
#define wait_event_killable_exclusive(wq, c) ___wait_event_ret(wq, c, TASK_KILLABLE, 1, schedule())

/* _freezable: interruptible, and the thread may be frozen while it sleeps: <linux/freezer.h>. Time goes on then. */
#define wait_event_freezable(wq, c)	___wait_event_ret(wq, c, TASK_INTERRUPTIBLE | TASK_FREEZABLE, 0, schedule())
#define wait_event_freezable_exclusive(wq, c) \
	___wait_event_ret(wq, c, TASK_INTERRUPTIBLE | TASK_FREEZABLE, 1, schedule())
#define wait_event_freezable_timeout(wq, c, timeout) \
	___wait_event_left(wq, c, TASK_INTERRUPTIBLE | TASK_FREEZABLE, 0, timeout, __ret = schedule_timeout(__ret))

#define wait_event_timeout(wq, c, timeout) \
	___wait_event_left(wq, c, TASK_UNINTERRUPTIBLE, 0, timeout, __ret = schedule_timeout(__ret))
#define wait_event_interruptible_timeout(wq, c, timeout) \
	___wait_event_left(wq, c, TASK_INTERRUPTIBLE, 0, timeout, __ret = schedule_timeout(__ret))
#define wait_event_killable_timeout(wq, c, timeout) \
	___wait_event_left(wq, c, TASK_KILLABLE, 0, timeout, __ret = schedule_timeout(__ret))
#define wait_event_idle_timeout(wq, c, timeout) \
	___wait_event_left(wq, c, TASK_IDLE, 0, timeout, __ret = schedule_timeout(__ret))
#define wait_event_idle_exclusive_timeout(wq, c, timeout) \
	___wait_event_left(wq, c, TASK_IDLE, 1, timeout, __ret = schedule_timeout(__ret))

#define ___wait_event_void(wq_head, condition, state, exclusive, cmd) \
	do { (void)___wait_event_ret(wq_head, condition, state, exclusive, cmd); } while (0)

#define wait_event_idle(wq, c)		___wait_event_void(wq, c, TASK_IDLE, 0, schedule())
#define wait_event_idle_exclusive(wq, c) ___wait_event_void(wq, c, TASK_IDLE, 1, schedule())
#define wait_event_exclusive_cmd(wq, c, cmd1, cmd2) \
	___wait_event_void(wq, c, TASK_UNINTERRUPTIBLE, 1, cmd1; schedule(); cmd2)
#define wait_event_cmd(wq, c, cmd1, cmd2) \
	___wait_event_void(wq, c, TASK_UNINTERRUPTIBLE, 0, cmd1; schedule(); cmd2)

/* _lock_irq: called and returning with `lock` held and interrupts off; both are let go while it sleeps and while the
 * command runs. */
#define ___lock_sleep(lock, cmd)	spin_unlock_irq(&lock); cmd; schedule(); spin_lock_irq(&lock)
#define ___wait_event_locked(wq_head, condition, state, start, sleep) \
({ \
	long __lret = start; \
	if (!(condition)) \
		__lret = ___wait_event(wq_head, condition, state, 0, start, sleep); \
	__lret; \
})
#define wait_event_lock_irq_cmd(wq, c, lock, cmd) \
	do { (void)___wait_event_locked(wq, c, TASK_UNINTERRUPTIBLE, 0, ___lock_sleep(lock, cmd)); } while (0)
#define wait_event_lock_irq(wq, c, lock)	wait_event_lock_irq_cmd(wq, c, lock, )
#define wait_event_interruptible_lock_irq_cmd(wq, c, lock, cmd) \
	((int)___wait_event_locked(wq, c, TASK_INTERRUPTIBLE, 0, ___lock_sleep(lock, cmd)))
#define wait_event_interruptible_lock_irq(wq, c, lock) wait_event_interruptible_lock_irq_cmd(wq, c, lock, )
#define ___wait_event_lock_irq_timeout(wq_head, condition, lock, timeout, state) \
({ \
	long __ret = timeout; \
	if (!___wait_cond_timeout(condition)) \
		__ret = ___wait_event(wq_head, ___wait_cond_timeout(condition), state, 0, timeout, \
				      spin_unlock_irq(&lock); __ret = schedule_timeout(__ret); spin_lock_irq(&lock)); \
	__ret; \
})
#define wait_event_interruptible_lock_irq_timeout(wq, c, lock, timeout) \
	___wait_event_lock_irq_timeout(wq, c, lock, timeout, TASK_INTERRUPTIBLE)
#define wait_event_lock_irq_timeout(wq, c, lock, timeout) \
	___wait_event_lock_irq_timeout(wq, c, lock, timeout, TASK_UNINTERRUPTIBLE)

/* _locked: called and returning with wq.lock held; the _irq form with interrupts off, too. */
#define ___wait_event_interruptible_locked(wq, condition, exclusive, fn) \
({ \
	int __ret = 0; \
	if (!(condition)) { \
		DEFINE_WAIT(__wait); \
		if (exclusive) \
			__wait.flags |= WQ_FLAG_EXCLUSIVE; \
		do { \
			__ret = fn(&(wq), &__wait); \
			if (__ret) \
				break; \
		} while (!(condition)); \
		__finish_wait_locked(&(wq), &__wait, __ret); \
	} \
	__ret; \
})
#define wait_event_interruptible_locked(wq, c) ___wait_event_interruptible_locked(wq, c, 0, do_wait_intr)
#define wait_event_interruptible_locked_irq(wq, c) ___wait_event_interruptible_locked(wq, c, 0, do_wait_intr_irq)
#define wait_event_interruptible_exclusive_locked(wq, c) ___wait_event_interruptible_locked(wq, c, 1, do_wait_intr)
#define wait_event_interruptible_exclusive_locked_irq(wq, c) \
	___wait_event_interruptible_locked(wq, c, 1, do_wait_intr_irq)

/* _hrtimeout: the time-out is a ktime_t. Return: 0, -ETIME when it passed, -ERESTARTSYS. After the time the condition
 * is tested once more, and never after it was true: it may be one that takes something. */
ktime_t __wait_deadline(ktime_t timeout);
bool __wait_hrtimeout(ktime_t *deadline);
#define ___wait_event_hrtimeout(wq_head, condition, timeout, state) \
({ \
	ktime_t __deadline = __wait_deadline(timeout); \
	bool __passed = false; \
	long __hret = 0; \
	might_sleep(); \
	if (!(condition)) \
		__hret = ___wait_event(wq_head, condition, state, 0, 0, \
				       if (__passed) { __ret = -ETIME; break; } \
				       __passed = __wait_hrtimeout(&__deadline)); \
	__hret; \
})
#define wait_event_hrtimeout(wq, c, timeout)	((int)___wait_event_hrtimeout(wq, c, timeout, TASK_UNINTERRUPTIBLE))
#define wait_event_interruptible_hrtimeout(wq, c, timeout) ___wait_event_hrtimeout(wq, c, timeout, TASK_INTERRUPTIBLE)
