/* SPDX-License-Identifier: MIT */
/*
 * The scheduler: who gets the CPU, how much of it, on which CPU, and who does not.
 *
 * Shares are judged by the scheduler's own accounting (task_sched_runtime), on one CPU, so that a slow or busy
 * host changes nothing.
 */
#include "test.h"
#include "../kernel/sched/sched.h"

#include <linux/cpumask.h>
#include <linux/jiffies.h>
#include <linux/kernel_stat.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/rt.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/tick.h>
#include <linux/timekeeping.h>
#include <linux/wait.h>

/* ---- hogs: threads that want a CPU all the time ---- */

#define MAX_HOGS 8

static struct hog {
	struct task_struct *p;
	u64 before, runtime;	/* at the start of the measurement; and in it */
	unsigned long loops;
	bool stop;
} hogs[MAX_HOGS];

static bool hogs_end;		/* all at once: one that is kept from the CPU by another can't end before that one */

/* No cpu_relax() here: a hog waits for nobody, and under icount each one would cost the host a round of all CPUs. */
static int hog(void *data)
{
	struct hog *h = data;

	while (!READ_ONCE(hogs_end))
		WRITE_ONCE(h->loops, h->loops + 1);
	return 0;
}

/* Makes a hog that does not run yet: kthreadd needs a CPU for making the next one. */
static void make_hog(int i, int cpu, int policy, int prio, int nice)
{
	struct sched_param param = { .sched_priority = prio };
	struct task_struct *p = kthread_create(hog, &hogs[i], "test/hog%d", i);

	BUG_ON(IS_ERR(p));
	hogs[i] = (struct hog){ .p = p };
	hogs_end = false;
	if (cpu >= 0)
		kthread_bind(p, cpu);
	if (policy == SCHED_NORMAL)
		set_user_nice(p, nice);
	else
		BUG_ON(sched_setscheduler(p, policy, &param));
	get_task_struct(p);
}

static void release_hogs(int n)
{
	int i;

	for (i = 0; i < n; i++)
		wake_up_process(hogs[i].p);
}

static void start_hog(int i, int cpu)
{
	make_hog(i, cpu, SCHED_NORMAL, 0, 0);
	wake_up_process(hogs[i].p);
}

static void stop_hogs(int n)
{
	int i;

	WRITE_ONCE(hogs_end, true);
	/* All at once: one that waits for a CPU behind another could not end before that one does. */
	for (i = 0; i < n; i++)
		WRITE_ONCE(hogs[i].stop, true);
	for (i = 0; i < n; i++)
		test_join(hogs[i].p);
}

/* The same measurement for longer; or, of new hogs, from their start. */
static void measure_on(int n, unsigned int ms)
{
	int i;

	schedule_timeout_uninterruptible(msecs_to_jiffies(ms));
	for (i = 0; i < n; i++)
		hogs[i].runtime = task_sched_runtime(hogs[i].p) - hogs[i].before;
}

/* Leaves in hogs[].runtime what each of those that were released gets in that time, in ns. */
static void measure_released(int n, unsigned int ms)
{
	int i;

	for (i = 0; i < n; i++)
		hogs[i].before = task_sched_runtime(hogs[i].p);
	measure_on(n, ms);
}

static void measure_hogs(int n, unsigned int ms)
{
	release_hogs(n);
	test_nap();
	measure_released(n, ms);
}

/*
 * For claims that one hog gets nothing because of another: the measurement begins when that other one has run. A
 * CPU that the host holds up learns of the wake-up late, and until then runs the one that it ran.
 */
static bool measure_behind(int winner, int n, unsigned int ms)
{
	bool on = eventually(READ_ONCE(hogs[winner].loops));

	measure_released(n, ms);
	return on;
}

/* The measuring thread must get its turn in time: FIFO, above everything it measures. */
static void be_the_judge(void)
{
	struct sched_param param = { .sched_priority = 90 };

	sysctl_sched_rt_runtime = -1;	/* the hogs shall have all that they can get */
	sched_setscheduler(current, SCHED_FIFO, &param);
}

