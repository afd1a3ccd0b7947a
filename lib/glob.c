/* SPDX-License-Identifier: MIT */
/*
 * Shell wildcards. Only the last * needs to be tried again: what was in front of it has matched as early as it can,
 * and giving it more could not help what comes behind.
 */
#include <linux/glob.h>
#include <linux/export.h>

/* Behind the set that begins at pat (after its '['), or NULL: it is not closed. *in: is c one of it? */
static const char *match_set(const char *pat, unsigned char c, bool *in)
{
	bool none_of = *pat == '!';
	const char *p = pat + none_of;

	*in = false;
	do {
		unsigned char from = *p++, to = from;

		if (!from)
			return NULL;
		if (p[0] == '-' && p[1] && p[1] != ']') {
			to = p[1];
			p += 2;
		}
		*in |= from <= c && c <= to;
	} while (*p != ']');
	*in ^= none_of;
	return p + 1;
}

/* Behind the one element of pat that c matches, or NULL. */
static const char *match_one(const char *pat, char c)
{
	const char *behind;
	bool in;

	if (*pat == '?')
		return pat + 1;
	if (*pat == '[') {
		behind = match_set(pat + 1, c, &in);
		if (behind)
			return in ? behind : NULL;
	}
	if (*pat == '\\' && pat[1])
		pat++;
	return *pat == c ? pat + 1 : NULL;
}

bool __pure glob_match(const char *pat, const char *str)
{
	const char *star = NULL, *again = NULL, *next;

	while (*str) {
		if (*pat == '*') {
			star = ++pat;
			again = str;
			continue;
		}
		next = match_one(pat, *str);
		if (next) {
			pat = next;
			str++;
		} else if (star) {
			pat = star;
			str = ++again;
		} else {
			return false;
		}
	}
	while (*pat == '*')
		pat++;
	return !*pat;
}
EXPORT_SYMBOL(glob_match);
