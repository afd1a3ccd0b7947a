/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * CRCs of 32 bits: le is Ethernet's (reflected 0x04c11db7), be the same the other way round, crc32c Castagnoli's. They
 * go on from `crc` and do not invert: for the usual value begin with ~0 and invert the end.
 * *_combine: the crc of two parts in a row, from theirs: crc2 began with 0 and is of len2 bytes. Time: linear in len2.
 * Context: any. Differs from Linux: no tables, one bit at a time.
 */
#include <linux/types.h>

u32 __pure crc32_le(u32 crc, unsigned char const *p, size_t len);
u32 __pure crc32_be(u32 crc, unsigned char const *p, size_t len);
u32 __pure __crc32c_le(u32 crc, unsigned char const *p, size_t len);
u32 crc32_le_combine(u32 crc1, u32 crc2, size_t len2);
u32 __crc32c_le_combine(u32 crc1, u32 crc2, size_t len2);

#define crc32(seed, data, length)	crc32_le(seed, (unsigned char const *)(data), length)
#define ether_crc_le(length, data)	crc32_le(~0, data, length)
