/* SPDX-License-Identifier: MIT */
/*
 * Commands that read lines and print some of them: head, tail, wc, sort, more. They stand behind a pipe, as in
 * `ps -ef | head -3`, or name a file of /proc; without either they read what is typed, to Ctrl-D.
 *
 * Read next: shell_grep.c, pipe.c.
 */
#include "shell.h"
#include "tty.h"
#include <linux/console.h>
#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#define LINE	1024	/* longer ones come in parts */

static void put_line(const char *line)
{
	console_write(line, strlen(line));
	console_write("\n", 1);
}

/* What a filter returns when shell_getline() has said that there are no more lines. */
static int end_of_lines(ssize_t n)
{
	return n == -EPIPE ? 0 : n;
}

/* The file that a command has named, if it has; not two. Return: 0, or a negative errno, which was said. */
static int open_named(char **argv, char **names)
{
	if (!names[0])
		return 0;
	if (!names[1])
		return shell_open_input(names[0]);
	console_printf("%s: one file, please, not also %s; as in: cat FILE FILE | %s\n", argv[0], names[1], argv[0]);
	return -EINVAL;
}

/* ---- head, tail ---- */

/*
 * "-n 5", "-n5", "-5" or nothing, which is 10; then a file, or none, which is opened.
 * Return: the number, or a negative errno, which was said.
 */
static int how_many(int argc, char **argv)
{
	const char *number = "10";
	char **rest = argv + 1;
	unsigned int n;
	int err;

	if (*rest && **rest == '-') {
		number = *rest + 1 + ((*rest)[1] == 'n');
		rest++;
		if (!*number && *rest)
			number = *rest++;
	}
	if (kstrtouint(number, 10, &n) || n > 10000) {
		console_printf("%s: how many lines? As in: ps -ef | %s -5, %s -5 /proc/stat\n", argv[0], argv[0],
			       argv[0]);
		return -EINVAL;
	}
	err = open_named(argv, rest);
	return err ?: (int)n;
}

static int run_head(int argc, char **argv)
{
	int left = how_many(argc, argv);
	char line[LINE];
	ssize_t n = 0;

	if (left < 0)
		return left;
	for (; left && (n = shell_getline(line, sizeof(line))) >= 0; left--)
		put_line(line);
	return n < 0 ? end_of_lines(n) : 0;
}

/* Lines in memory, the last `max` of them: number i is at[i % max]. */
struct lines {
	char		**at;
	unsigned int	max, nr;
};

static void free_lines(struct lines *l)
{
	for (unsigned int i = 0; i < min(l->nr, l->max); i++)
		kfree(l->at[i]);
	vfree(l->at);
}

/* Return: 0, or a negative errno. All that comes is read. */
static int read_lines(struct lines *l)
{
	char line[LINE], *copy;
	ssize_t n;

	while ((n = shell_getline(line, sizeof(line))) >= 0) {
		copy = kstrdup(line, GFP_KERNEL);
		if (!copy)
			return -ENOMEM;
		if (l->nr >= l->max)
			kfree(l->at[l->nr % l->max]);
		l->at[l->nr++ % l->max] = copy;
	}
	return end_of_lines(n);
}

static int run_tail(int argc, char **argv)
{
	struct lines l = {};
	int err, max = how_many(argc, argv);

	if (max < 0)
		return max;
	l.max = max ?: 1;
	l.at = vzalloc(l.max * sizeof(*l.at));
	if (!l.at)
		return -ENOMEM;
	err = read_lines(&l);
	for (unsigned int i = l.nr - min_t(unsigned int, l.nr, max); !err && i < l.nr; i++)
		put_line(l.at[i % l.max]);
	free_lines(&l);
	return err;
}

/* ---- sort ---- */

#define MAX_SORTED	20000

struct sort_options {
	bool numeric, reverse, unique;
};

static long number_of(const char *s)
{
	long n = 0;
	bool minus;

	s += strspn(s, " \t");
	minus = *s == '-';
	for (s += minus; isdigit(*s) && n < LONG_MAX / 10 - 1; s++)
		n = n * 10 + *s - '0';
	return minus ? -n : n;
}

static int compare_lines(const void *a, const void *b, const void *options)
{
	const char *x = *(char *const *)a, *y = *(char *const *)b;
	const struct sort_options *o = options;
	long m = o->numeric ? number_of(x) : 0, n = o->numeric ? number_of(y) : 0;
	int order = m != n ? (m < n ? -1 : 1) : strcmp(x, y);

	return o->reverse ? -order : order;
}

