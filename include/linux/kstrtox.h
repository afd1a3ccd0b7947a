/* SPDX-License-Identifier: MIT */
/*
 * Text to number. kstrto*() accept the whole string or nothing and catch
 * overflow: use these. simple_strto*() stop at the first strange character
 * and are for parsing within a longer text. Floats do not exist here.
 */
#pragma once

#include <linux/compiler.h>
#include <linux/types.h>

/*
 * kstrtoull - a number that is the whole string
 *
 * s: digits of `base`; base 0 takes 0x for hex, 0 for octal, else decimal. One
 * newline may follow; an optional + may precede (and - for signed forms).
 * Context: any. Return: 0 and *res, -EINVAL for a malformed string, -ERANGE if
 * it does not fit; then *res is unchanged.
 */
int __must_check kstrtoull(const char *s, unsigned int base, unsigned long long *res);
int __must_check kstrtoll(const char *s, unsigned int base, long long *res);
int __must_check kstrtoul(const char *s, unsigned int base, unsigned long *res);
int __must_check kstrtol(const char *s, unsigned int base, long *res);
int __must_check kstrtouint(const char *s, unsigned int base, unsigned int *res);
int __must_check kstrtoint(const char *s, unsigned int base, int *res);
int __must_check kstrtou16(const char *s, unsigned int base, u16 *res);
int __must_check kstrtos16(const char *s, unsigned int base, s16 *res);
int __must_check kstrtou8(const char *s, unsigned int base, u8 *res);
int __must_check kstrtos8(const char *s, unsigned int base, s8 *res);

static inline int __must_check kstrtou64(const char *s, unsigned int base, u64 *res)
{
	return kstrtoull(s, base, res);
}

static inline int __must_check kstrtos64(const char *s, unsigned int base, s64 *res)
{
	return kstrtoll(s, base, res);
}

static inline int __must_check kstrtou32(const char *s, unsigned int base, u32 *res)
{
	return kstrtouint(s, base, res);
}

static inline int __must_check kstrtos32(const char *s, unsigned int base, s32 *res)
{
	return kstrtoint(s, base, res);
}

/*
 * kstrtobool - y Y t T 1 on / n N f F 0 off, judged by the first letters
 *
 * Context: any. Return: 0 and *res, or -EINVAL.
 */
int __must_check kstrtobool(const char *s, bool *res);

/* The number at the start of cp; *endp, if asked for, is where it ended. No check of overflow. */
unsigned long long simple_strtoull(const char *cp, char **endp, unsigned int base);
long long simple_strtoll(const char *cp, char **endp, unsigned int base);
unsigned long simple_strtoul(const char *cp, char **endp, unsigned int base);
long simple_strtol(const char *cp, char **endp, unsigned int base);
