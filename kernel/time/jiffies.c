/* SPDX-License-Identifier: MIT */
/*
 * Jiffies and dates: converting between units of time. Arithmetic only; what time it is says clock.c.
 *
 * A tick is 4 ms (HZ = 250). Into ticks everything is rounded up, so that who asks to wait for a time never waits for
 * less; out of ticks it is exact, for HZ divides all the units. A span too long for the wheel becomes MAX_JIFFY_OFFSET,
 * "as good as for ever"; so does a negative one, as Linux has it: a caller's time-out of -1 means no time-out.
 *
 * Dates are counted in years that begin on March 1st, so that the leap day is the last of its year and a month's days
 * follow one formula: the days before month m (March is 0) are (153 * m + 2) / 5. Years repeat every 400.
 *
 * Next: timer.c, which counts in jiffies.
 */
#include <linux/jiffies.h>
#include <linux/build_bug.h>
#include <linux/export.h>
#include <linux/math.h>
#include <linux/math64.h>
#include <linux/smp.h>
#include <linux/time.h>

_Static_assert(MSEC_PER_SEC % HZ == 0, "jiffies_to_msecs() is exact only if a tick is whole milliseconds");

unsigned long __msecs_to_jiffies(const unsigned int m)
{
	if ((int)m < 0)
		return MAX_JIFFY_OFFSET;
	return DIV_ROUND_UP((unsigned long)m, MSEC_PER_SEC / HZ);
}
EXPORT_SYMBOL(__msecs_to_jiffies);

/* Here only -1 and its neighbours are taken for "for ever": half of what fits is a mere 36 minutes. As in Linux. */
unsigned long __usecs_to_jiffies(const unsigned int u)
{
	if (u > jiffies_to_usecs(MAX_JIFFY_OFFSET))
		return MAX_JIFFY_OFFSET;
	return DIV_ROUND_UP((unsigned long)u, TICK_USEC);
}
EXPORT_SYMBOL(__usecs_to_jiffies);

unsigned long timespec64_to_jiffies(const struct timespec64 *value)
{
	u64 sec = value->tv_sec;

	if (sec >= MAX_JIFFY_OFFSET / HZ)
		return MAX_JIFFY_OFFSET;
	return sec * HZ + div_u64((u64)value->tv_nsec + TICK_NSEC - 1, TICK_NSEC);
}
EXPORT_SYMBOL(timespec64_to_jiffies);

void jiffies_to_timespec64(const unsigned long j, struct timespec64 *value)
{
	value->tv_sec = j / HZ;
	value->tv_nsec = j % HZ * TICK_NSEC;
}
EXPORT_SYMBOL(jiffies_to_timespec64);

u64 nsecs_to_jiffies64(u64 n)
{
	return div_u64(n, TICK_NSEC);
}
EXPORT_SYMBOL(nsecs_to_jiffies64);

unsigned long nsecs_to_jiffies(u64 n)
{
	return nsecs_to_jiffies64(n);
}
EXPORT_SYMBOL(nsecs_to_jiffies);

unsigned int jiffies_to_msecs(const unsigned long j)
{
	return j * (MSEC_PER_SEC / HZ);
}
EXPORT_SYMBOL(jiffies_to_msecs);

unsigned int jiffies_to_usecs(const unsigned long j)
{
	return j * TICK_USEC;
}
EXPORT_SYMBOL(jiffies_to_usecs);

u64 nsec_to_clock_t(u64 x)
{
	return div_u64(x, NSEC_PER_SEC / USER_HZ);
}

u64 jiffies_64_to_clock_t(u64 x)
{
	return nsec_to_clock_t(x * TICK_NSEC);
}
EXPORT_SYMBOL(jiffies_64_to_clock_t);

clock_t jiffies_to_clock_t(unsigned long x)
{
	return jiffies_64_to_clock_t(x);
}
EXPORT_SYMBOL(jiffies_to_clock_t);

unsigned long clock_t_to_jiffies(unsigned long x)
{
	if (x >= ~0UL / HZ)
		return ~0UL;
	return x * HZ / USER_HZ;
}
EXPORT_SYMBOL(clock_t_to_jiffies);

/*
 * To a full second of `cpu`, whose seconds are three ticks after those of the CPU before it. Unless told up, what is
 * less than a quarter second past one goes back to it: it only just missed it. But never to what has already passed.
 */