static int run_sort(int argc, char **argv)
{
	struct lines l = { .max = MAX_SORTED };
	struct sort_options o = {};
	int err, i;

	for (i = 1; i < argc && argv[i][0] == '-'; i++)
		for (const char *c = argv[i] + 1; *c; c++) {
			if (!strchr("nru", *c)) {
				console_printf("sort: there are -n (by number), -r (downwards) and -u (each once)\n");
				return -EINVAL;
			}
			o.numeric |= *c == 'n';
			o.reverse |= *c == 'r';
			o.unique |= *c == 'u';
		}
	err = open_named(argv, argv + i);
	if (err)
		return err;
	l.at = vzalloc(l.max * sizeof(*l.at));
	if (!l.at)
		return -ENOMEM;
	err = read_lines(&l);
	if (!err && l.nr > l.max)
		console_printf("sort: only the last %u of %u lines\n", l.max, l.nr);
	l.nr = min(l.nr, l.max);
	if (!err)
		sort_r(l.at, l.nr, sizeof(*l.at), compare_lines, NULL, &o);
	for (i = 0; !err && i < l.nr; i++)
		if (!o.unique || !i || strcmp(l.at[i], l.at[i - 1]))
			put_line(l.at[i]);
	free_lines(&l);
	return err;
}

/* ---- wc ---- */

static int run_wc(int argc, char **argv)
{
	unsigned long lines = 0, words = 0, bytes = 0;
	char line[LINE], which = 0;
	ssize_t n = 0;

	if (argc > 1 && argv[1][0] == '-') {
		which = argv[1][1];
		if (!which || argv[1][2] || !strchr("lwc", which)) {
			console_printf("wc: -l, -w or -c, or nothing, as in: ps -ef | wc -l\n");
			return -EINVAL;
		}
	}
	n = open_named(argv, argv + 1 + !!which);
	if (n)
		return n;
	while ((n = shell_getline(line, sizeof(line))) >= 0) {
		lines++;
		bytes += n + 1;
		for (const char *s = line; *s; s++)
			words += !isspace(*s) && (s == line || isspace(s[-1]));
	}
	if (!which)
		console_printf("%7lu %7lu %7lu\n", lines, words, bytes);
	else
		console_printf("%lu\n", which == 'l' ? lines : which == 'w' ? words : bytes);
	return end_of_lines(n);
}

/* ---- more ---- */

/* Ask at the foot of the page. Return: how many lines more; 0: enough; -EINTR. */
static int ask_for_more(unsigned int rows)
{
	int key;

	console_write("\033[7m--More--\033[0m", 16);
	do {
		key = tty_getkey(MAX_SCHEDULE_TIMEOUT);
	} while (key >= 0 && key != ' ' && key != '\r' && key != 'q' && key != TTY_KEY_DOWN && key != TTY_KEY_PGDN);
	console_write("\r\033[K", 4);
	if (key < 0)
		return key;
	return key == 'q' ? 0 : key == '\r' || key == TTY_KEY_DOWN ? 1 : rows - 1;
}

static int run_more(int argc, char **argv)
{
	unsigned int rows, cols;
	char line[LINE];
	int left, err = open_named(argv, argv + 1);
	ssize_t n;

	if (err)
		return err;
	tty_size(&rows, &cols);
	left = rows - 1;
	while ((n = shell_getline(line, sizeof(line))) >= 0) {
		int used = 1 + (n ? (n - 1) / (int)cols : 0);

		if (shell_out_is_terminal() && !shell_in_is_terminal() && left < used) {
			left = ask_for_more(rows);
			if (left <= 0)
				return left;
		}
		put_line(line);
		left -= used;
	}
	return end_of_lines(n);
}

SHELL_COMMAND(head, run_head, "[-n N] [FILE]", "print the first lines",
	"  10, or N, or as -N. Who goes on writing in front is told that nobody reads (SIGPIPE).\n"
	"  Example: ps -ef | head -3", .group = "text");
SHELL_COMMAND(tail, run_tail, "[-n N] [FILE]", "print the last lines",
	"  10, or N, or as -N. Example: dmesg | tail -5", .group = "text");
SHELL_COMMAND(sort, run_sort, "[-nru] [FILE]", "print the lines in order",
	"  -n: by the number that they begin with; -r: downwards; -u: each one once.\n"
	"  Example: ps -e -o comm --no-headers | sort -u", .group = "text");
SHELL_COMMAND(wc, run_wc, "[-l|-w|-c] [FILE]", "count lines, words and bytes",
	"  Example: ps -e --no-headers | wc -l; wc -l /proc/kallsyms", .group = "text");
SHELL_COMMAND(more, run_more, "[FILE]", "print page by page",
	"  Space: the next page, Enter or down: a line more, q: enough.\n"
	"  Example: more /proc/sched_debug", .group = "text");
