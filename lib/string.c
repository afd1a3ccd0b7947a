/* SPDX-License-Identifier: MIT */
/*
 * Memory and strings. The three that move memory use the string instructions
 * of x86, eight bytes at a step; the others are loops a byte at a step, short
 * because what the kernel handles as strings is short. The compiler may call
 * memcpy, memmove, memset and memcmp by itself, so none of them may be written
 * as a loop that it would turn back into a call.
 */
#include <linux/string.h>
#include <linux/array_size.h>
#include <linux/ctype.h>
#include <linux/export.h>

void *memcpy(void *dest, const void *src, size_t count)
{
	void *d = dest;
	size_t n = count >> 3;

	__asm__ volatile("rep movsq" : "+D"(d), "+S"(src), "+c"(n) : : "memory");
	n = count & 7;
	if (n)
		__asm__ volatile("rep movsb" : "+D"(d), "+S"(src), "+c"(n) : : "memory");
	return dest;
}
EXPORT_SYMBOL(memcpy);

void *memset(void *s, int c, size_t count)
{
	void *d = s;
	size_t n = count >> 3;
	unsigned long fill = (unsigned char)c * 0x0101010101010101UL;

	__asm__ volatile("rep stosq" : "+D"(d), "+c"(n) : "a"(fill) : "memory");
	n = count & 7;
	if (n)
		__asm__ volatile("rep stosb" : "+D"(d), "+c"(n) : "a"(fill) : "memory");
	return s;
}
EXPORT_SYMBOL(memset);

void *memmove(void *dest, const void *src, size_t count)
{
	unsigned char *d = dest;
	const unsigned char *s = src;

	/* Upwards is right unless dest begins inside src. */
	if ((unsigned long)d - (unsigned long)s >= count)
		return memcpy(dest, src, count);
	while (count >= 8) {
		unsigned long word;

		count -= 8;
		__builtin_memcpy(&word, s + count, 8);
		__builtin_memcpy(d + count, &word, 8);
		barrier();	/* stay a loop */
	}
	while (count--) {
		d[count] = s[count];
		barrier();
	}
	return dest;
}
EXPORT_SYMBOL(memmove);

int memcmp(const void *cs, const void *ct, size_t count)
{
	const unsigned char *a = cs, *b = ct;

	for (; count; a++, b++, count--)
		if (*a != *b)
			return *a - *b;
	return 0;
}
EXPORT_SYMBOL(memcmp);

int bcmp(const void *a, const void *b, size_t len)
{
	return memcmp(a, b, len);
}
EXPORT_SYMBOL(bcmp);

void *memset16(u16 *s, u16 v, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		s[i] = v;
	return s;
}
EXPORT_SYMBOL(memset16);

void *memset32(u32 *s, u32 v, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		s[i] = v;
	return s;
}
EXPORT_SYMBOL(memset32);

void *memset64(u64 *s, u64 v, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		s[i] = v;
	return s;
}
EXPORT_SYMBOL(memset64);

void *memchr(const void *s, int c, size_t n)
{
	const unsigned char *p = s;

	for (; n; p++, n--)
		if (*p == (unsigned char)c)
			return (void *)p;
	return NULL;
}
EXPORT_SYMBOL(memchr);

void *memscan(void *addr, int c, size_t size)
{
	void *found = memchr(addr, c, size);

	return found ? found : (char *)addr + size;
}
EXPORT_SYMBOL(memscan);

void *memchr_inv(const void *s, int c, size_t n)
{
	const unsigned char *p = s;
	unsigned long word, fill = (unsigned char)c * 0x0101010101010101UL;

	for (; n >= 8; p += 8, n -= 8) {
		__builtin_memcpy(&word, p, 8);
		if (word != fill)
			break;
	}
	for (; n; p++, n--)
		if (*p != (unsigned char)c)
			return (void *)p;
	return NULL;
}
EXPORT_SYMBOL(memchr_inv);

size_t strlen(const char *s)
{
	const char *p = s;

	while (*p) {
		p++;
		barrier();	/* stay a loop */
	}
	return p - s;
}
EXPORT_SYMBOL(strlen);

size_t strnlen(const char *s, size_t count)
{
	size_t n = 0;

	while (n < count && s[n])
		n++;
	return n;
}
EXPORT_SYMBOL(strnlen);

int strcmp(const char *cs, const char *ct)
{
	while (*cs && *cs == *ct) {
		cs++;
		ct++;
	}
	return (unsigned char)*cs - (unsigned char)*ct;
}
EXPORT_SYMBOL(strcmp);

int strncmp(const char *cs, const char *ct, size_t count)
{
	for (; count; cs++, ct++, count--)
		if (*cs != *ct || !*cs)
			return (unsigned char)*cs - (unsigned char)*ct;
	return 0;
}
EXPORT_SYMBOL(strncmp);

int strcasecmp(const char *s1, const char *s2)
{
	return strncasecmp(s1, s2, ~(size_t)0);
}
EXPORT_SYMBOL(strcasecmp);

int strncasecmp(const char *s1, const char *s2, size_t len)
{
	for (; len; s1++, s2++, len--) {
		int c1 = tolower(*s1), c2 = tolower(*s2);

		if (c1 != c2 || !c1)
			return c1 - c2;
	}
	return 0;
}
EXPORT_SYMBOL(strncasecmp);

char *strchrnul(const char *s, int c)
{
	while (*s && *s != (char)c)
		s++;
	return (char *)s;
}
EXPORT_SYMBOL(strchrnul);

char *strchr(const char *s, int c)
{
	s = strchrnul(s, c);
	return *s == (char)c ? (char *)s : NULL;
}
EXPORT_SYMBOL(strchr);

