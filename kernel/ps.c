/* SPDX-License-Identifier: MIT */
/*
 * ps: a listing of the threads, as procps-ng 4 prints it on Linux.
 *
 *	ps_take_options()   "-ef"  ->  struct ps { which threads, which columns, which order }	(ps_options.c)
 *	ps_look_at()        a task_struct  ->  struct ps_thread
 *	print_thread()      struct ps_thread  ->  a line, column by column			(ps_columns.c)
 *
 * Without --sort a thread's line is printed as soon as it was looked at, so ps needs no memory of its own and works
 * even when there is none left.
 *
 * Threads come and go while ps walks; next_task_get() holds a reference to the one it is at. Each line is true for the
 * moment in which its thread was looked at; the listing as a whole is not a snapshot. So it is on Linux.
 * Differs from Linux: without options, all threads are listed; Linux lists those of the terminal.
 * Read next: ps_options.c, ps_columns.c; ps_tree.c.
 */
#include "ps.h"
#include "ps_tree.h"
#include "shell.h"
#include <linux/console.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/sort.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include <linux/vmalloc.h>
#include <linux/workqueue.h>

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
static void put_field(struct line *l, const char *text, const struct ps_field *f, bool is_last, bool may_cut)
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

static void put_line(const struct ps *ps, struct line *l)
{
	if (ps->columns && l->len > ps->columns)
		l->len = ps->columns;
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
	if (any && !(ps->flags & PS_NO_HEADERS))
		put_line(ps, &l);
}

static void print_thread(const struct ps *ps, struct ps_thread *t)
{
	struct line l = { .len = 0 };
	char buf[PS_TEXT];

	t->bare = ps->flags & PS_TRUE_NAME;
	for (int i = 0; i < ps->nr_fields; i++) {
		const struct ps_field *f = &ps->fields[i];

		put_field(&l, ps_column_text(f->col, t, buf), f, i == ps->nr_fields - 1, true);
	}
	put_line(ps, &l);
}

/* ---- threads ---- */

void ps_look_at(struct task_struct *p, struct ps_thread *t)
{
	t->pid = task_pid_nr(p);
	t->ppid = task_ppid_nr(p);
	t->session = t->pid == 1 ? 1 : 0;
	t->cpu = task_cpu(p);
	t->flags = READ_ONCE(p->flags);
	t->policy = READ_ONCE(p->policy);
	t->rt_priority = READ_ONCE(p->rt_priority);
	t->prio = task_prio(p);
	t->nice = task_nice(p);
	t->state = task_state_to_char(p);
	t->wchan = t->state == 'R' ? 0 : get_wchan(p);
	t->runtime = task_sched_runtime(p);
	t->started = p->start_time;
	t->now = ktime_get_ns();
	t->bare = false;
	t->art = NULL;
	proc_task_signals(p, &t->signals);
	wq_worker_comm(t->name, sizeof(t->name), p);
}

static int list_in_pid_order(const struct ps *ps)
{
	struct task_struct *p = NULL;
	struct ps_thread t;

	while ((p = next_task_get(p))) {
		ps_look_at(p, &t);
		if (ps_is_selected(ps, &t))
			print_thread(ps, &t);
		cond_resched();
	}
	return 0;
}

/* ---- --sort ---- */

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

int ps_compare_threads(const struct ps *ps, const struct ps_thread *a, const struct ps_thread *b)
{
	for (int i = 0; i < ps->nr_keys; i++) {
		s64 order = compare_by(ps->keys[i].col, a, b);

		if (order)
			return order < 0 ? -ps->keys[i].sign : ps->keys[i].sign;
	}
	return a->pid - b->pid;
}

static int compare_threads(const void *a, const void *b, const void *priv)
{
	return ps_compare_threads(priv, a, b);
}

static int no_memory(void)
{
	console_printf("ps: no memory to sort %u threads in; try without --sort and without a tree\n",
		       nr_threads_now());
	return -ENOMEM;
}

static int list_sorted(const struct ps *ps)
{
	size_t room = nr_threads_now() + 64, n;
	struct ps_thread *threads = vmalloc(room * sizeof(*threads));

	if (!threads)
		return no_memory();
	n = ps_gather(ps, threads, room);
	sort_r(threads, n, sizeof(*threads), compare_threads, NULL, ps);
	for (size_t i = 0; i < n; i++)
		print_thread(ps, &threads[i]);
	vfree(threads);
	return 0;
}

