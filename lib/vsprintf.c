/* SPDX-License-Identifier: MIT */
/*
 * Formatting. Everything goes through struct out, which counts on when the
 * buffer is full: so the length of the whole text is always known, and no
 * conversion has to think about the end. The %p family is in the second half.
 */
#include <linux/sprintf.h>
#include <linux/bitmap.h>
#include <linux/ctype.h>
#include <linux/err.h>
#include <linux/errname.h>
#include <linux/export.h>
#include <linux/hex.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/siphash.h>
#include <linux/string.h>

#define LEFT	0x01	/* - */
#define PLUS	0x02	/* + */
#define SPACE	0x04
#define SPECIAL	0x08	/* # */
#define ZEROPAD	0x10	/* 0 */
#define SMALL	0x20	/* digits a-f; the value makes an upper case letter lower */
#define SIGN	0x40

/* One conversion: the part of the format from % to its letter. */
struct spec {
	unsigned char flags;
	unsigned char base;
	char qualifier;		/* h l z t, H for hh, L for ll; 0 for int */
	int width;		/* -1: none */
	int precision;		/* -1: none */
};

struct out {
	char *buf;
	size_t size;		/* room, the ending zero included */
	size_t len;		/* of the whole text so far */
};

/* A va_list that functions can share. */
struct args {
	va_list list;
};

static inline void put_char(struct out *o, char c)
{
	if (o->len < o->size)
		o->buf[o->len] = c;
	o->len++;
}

static void put_bytes(struct out *o, const char *s, size_t n)
{
	if (o->len + n <= o->size)
		memcpy(o->buf + o->len, s, n);
	else if (o->len < o->size)
		memcpy(o->buf + o->len, s, o->size - o->len);
	o->len += n;
}

static void put_fill(struct out *o, char c, int n)
{
	if (n <= 0)
		return;
	if (o->len < o->size)
		memset(o->buf + o->len, c, min((size_t)n, o->size - o->len));
	o->len += n;
}

/* Bring what was put since `start` to the width asked for. */
static void pad_field(struct out *o, size_t start, const struct spec *s)
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
		put_char(o, sign);
	if (prefix) {
		put_char(o, '0');
		if (s->base == 16)
			put_char(o, 'X' | (s->flags & SMALL));
	}
	if ((s->flags & (ZEROPAD | LEFT)) == ZEROPAD)
		put_fill(o, '0', pad);
	put_fill(o, '0', zeros);
	put_bytes(o, digits, ndigits);
	if (s->flags & LEFT)
		put_fill(o, ' ', pad);
}

static void put_number(struct out *o, unsigned long long num, const struct spec *s)
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
	put_bytes(o, digits, end - digits);
}

/* A pointer that can't be followed is named, not followed. */
static const char *bad_pointer(const void *ptr)
{
	if (!ptr)
		return "(null)";
	if ((unsigned long)ptr < 4096 || IS_ERR(ptr))
		return "(efault)";
	return NULL;
}

static void put_string(struct out *o, const char *str, const struct spec *s)
{
	const char *bad = bad_pointer(str);
	int len;

	str = bad ? bad : str;
	len = s->precision < 0 ? strlen(str) : strnlen(str, s->precision);
	if (!(s->flags & LEFT))
		put_fill(o, ' ', s->width - len);
	put_bytes(o, str, len);
	if (s->flags & LEFT)
		put_fill(o, ' ', s->width - len);
}

/* The next argument as this conversion wants it. */
static unsigned long long take_integer(struct args *a, const struct spec *s)
{
	bool is_signed = s->flags & SIGN;
	unsigned int n;

	if (s->qualifier == 'l' || s->qualifier == 'z' || s->qualifier == 't' ||
	    s->qualifier == 'L')
		return va_arg(a->list, unsigned long long);
	n = va_arg(a->list, unsigned int);
	if (s->qualifier == 'h')
		return is_signed ? (unsigned long long)(short)n : (unsigned short)n;
	if (s->qualifier == 'H')
		return is_signed ? (unsigned long long)(signed char)n : (unsigned char)n;
	return is_signed ? (unsigned long long)(int)n : n;
}

/* Unregistered, these make %pS a number and %p a placeholder. */
static symbol_lookup_t symbol_lookup;
static hsiphash_key_t ptr_key;
static bool ptr_key_set;
static bool no_hash_pointers;

void vsprintf_set_symbol_lookup(symbol_lookup_t lookup)
{
	symbol_lookup = lookup;
}

void vsprintf_set_ptr_key(const u64 key[2])
{
	ptr_key.key[0] = key[0];
	ptr_key.key[1] = key[1];
	ptr_key_set = true;
}

void vsprintf_set_no_hash(bool plain)
{
	no_hash_pointers = plain;
}

