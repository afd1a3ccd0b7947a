/* SPDX-License-Identifier: MIT */
/*
 * ps: a listing of the threads, as procps-ng 4 prints it on Linux.
 *
 * The options are taken first, all of them, into a struct ps: which threads, which columns, in which order. A mistake
 * there gives one line and no listing. Then every thread is looked at once; without --sort its line is printed at once,
 * so that ps needs no memory of its own and shows even a machine that has none left.
 *
 *	take_options()   "-ef"  ->  struct ps { selectors, fields, keys }
 *	look_at()        a task_struct  ->  struct ps_thread	(next_task_get() holds a reference meanwhile)
 *	print_thread()   struct ps_thread  ->  a line, column by column
 *
 * Threads come and go while ps walks. Each line is true for the moment in which its thread was looked at, the listing
 * as a whole is not a snapshot; as on Linux.
 *
 * The listings with a name (-f, u, l ...) are written in ps' own -o language, in the table `formats`.
 * Differs from Linux: without options, all threads are listed; Linux lists those of the terminal.
 * Read next: ps_columns.c.
 */
#include "ps.h"
#include <linux/console.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/sort.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include <linux/vmalloc.h>

#define MAX_FIELDS	48
#define MAX_SELECTORS	16
#define MAX_KEYS	8
#define MAX_WIDTH	200

/* A column of this listing: the options may have changed its header and width. */
struct field {
	const struct ps_column	*col;
	const char		*header;
	int			width;
};

/* -p, -C and the like: is the thread on the list (words with commas or blanks between)? */
struct selector {
	bool			(*matches)(const struct ps_thread *t, const char *list);
	const char		*list;
};

struct sort_key {
	const struct ps_column	*col;
	int			sign;
};

struct ps {
	unsigned int		flags;
	struct field		fields[MAX_FIELDS];
	struct selector		selectors[MAX_SELECTORS];
	struct sort_key		keys[MAX_KEYS];
	int			nr_fields, nr_selectors, nr_keys;
	bool			own_columns;	/* by -o */
	char			text[768];	/* the words that fields and keys point into */
	int			text_used;
};

enum {
	ALL		= 1 << 0,	/* all threads, whatever else is selected */
	NO_HEADERS	= 1 << 1,
	/* What chooses the format. */
	FULL		= 1 << 8,
	EXTRA		= 1 << 9,
	LONG		= 1 << 10,
	LWP		= 1 << 11,
	SPID		= 1 << 12,
	BSD		= 1 << 13,
	BSD_USER	= 1 << 14,
	BSD_LONG	= 1 << 15,
	FORMAT		= 0xff00,
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
	struct field *f = &ps->fields[ps->nr_fields];
	char *header = strchr(spec, '='), *width;