/*
 * How far off a share may be, in tenths of a percent. Where time is the host's, other programs' time on its CPUs
 * counts as our threads'; what is measured then is mostly the host.
 */
static int tolerance(int exact)
{
	return test_real_time ? 400 : test_shaken ? 3 * exact : exact;
}

/* a:b as measured against want_a:want_b, in tenths of a percent of deviation. */
static int deviation(u64 a, u64 b, u64 want_a, u64 want_b)
{
	s64 have = a * 100000 / (a + b), want = want_a * 100000 / (want_a + want_b);

	return (have > want ? have - want : want - have) * 1000 / want;
}

static bool hogs_share_as(u64 weight_a, u64 weight_b)
{
	return deviation(hogs[0].runtime, hogs[1].runtime, weight_a, weight_b) <= tolerance(30) &&
	       deviation(hogs[1].runtime, hogs[0].runtime, weight_b, weight_a) <= tolerance(30);
}

/*
 * In virtual time the first measurement must be right. Where time is the host's it comes right: a CPU that the host
 * stops charges one hog for it, and owes the others for seconds; so all counts from the start.
 */
static const char *measure_shares(u64 weight_a, u64 weight_b)
{
	int tries = test_real_time ? 30 : 1;

	measure_hogs(2, test_real_time ? 500 : 1200);
	while (!hogs_share_as(weight_a, weight_b) && --tries)
		measure_on(2, 500);
	stop_hogs(2);
	if (tries)
		return NULL;
	return test_fail("%llu us to %llu us, not %llu to %llu", hogs[0].runtime / 1000, hogs[1].runtime / 1000,
			 weight_a, weight_b);
}

static const char *shares_as(int nice_a, int nice_b, u64 weight_a, u64 weight_b)
{
	be_the_judge();
	make_hog(0, 0, SCHED_NORMAL, 0, nice_a);
	make_hog(1, 0, SCHED_NORMAL, 0, nice_b);
	return measure_shares(weight_a, weight_b);
}

TEST(sched_equal_nice_share_equally)
{
	return shares_as(0, 0, 1024, 1024);
}

TEST(sched_nice_0_and_nice_5_share_as_their_weights_within_3_percent)
{
	return shares_as(0, 5, 1024, 335);
}

TEST(sched_nice_minus_5_and_nice_0_share_as_their_weights_within_3_percent)
{
	return shares_as(-5, 0, 3121, 1024);
}

/* Return: the first hog that did not get its part of the sum, or -1. */
static int find_unequal(int n)
{
	u64 sum = 0;
	int i;

	for (i = 0; i < n; i++)
		sum += hogs[i].runtime;
	for (i = 0; i < n; i++)
		if (deviation(hogs[i].runtime, sum - hogs[i].runtime, 1, n - 1) > tolerance(100))
			return i;
	return -1;
}

TEST(sched_many_equal_threads_share_equally)
{
	int tries = test_real_time ? 30 : 1, i, unequal;

	be_the_judge();
	for (i = 0; i < MAX_HOGS; i++)
		make_hog(i, 0, SCHED_NORMAL, 0, 0);
	release_hogs(MAX_HOGS);
	do {
		measure_on(MAX_HOGS, 1000);
		unequal = find_unequal(MAX_HOGS);
	} while (unequal >= 0 && --tries);
	stop_hogs(MAX_HOGS);
	if (unequal >= 0)
		return test_fail("hog %d got only %llu us", unequal, hogs[unequal].runtime / 1000);
	return NULL;
}

/* ---- policies ---- */

