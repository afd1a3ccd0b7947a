/* SPDX-License-Identifier: MIT */
/* Reading values out of a string by a format. */
#include <linux/sprintf.h>
#include <linux/bitops.h>
#include <linux/ctype.h>
#include <linux/export.h>
#include <linux/kstrtox.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/string.h>

/* One conversion of the format. */
struct scan {
	bool store;		/* false after %* */
	int width;		/* INT_MAX: none */
	char qualifier;		/* as in vsprintf.c: h l z, H for hh, L for ll */
};

struct args {
	va_list list;
};

static const char *parse_scan(const char *f, struct scan *s)
{
	s->store = *f != '*';
	if (!s->store)
		f++;
	s->width = isdigit(*f) ? 0 : INT_MAX;
	for (; isdigit(*f); f++)
		s->width = min(s->width * 10 + (*f - '0'), 1 << 20);
	s->qualifier = 0;
	if (*f == 'h' || *f == 'l') {
		s->qualifier = *f++;
		if (*f == s->qualifier)
			s->qualifier = *f++ - 'a' + 'A';
	} else if (*f == 'z' || *f == 'L') {
		s->qualifier = *f++;
	}
	return f;
}

static void store_integer(struct args *a, char qualifier, unsigned long long n)
{
	switch (qualifier) {
	case 'H':
		*va_arg(a->list, unsigned char *) = n;
		break;
	case 'h':
		*va_arg(a->list, unsigned short *) = n;
		break;
	case 'l':
	case 'z':
		*va_arg(a->list, unsigned long *) = n;
		break;
	case 'L':
		*va_arg(a->list, unsigned long long *) = n;
		break;
	default:
		*va_arg(a->list, unsigned int *) = n;
	}
}

/* %d %i %u %x %o. Return: behind the number, or NULL if there is none. */
static const char *scan_integer(const char *str, char conv, const struct scan *s,
				struct args *a)
{
	unsigned int base = conv == 'x' || conv == 'X' ? 16 : conv == 'o' ? 8 :
			    conv == 'i' ? 0 : 10;
	bool minus = *str == '-' && (conv == 'd' || conv == 'i');
	char digits[72], *end;
	unsigned long long n;
	size_t len = min_t(size_t, s->width, sizeof(digits) - 1);

	if (minus) {
		str++;
		len--;
	}
	len = strnlen(str, len);
	memcpy(digits, str, len);
	digits[len] = '\0';
	n = simple_strtoull(digits, &end, base);
	if (end == digits)
		return NULL;
	if (s->store)
		store_integer(a, s->qualifier, minus ? -n : n);
	return str + (end - digits);
}

/* %s and %[: the characters of str that `wanted` says. */
static const char *scan_chars(const char *str, const unsigned long *wanted,
			      const struct scan *s, struct args *a)
{
	char *to = s->store ? va_arg(a->list, char *) : NULL;
	int n;

	for (n = 0; n < s->width && str[n] && test_bit((unsigned char)str[n], wanted); n++)
		if (to)
			to[n] = str[n];
	if (to)
		to[n] = '\0';
	return n ? str + n : NULL;
}

static const char *scan_word(const char *str, const struct scan *s, struct args *a)
{
	DECLARE_BITMAP(wanted, 256);
	int c;

	for (c = 0; c < 256; c++)
		__assign_bit(c, wanted, !isspace(c));
	return scan_chars(skip_spaces(str), wanted, s, a);
}

/* The set behind %[: each character for itself, so a-c is these three. Return: behind the ], or NULL. */
static const char *parse_set(const char *f, unsigned long *wanted)
{
	bool invert = *f == '^';

	for (int c = 0; c < 256; c++)
		__assign_bit(c, wanted, invert);
	if (invert)
		f++;
	do {
		if (!*f)
			return NULL;
		__assign_bit((unsigned char)*f, wanted, !invert);
	} while (*++f != ']');
	return f + 1;
}

static const char *scan_raw(const char *str, const struct scan *s, struct args *a)
{
	char *to = s->store ? va_arg(a->list, char *) : NULL;
	int n = s->width == INT_MAX ? 1 : s->width;

	for (; n > 0 && *str; n--, str++)
		if (to)
			*to++ = *str;
	return n ? NULL : str;
}

/* One conversion but %n and %%. Return: the string behind what was read, or NULL. */
static const char *scan_one(const char *str, const char **f, const struct scan *s,
			    struct args *a)
{
	DECLARE_BITMAP(wanted, 256);
	char conv = *(*f)++;

	switch (conv) {
	case 'c':
		return scan_raw(str, s, a);
	case 's':
		return scan_word(str, s, a);
	case '[':
		*f = parse_set(*f, wanted);
		return *f ? scan_chars(str, wanted, s, a) : NULL;
	case 'd':
	case 'i':
	case 'u':
	case 'x':
	case 'X':
	case 'o':
		return scan_integer(skip_spaces(str), conv, s, a);
	default:
		return NULL;
	}
}

int vsscanf(const char *buf, const char *fmt, va_list args)
{
	const char *str = buf;
	struct args a;
	struct scan s;
	int count = 0;

	va_copy(a.list, args);
	while (*fmt) {
		if (isspace(*fmt)) {
			fmt = skip_spaces(fmt);
			str = skip_spaces(str);
			continue;
		}
		if (*fmt != '%' || fmt[1] == '%') {
			fmt += *fmt == '%';
			if (*fmt++ != *str++)
				break;
			continue;
		}
		fmt = parse_scan(fmt + 1, &s);
		if (*fmt == 'n') {
			fmt++;
			if (s.store)
				store_integer(&a, s.qualifier, str - buf);
			continue;
		}
		str = *str ? scan_one(str, &fmt, &s, &a) : NULL;
		if (!str)
			break;
		count += s.store;
	}
	va_end(a.list);
	return count;
}
EXPORT_SYMBOL(vsscanf);

int sscanf(const char *buf, const char *fmt, ...)
{
	va_list args;
	int count;

	va_start(args, fmt);
	count = vsscanf(buf, fmt, args);
	va_end(args);
	return count;
}
EXPORT_SYMBOL(sscanf);
