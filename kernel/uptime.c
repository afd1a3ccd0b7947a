/* SPDX-License-Identifier: MIT */
/* How long the machine has been up, and what there was to do: uptime, and the first line of top. Format: procps. */
#include "uptime.h"
#include "shell.h"
#include <linux/console.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/param.h>
#include <linux/sched/loadavg.h>
#include <linux/string.h>
#include <linux/time.h>

struct span {
	u64		days;
	unsigned int	hours, minutes;
};

static struct span up_since_boot(void)
{
	u64 s = ktime_get_boottime_seconds();

	return (struct span){ s / 86400, s / 3600 % 24, s / 60 % 60 };
}

const char *uptime_line(char *buf, size_t size)
{
	struct span up = up_since_boot();
	unsigned long load[3];
	struct tm tm;
	size_t n;

	get_avenrun(load, FIXED_1 / 200, 0);
	time64_to_tm(ktime_get_real_seconds(), 0, &tm);
	n = scnprintf(buf, size, " %02d:%02d:%02d up ", tm.tm_hour, tm.tm_min, tm.tm_sec);
	if (up.days)
		n += scnprintf(buf + n, size - n, "%llu %s, ", up.days, up.days == 1 ? "day" : "days");
	if (up.hours)
		n += scnprintf(buf + n, size - n, "%2u:%02u, ", up.hours, up.minutes);
	else
		n += scnprintf(buf + n, size - n, "%u min, ", up.minutes);
	n += scnprintf(buf + n, size - n, " 1 user,  load average: ");
	for (int i = 0; i < 3; i++)
		n += scnprintf(buf + n, size - n, "%s%lu.%02lu", i ? ", " : "", LOAD_INT(load[i]), LOAD_FRAC(load[i]));
	return buf;
}

static const char *plural(u64 n)
{
	return n == 1 ? "" : "s";
}

/* "up 1 day, 6 hours, 46 minutes": parts that are 0 are left out. */
static void print_pretty(void)
{
	struct span up = up_since_boot();
	const char *before = " ";

	console_printf("up");
	if (up.days) {
		console_printf("%s%llu day%s", before, up.days, plural(up.days));
		before = ", ";
	}
	if (up.hours) {
		console_printf("%s%u hour%s", before, up.hours, plural(up.hours));
		before = ", ";
	}
	if (up.minutes || (!up.days && !up.hours))
		console_printf("%s%u minute%s", before, up.minutes, plural(up.minutes));
	console_printf("\n");
}

static void print_since(void)
{
	struct timespec64 boot;
	struct tm tm;

	getboottime64(&boot);
	time64_to_tm(boot.tv_sec, 0, &tm);
	console_printf("%ld-%02d-%02d %02d:%02d:%02d\n", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
		       tm.tm_min, tm.tm_sec);
}

static int run_uptime(int argc, char **argv)
{
	const char *option = argc > 1 ? argv[1] : "";
	char line[UPTIME_MAX];

	if (argc > 2 || (*option && strcmp(option, "-p") && strcmp(option, "-s"))) {
		console_printf("uptime: %s is not known here; use uptime, uptime -p or uptime -s\n", argv[argc - 1]);
		return -EINVAL;
	}
	if (!*option)
		console_printf("%s\n", uptime_line(line, sizeof(line)));
	else if (!strcmp(option, "-p"))
		print_pretty();
	else
		print_since();
	return 0;
}

SHELL_COMMAND(uptime, run_uptime, "[-p|-s]", "time since boot, and the load average",
	"  The load: how many threads run, want to, or sleep uninterruptibly, averaged over 1, 5 and 15 minutes.\n"
	"  -p: in words. -s: since when. Example: uptime", .group = "machine");
