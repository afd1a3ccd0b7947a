/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Calendar time: names of the clocks, struct tm, and seconds since 1970 to and from dates.
 * To read a clock: <linux/timekeeping.h> (comes along). Spans and deadlines: <linux/ktime.h>. Ticks: <linux/jiffies.h>.
 *
 * Context of everything here: any; nothing sleeps. Dates are UTC, Gregorian, without leap seconds.
 */
#include <linux/types.h>
#include <linux/time64.h>
#include <linux/ktime.h>
#include <linux/timekeeping.h>

#ifndef CLOCK_REALTIME
#define CLOCK_REALTIME			0
#define CLOCK_MONOTONIC			1
#define CLOCK_PROCESS_CPUTIME_ID	2
#define CLOCK_THREAD_CPUTIME_ID		3
#define CLOCK_MONOTONIC_RAW		4
#define CLOCK_REALTIME_COARSE		5
#define CLOCK_MONOTONIC_COARSE		6
#define CLOCK_BOOTTIME			7
#define CLOCK_REALTIME_ALARM		8
#define CLOCK_BOOTTIME_ALARM		9
#define CLOCK_TAI			11
#endif

/* A date taken apart. As in C: months from 0, years from 1900, Sunday is 0, January 1st is day 0. */
struct tm {
	int tm_sec;
	int tm_min;
	int tm_hour;
	int tm_mday;
	int tm_mon;
	long tm_year;
	int tm_wday;
	int tm_yday;
};

/* time64_to_tm: the date at totalsecs + offset seconds since 1970, offset being the zone's. Any year. */
void time64_to_tm(time64_t totalsecs, int offset, struct tm *result);

/* mktime64: seconds since 1970 at that date; months from 1. Hours up to 24 and seconds up to 60 are taken. */
time64_t mktime64(const unsigned int year, const unsigned int mon, const unsigned int day,
		  const unsigned int hour, const unsigned int min, const unsigned int sec);

/* timezone offset of the RTC is not kept: sys_tz has no counterpart. */
