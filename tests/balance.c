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
#include <linux/timekeeping.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/sched/rt.h>
#include <linux/spinlock.h>
#include <linux/time64.h>

#define MAX_HOGS 8
#define CPU(n) (1UL << (n))

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
	sysctl_sched_rt_runtime = -1;
	hogs_end = false;
	set_cpus_allowed_ptr(current, cpumask_of(0));
	sched_setscheduler(current, SCHED_FIFO, &param);
}

/*
 * A hog that does not run yet, allowed on the CPUs of `mask`; prio 0: a fair one. Return: its index. All are made
 * before the first one starts: kthreadd is a fair thread and wants a CPU, too.
 */
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

static void start(int i)
{
	wake_up_process(hog[i]);
	test_nap();
}

static void start_all(void)
{
	for (int i = 0; i < nr_hogs; i++)
		wake_up_process(hog[i]);
	test_nap();
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
static int share_now(int i)
{
	u64 before = task_sched_runtime(hog[i]);

	schedule_timeout_uninterruptible(HZ / 10);
	return (task_sched_runtime(hog[i]) - before) / NSEC_PER_MSEC;
}

/* The same of one that should get something. Where time is the host's, its CPU may have to wait for a turn there. */
static int share_of(int i)
{
	unsigned long deadline = test_deadline();
	int percent;

	do
		percent = share_now(i);
	while (!percent && test_real_time && !test_deadline_passed(deadline));
	return percent;
}

/* Is it what it should be? Where time is not ours to judge, it is enough that the hog runs. */
static bool is_share(int percent, int at_least)
{
	return test_real_time || test_shaken || IS_ENABLED(CONFIG_LOCKDEP) ? percent > 0 : percent >= at_least;
}

/* ---- real-time threads: not on CPU 0, where the judge comes and goes ---- */

TEST(balance_a_preempted_rt_thread_goes_where_something_lesser_runs, .cpus = 3)
{
	int movable, bound, got, got_bound;

	begin();
	start(make_hog(CPU(2), 0));
	movable = make_hog(CPU(1), 10);
	bound = make_hog(CPU(1), 20);
	start(movable);
	allow(movable, CPU(2) | CPU(1));
	start(bound);
	got = share_of(movable);
	got_bound = share_of(bound);
	end();
	EXPECT(is_share(got_bound, 90));
	if (!is_share(got, 90))
		return test_fail("the preempted thread got %d %%, though a fair one runs on a CPU allowed to it", got);
	return NULL;
}

TEST(balance_an_rt_thread_that_may_go_elsewhere_goes_there, .cpus = 3)
{
	int waiting, got;

	begin();
	make_hog(CPU(2), 0);
	make_hog(CPU(1), 20);
	waiting = make_hog(CPU(1), 10);
	start_all();
	allow(waiting, CPU(2) | CPU(1));
	got = share_of(waiting);
	end();
	/* The way there is part of the stretch that is measured, and eight CPUs share virtual time. */
	if (!is_share(got, 70))
		return test_fail("it got %d %%", got);
	return NULL;
}

TEST(balance_a_cpu_whose_thread_becomes_lesser_takes_a_better_one, .cpus = 3)
{
	struct sched_param low = { .sched_priority = 5 };
	int lowered, waiting, got;

	begin();
	make_hog(CPU(1), 30);
	lowered = make_hog(CPU(2), 20);
	waiting = make_hog(CPU(1), 10);
	start_all();
	allow(waiting, CPU(2) | CPU(1));
	test_nap();
	sched_setscheduler(hog[lowered], SCHED_FIFO, &low);
	got = share_of(waiting);
	end();
	if (!is_share(got, 90))
		return test_fail("it got %d %%", got);
	return NULL;
}

TEST(balance_several_rt_threads_spread_over_all_cpus, .cpus = 2)
{
	int n = min_t(int, num_online_cpus(), 4), i, least = 100;

	begin();
	for (i = 0; i < n; i++)
		make_hog(CPU(i), 0);
	for (i = 0; i < n; i++)
		make_hog(CPU(1), 10 + i);
	start_all();
	for (i = n; i < 2 * n; i++)
		allow(i, CPU(n) - 1);
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
	int second, got;

	begin();
	make_hog(CPU(1), 10);
	make_hog(CPU(0), 0);
	second = make_hog(CPU(1), 0);
	start_all();
	allow(second, CPU(0) | CPU(1));
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
	int a, b, got;

	begin();
	a = make_hog(CPU(1), 0);
	b = make_hog(CPU(1), 0);
	start_all();
	allow(a, CPU(1) | CPU(3));
	allow(b, CPU(1) | CPU(3));
	schedule_timeout_uninterruptible(HZ / 10);
	got = min(share_of(a), share_of(b));
	end();
	if (!is_share(got, 90))
		return test_fail("one got %d %%", got);
	return NULL;
}

/* ---- what a change leaves alone ---- */

/* Two equal FIFO threads on one CPU: the first runs. After the change it must run still. */
static const char *first_keeps_its_turn(void (*change)(int i))
{
	int cpu = num_online_cpus() - 1, got;

	begin();
	make_hog(CPU(cpu), 10);
	make_hog(CPU(cpu), 10);
	start_all();
	change(0);
	/* The CPU chooses anew. */
	set_cpus_allowed_ptr(current, cpumask_of(cpu));
	got = share_now(1);
	end();
	EXPECT_EQ(got, 0);
	return NULL;
}

static void set_same_mask(int i)
{
	allow(i, CPU(num_online_cpus() - 1));
}

static void set_same_policy(int i)
{
	struct sched_param same = { .sched_priority = 10 };

	sched_setscheduler(hog[i], SCHED_FIFO, &same);
}

TEST(balance_a_fifo_thread_keeps_its_turn_when_its_mask_changes)
{
	return first_keeps_its_turn(set_same_mask);
}

TEST(balance_a_fifo_thread_keeps_its_turn_when_it_gets_the_policy_it_has)
{
	return first_keeps_its_turn(set_same_policy);
}

/* ---- everything at once ---- */

/* `may`: where the victim may be seen. While its mask changes that is the old one and the new one. */
static struct victim {
	struct task_struct *p;
	struct mutex lock;	/* one changes it at a time */
	unsigned long may;
} victims[8];

static int sleep_and_run(void *data)
{
	struct victim *v = data;
	int i = 0;

	while (!kthread_should_stop()) {
		int cpu = get_cpu();

		if (!(READ_ONCE(v->may) & CPU(cpu)))
			test_blame("seen on CPU %d, allowed were %#lx", cpu, READ_ONCE(v->may));
		put_cpu();
		if (++i % 16 == 0)
			schedule_timeout_interruptible(1);
		else if (i & 1)
			yield();
	}
	return 0;
}

static void change_one(struct victim *v, u32 *random)
{
	static const int policies[] = { SCHED_NORMAL, SCHED_FIFO, SCHED_RR, SCHED_BATCH };
	int policy = policies[test_random(random) % ARRAY_SIZE(policies)];
	struct sched_param param = { .sched_priority = policy == SCHED_FIFO || policy == SCHED_RR };
	unsigned long mask = CPU(test_random(random) % num_online_cpus()) |
			     CPU(test_random(random) % num_online_cpus());
	struct cpumask cpus;

	cpumask_clear(&cpus);
	cpumask_bits(&cpus)[0] = mask;
	mutex_lock(&v->lock);
	WRITE_ONCE(v->may, v->may | mask);
	BLAME_UNLESS(set_cpus_allowed_ptr(v->p, &cpus) == 0);
	WRITE_ONCE(v->may, mask);
	BLAME_UNLESS(sched_setscheduler(v->p, policy, &param) == 0);
	set_user_nice(v->p, test_random(random) % 40 - 20);
	mutex_unlock(&v->lock);
	wake_up_process(v->p);
}

static const char *change_victims(struct crew *c, int who)
{
	u32 random = test_seed(who);
	u64 start = ktime_get_ns();

	for (int i = 0; i < test_rounds(300) && !test_took_long(start); i++) {
		change_one(&victims[test_random(&random) % ARRAY_SIZE(victims)], &random);
		if (i % 32 == 0)
			test_nap();
	}
	return NULL;
}

/* Masks, policies and nice values change from several CPUs, under sleep: nobody is seen where he may not be. */
TEST(balance_masks_are_honoured_while_everything_changes, .cpus = 2)
{
	struct crew c = { .fn = change_victims, .n = 3 };
	const char *why;

	for (int i = 0; i < ARRAY_SIZE(victims); i++) {
		struct victim *v = &victims[i];

		mutex_init(&v->lock);
		v->may = ~0UL;
		v->p = test_start(-1, sleep_and_run, v, "test/victim");
	}
	why = crew_run(&c);
	for (int i = 0; i < ARRAY_SIZE(victims); i++)
		test_join(victims[i].p);
	return why;
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
