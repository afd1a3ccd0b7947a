/* SPDX-License-Identifier: MIT */
/*
 * The clocks: they never go back, on one CPU and across CPUs, and they agree with one another.
 */
#include "test.h"

#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/sched/clock.h>
#include <linux/spinlock.h>
#include <linux/timekeeping.h>

TEST(clock_ktime_never_goes_back_on_a_cpu)
{
	ktime_t last = ktime_get(), now;
	int i;

	for (i = 0; i < 100000; i++) {
		now = ktime_get();
		if (now < last)
			return test_fail("%lld after %lld", now, last);
		last = now;
	}
	return NULL;
}

/* The lock orders the readings; what an earlier holder saw is never after what a later one sees. */
static DEFINE_SPINLOCK(last_lock);
static ktime_t last_seen;

static const char *read_in_turns(struct crew *c, int who)
{
	u64 start = ktime_get_ns();
	int i;

	for (i = 0; i < 20000 && !test_took_long(start); i++) {
		ktime_t now, before;

		spin_lock(&last_lock);
		before = last_seen;
		now = last_seen = ktime_get();
		spin_unlock(&last_lock);
		if (now < before)
			return test_fail("%lld ns back between CPUs", before - now);
	}
	return NULL;
}

TEST(clock_ktime_never_goes_back_between_cpus, .cpus = 2)
{
	struct crew c = { .fn = read_in_turns, .n = num_online_cpus(), .bound = true };

	last_seen = 0;
	return crew_run(&c);
}

/* Jiffies, and the time just before and just after they were read: the host may hold us up between two readings. */
struct reading {
	u64 before, after;
	unsigned long jiffies;
};

static struct reading read_both(void)
{
	struct reading r = { .before = ktime_get_ns() };

	r.jiffies = jiffies;
	r.after = ktime_get_ns();
	return r;
}

static bool jiffies_keep_up(const struct reading *a)
{
	struct reading b = read_both();

	return b.jiffies - a->jiffies + 2 >= (b.before - a->after) / TICK_NSEC;
}

TEST(clock_jiffies_agree_with_ktime)
{
	struct reading a = read_both(), b;

	schedule_timeout_uninterruptible(HZ / 2);
	b = read_both();
	EXPECT_OP(b.jiffies - a.jiffies, <=, (b.after - a.before) / TICK_NSEC + 2);
	/* Jiffies that the host kept a CPU from counting are made up for. */
	EXPECT(eventually(jiffies_keep_up(&a)));
	return NULL;
}

TEST(clock_a_busy_cpu_sees_jiffies_move)
{
	unsigned long start = jiffies;
	u64 end = ktime_get_ns() + TEST_PATIENCE * NSEC_PER_SEC;

	while (jiffies == start && ktime_get_ns() < end)
		cpu_relax();
	EXPECT(jiffies != start);
	return NULL;
}

TEST(clock_sched_clock_goes_with_ktime)
{
	u64 a = sched_clock(), b = ktime_get_ns(), da, db;

	msleep(20);
	da = sched_clock() - a;
	db = ktime_get_ns() - b;
	EXPECT(da >= 20 * NSEC_PER_MSEC);
	EXPECT((da > db ? da - db : db - da) < db / 100 + 1000000 || test_real_time);
	return NULL;
}

TEST(clock_wall_time_is_this_century_and_runs)
{
	time64_t start = ktime_get_real_seconds();

	EXPECT(start > 946684800);	/* 2000-01-01 */
	msleep(1100);
	EXPECT(ktime_get_real_seconds() > start);
	return NULL;
}

TEST(clock_delays_are_never_short)
{
	u64 start = ktime_get_ns();

	udelay(50);
	EXPECT(ktime_get_ns() - start >= 50000);
	start = ktime_get_ns();
	ndelay(700);
	EXPECT(ktime_get_ns() - start >= 700);
	start = ktime_get_ns();
	mdelay(2);
	EXPECT(ktime_get_ns() - start >= 2000000);
	return NULL;
}

TEST(clock_conversions_round_up_so_that_waits_are_never_short)
{
	EXPECT_EQ(msecs_to_jiffies(0), 0);
	EXPECT_EQ(msecs_to_jiffies(1), 1);
	EXPECT_EQ(msecs_to_jiffies(4), 1);
	EXPECT_EQ(msecs_to_jiffies(5), 2);
	EXPECT_EQ(msecs_to_jiffies(1000), HZ);
	EXPECT_EQ(usecs_to_jiffies(1), 1);
	EXPECT_EQ(usecs_to_jiffies(4001), 2);
	EXPECT_EQ(jiffies_to_msecs(HZ), 1000);
	EXPECT(time_after(jiffies + 1, jiffies));
	EXPECT(time_before(5UL, -5UL) == false);
	return NULL;
}
