/* SPDX-License-Identifier: MIT */
/*
 * The shell: commands by name, for the parameter sh="..." and for the listing at boot.
 *
 * A line is cut into commands at semicolons, a command into words at blanks; quotes, of either kind, take the meaning
 * of both away. Then the first word is looked up among the commands that the rooms announce (SHELL_COMMAND), which the
 * linker has put in a row for `help` to print. There are no variables, no pipes, no files.
 *
 * A command gets argc and argv, prints with console_printf(), and returns 0 or a negative errno; it has then already
 * said, in one line, what was wrong and what would have been right. The next command runs all the same.
 *
 * To add a command: a function and SHELL_COMMAND() below it, in whatever file it is about. Read next: ps.c, demo.c.
 */
#include "shell.h"
#include "ps.h"
#include <linux/console.h>
#include <linux/cpumask.h>
#include <linux/ctype.h>
#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/kmsg.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/panic.h>
#include <linux/reboot.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/time.h>

#define MAX_LINE	1024
#define MAX_WORDS	64

/* ---- time ---- */

/* "N" or "N.fraction" seconds as microseconds. */
static int parse_seconds(const char *s, unsigned long *us)
{
	unsigned long whole = 0, part = 0, unit = USEC_PER_SEC;
	const char *start = s;

	for (; isdigit(*s); s++) {
		whole = whole * 10 + (*s - '0');
		if (whole > 1000000000UL)
			return -ERANGE;
	}
	if (*s == '.')
		for (s++; isdigit(*s); s++) {
			unit /= 10;
			part += unit * (*s - '0');
		}
	if (*s || s == start || (s == start + 1 && *start == '.'))
		return -EINVAL;
	*us = whole * USEC_PER_SEC + part;
	return 0;
}

static int run_sleep(int argc, char **argv)
{
	unsigned long us;

	if (argc != 2 || parse_seconds(argv[1], &us)) {
		console_printf("sleep: how long? A number of seconds, as in: sleep 0.5\n");
		return -EINVAL;
	}
	if (us)
		fsleep(us);
	return 0;
}

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

/* ---- words ---- */

/* The words from the second on, with a blank between. */
static void join_words(int argc, char **argv, char *buf, size_t size)
{
	size_t n = 0;

	*buf = '\0';
	for (int i = 1; i < argc; i++)
		n += scnprintf(buf + n, size - n, "%s%s", i > 1 ? " " : "", argv[i]);
}

static int run_echo(int argc, char **argv)
{
	char text[CONSOLE_LINE_MAX - 1];

	join_words(argc, argv, text, sizeof(text));
	console_printf("%s\n", text);
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

	join_words(argc, argv, text, sizeof(text));
	panic("%s", *text ? text : "asked for by the shell");
}

/* ---- help ---- */

static const struct shell_command *find_command(const char *name)
{
	for (const struct shell_command *c = __shell_commands_start; c < __shell_commands_end; c++)
		if (strcmp(c->name, name) == 0)
			return c;
	return NULL;
}

static void help_all(void)
{
	for (const struct shell_command *c = __shell_commands_start; c < __shell_commands_end; c++) {
		char usage[40];

		snprintf(usage, sizeof(usage), "%s %s", c->name, c->arguments);
		console_printf("  %-26s%s\n", usage, c->summary);
	}
	console_printf("`help command` says more about one. Commands run at boot: sh=\"ps -ef; sleep 1; poweroff\"\n");
}

/* The columns that -o takes, as many to a line as fit. */
static void help_columns(void)
{
	unsigned int at = 0;

	console_printf("Columns:");
	for (unsigned int i = 0; i < nr_ps_columns; i++) {
		at += console_printf("%s%s", i && at > 88 ? "\n        " : " ", ps_columns[i].name);
		if (i && at > 96)
			at = 0;
	}
	console_printf("\n");
}

static int run_help(int argc, char **argv)
{
	const struct shell_command *c = argc > 1 ? find_command(argv[1]) : NULL;

	if (argc == 1) {
		help_all();
		return 0;
	}
	if (!c) {
		console_printf("help: there is no command %s (help lists them)\n", argv[1]);
		return -ENOENT;
	}
	console_printf("%s %s\n%s\n", c->name, c->arguments, c->text);
	if (c->run == ps_main)
		help_columns();
	return 0;
}

