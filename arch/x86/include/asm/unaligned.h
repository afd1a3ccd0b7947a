/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Reading and writing integers at any address, in either byte order. x86 does
 * unaligned accesses by itself; the packed struct says so to the compiler.
 */
#include <linux/types.h>

#define __get_unaligned_t(type, ptr)						\
({										\
	const struct { type x; } __attribute__((packed)) *__p = (const void *)(ptr); \
	__p->x;									\
})

#define __put_unaligned_t(type, val, ptr)					\
do {										\
	struct { type x; } __attribute__((packed)) *__p = (void *)(ptr);	\
	__p->x = (val);								\
} while (0)

#define get_unaligned(ptr)	__get_unaligned_t(__typeof__(*(ptr)), (ptr))
#define put_unaligned(val, ptr)	__put_unaligned_t(__typeof__(*(ptr)), (val), (ptr))

static inline u16 get_unaligned_le16(const void *p) { return __get_unaligned_t(u16, p); }
static inline u32 get_unaligned_le32(const void *p) { return __get_unaligned_t(u32, p); }
static inline u64 get_unaligned_le64(const void *p) { return __get_unaligned_t(u64, p); }
static inline void put_unaligned_le16(u16 val, void *p) { __put_unaligned_t(u16, val, p); }
static inline void put_unaligned_le32(u32 val, void *p) { __put_unaligned_t(u32, val, p); }
static inline void put_unaligned_le64(u64 val, void *p) { __put_unaligned_t(u64, val, p); }

static inline u16 get_unaligned_be16(const void *p) { return __builtin_bswap16(get_unaligned_le16(p)); }
static inline u32 get_unaligned_be32(const void *p) { return __builtin_bswap32(get_unaligned_le32(p)); }
static inline u64 get_unaligned_be64(const void *p) { return __builtin_bswap64(get_unaligned_le64(p)); }
static inline void put_unaligned_be16(u16 val, void *p) { put_unaligned_le16(__builtin_bswap16(val), p); }
static inline void put_unaligned_be32(u32 val, void *p) { put_unaligned_le32(__builtin_bswap32(val), p); }
static inline void put_unaligned_be64(u64 val, void *p) { put_unaligned_le64(__builtin_bswap64(val), p); }
