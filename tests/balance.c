/* SPDX-License-Identifier: MIT */
/*
 * Threads over CPUs: nobody waits where an allowed CPU does nothing, or something lesser; nobody starves where he need
 * not; and changing where a thread may run changes nothing else.
 *
 * Runtimes are the scheduler's own accounting. They are judged where time is the machine's (icount), plain.
 */
#include "test.h"

#include <linux/cpumask.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/time64.h>

#define MAX_HOGS 8

static struct task_struct *hog[MAX_HOGS];
static int nr_hogs;
static bool hogs_end;

static int run_on(void *unused)
{
	while (!READ_ONCE(hogs_end))
		;
	return 0;
}

/* The judge is above everybody that is judged, and stays on CPU 0. */
static void begin(void)
{
	struct sched_param param = { .sched_priority = 90 };

	nr_hogs = 0;
	hogs_end = false;
	set_cpus_allowed_ptr(current, cpumask_of(0));
	sched_setscheduler(current, SCHED_FIFO, &param);
}

/* A hog that does not run yet, allowed on the CPUs of `mask`; prio 0: a fair one. Return: its index. */
static int make_hog(unsigned long mask, int prio)
{
	struct sched_param param = { .sched_priority = prio };
	struct task_struct *p = kthread_create(run_on, NULL, "test/hog%d", nr_hogs);
	struct cpumask cpus;

	BUG_ON(IS_ERR(p));
	cpumask_clear(&cpus);
	cpumask_bits(&cpus)[0] = mask;
	BUG_ON(set_cpus_allowed_ptr(p, &cpus));
	BUG_ON(prio && sched_setscheduler(p, SCHED_FIFO, &param));
	hog[nr_hogs] = get_task_struct(p);
	return nr_hogs++;
}

static int start_hog(unsigned long mask, int prio)
{
	int i = make_hog(mask, prio);

	wake_up_process(hog[i]);
	return i;
}

static void allow(int i, unsigned long mask)
{
	struct cpumask cpus;

	cpumask_clear(&cpus);
	cpumask_bits(&cpus)[0] = mask;
	BUG_ON(set_cpus_allowed_ptr(hog[i], &cpus));
}

static void end(void)
{
	WRITE_ONCE(hogs_end, true);
	for (int i = 0; i < nr_hogs; i++)
		test_join(hog[i]);
}

/* What hog i gets of the next 100 ms, in percent. */
static int share_of(int i)
{
	u64 before = task_sched_runtime(hog[i]);

	schedule_timeout_uninterruptible(HZ / 10);
	return (task_sched_runtime(hog[i]) - before) / NSEC_PER_MSEC;
}

/* Is it what it should be? Where time is not ours to judge, it is enough that the hog runs. */
static bool is_share(int percent, int at_least)
{
	return test_real_time || test_shaken ? percent > 0 : percent >= at_least;
}

/* ---- real-time threads ---- */

TEST(balance_a_preempted_rt_thread_goes_where_something_lesser_runs, .cpus = 2)
{
	int i, cpu, movable, bound, got;

	begin();
	for_each_online_cpu(cpu)
		start_hog(1UL << cpu, 0);
	movable = start_hog(1UL << 1, 10);
	test_nap();
	allow(movable, 3);
	bound = start_hog(1UL << 1, 20);
	test_nap();
	got = share_of(movable);
	i = share_of(bound);
	end();
	EXPECT(is_share(i, 90));
	if (!is_share(got, 90))
		return test_fail("the preempted thread got %d %%, though a fair one runs on a CPU allowed to it", got);
	return NULL;
}

TEST(balance_an_rt_thread_that_may_go_elsewhere_goes_there, .cpus = 2)
{
	int cpu, waiting, got;

	begin();
	for_each_online_cpu(cpu)
		start_hog(1UL << cpu, 0);
	start_hog(1UL << 1, 20);
	waiting = start_hog(1UL << 1, 10);
	test_nap();
	allow(waiting, 3);
	test_nap();
	got = share_of(waiting);
	end();
	if (!is_share(got, 90))
		return test_fail("it got %d %%", got);
	return NULL;
}

TEST(balance_a_cpu_whose_thread_becomes_lesser_takes_a_better_one, .cpus = 2)
{
	struct sched_param low = { .sched_priority = 5 };
	int lowered, waiting, got;

	begin();
	start_hog(1UL << 1, 30);
	lowered = start_hog(1UL << 0, 20);
	waiting = start_hog(1UL << 1, 10);
	test_nap();
	allow(waiting, 3);
	test_nap();
	sched_setscheduler(hog[lowered], SCHED_FIFO, &low);
	test_nap();
	got = share_of(waiting);
	end();
	if (!is_share(got, 90))
		return test_fail("it got %d %%", got);
	return NULL;
}

