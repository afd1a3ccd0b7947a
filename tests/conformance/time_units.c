/* SPDX-License-Identifier: MIT */
/* Jiffies, milliseconds, ktime: conversions, rounding, limits; HZ is 250 in both. */
#include "promise.h"
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/time64.h>
#include <linux/timer.h>

static void run(void)
{
	struct timespec64 ts;

	ask(HZ);
	ask(msecs_to_jiffies(0));
	ask(msecs_to_jiffies(1));
	ask(msecs_to_jiffies(4));
	ask(msecs_to_jiffies(5));
	ask(msecs_to_jiffies(1000));
	ask(msecs_to_jiffies(-1) == MAX_JIFFY_OFFSET);
	ask(usecs_to_jiffies(1));
	ask(usecs_to_jiffies(4001));
	ask(nsecs_to_jiffies(8000000));
	ask(jiffies_to_msecs(3));
	ask(jiffies_to_usecs(3));
	ask(jiffies_to_nsecs(3));
	ask(time_after(5UL, 3UL));
	ask(time_after(1UL, -1UL));
	ask(time_before_eq(-1UL, 1UL));
	ask(time_in_range(5UL, 5UL, 6UL));
	ask(ktime_to_ns(ktime_set(1, 5)));
	ask(ktime_set(KTIME_SEC_MAX, 0) == KTIME_MAX);
	ask(ktime_to_us(ms_to_ktime(3)));
	ask(ktime_to_ms(ns_to_ktime(2999999)));
	ask(ktime_sub(5, 7));
	ask(ktime_add_us(0, 9));
	ask(ktime_add_ms(1, 2));
	ask(ktime_us_delta(5000, 1000));
	ask(ktime_ms_delta(ms_to_ktime(9), ms_to_ktime(2)));
	ask(ktime_compare(1, 2));
	ask(ktime_after(1, 2));
	ask(ktime_before(1, 2));
	ask(ktime_add_safe(KTIME_MAX, 1) == KTIME_MAX);
	ask(ktime_divns(1000000007, 1000));
	ts = ktime_to_timespec64(1500000000);
	say("%lld.%09ld", ts.tv_sec, ts.tv_nsec);
	ts = ns_to_timespec64(-1);
	say("%lld.%09ld", ts.tv_sec, ts.tv_nsec);
	ts = timespec64_add(ts, (struct timespec64){ 2, 999999999 });
	say("%lld.%09ld", ts.tv_sec, ts.tv_nsec);
	ts = timespec64_sub((struct timespec64){ 1, 0 }, (struct timespec64){ 0, 1 });
	say("%lld.%09ld", ts.tv_sec, ts.tv_nsec);
	ask(timespec64_to_ns(&ts));
	ask(timespec64_to_ktime(ts));
	ask(timespec64_valid(&ts));
	ask(round_jiffies_relative(1) >= 1);
}
promise(run);
