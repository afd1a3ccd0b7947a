/* SPDX-License-Identifier: MIT */
/*
 * Commands about the terminal, and those that run another command in their own way: clear, reset, stty, watch, time.
 *
 * Read next: shell_job.c.
 */
#include "pipe.h"
#include "shell.h"
#include "shell_job.h"
#include "tty.h"
#include <linux/console.h>
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/time.h>
#include <linux/timekeeping.h>

#define SCREEN_START	"\033[H"
#define CLEAR_LINE	"\033[K"
#define CLEAR_BELOW	"\033[J"

/* ---- the terminal ---- */

static int run_clear(int argc, char **argv)
{
	console_printf(SCREEN_START "\033[2J\r");
	return 0;
}

static int run_reset(int argc, char **argv)
{
	console_printf("\033c\033[0m\033[?25h");
	return 0;
}

/* The answer to "where is the cursor?", ESC [ row ; col R, a number at a time. Return: negative: silence. */
static int read_number(int end)
{
	int c, n = 0;

	while ((c = tty_getc(2 * HZ)) != end) {
		if (c < 0)
			return c;
		n = c >= '0' && c <= '9' ? min(n * 10 + c - '0', 1000) : 0;
	}
	return n;
}

/* Move far away, ask where that was, and come back. Whoever sits at the serial line has a terminal that answers. */
static int ask_size(void)
{
	int rows, cols;

	tty_flush();
	console_printf("\0337\033[999;999H\033[6n\0338");
	rows = read_number(';');
	cols = rows < 0 ? rows : read_number('R');
	if (cols < 0) {
		console_printf("stty: the terminal does not answer; stty rows 24 cols 80 says it\n");
		return -EIO;
	}
	tty_set_size(rows, cols);
	return 0;
}

static int stty_usage(void)
{
	console_printf("stty: size, rows N, cols N (10 to 500), or ask, as in: stty rows 50 cols 132\n");
	return -EINVAL;
}

static int run_stty(int argc, char **argv)
{
	unsigned int rows, cols, n;
	int err = 0;

	for (int i = 1; i < argc && !err; i++) {
		bool is_rows = !strcmp(argv[i], "rows");

		if (!strcmp(argv[i], "ask")) {
			err = ask_size();
		} else if (is_rows || !strcmp(argv[i], "cols") || !strcmp(argv[i], "columns")) {
			if (++i == argc || kstrtouint(argv[i], 10, &n) || n < 10 || n > 500)
				return stty_usage();
			tty_set_size(is_rows ? n : 0, is_rows ? 0 : n);
		} else if (strcmp(argv[i], "size")) {
			return stty_usage();
		}
	}
	tty_size(&rows, &cols);
	if (argc == 1)
		console_printf("speed 115200 baud; rows %u; columns %u\n", rows, cols);
	else if (!err && !strcmp(argv[argc - 1], "size"))
		console_printf("%u %u\n", rows, cols);
	return err;
}

/* ---- watch ---- */

/* Show what comes through the pipe, as much as fits below the heading. Return: 0, -EINTR. */
static int show_page(struct pipe *p)
{
	unsigned int rows, cols, row = 2, col = 0;
	char text[256], line[256];
	ssize_t n;

	tty_size(&rows, &cols);
	cols = min_t(unsigned int, cols, sizeof(line));
	while ((n = pipe_read(p, text, sizeof(text))) > 0) {
		for (ssize_t i = 0; i < n; i++) {
			if (text[i] != '\n') {
				line[col] = text[i];
				col += col < cols - 1;
			} else if (row++ < rows - 1) {
				console_printf("%.*s" CLEAR_LINE "\n", (int)col, line);
				col = 0;
			}
		}
	}
	console_printf("%.*s" CLEAR_LINE CLEAR_BELOW, row < rows - 1 ? (int)col : 0, line);
	return n;
}

/* Run the line once and show what it prints. Return: its status, or a negative errno. */
static int watch_once(const char *line)
{
	char *argv[] = { "sh", "-c", (char *)line, NULL };
	struct job *job = job_of_words(line, 3, argv);
	struct pipe *p = job ? pipe_create() : NULL;
	int err;

	if (!p || job_start(job, NULL, p)) {
		if (job)
			job_free(job);
		pipe_put_reader(p);
		pipe_put_writer(p);
		return -ENOMEM;
	}
	pipe_put_writer(p);
	err = show_page(p);
	pipe_put_reader(p);
	return job_wait(job) == STATUS_INTERRUPTED ? -EINTR : err;
}

