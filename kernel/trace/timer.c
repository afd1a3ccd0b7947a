/* SPDX-License-Identifier: MIT */
/* The events of timers: what each records stands in the header. */
#define CREATE_TRACE_POINTS
#include <trace/events/timer.h>
#include <linux/time.h>

const char *trace_timer_flags(u32 flags)
{
	static const char names[][6] = { "", "D", "P", "D|P", "I", "D|I", "P|I", "D|P|I" };

	return names[!!(flags & TIMER_DEFERRABLE) + 2 * !!(flags & TIMER_PINNED) + 4 * !!(flags & TIMER_IRQSAFE)];
}

const char *trace_hrtimer_mode(enum hrtimer_mode mode)
{
	static const char names[][16] = {
		"ABS", "REL", "ABS|PINNED", "REL|PINNED",
		"ABS|SOFT", "REL|SOFT", "ABS|PINNED|SOFT", "REL|PINNED|SOFT",
		"ABS|HARD", "REL|HARD", "ABS|PINNED|HARD", "REL|PINNED|HARD",
	};

	return (unsigned int)mode < sizeof(names) / sizeof(names[0]) ? names[mode] : "?";
}

const char *trace_clockid(clockid_t clock)
{
	switch (clock) {
	case CLOCK_REALTIME:	return "CLOCK_REALTIME";
	case CLOCK_BOOTTIME:	return "CLOCK_BOOTTIME";
	case CLOCK_TAI:		return "CLOCK_TAI";
	}
	return "CLOCK_MONOTONIC";
}
