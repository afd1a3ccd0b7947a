/* SPDX-License-Identifier: MIT */
/*
 * The command `inversion`: priority inversion, with a mutex and with an rt_mutex.
 *
 * Three real-time threads on one CPU:
 *
 *	low, 10		takes the lock, starts the other two, works LOW_MS, unlocks
 *	high, 30	wants the lock
 *	middle, 20	works MIDDLE_MS and has nothing to do with the lock
 *
 * With a mutex, high waits for low, and low for the CPU, which middle has: the most important thread of all waits until
 * the middle one is done. With an rt_mutex low inherits 30 from high, so it keeps the CPU until it unlocks.
 * Read next: kernel/locking/rtmutex.c.
 */
#include "inversion.h"
#include "shell.h"
#include <linux/completion.h>
#include <linux/console.h>
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/mutex.h>
#include <linux/rtmutex.h>
#include <linux/sched.h>
#include <linux/timekeeping.h>
#include <asm/processor.h>

#define LOW_MS		10
#define MIDDLE_MS	50

static DEFINE_MUTEX(plain);
static DEFINE_RT_MUTEX(inheriting);

static struct scene {
	bool			inherit;
	struct task_struct	*low, *middle, *high;
	struct inversion	seen;
} scene;

static void lock(struct scene *s)
{
	if (s->inherit)
		rt_mutex_lock(&inheriting);
	else
		mutex_lock(&plain);
}

static void unlock(struct scene *s)
{
	if (s->inherit)
		rt_mutex_unlock(&inheriting);
	else
		mutex_unlock(&plain);
}

/* Have the CPU for so long: other threads' time does not count. */
static void work_ms(unsigned int ms)
{
	u64 end = task_sched_runtime(current) + ms * NSEC_PER_MSEC;

	while (task_sched_runtime(current) < end)
		cpu_relax();
}

static int be_low(void *data)
{
	struct scene *s = data;

	lock(s);
	wake_up_process(s->high);	/* runs at once, until it waits for the lock */
	wake_up_process(s->middle);
	s->seen.low_prio = task_prio(current);
	work_ms(LOW_MS);
	unlock(s);
	return 0;
}

static int be_middle(void *data)
{
	struct scene *s = data;

	work_ms(MIDDLE_MS);
	s->seen.middle_done = ktime_get_ns();
	return 0;
}

static int be_high(void *data)
{
	struct scene *s = data;
	u64 asked = ktime_get_ns();

	lock(s);
	s->seen.high_done = ktime_get_ns();
	s->seen.high_waited = s->seen.high_done - asked;
	unlock(s);
	return 0;
}

static struct task_struct *make(int (*fn)(void *), struct scene *s, int cpu, int rt_priority, const char *name)
{
	struct sched_param param = { .sched_priority = rt_priority };
	struct task_struct *p = kthread_create(fn, s, "inversion/%s", name);

	if (IS_ERR(p))
		return p;
	kthread_bind(p, cpu);
	sched_setscheduler_nocheck(p, SCHED_FIFO, &param);
	return get_task_struct(p);
}

static void end(struct task_struct *p)
{
	if (IS_ERR_OR_NULL(p))
		return;
	kthread_stop(p);
	put_task_struct(p);
}

int inversion_run(bool inherit, struct inversion *seen)
{
	/* The last CPU, away from who asked, if there is more than one. */
	int cpu = cpumask_last(cpu_online_mask), err = 0;
	struct scene *s = &scene;

	*s = (struct scene){ .inherit = inherit };
	s->high = make(be_high, s, cpu, 30, "high");
	s->middle = make(be_middle, s, cpu, 20, "middle");
	s->low = make(be_low, s, cpu, 10, "low");
	if (IS_ERR(s->high) || IS_ERR(s->middle) || IS_ERR(s->low)) {
		err = -ENOMEM;
	} else {
		wake_up_process(s->low);
		while (!READ_ONCE(s->seen.high_done) || !READ_ONCE(s->seen.middle_done))
			schedule_timeout_uninterruptible(1);
	}
	end(s->low);
	end(s->middle);
	end(s->high);
	*seen = s->seen;
	return err;
}

static int run_inversion(int argc, char **argv)
{
	struct inversion seen;
	int err;

	for (int inherit = 0; inherit < 2; inherit++) {
		err = inversion_run(inherit, &seen);
		if (err) {
			console_printf("inversion: no threads (%pe)\n", ERR_PTR(err));
			return err;
		}
		console_printf("%-9s high (30) waited %3llu ms for low (10), who needed %d; low ran with %d, middle "
			       "(20) was done %s high\n", inherit ? "rt_mutex:" : "mutex:",
			       seen.high_waited / NSEC_PER_MSEC, LOW_MS, -1 - seen.low_prio,
			       seen.high_done > seen.middle_done ? "before" : "after");
	}
	return 0;
}
SHELL_COMMAND(inversion, run_inversion, "", "priority inversion, without and with inheritance",
	      "  Three real-time threads on one CPU: low holds a lock, high waits for it, middle just works. With a\n"
	      "  mutex high waits for middle, too; with an rt_mutex low inherits high's priority until it unlocks.\n"
	      "  Example: inversion", .group = "demonstrations");
