/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * How a per-CPU variable is declared and defined. Each CPU has its own copy of everything defined so; the
 * name alone is only an address in the pattern the copies were made from. To reach a copy:
 * this_cpu_*() and per_cpu() in <asm/percpu.h>, get_cpu_var() and alloc_percpu() in <linux/percpu.h>.
 */

#define __percpu

#define __PER_CPU_SECTION(suffix) __attribute__((section(".data..percpu" suffix)))

#define DECLARE_PER_CPU(type, name)	extern __PER_CPU_SECTION("") __typeof__(type) name
#define DEFINE_PER_CPU(type, name)	__PER_CPU_SECTION("") __typeof__(type) name

/* On a cache line that no other variable shares. */
#define DECLARE_PER_CPU_SHARED_ALIGNED(type, name) \
	extern __PER_CPU_SECTION("") __typeof__(type) name __attribute__((aligned(64)))
#define DEFINE_PER_CPU_SHARED_ALIGNED(type, name) \
	__PER_CPU_SECTION("") __typeof__(type) name __attribute__((aligned(64)))
#define DECLARE_PER_CPU_ALIGNED		DECLARE_PER_CPU_SHARED_ALIGNED
#define DEFINE_PER_CPU_ALIGNED		DEFINE_PER_CPU_SHARED_ALIGNED

/* On pages of its own: stacks, tables the machine reads. */
#define DECLARE_PER_CPU_PAGE_ALIGNED(type, name) \
	extern __PER_CPU_SECTION("..page_aligned") __typeof__(type) name __attribute__((aligned(4096)))
#define DEFINE_PER_CPU_PAGE_ALIGNED(type, name) \
	__PER_CPU_SECTION("..page_aligned") __typeof__(type) name __attribute__((aligned(4096)))

#define DECLARE_PER_CPU_READ_MOSTLY	DECLARE_PER_CPU
#define DEFINE_PER_CPU_READ_MOSTLY	DEFINE_PER_CPU
#define DECLARE_PER_CPU_FIRST		DECLARE_PER_CPU
#define DEFINE_PER_CPU_FIRST		DEFINE_PER_CPU

#define EXPORT_PER_CPU_SYMBOL(name)	EXPORT_SYMBOL(name)
#define EXPORT_PER_CPU_SYMBOL_GPL(name)	EXPORT_SYMBOL_GPL(name)
