/* SPDX-License-Identifier: MIT */
/*
 * Memory and strings. To copy a string into an array use strscpy(): it always
 * ends it and says when it did not fit. strcpy, strcat, strncpy and strlcpy
 * exist because old code calls them. kstrdup() and kin allocate.
 * Context of all that do not allocate: any.
 */
#pragma once

#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/stdarg.h>
#include <linux/types.h>

void *memcpy(void *dest, const void *src, size_t count);	/* no overlap */
void *memmove(void *dest, const void *src, size_t count);	/* overlap allowed */
void *memset(void *s, int c, size_t count);
int memcmp(const void *cs, const void *ct, size_t count);
int bcmp(const void *a, const void *b, size_t len);
void *memset16(u16 *s, u16 v, size_t count);			/* count in elements */
void *memset32(u32 *s, u32 v, size_t count);
void *memset64(u64 *s, u64 v, size_t count);

/* The first byte equal to c, and the first that is not. Return: its address, or NULL. */
void *memchr(const void *s, int c, size_t n);
void *memchr_inv(const void *s, int c, size_t n);
/* The first byte equal to c; the end of the area when there is none. */
void *memscan(void *addr, int c, size_t size);

size_t strlen(const char *s);
size_t strnlen(const char *s, size_t count);
int strcmp(const char *cs, const char *ct);
int strncmp(const char *cs, const char *ct, size_t count);
int strcasecmp(const char *s1, const char *s2);
int strncasecmp(const char *s1, const char *s2, size_t len);
char *strchr(const char *s, int c);
char *strchrnul(const char *s, int c);				/* the end when absent */
char *strnchr(const char *s, size_t count, int c);
char *strnchrnul(const char *s, size_t count, int c);
char *strrchr(const char *s, int c);
char *strstr(const char *s1, const char *s2);
char *strnstr(const char *s1, const char *s2, size_t len);
char *strpbrk(const char *cs, const char *ct);
size_t strspn(const char *s, const char *accept);
size_t strcspn(const char *s, const char *reject);

char *strcpy(char *dest, const char *src);
char *strncpy(char *dest, const char *src, size_t count);
char *stpcpy(char *dest, const char *src);
char *strcat(char *dest, const char *src);
char *strncat(char *dest, const char *src, size_t count);
size_t strlcpy(char *dest, const char *src, size_t size);	/* Return: strlen(src) */
size_t strlcat(char *dest, const char *src, size_t count);

/*
 * strscpy - copy a string into an array of count bytes, always ended
 *
 * Return: the characters copied, or -E2BIG if src was cut short or count is 0.
 * strscpy_pad() also fills the rest of the array with zeros.
 */
ssize_t strscpy(char *dest, const char *src, size_t count);
ssize_t strscpy_pad(char *dest, const char *src, size_t count);

/*
 * strsep - cut the next field off *s at any character of ct
 *
 * Return: the field (it may be empty), or NULL when *s was NULL.
 */
char *strsep(char **s, const char *ct);

char * __must_check skip_spaces(const char *str);
char *strim(char *s);			/* cuts the end in place; Return: past leading blanks */
char *strreplace(char *s, char old, char new);	/* Return: the end of the string */

static inline __must_check char *strstrip(char *str)
{
	return strim(str);
}

/* Are two words of a file or parameter the same, a final newline apart? */
bool sysfs_streq(const char *s1, const char *s2);

/* Return: the index of string in the array of n, or -EINVAL. A NULL ends the array early. */
int match_string(const char * const *array, size_t n, const char *string);
int __sysfs_match_string(const char * const *array, size_t n, const char *s);
#define sysfs_match_string(a, s) __sysfs_match_string(a, ARRAY_SIZE(a), s)

/* Copy memory of count bytes into dest and fill up with `pad`. */
void memcpy_and_pad(void *dest, size_t dest_len, const void *src, size_t count, int pad);

static inline bool strstarts(const char *str, const char *prefix)
{
	return strncmp(str, prefix, strlen(prefix)) == 0;
}

/* The length of prefix if str begins with it, else 0. */
static __always_inline size_t str_has_prefix(const char *str, const char *prefix)
{
	size_t len = strlen(prefix);

	return strncmp(str, prefix, len) == 0 ? len : 0;
}

/* What follows the last slash of a path. */
static inline const char *kbasename(const char *path)
{
	const char *tail = strrchr(path, '/');

	return tail ? tail + 1 : path;
}

static inline void memzero_explicit(void *s, size_t count)
{
	memset(s, 0, count);
	barrier_data(s);
}

/*
 * memcat_p - two arrays of pointers, each ended by NULL, in a new one. Context: thread, may sleep.
 * Return: to be freed with kfree(), or NULL.
 */
void *__memcat_p(void **a, void **b);
#define memcat_p(a, b)	((typeof(*(a)) *)__memcat_p((void **)(a), (void **)(b)))

/* Copies from kmalloc(), to be freed by kfree(); NULL without memory. In kernel/mm/util.c. */
char *kstrdup(const char *s, gfp_t gfp) __malloc;
const char *kstrdup_const(const char *s, gfp_t gfp);
void kfree_const(const void *x);
char *kstrndup(const char *s, size_t len, gfp_t gfp);
void *kmemdup(const void *src, size_t len, gfp_t gfp);
char *kmemdup_nul(const char *s, size_t len, gfp_t gfp);