static unsigned long round_to_second(unsigned long j, int cpu, bool up)
{
	unsigned long skew = cpu * 3, original = j, past;

	j += skew;
	past = j % HZ;
	j -= past;
	if (up || past >= HZ / 4)
		j += HZ;
	j -= skew;
	return time_is_after_jiffies(j) ? j : original;
}

unsigned long __round_jiffies(unsigned long j, int cpu)
{
	return round_to_second(j, cpu, false);
}
EXPORT_SYMBOL(__round_jiffies);

unsigned long __round_jiffies_relative(unsigned long j, int cpu)
{
	unsigned long now = jiffies;

	return round_to_second(j + now, cpu, false) - now;
}
EXPORT_SYMBOL(__round_jiffies_relative);

unsigned long __round_jiffies_up(unsigned long j, int cpu)
{
	return round_to_second(j, cpu, true);
}
EXPORT_SYMBOL(__round_jiffies_up);

unsigned long __round_jiffies_up_relative(unsigned long j, int cpu)
{
	unsigned long now = jiffies;

	return round_to_second(j + now, cpu, true) - now;
}
EXPORT_SYMBOL(__round_jiffies_up_relative);

unsigned long round_jiffies(unsigned long j)
{
	return __round_jiffies(j, raw_smp_processor_id());
}
EXPORT_SYMBOL(round_jiffies);

unsigned long round_jiffies_relative(unsigned long j)
{
	return __round_jiffies_relative(j, raw_smp_processor_id());
}
EXPORT_SYMBOL(round_jiffies_relative);

unsigned long round_jiffies_up(unsigned long j)
{
	return __round_jiffies_up(j, raw_smp_processor_id());
}
EXPORT_SYMBOL(round_jiffies_up);

unsigned long round_jiffies_up_relative(unsigned long j)
{
	return __round_jiffies_up_relative(j, raw_smp_processor_id());
}
EXPORT_SYMBOL(round_jiffies_up_relative);

/* Dates. */

#define DAYS_PER_400_YEARS	146097
#define MARCH_1ST_YEAR_0	719468	/* days from there to January 1st 1970 */
#define SECS_PER_DAY		86400

time64_t mktime64(const unsigned int year, const unsigned int mon, const unsigned int day,
		  const unsigned int hour, const unsigned int min, const unsigned int sec)
{
	unsigned int m = (mon + 9) % 12;	/* March is 0 */
	s64 y = (s64)year - (mon <= 2);
	s64 days = y * 365 + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - MARCH_1ST_YEAR_0;

	return ((days * 24 + hour) * 60 + min) * 60 + sec;
}
EXPORT_SYMBOL(mktime64);

/* Quotient rounded down, and in *rem what is left, never negative. */
static s64 divide_down(s64 a, s64 b, s64 *rem)
{
	s64 q = a / b;

	*rem = a % b;
	if (*rem < 0) {
		*rem += b;
		q--;
	}
	return q;
}

void time64_to_tm(time64_t totalsecs, int offset, struct tm *result)
{
	s64 secs, days, weekday, of_cycle, of_year, cycle, year, month;
	bool leap;

	days = divide_down(totalsecs + offset, SECS_PER_DAY, &secs);
	result->tm_hour = secs / 3600;
	result->tm_min = secs / 60 % 60;
	result->tm_sec = secs % 60;
	divide_down(days + 4, 7, &weekday);	/* 1970 began on a Thursday */
	result->tm_wday = weekday;

	cycle = divide_down(days + MARCH_1ST_YEAR_0, DAYS_PER_400_YEARS, &of_cycle);
	year = (of_cycle - of_cycle / 1460 + of_cycle / 36524 - of_cycle / (DAYS_PER_400_YEARS - 1)) / 365;
	of_year = of_cycle - (year * 365 + year / 4 - year / 100);
	month = (5 * of_year + 2) / 153;
	result->tm_mday = of_year - (153 * month + 2) / 5 + 1;
	result->tm_mon = (month + 2) % 12;

	year += cycle * 400;			/* began in March */
	leap = !(year % 4) && (year % 100 || !(year % 400));
	result->tm_yday = month >= 10 ? of_year - 306 : of_year + 59 + leap;
	result->tm_year = year + (month >= 10) - 1900;
}
EXPORT_SYMBOL(time64_to_tm);
