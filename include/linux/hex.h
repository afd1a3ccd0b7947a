/* SPDX-License-Identifier: MIT */
/* Hexadecimal digits. Dumps: hex_dump_to_buffer() and print_hex_dump() of <linux/printk.h>. */
#pragma once

#include <linux/types.h>

extern const char hex_asc[];
extern const char hex_asc_upper[];

#define hex_asc_lo(x)		hex_asc[((x) & 0x0f)]
#define hex_asc_hi(x)		hex_asc[((x) & 0xf0) >> 4]
#define hex_asc_upper_lo(x)	hex_asc_upper[((x) & 0x0f)]
#define hex_asc_upper_hi(x)	hex_asc_upper[((x) & 0xf0) >> 4]

/* Two digits at buf, no zero behind them. Return: the place behind. */
static inline char *hex_byte_pack(char *buf, u8 byte)
{
	*buf++ = hex_asc_hi(byte);
	*buf++ = hex_asc_lo(byte);
	return buf;
}

static inline char *hex_byte_pack_upper(char *buf, u8 byte)
{
	*buf++ = hex_asc_upper_hi(byte);
	*buf++ = hex_asc_upper_lo(byte);
	return buf;
}

/* The value of a hex digit, or -1. Context: any. */
int hex_to_bin(unsigned char ch);

/* count bytes from 2 * count digits. Return: 0, or -EINVAL. */
int hex2bin(u8 *dst, const char *src, size_t count);

/* 2 * count digits from count bytes. Return: the place behind them. */
char *bin2hex(char *dst, const void *src, size_t count);
