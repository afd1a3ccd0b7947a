/* SPDX-License-Identifier: MIT */
/*
 * Formatting. Everything goes through struct out, which counts on when the
 * buffer is full: so the length of the whole text is always known, and no
 * conversion has to think about the end. The %p family: vsprintf_pointer.c.
 */
#include "vsprintf.h"
#include <linux/sprintf.h>
#include <linux/ctype.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/hex.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/string.h>

static void put_fill(struct out *o, char c, int n)
{
	if (n <= 0)
		return;
	if (o->len < o->size)
		memset(o->buf + o->len, c, min((size_t)n, o->size - o->len));
	o->len += n;
}

/* Bring what was put since `start` to the width asked for. */
void fmt_pad(struct out *o, size_t start, const struct spec *s)
{
	int n = s->width - (int)(o->len - start);
	size_t end;

	if (n <= 0)
		return;
	if (s->flags & LEFT) {
		put_fill(o, ' ', n);
		return;
	}
	end = min(o->len + n, o->size);
	if (end > start + n)
		memmove(o->buf + start + n, o->buf + start, end - start - n);
	if (end > start)
		memset(o->buf + start, ' ', min((size_t)n, end - start));
	o->len += n;
}

/* Digits of num written before `end`. Return: the first. */
static char *digits_before(char *end, unsigned long long num, const struct spec *s)
{
	if (s->base == 10) {
		do {
			unsigned long long tenth = num / 10;

			*--end = '0' + (num - tenth * 10);
			num = tenth;
		} while (num);
	} else {
		int shift = s->base == 16 ? 4 : 3;

		do {
			*--end = hex_asc_upper[num & (s->base - 1)] | (s->flags & SMALL);
			num >>= shift;
		} while (num);
	}
	return end;
}

/* The sign to print; makes *num the absolute value. */
static char take_sign(unsigned long long *num, const struct spec *s)
{
	if (!(s->flags & SIGN))
		return 0;
	if ((long long)*num < 0) {
		*num = -*num;
		return '-';
	}
	return s->flags & PLUS ? '+' : (s->flags & SPACE ? ' ' : 0);
}

/* As Linux: # gives 0x also before zero, and 0 pads in spite of a precision. */
static noinline void put_wide_number(struct out *o, unsigned long long num,
				     const struct spec *s)
{
	char tmp[24], *end = tmp + sizeof(tmp), *digits;
	bool prefix = (s->flags & SPECIAL) && s->base != 10 && (num || s->base == 16);
	char sign = take_sign(&num, s);
	int ndigits, zeros, pad;

	digits = digits_before(end, num, s);
	ndigits = end - digits;
	zeros = max(s->precision - ndigits, 0);
	pad = s->width - ndigits - zeros - (sign != 0);
	if (prefix)
		pad -= s->base == 16 ? 2 : 1;

	if (!(s->flags & (ZEROPAD | LEFT)))
		put_fill(o, ' ', pad);
	if (sign)
		fmt_char(o, sign);
	if (prefix) {
		fmt_char(o, '0');
		if (s->base == 16)
			fmt_char(o, 'X' | (s->flags & SMALL));
	}
	if ((s->flags & (ZEROPAD | LEFT)) == ZEROPAD)
		put_fill(o, '0', pad);
	put_fill(o, '0', zeros);
	fmt_bytes(o, digits, ndigits);
	if (s->flags & LEFT)
		put_fill(o, ' ', pad);
}

void fmt_number(struct out *o, unsigned long long num, const struct spec *s)
{
	char tmp[24], *end = tmp + sizeof(tmp), *digits;
	char sign;

	if (s->width >= 0 || s->precision >= 0 || (s->flags & SPECIAL)) {
		put_wide_number(o, num, s);
		return;
	}
	sign = take_sign(&num, s);
	digits = digits_before(end, num, s);
	if (sign)
		*--digits = sign;
	fmt_bytes(o, digits, end - digits);
}

/* A pointer that can't be followed is named, not followed. */
const char *fmt_bad_pointer(const void *ptr)
{
	if (!ptr)
		return "(null)";
	if ((unsigned long)ptr < 4096 || IS_ERR(ptr))
		return "(efault)";
	return NULL;
}

void fmt_string(struct out *o, const char *str, const struct spec *s)
{
	const char *bad = fmt_bad_pointer(str);
	int len;

	str = bad ? bad : str;
	if (s->width < 0 && s->precision < 0) {
		fmt_bytes(o, str, strlen(str));
		return;
	}
	len = s->precision < 0 ? strlen(str) : strnlen(str, s->precision);
	if (!(s->flags & LEFT))
		put_fill(o, ' ', s->width - len);
	fmt_bytes(o, str, len);
	if (s->flags & LEFT)
		put_fill(o, ' ', s->width - len);
}

/* A va_list that functions can share. */
struct args {
	va_list list;
};

/* The next argument as this conversion wants it. */
static unsigned long long take_integer(struct args *a, const struct spec *s)
{
	bool is_signed = s->flags & SIGN;
	unsigned int n;

	if (s->qualifier && s->qualifier != 'h' && s->qualifier != 'H')
		return va_arg(a->list, unsigned long long);
	n = va_arg(a->list, unsigned int);
	if (!s->qualifier)
		return is_signed ? (unsigned long long)(int)n : n;
	if (s->qualifier == 'h')
		return is_signed ? (unsigned long long)(short)n : (unsigned short)n;
	return is_signed ? (unsigned long long)(signed char)n : (unsigned char)n;
}

