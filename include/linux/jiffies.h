/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * jiffies: the count of ticks, HZ a second. A plain variable, brought up to date by every CPU's tick and when an idle
 * CPU wakes; between those it stands still, so measure with ktime_get() and use this for time-outs.
 *
 * Compare with time_after() and friends, never with <: the count starts five minutes before it wraps in 32 bits
 * (INITIAL_JIFFIES), as in Linux, so that code which forgets this fails soon.
 * Context of everything here: any; nothing sleeps.
 * Semantics: Linux's Documentation/core-api/timekeeping; the conversions round as Linux's do at HZ=250.
 */
#include <linux/types.h>
#include <linux/compiler.h>
#include <linux/limits.h>
#include <linux/param.h>
#include <linux/time64.h>

#define TICK_NSEC	(NSEC_PER_SEC / HZ)
#define TICK_USEC	(USEC_PER_SEC / HZ)
#define INITIAL_JIFFIES	((unsigned long)(unsigned int)(-300 * HZ))
#define MAX_JIFFY_OFFSET ((LONG_MAX >> 1) - 1)

extern u64 jiffies_64;
extern unsigned long volatile jiffies;

static inline u64 get_jiffies_64(void) { return READ_ONCE(jiffies_64); }

/* jiffies_refresh: brings jiffies up to the clock and returns it. For those who must not count from a stale value. */
unsigned long jiffies_refresh(void);

/* The order of two jiffies values less than half the range apart. */
#define time_after(a, b)	((long)((b) - (a)) < 0)
#define time_before(a, b)	time_after(b, a)
#define time_after_eq(a, b)	((long)((a) - (b)) >= 0)
#define time_before_eq(a, b)	time_after_eq(b, a)
#define time_in_range(a, b, c)	(time_after_eq(a, b) && time_before_eq(a, c))
#define time_in_range_open(a, b, c) (time_after_eq(a, b) && time_before(a, c))
#define time_after64(a, b)	((s64)((b) - (a)) < 0)
#define time_before64(a, b)	time_after64(b, a)
#define time_after_eq64(a, b)	((s64)((a) - (b)) >= 0)
#define time_before_eq64(a, b)	time_after_eq64(b, a)
#define time_in_range64(a, b, c) (time_after_eq64(a, b) && time_before_eq64(a, c))
#define time_is_before_jiffies(a)	time_after(jiffies, a)
#define time_is_after_jiffies(a)	time_before(jiffies, a)
#define time_is_before_eq_jiffies(a)	time_after_eq(jiffies, a)
#define time_is_after_eq_jiffies(a)	time_before_eq(jiffies, a)
#define time_is_before_jiffies64(a)	time_after64(get_jiffies_64(), a)
#define time_is_after_jiffies64(a)	time_before64(get_jiffies_64(), a)

/* To jiffies: rounded up, so that a wait is never short; negative or too long gives MAX_JIFFY_OFFSET. */
unsigned long __msecs_to_jiffies(const unsigned int m);
unsigned long __usecs_to_jiffies(const unsigned int u);
unsigned long timespec64_to_jiffies(const struct timespec64 *value);
/* These two round down, as in Linux. */
u64 nsecs_to_jiffies64(u64 n);
unsigned long nsecs_to_jiffies(u64 n);

static __always_inline unsigned long msecs_to_jiffies(const unsigned int m) { return __msecs_to_jiffies(m); }
static __always_inline unsigned long usecs_to_jiffies(const unsigned int u) { return __usecs_to_jiffies(u); }

/* From jiffies: exact, for a second is HZ of them and HZ divides 1000. */
unsigned int jiffies_to_msecs(const unsigned long j);
unsigned int jiffies_to_usecs(const unsigned long j);
void jiffies_to_timespec64(const unsigned long j, struct timespec64 *value);
static inline u64 jiffies_to_nsecs(const unsigned long j) { return (u64)j * TICK_NSEC; }
static inline u64 jiffies64_to_nsecs(u64 j) { return j * TICK_NSEC; }
static inline u64 jiffies64_to_msecs(u64 j) { return j * (MSEC_PER_SEC / HZ); }

/* In hundredths of a second (USER_HZ), as people's tools want it. */
clock_t jiffies_to_clock_t(unsigned long x);
unsigned long clock_t_to_jiffies(unsigned long x);
u64 jiffies_64_to_clock_t(u64 x);
u64 nsec_to_clock_t(u64 x);

static inline clock_t jiffies_delta_to_clock_t(long delta) { return jiffies_to_clock_t(delta > 0 ? delta : 0); }
static inline unsigned int jiffies_delta_to_msecs(long delta) { return jiffies_to_msecs(delta > 0 ? delta : 0); }

/*
 * round_jiffies family: nearly j, moved to a full second so that timers that may be sloppy fire together; each CPU has
 * its second three ticks after the last one's. Never a time that has already passed. _up never rounds down;
 * _relative takes and gives spans from now; __ names another CPU than this one.
 */
unsigned long __round_jiffies(unsigned long j, int cpu);
unsigned long __round_jiffies_relative(unsigned long j, int cpu);
unsigned long round_jiffies(unsigned long j);
unsigned long round_jiffies_relative(unsigned long j);
unsigned long __round_jiffies_up(unsigned long j, int cpu);
unsigned long __round_jiffies_up_relative(unsigned long j, int cpu);
unsigned long round_jiffies_up(unsigned long j);
unsigned long round_jiffies_up_relative(unsigned long j);
