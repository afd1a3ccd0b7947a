/* SPDX-License-Identifier: MIT */
/*
 * grep: lines that match a pattern, of what comes through the pipe or of files of /proc.
 *
 * Read next: shell_match.c.
 */
#include "shell.h"
#include "shell_match.h"
#include <linux/console.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#define LINE	1024	/* longer ones come in parts */

struct grep {
	struct pattern	pattern;
	bool		invert, count, number, quiet;
	const char	*name;		/* of the file, if there are several */
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
	if (g->name)
		console_printf("%s:", g->name);
	if (g->number)
		console_printf("%u:", g->nr);
	console_write(line, strlen(line));
	console_write("\n", 1);
}

/* Return: 0, or a negative errno. */
static int grep_input(struct grep *g)
{
	char line[LINE];
	ssize_t n = 0;

	g->nr = g->found = 0;
	while (!(g->quiet && g->found) && (n = shell_getline(line, sizeof(line))) >= 0)
		grep_line(g, line);
	if (g->count && !g->quiet)
		console_printf("%s%s%u\n", g->name ?: "", g->name ? ":" : "", g->found);
	return n < 0 && n != -EPIPE ? n : 0;
}

static int run_grep(int argc, char **argv)
{
	bool found = false, several;
	const char *wrong;
	struct grep g = {};
	int i = 1, err = 0;

	for (; i < argc && argv[i][0] == '-' && argv[i][1]; i++)
		if (grep_options(&g, argv[i] + 1))
			return -EINVAL;
	if (i >= argc) {
		console_printf("grep: which pattern? As in: ps -ef | grep -i kworker, grep State /proc/2/status\n");
		return -EINVAL;
	}
	g.pattern.text = argv[i];
	wrong = pattern_check(&g.pattern);
	if (wrong) {
		console_printf("grep: the pattern %s is wrong: %s\n", argv[i], wrong);
		return -EINVAL;
	}
	several = i + 2 < argc;
	do {
		int failed = ++i < argc ? shell_open_input(argv[i]) : 0;

		g.name = several ? argv[i] : NULL;
		failed = failed ?: grep_input(&g);
		found |= !failed && g.found;
		err = failed ?: err;
	} while (i + 1 < argc && err != -EINTR);
	return err ?: !found;
}

SHELL_COMMAND(grep, run_grep, "[-ivcnwqE] PATTERN [FILE...]", "print the lines that match a pattern",
	"  -i: capitals are small letters; -v: those that do not match; -c: how many; -n: with their numbers;\n"
	"  -w: whole words only; -q: nothing, for && and ||. A pattern may have ^ $ . * [a-z] [^a-z], and \\ in\n"
	"  front of what shall mean itself. -E: also + ? {2,3} | and ( ), which without -E need a \\ to mean that.\n"
	"  Example: ps -ef | grep 'kworker/[01]'; grep -E '^(Name|State):' /proc/2/status",
	.group = "text");