/* ---- the table ---- */

/* ---- what this file offers ---- */

SHELL_COMMAND(sleep, run_sleep, "SECONDS", "wait; fractions are welcome",
	"  Init sleeps that long, all other threads go on. Example: sleep 0.25");
SHELL_COMMAND(dmesg, run_dmesg, "[-c|-C]", "print the kernel's log",
	"  -c hides what was printed from the next dmesg, -C hides it without printing. Example: dmesg -c");
SHELL_COMMAND(echo, run_echo, "[words]", "print the words",
	"  Example: echo 'one; two'");
SHELL_COMMAND(free, run_free, "", "memory: total, used and free, in KiB",
	"  Counts what the page allocator hands out, in whole pages. Example: free");
SHELL_COMMAND(uptime, run_uptime, "", "time of day, time since boot, threads",
	"  The time of day is UTC. Example: uptime");
SHELL_COMMAND(date, run_date, "", "date and time, UTC",
	"  Read from the machine's clock at boot, counted on since. Example: date");
SHELL_COMMAND(nproc, run_nproc, "", "how many CPUs run",
	"  Example: nproc");
SHELL_COMMAND(uname, run_uname, "[-a]", "what kernel this is",
	"  Example: uname -a");
SHELL_COMMAND(help, run_help, "[command]", "this list, or more about one command",
	"  Example: help ps");
SHELL_COMMAND(poweroff, run_poweroff, "", "stop all CPUs and switch off",
	"  Under QEMU, QEMU ends with status 0. Example: ps -ef; poweroff");
SHELL_COMMAND(reboot, run_reboot, "", "stop all CPUs and start again",
	"  QEMU ends instead if it was started with -no-reboot, as make run does. Example: reboot");
SHELL_COMMAND(halt, run_halt, "", "stop all CPUs and stay so",
	"  Leave QEMU with Ctrl-a x. Example: halt");
SHELL_COMMAND(panic, run_panic, "[text]", "die, to see how that looks",
	"  What happens then is up to the parameter panic= on the kernel's command line.\n"
	"  Example: panic this is a test");

/* ---- lines ---- */

/* One command, taken apart. */
struct words {
	int	argc;
	char	*argv[MAX_WORDS + 1];	/* a NULL behind the last */
	char	text[MAX_LINE];		/* what they point into */
};

/*
 * Copy one word to out, without its quotes; *line moves behind it.
 * Return: the end of the copy, or NULL for a quote without its partner.
 */
static char *copy_word(const char **line, char *out)
{
	const char *in = *line;
	char quote = 0;

	for (; *in && (quote || !strchr(" \t\n;", *in)); in++) {
		if (quote ? *in == quote : *in == '"' || *in == '\'')
			quote = quote ? 0 : *in;
		else
			*out++ = *in;
	}
	*line = in;
	*out = '\0';
	return quote ? NULL : out;
}

/* The words of the first command on *line, which moves to behind its semicolon. */
static int cut_command(const char **line, struct words *w)
{
	const char *start;
	char *out = w->text;

	for (w->argc = 0; w->argc < MAX_WORDS; w->argc++) {
		*line += strspn(*line, " \t\n");
		if (!**line || **line == ';') {
			*line += **line == ';';
			w->argv[w->argc] = NULL;
			return 0;
		}
		start = *line;
		w->argv[w->argc] = out;
		out = copy_word(line, out);
		if (!out) {
			console_printf("sh: a quote is not closed: %s\n", start);
			return -EINVAL;
		}
		out++;
	}
	console_printf("sh: more than %d words in one command\n", MAX_WORDS);
	return -E2BIG;
}

static void run_command(const struct words *w)
{
	const struct shell_command *c = find_command(w->argv[0]);

	if (c)
		c->run(w->argc, (char **)w->argv);
	else
		console_printf("sh: %s: command not found (try help)\n", w->argv[0]);
}

void shell_run(const char *line)
{
	struct words w;

	if (strlen(line) >= MAX_LINE) {
		console_printf("sh: the line is longer than %d characters\n", MAX_LINE - 1);
		return;
	}
	while (*line && !cut_command(&line, &w))
		if (w.argc)
			run_command(&w);
}
