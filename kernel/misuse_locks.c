/* SPDX-License-Identifier: MIT */
/*
 * Misuse of locks, on purpose: see misuse.h.
 *
 * The threads of a deadlock wait by mutex_lock_killable(), so that they can be freed by a signal when it has been
 * explained: that is the only difference from the wrong program as it is usually written.
 */
#define MISUSE_SUBJECT "locks"
#include "misuse.h"
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/sysctl.h>
#include <linux/spinlock.h>

static DEFINE_MUTEX(lock_a);
static DEFINE_MUTEX(lock_b);
static DEFINE_MUTEX(lock_c);
static DEFINE_SPINLOCK(spin_a);

/* ---- whose lock is it? ---- */

static int unlock_a(void)
{
	mutex_unlock(&lock_a);
	return 0;
}

static int unlock_by_stranger(void)
{
	int err;

	mutex_lock(&lock_a);
	err = misuse_run(unlock_a, "stranger");
	mutex_unlock(&lock_a);
	return err;
}
MISUSE("unlock-by-stranger", unlock_by_stranger, "mutex_unlock() by a thread that does not hold the mutex");

static int mutex_twice(void)
{
	mutex_lock(&lock_a);
	mutex_lock(&lock_a);
	mutex_unlock(&lock_a);
	mutex_unlock(&lock_a);
	return 0;
}
MISUSE("mutex-twice", mutex_twice, "mutex_lock() of a mutex that the thread holds already");

static int spinlock_twice(void)
{
	spin_lock(&spin_a);
	spin_lock(&spin_a);
	spin_unlock(&spin_a);
	spin_unlock(&spin_a);
	return 0;
}
MISUSE("spinlock-twice", spinlock_twice, "spin_lock() of a spinlock that the CPU holds already");

static int spinlock_not_held(void)
{
	preempt_disable();
	spin_unlock(&spin_a);
	spin_lock(&spin_a);
	spin_unlock(&spin_a);
	return 0;
}
MISUSE("spinlock-not-held", spinlock_not_held, "spin_unlock() of a spinlock that nobody holds");

/* ---- ending with a lock ---- */

static int end_with_mutex(void *unused)
{
	mutex_lock(&lock_a);
	return 0;
}

static int exit_with_mutex(void)
{
	return misuse_run_thread(end_with_mutex, "holder");
}
MISUSE("exit-with-mutex", exit_with_mutex, "a thread function that returns with a mutex locked");

static int end_with_spinlock(void *unused)
{
	spin_lock(&spin_a);
	return 0;
}

static int exit_with_spinlock(void)
{
	return misuse_run_thread(end_with_spinlock, "holder");
}
MISUSE("exit-with-spinlock", exit_with_spinlock, "a thread function that returns with a spinlock locked");

/* ---- sleeping ---- */

#undef MISUSE_SUBJECT
#define MISUSE_SUBJECT "atomic context"

static int sleep_under_spinlock(void)
{
	spin_lock(&spin_a);
	msleep(1);
	spin_unlock(&spin_a);
	return 0;
}
MISUSE("sleep-under-spinlock", sleep_under_spinlock, "msleep() between spin_lock() and spin_unlock()");

static int sleep_irqs_off(void)
{
	local_irq_disable();
	msleep(1);
	local_irq_enable();
	return 0;
}
MISUSE("sleep-irqs-off", sleep_irqs_off, "msleep() between local_irq_disable() and local_irq_enable()");

/* ---- sleeping for ever ---- */

#undef MISUSE_SUBJECT
#define MISUSE_SUBJECT "waiting"

static int lock_and_unlock_a(void *unused)
{
	mutex_lock(&lock_a);
	mutex_unlock(&lock_a);
	return 0;
}

static int wait_for_nothing(void *unused)
{
	set_current_state(TASK_UNINTERRUPTIBLE);
	schedule();	/* until kthread_stop(), for nobody else knows of it */
	return 0;
}

/* Have the watcher report after 100 ms, and wait until it has. */
static int hang(int (*fn)(void *), const char *name)
{
	struct task_struct *p;

	mutex_lock(&lock_a);
	p = misuse_start(fn, NULL, name);
	if (!IS_ERR(p)) {
		hung_task_watch(100);
		/* Asleep when the report is made, so that it can say where; interruptibly: not hung itself. */
		msleep_interruptible(400);
		for (int i = 0; i < 500 && !READ_ONCE(p->hung_told); i++)
			msleep_interruptible(20);
		hung_task_watch(0);
	}
	mutex_unlock(&lock_a);
	if (IS_ERR(p))
		return PTR_ERR(p);
	misuse_finish(p);
	return 0;
}

static int hung_for_lock(void)
{
	return hang(lock_and_unlock_a, "patient");
}
MISUSE("hung-for-lock", hung_for_lock, "a thread keeps a mutex for so long that another's waiting for it is reported");

static int hung_for_nothing(void)
{
	return hang(wait_for_nothing, "forgotten");
}
MISUSE("hung-for-nothing", hung_for_nothing, "a thread sleeps uninterruptibly, and nobody wakes it");

/* ---- deadlock ---- */

#undef MISUSE_SUBJECT
#define MISUSE_SUBJECT "locks"

#define CIRCLE_MAX 3

/* Thread i of n takes lock i, waits until all have one, and takes lock i + 1. */
struct circle {
	struct mutex		*locks[CIRCLE_MAX];
	int			n;
	atomic_t		next;
	atomic_t		left;		/* how many have not got their first lock */
	struct completion	all;
};

static int take_two_locks(void *data)
{
	struct circle *c = data;
	int i = atomic_inc_return(&c->next) - 1, ret;

	allow_signal(SIGKILL);
	mutex_lock(c->locks[i]);
	if (atomic_dec_and_test(&c->left))
		complete_all(&c->all);
	wait_for_completion(&c->all);
	ret = mutex_lock_killable_nested(c->locks[(i + 1) % c->n], SINGLE_DEPTH_NESTING);
	if (!ret)
		mutex_unlock(c->locks[(i + 1) % c->n]);
	mutex_unlock(c->locks[i]);
	return ret;
}

static int deadlock(int n)
{
	static const char *const names[CIRCLE_MAX] = { "first", "second", "third" };
	struct circle c = { .locks = { &lock_a, &lock_b, &lock_c }, .n = n, .left = ATOMIC_INIT(n) };
	struct task_struct *p[CIRCLE_MAX];
	int i, err = 0;

	init_completion(&c.all);
	for (i = 0; i < n && !err; i++) {
		p[i] = misuse_start(take_two_locks, &c, names[i]);
		err = PTR_ERR_OR_ZERO(p[i]);
	}
	if (err) {
		n = i - 1;
		complete_all(&c.all);
	}
	wait_for_completion(&c.all);
	msleep(100);	/* it is explained in that time; then one of them gives up */
	if (n)
		send_sig(SIGKILL, p[0], 1);
	for (i = 0; i < n; i++)
		misuse_finish(p[i]);
	return err;
}

static int abba(void)
{
	return deadlock(2);
}
MISUSE("abba", abba, "two threads take the same two mutexes in opposite order");

static int circle_of_three(void)
{
	return deadlock(3);
}
MISUSE("circle-of-three", circle_of_three, "three threads, each with one mutex, each wanting the next one's");
