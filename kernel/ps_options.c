/* SPDX-License-Identifier: MIT */
/*
 * The options of ps: from words to a struct ps.
 *
 *	"-ef"		two letters with a dash		Unix's, can be bundled
 *	"aux"		three letters without one	BSD's; the same letter may mean something else
 *	"--sort=-pid"	a long word			GNU's
 *
 * One table knows them all. An option either sets flags, or takes a value: the rest of its word, or else the next word.
 * Flags that ask for a listing with a name (-f, u, l ...) lead to a row of `formats`, written in -o's own language; so
 * in the end there are always columns, and ps.c knows of nothing else.
 *
 * What is not understood is answered with one line that says what would be, and nothing is listed.
 * Read next: ps_columns.c.
 */
#include "ps.h"
#include <linux/console.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/string.h>

#define MAX_WIDTH	200

/* What chooses the listing; more of ps->flags. */
enum {
	FULL		= PS_FIRST_FORMAT,
	EXTRA		= PS_FIRST_FORMAT << 1,
	LONG		= PS_FIRST_FORMAT << 2,
	LWP		= PS_FIRST_FORMAT << 3,
	SPID		= PS_FIRST_FORMAT << 4,
	BSD		= PS_FIRST_FORMAT << 5,
	BSD_USER	= PS_FIRST_FORMAT << 6,
	BSD_LONG	= PS_FIRST_FORMAT << 7,
	FORMAT		= PS_FIRST_FORMAT * 0xff,
};

static const struct format {
	unsigned int	flags;
	const char	*columns;
} formats[] = {
	{ 0,			"pid,tname,time,ucmd" },
	{ FULL,			"user=UID,pid,ppid,c,stime,tname,time,cmd" },
	{ FULL | EXTRA,		"user=UID,pid,ppid,c,sz,rss,psr,stime,tname,time,cmd" },
	{ LONG,			"f,s,uid,pid,ppid,c,opri,ni,addr:1,sz,wchan,tname,time,ucmd" },
	{ LONG | FULL,		"f,s,user=UID,pid,ppid,c,opri,ni,addr:1,sz,wchan,stime,tname,time,cmd" },
	{ LONG | FULL | EXTRA,	"f,s,user=UID,pid,ppid,c,opri,ni,addr:1,sz,wchan,rss,psr,stime,tname,time,cmd" },
	{ LWP,			"pid,lwp,tname,time,ucmd" },
	{ LWP | FULL,		"user=UID,pid,ppid,lwp,c,nlwp,stime,tname,time,cmd" },
	{ LWP | LONG,		"f,s,uid,pid,ppid,lwp,c,opri,ni,addr:1,sz,wchan,tname,time,ucmd" },
	{ SPID,			"pid,spid,tname,time,ucmd" },
	{ SPID | FULL,		"user=UID,pid,spid,ppid,c,stime,tname,time,cmd" },
	{ BSD,			"pid,tname,stat,bsdtime,args" },
	{ BSD_USER,		"user,pid,pcpu,pmem,vsz,rss,tname,stat,start_time,bsdtime,args" },
	{ BSD_LONG,		"f,uid,pid,ppid,priority,ni,vsz,rss,wchan,stat,tname,bsdtime,args" },
};

/* ---- words ---- */

static size_t word_length(const char *list)
{
	return strcspn(list, ", \t");
}

/* The next word of a list, NULL behind the last; *list moves behind it. */
static const char *next_word(const char **list, size_t *len)
{
	const char *word = *list + strspn(*list, ", \t");

	*len = word_length(word);
	*list = word + *len;
	return *len ? word : NULL;
}

/* A copy that lives as long as the struct ps; NULL if there is no room for it. */
static char *keep_word(struct ps *ps, const char *word, size_t len)
{
	char *copy = ps->text + ps->text_used;

	if (len >= sizeof(ps->text) - ps->text_used)
		return NULL;
	memcpy(copy, word, len);
	copy[len] = '\0';
	ps->text_used += len + 1;
	return copy;
}

/* ---- -o: columns ---- */