static const char *parse_flags(const char *f, struct spec *s)
{
	for (;; f++) {
		switch (*f) {
		case '-': s->flags |= LEFT; break;
		case '+': s->flags |= PLUS; break;
		case ' ': s->flags |= SPACE; break;
		case '#': s->flags |= SPECIAL; break;
		case '0': s->flags |= ZEROPAD; break;
		default: return f;
		}
	}
}

/* Digits, or * for an argument. */
static const char *parse_count(const char *f, int *n, struct args *a)
{
	if (*f == '*') {
		*n = va_arg(a->list, int);
		return f + 1;
	}
	for (*n = 0; isdigit(*f); f++)
		*n = min(*n * 10 + (*f - '0'), 1 << 20);
	return f;
}

static const char *parse_qualifier(const char *f, struct spec *s)
{
	switch (*f) {
	case 'h':
	case 'l':
		s->qualifier = *f++;
		if (*f == s->qualifier)
			s->qualifier = *f++ - 'a' + 'A';
		return f;
	case 'z':
	case 't':
	case 'L':
		s->qualifier = *f++;
		return f;
	default:
		return f;
	}
}

/* Everything between % and the letter of the conversion. Return: that letter. */
static const char *parse_spec(const char *f, struct spec *s, struct args *a)
{
	*s = (struct spec){ 0, 10, 0, -1, -1 };
	if (!isalpha(*f)) {
		f = parse_flags(f, s);
		if (isdigit(*f) || *f == '*')
			f = parse_count(f, &s->width, a);
		if (s->width < -1) {
			s->width = -s->width;
			s->flags |= LEFT;
		}
		if (*f == '.') {
			f = parse_count(f + 1, &s->precision, a);
			s->precision = max(s->precision, 0);
		}
	}
	return parse_qualifier(f, s);
}

static void put_char_field(struct out *o, char c, const struct spec *s)
{
	size_t start = o->len;

	fmt_char(o, c);
	fmt_pad(o, start, s);
}

/* One conversion, f at its letter. Return: the format behind, or NULL if f is no conversion. */
static const char *convert(struct out *o, const char *f, struct spec *s, struct args *a)
{
	switch (*f) {
	case 'd':
	case 'i':
		s->flags |= SIGN;
		fallthrough;
	case 'u':
		break;
	case 'x':
		s->flags |= SMALL;
		fallthrough;
	case 'X':
		s->base = 16;
		break;
	case 'o':
		s->base = 8;
		break;
	case 's':
		fmt_string(o, va_arg(a->list, const char *), s);
		return f + 1;
	case 'c':
		put_char_field(o, va_arg(a->list, int), s);
		return f + 1;
	case 'p':
		fmt_pointer(o, va_arg(a->list, void *), f + 1, s);
		while (isalnum(*++f))
			;
		return f;
	case '%':
		fmt_char(o, '%');
		return f + 1;
	default:
		return NULL;
	}
	fmt_number(o, take_integer(a, s), s);
	return f + 1;
}

int vsnprintf(char *buf, size_t size, const char *fmt, va_list args)
{
	struct out o = { buf, size, 0 };
	struct args a;
	struct spec s;

	if (size > INT_MAX)
		return 0;
	va_copy(a.list, args);
	for (;;) {
		const char *run = fmt, *next;

		while (*fmt && *fmt != '%')
			fmt++;
		if (fmt == run + 1)
			fmt_char(&o, *run);
		else if (fmt != run)
			fmt_bytes(&o, run, fmt - run);
		if (!*fmt)
			break;
		next = convert(&o, parse_spec(fmt + 1, &s, &a), &s, &a);
		if (!next) {
			/* The arguments are out of step now: show the rest as it stands. */
			fmt_bytes(&o, fmt, strlen(fmt));
			break;
		}
		fmt = next;
	}
	va_end(a.list);
	if (size)
		buf[min(o.len, size - 1)] = '\0';
	return o.len;
}
EXPORT_SYMBOL(vsnprintf);

int vscnprintf(char *buf, size_t size, const char *fmt, va_list args)
{
	int len = vsnprintf(buf, size, fmt, args);

	if (len < (int)size)
		return len;
	return size ? size - 1 : 0;
}
EXPORT_SYMBOL(vscnprintf);

int snprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(buf, size, fmt, args);
	va_end(args);
	return len;
}
EXPORT_SYMBOL(snprintf);

int scnprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vscnprintf(buf, size, fmt, args);
	va_end(args);
	return len;
}
EXPORT_SYMBOL(scnprintf);

int vsprintf(char *buf, const char *fmt, va_list args)
{
	return vsnprintf(buf, INT_MAX, fmt, args);
}
EXPORT_SYMBOL(vsprintf);

int sprintf(char *buf, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(buf, INT_MAX, fmt, args);
	va_end(args);
	return len;
}
EXPORT_SYMBOL(sprintf);
