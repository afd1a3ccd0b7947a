/* SPDX-License-Identifier: MIT */
/*
 * Scheduling policies: what each of them gives, and what real-time threads may not take.
 *
 * Shares are judged by the scheduler's own accounting, in virtual time, where nothing else disturbs. The judge is FIFO
 * 90, and above everybody that is judged.
 */
#include "test.h"
#include "../kernel/ps.h"
#include "../kernel/sched/sched.h"

#include <linux/cpumask.h>
#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/sched.h>
#include <linux/sched/rt.h>
#include <linux/sched/task.h>
#include <linux/string.h>
#include <linux/wait.h>

/* ---- hogs and sleepers ---- */

#define MAX_HOGS 4

static struct hog {
	struct task_struct *p;
	u64 runtime;
} hogs[MAX_HOGS];
static bool hogs_end;

static int hog(void *unused)
{
	while (!READ_ONCE(hogs_end))
		;
	return 0;
}

static void judge(int limit)
{
	struct sched_param param = { .sched_priority = 90 };

	sysctl_sched_rt_runtime = limit;
	sched_setscheduler(current, SCHED_FIFO, &param);
}

/* 95 percent still, of 200 ms: it is over sooner. */
static void shorter_period(void)
{
	sysctl_sched_rt_period = 200000;
	sysctl_sched_rt_runtime = 190000;
}

static void make_hog(int i, int cpu, int policy, int prio)
{
	struct sched_param param = { .sched_priority = prio };
	struct task_struct *p = kthread_create(hog, NULL, "test/hog%d", i);

	BUG_ON(IS_ERR(p));
	hogs[i].p = get_task_struct(p);
	hogs_end = false;
	if (cpu >= 0)
		kthread_bind(p, cpu);
	BUG_ON(sched_setscheduler(p, policy, &param));
}

/* What each gets in so many ms, and the sum of it. */
static u64 measure(int n, unsigned int ms)
{
	u64 sum = 0;

	for (int i = 0; i < n; i++)
		hogs[i].runtime = task_sched_runtime(hogs[i].p);
	schedule_timeout_uninterruptible(msecs_to_jiffies(ms));
	for (int i = 0; i < n; i++)
		sum += hogs[i].runtime = task_sched_runtime(hogs[i].p) - hogs[i].runtime;
	return sum;
}

static bool ran_since(const u64 start[2])
{
	for (int i = 0; i < 2; i++)
		hogs[i].runtime = task_sched_runtime(hogs[i].p) - start[i];
	return hogs[0].runtime && hogs[1].runtime;
}

/*
 * Where the host may hold a CPU up for longer than any measurement: it may be that only one of them runs in each tick,
 * but both will have, some day.
 */
static void measure_until_both_ran(void)
{
	const u64 start[2] = { task_sched_runtime(hogs[0].p), task_sched_runtime(hogs[1].p) };

	if (!eventually(ran_since(start)))
		test_blame("one of two never ran");
}

static void start_hogs(int n)
{
	for (int i = 0; i < n; i++)
		wake_up_process(hogs[i].p);
}

static void end_hogs(int n)
{
	WRITE_ONCE(hogs_end, true);
	for (int i = 0; i < n; i++)
		test_join(hogs[i].p);
}

/* A share in thousandths. */
static unsigned int share(int i, u64 sum)
{
	return sum ? hogs[i].runtime * 1000 / sum : 0;
}

static bool can_judge(void)
{
	return !test_real_time && !test_shaken;
}

static struct sleeper {
	struct task_struct *p;
	wait_queue_head_t wq;
	bool wake;
	u64 asked, ran;
	int cpu, woken_on;
	bool was_open;			/* the class, on CPU 1, when it was woken */
	int watched;			/* a CPU that ran SCHED_IDLE only, from before it was woken until after? */
	bool stayed_idle;
} sleeper;

static int note_when_it_runs(void *data)
{
	for (;;) {
		wait_event(sleeper.wq, READ_ONCE(sleeper.wake) || kthread_should_stop());
		if (kthread_should_stop())
			return 0;
		sleeper.wake = false;
		sleeper.cpu = smp_processor_id();
		WRITE_ONCE(sleeper.ran, ktime_get_ns());
	}
}

