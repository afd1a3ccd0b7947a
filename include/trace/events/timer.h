/* SPDX-License-Identifier: MIT */
#pragma once
/* Timers of the wheel, in jiffies, and hrtimers, in ns. One that is due is first taken off: its cancel comes first. */
#include <linux/tracepoint.h>
#include <linux/hrtimer.h>
#include <linux/jiffies.h>
#include <linux/timer.h>

/* "D|P|I": deferrable, pinned, irqsafe. "ABS|PINNED|SOFT". "CLOCK_MONOTONIC". */
const char *trace_timer_flags(u32 flags);
const char *trace_hrtimer_mode(enum hrtimer_mode mode);
const char *trace_clockid(clockid_t clock);

#define TRACE_TIMER(_name)									\
	TRACEPOINT(timer, _name, (struct timer_list *timer), (timer), "timer=%p", _ptr(timer))
TRACE_TIMER(timer_init)
TRACE_TIMER(timer_cancel)
TRACE_TIMER(timer_expire_exit)

/* idx: the bucket of the wheel. */
TRACEPOINT(timer, timer_start, (struct timer_list *timer), (timer),
	   "timer=%p function=%ps expires=%lu [timeout=%ld] cpu=%u idx=%u flags=%s",
	   _ptr(timer), _ptr(timer->function), _int(timer->expires), _int(timer->expires - jiffies),
	   _int(timer->flags & TIMER_CPUMASK), _int(timer->flags >> TIMER_ARRAYSHIFT),
	   _str(trace_timer_flags(timer->flags)))

/* baseclk: the tick that the wheel has come to; behind `now` if the softirq is late. */
TRACEPOINT(timer, timer_expire_entry, (struct timer_list *timer, unsigned long baseclk), (timer, baseclk),
	   "timer=%p function=%ps now=%lu baseclk=%lu",
	   _ptr(timer), _ptr(timer->function), _int(jiffies), _int(baseclk))

TRACEPOINT(timer, hrtimer_init, (struct hrtimer *hrtimer, clockid_t clockid, enum hrtimer_mode mode),
	   (hrtimer, clockid, mode), "hrtimer=%p clockid=%s mode=%s",
	   _ptr(hrtimer), _str(trace_clockid(clockid)), _str(trace_hrtimer_mode(mode)))

TRACEPOINT(timer, hrtimer_start, (struct hrtimer *hrtimer, enum hrtimer_mode mode), (hrtimer, mode),
	   "hrtimer=%p function=%ps expires=%llu softexpires=%llu mode=%s",
	   _ptr(hrtimer), _ptr(hrtimer->function), _int(hrtimer->node.expires), _int(hrtimer->_softexpires),
	   _str(trace_hrtimer_mode(mode)))

TRACEPOINT(timer, hrtimer_expire_entry, (struct hrtimer *hrtimer, ktime_t now), (hrtimer, now),
	   "hrtimer=%p function=%ps now=%llu", _ptr(hrtimer), _ptr(hrtimer->function), _int(now))

#define TRACE_HRTIMER(_name)									\
	TRACEPOINT(timer, _name, (struct hrtimer *hrtimer), (hrtimer), "hrtimer=%p", _ptr(hrtimer))
TRACE_HRTIMER(hrtimer_expire_exit)
TRACE_HRTIMER(hrtimer_cancel)
