/* SPDX-License-Identifier: MIT */
/*
 * ps: a listing of the threads, as procps-ng 4 prints it on Linux.
 *
 *	ps_take_options()   "-ef"  ->  struct ps { which threads, which columns, which order }	(ps_options.c)
 *	look_at()           a task_struct  ->  struct ps_thread
 *	print_thread()      struct ps_thread  ->  a line, column by column			(ps_columns.c)
 *
 * Without --sort a thread's line is printed as soon as it was looked at, so ps needs no memory of its own and works
 * even when there is none left.
 *
 * Threads come and go while ps walks; next_task_get() holds a reference to the one it is at. Each line is true for the
 * moment in which its thread was looked at; the listing as a whole is not a snapshot. So it is on Linux.
 * Differs from Linux: without options, all threads are listed; Linux lists those of the terminal.
 * Read next: ps_options.c, ps_columns.c.
 */
#include "ps.h"
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
	if (any && !(ps->flags & PS_NO_HEADERS))
		put_line(&l);
}

static void print_thread(const struct ps *ps, const struct ps_thread *t)
{
	struct line l = { .len = 0 };
	char buf[PS_TEXT];

	for (int i = 0; i < ps->nr_fields; i++) {
		const struct ps_field *f = &ps->fields[i];

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
	t->state = task_state_to_char(p);
	t->wchan = t->state == 'R' ? 0 : get_wchan(p);
	t->runtime = task_sched_runtime(p);
	t->started = p->start_time;
	t->now = ktime_get_ns();
	wq_worker_comm(t->name, sizeof(t->name), p);
}

static bool is_selected(const struct ps *ps, const struct ps_thread *t)
{
	if ((ps->flags & PS_ALL) || !ps->nr_selectors)
		return true;
	for (int i = 0; i < ps->nr_selectors; i++)
		if (ps->selectors[i].matches(t, ps->selectors[i].list))
			return true;
	return false;
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
	int err = ps_take_options(&ps, argv + 1);

	if (err)
		return err;
	print_headers(&ps);
	if (ps.nr_keys)
		return list_sorted(&ps);
	list_in_pid_order(&ps);
	return 0;
}

SHELL_COMMAND(ps, ps_main, "[options]", "list the threads",
	"  As ps of Linux (procps): without options PID, TTY, TIME and name of every thread (Linux: of the\n"
	"  terminal's only). -e, -A, a, x: all. -f, -F, -l, -L, u, l: other sets of columns. -o LIST: these\n"
	"  columns; each may be name, name:width, name=HEADER. -p LIST, --ppid LIST, -C NAMES: only these.\n"
	"  --sort KEYS: by columns, -KEY downwards. --no-headers, h: no headline.\n"
	"  Example: ps -e -o pid,ppid,psr,stat,cls,rtprio,ni,time,wchan:20,comm,command --sort -time",
	.group = "threads");