char *strnchrnul(const char *s, size_t count, int c)
{
	while (count-- && *s && *s != (char)c)
		s++;
	return (char *)s;
}
EXPORT_SYMBOL(strnchrnul);

char *strnchr(const char *s, size_t count, int c)
{
	for (; count; s++, count--) {
		if (*s == (char)c)
			return (char *)s;
		if (!*s)
			break;
	}
	return NULL;
}
EXPORT_SYMBOL(strnchr);

char *strrchr(const char *s, int c)
{
	const char *last = NULL;

	do {
		if (*s == (char)c)
			last = s;
	} while (*s++);
	return (char *)last;
}
EXPORT_SYMBOL(strrchr);

char *strnstr(const char *s1, const char *s2, size_t len)
{
	size_t l2 = strlen(s2);

	for (; len >= l2; s1++, len--) {
		if (!strncmp(s1, s2, l2))
			return (char *)s1;
		if (!len || !*s1)
			break;
	}
	return NULL;
}
EXPORT_SYMBOL(strnstr);

char *strstr(const char *s1, const char *s2)
{
	return strnstr(s1, s2, ~(size_t)0);
}
EXPORT_SYMBOL(strstr);

size_t strspn(const char *s, const char *accept)
{
	size_t n = 0;

	while (s[n] && strchr(accept, s[n]))
		n++;
	return n;
}
EXPORT_SYMBOL(strspn);

size_t strcspn(const char *s, const char *reject)
{
	size_t n = 0;

	while (s[n] && !strchr(reject, s[n]))
		n++;
	return n;
}
EXPORT_SYMBOL(strcspn);

char *strpbrk(const char *cs, const char *ct)
{
	cs += strcspn(cs, ct);
	return *cs ? (char *)cs : NULL;
}
EXPORT_SYMBOL(strpbrk);

char *stpcpy(char *dest, const char *src)
{
	while ((*dest = *src++) != '\0')
		dest++;
	return dest;
}
EXPORT_SYMBOL(stpcpy);

char *strcpy(char *dest, const char *src)
{
	char *d = dest;

	while ((*d++ = *src++) != '\0')
		;
	return dest;
}
EXPORT_SYMBOL(strcpy);

char *strncpy(char *dest, const char *src, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		dest[i] = *src;
		if (*src)
			src++;
	}
	return dest;
}
EXPORT_SYMBOL(strncpy);

char *strcat(char *dest, const char *src)
{
	strcpy(dest + strlen(dest), src);
	return dest;
}
EXPORT_SYMBOL(strcat);

char *strncat(char *dest, const char *src, size_t count)
{
	char *d = dest + strlen(dest);

	while (count-- && *src)
		*d++ = *src++;
	*d = '\0';
	return dest;
}
EXPORT_SYMBOL(strncat);

ssize_t strscpy(char *dest, const char *src, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		dest[i] = src[i];
		if (!src[i])
			return i;
	}
	if (count)
		dest[count - 1] = '\0';
	return -E2BIG;
}
EXPORT_SYMBOL(strscpy);

ssize_t strscpy_pad(char *dest, const char *src, size_t count)
{
	ssize_t written = strscpy(dest, src, count);

	if (written >= 0)
		memset(dest + written, 0, count - written);
	return written;
}
EXPORT_SYMBOL(strscpy_pad);

size_t strlcpy(char *dest, const char *src, size_t size)
{
	strscpy(dest, src, size);
	return strlen(src);
}
EXPORT_SYMBOL(strlcpy);

size_t strlcat(char *dest, const char *src, size_t count)
{
	size_t have = strnlen(dest, count);

	return have + strlcpy(dest + have, src, count - have);
}
EXPORT_SYMBOL(strlcat);

char *strsep(char **s, const char *ct)
{
	char *field = *s, *end;

	if (!field)
		return NULL;
	end = strpbrk(field, ct);
	if (end)
		*end++ = '\0';
	*s = end;
	return field;
}
EXPORT_SYMBOL(strsep);

char *skip_spaces(const char *str)
{
	while (isspace(*str))
		str++;
	return (char *)str;
}
EXPORT_SYMBOL(skip_spaces);

char *strim(char *s)
{
	size_t len = strlen(s);

	while (len && isspace(s[len - 1]))
		len--;
	s[len] = '\0';
	return skip_spaces(s);
}
EXPORT_SYMBOL(strim);

char *strreplace(char *s, char old, char new)
{
	for (; *s; s++)
		if (*s == old)
			*s = new;
	return s;
}
EXPORT_SYMBOL(strreplace);

bool sysfs_streq(const char *s1, const char *s2)
{
	while (*s1 && *s1 == *s2) {
		s1++;
		s2++;
	}
	if (*s1 == *s2)
		return true;
	if (!*s1 && *s2 == '\n' && !s2[1])
		return true;
	return *s1 == '\n' && !s1[1] && !*s2;
}
EXPORT_SYMBOL(sysfs_streq);

int match_string(const char * const *array, size_t n, const char *string)
{
	size_t i;

	for (i = 0; i < n && array[i]; i++)
		if (!strcmp(array[i], string))
			return i;
	return -EINVAL;
}
EXPORT_SYMBOL(match_string);

int __sysfs_match_string(const char * const *array, size_t n, const char *s)
{
	size_t i;

	for (i = 0; i < n && array[i]; i++)
		if (sysfs_streq(array[i], s))
			return i;
	return -EINVAL;
}
EXPORT_SYMBOL(__sysfs_match_string);

void memcpy_and_pad(void *dest, size_t dest_len, const void *src, size_t count, int pad)
{
	if (count > dest_len)
		count = dest_len;
	memcpy(dest, src, count);
	memset((char *)dest + count, pad, dest_len - count);
}
EXPORT_SYMBOL(memcpy_and_pad);
