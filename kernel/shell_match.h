/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Does a line match a pattern, as grep understands it?
 *
 *	x	itself			^ $	the line's beginning, end
 *	.	any character		*	what is in front of it, as often as you like
 *	[a-z]	one of these		\x	x without a special meaning
 *	[^a-z]	none of these		( )	what * and its like mean as a whole
 *	+ ?	once or more; once or not	{2,5}	so often; {2}, {2,}
 *	|	either side
 *
 * Without .extended the last six have a \ in front to mean this, and are themselves without one.
 * Differs from grep: no classes by name, no \1 for what a group has matched, no \w and its like.
 */
#include <linux/types.h>

#define PATTERN_MAX	127	/* bytes */
#define PATTERN_STEPS	200	/* what a pattern may become; {2,5} writes out what it stands behind */

/* A step of a pattern (shell_match.c). */
struct pattern_step {
	u8	op;
	u8	c;		/* a character */
	u16	at;		/* a step, or a place in the text */
};

struct pattern {
	const char		*text;
	bool			icase;		/* capitals are the same as small letters */
	bool			word;		/* only what does not go on as a word on either side */
	bool			extended;
	/* By pattern_check(): */
	unsigned int		nr;
	struct pattern_step	steps[PATTERN_STEPS];
};

/* Makes the pattern ready to match. Return: what is wrong with it, or NULL. Context: any. */
const char *pattern_check(struct pattern *p);

/* Context: any, after pattern_check(). Time: the line's length times that of the pattern. */
bool pattern_matches(const struct pattern *p, const char *line);