	if (ps->nr_fields == MAX_FIELDS) {
		console_printf("ps: more than %d columns\n", MAX_FIELDS);
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
		struct sort_key *key = &ps->keys[ps->nr_keys];

		if (!name || ps->nr_keys == MAX_KEYS) {
			console_printf("ps: more than %d keys to sort by\n", MAX_KEYS);
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

static s64 compare_by(const struct ps_column *col, const struct ps_thread *a, const struct ps_thread *b)
{
	char text_a[PS_TEXT], text_b[PS_TEXT];
	s64 x, y;

	if (!col->number)
		return strcmp(ps_column_text(col, a, text_a), ps_column_text(col, b, text_b));
	x = col->number(a);
	y = col->number(b);
	return (x > y) - (x < y);
}

static int compare_threads(const void *a, const void *b, const void *priv)
{
	const struct ps *ps = priv;

	for (int i = 0; i < ps->nr_keys; i++) {
		s64 order = compare_by(ps->keys[i].col, a, b);

		if (order)
			return order < 0 ? -ps->keys[i].sign : ps->keys[i].sign;
	}
	return ((const struct ps_thread *)a)->pid - ((const struct ps_thread *)b)->pid;
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
	if (ps->nr_selectors == MAX_SELECTORS) {
		console_printf("ps: more than %d lists of threads\n", MAX_SELECTORS);
		return -E2BIG;
	}
	ps->selectors[ps->nr_selectors++] = (struct selector){ matches, list };
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

static bool is_selected(const struct ps *ps, const struct ps_thread *t)
{
	if ((ps->flags & ALL) || !ps->nr_selectors)
		return true;
	for (int i = 0; i < ps->nr_selectors; i++)
		if (ps->selectors[i].matches(t, ps->selectors[i].list))
			return true;
	return false;
}

/* ---- options ---- */

/* Letters can be bundled (-ef, aux); "-x" and "x" are two options. `take`: the option has a value. */
static const struct option {
	const char	*name;
	unsigned int	flags;
	int		(*take)(struct ps *ps, const char *value);
} options[] = {
	{ "-e",		ALL, NULL },
	{ "-A",		ALL, NULL },
	{ "-a",		ALL, NULL },
	{ "a",		ALL | BSD, NULL },
	{ "x",		ALL | BSD, NULL },
	{ "-x",		ALL | BSD, NULL },
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
	{ "h",		NO_HEADERS, NULL },
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
	{ "--no-headers", NO_HEADERS, NULL },
	{ "--no-heading", NO_HEADERS, NULL },
	{ "--no-header", NO_HEADERS, NULL },
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

static int take_options(struct ps *ps, char **argv)
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

/* ---- lines ---- */

struct line {
	char	text[CONSOLE_LINE_MAX];
	int	len;
	int	column;		/* where the next field begins, if none before it was too wide */
};

static void put_blanks(struct line *l, int until)
{
	while (l->len < until && l->len < (int)sizeof(l->text) - 2)
		l->text[l->len++] = ' ';
}

/* What is wider than its column pushes the next ones to the right, until their own blanks have made up for it. */
static void put_field(struct line *l, const char *text, const struct field *f, bool is_last, bool may_cut)
{
	int n = strlen(text), start = l->column;

	if (may_cut && !is_last && f->col->align == LEFT)
		n = min(n, f->width);
	if (f->col->align == RIGHT)
		start += max(f->width - n, 0);
	put_blanks(l, l->column ? max(start, l->len + 1) : start);
	n = clamp((int)sizeof(l->text) - 2 - l->len, 0, n);
	memcpy(l->text + l->len, text, n);
	l->len += n;
	l->column += f->width + 1;
}

static void put_line(struct line *l)
{
	l->text[l->len++] = '\n';
	console_write(l->text, l->len);
}

static void print_headers(const struct ps *ps)
{
	struct line l = { .len = 0 };
	bool any = false;

	for (int i = 0; i < ps->nr_fields; i++) {
		any |= ps->fields[i].header[0] != '\0';
		put_field(&l, ps->fields[i].header, &ps->fields[i], i == ps->nr_fields - 1, false);
	}
	if (any && !(ps->flags & NO_HEADERS))
		put_line(&l);
}

static void print_thread(const struct ps *ps, const struct ps_thread *t)
{
	struct line l = { .len = 0 };
	char buf[PS_TEXT];

	for (int i = 0; i < ps->nr_fields; i++) {
		const struct field *f = &ps->fields[i];

		put_field(&l, ps_column_text(f->col, t, buf), f, i == ps->nr_fields - 1, true);
	}
	put_line(&l);
}

/* ---- threads ---- */

static void look_at(struct task_struct *p, struct ps_thread *t)
{
	t->pid = task_pid_nr(p);
	t->ppid = task_ppid_nr(p);
	t->cpu = task_cpu(p);
	t->flags = READ_ONCE(p->flags);
	t->policy = READ_ONCE(p->policy);
	t->rt_priority = READ_ONCE(p->rt_priority);
	t->prio = task_prio(p);
	t->nice = task_nice(p);
	t->wchan = get_wchan(p);
	t->state = task_state_to_char(p);
	t->runtime = task_sched_runtime(p);
	t->started = p->start_time;
	t->now = ktime_get_ns();
	get_kthread_comm(t->name, sizeof(t->name), p);
}

static void list_in_pid_order(const struct ps *ps)
{
	struct task_struct *p = NULL;
	struct ps_thread t;

	while ((p = next_task_get(p))) {
		look_at(p, &t);
		if (is_selected(ps, &t))
			print_thread(ps, &t);
		cond_resched();
	}
}

/* Up to `room` threads; who is born meanwhile and finds no room is not listed. */
static size_t gather(const struct ps *ps, struct ps_thread *threads, size_t room)
{
	struct task_struct *p = NULL;
	size_t n = 0;

	while ((p = next_task_get(p))) {
		if (n == room) {
			put_task_struct(p);
			break;
		}
		look_at(p, &threads[n]);
		n += is_selected(ps, &threads[n]);
		cond_resched();
	}
	return n;
}

static int list_sorted(const struct ps *ps)
{
	size_t room = nr_threads_now() + 64, n;
	struct ps_thread *threads = vmalloc(room * sizeof(*threads));

	if (!threads) {
		console_printf("ps: no memory to sort %zu threads in; try without --sort\n", room);
		return -ENOMEM;
	}
	n = gather(ps, threads, room);
	sort_r(threads, n, sizeof(*threads), compare_threads, NULL, ps);
	for (size_t i = 0; i < n; i++)
		print_thread(ps, &threads[i]);
	vfree(threads);
	return 0;
}

int ps_main(int argc, char **argv)
{
	struct ps ps = { .flags = 0 };
	int err = take_options(&ps, argv + 1);

	if (err)
		return err;
	print_headers(&ps);
	if (ps.nr_keys)
		return list_sorted(&ps);
	list_in_pid_order(&ps);
	return 0;
}
