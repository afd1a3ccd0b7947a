/* SPDX-License-Identifier: MIT */
/*
 * Reading a command line, the kernel's or a module's, and the values in it.
 * <linux/kernel.h> includes this page. Parameters are registered by <linux/init.h>.
 */
#pragma once

#include <linux/types.h>

/*
 * parse_cmdline - hand every parameter to take(), in order; cuts args up in place
 *
 * val is NULL for a parameter without `=`. take() returns 0 when it took the
 * parameter, -ENOENT when it does not know it, another negative errno when the
 * value is wrong. Those it does not know are collected in `unknown` as
 * "a b=c", cut off at size; those that are wrong too, as "a=c (-EINVAL)".
 * A parameter `--` ends the walk. Context: any that take() allows.
 * Return: how many were collected.
 */
int parse_cmdline(char *args, int (*take)(char *param, char *val, void *arg),
		  void *arg, char *unknown, size_t size);

/* Are two names of parameters the same, with - and _ taken as one? */
bool parameq(const char *a, const char *b);
bool parameqn(const char *a, const char *b, size_t n);

/*
 * get_option - one integer of a comma-separated list
 *
 * *str moves behind what was read. pint may be NULL to skip.
 * Context: any. Return: 0 no integer, 1 an integer ends the text, 2 a comma
 * follows, 3 a hyphen follows (a range: the next call reads its end).
 */
int get_option(char **str, int *pint);

/*
 * get_options - integers and ranges ("1,4-6") into ints[1..], the count into ints[0]
 *
 * Context: any. Return: where the reading stopped. With nints 0 only counts.
 */
char *get_options(const char *str, int nints, int *ints);

/* memparse - a number with K, M, G, T, P or E behind it; *retptr as simple_strtoull(). */
unsigned long long memparse(const char *ptr, char **retptr);

/* Does `option` stand in the comma-separated list str? */
bool parse_option_str(const char *str, const char *option);

/*
 * next_arg - cut the next parameter off a command line, in place
 *
 * args: at the parameter, no blanks before it. key="a b" and "key=a b" both
 * give key and `a b`. *val is NULL when there is no `=`.
 * Context: any. Return: the rest, leading blanks skipped.
 */
char *next_arg(char *args, char **param, char **val);
