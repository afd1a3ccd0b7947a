/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Does a line match a pattern, as grep understands it?
 *
 *	x	itself			^ $	the line's beginning, end
 *	.	any character		*	what is in front of it, as often as you like
 *	[a-z]	one of these		\x	x without a special meaning
 *	[^a-z]	none of these		+ ? |	with .extended: once or more, once or not, either side
 *
 * Differs from grep: no groups, no counts, no classes by name.
 */
#include <linux/types.h>

#define PATTERN_MAX	127	/* bytes: each * may cost a stack frame */

struct pattern {
	const char	*text;
	bool		icase;		/* capitals are the same as small letters */
	bool		word;		/* only what does not go on as a word on either side */
	bool		extended;
};

/* Return: what is wrong with the pattern, or NULL. */
const char *pattern_check(const struct pattern *p);

/* Context: any; time grows with a power of the line's length if there are several *. */
bool pattern_matches(const struct pattern *p, const char *line);
