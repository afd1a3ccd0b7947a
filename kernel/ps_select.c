/* SPDX-License-Identifier: MIT */
/*
 * Which threads ps lists: a list of selectors, each a question and the words it is asked about. A thread that one of
 * them likes is listed; -N turns it around.
 *
 * All threads are root's and none has a terminal, so what chooses by user, group or terminal takes all or none.
 */
#include "ps.h"
#include <linux/array_size.h>
#include <linux/console.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/string.h>

/* ---- which threads ---- */

static bool has_number(const char *list, pid_t nr)
{
	const char *word;
	size_t len;

	while ((word = ps_next_word(&list, &len)))
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

	while ((word = ps_next_word(&list, &len)))
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

int ps_select_pids(struct ps *ps, const char *list)
{
	return check_numbers(list) ?: add_selector(ps, matches_pid, list);
}

int ps_select_children(struct ps *ps, const char *list)
{
	return check_numbers(list) ?: add_selector(ps, matches_ppid, list);
}

int ps_select_names(struct ps *ps, const char *list)
{
	return add_selector(ps, matches_name, list);
}


/* ---- what they all have in common ---- */

static bool matches_all(const struct ps_thread *t, const char *list)
{
	return true;
}

static bool matches_none(const struct ps_thread *t, const char *list)
{
	return false;
}

/* Is one of these words in the list? Those that are not known are named. */
static int select_by_word(struct ps *ps, const char *list, const char *const *known, const char *what)
{
	bool found = false;
	const char *word;
	size_t len;

	for (const char *rest = list; (word = ps_next_word(&rest, &len)); ) {
		bool is_number = strspn(word, "0123456789") >= len, is_known = false;

		for (int i = 0; known[i]; i++)
			is_known |= strlen(known[i]) == len && !strncmp(known[i], word, len);
		if (!is_known && !is_number) {
			console_printf("ps: there is no %s %.*s; here all threads have %s\n", what, (int)len, word,
				       known[0]);
			return -EINVAL;
		}
		found |= is_known;
	}
	return add_selector(ps, found ? matches_all : matches_none, list);
}

int ps_select_users(struct ps *ps, const char *list)
{
	static const char *const root[] = { "root", "0", NULL };

	return select_by_word(ps, list, root, "user");
}

int ps_select_groups(struct ps *ps, const char *list)
{
	static const char *const root[] = { "root", "0", NULL };

	return select_by_word(ps, list, root, "group");
}

int ps_select_ttys(struct ps *ps, const char *list)
{
	static const char *const none[] = { "?", "-", NULL };

	return select_by_word(ps, list, none, "terminal");
}

static bool matches_session(const struct ps_thread *t, const char *list)
{
	return has_number(list, t->session);
}

int ps_select_sessions(struct ps *ps, const char *list)
{
	return check_numbers(list) ?: add_selector(ps, matches_session, list);
}

/* ---- all together ---- */

static bool is_liked(const struct ps *ps, const struct ps_thread *t)
{
	if ((ps->flags & PS_NO_LEADERS) && t->session == t->pid)
		return false;
	if ((ps->flags & (PS_ALL | PS_NO_LEADERS)) || !ps->nr_selectors)
		return true;
	for (int i = 0; i < ps->nr_selectors; i++)
		if (ps->selectors[i].matches(t, ps->selectors[i].list))
			return true;
	return false;
}

bool ps_is_selected(const struct ps *ps, const struct ps_thread *t)
{
	if ((ps->flags & PS_RUNNING) && t->state != 'R' && t->state != 'D')
		return false;
	return is_liked(ps, t) != !!(ps->flags & PS_DESELECT);
}
