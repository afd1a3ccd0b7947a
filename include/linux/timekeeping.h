/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Reading the clocks. Which one?
 *
 *   ktime_get()		nanoseconds since boot, never back, on every CPU the same: for measuring and deadlines
 *   ktime_get_real()		nanoseconds since 1970, UTC: for showing to people; may jump when the clock is set
 *   ktime_get_boottime()	as ktime_get(), plus time suspended
 *   ktime_get_coarse*()	as of the last tick: a load instead of a reading of the TSC
 *   local_clock()		for the scheduler and for log lines: <linux/sched/clock.h>
 *
 * Before timekeeping_init() all of them say 0. Context of everything here: any, NMI too; nothing sleeps.
 * Differs from Linux: nothing suspends, so boottime is monotonic; no leap seconds, so TAI is real time; no NTP, so raw
 * is monotonic too.
 * Semantics: Linux's Documentation/core-api/timekeeping.
 */
#include <linux/types.h>
#include <linux/ktime.h>

enum tk_offsets {
	TK_OFFS_REAL,
	TK_OFFS_BOOT,
	TK_OFFS_TAI,
	TK_OFFS_MAX,
};

ktime_t ktime_get(void);
ktime_t ktime_get_coarse(void);
ktime_t ktime_get_with_offset(enum tk_offsets offs);
ktime_t ktime_get_coarse_with_offset(enum tk_offsets offs);

/* ktime_mono_to_any: what clock `offs` says when the monotonic clock says tmono. */
ktime_t ktime_mono_to_any(ktime_t tmono, enum tk_offsets offs);

static inline ktime_t ktime_get_real(void) { return ktime_get_with_offset(TK_OFFS_REAL); }
static inline ktime_t ktime_get_boottime(void) { return ktime_get_with_offset(TK_OFFS_BOOT); }
static inline ktime_t ktime_get_clocktai(void) { return ktime_get_with_offset(TK_OFFS_TAI); }
static inline ktime_t ktime_get_raw(void) { return ktime_get(); }
static inline ktime_t ktime_get_coarse_real(void) { return ktime_get_coarse_with_offset(TK_OFFS_REAL); }
static inline ktime_t ktime_get_coarse_boottime(void) { return ktime_get_coarse_with_offset(TK_OFFS_BOOT); }
static inline ktime_t ktime_get_coarse_clocktai(void) { return ktime_get_coarse_with_offset(TK_OFFS_TAI); }
static inline ktime_t ktime_mono_to_real(ktime_t mono) { return ktime_mono_to_any(mono, TK_OFFS_REAL); }

static inline u64 ktime_get_ns(void) { return ktime_get(); }
static inline u64 ktime_get_raw_ns(void) { return ktime_get(); }
static inline u64 ktime_get_real_ns(void) { return ktime_get_real(); }
static inline u64 ktime_get_boottime_ns(void) { return ktime_get_boottime(); }
static inline u64 ktime_get_clocktai_ns(void) { return ktime_get_clocktai(); }
static inline u64 ktime_get_coarse_ns(void) { return ktime_get_coarse(); }
static inline u64 ktime_get_coarse_real_ns(void) { return ktime_get_coarse_real(); }
static inline u64 ktime_get_coarse_boottime_ns(void) { return ktime_get_coarse_boottime(); }

/* The "fast" readings exist in Linux because its others cannot be used in an NMI. Here all can. */
static inline u64 ktime_get_mono_fast_ns(void) { return ktime_get(); }
static inline u64 ktime_get_raw_fast_ns(void) { return ktime_get(); }
static inline u64 ktime_get_boot_fast_ns(void) { return ktime_get_boottime(); }
static inline u64 ktime_get_real_fast_ns(void) { return ktime_get_real(); }

/* Seconds, as of now (Linux gives the last tick's, which may be one behind for a tick). */
static inline time64_t ktime_get_seconds(void) { return ktime_get() / NSEC_PER_SEC; }
static inline time64_t ktime_get_real_seconds(void) { return ktime_get_real() / NSEC_PER_SEC; }
static inline time64_t ktime_get_boottime_seconds(void) { return ktime_get_boottime() / NSEC_PER_SEC; }
static inline time64_t ktime_get_clocktai_seconds(void) { return ktime_get_clocktai() / NSEC_PER_SEC; }

/* The same clocks as a struct timespec64, stored through ts. */
static inline void ktime_get_ts64(struct timespec64 *ts) { *ts = ktime_to_timespec64(ktime_get()); }
static inline void ktime_get_raw_ts64(struct timespec64 *ts) { *ts = ktime_to_timespec64(ktime_get_raw()); }
static inline void ktime_get_real_ts64(struct timespec64 *ts) { *ts = ktime_to_timespec64(ktime_get_real()); }
static inline void ktime_get_boottime_ts64(struct timespec64 *ts) { *ts = ktime_to_timespec64(ktime_get_boottime()); }
static inline void ktime_get_clocktai_ts64(struct timespec64 *ts) { *ts = ktime_to_timespec64(ktime_get_clocktai()); }
static inline void ktime_get_coarse_ts64(struct timespec64 *ts) { *ts = ktime_to_timespec64(ktime_get_coarse()); }
static inline void ktime_get_coarse_real_ts64(struct timespec64 *ts)
{
	*ts = ktime_to_timespec64(ktime_get_coarse_real());
}
static inline void ktime_get_coarse_boottime_ts64(struct timespec64 *ts)
{
	*ts = ktime_to_timespec64(ktime_get_coarse_boottime());
}

/* getboottime64: the wall-clock time at which ktime_get_boottime() was 0. */
void getboottime64(struct timespec64 *ts);

/*
 * do_settimeofday64: sets the wall clock. ktime_get() does not change; real-time hrtimers move with the clock.
 * Context: thread. Return: 0, or -EINVAL for a time that is not normalised or before 1970.
 */
int do_settimeofday64(const struct timespec64 *ts);

/*
 * timekeeping_init: from here on the clocks run; wall time is read from the RTC.
 * Context: boot, once, interrupts off, after the machine floor has measured tsc_khz.
 */
void timekeeping_init(void);

/* clock_ns_to_tsc: how many TSC ticks make ns nanoseconds, rounded up. 0 before timekeeping_init(). */
u64 clock_ns_to_tsc(u64 ns);

/* clock_tsc_to_ns: the monotonic time at which this CPU's TSC read tsc. */
u64 clock_tsc_to_ns(u64 tsc);
