/* SPDX-License-Identifier: MIT */
/*
 * The shell's commands about the machine: time, memory, the log, and its end.
 *
 * Read next: shell.c, ps.c.
 */
#include "shell.h"
#include <linux/console.h>
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/kmsg.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/panic.h>
#include <linux/reboot.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/time.h>

/* ---- time ---- */

static int run_uptime(int argc, char **argv)
{
	u64 s = ktime_get_seconds();
	struct tm tm;

	time64_to_tm(ktime_get_real_seconds(), 0, &tm);
	console_printf(" %02d:%02d:%02d up %llu:%02llu:%02llu, %u CPUs, %u threads, %u running\n",
		       tm.tm_hour, tm.tm_min, tm.tm_sec, s / 3600, s / 60 % 60, s % 60, num_online_cpus(),
		       nr_threads_now(), nr_running());
	return 0;
}

static int run_date(int argc, char **argv)
{
	struct tm tm;

	time64_to_tm(ktime_get_real_seconds(), 0, &tm);
	console_printf("%ld-%02d-%02d %02d:%02d:%02d UTC\n", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
		       tm.tm_min, tm.tm_sec);
	return 0;
}

/* ---- the machine ---- */

static int run_uname(int argc, char **argv)
{
	if (argc == 1) {
		console_printf("Bobbin\n");
		return 0;
	}
	if (argc > 2 || strcmp(argv[1], "-a")) {
		console_printf("uname: %s is not known here; use uname or uname -a\n", argv[1]);
		return -EINVAL;
	}
	console_printf("Bobbin SMP PREEMPT x86_64, kernel threads as in Linux 6.1\n");
	return 0;
}

static int run_nproc(int argc, char **argv)
{
	console_printf("%u\n", num_online_cpus());
	return 0;
}

static int run_free(int argc, char **argv)
{
	unsigned long total = totalram_pages() * (PAGE_SIZE / 1024), left = nr_free_pages() * (PAGE_SIZE / 1024);

	console_printf("               total        used        free\n");
	console_printf("Mem:    %12lu%12lu%12lu\n", total, total - left, left);
	return 0;
}

/* ---- the log ---- */

/* One reader at a time: the buffers are too large for a stack. */
static DEFINE_MUTEX(dmesg_lock);
static char message[LOG_LINE_MAX + 1], formatted[2 * LOG_LINE_MAX];

static void print_log(void)
{
	struct kmsg_record rec;
	u64 seq = kmsg_first();

	mutex_lock(&dmesg_lock);
	while (kmsg_read(&seq, &rec, message, sizeof(message)))
		console_write(formatted, kmsg_format(&rec, message, formatted, sizeof(formatted)));
	mutex_unlock(&dmesg_lock);
}

static int run_dmesg(int argc, char **argv)
{
	const char *option = argc > 1 ? argv[1] : "";

	if (argc > 2 || (argc == 2 && strcmp(option, "-c") && strcmp(option, "-C"))) {
		console_printf("dmesg: %s is not known here; use dmesg, dmesg -c or dmesg -C\n", argv[argc - 1]);
		return -EINVAL;
	}
	if (strcmp(option, "-C"))
		print_log();
	if (*option)
		kmsg_clear();
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

SHELL_COMMAND(dmesg, run_dmesg, "[-c|-C]", "print the kernel's log",
	"  -c hides what was printed from the next dmesg, -C hides it without printing. Example: dmesg -c",
	.group = "machine");
SHELL_COMMAND(free, run_free, "", "memory: total, used and free, in KiB",
	"  Counts what the page allocator hands out, in whole pages. Example: free", .group = "machine");
SHELL_COMMAND(uptime, run_uptime, "", "time of day, time since boot, threads",
	"  The time of day is UTC. Example: uptime", .group = "machine");
SHELL_COMMAND(date, run_date, "", "date and time, UTC",
	"  Read from the machine's clock at boot, counted on since. Example: date", .group = "machine");
SHELL_COMMAND(nproc, run_nproc, "", "how many CPUs run",
	"  Example: nproc", .group = "machine");
SHELL_COMMAND(uname, run_uname, "[-a]", "what kernel this is",
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
