/* SPDX-License-Identifier: MIT */
#pragma once
/* Names with wildcards, as a shell has them. */
#include <linux/types.h>

/*
 * glob_match - does all of str match pat? ? is one character, * any number of them, [a-z] one of these, [!a-z] none of
 * them, \x just x; a [ that is not closed is itself. Context: any. Time: at most the product of both lengths.
 */
bool __pure glob_match(const char *pat, const char *str);
