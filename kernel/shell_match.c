/* SPDX-License-Identifier: MIT */
/*
 * Patterns for grep.
 *
 * A pattern is translated into steps, and a line is led through them, one character after the other, by all ways at
 * once:
 *
 *	a(b|c)*d	0 CHAR a	1 EITHER 2 or 7		2 EITHER 3 or 5		3 CHAR b	4 GO 6
 *			5 CHAR c	6 GO 1			7 CHAR d		8 END
 *
 * A set of steps says how far one could have come; a character leads from each of them to the next one, or nowhere. So
 * it takes no longer for patterns that can be matched in many ways, needs no recursion, and no memory but two sets.
 * Rejected: trying one way after the other, which is less to write, but deep for (a|b)*, and endless for (a*)*b.
 *
 * The translation is a descent: either := sequence, | and more; sequence := atoms, each with * + ? {n,m} behind it;
 * atom := a character, a point, a set, or an either in parentheses. What turns out to be repeated, or one of two, gets
 * its EITHER put in front afterwards (insert()).
 * Read next: shell_filters.c.
 */
#include "shell_match.h"
#include <linux/bitmap.h>
#include <linux/ctype.h>
#include <linux/string.h>

enum { CHAR, ANY, SET, FIRST, LAST, EITHER, GO, END };

/* ---- from text to steps ---- */

struct reader {
	struct pattern	*p;
	const char	*at;
	const char	*wrong;		/* the first mistake */
	unsigned int	open;		/* parentheses */
	unsigned int	work;		/* atoms read, for {n} again and again, even if to nothing: ((a{0}){9}){9} */
};

static void mistake(struct reader *r, const char *what)
{
	if (!r->wrong)
		r->wrong = what;
}

static unsigned int add(struct reader *r, u8 op, u8 c, unsigned int at)
{
	struct pattern *p = r->p;

	if (p->nr == PATTERN_STEPS)
		mistake(r, "it is too long");
	else
		p->steps[p->nr++] = (struct pattern_step){ op, c, at };
	return p->nr - 1;
}

/* An EITHER in front of step `first`: that, or `other`, which is meant as it will be then. */
static void insert(struct reader *r, unsigned int first, unsigned int other)
{
	struct pattern_step *steps = r->p->steps;
	unsigned int last = add(r, EITHER, 0, 0);

	if (r->wrong)
		return;
	memmove(steps + first + 1, steps + first, (last - first) * sizeof(*steps));
	for (unsigned int i = first + 1; i <= last; i++)
		steps[i].at += steps[i].op == EITHER || steps[i].op == GO;
	steps[first] = (struct pattern_step){ EITHER, 0, other };
}

/* Is this one of ( ) | + ? { } in its special meaning? How long, or 0. */
static int special(const struct reader *r, char c)
{
	if (r->p->extended)
		return *r->at == c;
	return *r->at == '\\' && r->at[1] == c ? 2 : 0;
}

static bool accept(struct reader *r, char c)
{
	int n = special(r, c);

	r->at += n;
	return n;
}

/* Behind the ] of the set at s, or NULL. A ] that comes first is one of the set. */
static const char *end_of_set(const char *s)
{
	s += s[1] == '^' ? 2 : 1;
	s = *s ? strchr(s + 1, ']') : NULL;
	return s ? s + 1 : NULL;
}

static void read_either(struct reader *r);

static void read_group(struct reader *r)
{
	if (++r->open > 16)
		mistake(r, "its parentheses are too deep");
	if (!r->wrong)
		read_either(r);
	if (!accept(r, ')'))
		mistake(r, "a ( has no )");
	r->open--;
}

static void read_set(struct reader *r)
{
	const char *end = end_of_set(r->at);

	if (!end) {
		mistake(r, "a [ has no ]");
		return;
	}
	add(r, SET, 0, r->at - r->p->text);
	r->at = end;
}

/* $ ends the line where a sequence ends; with .extended it does everywhere. */
static bool is_last(struct reader *r)
{
	struct reader behind = *r;

	behind.at++;
	return *r->at == '$' && (r->p->extended || !*behind.at || special(&behind, ')') || special(&behind, '|'));
}

static void read_atom(struct reader *r, bool first)
{
	if (++r->work > 10 * PATTERN_STEPS)
		mistake(r, "it is too long");
	if (accept(r, '(')) {
		read_group(r);
	} else if (*r->at == '[') {
		read_set(r);
	} else if (*r->at == '^' && (first || r->p->extended)) {
		add(r, FIRST, 0, 0);
		r->at++;
	} else if (is_last(r)) {
		add(r, LAST, 0, 0);
		r->at++;
	} else if (*r->at == '\\' && !r->at[1]) {
		mistake(r, "nothing stands behind the \\ at its end");
	} else {
		bool plain = *r->at == '\\';

		r->at += plain;
		add(r, *r->at == '.' && !plain ? ANY : CHAR, *r->at, 0);
		r->at++;
	}
}

/* ---- as often as that */

#define MANY	1000

struct times {
	unsigned int least, most;
};

static unsigned int read_number(const char **s, unsigned int none)
{
	unsigned int n = 0;

	if (!isdigit(**s))
		return none;
	while (isdigit(**s) && n < MANY)
		n = 10 * n + *(*s)++ - '0';
	return n;
}

