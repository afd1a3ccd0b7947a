/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The per-CPU word behind <linux/preempt.h>, which is the page to include and
 * explains the counters in it.
 *
 * Bit 31 (PREEMPT_NEED_RESCHED) is inverted: clear means that a reschedule is
 * wanted. So the decrement in preempt_enable() sets the zero flag exactly when
 * preemption became possible and is wanted: one instruction, no test.
 *
 * Only the CPU itself touches its word, each time with one instruction, so an
 * interrupt cannot fall into the middle, and no lock prefix is needed.
 */
#include <linux/types.h>
#include <linux/compiler.h>
#include <linux/percpu-defs.h>
#include <linux/preempt.h>

DECLARE_PER_CPU(int, __preempt_count);

static __always_inline int __preempt_count_raw(void)
{
	int count;

	asm volatile("movl %%gs:%1, %0" : "=r" (count) : "m" (__preempt_count));
	return count;
}

static __always_inline int preempt_count(void)
{
	return __preempt_count_raw() & ~PREEMPT_NEED_RESCHED;
}

/* preempt_count() == 0, without a register: half of what is asked about the word is this. */
static __always_inline bool __preempt_count_is_zero(void)
{
	bool zero;

	asm volatile("testl %1, %%gs:%2" : "=@ccz" (zero) : "i" (~PREEMPT_NEED_RESCHED), "m" (__preempt_count));
	return zero;
}

static __always_inline void __preempt_count_add(int val)
{
	asm volatile("addl %1, %%gs:%0" : "+m" (__preempt_count) : "ri" (val) : "memory", "cc");
}

static __always_inline void __preempt_count_sub(int val)
{
	asm volatile("subl %1, %%gs:%0" : "+m" (__preempt_count) : "ri" (val) : "memory", "cc");
}

/* Decrement; true if a switch is now both allowed and wanted. */
static __always_inline bool __preempt_count_dec_and_test(void)
{
	bool zero;

	asm volatile("decl %%gs:%0" : "+m" (__preempt_count), "=@ccz" (zero) : : "memory");
	return zero;
}

/* Is a reschedule wanted while the depth is exactly preempt_offset? */
static __always_inline bool should_resched(int preempt_offset)
{
	return unlikely(__preempt_count_raw() == preempt_offset);
}

/* NEED_RESCHED of this CPU, folded into the word. The thread's TIF_NEED_RESCHED is the flag that other CPUs set. */
static __always_inline void set_preempt_need_resched(void)
{
	asm volatile("andl %1, %%gs:%0"
		     : "+m" (__preempt_count) : "i" ((int)~PREEMPT_NEED_RESCHED) : "memory", "cc");
}

static __always_inline void clear_preempt_need_resched(void)
{
	asm volatile("orl %1, %%gs:%0"
		     : "+m" (__preempt_count) : "i" ((int)PREEMPT_NEED_RESCHED) : "memory", "cc");
}

static __always_inline bool test_preempt_need_resched(void)
{
	return !(__preempt_count_raw() & PREEMPT_NEED_RESCHED);
}

/* Set the counters, keep NEED_RESCHED, which an interrupt may be setting meanwhile. */
static __always_inline void preempt_count_set(int pc)
{
	__preempt_count_add(pc - preempt_count());
}