static void start_sleeper(int cpu, int policy)
{
	struct sched_param param = { .sched_priority = policy == SCHED_FIFO || policy == SCHED_RR };

	memset(&sleeper, 0, sizeof(sleeper));
	init_waitqueue_head(&sleeper.wq);
	sleeper.p = test_start(cpu, note_when_it_runs, NULL, "test/sleeper");
	BUG_ON(sched_setscheduler(sleeper.p, policy, &param));
	if (!eventually(test_asleep(sleeper.p, TASK_UNINTERRUPTIBLE)))
		test_blame("the sleeper does not sleep");
}

static enum hrtimer_restart wake_from_timer(struct hrtimer *unused)
{
	const struct rq *watched = cpu_rq(sleeper.watched);
	bool before = cpumask_test_cpu(sleeper.watched, &sched_idle_cpus);
	u64 switches = READ_ONCE(watched->nr_switches);

	sleeper.asked = ktime_get_ns();
	WRITE_ONCE(sleeper.wake, true);
	wake_up(&sleeper.wq);
	sleeper.woken_on = task_cpu(sleeper.p);
	/* Whoever else may have come there would have had to run, to be gone again. */
	sleeper.stayed_idle = before && READ_ONCE(watched->nr_switches) == switches &&
			      cpumask_test_cpu(sleeper.watched, &sched_idle_cpus);
	sleeper.was_open = nr_cpu_ids > 1 && !READ_ONCE(cpu_rq(1)->rt.throttled);
	return HRTIMER_NORESTART;
}

/* Wakes the sleeper, from an interrupt on this CPU while something else runs here. Return: ns until it ran. */
static u64 wake_sleeper(void)
{
	struct hrtimer timer;

	sleeper.ran = 0;
	hrtimer_init_on_stack(&timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED);
	timer.function = wake_from_timer;
	hrtimer_start(&timer, NSEC_PER_MSEC, HRTIMER_MODE_REL_PINNED);
	if (!eventually(READ_ONCE(sleeper.ran)))
		test_blame("the sleeper does not wake");
	hrtimer_cancel(&timer);
	destroy_hrtimer_on_stack(&timer);
	return sleeper.ran - sleeper.asked;
}

/* ---- the limit for real-time threads ---- */

TEST(policy_a_runaway_fifo_thread_leaves_the_others_five_percent)
{
	u64 sum;

	make_hog(0, 0, SCHED_FIFO, 50);
	make_hog(1, 0, SCHED_NORMAL, 0);
	judge(RT_RUNTIME_DEFAULT);
	start_hogs(2);
	sum = measure(2, 2000);
	if (test_real_time)
		measure_until_both_ran();
	end_hogs(2);
	/* One or two periods end in that time. */
	if (can_judge() && (share(0, sum) < 935 || share(0, sum) > 985))
		return test_fail("FIFO got %u thousandths, not 950", share(0, sum));
	EXPECT_OP(hogs[1].runtime, >, 0);
	return NULL;
}

TEST(policy_the_limit_is_told_once_with_the_name_of_the_thread)
{
	sched_rt_limit_told = false;
	shorter_period();
	make_hog(0, 0, SCHED_FIFO, 50);
	start_hogs(1);
	EXPECT(eventually(READ_ONCE(sched_rt_limit_told)));
	end_hogs(1);
	EXPECT(test_log_has("sched: RT throttling activated"));
	EXPECT(test_log_has("thread test/hog0 ("));
	EXPECT(test_log_has("A real-time thread must sleep"));
	return NULL;
}

/* The console is PID 1's: an ordinary thread on the same CPU. */
TEST(policy_an_ordinary_thread_gets_its_turn_within_a_period)
{
	shorter_period();
	set_cpus_allowed_ptr(current, cpumask_of(0));
	start_sleeper(0, SCHED_NORMAL);
	make_hog(0, 0, SCHED_FIFO, 99);
	start_hogs(1);
	for (int i = 0; i < 2; i++)
		if (wake_sleeper() > 200 * NSEC_PER_MSEC && can_judge())
			test_blame("it took %llu ms", (sleeper.ran - sleeper.asked) / NSEC_PER_MSEC);
	end_hogs(1);
	test_join(sleeper.p);
	return NULL;
}