/* May someone who wrote `name` have meant `known`? They begin alike, or one has the other inside. */
static bool is_near(const char *known, const char *name)
{
	if (strlen(name) < 2)
		return *known == *name;
	return strncmp(known, name, 2) == 0 || strstr(known, name) || (strlen(known) > 2 && strstr(name, known));
}

static int unknown_column(const char *what, const char *name)
{
	const char *before = "; near it: ";

	console_printf("ps: unknown %s '%s'", what, name);
	for (unsigned int i = 0; i < nr_ps_columns; i++) {
		if (!is_near(ps_columns[i].name, name))
			continue;
		console_printf("%s%s", before, ps_columns[i].name);
		before = ", ";
	}
	console_printf(" (help ps lists all)\n");
	return -EINVAL;
}

/* "name", "name:width", "name=header", "name:width=header". */
static int add_column(struct ps *ps, char *spec)
{
	struct ps_field *f = &ps->fields[ps->nr_fields];
	char *header = strchr(spec, '='), *width;

	if (ps->nr_fields == PS_MAX_FIELDS) {
		console_printf("ps: more than %d columns\n", PS_MAX_FIELDS);
		return -E2BIG;
	}
	if (header)
		*header++ = '\0';
	width = strchr(spec, ':');
	if (width)
		*width++ = '\0';
	f->col = ps_find_column(spec);
	if (!f->col)
		return unknown_column("column", spec);
	f->width = ps_column_width(f->col);
	if (width && (kstrtoint(width, 10, &f->width) || f->width < 1 || f->width > MAX_WIDTH)) {
		console_printf("ps: '%s' is no width for %s: 1 to %d\n", width, spec, MAX_WIDTH);
		return -EINVAL;
	}
	f->header = header ?: f->col->header;
	f->width = header ? max(f->width, (int)strlen(header)) : f->width;
	ps->nr_fields++;
	return 0;
}

static int add_columns(struct ps *ps, const char *list)
{
	const char *word;
	size_t len;
	int err = 0;

	while (!err && (word = next_word(&list, &len))) {
		char *spec = keep_word(ps, word, len);

		err = spec ? add_column(ps, spec) : -E2BIG;
		if (err == -E2BIG && !spec)
			console_printf("ps: too many words\n");
	}
	return err;
}

static int choose_columns(struct ps *ps, const char *list)
{
	int before = ps->nr_fields, err = add_columns(ps, list);

	ps->own_columns = true;
	if (err || ps->nr_fields > before)
		return err;
	console_printf("ps: -o wants the names of columns, as in -o pid,stat,comm (help ps lists all)\n");
	return -EINVAL;
}

/* ---- --sort ---- */

static int sort_by(struct ps *ps, const char *list)
{
	const char *word;
	size_t len;

	while ((word = next_word(&list, &len))) {
		int sign = *word == '-' ? -1 : 1;
		char *name = keep_word(ps, word, len);
		struct ps_key *key = &ps->keys[ps->nr_keys];

		if (!name || ps->nr_keys == PS_MAX_KEYS) {
			console_printf("ps: more than %d keys to sort by\n", PS_MAX_KEYS);
			return -E2BIG;
		}
		name += *name == '-' || *name == '+';
		key->col = ps_find_column(name);
		key->sign = sign;
		if (!key->col)
			return unknown_column("column to sort by", name);
		ps->nr_keys++;
	}
	return 0;
}

/* ---- which threads ---- */

static bool has_number(const char *list, pid_t nr)
{
	const char *word;
	size_t len;

	while ((word = next_word(&list, &len)))
		if (simple_strtol(word, NULL, 10) == nr)
			return true;
	return false;
}

static bool matches_pid(const struct ps_thread *t, const char *list)
{
	return has_number(list, t->pid);
}

static bool matches_ppid(const struct ps_thread *t, const char *list)
{
	return has_number(list, t->ppid);
}

/* The whole name, or the 15 characters of it that fit into comm. */
static bool matches_name(const struct ps_thread *t, const char *list)
{
	const char *word;
	size_t len;

	while ((word = next_word(&list, &len)))
		if (strncmp(word, t->name, len) == 0 && (!t->name[len] || len == TASK_COMM_LEN - 1))
			return true;
	return false;
}

