/* SPDX-License-Identifier: MIT */
/*
 * What the two halves of vsprintf share: one conversion, the buffer it goes to,
 * and the plain conversions that the pointers are made of.
 */
#pragma once

#include <linux/string.h>
#include <linux/types.h>

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

static inline void fmt_char(struct out *o, char c)
{
	if (o->len < o->size)
		o->buf[o->len] = c;
	o->len++;
}

static __always_inline void fmt_bytes(struct out *o, const char *s, size_t n)
{
	if (o->len + n <= o->size)
		memcpy(o->buf + o->len, s, n);
	else if (o->len < o->size)
		memcpy(o->buf + o->len, s, o->size - o->len);
	o->len += n;
}

/* A number; a string, of at most s->precision characters. */
void fmt_number(struct out *o, unsigned long long num, const struct spec *s);
void fmt_string(struct out *o, const char *str, const struct spec *s);

/* Bring what was put since `start` to the width asked for. */
void fmt_pad(struct out *o, size_t start, const struct spec *s);

/* What to print instead of following ptr, or NULL if ptr may be followed. */
const char *fmt_bad_pointer(const void *ptr);

/* %p; ext is the format behind the p. In vsprintf_pointer.c. */
void fmt_pointer(struct out *o, const void *ptr, const char *ext, const struct spec *s);