TEST(policy_without_the_limit_a_fifo_thread_keeps_all)
{
	shorter_period();
	judge(-1);
	make_hog(0, 0, SCHED_FIFO, 50);
	make_hog(1, 0, SCHED_NORMAL, 0);
	start_hogs(2);
	measure(2, 300);
	EXPECT_EQ(hogs[1].runtime, 0);
	/* While it is in force, it takes effect; lifted again, the class opens by the end of the period. */
	sysctl_sched_rt_runtime = 100000;
	measure(2, 400);
	if (can_judge())
		EXPECT_OP(hogs[1].runtime, >, 150 * NSEC_PER_MSEC);
	else
		measure_until_both_ran();
	sysctl_sched_rt_runtime = -1;
	schedule_timeout_uninterruptible(HZ / 5 + 2);
	measure(2, 100);
	EXPECT(hogs[1].runtime == 0 || eventually((measure(2, 100), !can_judge() && hogs[1].runtime == 0)));
	measure(2, 100);
	end_hogs(2);
	EXPECT_EQ(hogs[1].runtime, 0);
	return NULL;
}

TEST(policy_a_thread_that_sleeps_enough_is_never_shut_out)
{
	u64 start = ktime_get_ns();

	sched_rt_limit_told = false;
	shorter_period();
	judge(190000);
	while (ktime_get_ns() - start < NSEC_PER_SEC / 2) {
		test_spin_ns(60 * NSEC_PER_MSEC);
		schedule_timeout_uninterruptible(5);	/* 20 ms: three quarters of the time */
	}
	if (can_judge())
		EXPECT(!sched_rt_limit_told);
	sched_rt_limit_told = true;
	return NULL;
}

TEST(policy_the_stop_class_is_not_meant, .cpus = 2)
{
	make_hog(0, -1, SCHED_FIFO, 99);
	set_cpus_allowed_ptr(hogs[0].p, cpumask_of(1));
	start_hogs(1);
	EXPECT(eventually(task_sched_runtime(hogs[0].p) > 100 * NSEC_PER_MSEC));
	for (int i = 0; i < 20; i++) {
		EXPECT_EQ(set_cpus_allowed_ptr(hogs[0].p, cpumask_of(i % 2)), 0);
		EXPECT_EQ(task_cpu(hogs[0].p), i % 2);
	}
	end_hogs(1);
	return NULL;
}

/*
 * A FIFO hog has CPU 0: either it runs, or the class is shut there, and what runs is lesser than the sleeper, but the
 * sleeper would not run. It comes from that CPU each time. How soon it runs elsewhere is QEMU's affair.
 */
TEST(policy_a_real_time_thread_does_not_wake_where_the_class_is_shut, .cpus = 2)
{
	int judged = 0, there = 0;

	start_sleeper(-1, SCHED_FIFO);
	make_hog(0, 0, SCHED_FIFO, 50);
	start_hogs(1);
	set_cpus_allowed_ptr(current, cpumask_of(1));
	sysctl_sched_rt_period = 40000;
	sysctl_sched_rt_runtime = 20000;
	for (int i = 0; i < 40; i++) {
		EXPECT(eventually(test_asleep(sleeper.p, TASK_UNINTERRUPTIBLE)));
		set_cpus_allowed_ptr(sleeper.p, cpumask_of(0));
		set_cpus_allowed_ptr(sleeper.p, cpu_possible_mask);
		wake_sleeper();
		/* The sleeper itself may have used up CPU 1's share, as QEMU lets time go on between two turns. */
		judged += sleeper.was_open;
		there += sleeper.was_open && sleeper.woken_on == 0;
	}
	end_hogs(1);
	test_join(sleeper.p);
	EXPECT_EQ(there, 0);
	EXPECT_OP(judged, >, 0);
	return NULL;
}

/* ---- RR ---- */

TEST(policy_rr_takes_turns_of_100_ms_and_fifo_none)
{
	u64 sum;

	judge(-1);
	make_hog(0, 0, SCHED_RR, 10);
	make_hog(1, 0, SCHED_RR, 10);
	make_hog(2, 0, SCHED_RR, 9);
	start_hogs(3);
	schedule_timeout_uninterruptible(1);
	sum = measure(3, 800);
	end_hogs(3);
	EXPECT_EQ(hogs[2].runtime, 0);
	if (can_judge()) {
		EXPECT_OP(share(0, sum), >, 450);
		EXPECT_OP(share(0, sum), <, 550);
		/* Four turns each; the judge has interrupted one or two. */
		EXPECT_OP(hogs[0].p->nivcsw, >=, 3);
		EXPECT_OP(hogs[0].p->nivcsw, <=, 7);
	}
	return NULL;
}

