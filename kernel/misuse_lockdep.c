/* SPDX-License-Identifier: MIT */
/*
 * Misuse of locks that hangs with bad luck only, and that lockdep finds without: see misuse.h. Nothing here can hang:
 * what two threads, or a thread and an interrupt, must never do at the same time, is done one after the other. In
 * kernels built with DEBUG=1.
 */
#define MISUSE_SUBJECT "locks"
#include "misuse.h"
#include <linux/completion.h>
#include <linux/jiffies.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <linux/workqueue.h>

#ifdef CONFIG_LOCKDEP

static DEFINE_MUTEX(fork);
static DEFINE_MUTEX(knife);

static int lock_order(void)
{
	mutex_lock(&fork);
	mutex_lock(&knife);
	mutex_unlock(&knife);
	mutex_unlock(&fork);

	mutex_lock(&knife);
	mutex_lock(&fork);
	mutex_unlock(&fork);
	mutex_unlock(&knife);
	return 0;
}
MISUSE("lock-order", lock_order, "two mutexes, taken first in one order and then in the other (DEBUG=1)");

static DEFINE_SPINLOCK(counter_lock);

struct late_count {
	struct timer_list	timer;
	struct completion	done;
};

static void count_in_timer(struct timer_list *t)
{
	struct late_count *l = from_timer(l, t, timer);

	spin_lock(&counter_lock);
	spin_unlock(&counter_lock);
	complete(&l->done);
}

static int lock_in_timer(void)
{
	struct late_count l;

	init_completion(&l.done);
	timer_setup_on_stack(&l.timer, count_in_timer, 0);
	mod_timer(&l.timer, jiffies + 1);
	wait_for_completion(&l.done);
	del_timer_sync(&l.timer);
	destroy_timer_on_stack(&l.timer);

	spin_lock(&counter_lock);	/* spin_lock_bh() would do */
	spin_unlock(&counter_lock);
	return 0;
}
MISUSE("lock-in-timer", lock_in_timer, "a spinlock taken by a timer and, by plain spin_lock(), by a thread (DEBUG=1)");

static DEFINE_MUTEX(log_lock);

static void write_log(struct work_struct *work)
{
	mutex_lock(&log_lock);
	mutex_unlock(&log_lock);
}
static DECLARE_WORK(log_work, write_log);

static int flush_under_lock(void)
{
	schedule_work(&log_work);
	flush_work(&log_work);

	mutex_lock(&log_lock);
	flush_work(&log_work);		/* had it just begun, each would wait for the other */
	mutex_unlock(&log_lock);
	return 0;
}
MISUSE("flush-under-lock", flush_under_lock, "flush_work() by a thread that holds what the work takes (DEBUG=1)");

#endif