TEST(sched_fifo_beats_fair)
{
	bool won;

	be_the_judge();
	make_hog(0, 0, SCHED_NORMAL, 0, -20);
	make_hog(1, 0, SCHED_FIFO, 1, 0);
	release_hogs(2);
	won = measure_behind(1, 2, 100);
	stop_hogs(2);
	EXPECT(won);
	EXPECT_EQ(hogs[0].runtime, 0);
	EXPECT(hogs[1].runtime > 90 * NSEC_PER_MSEC || test_real_time);
	EXPECT(hogs[1].runtime > 0);
	return NULL;
}

TEST(sched_higher_fifo_priority_beats_lower)
{
	bool won;

	be_the_judge();
	make_hog(0, 0, SCHED_FIFO, 10, 0);
	make_hog(1, 0, SCHED_FIFO, 11, 0);
	release_hogs(2);
	won = measure_behind(1, 2, 100);
	stop_hogs(2);
	EXPECT(won);
	EXPECT_EQ(hogs[0].runtime, 0);
	EXPECT(hogs[1].runtime > 0);
	return NULL;
}

TEST(sched_fifo_of_equal_priority_does_not_share)
{
	bool first;

	be_the_judge();
	make_hog(0, 0, SCHED_FIFO, 10, 0);
	make_hog(1, 0, SCHED_FIFO, 10, 0);
	wake_up_process(hogs[0].p);
	first = eventually(READ_ONCE(hogs[0].loops));
	wake_up_process(hogs[1].p);
	measure_released(2, 200);
	stop_hogs(2);
	EXPECT(first);
	EXPECT(hogs[0].runtime > 0);
	EXPECT_EQ(hogs[1].runtime, 0);
	return NULL;
}

TEST(sched_rr_of_equal_priority_shares)
{
	int tries = test_real_time ? 30 : 1;	/* no turn makes up for one that the host made long */

	be_the_judge();
	make_hog(0, 0, SCHED_RR, 10, 0);
	make_hog(1, 0, SCHED_RR, 10, 0);
	release_hogs(2);
	do
		measure_released(2, 1000);	/* five turns of 100 ms each, give or take one */
	while (deviation(hogs[0].runtime, hogs[1].runtime, 1, 1) > tolerance(250) && --tries);
	stop_hogs(2);
	if (!tries)
		return test_fail("%llu us to %llu us", hogs[0].runtime / 1000, hogs[1].runtime / 1000);
	return NULL;
}

TEST(sched_setscheduler_refuses_what_does_not_exist)
{
	struct sched_param p0 = { .sched_priority = 0 }, p1 = { .sched_priority = 1 };
	struct sched_param p100 = { .sched_priority = 100 }, minus = { .sched_priority = -1 };

	EXPECT_EQ(sched_setscheduler(current, SCHED_FIFO, &p0), -EINVAL);
	EXPECT_EQ(sched_setscheduler(current, SCHED_RR, &p100), -EINVAL);
	EXPECT_EQ(sched_setscheduler(current, SCHED_FIFO, &minus), -EINVAL);
	EXPECT_EQ(sched_setscheduler(current, SCHED_NORMAL, &p1), -EINVAL);
	EXPECT_EQ(sched_setscheduler(current, 42, &p0), -EINVAL);
	EXPECT_EQ(current->policy, SCHED_NORMAL);
	return NULL;
}

TEST(sched_setscheduler_changes_the_class_and_back)
{
	struct sched_param p7 = { .sched_priority = 7 }, p0 = { .sched_priority = 0 };

	EXPECT_EQ(sched_setscheduler(current, SCHED_FIFO, &p7), 0);
	EXPECT_EQ(current->policy, SCHED_FIFO);
	EXPECT_EQ(current->rt_priority, 7);
	EXPECT_EQ(current->prio, 92);
	EXPECT(rt_task(current));
	EXPECT_EQ(sched_setscheduler(current, SCHED_NORMAL, &p0), 0);
	EXPECT_EQ(current->prio, 120);
	EXPECT(!rt_task(current));
	return NULL;
}

