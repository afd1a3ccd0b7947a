/* SPDX-License-Identifier: MIT */
/* Hexadecimal digits, and a line of a memory dump. */
#include <linux/hex.h>
#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/minmax.h>
#include <linux/printk.h>
#include <linux/sprintf.h>
#include <linux/string.h>

const char hex_asc[] = "0123456789abcdef";
EXPORT_SYMBOL(hex_asc);
const char hex_asc_upper[] = "0123456789ABCDEF";
EXPORT_SYMBOL(hex_asc_upper);

int hex_to_bin(unsigned char ch)
{
	if (isdigit(ch))
		return ch - '0';
	if (isxdigit(ch))
		return _tolower(ch) - 'a' + 10;
	return -1;
}
EXPORT_SYMBOL(hex_to_bin);

int hex2bin(u8 *dst, const char *src, size_t count)
{
	for (; count; count--, src += 2) {
		int hi = hex_to_bin(src[0]);
		int lo = hi < 0 ? -1 : hex_to_bin(src[1]);

		if (lo < 0)
			return -EINVAL;
		*dst++ = hi << 4 | lo;
	}
	return 0;
}
EXPORT_SYMBOL(hex2bin);

char *bin2hex(char *dst, const void *src, size_t count)
{
	const u8 *p = src;

	while (count--)
		dst = hex_byte_pack(dst, *p++);
	return dst;
}
EXPORT_SYMBOL(bin2hex);

/* A number of size bytes, however it is aligned. */
static unsigned long long load_group(const u8 *p, int size)
{
	unsigned long long n = 0;

	memcpy(&n, p, size);
	return n;
}

/* Text into linebuf at *len, which counts on even when the room has ended. */
static void append(char *linebuf, size_t linebuflen, int *len, const char *text)
{
	size_t at = min_t(size_t, *len, linebuflen);

	*len += snprintf(linebuf + at, linebuflen - at, "%s", text);
}

int hex_dump_to_buffer(const void *buf, size_t len, int rowsize, int groupsize,
		       char *linebuf, size_t linebuflen, bool ascii)
{
	const u8 *p = buf;
	char text[24];
	int out = 0, ascii_column, i;

	if (rowsize != 16 && rowsize != 32)
		rowsize = 16;
	len = min_t(size_t, len, rowsize);
	if (groupsize <= 0 || groupsize > 8 || (groupsize & (groupsize - 1)) ||
	    len % groupsize)
		groupsize = 1;
	ascii_column = rowsize * 2 + rowsize / groupsize + 1;

	if (linebuflen)
		linebuf[0] = '\0';
	for (i = 0; i < (int)len; i += groupsize) {
		snprintf(text, sizeof(text), "%s%0*llx", i ? " " : "", groupsize * 2,
			 load_group(p + i, groupsize));
		append(linebuf, linebuflen, &out, text);
	}
	if (!ascii || !len)
		return out;
	while (out < ascii_column)
		append(linebuf, linebuflen, &out, " ");
	for (i = 0; i < (int)len; i++) {
		text[0] = isascii(p[i]) && isprint(p[i]) ? p[i] : '.';
		text[1] = '\0';
		append(linebuf, linebuflen, &out, text);
	}
	return out;
}
EXPORT_SYMBOL(hex_dump_to_buffer);