TEST(policy_a_preempted_rr_thread_stays_first_and_keeps_its_slice)
{
	u64 sum;

	set_cpus_allowed_ptr(current, cpumask_of(0));
	judge(-1);
	make_hog(0, 0, SCHED_RR, 10);
	make_hog(1, 0, SCHED_RR, 10);
	start_hogs(2);
	/* Interrupted in each tick, yet the turns are what they were. */
	for (int i = 0; i < 2; i++)
		hogs[i].runtime = task_sched_runtime(hogs[i].p);
	for (int i = 0; i < HZ / 20; i++)
		schedule_timeout_uninterruptible(1);
	for (int i = 0; i < 2; i++)
		hogs[i].runtime = task_sched_runtime(hogs[i].p) - hogs[i].runtime;
	sum = hogs[0].runtime + hogs[1].runtime;
	end_hogs(2);
	if (can_judge())
		EXPECT(share(0, sum) > 900 || share(1, sum) > 900);
	return NULL;
}

/* ---- BATCH and IDLE ---- */

TEST(policy_batch_shares_like_normal_but_does_not_preempt)
{
	u64 sum, normal = 0, batch = 0;

	set_cpus_allowed_ptr(current, cpumask_of(0));
	judge(-1);
	make_hog(0, 0, SCHED_NORMAL, 0);
	make_hog(1, 0, SCHED_BATCH, 0);
	start_hogs(2);
	sum = measure(2, 500);
	end_hogs(2);
	if (can_judge())
		EXPECT(share(1, sum) > 470 && share(1, sum) < 530);
	make_hog(0, 0, SCHED_NORMAL, 0);
	start_hogs(1);
	for (int i = 0; i < 2; i++) {
		start_sleeper(0, i ? SCHED_BATCH : SCHED_NORMAL);
		schedule_timeout_uninterruptible(HZ / 10);
		*(i ? &batch : &normal) = wake_sleeper();
		test_join(sleeper.p);
	}
	end_hogs(1);
	if (can_judge()) {
		EXPECT_OP(normal, <, NSEC_PER_MSEC);
		EXPECT_OP(batch, >, NSEC_PER_MSEC);
	}
	return NULL;
}

TEST(policy_idle_weighs_three)
{
	u64 sum;

	judge(-1);
	make_hog(0, 0, SCHED_NORMAL, 0);
	make_hog(1, 0, SCHED_IDLE, 0);
	set_user_nice(hogs[1].p, -20);		/* changes nothing for it */
	EXPECT_EQ(hogs[1].p->se.load.weight, 3);
	start_hogs(2);
	sum = measure(2, 1400);
	end_hogs(2);
	EXPECT_OP(hogs[0].runtime, >, 0);
	/* 3 of 1027 is 2.9 thousandths, in turns of a tick. */
	if (can_judge())
		EXPECT(share(1, sum) >= 1 && share(1, sum) <= 7);
	return NULL;
}

TEST(policy_an_idle_thread_gets_all_when_nobody_else_wants_it)
{
	judge(-1);
	make_hog(0, 0, SCHED_IDLE, 0);
	start_hogs(1);
	EXPECT_OP(measure(1, 100), >, can_judge() ? 90 * NSEC_PER_MSEC : 0);
	end_hogs(1);
	return NULL;
}

static const char *wakes_beside(int runs, int wakes, bool at_once)
{
	u64 longest = 0, ns;

	make_hog(0, 0, runs, 0);
	start_sleeper(0, wakes);
	start_hogs(1);
	for (int i = 0; i < 10; i++) {
		schedule_timeout_uninterruptible(HZ / 50);
		ns = wake_sleeper();
		longest = max(longest, ns);
	}
	end_hogs(1);
	test_join(sleeper.p);
	if (can_judge() && at_once != (longest < NSEC_PER_MSEC))
		return test_fail("policy %d waking beside %d waits up to %llu us", wakes, runs,
				 longest / NSEC_PER_USEC);
	return NULL;
}

TEST(policy_whoever_wakes_preempts_an_idle_thread_at_once_and_never_the_other_way)
{
	set_cpus_allowed_ptr(current, cpumask_of(0));
	judge(-1);
	TRY(wakes_beside(SCHED_IDLE, SCHED_NORMAL, true));
	TRY(wakes_beside(SCHED_IDLE, SCHED_BATCH, true));
	TRY(wakes_beside(SCHED_NORMAL, SCHED_IDLE, false));
	TRY(wakes_beside(SCHED_IDLE, SCHED_FIFO, true));
	return NULL;
}