/* Eight hex digits at once: a nibble to each byte, then what makes it a character. */
static u64 eight_digits(u32 n)
{
	u64 x = n, letters;

	x = (x | x << 16) & 0x0000ffff0000ffffull;
	x = (x | x << 8) & 0x00ff00ff00ff00ffull;
	x = (x | x << 4) & 0x0f0f0f0f0f0f0f0full;
	letters = ((x + 0x0606060606060606ull) >> 4) & 0x0101010101010101ull;
	return __builtin_bswap64(x + 0x3030303030303030ull + letters * ('a' - '0' - 10));
}

/* %px, and what shows a hash: all digits, zeros in front. */
static void put_address(struct out *o, unsigned long addr, const struct spec *s)
{
	struct spec n = *s;

	if (n.width < 0 && !n.flags) {
		u64 digits[2] = { eight_digits(addr >> 32), eight_digits(addr) };

		put_bytes(o, (const char *)digits, sizeof(digits));
		return;
	}
	n.base = 16;
	n.flags |= SMALL;
	if (n.width < 0) {
		n.width = 2 * sizeof(void *);
		n.flags |= ZEROPAD;
	}
	put_number(o, addr, &n);
}

/* %p: NULL and error pointers tell nothing about the layout and are shown. */
static void put_hashed(struct out *o, const void *ptr, const struct spec *s)
{
	struct spec n = *s;
	u32 lower = (unsigned long)ptr, upper = (unsigned long)ptr >> 32;

	if (no_hash_pointers || IS_ERR_OR_NULL(ptr)) {
		put_address(o, (unsigned long)ptr, s);
	} else if (ptr_key_set) {
		put_address(o, hsiphash_2u32(lower, upper, &ptr_key), s);
	} else {
		n.width = max(n.width, 16);
		put_string(o, "(____ptrval____)", &n);
	}
}

static void put_hex(struct out *o, unsigned long n)
{
	const struct spec plain = { SPECIAL | SMALL, 16, 0, -1, -1 };

	put_number(o, n, &plain);
}

/* %ps the name, %pS with offset and size; %pB of the call before a return address. */
static void put_symbol(struct out *o, unsigned long addr, const char *ext,
		       const struct spec *s)
{
	char namebuf[VSPRINTF_SYMBOL_LEN];
	unsigned long size = 0, offset = 0, back = *ext == 'B';
	char *module = NULL;
	const char *name = NULL;
	size_t start = o->len;

	if (symbol_lookup)
		name = symbol_lookup(addr - back, &size, &offset, &module, namebuf);
	if (!name) {
		put_hex(o, addr);
	} else {
		put_bytes(o, name, strlen(name));
		if (*ext != 's') {
			put_char(o, '+');
			put_hex(o, offset + back);
			put_char(o, '/');
			put_hex(o, size);
		}
		if (module) {
			put_bytes(o, " [", 2);
			put_bytes(o, module, strlen(module));
			put_char(o, ']');
		}
	}
	pad_field(o, start, s);
}

/* %pe: the name of the error; a good pointer as %p. */
static void put_error(struct out *o, const void *ptr, const struct spec *s)
{
	struct spec n = *s;
	const char *name;

	if (!IS_ERR(ptr)) {
		put_hashed(o, ptr, s);
		return;
	}
	name = errname(PTR_ERR(ptr));
	if (name) {
		put_string(o, name, s);
		return;
	}
	n.base = 10;
	n.flags |= SIGN;
	put_number(o, PTR_ERR(ptr), &n);
}

/* %*ph, with C, D or N behind: the width is the number of bytes, at most 64. */
static void put_bytes_in_hex(struct out *o, const unsigned char *p, char how,
			     const struct spec *s)
{
	char separator = how == 'C' ? ':' : how == 'D' ? '-' : how == 'N' ? 0 : ' ';
	int i, len = s->width < 0 ? 1 : min(s->width, 64);

	for (i = 0; i < len; i++) {
		if (i && separator)
			put_char(o, separator);
		put_char(o, hex_asc_hi(p[i]));
		put_char(o, hex_asc_lo(p[i]));
	}
}

/* %*pb: groups of 32 bits, the highest first and only as wide as needed. */
static void put_bitmap(struct out *o, const unsigned long *map, int nbits)
{
	struct spec n = { ZEROPAD | SMALL, 16, 0, 0, -1 };
	int first = (nbits - 1) / 32 * 32;
	int at;

	if (nbits <= 0)
		return;
	for (at = first; at >= 0; at -= 32) {
		int bits = at == first ? nbits - first : 32;
		unsigned long word = (u32)(map[BIT_WORD(at)] >> (at % BITS_PER_LONG));

		if (at != first)
			put_char(o, ',');
		n.width = (bits + 3) / 4;
		put_number(o, word & GENMASK(bits - 1, 0), &n);
	}
}

/* %*pbl: 0-3,7 */
static void put_bitmap_list(struct out *o, const unsigned long *map, int nbits)
{
	const struct spec n = { 0, 10, 0, -1, -1 };
	unsigned long begin, end;
	bool first = true;

	for_each_set_bitrange(begin, end, map, (unsigned long)nbits) {
		if (!first)
			put_char(o, ',');
		first = false;
		put_number(o, begin, &n);
		if (end > begin + 1) {
			put_char(o, '-');
			put_number(o, end - 1, &n);
		}
	}
}

