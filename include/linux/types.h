/* SPDX-License-Identifier: MIT */
/*
 * The integer types, and the few structures so common that including their
 * full header only to embed one would be a waste: list heads and atomics.
 * The functions on them are in <linux/list.h> and <linux/atomic.h>.
 */
#pragma once

#ifndef __ASSEMBLY__

#include <linux/stddef.h>
#include <linux/compiler_attributes.h>

typedef signed char		__s8;
typedef unsigned char		__u8;
typedef signed short		__s16;
typedef unsigned short		__u16;
typedef signed int		__s32;
typedef unsigned int		__u32;
typedef signed long long	__s64;
typedef unsigned long long	__u64;

typedef __s8	s8;
typedef __u8	u8;
typedef __s16	s16;
typedef __u16	u16;
typedef __s32	s32;
typedef __u32	u32;
typedef __s64	s64;
typedef __u64	u64;

typedef s8	int8_t;
typedef u8	uint8_t;
typedef s16	int16_t;
typedef u16	uint16_t;
typedef s32	int32_t;
typedef u32	uint32_t;
typedef s64	int64_t;
typedef u64	uint64_t;

typedef u8	u_int8_t;
typedef s8	__int8_t;
typedef u16	u_int16_t;
typedef u32	u_int32_t;
typedef u64	u_int64_t;

typedef unsigned char	u_char;
typedef unsigned short	u_short;
typedef unsigned int	u_int;
typedef unsigned long	u_long;
typedef unsigned short	ushort;
typedef unsigned int	uint;
typedef unsigned long	ulong;

/* Little- and big-endian values in memory; <linux/byteorder.h> converts. */
typedef u16 __bitwise	__le16;
typedef u16 __bitwise	__be16;
typedef u32 __bitwise	__le32;
typedef u32 __bitwise	__be32;
typedef u64 __bitwise	__le64;
typedef u64 __bitwise	__be64;

typedef _Bool			bool;
typedef __SIZE_TYPE__		size_t;
typedef long			ssize_t;
typedef __PTRDIFF_TYPE__	ptrdiff_t;
typedef unsigned long		uintptr_t;
typedef long			intptr_t;

typedef int		pid_t;
typedef unsigned int	uid_t;
typedef unsigned int	gid_t;
typedef unsigned short	umode_t;
typedef unsigned int	mode_t;
typedef u32		dev_t;
typedef long		off_t;
typedef long long	loff_t;
typedef int		clockid_t;
typedef long		clock_t;
typedef int		timer_t;
typedef long		suseconds_t;
typedef unsigned int	gfp_t;
typedef unsigned int	slab_flags_t;
typedef unsigned int	fmode_t;
typedef u64		phys_addr_t;
typedef phys_addr_t	resource_size_t;
typedef u64		dma_addr_t;
typedef u64		sector_t;
typedef unsigned long	pgoff_t;
typedef unsigned long	irq_hw_number_t;

typedef struct {
	int counter;
} atomic_t;

#define ATOMIC_INIT(i) { (i) }

typedef struct {
	s64 counter;
} atomic64_t;

#define ATOMIC64_INIT(i) { (i) }

/* A link of a circular list, or its head: <linux/list.h>. */
struct list_head {
	struct list_head *next, *prev;
};

/* A list whose head is one pointer: for hash tables. */
struct hlist_head {
	struct hlist_node *first;
};

struct hlist_node {
	struct hlist_node *next, **pprev;
};

/* A function to be called later, chained: RCU's callbacks. */
struct callback_head {
	struct callback_head *next;
	void (*func)(struct callback_head *head);
} __aligned(sizeof(void *));

#define rcu_head callback_head

typedef void (*rcu_callback_t)(struct rcu_head *head);
typedef void (*call_rcu_func_t)(struct rcu_head *head, rcu_callback_t func);
typedef void (*swap_func_t)(void *a, void *b, int size);
typedef void (*swap_r_func_t)(void *a, void *b, int size, const void *priv);
typedef int (*cmp_func_t)(const void *a, const void *b);
typedef int (*cmp_r_func_t)(const void *a, const void *b, const void *priv);

/* An array of longs that holds `bits` bits: <linux/bitmap.h>. */
#define DECLARE_BITMAP(name, bits) \
	unsigned long name[((bits) + 8 * sizeof(long) - 1) / (8 * sizeof(long))]

#endif /* __ASSEMBLY__ */