static int add_selector(struct ps *ps, bool (*matches)(const struct ps_thread *, const char *), const char *list)
{
	if (ps->nr_selectors == PS_MAX_SELECTORS) {
		console_printf("ps: more than %d lists of threads\n", PS_MAX_SELECTORS);
		return -E2BIG;
	}
	ps->selectors[ps->nr_selectors++] = (struct ps_selector){ matches, list };
	return 0;
}

static int check_numbers(const char *list)
{
	if (*list && !list[strspn(list, "0123456789, \t")])
		return 0;
	console_printf("ps: '%s' is no list of PIDs; they are numbers, as in -p 1,2\n", list);
	return -EINVAL;
}

static int select_pids(struct ps *ps, const char *list)
{
	return check_numbers(list) ?: add_selector(ps, matches_pid, list);
}

static int select_children(struct ps *ps, const char *list)
{
	return check_numbers(list) ?: add_selector(ps, matches_ppid, list);
}

static int select_names(struct ps *ps, const char *list)
{
	return add_selector(ps, matches_name, list);
}

/* ---- options ---- */

/* Letters can be bundled (-ef, aux); "-x" and "x" are two options. `take`: the option has a value. */
static const struct option {
	const char	*name;
	unsigned int	flags;
	int		(*take)(struct ps *ps, const char *value);
} options[] = {
	{ "-e",		PS_ALL, NULL },
	{ "-A",		PS_ALL, NULL },
	{ "-a",		PS_ALL, NULL },
	{ "a",		PS_ALL | BSD, NULL },
	{ "x",		PS_ALL | BSD, NULL },
	{ "-x",		PS_ALL | BSD, NULL },
	{ "-f",		FULL, NULL },
	{ "-F",		FULL | EXTRA, NULL },
	{ "-l",		LONG, NULL },
	{ "-L",		LWP, NULL },
	{ "-T",		SPID, NULL },
	{ "l",		BSD_LONG | BSD, NULL },
	{ "u",		BSD_USER | BSD, NULL },
	{ "-u",		BSD_USER | BSD, NULL },	/* as in "ps -aux" */
	{ "w",		0, NULL },			/* lines are never cut */
	{ "-w",		0, NULL },
	{ "h",		PS_NO_HEADERS, NULL },
	{ "o",		0, choose_columns },
	{ "-o",		0, choose_columns },
	{ "p",		BSD, select_pids },
	{ "-p",		0, select_pids },
	{ "-C",		0, select_names },
	{ "k",		BSD, sort_by },
	{ "--format",	0, choose_columns },
	{ "--pid",	0, select_pids },
	{ "--ppid",	0, select_children },
	{ "--sort",	0, sort_by },
	{ "--no-headers", PS_NO_HEADERS, NULL },
	{ "--no-heading", PS_NO_HEADERS, NULL },
	{ "--no-header", PS_NO_HEADERS, NULL },
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
	ps->flags |= opt->flags;
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
		ps->flags |= BSD;
		return select_pids(ps, word);
	}
	return strstarts(word, "--") ? take_long_option(ps, word, args) : take_bundle(ps, word, args);
}

/* The columns of the listing that the options named, unless -o gave them. */
static int choose_format(struct ps *ps)
{
	unsigned int wanted = ps->flags & FORMAT;

	/* BSD says only how the options were spelt; with -o, or next to a real format, it means nothing. */
	if (wanted & ~BSD || ps->own_columns)
		wanted &= ~BSD;
	if (ps->own_columns && !wanted)
		return 0;
	for (const struct format *f = formats; f < formats + ARRAY_SIZE(formats) && !ps->own_columns; f++)
		if (f->flags == wanted)
			return add_columns(ps, f->columns);
	console_printf("ps: these options ask for different listings; use one of -f, -F, -l, -L, u, l, or -o alone\n");
	return -EINVAL;
}

int ps_take_options(struct ps *ps, char **argv)
{
	struct arguments args = { .argv = argv };
	int err = 0;

	while (!err && *args.argv) {
		char *word = *args.argv++;

		args.rest = NULL;
		err = take_word(ps, word, &args);
	}
	return err ?: choose_format(ps);
}