/* %pUb %pUB big-endian, %pUl %pUL little-endian; a capital for capitals. */
static void put_uuid(struct out *o, const unsigned char *p, char how, const struct spec *s)
{
	static const unsigned char little[16] = {
		3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15
	};
	const char *digits = how == 'B' || how == 'L' ? hex_asc_upper : hex_asc;
	size_t start = o->len;
	int i;

	for (i = 0; i < 16; i++) {
		unsigned char byte = p[_tolower(how) == 'l' ? little[i] : i];

		if (i == 4 || i == 6 || i == 8 || i == 10)
			put_char(o, '-');
		put_char(o, digits[byte >> 4]);
		put_char(o, digits[byte & 15]);
	}
	pad_field(o, start, s);
}

/* %pM aa:bb:.., %pm aabb.., %pI4 1.2.3.4, %pi4 001.002.003.004 */
static void put_net(struct out *o, const unsigned char *p, char how, const struct spec *s)
{
	struct spec n = { ZEROPAD, 10, 0, how == 'i' ? 3 : -1, -1 };
	size_t start = o->len;
	int i;

	if (_tolower(how) == 'm') {
		n.width = 6;
		put_bytes_in_hex(o, p, how == 'M' ? 'C' : 'N', &n);
	} else {
		for (i = 0; i < 4; i++) {
			if (i)
				put_char(o, '.');
			put_number(o, p[i], &n);
		}
	}
	pad_field(o, start, s);
}

static void put_va_format(struct out *o, const struct va_format *vaf)
{
	size_t at = min(o->len, o->size);
	va_list copy;

	va_copy(copy, *vaf->va);
	o->len += vsnprintf(o->buf ? o->buf + at : NULL, o->size - at, vaf->fmt, copy);
	va_end(copy);
}

/* The extensions that follow the pointer. */
static void put_pointee(struct out *o, const void *ptr, const char *ext,
			const struct spec *s)
{
	const char *bad = bad_pointer(ptr);
	struct spec n = *s;

	if (bad) {
		n.precision = -1;
		if (*ext == 'h' || *ext == 'b')
			n.width = -1;	/* it was a length */
		put_string(o, bad, &n);
		return;
	}
	switch (*ext) {
	case 'h':
		put_bytes_in_hex(o, ptr, ext[1], s);
		break;
	case 'b':
		if (ext[1] == 'l')
			put_bitmap_list(o, ptr, max(s->width, 0));
		else
			put_bitmap(o, ptr, max(s->width, 0));
		break;
	case 'U':
		put_uuid(o, ptr, ext[1], s);
		break;
	case 'V':
		put_va_format(o, ptr);
		break;
	case 'a':
		n.base = 16;
		n.width = 18;
		n.flags |= SPECIAL | SMALL | ZEROPAD;
		put_number(o, *(const phys_addr_t *)ptr, &n);
		break;
	default:
		put_net(o, ptr, *ext, s);
	}
}

static void put_pointer(struct out *o, const void *ptr, const char *ext,
			const struct spec *s)
{
	switch (*ext) {
	case 'x':
		put_address(o, (unsigned long)ptr, s);
		break;
	case 'S':
	case 's':
	case 'B':
		put_symbol(o, (unsigned long)ptr, ext, s);
		break;
	case 'e':
		put_error(o, ptr, s);
		break;
	case 'I':
	case 'i':
		if (ext[1] != '4') {
			put_hashed(o, ptr, s);
			break;
		}
		fallthrough;
	case 'h':
	case 'b':
	case 'U':
	case 'V':
	case 'a':
	case 'M':
	case 'm':
		put_pointee(o, ptr, ext, s);
		break;
	default:
		put_hashed(o, ptr, s);
	}
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

	put_char(o, c);
	pad_field(o, start, s);
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
		put_string(o, va_arg(a->list, const char *), s);
		return f + 1;
	case 'c':
		put_char_field(o, va_arg(a->list, int), s);
		return f + 1;
	case 'p':
		put_pointer(o, va_arg(a->list, void *), f + 1, s);
		while (isalnum(*++f))
			;
		return f;
	case '%':
		put_char(o, '%');
		return f + 1;
	default:
		return NULL;
	}
	put_number(o, take_integer(a, s), s);
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
	while (*fmt) {
		const char *run = fmt, *next;

		if (*fmt != '%') {
			while (*fmt && *fmt != '%')
				fmt++;
			if (fmt == run + 1)
				put_char(&o, *run);
			else
				put_bytes(&o, run, fmt - run);
			continue;
		}
		next = convert(&o, parse_spec(fmt + 1, &s, &a), &s, &a);
		if (!next) {
			/* The arguments are out of step now: show the rest as it stands. */
			put_bytes(&o, run, strlen(run));
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