/* {n}, {n,}, {n,m}, {,m}; a { that is none of these is a character. */
static bool read_count(struct reader *r, struct times *t)
{
	struct reader look = *r;

	if (!accept(&look, '{') || (!isdigit(*look.at) && *look.at != ','))
		return false;
	t->least = t->most = read_number(&look.at, 0);
	if (*look.at == ',') {
		look.at++;
		t->most = read_number(&look.at, MANY);
	}
	if (!accept(&look, '}'))
		return false;
	if (t->least > t->most)
		mistake(r, "what stands in { } is the wrong way round");
	r->at = look.at;
	return true;
}

/* What stands behind an atom. */
static bool read_times(struct reader *r, struct times *t)
{
	if (*r->at == '*') {
		r->at++;
		*t = (struct times){ 0, MANY };
	} else if (accept(r, '+')) {
		*t = (struct times){ 1, MANY };
	} else if (accept(r, '?')) {
		*t = (struct times){ 0, 1 };
	} else {
		return read_count(r, t);
	}
	return true;
}

/* The atom at `from`, whose steps begin at `start`, has been read once: make that t. */
static void repeat(struct reader *r, const char *from, unsigned int start, struct times t, bool first)
{
	const char *behind = r->at;

	r->p->nr = start;
	for (unsigned int i = 0; i < t.most && !r->wrong; i++) {
		start = r->p->nr;
		r->at = from;
		read_atom(r, first);
		if (i < t.least)
			continue;
		if (t.most < MANY) {
			insert(r, start, r->p->nr + 1);
			continue;
		}
		insert(r, start, r->p->nr + 2);
		add(r, GO, 0, start);
		break;
	}
	r->at = behind;
}

static void read_sequence(struct reader *r)
{
	bool first = true;

	for (; *r->at && !r->wrong && !special(r, '|') && !(special(r, ')') && r->open); first = false) {
		unsigned int start = r->p->nr;
		const char *from = r->at;
		struct times t;

		if (special(r, ')'))
			mistake(r, "a ) has no (");
		read_atom(r, first);	/* what begins with * or its like has the character first */
		if (!r->wrong && read_times(r, &t))
			repeat(r, from, start, t, first);
		if (!r->wrong && read_times(r, &t))
			mistake(r, "of * + ? { } two stand in a row; the first needs parentheses");
	}
}

static void read_either(struct reader *r)
{
	unsigned int start = r->p->nr;

	read_sequence(r);
	while (!r->wrong && accept(r, '|')) {
		unsigned int go;

		insert(r, start, r->p->nr + 2);
		go = add(r, GO, 0, 0);
		read_sequence(r);
		if (!r->wrong)
			r->p->steps[go].at = r->p->nr;
	}
}

const char *pattern_check(struct pattern *p)
{
	struct reader r = { .p = p, .at = p->text };

	p->nr = 0;
	if (strlen(p->text) > PATTERN_MAX)
		return "it is longer than 127 characters";
	read_either(&r);
	add(&r, END, 0, 0);
	return r.wrong;
}

/* ---- a line through the steps ---- */

typedef DECLARE_BITMAP(steps_t, PATTERN_STEPS);

static bool is_word_char(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static bool in_set(const char *set, char c)
{
	const char *end = end_of_set(set);
	bool negated = set[1] == '^', found = false;

	for (set += negated ? 2 : 1; set < end - 1; set++) {
		if (set[1] == '-' && set + 2 < end - 1) {
			found |= (u8)set[0] <= (u8)c && (u8)c <= (u8)set[2];
			set += 2;
		} else {
			found |= *set == c;
		}
	}
	return found != negated;
}

static bool takes(const struct pattern *p, const struct pattern_step *step, char c)
{
	const char *set = p->text + step->at;

	switch (step->op) {
	case ANY:
		return true;
	case CHAR:
		return p->icase ? tolower(step->c) == tolower(c) : step->c == (u8)c;
	case SET:
		return in_set(set, c) || (p->icase && (in_set(set, tolower(c)) || in_set(set, toupper(c))));
	}
	return false;
}

/* Add step n and all that can be reached from there without a character, at this place of the line. */
static void reach(const struct pattern *p, unsigned long *set, unsigned int n, const char *line, const char *s)
{
	u16 todo[PATTERN_STEPS];	/* each step goes in once, when its bit is set */
	unsigned int nr = 0, next[2];

	if (!__test_and_set_bit(n, set))
		todo[nr++] = n;
	while (nr) {
		const struct pattern_step *step = &p->steps[todo[--nr]];
		unsigned int ways = 0;

		if (step->op == EITHER || step->op == GO)
			next[ways++] = step->at;
		if (step->op == EITHER || (step->op == FIRST && s == line) || (step->op == LAST && !*s))
			next[ways++] = step - p->steps + 1;
		while (ways--)
			if (!__test_and_set_bit(next[ways], set))
				todo[nr++] = next[ways];
	}
}

bool pattern_matches(const struct pattern *p, const char *line)
{
	steps_t sets[2] = { };
	unsigned int i;

	for (const char *s = line; ; s++) {
		unsigned long *now = sets[(s - line) % 2], *then = sets[(s - line + 1) % 2];

		if (!p->word || s == line || !is_word_char(s[-1]))
			reach(p, now, 0, line, s);
		if (test_bit(p->nr - 1, now) && !(p->word && is_word_char(*s)))
			return true;
		if (!*s)
			return false;
		bitmap_zero(then, PATTERN_STEPS);
		for_each_set_bit(i, now, p->nr)
			if (takes(p, &p->steps[i], *s))
				reach(p, then, i + 1, line, s + 1);
	}
}
