/* SPDX-License-Identifier: MIT */
/* time64_to_tm(), mktime64(): calendars. */
#include "promise.h"
#include <linux/time.h>

static void one(time64_t t, int offset)
{
	struct tm tm;

	time64_to_tm(t, offset, &tm);
	say("%lld: %ld-%02d-%02d %02d:%02d:%02d wday %d yday %d", t, tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
	    tm.tm_hour, tm.tm_min, tm.tm_sec, tm.tm_wday, tm.tm_yday);
}

static void run(void)
{
	one(0, 0);
	one(951782400, 0);
	one(1709164800, 3600);
	one(2147483648LL, 0);
	one(-1, 0);
	one(4102444800LL, -1);
	ask(mktime64(1970, 1, 1, 0, 0, 0));
	ask(mktime64(2000, 2, 29, 12, 30, 59));
	ask(mktime64(2038, 1, 19, 3, 14, 8));
}
promise(run);