TEST(policy_a_normal_thread_wakes_on_a_cpu_that_only_runs_idle_ones, .cpus = 2)
{
	int last = num_online_cpus() - 1, there = 0;

	judge(-1);
	set_cpus_allowed_ptr(current, cpumask_of(0));
	start_sleeper(-1, SCHED_NORMAL);
	/* Every CPU but the last has an ordinary hog; the last one is full, too, but of nothing that counts. */
	if (last >= MAX_HOGS)
		last = MAX_HOGS - 1;
	for (int i = 0; i <= last; i++)
		make_hog(i, i, i == last ? SCHED_IDLE : SCHED_NORMAL, 0);
	for (int cpu = last + 1; cpu < num_online_cpus(); cpu++)
		;	/* those are idle, which is as good */
	start_hogs(last + 1);
	sleeper.watched = last;
	for (int i = 0; i < 20 || (!there && i < 2000); i++) {
		schedule_timeout_uninterruptible(HZ / 50);
		wake_sleeper();
		there += sleeper.woken_on >= last;
		/* Unless another thread was quicker, to which that CPU was as good as idle, too. */
		if (sleeper.woken_on < last && sleeper.stayed_idle)
			test_blame("it was woken on CPU %d, beside an ordinary hog", sleeper.woken_on);
	}
	end_hogs(last + 1);
	test_join(sleeper.p);
	EXPECT_OP(there, >, 0);
	return NULL;
}

/* ---- changing it ---- */

TEST(policy_of_a_queued_a_running_and_a_sleeping_thread_can_change)
{
	static const int policies[] = { SCHED_FIFO, SCHED_IDLE, SCHED_RR, SCHED_BATCH, SCHED_NORMAL };

	judge(-1);
	make_hog(0, 0, SCHED_NORMAL, 0);
	make_hog(1, 0, SCHED_NORMAL, 0);
	start_sleeper(0, SCHED_NORMAL);
	start_hogs(2);
	for (int round = 0; round < 40; round++) {
		int policy = policies[round % ARRAY_SIZE(policies)];
		struct sched_param param = { .sched_priority = policy == SCHED_FIFO || policy == SCHED_RR };

		EXPECT_EQ(sched_setscheduler(hogs[round & 1].p, policy, &param), 0);
		EXPECT_EQ(sched_setscheduler(sleeper.p, policy, &param), 0);
		EXPECT_EQ(hogs[round & 1].p->policy, policy);
		test_nap();
	}
	/* Nobody got lost, and the counts are right: an idle hog yields to everybody still. */
	sched_set_normal(hogs[0].p, 0);
	sched_set_normal(hogs[1].p, 0);
	sched_set_normal(sleeper.p, 0);
	wake_sleeper();
	measure_until_both_ran();
	end_hogs(2);
	test_join(sleeper.p);
	return NULL;
}

TEST(policy_sched_setattr_sets_all_at_once)
{
	struct sched_attr attr = { .size = sizeof(attr), .sched_policy = SCHED_RR, .sched_priority = 7 };

	EXPECT_EQ(sched_setattr_nocheck(current, &attr), 0);
	EXPECT_EQ(current->policy, SCHED_RR);
	EXPECT_EQ(current->rt_priority, 7);
	attr = (struct sched_attr){ .sched_policy = SCHED_BATCH, .sched_nice = 4 };
	EXPECT_EQ(sched_setattr(current, &attr), 0);
	EXPECT_EQ(current->policy, SCHED_BATCH);
	EXPECT_EQ(task_nice(current), 4);
	attr = (struct sched_attr){ .sched_flags = SCHED_FLAG_KEEP_POLICY, .sched_nice = -3 };
	EXPECT_EQ(sched_setattr(current, &attr), 0);
	EXPECT_EQ(current->policy, SCHED_BATCH);
	EXPECT_EQ(task_nice(current), -3);
	attr = (struct sched_attr){ .sched_policy = SCHED_RR, .sched_priority = 0 };
	EXPECT_EQ(sched_setattr(current, &attr), -EINVAL);
	attr = (struct sched_attr){ .sched_policy = 6 };	/* SCHED_DEADLINE */
	EXPECT_EQ(sched_setattr(current, &attr), -EINVAL);
	attr = (struct sched_attr){ .sched_policy = SCHED_NORMAL, .sched_flags = 0x40 };
	EXPECT_EQ(sched_setattr(current, &attr), -EINVAL);
	EXPECT_EQ(current->policy, SCHED_BATCH);
	sched_set_normal(current, 0);
	return NULL;
}