TEST(sched_set_fifo_low_and_normal_do_as_they_say)
{
	sched_set_fifo(current);
	EXPECT_EQ(current->rt_priority, 50);
	sched_set_fifo_low(current);
	EXPECT_EQ(current->rt_priority, 1);
	sched_set_normal(current, 3);
	EXPECT_EQ(current->policy, SCHED_NORMAL);
	EXPECT_EQ(task_nice(current), 3);
	return NULL;
}

TEST(sched_set_user_nice_is_clamped_and_kept_aside_for_rt)
{
	set_user_nice(current, 10);
	EXPECT_EQ(task_nice(current), 10);
	EXPECT_EQ(current->static_prio, 130);
	set_user_nice(current, 20);		/* no such value: nothing happens */
	EXPECT_EQ(task_nice(current), 10);
	sched_set_fifo_low(current);
	set_user_nice(current, -3);
	EXPECT_EQ(current->policy, SCHED_FIFO);
	EXPECT_EQ(task_nice(current), -3);
	sched_set_normal(current, 0);
	return NULL;
}

TEST(sched_a_running_thread_takes_a_new_nice_value_at_once)
{
	be_the_judge();
	make_hog(0, 0, SCHED_NORMAL, 0, 0);
	make_hog(1, 0, SCHED_NORMAL, 0, 0);
	release_hogs(2);
	test_nap();
	set_user_nice(hogs[1].p, 5);
	return measure_shares(1024, 335);
}

/* ---- preemption, yield, fairness after sleep ---- */

TEST(sched_a_waking_rt_thread_preempts_a_fair_one_at_once)
{
	u64 before;
	unsigned long jumps = 0;
	int i;

	start_hog(0, 0);
	set_cpus_allowed_ptr(current, cpumask_of(0));
	be_the_judge();
	for (i = 0; i < 20; i++) {
		before = ktime_get_ns();
		schedule_timeout_uninterruptible(1);
		if (ktime_get_ns() - before > 3 * TICK_NSEC)
			jumps++;
	}
	stop_hogs(1);
	if (!test_real_time)
		EXPECT_EQ(jumps, 0);
	return NULL;
}

TEST(sched_a_long_sleeper_does_not_starve_those_who_ran)
{
	int tries = test_real_time ? 5 : 1;

	be_the_judge();
	do {
		start_hog(0, 0);
		/* hog 1 comes late, and gets no half second as a present */
		schedule_timeout_uninterruptible(HZ / 2);
		make_hog(1, 0, SCHED_NORMAL, 0, 0);
		measure_hogs(2, 200);
		stop_hogs(2);
	} while (hogs[0].runtime < hogs[1].runtime / 2 && --tries);
	if (!tries)
		return test_fail("%llu us to %llu us", hogs[0].runtime / 1000, hogs[1].runtime / 1000);
	return NULL;
}

static int turns[2];

static int yielder(void *data)
{
	int me = (int)(long)data;

	while (!kthread_should_stop()) {
		turns[me]++;
		yield();
	}
	return 0;
}

TEST(sched_yield_lets_the_other_run)
{
	struct task_struct *p[2];
	long i;

	be_the_judge();
	turns[0] = turns[1] = 0;
	for (i = 0; i < 2; i++)
		p[i] = test_start(0, yielder, (void *)i, "test/yield");
	if (!eventually(READ_ONCE(turns[0]) > 100 && READ_ONCE(turns[1]) > 100))
		test_blame("%d turns to %d", turns[0], turns[1]);
	for (i = 0; i < 2; i++)
		test_join(p[i]);
	return NULL;
}

/* schedule() has nothing to decide as long as its caller is alone: it must see at once when that ends. */
static int scheduler_caller(void *data)
{
	while (!kthread_should_stop()) {
		schedule();
		if (irqs_disabled() || !task_is_running(current))
			return 1;
		WRITE_ONCE(turns[0], turns[0] + 1);
	}
	return 0;
}

