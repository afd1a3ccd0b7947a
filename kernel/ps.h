/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Private to ps and its like: a thread as they see it (ps_look_at()), the columns (ps_columns.c), and what the user
 * asked for (ps_options.c, ps_select.c, ps_format.c). To run ps from elsewhere: ps_main().
 */
#include <linux/types.h>
#include "proc/pid.h"

struct task_struct;

#define PS_TEXT	160	/* the longest text of one field, NUL included */

/* A thread, as it was at the moment ps looked at it. */
struct ps_thread {
	pid_t		pid;
	pid_t		ppid;
	pid_t		session;	/* and process group: init's own, 0 for kernel threads */
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
	struct task_signals signals;
	bool		bare;		/* the command without brackets */
	const char	*art;		/* what a tree has in front of the command; NULL: nothing */
	char		name[64];
};

/* Fill in t, without its art. Context: thread; the caller keeps p alive. */
void ps_look_at(struct task_struct *p, struct ps_thread *t);

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
	bool			own_columns;	/* by -o or -O */
	bool			widened;	/* by w */
	int			columns;	/* cut lines there; 0: nowhere */
	char			text[768];	/* the words that fields and keys point into */
	int			text_used;
};

enum {
	/* which threads */
	PS_ALL			= 1 << 0,
	PS_NO_LEADERS		= 1 << 1,	/* all but those that lead a session */
	PS_RUNNING		= 1 << 2,
	PS_DESELECT		= 1 << 3,	/* those that were not asked for */
	/* Unix's formats, and what changes them */
	PS_FULL			= 1 << 4,
	PS_EXTRA		= 1 << 5,
	PS_LONG			= 1 << 6,
	PS_NO_FLAGS		= 1 << 7,
	PS_JOBS			= 1 << 8,
	PS_CLASS		= 1 << 9,
	PS_PSR			= 1 << 10,
	PS_LWP			= 1 << 11,
	PS_SPID			= 1 << 12,
	PS_LABEL		= 1 << 13,
	PS_WIDE			= 1 << 14,	/* full or long */
	/* BSD's */
	PS_BSD			= 1 << 15,	/* the options were spelt like that */
	PS_BSD_USER		= 1 << 16,
	PS_BSD_LONG		= 1 << 17,
	PS_BSD_JOBS		= 1 << 18,
	PS_BSD_SIGNALS		= 1 << 19,
	PS_BSD_MEMORY		= 1 << 20,
	PS_BSD_REGISTERS	= 1 << 21,
	/* how */
	PS_FOREST		= 1 << 22,
	PS_HIERARCHY		= 1 << 23,
	PS_TRUE_NAME		= 1 << 24,
	PS_NO_HEADERS		= 1 << 25,
	/* something else */
	PS_LIST_COLUMNS		= 1 << 26,
	PS_VERSION		= 1 << 27,

	PS_WIDER		= 1 << 28,	/* only to know the option w by */
};

/*
 * Fill in ps, which is zeroed, from the words behind "ps"; it points into them.
 * Return: 0, or a negative errno after a line that says why.
 */
int ps_take_options(struct ps *ps, char **argv);

/* The ps command. Context: thread, may sleep. Return: 0, or a negative errno after a line that says what is wrong. */
int ps_main(int argc, char **argv);

/* For ps_options.c: an option's value. Return: 0, or a negative errno after a line that says why. */
int ps_choose_columns(struct ps *ps, const char *list);
int ps_add_columns(struct ps *ps, const char *list);
int ps_sort_by(struct ps *ps, const char *list);
int ps_choose_format(struct ps *ps);
int ps_select_pids(struct ps *ps, const char *list);
int ps_select_children(struct ps *ps, const char *list);
int ps_select_names(struct ps *ps, const char *list);
int ps_select_users(struct ps *ps, const char *list);
int ps_select_groups(struct ps *ps, const char *list);
int ps_select_sessions(struct ps *ps, const char *list);
int ps_select_ttys(struct ps *ps, const char *list);

/* The next word of a list, NULL behind the last; *list moves behind it. */
const char *ps_next_word(const char **list, size_t *len);
bool ps_is_selected(const struct ps *ps, const struct ps_thread *t);

/* ps_tree.c: look at all threads that are selected, up to `room` of them, in PID order. Return: how many. */
size_t ps_gather(const struct ps *ps, struct ps_thread *threads, size_t room);

/* By ps->keys, then by PID. Return: below 0: a comes first. */
int ps_compare_threads(const struct ps *ps, const struct ps_thread *a, const struct ps_thread *b);

/* ps_time.c: spans and points in time, for ps_columns.c. buf: PS_TEXT bytes. */
void ps_text_time(const struct ps_thread *t, char *buf);
void ps_text_bsdtime(const struct ps_thread *t, char *buf);
void ps_text_etime(const struct ps_thread *t, char *buf);
void ps_text_stime(const struct ps_thread *t, char *buf);
void ps_text_start(const struct ps_thread *t, char *buf);
void ps_text_bsdstart(const struct ps_thread *t, char *buf);
void ps_text_lstart(const struct ps_thread *t, char *buf);
