/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Talking to devices: I/O ports (inb, outb, ...) and registers in memory
 * (readl, writel, ... on what ioremap() of <linux/io.h> gave).
 *
 * readX/writeX keep their order among each other and against ordinary memory
 * accesses of this CPU; the _relaxed forms only among accesses to one device.
 * Semantics: Documentation/driver-api/device-io.rst of Linux.
 */
#include <linux/types.h>
#include <linux/compiler.h>

#ifndef __iomem
#define __iomem
#endif

#define __PORT_OPS(sfx, type)								\
static __always_inline void out##sfx(type value, u16 port)				\
{											\
	asm volatile("out" #sfx " %0, %1" : : "a" (value), "Nd" (port) : "memory");	\
}											\
static __always_inline type in##sfx(u16 port)						\
{											\
	type value;									\
											\
	asm volatile("in" #sfx " %1, %0" : "=a" (value) : "Nd" (port) : "memory");	\
	return value;									\
}											\
static inline void outs##sfx(u16 port, const void *addr, unsigned long count)		\
{											\
	asm volatile("rep; outs" #sfx : "+S" (addr), "+c" (count) : "d" (port) : "memory"); \
}											\
static inline void ins##sfx(u16 port, void *addr, unsigned long count)			\
{											\
	asm volatile("rep; ins" #sfx : "+D" (addr), "+c" (count) : "d" (port) : "memory"); \
}

__PORT_OPS(b, u8)
__PORT_OPS(w, u16)
__PORT_OPS(l, u32)

/* About a microsecond, by a write to a port that nobody listens to: for old slow devices. */
static inline void io_delay(void)
{
	outb(0, 0x80);
}

#define __MMIO_OPS(sfx, insn, type)							\
static __always_inline type read##sfx(const volatile void __iomem *addr)		\
{											\
	type value;									\
											\
	asm volatile(insn " %1, %0" : "=q" (value)					\
		     : "m" (*(const volatile type *)addr) : "memory");			\
	return value;									\
}											\
static __always_inline void write##sfx(type value, volatile void __iomem *addr)	\
{											\
	asm volatile(insn " %0, %1" : : "q" (value),					\
		     "m" (*(volatile type *)addr) : "memory");				\
}											\
static __always_inline type read##sfx##_relaxed(const volatile void __iomem *addr)	\
{											\
	type value;									\
											\
	asm volatile(insn " %1, %0" : "=q" (value)					\
		     : "m" (*(const volatile type *)addr));				\
	return value;									\
}											\
static __always_inline void write##sfx##_relaxed(type value, volatile void __iomem *addr) \
{											\
	asm volatile(insn " %0, %1" : : "q" (value), "m" (*(volatile type *)addr));	\
}

__MMIO_OPS(b, "movb", u8)
__MMIO_OPS(w, "movw", u16)
__MMIO_OPS(l, "movl", u32)
__MMIO_OPS(q, "movq", u64)