static int newcomer(void *data)
{
	WRITE_ONCE(turns[1], turns[1] + 1);
	return 0;
}

TEST(sched_who_calls_schedule_all_the_time_lets_newcomers_in)
{
	struct task_struct *p, *q;

	turns[0] = turns[1] = 0;
	p = test_start(num_online_cpus() - 1, scheduler_caller, NULL, "test/caller");
	for (int i = 0; i < 20; i++) {
		int before = READ_ONCE(turns[0]);

		if (!eventually(READ_ONCE(turns[0]) - before > 10))
			test_blame("the caller of schedule() does not run: %d", turns[0]);
		q = test_start(num_online_cpus() - 1, newcomer, NULL, "test/new");
		if (!eventually(READ_ONCE(turns[1]) == i + 1))
			test_blame("a newcomer does not run");
		EXPECT_EQ(test_join(q), 0);
	}
	synchronize_rcu();
	EXPECT_EQ(test_join(p), 0);
	return NULL;
}

/* Many take turns: nobody is passed over for good, nobody gets ahead of the others by more than a few. */
#define YIELDERS 9
static int many_turns[YIELDERS];

static int yield_in_turn(void *data)
{
	while (!kthread_should_stop()) {
		WRITE_ONCE(many_turns[(long)data], many_turns[(long)data] + 1);
		yield();
	}
	return 0;
}

TEST(sched_yield_among_many_passes_nobody_over)
{
	struct task_struct *p[YIELDERS];

	be_the_judge();
	memset(many_turns, 0, sizeof(many_turns));
	for (long i = 0; i < YIELDERS; i++)
		p[i] = test_start(0, yield_in_turn, (void *)i, "test/yield");
	for (int i = 0; i < YIELDERS; i++)
		if (!eventually(READ_ONCE(many_turns[i]) > 200))
			test_blame("thread %d of %d has had %d turns", i, YIELDERS, many_turns[i]);
	for (int i = 0; i < YIELDERS; i++)
		test_join(p[i]);
	return NULL;
}

static int yield_once_fifo(void *data)
{
	int me = (int)(long)data, i;

	for (i = 0; i < 100; i++) {
		if (turns[me] > turns[!me] + 1)
			return 1;
		turns[me]++;
		yield();
	}
	turns[me] += 1000000;
	return 0;
}

TEST(sched_yield_between_fifo_threads_takes_turns)
{
	struct sched_param param = { .sched_priority = 20 };
	struct task_struct *p[2];
	long i;

	be_the_judge();
	turns[0] = turns[1] = 0;
	for (i = 0; i < 2; i++) {
		p[i] = kthread_create(yield_once_fifo, (void *)i, "test/yield");
		kthread_bind(p[i], num_online_cpus() - 1);
		sched_setscheduler(p[i], SCHED_FIFO, &param);
		get_task_struct(p[i]);
	}
	/* from that very CPU, so that neither starts before both are ready */
	set_cpus_allowed_ptr(current, cpumask_of(num_online_cpus() - 1));
	wake_up_process(p[0]);
	wake_up_process(p[1]);
	for (i = 0; i < 2; i++) {
		EXPECT(eventually(READ_ONCE(p[i]->exit_state)));
		EXPECT_EQ(test_join(p[i]), 0);
	}
	return NULL;
}

/* A sleep is one switch; none at all if the time was up before it began. */
static bool sleep_counts_as_one(void)
{
	unsigned long nv = current->nvcsw;

	schedule_timeout_uninterruptible(1);
	BLAME_UNLESS(current->nvcsw - nv <= 1);
	return current->nvcsw == nv + 1;
}

TEST(sched_a_preempted_thread_counts_as_involuntary_a_sleeper_as_voluntary)
{
	unsigned long nv;
	bool preempted;

	EXPECT(eventually(sleep_counts_as_one()));
	be_the_judge();
	start_hog(0, 0);
	start_hog(1, 0);
	preempted = eventually(READ_ONCE(hogs[0].p->nivcsw) > 3);
	nv = hogs[0].p->nvcsw;
	stop_hogs(2);
	EXPECT(preempted);
	EXPECT_OP(nv, <=, 3);
	return NULL;
}

