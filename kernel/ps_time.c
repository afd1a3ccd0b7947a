/* SPDX-License-Identifier: MIT */
/* Time as ps writes it: how long a thread has run or lived, and since when. */
#include "ps.h"
#include <linux/kernel.h>
#include <linux/time.h>

/* ---- spans ---- */

struct hms {
	u64 days;
	unsigned int hours, minutes, seconds;
};

static struct hms split_time(u64 ns)
{
	u64 s = ns / NSEC_PER_SEC;

	return (struct hms){ s / 86400, s / 3600 % 24, s / 60 % 60, s % 60 };
}

void ps_text_time(const struct ps_thread *t, char *buf)
{
	struct hms h = split_time(t->runtime);
	int n = h.days ? snprintf(buf, PS_TEXT, "%llu-", h.days) : 0;

	snprintf(buf + n, PS_TEXT - n, "%02u:%02u:%02u", h.hours, h.minutes, h.seconds);
}

void ps_text_bsdtime(const struct ps_thread *t, char *buf)
{
	u64 s = t->runtime / NSEC_PER_SEC;

	snprintf(buf, PS_TEXT, "%llu:%02llu", s / 60, s % 60);
}

void ps_text_etime(const struct ps_thread *t, char *buf)
{
	struct hms h = split_time(t->now - t->started);
	int n = 0;

	if (h.days)
		n += snprintf(buf, PS_TEXT, "%llu-", h.days);
	if (h.days || h.hours)
		n += snprintf(buf + n, PS_TEXT - n, "%02u:", h.hours);
	snprintf(buf + n, PS_TEXT - n, "%02u:%02u", h.minutes, h.seconds);
}

/* ---- points ---- */

static const char months[12][4] = {
	"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
};
static const char weekdays[7][4] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };

/* The date and time (UTC) when the clock of ktime_get() said mono. */
static struct tm date_of(u64 mono)
{
	struct tm tm;

	time64_to_tm(ktime_mono_to_real(mono) / NSEC_PER_SEC, 0, &tm);
	return tm;
}

static bool is_within_a_day(const struct ps_thread *t)
{
	return t->now - t->started < 86400ULL * NSEC_PER_SEC;
}

/* Today a time, this year a day, else a year: five characters. */
void ps_text_stime(const struct ps_thread *t, char *buf)
{
	struct tm then = date_of(t->started), now = date_of(t->now);

	if (then.tm_year != now.tm_year)
		snprintf(buf, PS_TEXT, " %ld", then.tm_year + 1900);
	else if (then.tm_yday != now.tm_yday)
		snprintf(buf, PS_TEXT, "%s%02d", months[then.tm_mon], then.tm_mday);
	else
		snprintf(buf, PS_TEXT, "%02d:%02d", then.tm_hour, then.tm_min);
}

void ps_text_start(const struct ps_thread *t, char *buf)
{
	struct tm tm = date_of(t->started);

	if (is_within_a_day(t))
		snprintf(buf, PS_TEXT, "%02d:%02d:%02d", tm.tm_hour, tm.tm_min, tm.tm_sec);
	else
		snprintf(buf, PS_TEXT, "%s %02d", months[tm.tm_mon], tm.tm_mday);
}

void ps_text_bsdstart(const struct ps_thread *t, char *buf)
{
	struct tm tm = date_of(t->started);

	if (is_within_a_day(t))
		snprintf(buf, PS_TEXT, "%02d:%02d", tm.tm_hour, tm.tm_min);
	else
		snprintf(buf, PS_TEXT, "%s %2d", months[tm.tm_mon], tm.tm_mday);
}

void ps_text_lstart(const struct ps_thread *t, char *buf)
{
	struct tm tm = date_of(t->started);

	snprintf(buf, PS_TEXT, "%s %s %2d %02d:%02d:%02d %ld", weekdays[tm.tm_wday], months[tm.tm_mon], tm.tm_mday,
		 tm.tm_hour, tm.tm_min, tm.tm_sec, tm.tm_year + 1900);
}