static int tell_policy(void *data)
{
	return (current->policy << 8 | (task_nice(current) & 0xff)) << 8;
}

static int policy_of_a_child(void)
{
	int stat = 0;
	pid_t pid = kernel_thread(tell_policy, NULL, SIGCHLD);

	return kernel_wait4(pid, &stat, 0, NULL) == pid ? stat >> 8 : -1;
}

TEST(policy_reset_on_fork_is_for_the_children)
{
	struct sched_param p5 = { .sched_priority = 5 }, p0 = { .sched_priority = 0 };

	kernel_sigaction(SIGCHLD, SIG_DFL);
	set_user_nice(current, -4);
	EXPECT_EQ(policy_of_a_child(), SCHED_NORMAL << 8 | (-4 & 0xff));
	EXPECT_EQ(sched_setscheduler(current, SCHED_RR, &p5), 0);
	EXPECT_EQ(policy_of_a_child() >> 8, SCHED_RR);
	EXPECT_EQ(sched_setscheduler(current, SCHED_RR | SCHED_RESET_ON_FORK, &p5), 0);
	EXPECT_EQ(policy_of_a_child(), SCHED_NORMAL << 8);
	EXPECT_EQ(current->policy, SCHED_RR);
	EXPECT_EQ(sched_setscheduler(current, SCHED_BATCH | SCHED_RESET_ON_FORK, &p0), 0);
	EXPECT_EQ(policy_of_a_child(), SCHED_BATCH << 8);
	sched_set_normal(current, 0);
	return NULL;
}

TEST(policy_ps_shows_the_class)
{
	static const struct { unsigned int policy; const char *cls; } rows[] = {
		{ SCHED_NORMAL, "TS" }, { SCHED_FIFO, "FF" }, { SCHED_RR, "RR" }, { SCHED_BATCH, "B" },
		{ SCHED_IDLE, "IDL" },
	};
	const struct ps_column *cls = ps_find_column("cls");
	char buf[PS_TEXT];

	EXPECT(cls);
	for (int i = 0; i < (int)ARRAY_SIZE(rows); i++) {
		struct ps_thread t = { .policy = rows[i].policy };

		EXPECT(strcmp(ps_column_text(cls, &t, buf), rows[i].cls) == 0);
	}
	return NULL;
}

/* ---- what yield() costs ---- */

static struct {
	bool go, stop;
	atomic_t ready;
	unsigned long yields;
} yielders;

static int yield_on(void *data)
{
	atomic_inc(&yielders.ready);
	while (!READ_ONCE(yielders.go))
		schedule_timeout_interruptible(1);
	while (!READ_ONCE(yielders.stop)) {
		yielders.yields++;		/* all on one CPU */
		yield();
	}
	return 0;
}

static struct task_struct *yielder[256];

static unsigned long measure_yields(int n)
{
	unsigned long yields;
	u64 start;

	memset(&yielders, 0, sizeof(yielders));
	for (int i = 0; i < n; i++)
		yielder[i] = test_start(0, yield_on, NULL, "test/yield");
	while (atomic_read(&yielders.ready) < n)
		test_nap();
	WRITE_ONCE(yielders.go, true);
	schedule_timeout_uninterruptible(5);
	start = ktime_get_ns();
	yields = yielders.yields;
	schedule_timeout_uninterruptible(HZ / 20);
	yields = yielders.yields - yields;
	start = ktime_get_ns() - start;
	WRITE_ONCE(yielders.stop, true);
	for (int i = 0; i < n; i++)
		test_join(yielder[i]);
	return yields ? start / yields : 0;
}

/* Judged where instructions are counted and one CPU takes no turns with others. */
TEST(policy_yield_with_many_threads_costs_no_more_than_linux, .cost = true)
{
	static const struct { int n; unsigned int linux_6_1; } rows[] = { { 2, 616 }, { 16, 1597 }, { 256, 2198 } };
	unsigned long ns;

	judge(-1);
	for (int i = 0; i < (int)ARRAY_SIZE(rows); i++) {
		ns = measure_yields(rows[i].n);
		if (!can_judge() || num_online_cpus() > 1)
			continue;
		test_note("yield() with %d threads: %lu instructions, Linux 6.1: %u", rows[i].n, ns,
			  rows[i].linux_6_1);
		EXPECT_OP(ns, <=, rows[i].linux_6_1);
	}
	return NULL;
}