TEST(sched_runtime_is_time_on_the_cpu)
{
	u64 before = task_sched_runtime(current), start;

	schedule_timeout_uninterruptible(10);
	EXPECT(task_sched_runtime(current) - before < 10 * NSEC_PER_MSEC || test_real_time);
	start = ktime_get_ns();
	before = task_sched_runtime(current);
	test_spin_ns(20 * NSEC_PER_MSEC);
	EXPECT(task_sched_runtime(current) - before <= ktime_get_ns() - start);
	EXPECT(task_sched_runtime(current) > before);
	return NULL;
}

/* ---- CPUs ---- */

/*
 * What a thread may be seen on: its mask, and while the mask is being changed the old one, too. With preemption off
 * it can't be moved, so set_cpus_allowed_ptr() can't return, so `may` can't become narrower under it.
 */
static struct affine {
	struct task_struct *p;
	unsigned long may;
} affine[12];

static int stay_in_mask(void *data)
{
	struct affine *a = data;
	unsigned int looks = 0;

	while (!kthread_should_stop()) {
		int cpu = get_cpu();

		if (!(READ_ONCE(a->may) & (1UL << cpu)))
			test_blame("seen on CPU %d, allowed were %#lx", cpu, READ_ONCE(a->may));
		put_cpu();
		if (cpu & 1 && ++looks % 16384)		/* now and then it sleeps there, too: it need not be a hog */
			cond_resched();
		else
			schedule_timeout_interruptible(1);
	}
	return 0;
}

static const char *change_mask(struct affine *a, u32 *random)
{
	int cpus = num_online_cpus();
	struct cpumask mask;

	cpumask_clear(&mask);
	cpumask_set_cpu(test_random(random) % cpus, &mask);
	if (test_random(random) & 1)
		cpumask_set_cpu(test_random(random) % cpus, &mask);
	WRITE_ONCE(a->may, a->may | cpumask_bits(&mask)[0]);
	EXPECT_EQ(set_cpus_allowed_ptr(a->p, &mask), 0);
	WRITE_ONCE(a->may, cpumask_bits(&mask)[0]);
	return NULL;
}

/* While the balancer works, masks change all the time, and nobody is ever seen outside of his. */
TEST(sched_affinity_is_never_broken_under_balancing, .cpus = 2)
{
	u32 random = test_seed(3);
	int i;

	for (i = 0; i < ARRAY_SIZE(affine); i++) {
		affine[i].may = ~0UL;
		affine[i].p = test_start(-1, stay_in_mask, &affine[i], "test/affine");
	}
	for (i = 0; i < 300; i++) {
		TRY(change_mask(&affine[test_random(&random) % ARRAY_SIZE(affine)], &random));
		if (i % 16 == 0)
			test_nap();
	}
	for (i = 0; i < ARRAY_SIZE(affine); i++)
		test_join(affine[i].p);
	return NULL;
}

TEST(sched_set_cpus_allowed_moves_the_caller_before_it_returns)
{
	int cpu, round;

	for (round = 0; round < 20; round++)
		for_each_online_cpu(cpu) {
			EXPECT_EQ(set_cpus_allowed_ptr(current, cpumask_of(cpu)), 0);
			EXPECT_EQ(smp_processor_id(), cpu);
		}
	return NULL;
}

TEST(sched_set_cpus_allowed_refuses_a_mask_without_an_online_cpu)
{
	struct cpumask none;

	cpumask_clear(&none);
	EXPECT_EQ(set_cpus_allowed_ptr(current, &none), -EINVAL);
	return NULL;
}

