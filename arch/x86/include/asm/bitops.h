/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Bits in arrays of unsigned long, numbered from the lowest of the first word.
 *
 * set_bit, clear_bit, change_bit: atomic, no ordering promised.
 * test_and_*_bit: atomic, fully ordered, give the old bit.
 * The forms with __ in front are not atomic: for memory nobody else writes.
 * <linux/bitops.h> is the page to include; searching in bitmaps is <linux/find.h>.
 * Semantics: Documentation/atomic_bitops.txt of Linux.
 */
#include <linux/types.h>
#include <linux/compiler.h>
#include <asm/barrier.h>

#ifndef BITS_PER_LONG
#define BITS_PER_LONG	64
#endif

#define __BITOP_WORD(addr, nr)	((addr)[(unsigned long)(nr) / 64])
#define __BITOP_MASK(nr)	(1UL << ((unsigned long)(nr) % 64))

/* The instructions find the word themselves: nr may be beyond 63. */
static __always_inline void set_bit(long nr, volatile unsigned long *addr)
{
	asm volatile("lock; btsq %1, %0" : "+m" (*addr) : "Jr" (nr) : "memory", "cc");
}

static __always_inline void clear_bit(long nr, volatile unsigned long *addr)
{
	asm volatile("lock; btrq %1, %0" : "+m" (*addr) : "Jr" (nr) : "memory", "cc");
}

static __always_inline void change_bit(long nr, volatile unsigned long *addr)
{
	asm volatile("lock; btcq %1, %0" : "+m" (*addr) : "Jr" (nr) : "memory", "cc");
}

static __always_inline bool test_and_set_bit(long nr, volatile unsigned long *addr)
{
	bool old;

	asm volatile("lock; btsq %2, %0"
		     : "+m" (*addr), "=@ccc" (old) : "Jr" (nr) : "memory");
	return old;
}

static __always_inline bool test_and_clear_bit(long nr, volatile unsigned long *addr)
{
	bool old;

	asm volatile("lock; btrq %2, %0"
		     : "+m" (*addr), "=@ccc" (old) : "Jr" (nr) : "memory");
	return old;
}

static __always_inline bool test_and_change_bit(long nr, volatile unsigned long *addr)
{
	bool old;

	asm volatile("lock; btcq %2, %0"
		     : "+m" (*addr), "=@ccc" (old) : "Jr" (nr) : "memory");
	return old;
}

static __always_inline bool test_bit(long nr, const volatile unsigned long *addr)
{
	return (__BITOP_WORD(addr, nr) & __BITOP_MASK(nr)) != 0;
}

static __always_inline bool test_bit_acquire(long nr, const volatile unsigned long *addr)
{
	return (smp_load_acquire(&__BITOP_WORD(addr, nr)) & __BITOP_MASK(nr)) != 0;
}

static __always_inline void __set_bit(long nr, volatile unsigned long *addr)
{
	__BITOP_WORD(addr, nr) |= __BITOP_MASK(nr);
}

static __always_inline void __clear_bit(long nr, volatile unsigned long *addr)
{
	__BITOP_WORD(addr, nr) &= ~__BITOP_MASK(nr);
}

static __always_inline void __change_bit(long nr, volatile unsigned long *addr)
{
	__BITOP_WORD(addr, nr) ^= __BITOP_MASK(nr);
}

static __always_inline bool __test_and_set_bit(long nr, volatile unsigned long *addr)
{
	bool old = test_bit(nr, addr);

	__set_bit(nr, addr);
	return old;
}

static __always_inline bool __test_and_clear_bit(long nr, volatile unsigned long *addr)
{
	bool old = test_bit(nr, addr);

	__clear_bit(nr, addr);
	return old;
}

static __always_inline bool __test_and_change_bit(long nr, volatile unsigned long *addr)
{
	bool old = test_bit(nr, addr);

	__change_bit(nr, addr);
	return old;
}

/* A bit used as a lock: acquire when taken (old bit 0), release when cleared. */
static __always_inline bool test_and_set_bit_lock(long nr, volatile unsigned long *addr)
{
	return test_and_set_bit(nr, addr);
}

static __always_inline void clear_bit_unlock(long nr, volatile unsigned long *addr)
{
	barrier();
	clear_bit(nr, addr);
}

/* Cheaper where the lock bit also protects every other bit of its word. */
static __always_inline void __clear_bit_unlock(long nr, volatile unsigned long *addr)
{
	barrier();
	__clear_bit(nr, addr);
}

/* Lowest set bit, numbered from 0; undefined for 0. */
static __always_inline unsigned long __ffs(unsigned long word)
{
	return __builtin_ctzl(word);
}

/* Lowest clear bit, numbered from 0; undefined for ~0UL. */
static __always_inline unsigned long ffz(unsigned long word)
{
	return __builtin_ctzl(~word);
}

/* Highest set bit, numbered from 0; undefined for 0. */
static __always_inline unsigned long __fls(unsigned long word)
{
	return 63 - __builtin_clzl(word);
}

/* Lowest set bit, numbered from 1; 0 for 0. */
static __always_inline int ffs(int x)
{
	return __builtin_ffs(x);
}

/* Highest set bit, numbered from 1; 0 for 0. */
static __always_inline int fls(unsigned int x)
{
	return x ? 32 - __builtin_clz(x) : 0;
}

static __always_inline int fls64(u64 x)
{
	return x ? 64 - __builtin_clzl(x) : 0;
}

/* hweight: how many bits are set. Sums neighbours, then pairs, then nibbles. */
static __always_inline unsigned long hweight64(u64 w)
{
	w -= (w >> 1) & 0x5555555555555555ul;
	w = (w & 0x3333333333333333ul) + ((w >> 2) & 0x3333333333333333ul);
	w = (w + (w >> 4)) & 0x0f0f0f0f0f0f0f0ful;
	return (w * 0x0101010101010101ul) >> 56;
}

static __always_inline unsigned int hweight32(unsigned int w)
{
	return hweight64(w);
}

static __always_inline unsigned int hweight16(unsigned int w)
{
	return hweight64(w & 0xffff);
}

static __always_inline unsigned int hweight8(unsigned int w)
{
	return hweight64(w & 0xff);
}
