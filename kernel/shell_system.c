/* SPDX-License-Identifier: MIT */
/*
 * The shell's commands about the machine: time, memory, the log, and its end.
 *
 * Read next: shell.c, ps.c.
 */
#include "shell.h"
#include <linux/console.h>
#include <linux/array_size.h>
#include <linux/bitops.h>
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/kmsg.h>
#include <linux/kstrtox.h>
#include <linux/mutex.h>
#include <linux/panic.h>
#include <linux/printk.h>
#include <linux/reboot.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/time.h>
#include <linux/utsname.h>

/* ---- time ---- */

static const char days[7][4] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
static const char months[12][4] = {
	"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
};

/* What stands for %letter. Return: false: nothing. */
static bool date_part(char letter, const struct timespec64 *now, char *buf, size_t size)
{
	struct tm tm;

	time64_to_tm(now->tv_sec, 0, &tm);
	switch (letter) {
	case 'Y': return snprintf(buf, size, "%ld", tm.tm_year + 1900);
	case 'm': return snprintf(buf, size, "%02d", tm.tm_mon + 1);
	case 'd': return snprintf(buf, size, "%02d", tm.tm_mday);
	case 'e': return snprintf(buf, size, "%2d", tm.tm_mday);
	case 'H': return snprintf(buf, size, "%02d", tm.tm_hour);
	case 'M': return snprintf(buf, size, "%02d", tm.tm_min);
	case 'S': return snprintf(buf, size, "%02d", tm.tm_sec);
	case 'N': return snprintf(buf, size, "%09ld", now->tv_nsec);
	case 's': return snprintf(buf, size, "%lld", now->tv_sec);
	case 'j': return snprintf(buf, size, "%03d", tm.tm_yday + 1);
	case 'a': return snprintf(buf, size, "%s", days[tm.tm_wday]);
	case 'b': return snprintf(buf, size, "%s", months[tm.tm_mon]);
	case 'Z': return snprintf(buf, size, "UTC");
	case 'F': return snprintf(buf, size, "%ld-%02d-%02d", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
	case 'T': return snprintf(buf, size, "%02d:%02d:%02d", tm.tm_hour, tm.tm_min, tm.tm_sec);
	case '%': return snprintf(buf, size, "%%");
	}
	return false;
}

static int run_date(int argc, char **argv)
{
	const char *at = "%a %b %e %T UTC %Y";
	struct timespec64 now;
	char part[24];

	if (argc > 1 && !strcmp(argv[1], "-u"))		/* it always is */
		argc--, argv++;
	if (argc == 2 && argv[1][0] == '+') {
		at = argv[1] + 1;
	} else if (argc > 1) {
		console_printf("date: %s is not known here; use date, or date '+%%F %%T'\n", argv[argc - 1]);
		return -EINVAL;
	}
	ktime_get_real_ts64(&now);
	for (; *at; at++) {
		if (*at == '%' && at[1] && date_part(at[1], &now, part, sizeof(part))) {
			console_printf("%s", part);
			at++;
		} else {
			console_write(at, 1);
		}
	}
	console_printf("\n");
	return 0;
}

/* ---- the machine ---- */

static int run_uname(int argc, char **argv)
{
	static const char letters[] = "snrvmo";
	const struct new_utsname *u = utsname();
	const char *const parts[] = { u->sysname, u->nodename, u->release, u->version, u->machine, "Bobbin" };
	unsigned int wanted = argc > 1 ? 0 : 1;
	const char *before = "";

	for (int i = 1; i < argc; i++) {
		const char *o = argv[i];

		for (o += *o == '-'; *o; o++) {
			const char *at = strchr(letters, *o);

			if ((!at && *o != 'a') || argv[i][0] != '-') {
				console_printf("uname: %s is not known here; it knows -s -n -r -v -m -o -a\n",
					       argv[i]);
				return -EINVAL;
			}
			wanted |= at ? 1 << (at - letters) : 0x3f;
		}
	}
	for (int i = 0; i < ARRAY_SIZE(parts); i++)
		if (wanted & 1 << i) {
			console_printf("%s%s", before, parts[i]);
			before = " ";
		}
	console_printf("\n");
	return 0;
}

static int run_nproc(int argc, char **argv)
{
	console_printf("%u\n", num_online_cpus());
	return 0;
}

/* ---- the log ---- */

/* One reader at a time: the buffers are too large for a stack. */
static DEFINE_MUTEX(dmesg_lock);
static char message[LOG_LINE_MAX + 1], formatted[2 * LOG_LINE_MAX];

struct dmesg {
	unsigned int	levels;		/* which: a bit each */
	bool		clear, silent, follow, dates, bare;
};

/* With -T the stamp is a date, with -t there is none. */
static void print_record(const struct dmesg *d, const struct kmsg_record *rec)
{
	struct tm tm;

	if (!(d->levels & 1u << rec->level))
		return;
	if (d->bare) {
		console_printf("%s\n", message);
	} else if (d->dates) {
		time64_to_tm(ktime_mono_to_real(rec->ts_nsec) / NSEC_PER_SEC, 0, &tm);
		console_printf("[%s %s %2d %02d:%02d:%02d %ld] %s\n", days[tm.tm_wday], months[tm.tm_mon], tm.tm_mday,
			       tm.tm_hour, tm.tm_min, tm.tm_sec, tm.tm_year + 1900, message);
	} else {
		console_write(formatted, kmsg_format(rec, message, formatted, sizeof(formatted)));
	}
}

/* What is there from *seq on. */
static void print_log(const struct dmesg *d, u64 *seq)
{
	struct kmsg_record rec;

	mutex_lock(&dmesg_lock);
	while (kmsg_read(seq, &rec, message, sizeof(message)) && !shell_interrupted())
		print_record(d, &rec);
	mutex_unlock(&dmesg_lock);
}

/* "err,warn" or "3,4". */
static int take_levels(const char *list, unsigned int *levels)
{
	static const char *const names[] = { "emerg", "alert", "crit", "err", "warn", "notice", "info", "debug" };

	for (*levels = 0; ; list++) {
		size_t len = strcspn(list, ",");
		int found = -1;

		for (int i = 0; i < ARRAY_SIZE(names); i++)
			if ((strlen(names[i]) == len && !strncmp(list, names[i], len)) ||
			    (len == 1 && *list == '0' + i))
				found = i;
		if (found < 0)
			return -EINVAL;
		*levels |= 1u << found;
		list += len;
		if (!*list)
			return 0;
	}
}

/* -n: messages below this level reach the console. By name, the level itself does, too. */
static int set_console_level(const char *word)
{
	unsigned int levels;
	int level;

	if (!kstrtoint(word, 10, &level) && level >= 1 && level <= 8)
		console_loglevel = level;
	else if (!take_levels(word, &levels) && !strchr(word, ','))
		console_loglevel = __ffs(levels) + 1;
	else
		return -EINVAL;
	return 0;
}

static int dmesg_usage(const char *word)
{
	console_printf("dmesg: '%s' is not known here; as in: dmesg -c, -C, -w, -T, -t, -n 4, -l err,warn\n", word);
	return -EINVAL;
}

/* Return: 1: that was all that was wanted; 0; or a negative errno. */
static int dmesg_options(struct dmesg *d, char **argv)
{
	for (; *argv; argv++) {
		if (!strcmp(*argv, "-n") && argv[1])
			return set_console_level(argv[1]) ? dmesg_usage(argv[1]) : 1;
		if (!strcmp(*argv, "-l") && argv[1]) {
			if (take_levels(*++argv, &d->levels))
				return dmesg_usage(*argv);
			continue;
		}
		if (**argv != '-' || strspn(*argv + 1, "cCwTt") != strlen(*argv) - 1)
			return dmesg_usage(*argv);
		d->clear |= strchr(*argv, 'c') || strchr(*argv, 'C');
		d->silent |= strchr(*argv, 'C') != NULL;
		d->follow |= strchr(*argv, 'w') != NULL;
		d->dates |= strchr(*argv, 'T') != NULL;
		d->bare |= strchr(*argv, 't') != NULL;
	}
	return 0;
}

/* Messages come in any context, an NMI too, where nobody can be woken: -w looks again five times a second. */
static int run_dmesg(int argc, char **argv)
{
	struct dmesg d = { .levels = 0xff };
	int err = dmesg_options(&d, argv + 1);
	u64 seq = kmsg_first();

	if (err)
		return min(err, 0);
	if (!d.silent)
		print_log(&d, &seq);
	if (d.clear)
		kmsg_clear();
	while (d.follow && !shell_sleep(200 * USEC_PER_MSEC))
		print_log(&d, &seq);
	return 0;
}

/* What was said is on the consoles when this returns: there is nothing else to be written anywhere. */
static int run_sync(int argc, char **argv)
{
	console_flush();
	return 0;
}

/* ---- the end ---- */

static int run_poweroff(int argc, char **argv)
{
	kernel_power_off();
}

static int run_reboot(int argc, char **argv)
{
	kernel_restart(NULL);
}

static int run_halt(int argc, char **argv)
{
	kernel_halt();
}

static int run_panic(int argc, char **argv)
{
	char text[256];
	size_t n = 0;

	*text = '\0';
	for (int i = 1; i < argc; i++)
		n += scnprintf(text + n, sizeof(text) - n, "%s%s", i > 1 ? " " : "", argv[i]);
	panic("%s", n ? text : "asked for by the shell");
}

SHELL_COMMAND(dmesg, run_dmesg, "[-cCwTt] [-l LEVELS] [-n LEVEL]", "print the kernel's log",
	"  -c hides what was printed from the next dmesg, -C hides it without printing. -w goes on with what comes,\n"
	"  until Ctrl-C. -T: dates, -t: no stamps. -l: these levels only (emerg alert crit err warn notice info\n"
	"  debug). -n: which reach the console. Example: dmesg -l err,warn", .group = "machine");
SHELL_COMMAND(date, run_date, "[-u] [+FORMAT]", "date and time, UTC",
	"  Read from the machine's clock at boot, counted on since. In FORMAT: %Y %m %d %e %H %M %S %N %s %j %a %b\n"
	"  %F %T %Z. Example: date '+%F %T'", .group = "machine");
SHELL_COMMAND(sync, run_sync, "", "wait until the log is on the console",
	"  There are no disks. Example: sync", .group = "machine");
SHELL_COMMAND(nproc, run_nproc, "", "how many CPUs run",
	"  Example: nproc", .group = "machine");
SHELL_COMMAND(uname, run_uname, "[-asnrvmo]", "what kernel this is",
	"  Example: uname -a", .group = "machine");
SHELL_COMMAND(poweroff, run_poweroff, "", "stop all CPUs and switch off",
	"  Under QEMU, QEMU ends with status 0. Example: ps -ef; poweroff", .group = "machine");
SHELL_COMMAND(reboot, run_reboot, "", "stop all CPUs and start again",
	"  QEMU ends instead if it was started with -no-reboot, as make run does. Example: reboot",
	.group = "machine");
SHELL_COMMAND(halt, run_halt, "", "stop all CPUs and stay so",
	"  Leave QEMU with Ctrl-a x. Example: halt", .group = "machine");
SHELL_COMMAND(panic, run_panic, "[text]", "die, to see how that looks",
	"  What happens then is up to the parameter panic= on the kernel's command line.\n"
	"  Example: panic this is a test", .group = "machine");
