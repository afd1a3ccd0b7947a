/* SPDX-License-Identifier: MIT */
/*
 * Sleeping for a time: never short, cut short only by a wake-up or a signal, exact about what is left.
 */
#include "../kernel/misuse.h"
#include "test.h"

#include <linux/bug.h>
#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/sched/signal.h>
#include <linux/timekeeping.h>

TEST(sleep_schedule_timeout_is_never_short)
{
	int n;

	for (n = 0; n < 10; n++) {
		unsigned long start = jiffies;
		u64 ns = ktime_get_ns();

		EXPECT_EQ(schedule_timeout_uninterruptible(n), 0);
		EXPECT(time_after_eq(jiffies, start + n));
		if (n)
			EXPECT(ktime_get_ns() - ns >= (n - 1) * TICK_NSEC);
	}
	return NULL;
}

TEST(sleep_schedule_timeout_without_a_state_does_not_sleep)
{
	long left = schedule_timeout(1000 * HZ);

	EXPECT(task_is_running(current));
	EXPECT_OP(left, >=, (1000 - TEST_PATIENCE) * HZ);
	return NULL;
}

static long left_over;

static int sleep_long(void *data)
{
	left_over = schedule_timeout_interruptible(1000 * HZ);
	return 0;
}

TEST(sleep_woken_early_answers_what_is_left)
{
	struct task_struct *p = test_start(-1, sleep_long, NULL, "test/sleep");

	left_over = -1;
	EXPECT(eventually(test_asleep(p, TASK_INTERRUPTIBLE)));
	wake_up_process(p);
	EXPECT(eventually(READ_ONCE(left_over) >= 0));
	test_join(p);
	EXPECT_OP(left_over, >, 0);
	EXPECT_OP(left_over, <=, 1000 * HZ);
	return NULL;
}

TEST(sleep_msleep_is_never_short)
{
	static const unsigned int ms[] = { 0, 1, 3, 4, 5, 17 };
	int i;

	for (i = 0; i < ARRAY_SIZE(ms); i++) {
		u64 start = ktime_get_ns();

		msleep(ms[i]);
		EXPECT(ktime_get_ns() - start >= ms[i] * NSEC_PER_MSEC);
	}
	return NULL;
}

TEST(sleep_usleep_range_keeps_to_its_range)
{
	u64 start = ktime_get_ns(), took;

	usleep_range(300, 500);
	took = ktime_get_ns() - start;
	EXPECT_OP(took, >=, 300000);
	if (!test_real_time && !test_shaken)
		EXPECT_OP(took, <=, 1000000);
	return NULL;
}

TEST(sleep_1000_seconds_pass_in_no_time_when_time_is_virtual, .limit = 2000)
{
	u64 start = ktime_get_ns();

	if (test_real_time || test_shaken)
		return NULL;
	msleep(1000 * 1000);		/* the wheel is coarse there: up to an eighth late */
	EXPECT(ktime_get_ns() - start >= 1000 * NSEC_PER_SEC);
	EXPECT(ktime_get_ns() - start < 1130 * NSEC_PER_SEC);
	return NULL;
}

static int sleep_with_signal(void *data)
{
	allow_signal(SIGTERM);
	return msleep_interruptible(1000000) > 0;
}

TEST(sleep_msleep_interruptible_ends_by_a_signal)
{
	struct task_struct *p = test_start(-1, sleep_with_signal, NULL, "test/msleep");

	EXPECT(eventually(test_asleep(p, TASK_INTERRUPTIBLE)));
	send_sig(SIGTERM, p, 1);
	EXPECT(eventually(READ_ONCE(p->exit_state)));
	EXPECT_EQ(test_join(p), 1);
	return NULL;
}

static const char *sleep_at_random(struct crew *c, int who)
{
	u32 random = test_seed(who);
	int i;

	for (i = 0; i < (test_real_time ? 30 : 300); i++) {
		unsigned long n = test_random(&random) % (test_real_time ? 5 : 50), start = jiffies;

		u64 ns = ktime_get_ns();

		schedule_timeout_uninterruptible(n);
		if (time_before(jiffies, start + n))
			return test_fail("slept %lu of %lu jiffies, and %llu ns", jiffies - start, n,
					 ktime_get_ns() - ns);
	}
	return NULL;
}

TEST(sleep_many_threads_sleep_at_random_and_none_is_early)
{
	struct crew c = { .fn = sleep_at_random, .n = 20 };

	return crew_run(&c);
}

static void sleep_by_tick(void)
{
	schedule_timeout_uninterruptible(1);
}

static void sleep_by_msleep(void)
{
	msleep(1);
}

static void sleep_until_signalled(void)
{
	msleep_interruptible(1);
}

static void sleep_by_hrtimer(void)
{
	usleep_range(100, 200);
}

TEST(sleep_with_interrupts_off_is_told_of_each_time)
{
	static void (*const sleeps[])(void) = {
		sleep_by_tick, sleep_by_msleep, sleep_until_signalled, sleep_by_hrtimer, sleep_by_hrtimer,
	};

	for (int i = 0; i < ARRAY_SIZE(sleeps); i++) {
		warn_expect_begin("sleeps for a time with interrupts off");
		local_irq_disable();
		sleeps[i]();
		local_irq_enable();
		EXPECT_EQ(warn_expect_end(), 1);
	}
	return NULL;
}

TEST(sleep_until_now_is_none_so_interrupts_may_be_off)
{
	ktime_t now = 0;
	int ret;

	local_irq_disable();
	ret = schedule_hrtimeout(&now, HRTIMER_MODE_REL);
	local_irq_enable();
	EXPECT_EQ(ret, 0);
	return NULL;
}

TEST(sleep_misuse_with_interrupts_off_is_explained, .warns = "sleeps for a time with interrupts off")
{
	EXPECT_EQ(misuse_provoke("sleep-irqs-off"), 0);
	return NULL;
}