TEST(sched_set_cpus_allowed_moves_a_running_hog, .cpus = 2)
{
	int i;

	start_hog(0, -1);
	for (i = 0; i < 50; i++) {
		int cpu = i % num_online_cpus();

		EXPECT_EQ(set_cpus_allowed_ptr(hogs[0].p, cpumask_of(cpu)), 0);
		EXPECT_EQ(task_cpu(hogs[0].p), cpu);
	}
	stop_hogs(1);
	return NULL;
}

TEST(sched_hogs_spread_over_all_cpus, .cpus = 2)
{
	int n = min_t(int, num_online_cpus(), MAX_HOGS), i;
	u64 least = ~0ULL;

	be_the_judge();
	set_cpus_allowed_ptr(current, cpumask_of(0));
	for (i = 0; i < n; i++)
		start_hog(i, -1);
	schedule_timeout_uninterruptible(HZ / 5);
	measure_hogs(n, 100);
	for (i = 0; i < n; i++)
		least = min(least, hogs[i].runtime);
	stop_hogs(n);
	if (!test_real_time && least < 70 * NSEC_PER_MSEC)
		return test_fail("with %d CPUs for %d hogs one got %llu us of 100 ms", num_online_cpus(), n,
				 least / 1000);
	return NULL;
}

static int count_elsewhere(int n)
{
	int elsewhere = 0;

	while (n--)
		elsewhere += task_cpu(hogs[n].p) != 0;
	return elsewhere;
}

TEST(sched_work_is_pulled_from_a_crowded_cpu, .cpus = 2)
{
	int i, elsewhere;

	be_the_judge();
	for (i = 0; i < 6; i++) {
		start_hog(i, -1);
		set_cpus_allowed_ptr(hogs[i].p, cpumask_of(0));
	}
	for (i = 0; i < 6; i++)
		set_cpus_allowed_ptr(hogs[i].p, cpu_online_mask);
	schedule_timeout_uninterruptible(HZ / 4);
	elsewhere = count_elsewhere(6);
	if (test_real_time)		/* the other CPUs may not have had a turn on the host yet */
		(void)eventually((elsewhere = count_elsewhere(6)) >= 2);
	stop_hogs(6);
	EXPECT_OP(elsewhere, >=, 2);
	return NULL;
}

static int where_was_i;

static int note_cpu(void *data)
{
	WRITE_ONCE(where_was_i, smp_processor_id());
	return 0;
}

TEST(sched_a_woken_thread_finds_an_idle_cpu, .cpus = 2)
{
	struct task_struct *p;

	start_hog(0, 0);
	set_cpus_allowed_ptr(current, cpumask_of(1));
	test_nap();
	where_was_i = -1;
	p = test_start(-1, note_cpu, NULL, "test/placed");
	EXPECT(eventually(READ_ONCE(where_was_i) >= 0));
	test_join(p);
	stop_hogs(1);
	if (num_online_cpus() > 2 && !test_real_time)
		EXPECT(where_was_i != 0);
	return NULL;
}

struct cpu_life {
	u64		idle, switches;
	unsigned long	interrupts;
};

static struct cpu_life life_of(int cpu)
{
	struct kernel_cpustat stat;

	kcpustat_cpu_fetch(&stat, cpu);
	return (struct cpu_life){ stat.cpustat[CPUTIME_IDLE], READ_ONCE(cpu_rq(cpu)->nr_switches),
				  tick_interrupts(cpu) };
}