/* ---- trees ---- */

#define MAX_DRAWN	16	/* generations; what is deeper stands below those */

struct walk {
	const struct ps		*ps;
	struct ps_tree		*tree;
	int			depth;
	bool			more[MAX_DRAWN + 1];	/* at that depth somebody follows */
};

/* In front of the command: 2 blanks a generation, or lines. */
static void draw(const struct walk *w, char *art, size_t size)
{
	int depth = min(w->depth, MAX_DRAWN);
	size_t n = 0;

	*art = '\0';
	for (int i = 1; i <= depth; i++) {
		const char *piece = i == depth ? " \\_ " : w->more[i] ? " |  " : "    ";

		n += scnprintf(art + n, size - n, "%s", w->ps->flags & PS_FOREST ? piece : "  ");
	}
}

static void print_at(struct walk *w, size_t place)
{
	struct ps_thread *t = ps_tree_at(w->tree, place);
	char art[4 * MAX_DRAWN + 1];

	w->more[min(w->depth, MAX_DRAWN)] = ps_tree_has_sibling(w->tree, place);
	draw(w, art, sizeof(art));
	t->art = art;
	print_thread(w->ps, t);
	t->art = NULL;
}

/* Whoever comes after `place` below `root`: its first child, or the next of it or of its ancestors; n: nobody. */
static size_t next_place(struct walk *w, size_t place, size_t root)
{
	size_t child = ps_tree_first_child(w->tree, place);

	if (child < w->tree->n) {
		w->depth++;
		return child;
	}
	while (place != root && !ps_tree_has_sibling(w->tree, place)) {
		place = ps_tree_parent(w->tree, place);
		w->depth--;
	}
	return place == root ? w->tree->n : place + 1;
}

static int list_tree(const struct ps *ps)
{
	struct ps_tree tree;
	struct walk w = { .ps = ps, .tree = &tree };
	size_t steps = 0;

	if (ps_tree_make(&tree, ps))
		return no_memory();
	for (size_t root = 0; root < tree.n; root++) {
		if (ps_tree_parent(&tree, root) < tree.n)
			continue;
		w.depth = 0;
		for (size_t place = root; place < tree.n && steps++ < tree.n; place = next_place(&w, place, root))
			print_at(&w, place);
	}
	ps_tree_free(&tree);
	return 0;
}

/* ---- instead of a listing ---- */

static int list_columns(void)
{
	for (unsigned int i = 0; i < nr_ps_columns; i++)
		console_printf("%-12s %-8s\n", ps_columns[i].name, ps_columns[i].header);
	return 0;
}

static int print_version(void)
{
	console_printf("ps of Bobbin, with the options and columns of procps-ng 4.0.2\n");
	return 0;
}

int ps_main(int argc, char **argv)
{
	struct ps ps = { .flags = 0 };
	int err = ps_take_options(&ps, argv + 1);

	if (err)
		return err;
	if (ps.flags & PS_LIST_COLUMNS)
		return list_columns();
	if (ps.flags & PS_VERSION)
		return print_version();
	print_headers(&ps);
	if (ps.flags & (PS_FOREST | PS_HIERARCHY))
		return list_tree(&ps);
	return ps.nr_keys ? list_sorted(&ps) : list_in_pid_order(&ps);
}

SHELL_COMMAND(ps, ps_main, "[options]", "list the threads",
	"  As ps of Linux (procps): without options PID, TTY, TIME and name of every thread (Linux: of the\n"
	"  terminal's only).\n"
	"  Which: -e, -A, a, x: all. -p LIST, --ppid LIST, -C NAMES, -u USERS, -s SESSIONS, -t TTYS: only these.\n"
	"  -d: all but session leaders. r: those that run. -N: all others.\n"
	"  What of them: -f, -F, -l, -j, -c, -y, -P, -L, -T, -M, and u, l, j, s, v, X alone. -o LIST: these columns;\n"
	"  each may be name, name:width, name=HEADER; ps L lists them. -O LIST: these between the usual ones.\n"
	"  How: --sort KEYS (-KEY downwards), f or --forest or -H as a tree, c without brackets, h without a\n"
	"  headline. What is typed at the terminal cuts lines at its width: w: at 132, ww:\n"
	"  nowhere, --width N: there. A pipe cuts nothing.\n"
	"  Example: ps -e -o pid,ppid,psr,stat,cls,rtprio,ni,time,wchan:20,comm,command --sort -time",
	.group = "threads");
