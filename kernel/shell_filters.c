/* SPDX-License-Identifier: MIT */
/*
 * Commands that read lines and print some of them: grep, head, tail, wc, sort, more. They stand behind a pipe, as in
 * `ps -ef | grep kworker | head -3`; without one they read what is typed, to Ctrl-D.
 *
 * Read next: pipe.c.
 */
#include "shell.h"
#include "shell_match.h"
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

/* ---- grep ---- */

struct grep {
	struct pattern	pattern;
	bool		invert, count, number, quiet;
	unsigned int	nr, found;
};

static int grep_options(struct grep *g, const char *letters)
{
	for (const char *c = letters; *c; c++) {
		switch (*c) {
		case 'i':
			g->pattern.icase = true;
			break;
		case 'w':
			g->pattern.word = true;
			break;
		case 'E':
			g->pattern.extended = true;
			break;
		case 'v':
			g->invert = true;
			break;
		case 'c':
			g->count = true;
			break;
		case 'n':
			g->number = true;
			break;
		case 'q':
			g->quiet = true;
			break;
		default:
			console_printf("grep: there is no -%c; there are -i -v -c -n -w -q -E\n", *c);
			return -EINVAL;
		}
	}
	return 0;
}

static void grep_line(struct grep *g, const char *line)
{
	g->nr++;
	if (pattern_matches(&g->pattern, line) == g->invert)
		return;
	g->found++;
	if (g->quiet || g->count)
		return;
	if (g->number)
		console_printf("%u:", g->nr);
	put_line(line);
}

static int run_grep(int argc, char **argv)
{
	struct grep g = {};
	char line[LINE];
	const char *wrong;
	ssize_t n = 0;
	int i = 1;

	for (; i < argc && argv[i][0] == '-' && argv[i][1]; i++)
		if (grep_options(&g, argv[i] + 1))
			return -EINVAL;
	if (i != argc - 1) {
		console_printf("grep: one pattern, please, and a pipe in front: ps -ef | grep -i kworker\n");
		return -EINVAL;
	}
	g.pattern.text = argv[i];
	wrong = pattern_check(&g.pattern);
	if (wrong) {
		console_printf("grep: the pattern %s is wrong: %s\n", argv[i], wrong);
		return -EINVAL;
	}
	while (!(g.quiet && g.found) && (n = shell_getline(line, sizeof(line))) >= 0)
		grep_line(&g, line);
	if (g.count && !g.quiet)
		console_printf("%u\n", g.found);
	return n < 0 && n != -EPIPE ? n : g.found ? 0 : 1;
}

/* ---- head, tail ---- */

/* "-n 5", "-5" or nothing, which is 10. Return: the number, or -EINVAL, which was said. */
static int how_many(int argc, char **argv)
{
	const char *word = argc > 1 ? argv[argc - 1] : "10";
	unsigned int n;

	if (argc == 2 && *word == '-')
		word += word[1] == 'n' ? 2 : 1;
	if (argc > 3 || (argc == 3 && strcmp(argv[1], "-n")) || (argc == 2 && word == argv[1]) ||
	    kstrtouint(word, 10, &n) || n > 10000) {
		console_printf("%s: how many lines? As in: ps -ef | %s -5\n", argv[0], argv[0]);
		return -EINVAL;
	}
	return n;
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
	int err;

	for (int i = 1; i < argc; i++)
		for (const char *c = argv[i]; *c; c++) {
			if (c == argv[i] ? *c != '-' : !strchr("nru", *c)) {
				console_printf("sort: there are -n (by number), -r (downwards) and -u (each once)\n");
				return -EINVAL;
			}
			o.numeric |= *c == 'n';
			o.reverse |= *c == 'r';
			o.unique |= *c == 'u';
		}
	l.at = vzalloc(l.max * sizeof(*l.at));
	if (!l.at)
		return -ENOMEM;
	err = read_lines(&l);
	if (!err && l.nr > l.max)
		console_printf("sort: only the last %u of %u lines\n", l.max, l.nr);
	l.nr = min(l.nr, l.max);
	if (!err)
		sort_r(l.at, l.nr, sizeof(*l.at), compare_lines, NULL, &o);
	for (unsigned int i = 0; !err && i < l.nr; i++)
		if (!o.unique || !i || strcmp(l.at[i], l.at[i - 1]))
			put_line(l.at[i]);
	free_lines(&l);
	return err;
}

/* ---- wc ---- */

static int run_wc(int argc, char **argv)
{
	unsigned long lines = 0, words = 0, bytes = 0;
	char line[LINE];
	ssize_t n;

	if (argc > 2 || (argc == 2 && strcmp(argv[1], "-l") && strcmp(argv[1], "-w") && strcmp(argv[1], "-c"))) {
		console_printf("wc: -l, -w or -c, or nothing, as in: ps -ef | wc -l\n");
		return -EINVAL;
	}
	while ((n = shell_getline(line, sizeof(line))) >= 0) {
		lines++;
		bytes += n + 1;
		for (const char *s = line; *s; s++)
			words += !isspace(*s) && (s == line || isspace(s[-1]));
	}
	if (argc == 1)
		console_printf("%7lu %7lu %7lu\n", lines, words, bytes);
	else
		console_printf("%lu\n", argv[1][1] == 'l' ? lines : argv[1][1] == 'w' ? words : bytes);
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
	int left;
	ssize_t n;

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

SHELL_COMMAND(grep, run_grep, "[-ivcnwqE] PATTERN", "print the lines that match a pattern",
	"  -i: capitals are small letters; -v: those that do not match; -c: how many; -n: with their numbers;\n"
	"  -w: whole words only; -q: nothing, for && and ||; -E: also + ? and |. A pattern may have\n"
	"  ^ $ . * [a-z] [^a-z] and \\ in front of what shall mean itself. Example: ps -ef | grep 'kworker/[01]'",
	.group = "text");
SHELL_COMMAND(head, run_head, "[-n N]", "print the first lines",
	"  10, or N, or as -N. Who goes on writing in front is told that nobody reads (SIGPIPE).\n"
	"  Example: ps -ef | head -3", .group = "text");
SHELL_COMMAND(tail, run_tail, "[-n N]", "print the last lines",
	"  10, or N, or as -N. Example: dmesg | tail -5", .group = "text");
SHELL_COMMAND(sort, run_sort, "[-nru]", "print the lines in order",
	"  -n: by the number that they begin with; -r: downwards; -u: each one once.\n"
	"  Example: ps -e -o comm --no-headers | sort -u", .group = "text");
SHELL_COMMAND(wc, run_wc, "[-l|-w|-c]", "count lines, words and bytes",
	"  Example: ps -e --no-headers | wc -l", .group = "text");
SHELL_COMMAND(more, run_more, "", "print page by page",
	"  Space: the next page, Enter or down: a line more, q: enough. Example: dmesg | more", .group = "text");