TEST(balance_several_rt_threads_spread_over_all_cpus, .cpus = 2)
{
	int n = min_t(int, num_online_cpus(), 4), i, cpu, least = 100;

	begin();
	for (cpu = 0; cpu < n; cpu++)
		start_hog(1UL << cpu, 0);
	for (i = 0; i < n; i++)
		make_hog(1UL << 1, 10 + i);
	for (i = n; i < 2 * n; i++)
		wake_up_process(hog[i]);
	for (i = n; i < 2 * n; i++)
		allow(i, (1UL << n) - 1);
	test_nap();
	test_nap();
	for (i = n; i < 2 * n; i++)
		least = min(least, share_of(i));
	end();
	if (!is_share(least, 90))
		return test_fail("one of %d got %d %% on %d CPUs", n, least, n);
	return NULL;
}

/* ---- fair threads ---- */

TEST(balance_a_fair_thread_does_not_starve_behind_a_real_time_one, .cpus = 2)
{
	int got, second;

	begin();
	start_hog(1UL << 1, 10);
	start_hog(1UL << 0, 0);
	second = start_hog(1UL << 1, 0);
	test_nap();
	allow(second, 3);
	schedule_timeout_uninterruptible(HZ / 2);	/* a few rounds of the balancer */
	got = share_of(second);
	end();
	if (!is_share(got, 30))
		return test_fail("it got %d %%, though CPU 0 has only one other", got);
	return NULL;
}

/* Others are idle, too, but only one of them may be used. */
TEST(balance_the_one_idle_cpu_that_is_allowed_takes_work, .cpus = 4)
{
	int a, b, got_a, got_b;

	begin();
	a = start_hog(1UL << 1, 0);
	b = start_hog(1UL << 1, 0);
	test_nap();
	allow(a, 1UL << 1 | 1UL << 3);
	allow(b, 1UL << 1 | 1UL << 3);
	schedule_timeout_uninterruptible(HZ / 10);
	got_a = share_of(a);
	got_b = share_of(b);
	end();
	if (!is_share(min(got_a, got_b), 90))
		return test_fail("they got %d and %d %%", got_a, got_b);
	return NULL;
}

/* ---- what a change of the mask leaves alone ---- */

TEST(balance_a_fifo_thread_keeps_its_turn_when_its_mask_changes)
{
	unsigned long last = 1UL << (num_online_cpus() - 1);
	int first, second, got;

	begin();
	first = start_hog(last, 10);
	second = start_hog(last, 10);
	test_nap();
	allow(first, last);
	test_nap();		/* the CPU chooses anew, at the latest now */
	sched_set_fifo(current);
	set_cpus_allowed_ptr(current, cpumask_of(num_online_cpus() - 1));
	test_nap();
	got = share_of(second);
	end();
	EXPECT_EQ(got, 0);
	return NULL;
}

TEST(balance_setting_the_policy_it_has_changes_nothing)
{
	struct sched_param same = { .sched_priority = 10 };
	unsigned long last = 1UL << (num_online_cpus() - 1);
	int first, second, got;

	begin();
	first = start_hog(last, 10);
	second = start_hog(last, 10);
	test_nap();
	sched_setscheduler(hog[first], SCHED_FIFO, &same);
	set_cpus_allowed_ptr(current, cpumask_of(num_online_cpus() - 1));
	test_nap();
	got = share_of(second);
	end();
	EXPECT_EQ(got, 0);
	return NULL;
}

/* ---- sleeping where it is forbidden ---- */

static int sleep_under_a_spinlock(void *unused)
{
	static DEFINE_SPINLOCK(lock);

	spin_lock(&lock);
	schedule_timeout_uninterruptible(1);
	spin_unlock(&lock);
	return in_atomic();
}

TEST(balance_sleeping_under_a_spinlock_is_reported_and_leaves_the_count_right, .warns = "atomic context")
{
	struct task_struct *p = test_start(0, sleep_under_a_spinlock, NULL, "test/atomic");

	EXPECT(eventually(READ_ONCE(p->exit_state)));
	EXPECT_EQ(test_join(p), 0);
	return NULL;
}
