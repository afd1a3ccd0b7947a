/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Private to ps: a thread as ps sees it (ps.c fills it in), the columns (ps_columns.c), and what the user asked for
 * (ps_options.c). To run ps from elsewhere: ps_main().
 */
#include <linux/types.h>

#define PS_TEXT	128	/* the longest text of one field, NUL included */

/* A thread, as it was at the moment ps looked at it. */
struct ps_thread {
	pid_t		pid;
	pid_t		ppid;
	unsigned int	cpu;
	unsigned int	flags;		/* PF_* */
	unsigned int	policy;
	unsigned int	rt_priority;
	int		prio;		/* as /proc shows it: nice 0 is 20, the highest real-time priority -100 */
	int		nice;
	char		state;
	u64		runtime;	/* ns on a CPU */
	u64		started, now;	/* ns since boot */
	unsigned long	wchan;		/* address inside the function it sleeps in; 0: it runs */
	char		name[64];
};

enum ps_align { LEFT, RIGHT };

/*
 * One column. `number` alone prints as a decimal; `text` alone is sorted as text; a column that has both is printed by
 * the one and sorted by the other. Width 0: what the largest pid needs.
 */
struct ps_column {
	const char	*name;
	const char	*header;
	unsigned char	width;
	enum ps_align	align;
	s64		(*number)(const struct ps_thread *t);
	void		(*text)(const struct ps_thread *t, char *buf);	/* buf: PS_TEXT bytes */
};

extern const struct ps_column ps_columns[];
extern const unsigned int nr_ps_columns;

/* The columns of that name, NULL if there is none. */
const struct ps_column *ps_find_column(const char *name);
unsigned int ps_column_width(const struct ps_column *col);
/* What the column shows for t. Return: buf. */
const char *ps_column_text(const struct ps_column *col, const struct ps_thread *t, char *buf);

/* ---- what was asked for ---- */

#define PS_MAX_FIELDS		48
#define PS_MAX_SELECTORS	16
#define PS_MAX_KEYS		8

/* A column of this listing: the options may have changed its header and width. */
struct ps_field {
	const struct ps_column	*col;
	const char		*header;
	int			width;
};

/* -p, -C and the like: is the thread on the list (words with commas or blanks between)? */
struct ps_selector {
	bool			(*matches)(const struct ps_thread *t, const char *list);
	const char		*list;
};

struct ps_key {
	const struct ps_column	*col;
	int			sign;
};

struct ps {
	unsigned int		flags;
	struct ps_field		fields[PS_MAX_FIELDS];
	struct ps_selector	selectors[PS_MAX_SELECTORS];
	struct ps_key		keys[PS_MAX_KEYS];
	int			nr_fields, nr_selectors, nr_keys;
	bool			own_columns;	/* by -o */
	char			text[768];	/* the words that fields and keys point into */
	int			text_used;
};

enum {
	PS_ALL		= 1 << 0,	/* all threads, whatever else is selected */
	PS_NO_HEADERS	= 1 << 1,
	PS_FIRST_FORMAT	= 1 << 8,	/* from here on: ps_options.c, which listing */
};

/*
 * Fill in ps, which is zeroed, from the words behind "ps"; it points into them.
 * Return: 0, or a negative errno after a line that says why.
 */
int ps_take_options(struct ps *ps, char **argv);

/* The ps command. Context: thread, may sleep. Return: 0, or a negative errno after a line that says what is wrong. */
int ps_main(int argc, char **argv);
