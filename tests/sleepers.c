/* SPDX-License-Identifier: MIT */
/*
 * Threads asleep on every kind of object, for tests/gdb: `sleepers` makes them, and they stay. Not a suite.
 *
 * sleep/holder has the three locks and waits for a completion; each of the others waits for one thing, which its name
 * says. Two of them hold what the other one wants: sleep/abba1 and sleep/abba2.
 */
#include "../kernel/shell.h"
#include <linux/completion.h>
#include <linux/console.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/mutex.h>
#include <linux/rtmutex.h>
#include <linux/rwsem.h>
#include <linux/semaphore.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

static DEFINE_MUTEX(sleepers_mutex);
static DEFINE_RT_MUTEX(sleepers_rt_mutex);
static DECLARE_RWSEM(sleepers_rwsem);
static DEFINE_SEMAPHORE(sleepers_semaphore);
static DECLARE_WAIT_QUEUE_HEAD(sleepers_queue);
static DECLARE_COMPLETION(sleepers_done);
static DECLARE_COMPLETION(sleepers_stay);
static DECLARE_COMPLETION(sleepers_ready);
static struct mutex sleepers_abba[2] = {
	__MUTEX_INITIALIZER(sleepers_abba[0]), __MUTEX_INITIALIZER(sleepers_abba[1])
};
static atomic_t sleepers_abba_held = ATOMIC_INIT(0);

static int hold_locks(void *unused)
{
	mutex_lock(&sleepers_mutex);
	rt_mutex_lock(&sleepers_rt_mutex);
	down_write(&sleepers_rwsem);
	down(&sleepers_semaphore);
	complete(&sleepers_ready);
	wait_for_completion(&sleepers_stay);
	return 0;
}

static int want_mutex(void *unused)
{
	mutex_lock(&sleepers_mutex);
	return 0;
}

static int want_rt_mutex(void *unused)
{
	rt_mutex_lock(&sleepers_rt_mutex);
	return 0;
}

static int want_rwsem(void *unused)
{
	down_read(&sleepers_rwsem);
	return 0;
}

static int want_semaphore(void *unused)
{
	down(&sleepers_semaphore);
	return 0;
}

static int want_event(void *unused)
{
	wait_event_interruptible(sleepers_queue, kthread_should_stop());
	return 0;
}

static int want_completion(void *unused)
{
	wait_for_completion_interruptible(&sleepers_done);
	return 0;
}

static int want_time(void *unused)
{
	msleep(3600 * 1000);
	return 0;
}

static int want_unpark(void *unused)
{
	while (!kthread_should_stop()) {
		if (kthread_should_park())
			kthread_parkme();
		schedule_timeout_interruptible(1);
	}
	return 0;
}

static int want_each_other(void *data)
{
	long mine = (long)data;

	mutex_lock(&sleepers_abba[mine]);
	for (atomic_inc(&sleepers_abba_held); atomic_read(&sleepers_abba_held) < 2; )
		schedule_timeout_uninterruptible(1);
	mutex_lock(&sleepers_abba[!mine]);
	return 0;
}

static void sleep_in_work(struct work_struct *work)
{
	wait_for_completion_interruptible(&sleepers_stay);
}
static DECLARE_WORK(sleepers_work, sleep_in_work);

static void sleep_in_kthread_work(struct kthread_work *work)
{
	wait_for_completion_interruptible(&sleepers_stay);
}
static struct kthread_worker *sleepers_worker;
static DEFINE_KTHREAD_WORK(sleepers_first, sleep_in_kthread_work);
static DEFINE_KTHREAD_WORK(sleepers_second, sleep_in_kthread_work);

static const struct {
	const char	*name;
	int		(*fn)(void *);
	long		data;
} sleepers[] = {
	{ "mutex", want_mutex, 0 }, { "rt_mutex", want_rt_mutex, 0 }, { "rwsem", want_rwsem, 0 },
	{ "semaphore", want_semaphore, 0 }, { "event", want_event, 0 }, { "done", want_completion, 0 },
	{ "time", want_time, 0 }, { "abba1", want_each_other, 0 }, { "abba2", want_each_other, 1 },
	{ "twin", want_time, 0 }, { "twin", want_time, 0 },
};

static int run_sleepers(int argc, char **argv)
{
	struct task_struct *p = kthread_run(hold_locks, NULL, "sleep/holder");

	wait_for_completion(&sleepers_ready);
	for (int i = 0; i < ARRAY_SIZE(sleepers) && !IS_ERR(p); i++)
		p = kthread_run(sleepers[i].fn, (void *)sleepers[i].data, "sleep/%s", sleepers[i].name);
	if (!IS_ERR(p))
		p = kthread_create(want_time, NULL, "sleep/unborn");
	if (!IS_ERR(p))
		p = kthread_run(want_unpark, NULL, "sleep/parked");
	if (!IS_ERR(p))
		kthread_park(p);
	sleepers_worker = kthread_create_worker(0, "sleep/worker");
	if (IS_ERR(p) || IS_ERR(sleepers_worker)) {
		console_printf("sleepers: no memory\n");
		return -ENOMEM;
	}
	kthread_queue_work(sleepers_worker, &sleepers_first);
	kthread_queue_work(sleepers_worker, &sleepers_second);
	schedule_work(&sleepers_work);
	msleep(100);
	return 0;
}
SHELL_COMMAND(sleepers, run_sleepers, "", "threads asleep on every kind of object (test kernel)",
	      "  For GDB's commands to look at. They sleep until the machine ends.\n"
	      "  Example: sleepers");
