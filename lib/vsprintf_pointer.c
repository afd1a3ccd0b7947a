/* SPDX-License-Identifier: MIT */
/*
 * The %p family: addresses hashed or plain, symbols, errors, and what lies
 * where the pointer points. <linux/sprintf.h> lists them.
 */
#include "vsprintf.h"
#include <linux/sprintf.h>
#include <linux/bitmap.h>
#include <linux/ctype.h>
#include <linux/err.h>
#include <linux/errname.h>
#include <linux/hex.h>
#include <linux/minmax.h>
#include <linux/siphash.h>
#include <linux/string.h>

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
static __always_inline void put_address(struct out *o, unsigned long addr, const struct spec *s)
{
	struct spec n = *s;

	if (n.width < 0 && !n.flags) {
		u64 digits[2] = { eight_digits(addr >> 32), eight_digits(addr) };

		fmt_bytes(o, (const char *)digits, sizeof(digits));
		return;
	}
	n.base = 16;
	n.flags |= SMALL;
	if (n.width < 0) {
		n.width = 2 * sizeof(void *);
		n.flags |= ZEROPAD;
	}
	fmt_number(o, addr, &n);
}

/* Before there is a key. */
static void put_placeholder(struct out *o, const struct spec *s)
{
	struct spec n = *s;

	n.width = max(n.width, 16);
	fmt_string(o, "(____ptrval____)", &n);
}

/* %p: NULL and error pointers tell nothing about the layout and are shown. */
static void put_hashed(struct out *o, const void *ptr, const struct spec *s)
{
	unsigned long addr = (unsigned long)ptr;

	if (no_hash_pointers || IS_ERR_OR_NULL(ptr))
		put_address(o, addr, s);
	else if (ptr_key_set)
		put_address(o, hsiphash_2u32(addr, addr >> 32, &ptr_key), s);
	else
		put_placeholder(o, s);
}

static void put_hex(struct out *o, unsigned long n)
{
	const struct spec plain = { SPECIAL | SMALL, 16, 0, -1, -1 };

	fmt_number(o, n, &plain);
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
		fmt_bytes(o, name, strlen(name));
		if (*ext != 's') {
			fmt_char(o, '+');
			put_hex(o, offset + back);
			fmt_char(o, '/');
			put_hex(o, size);
		}
		if (module) {
			fmt_bytes(o, " [", 2);
			fmt_bytes(o, module, strlen(module));
			fmt_char(o, ']');
		}
	}
	fmt_pad(o, start, s);
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
		fmt_string(o, name, s);
		return;
	}
	n.base = 10;
	n.flags |= SIGN;
	fmt_number(o, PTR_ERR(ptr), &n);
}

/* %*ph, with C, D or N behind: the width is the number of bytes, at most 64. */
static void put_hex_bytes(struct out *o, const unsigned char *p, char how,
			     const struct spec *s)
{
	char separator = how == 'C' ? ':' : how == 'D' ? '-' : how == 'N' ? 0 : ' ';
	int i, len = s->width < 0 ? 1 : min(s->width, 64);

	for (i = 0; i < len; i++) {
		if (i && separator)
			fmt_char(o, separator);
		fmt_char(o, hex_asc_hi(p[i]));
		fmt_char(o, hex_asc_lo(p[i]));
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
			fmt_char(o, ',');
		n.width = (bits + 3) / 4;
		fmt_number(o, word & GENMASK(bits - 1, 0), &n);
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
			fmt_char(o, ',');
		first = false;
		fmt_number(o, begin, &n);
		if (end > begin + 1) {
			fmt_char(o, '-');
			fmt_number(o, end - 1, &n);
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
			fmt_char(o, '-');
		fmt_char(o, digits[byte >> 4]);
		fmt_char(o, digits[byte & 15]);
	}
	fmt_pad(o, start, s);
}

/* %pM aa:bb:.., %pMF aa-bb-.., %pMR the last byte first, %pm aabb.., %pI4 1.2.3.4, %pi4 001.002.003.004 */
static void put_net(struct out *o, const unsigned char *p, const char *ext, const struct spec *s)
{
	char how = *ext;
	struct spec n = { ZEROPAD, 10, 0, how == 'i' ? 3 : -1, -1 };
	size_t start = o->len;
	int i;

	if (_tolower(how) == 'm') {
		unsigned char turned[6];

		for (i = 0; i < 6; i++)
			turned[i] = p[ext[1] == 'R' ? 5 - i : i];
		n.width = 6;
		put_hex_bytes(o, turned, how == 'm' ? 'N' : ext[1] == 'F' ? 'D' : 'C', &n);
	} else {
		for (i = 0; i < 4; i++) {
			if (i)
				fmt_char(o, '.');
			fmt_number(o, p[i], &n);
		}
	}
	fmt_pad(o, start, s);
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
	const char *bad = fmt_bad_pointer(ptr);
	struct spec n = *s;

	if (bad) {
		n.precision = -1;
		if (*ext == 'h' || *ext == 'b')
			n.width = -1;	/* it was a length */
		fmt_string(o, bad, &n);
		return;
	}
	switch (*ext) {
	case 'h':
		put_hex_bytes(o, ptr, ext[1], s);
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
		fmt_number(o, *(const phys_addr_t *)ptr, &n);
		break;
	default:
		put_net(o, ptr, ext, s);
	}
}

void fmt_pointer(struct out *o, const void *ptr, const char *ext,
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