/* What is left of the claims before may still want that CPU; so it is watched until it was idle for most of a time. */
TEST(sched_an_idle_cpu_takes_no_tick, .cpus = 2)
{
	int cpu = num_online_cpus() - 1, tries = 20;
	u64 start, took, busy, switches;
	struct cpu_life before, after;
	unsigned long interrupts;

	set_cpus_allowed_ptr(current, cpumask_of(0));
	do {
		before = life_of(cpu);
		start = ktime_get_ns();
		schedule_timeout_uninterruptible(HZ / 2);
		after = life_of(cpu);
		took = ktime_get_ns() - start;
		busy = took - min(took, after.idle - before.idle);
	} while (busy > took / 10 && --tries);
	EXPECT(tries);
	interrupts = after.interrupts - before.interrupts;
	switches = after.switches - before.switches;
	/* A tick each jiffy in which it was busy, the one that was set already each time it became idle, and timers. */
	if (interrupts > took / TICK_NSEC / 10 + busy / TICK_NSEC + switches)
		return test_fail("CPU %d took %lu timer interrupts in %llu ms, busy for %llu us, %llu switches", cpu,
				 interrupts, took / NSEC_PER_MSEC, busy / NSEC_PER_USEC, switches);
	return NULL;
}

TEST(sched_a_busy_cpu_takes_a_tick_each_jiffy)
{
	unsigned long ticks, start;
	int cpu = num_online_cpus() - 1;

	be_the_judge();
	start_hog(0, cpu);
	test_nap();
	start = jiffies;
	ticks = tick_ticks(cpu);
	schedule_timeout_uninterruptible(HZ / 5);
	ticks = tick_ticks(cpu) - ticks;
	start = jiffies - start;
	stop_hogs(1);
	EXPECT_OP(ticks, <=, start + 1);
	EXPECT_OP(ticks, >=, test_real_time ? 1 : start - 2);
	return NULL;
}

/* ---- wake-ups ---- */

static int sleep_then_report(void *data)
{
	set_current_state(TASK_UNINTERRUPTIBLE);
	schedule();
	return 0;
}

TEST(sched_wake_up_process_says_whether_it_woke)
{
	struct task_struct *p = test_start(-1, sleep_then_report, NULL, "test/sleep");

	EXPECT(eventually(test_asleep(p, TASK_UNINTERRUPTIBLE)));
	EXPECT_EQ(wake_up_state(p, TASK_INTERRUPTIBLE), 0);
	EXPECT_EQ(wake_up_process(p), 1);
	EXPECT(eventually(READ_ONCE(p->exit_state)));
	EXPECT_EQ(wake_up_process(p), 0);
	test_join(p);
	return NULL;
}

/*
 * Wakers on several CPUs fire at one sleeper that goes to sleep again and again: on_rq and on_cpu must keep
 * it from running twice, and from sleeping for ever.
 */
static struct task_struct *target;
static bool target_done;
static atomic_t in_target;

static const char *be_woken_or_wake(struct crew *c, int i)
{
	u64 start = ktime_get_ns();
	int n;

	if (i == 0) {
		WRITE_ONCE(target, current);
		for (n = 0; n < test_rounds(20000) && !test_took_long(start); n++) {
			set_current_state(TASK_UNINTERRUPTIBLE);
			schedule();
			if (atomic_inc_return(&in_target) != 1)
				test_blame("the sleeper runs on two CPUs");
			atomic_dec(&in_target);
		}
		WRITE_ONCE(target_done, true);
		return NULL;
	}
	while (!READ_ONCE(target_done)) {
		struct task_struct *p = READ_ONCE(target);

		if (p)
			wake_up_process(p);
		cond_resched();
		cpu_relax();
	}
	return NULL;
}

TEST(sched_wakers_on_all_cpus_never_run_a_thread_twice, .cpus = 2)
{
	struct crew c = { .fn = be_woken_or_wake, .n = min_t(int, num_online_cpus(), 4) };

	target = NULL;
	target_done = false;
	atomic_set(&in_target, 0);
	return crew_run(&c);
}

TEST(sched_state_letters_are_true)
{
	struct task_struct *p = test_start(-1, sleep_then_report, NULL, "test/letter");

	EXPECT_EQ(task_state_to_char(current), 'R');
	EXPECT(eventually(test_asleep(p, TASK_UNINTERRUPTIBLE)));
	EXPECT_EQ(task_state_to_char(p), 'D');
	wake_up_process(p);
	test_join(p);
	return NULL;
}
