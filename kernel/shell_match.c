/* SPDX-License-Identifier: MIT */
/*
 * Patterns for grep.
 *
 * The pattern is taken as it is, element by element: a character, a point, a set in brackets. One that is followed by *
 * tries the longest run first and gives back one after the other until the rest matches; that is the only recursion, so
 * it is as deep as there are stars. Rejected: making an automaton of it, which is more code than the shell.
 * Read next: shell_filters.c.
 */
#include "shell_match.h"
#include <linux/ctype.h>
#include <linux/string.h>

static bool is_word_char(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* Behind the ] of the set at re, or NULL. A ] that comes first is one of the set. */
static const char *end_of_set(const char *re)
{
	re += re[1] == '^' ? 2 : 1;
	re += *re == ']';
	re = strchr(re, ']');
	return re ? re + 1 : NULL;
}

static const char *end_of_element(const char *re)
{
	if (*re == '\\' && re[1])
		return re + 2;
	return *re == '[' ? end_of_set(re) : re + 1;
}

static bool in_set(const char *re, const char *end, char c)
{
	bool negated = re[1] == '^', found = false;

	for (re += negated ? 2 : 1; re < end - 1; re++) {
		if (re[1] == '-' && re + 2 < end - 1) {
			found |= (u8)re[0] <= (u8)c && (u8)c <= (u8)re[2];
			re += 2;
		} else {
			found |= *re == c;
		}
	}
	return found != negated;
}

static bool element_is(const struct pattern *p, const char *re, const char *end, char c)
{
	if (!c)
		return false;
	if (*re == '.')
		return true;
	if (*re == '[')
		return in_set(re, end, c) ||
		       (p->icase && (in_set(re, end, tolower(c)) || in_set(re, end, toupper(c))));
	if (*re == '\\' && end > re + 1)
		re++;
	return p->icase ? tolower(*re) == tolower(c) : *re == c;
}

static bool match_here(const struct pattern *p, const char *re, const char *stop, const char *s);

/* One element, from `least` to `most` times, and the rest behind it. */
static bool match_times(const struct pattern *p, const char *re, const char *end, const char *stop, const char *s,
			size_t least, size_t most)
{
	size_t n = 0;

	while (n < most && element_is(p, re, end, s[n]))
		n++;
	for (;; n--) {
		if (n < least)
			return false;
		if (match_here(p, end + 1, stop, s + n))
			return true;
		if (!n)
			return false;
	}
}

static bool match_here(const struct pattern *p, const char *re, const char *stop, const char *s)
{
	while (re < stop) {
		const char *end = end_of_element(re);
		char times = end < stop ? *end : 0;

		if (times == '*')
			return match_times(p, re, end, stop, s, 0, -1ul);
		if (p->extended && times == '+')
			return match_times(p, re, end, stop, s, 1, -1ul);
		if (p->extended && times == '?')
			return match_times(p, re, end, stop, s, 0, 1);
		if (*re == '$' && end == stop) {
			if (*s)
				return false;
		} else if (!element_is(p, re, end, *s++)) {
			return false;
		}
		re = end;
	}
	return !p->word || !is_word_char(*s);
}

static bool match_line(const struct pattern *p, const char *re, const char *stop, const char *line)
{
	bool at_start = re < stop && *re == '^';
	const char *s = line;

	for (re += at_start; ; s++) {
		bool may = !p->word || s == line || !is_word_char(s[-1]);

		if (may && match_here(p, re, stop, s))
			return true;
		if (at_start || !*s)
			return false;
	}
}

/* Where the alternative that begins at re ends. */
static const char *end_of_alternative(const struct pattern *p, const char *re)
{
	while (*re && !(p->extended && *re == '|'))
		re = end_of_element(re);
	return re;
}

bool pattern_matches(const struct pattern *p, const char *line)
{
	const char *re = p->text;

	for (;;) {
		const char *stop = end_of_alternative(p, re);

		if (match_line(p, re, stop, line))
			return true;
		if (!*stop)
			return false;
		re = stop + 1;
	}
}

const char *pattern_check(const struct pattern *p)
{
	const char *re = p->text;

	if (strlen(re) > PATTERN_MAX)
		return "it is longer than 127 characters";
	while (*re) {
		if (*re == '[' && !end_of_set(re))
			return "a [ has no ]";
		if (*re == '\\' && !re[1])
			return "nothing stands behind the \\ at its end";
		re = end_of_element(re);
	}
	return NULL;
}
