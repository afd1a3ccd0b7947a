/* SPDX-License-Identifier: MIT */
/*
 * Threads over CPUs: nobody waits where an allowed CPU does nothing, or something lesser; nobody starves where he need
 * not; and changing where a thread may run changes nothing else.
 *
 * Where time is the machine's (icount) two things are judged. Who got the CPU: the hogs count their rounds, and of what
 * was done since the hand-over, next to nothing may be the lesser one's. And shares of time, by the scheduler's own
 * accounting, from when the hog runs. How soon that is says nothing: QEMU's CPUs take turns, and one that others keep
 * busy may stand still for seven ticks (28 ms were seen) before it takes an interrupt.
 */
#include "test.h"

#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/timekeeping.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/sched/rt.h>
#include <linux/spinlock.h>
#include <linux/time64.h>

#define MAX_HOGS 110
#define CPU(n) (1UL << (n))

static struct task_struct *hog[MAX_HOGS];
static unsigned long rounds[MAX_HOGS], rounds_before[MAX_HOGS];
static int nr_hogs;
static bool hogs_end;

static int run_on(void *data)
{
	unsigned long *mine = data;

	while (!READ_ONCE(hogs_end))
		WRITE_ONCE(*mine, *mine + 1);
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
 * A hog (fn) that does not run yet, allowed on the CPUs of `mask`; prio 0: a fair one. Return: its index. All are made
 * before the first one starts: kthreadd is a fair thread and wants a CPU, too.
 */
static int make_hog_of(int (*fn)(void *), unsigned long mask, int prio)
{
	struct sched_param param = { .sched_priority = prio };
	struct task_struct *p = kthread_create(fn, &rounds[nr_hogs], "test/hog%d", nr_hogs);
	struct cpumask cpus;

	BUG_ON(IS_ERR(p));
	cpumask_clear(&cpus);
	cpumask_bits(&cpus)[0] = mask;
	BUG_ON(set_cpus_allowed_ptr(p, &cpus));
	BUG_ON(prio && sched_setscheduler(p, SCHED_FIFO, &param));
	hog[nr_hogs] = get_task_struct(p);
	return nr_hogs++;
}

static int make_hog(unsigned long mask, int prio)
{
	return make_hog_of(run_on, mask, prio);
}

/* From here on: what did each do? */
static void mark(void)
{
	for (int i = 0; i < nr_hogs; i++)
		rounds_before[i] = READ_ONCE(rounds[i]);
}

static unsigned long did(int i)
{
	return READ_ONCE(rounds[i]) - rounds_before[i];
}

static void wake(int i)
{
	wake_up_process(hog[i]);
}

/* Wakes one that should run at once, and waits until it does. */
static void start(int i)
{
	mark();
	wake(i);
	if (!eventually(did(i)))
		test_blame("hog %d does not run", i);
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
	u64 start = ktime_get_ns(), before = task_sched_runtime(hog[i]);

	schedule_timeout_uninterruptible(HZ / 10);
	return (task_sched_runtime(hog[i]) - before) * 100 / (ktime_get_ns() - start);
}

/* The same from when it runs: who should have a CPU since mark(). 0: it never did. */
static int share_of(int i)
{
	return eventually(did(i)) ? max(share_now(i), 1) : 0;
}

static bool time_says_nothing(void)
{
	return test_real_time || test_shaken || IS_ENABLED(CONFIG_LOCKDEP);
}

/* Is it what it should be? Where time is not ours to judge, it is enough that the hog runs. */
static bool is_share(int percent, int at_least)
{
	return time_says_nothing() ? percent > 0 : percent >= at_least;
}

/* Since mark(), of what hog i and a lesser one of the same CPU did: how much was hog i's, in percent? */
static int part_of(int i, int lesser)
{
	return did(i) ? did(i) * 100 / (did(i) + did(lesser)) : 0;
}

/* Where CPUs are the host's threads, one of them may be stopped on its way to tell another. */
static bool is_part(int percent, int at_least)
{
	return test_real_time ? percent > 0 : percent >= at_least;
}

/* ---- real-time threads: not on CPU 0, where the judge comes and goes ---- */

/* What hog i got since mark(), and what the lesser one on the CPU that it should have did meanwhile. */
static const char *judge(int i, int lesser)
{
	int share = share_of(i), part = part_of(i, lesser);

	if (!is_share(share, 90) || !is_part(part, 99))
		return test_fail("hog %d got %d %% of the time, and %d %% of what the lesser one had of its CPU",
				 i, share, part);
	return NULL;
}

TEST(balance_a_preempted_rt_thread_goes_where_something_lesser_runs, .cpus = 3)
{
	int lesser, movable, bound;
	const char *why;

	begin();
	lesser = make_hog(CPU(2), 0);
	movable = make_hog(CPU(1), 10);
	bound = make_hog(CPU(1), 20);
	start(lesser);
	start(movable);
	allow(movable, CPU(2) | CPU(1));
	start(bound);
	mark();
	why = judge(movable, lesser);
	if (!why && !is_share(share_of(bound), 90))
		why = "the one that took its place got less than 90 %";
	end();
	return why;
}

TEST(balance_an_rt_thread_that_may_go_elsewhere_goes_there, .cpus = 3)
{
	int lesser, bound, waiting;
	const char *why;

	begin();
	lesser = make_hog(CPU(2), 0);
	bound = make_hog(CPU(1), 20);
	waiting = make_hog(CPU(1), 10);
	start(lesser);
	start(bound);
	wake(waiting);
	allow(waiting, CPU(2) | CPU(1));
	mark();
	why = judge(waiting, lesser);
	end();
	return why;
}

TEST(balance_a_cpu_whose_thread_becomes_lesser_takes_a_better_one, .cpus = 3)
{
	struct sched_param low = { .sched_priority = 5 };
	int bound, lowered, waiting;
	const char *why;

	begin();
	bound = make_hog(CPU(1), 30);
	lowered = make_hog(CPU(2), 20);
	waiting = make_hog(CPU(1), 10);
	start(bound);
	start(lowered);
	wake(waiting);
	allow(waiting, CPU(2) | CPU(1));
	sched_setscheduler(hog[lowered], SCHED_FIFO, &low);
	mark();
	why = judge(waiting, lowered);
	end();
	return why;
}

/* n fair hogs, one on each of n CPUs, and as many real-time ones that leave CPU 1. */
static void spread(int n)
{
	for (int i = 0; i < n; i++)
		make_hog(CPU(i), 0);
	for (int i = 0; i < n; i++)
		make_hog(CPU(1), 10 + i);
	for (int i = 0; i < n; i++)
		start(i);
	start(2 * n - 1);
	for (int i = n; i < 2 * n - 1; i++)
		wake(i);
	mark();
	for (int i = n; i < 2 * n; i++)
		allow(i, CPU(n) - 1);
	for (int i = n; i < 2 * n; i++)
		if (!eventually(did(i)))
			test_blame("hog %d does not run", i);
}

TEST(balance_several_rt_threads_spread_over_all_cpus, .cpus = 2)
{
	int n = min_t(int, num_online_cpus(), 4), i, least = 100, part = 100;

	begin();
	spread(n);
	mark();
	for (i = n; i < 2 * n; i++)
		least = min(least, share_of(i));
	/* Who is where? No matter: a fair one that did anything had a CPU that a real-time one should have had. */
	for (i = 0; i < n * n; i++)
		part = min(part, part_of(n + i / n, i % n));
	end();
	if (!is_share(least, 90) || !is_part(part, 99))
		return test_fail("one of %d got %d %% on %d CPUs, and %d %% of what a fair one got", n, least, n, part);
	return NULL;
}

/* ---- fair threads ---- */

TEST(balance_a_fair_thread_does_not_starve_behind_a_real_time_one, .cpus = 2)
{
	int first, other, second, got;

	begin();
	first = make_hog(CPU(1), 10);
	other = make_hog(CPU(0), 0);
	second = make_hog(CPU(1), 0);
	start(first);
	start(other);
	wake(second);
	mark();
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
	start(a);
	start(b);
	allow(a, CPU(1) | CPU(3));
	allow(b, CPU(1) | CPU(3));
	schedule_timeout_uninterruptible(HZ / 10);
	mark();
	got = min(share_of(a), share_of(b));
	end();
	if (!is_share(got, 90))
		return test_fail("one got %d %%", got);
	return NULL;
}

static int hogs_on(int cpu)
{
	int n = 0;

	for (int i = 0; i < nr_hogs; i++)
		n += task_cpu(hog[i]) == cpu;
	return n;
}

/* 60 and 50: less than the quarter by which few may differ. */
TEST(balance_many_threads_are_spread_to_four_more_or_less, .cpus = 3)
{
	bool even;

	begin();
	for (int i = 0; i < 110; i++)
		make_hog(CPU(1 + (i >= 60)), 0);
	for (int i = 0; i < nr_hogs; i++)
		wake(i);
	for (int i = 0; i < nr_hogs; i++)
		allow(i, CPU(1) | CPU(2));
	even = eventually(abs(hogs_on(1) - hogs_on(2)) <= 4);
	if (!even)
		test_note("%d are on CPU 1, %d on CPU 2", hogs_on(1), hogs_on(2));
	end();
	EXPECT(even);
	return NULL;
}

static int sleep_then_run(void *data)
{
	set_current_state(TASK_INTERRUPTIBLE);
	schedule();
	return run_on(data);
}

/* 60 sleep on CPU `where`, and may then run on CPUs 1 and 2 as well, which are busy. */
static void put_to_sleep_on(int where)
{
	begin();
	start(make_hog(CPU(1), 0));
	start(make_hog(CPU(2), 0));
	for (int i = 2; i < 62; i++) {
		make_hog_of(sleep_then_run, CPU(where), 0);
		wake(i);
		if (!eventually(test_asleep(hog[i], TASK_INTERRUPTIBLE)))
			test_blame("hog %d does not sleep", i);
		allow(i, CPU(1) | CPU(2) | CPU(where));
	}
}

/* Counted before any can be pulled but by a tick, 16 at a time. */
static const char *wake_all_and_count(void)
{
	int on_1, on_2;

	preempt_disable();
	for (int i = 2; i < nr_hogs; i++)
		wake(i);
	on_1 = hogs_on(1);
	on_2 = hogs_on(2);
	preempt_enable();
	end();
	if (on_1 < 22 || on_2 < 22)
		return test_fail("of 62, %d are on CPU 1 and %d on CPU 2", on_1, on_2);
	return NULL;
}

TEST(balance_a_storm_of_wake_ups_is_spread_over_busy_cpus, .cpus = 3)
{
	put_to_sleep_on(1);
	return wake_all_and_count();
}

TEST(balance_a_storm_is_spread_though_the_cpu_where_they_slept_has_gone, .cpus = 4)
{
	const char *failed;

	put_to_sleep_on(3);
	EXPECT_EQ(remove_cpu(3), 0);
	failed = wake_all_and_count();
	EXPECT_EQ(add_cpu(3), 0);
	return failed;
}

#define DEBT_MS 250
static bool in_debt;

/* Nobody can take the CPU from it, though another one waits. */
static int run_into_debt(void *data)
{
	preempt_disable();
	WRITE_ONCE(in_debt, true);
	mdelay(DEBT_MS);
	preempt_enable();
	return run_on(data);
}

/* Among three it would wait for what each of them is behind it: for three times as long as it has run. */
TEST(balance_what_a_thread_owes_when_it_moves_is_bounded, .cpus = 3)
{
	u64 others = 0;
	bool ran;

	begin();
	in_debt = false;
	make_hog_of(run_into_debt, CPU(1), 0);
	make_hog(CPU(1), 0);
	for (int i = 2; i < 5; i++)
		start(make_hog(CPU(2), 0));
	wake(0);
	if (!eventually(READ_ONCE(in_debt)))
		test_blame("it does not run");
	start(1);
	for (int i = 2; i < 5; i++)
		others -= task_sched_runtime(hog[i]);
	mark();
	allow(0, CPU(2));
	ran = eventually(did(0));
	for (int i = 2; i < 5; i++)
		others += task_sched_runtime(hog[i]);
	end();
	EXPECT(ran);
	if (!time_says_nothing() && others > 2 * DEBT_MS * NSEC_PER_MSEC)
		return test_fail("the others got %llu ms before it ran", others / NSEC_PER_MSEC);
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
	start(0);
	wake(1);
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
