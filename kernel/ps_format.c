/* SPDX-License-Identifier: MIT */
/*
 * What a listing of ps shows: its columns and its order.
 *
 * Unix's formats are modifiers of one another (-l, -f, -j, -c, -L ... in any bundle): a table of pieces says which
 * columns each adds, and which it displaces. BSD's are complete listings (u, l, j, s, v, X), one at a time. Both are
 * written in -o's own language, so in the end there are always columns, and ps.c knows of nothing else.
 * Read next: ps_columns.c.
 */
#include "ps.h"
#include <linux/array_size.h>
#include <linux/console.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/string.h>

#define MAX_WIDTH	200

/* ---- words ---- */

static size_t word_length(const char *list)
{
	return strcspn(list, ", \t");
}

const char *ps_next_word(const char **list, size_t *len)
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
	console_printf(" (ps L lists all)\n");
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

	while (!err && (word = ps_next_word(&list, &len))) {
		char *spec = keep_word(ps, word, len);

		err = spec ? add_column(ps, spec) : -E2BIG;
		if (err == -E2BIG && !spec)
			console_printf("ps: too many words\n");
	}
	return err;
}

int ps_choose_columns(struct ps *ps, const char *list)
{
	int before = ps->nr_fields, err = add_columns(ps, list);

	ps->own_columns = true;
	if (err || ps->nr_fields > before)
		return err;
	console_printf("ps: -o wants the names of columns, as in -o pid,stat,comm (ps L lists all)\n");
	return -EINVAL;
}

/* ---- --sort ---- */

int ps_sort_by(struct ps *ps, const char *list)
{
	const char *word;
	size_t len;

	while ((word = ps_next_word(&list, &len))) {
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

/* Columns in front of the usual ones. */
int ps_add_columns(struct ps *ps, const char *list)
{
	int before = ps->nr_fields, err = add_columns(ps, "pid") ?: add_columns(ps, list);

	if (!err && ps->nr_fields == before + 1) {
		console_printf("ps: -O wants the names of columns, as in -O rtprio,wchan (ps L lists all)\n");
		return -EINVAL;
	}
	ps->own_columns = true;
	return err ?: add_columns(ps, ps->flags & PS_BSD ? "s,tname,time,comm" : "s,tname,time,command");
}

/* ---- formats ---- */

/* The columns of Unix's formats, from left to right: those whose flags are all there, and none of the others. */
static const struct piece {
	unsigned int	need, without;
	const char	*columns;
} pieces[] = {
	{ PS_LABEL,		0,		"label" },
	{ PS_LONG,		PS_NO_FLAGS,	"f" },
	{ PS_LONG,		0,		"s" },
	{ PS_LONG,		PS_FULL,	"uid" },
	{ PS_FULL,		0,		"user=UID" },
	{ 0,			0,		"pid" },
	{ PS_SPID,		0,		"spid" },
	{ PS_WIDE,		0,		"ppid" },
	{ PS_JOBS,		0,		"pgid,sid" },
	{ PS_LWP,		0,		"lwp" },
	{ PS_PSR,		0,		"psr" },
	{ PS_CLASS,		0,		"class,pri" },
	{ PS_WIDE,		PS_CLASS,	"c" },
	{ PS_LWP | PS_FULL,	0,		"nlwp" },
	{ PS_LONG,		PS_CLASS,	"opri,ni" },
	{ PS_LONG,		PS_NO_FLAGS,	"addr:1,sz" },
	{ PS_LONG | PS_NO_FLAGS, 0,		"rss,sz" },
	{ PS_LONG,		0,		"wchan" },
	{ PS_EXTRA,		PS_LONG,	"sz" },
	{ PS_EXTRA,		PS_NO_FLAGS,	"rss" },
	{ PS_EXTRA,		PS_PSR,		"psr" },
	{ PS_FULL,		0,		"stime" },
	{ 0,			0,		"tname,time" },
	{ PS_FULL,		0,		"cmd" },
	{ 0,			PS_FULL,	"ucmd" },
};

static const struct format {
	unsigned int	flags;
	const char	*columns;
} bsd_formats[] = {
	{ 0,			"pid,tname,stat,bsdtime,args" },
	{ PS_BSD_USER,		"user,pid,pcpu,pmem,vsz,rss,tname,stat,start_time,bsdtime,args" },
	{ PS_BSD_LONG,		"f,uid,pid,ppid,priority,ni,vsz,rss,wchan,stat,tname,bsdtime,args" },
	{ PS_BSD_JOBS,		"ppid,pid,pgid,sid,tname,tpgid,stat,uid,bsdtime,args" },
	{ PS_BSD_SIGNALS,	"uid,pid,pending,blocked,ignored,caught,stat,tname,bsdtime,args" },
	{ PS_BSD_MEMORY,	"pid,tname,stat,bsdtime,maj_flt,m_trs,m_drs,rss,pmem,args" },
	{ PS_BSD_REGISTERS,	"pid,stackp,esp,eip,tmout,alarm,stat,tname,bsdtime,args" },
};

#define BSD_FORMATS	(PS_BSD_USER | PS_BSD_LONG | PS_BSD_JOBS | PS_BSD_SIGNALS | PS_BSD_MEMORY | PS_BSD_REGISTERS)
#define UNIX_FORMATS	(PS_FULL | PS_LONG | PS_JOBS | PS_LWP | PS_SPID | PS_CLASS | PS_EXTRA | PS_PSR | PS_NO_FLAGS)

static int add_pieces(struct ps *ps, unsigned int flags)
{
	int err = 0;

	if (flags & (PS_FULL | PS_LONG))
		flags |= PS_WIDE;
	for (const struct piece *p = pieces; p < pieces + ARRAY_SIZE(pieces) && !err; p++)
		if ((flags & p->need) == p->need && !(flags & p->without))
			err = add_columns(ps, p->columns);
	return err;
}

static int add_bsd_format(struct ps *ps, unsigned int wanted)
{
	int err = ps->flags & PS_LABEL ? add_columns(ps, "label") : 0;

	for (const struct format *f = bsd_formats; f < bsd_formats + ARRAY_SIZE(bsd_formats); f++)
		if (f->flags == wanted)
			return err ?: add_columns(ps, f->columns);
	return -EINVAL;
}

static const char *conflict(const struct ps *ps, unsigned int unix_flags, unsigned int bsd_flags)
{
	if ((unix_flags & PS_LWP) && (unix_flags & PS_SPID))
		return "-L and -T are two ways to say the same; use one of them";
	if ((unix_flags & PS_NO_FLAGS) && !(unix_flags & PS_LONG))
		return "-y changes -l, and is nothing without it";
	if (bsd_flags & (bsd_flags - 1))
		return "u, l, j, s, v and X are different listings; use one of them";
	if ((unix_flags && bsd_flags) || (ps->own_columns && (bsd_flags || (unix_flags & ~(PS_LWP | PS_SPID)))))
		return "these options ask for different listings; use -f and its like, one of u, l, j, s, v, X, or -o";
	return NULL;
}

int ps_choose_format(struct ps *ps)
{
	unsigned int unix_flags = ps->flags & UNIX_FORMATS, bsd_flags = ps->flags & BSD_FORMATS;
	const char *why = conflict(ps, unix_flags, bsd_flags);

	if (why) {
		console_printf("ps: %s\n", why);
		return -EINVAL;
	}
	if (ps->own_columns)
		return 0;
	if (bsd_flags || (!unix_flags && (ps->flags & PS_BSD)))
		return add_bsd_format(ps, bsd_flags);
	return add_pieces(ps, ps->flags);
}
