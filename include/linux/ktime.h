/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * ktime_t: a time or a span in nanoseconds, a plain signed 64-bit number (292 years fit), and its arithmetic.
 * To read a clock see <linux/timekeeping.h>, which comes along; to keep calendar time see <linux/time.h>.
 *
 * Context of everything here: any; nothing sleeps.
 * Semantics: Linux's Documentation/core-api/timekeeping.
 */
#include <linux/types.h>
#include <linux/compiler.h>
#include <linux/limits.h>
#include <linux/time64.h>

typedef s64 ktime_t;

/* ktime_set: secs + nsecs as one number; seconds beyond what fits become KTIME_MAX. */
static inline ktime_t ktime_set(const s64 secs, const unsigned long nsecs)
{
	if (unlikely(secs >= KTIME_SEC_MAX))
		return KTIME_MAX;
	return secs * NSEC_PER_SEC + (s64)nsecs;
}

#define ktime_add(a, b)		((a) + (b))
#define ktime_sub(a, b)		((a) - (b))
#define ktime_add_ns(kt, ns)	((kt) + (ns))
#define ktime_sub_ns(kt, ns)	((kt) - (ns))
#define ktime_add_unsafe(a, b)	((s64)((u64)(a) + (u64)(b)))

/* ktime_add_safe: the sum, or KTIME_MAX where it would not fit. What "sleep for ever" becomes. */
static inline ktime_t ktime_add_safe(const ktime_t lhs, const ktime_t rhs)
{
	ktime_t sum = ktime_add_unsafe(lhs, rhs);

	return (sum < 0 || sum < lhs || sum < rhs) ? KTIME_MAX : sum;
}

static inline ktime_t ktime_add_us(const ktime_t kt, const u64 us) { return kt + us * NSEC_PER_USEC; }
static inline ktime_t ktime_sub_us(const ktime_t kt, const u64 us) { return kt - us * NSEC_PER_USEC; }
static inline ktime_t ktime_add_ms(const ktime_t kt, const u64 ms) { return kt + ms * NSEC_PER_MSEC; }
static inline ktime_t ktime_sub_ms(const ktime_t kt, const u64 ms) { return kt - ms * NSEC_PER_MSEC; }

static inline s64 ktime_to_ns(const ktime_t kt) { return kt; }
static inline s64 ktime_to_us(const ktime_t kt) { return kt / NSEC_PER_USEC; }
static inline s64 ktime_to_ms(const ktime_t kt) { return kt / NSEC_PER_MSEC; }
static inline ktime_t ns_to_ktime(u64 ns) { return ns; }
static inline ktime_t us_to_ktime(u64 us) { return us * NSEC_PER_USEC; }
static inline ktime_t ms_to_ktime(u64 ms) { return ms * NSEC_PER_MSEC; }

/* ktime_divns: the quotient, rounded towards zero. div must be positive. */
static inline s64 ktime_divns(const ktime_t kt, s64 div) { return kt / div; }

static inline s64 ktime_us_delta(const ktime_t later, const ktime_t earlier) { return ktime_to_us(later - earlier); }
static inline s64 ktime_ms_delta(const ktime_t later, const ktime_t earlier) { return ktime_to_ms(later - earlier); }

/* ktime_compare: below, at or above zero, as a is before, at or after b. */
static inline int ktime_compare(const ktime_t a, const ktime_t b) { return (a > b) - (a < b); }
static inline bool ktime_after(const ktime_t a, const ktime_t b) { return a > b; }
static inline bool ktime_before(const ktime_t a, const ktime_t b) { return a < b; }

static inline ktime_t timespec64_to_ktime(const struct timespec64 ts) { return ktime_set(ts.tv_sec, ts.tv_nsec); }

/* ktime_to_timespec64: tv_nsec is never negative, as for a struct timespec64 it must be. */
static inline struct timespec64 ktime_to_timespec64(const ktime_t kt)
{
	struct timespec64 ts = { .tv_sec = kt / NSEC_PER_SEC, .tv_nsec = kt % NSEC_PER_SEC };

	if (ts.tv_nsec < 0) {
		ts.tv_sec--;
		ts.tv_nsec += NSEC_PER_SEC;
	}
	return ts;
}

static inline bool ktime_to_timespec64_cond(const ktime_t kt, struct timespec64 *ts)
{
	if (!kt)
		return false;
	*ts = ktime_to_timespec64(kt);
	return true;
}

#include <linux/timekeeping.h>
