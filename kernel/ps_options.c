/* SPDX-License-Identifier: MIT */
/*
 * The options of ps: from words to a struct ps.
 *
 *	"-ef"		two letters with a dash		Unix's, can be bundled
 *	"aux"		three letters without one	BSD's; the same letter may mean something else
 *	"--sort=-pid"	a long word			GNU's
 *
 * One table knows them all. An option either sets flags, or takes a value: the rest of its word, or else the next word.
 *
 * What is not understood is answered with one line that says what would be, and nothing is listed.
 * Read next: ps_select.c: which threads; ps_format.c: which columns.
 */
#include "ps.h"
#include "shell.h"
#include <linux/array_size.h>
#include <linux/console.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/string.h>

static int ps_set_width(struct ps *ps, const char *value)
{
	if (!kstrtoint(value, 10, &ps->columns) && ps->columns > 0)
		return 0;
	console_printf("ps: '%s' is no width for the listing; a number of characters is, as in --width 80\n", value);
	return -EINVAL;
}

#define WIDE	132

/* w: lines are cut where a wide terminal ends; ww: nowhere. */
static void widen(struct ps *ps)
{
	if (ps->columns && (ps->widened || ps->columns < WIDE))
		ps->columns = ps->widened ? 0 : WIDE;
	ps->widened = true;
}

/* ---- options ---- */

/* Letters can be bundled (-ef, aux); "-x" and "x" are two options. `take`: the option has a value. */
static const struct option {
	const char	*name;
	unsigned int	flags;
	int		(*take)(struct ps *ps, const char *value);
} options[] = {
	/* which threads */
	{ "-e",		PS_ALL, NULL },
	{ "-A",		PS_ALL, NULL },
	{ "-a",		PS_ALL, NULL },
	{ "a",		PS_ALL | PS_BSD, NULL },
	{ "x",		PS_ALL | PS_BSD, NULL },
	{ "-x",		PS_ALL | PS_BSD, NULL },
	{ "g",		PS_ALL | PS_BSD, NULL },
	{ "-d",		PS_NO_LEADERS, NULL },
	{ "r",		PS_RUNNING | PS_BSD, NULL },
	{ "-N",		PS_DESELECT, NULL },
	{ "--deselect",	PS_DESELECT, NULL },
	{ "p",		PS_BSD, ps_select_pids },
	{ "-p",		0, ps_select_pids },
	{ "q",		PS_BSD, ps_select_pids },
	{ "-q",		0, ps_select_pids },
	{ "--pid",	0, ps_select_pids },
	{ "--quick-pid", 0, ps_select_pids },
	{ "--ppid",	0, ps_select_children },
	{ "-C",		0, ps_select_names },
	{ "-u",		0, ps_select_users },
	{ "-U",		0, ps_select_users },
	{ "U",		PS_BSD, ps_select_users },
	{ "--user",	0, ps_select_users },
	{ "--User",	0, ps_select_users },
	{ "-G",		0, ps_select_groups },
	{ "--Group",	0, ps_select_groups },
	{ "--group",	0, ps_select_groups },
	{ "-g",		0, ps_select_sessions },
	{ "-s",		0, ps_select_sessions },
	{ "--sid",	0, ps_select_sessions },
	{ "-t",		0, ps_select_ttys },
	{ "t",		PS_BSD, ps_select_ttys },
	{ "--tty",	0, ps_select_ttys },
	/* what of them */
	{ "-f",		PS_FULL, NULL },
	{ "-F",		PS_FULL | PS_EXTRA, NULL },
	{ "-l",		PS_LONG, NULL },
	{ "-y",		PS_NO_FLAGS, NULL },
	{ "-j",		PS_JOBS, NULL },
	{ "-c",		PS_CLASS, NULL },
	{ "-P",		PS_PSR, NULL },
	{ "-L",		PS_LWP, NULL },
	{ "-T",		PS_SPID, NULL },
	{ "H",		PS_BSD, NULL },			/* threads as processes: they are */
	{ "-M",		PS_LABEL, NULL },
	{ "Z",		PS_LABEL | PS_BSD, NULL },
	{ "--context",	PS_LABEL, NULL },
	{ "u",		PS_BSD_USER | PS_BSD, NULL },
	{ "l",		PS_BSD_LONG | PS_BSD, NULL },
	{ "j",		PS_BSD_JOBS | PS_BSD, NULL },
	{ "s",		PS_BSD_SIGNALS | PS_BSD, NULL },
	{ "v",		PS_BSD_MEMORY | PS_BSD, NULL },
	{ "X",		PS_BSD_REGISTERS | PS_BSD, NULL },
	{ "o",		PS_BSD, ps_choose_columns },
	{ "-o",		0, ps_choose_columns },
	{ "--format",	0, ps_choose_columns },
	{ "O",		PS_BSD, ps_add_columns },
	{ "-O",		0, ps_add_columns },
	/* how */
	{ "f",		PS_FOREST | PS_BSD, NULL },
	{ "--forest",	PS_FOREST, NULL },
	{ "-H",		PS_HIERARCHY, NULL },
	{ "k",		PS_BSD, ps_sort_by },
	{ "--sort",	0, ps_sort_by },
	{ "c",		PS_TRUE_NAME | PS_BSD, NULL },
	{ "e",		PS_BSD, NULL },			/* the environment: nobody has one */
	{ "S",		PS_BSD, NULL },			/* with dead children: kthreadd's are not counted */
	{ "w",		PS_WIDER | PS_BSD, NULL },
	{ "-w",		PS_WIDER, NULL },
	{ "--columns",	0, ps_set_width },
	{ "--cols",	0, ps_set_width },
	{ "--width",	0, ps_set_width },
	{ "h",		PS_NO_HEADERS | PS_BSD, NULL },
	{ "--no-headers", PS_NO_HEADERS, NULL },
	{ "--no-headings", PS_NO_HEADERS, NULL },
	{ "--no-heading", PS_NO_HEADERS, NULL },
	{ "--no-header", PS_NO_HEADERS, NULL },
	{ "--noheaders", PS_NO_HEADERS, NULL },
	{ "--noheading", PS_NO_HEADERS, NULL },
	{ "--noheadings", PS_NO_HEADERS, NULL },
	{ "--noheader",	PS_NO_HEADERS, NULL },
	/* instead */
	{ "L",		PS_LIST_COLUMNS, NULL },
	{ "V",		PS_VERSION, NULL },
	{ "-V",		PS_VERSION, NULL },
	{ "--version",	PS_VERSION, NULL },
};