static void show_heading(u64 us, const char *line)
{
	struct tm tm;

	time64_to_tm(ktime_get_real_seconds(), 0, &tm);
	console_printf(SCREEN_START "Every %llu.%llus: %-50.50s %02d:%02d:%02d" CLEAR_LINE "\n" CLEAR_LINE "\n",
		       us / USEC_PER_SEC, us / 100000 % 10, line, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

static int watch(u64 us, const char *line)
{
	int err, key;

	console_printf(SCREEN_START "\033[2J");
	for (;;) {
		show_heading(us, line);
		err = watch_once(line);
		if (err)
			return err;
		key = shell_in_is_terminal() ? tty_getkey(max(1ul, usecs_to_jiffies(us))) : shell_sleep(us);
		if (key == 'q' || key == -EINTR)
			return key == 'q' ? 0 : key;
	}
}

static int run_watch(int argc, char **argv)
{
	u64 us = 2 * USEC_PER_SEC;
	int err, first = 1;
	size_t n = 0;
	char *line;

	if (argc > 2 && !strcmp(argv[1], "-n")) {
		if (shell_parse_seconds(argv[2], &us) || us < 100000) {
			console_printf("watch: -n %s: seconds, 0.1 or more, as in: watch -n 1 ps -e\n", argv[2]);
			return -EINVAL;
		}
		first = 3;
	}
	if (first >= argc) {
		console_printf("watch: which command? As in: watch -n 1 'ps -ef | head -20'\n");
		return -EINVAL;
	}
	line = kmalloc(4096, GFP_KERNEL);
	if (!line)
		return -ENOMEM;
	for (int i = first; i < argc; i++)
		n += scnprintf(line + n, 4096 - n, "%s%s", i > first ? " " : "", argv[i]);
	err = watch(us, line);
	console_printf("\n");
	kfree(line);
	return err;
}

/* ---- time ---- */

static void print_time(const char *what, u64 ns)
{
	u64 ms = ns / NSEC_PER_MSEC;

	console_printf("%s\t%llum%llu.%03llus\n", what, ms / 60000, ms / 1000 % 60, ms % 1000);
}

static int run_time(int argc, char **argv)
{
	u64 start = ktime_get_ns(), cpu = 0;
	struct job *job;
	int status;

	if (argc < 2) {
		console_printf("time: which command? As in: time sleep 1\n");
		return -EINVAL;
	}
	job = job_of_words(argv[1], argc - 1, argv + 1);
	if (!job)
		return STATUS_NO_COMMAND;
	if (job_start(job, NULL, NULL)) {
		job_free(job);
		return -ENOMEM;
	}
	status = job_wait_cpu(job, &cpu);
	console_printf("\n");
	print_time("real", ktime_get_ns() - start);
	print_time("user", 0);
	print_time("sys", cpu);
	return status;
}

SHELL_COMMAND(clear, run_clear, "", "clear the screen",
	"  Ctrl-L does it while a line is edited. Example: clear", .group = "shell");
SHELL_COMMAND(reset, run_reset, "", "put the terminal in order",
	"  When colours or strange characters have stayed behind. Example: reset", .group = "shell");
SHELL_COMMAND(stty, run_stty, "[size|ask|rows N|cols N]", "the size of the terminal's window",
	"  A serial terminal does not tell its size, so 80x24 is assumed. ask: by an escape sequence that most\n"
	"  terminals answer. Example: stty rows 50 cols 132; stty size", .group = "shell");
SHELL_COMMAND(watch, run_watch, "[-n SECONDS] COMMAND", "run a command again and again, full screen",
	"  Every 2 seconds, or so many, until q or Ctrl-C. With | or ; in quotes.\n"
	"  Example: watch -n 1 'ps -e -o pid,psr,stat,time,comm --sort -time | head'", .group = "shell");
SHELL_COMMAND(time, run_time, "COMMAND", "how long a command takes",
	"  real: by the clock; sys: on a CPU (by its own thread; everything is the kernel here).\n"
	"  Example: time sleep 0.5", .group = "shell");
