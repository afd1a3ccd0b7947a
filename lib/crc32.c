/* SPDX-License-Identifier: MIT */
/* CRC-32, bit by bit: the remainder of a division of polynomials, where subtracting is xor. */
#include <linux/crc32.h>
#include <linux/export.h>

#define POLY_LE		0xedb88320
#define POLY_BE		0x04c11db7
#define POLY_CASTAGNOLI	0x82f63b78

static u32 step_le(u32 crc, u32 poly)
{
	for (int bit = 0; bit < 8; bit++)
		crc = crc >> 1 ^ (crc & 1 ? poly : 0);
	return crc;
}

static u32 of_le(u32 crc, const u8 *p, size_t len, u32 poly)
{
	while (len--)
		crc = step_le(crc ^ *p++, poly);
	return crc;
}

/* A CRC is linear: what stands in front counts as if zeros followed it. */
static u32 combine_le(u32 crc1, u32 crc2, size_t len2, u32 poly)
{
	while (len2--)
		crc1 = step_le(crc1, poly);
	return crc1 ^ crc2;
}

u32 __pure crc32_le(u32 crc, unsigned char const *p, size_t len)
{
	return of_le(crc, p, len, POLY_LE);
}
EXPORT_SYMBOL(crc32_le);

u32 __pure __crc32c_le(u32 crc, unsigned char const *p, size_t len)
{
	return of_le(crc, p, len, POLY_CASTAGNOLI);
}
EXPORT_SYMBOL(__crc32c_le);

u32 crc32_le_combine(u32 crc1, u32 crc2, size_t len2)
{
	return combine_le(crc1, crc2, len2, POLY_LE);
}
EXPORT_SYMBOL(crc32_le_combine);

u32 __crc32c_le_combine(u32 crc1, u32 crc2, size_t len2)
{
	return combine_le(crc1, crc2, len2, POLY_CASTAGNOLI);
}
EXPORT_SYMBOL(__crc32c_le_combine);

u32 __pure crc32_be(u32 crc, unsigned char const *p, size_t len)
{
	while (len--) {
		crc ^= (u32)*p++ << 24;
		for (int bit = 0; bit < 8; bit++)
			crc = crc << 1 ^ (crc >> 31 ? POLY_BE : 0);
	}
	return crc;
}
EXPORT_SYMBOL(crc32_be);