static const struct option *find_option(const char *name)
{
	for (const struct option *opt = options; opt < options + ARRAY_SIZE(options); opt++)
		if (strcmp(opt->name, name) == 0)
			return opt;
	console_printf("ps: unknown option %s; this ps knows:", name);
	for (const struct option *opt = options; opt < options + ARRAY_SIZE(options); opt++)
		console_printf(" %s", opt->name);
	console_printf("\n");
	return NULL;
}

/* The rest of the command line; `rest` is what stands behind an option within its own word. */
struct arguments {
	char	**argv;		/* the next word, NULL behind the last */
	char	*rest;
};

static int take_option(struct ps *ps, const char *name, struct arguments *args)
{
	const struct option *opt = find_option(name);
	const char *value;

	if (!opt)
		return -EINVAL;
	/* "ps -aux": nobody is called x, so what was meant is aux. As procps does. */
	if (opt->take == ps_select_users && args->rest && !strcmp(args->rest, "x")) {
		ps->flags |= PS_BSD_USER | PS_BSD;
		return 0;
	}
	ps->flags |= opt->flags;
	if (opt->flags & PS_WIDER)
		widen(ps);
	if (!opt->take)
		return 0;
	value = args->rest && *args->rest ? args->rest : *args->argv;
	if (!value) {
		console_printf("ps: %s needs a value behind it\n", name);
		return -EINVAL;
	}
	if (value == *args->argv)
		args->argv++;
	args->rest = NULL;
	return opt->take(ps, value);
}

static int take_long_option(struct ps *ps, char *word, struct arguments *args)
{
	args->rest = strchr(word, '=');
	if (args->rest)
		*args->rest++ = '\0';
	return take_option(ps, word, args);
}

static int take_bundle(struct ps *ps, char *word, struct arguments *args)
{
	bool dash = *word == '-';
	char name[] = "-?";
	int err = 0;

	args->rest = word + dash;
	while (!err && args->rest && *args->rest) {
		name[1] = *args->rest++;
		err = take_option(ps, dash ? name : name + 1, args);
	}
	return err;
}

/* "2" alone is a PID, as in "ps 2". */
static int take_word(struct ps *ps, char *word, struct arguments *args)
{
	if (*word >= '0' && *word <= '9') {
		ps->flags |= PS_BSD;
		return ps_select_pids(ps, word);
	}
	return strstarts(word, "--") ? take_long_option(ps, word, args) : take_bundle(ps, word, args);
}

int ps_take_options(struct ps *ps, char **argv)
{
	struct arguments args = { .argv = argv };
	int err = 0;

	ps->columns = shell_out_width();
	while (!err && *args.argv) {
		char *word = *args.argv++;

		args.rest = NULL;
		err = take_word(ps, word, &args);
	}
	return err ?: ps_choose_format(ps);
}
