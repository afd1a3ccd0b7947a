/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Reaching this CPU's copy of a per-CPU variable: the GS base is the distance from the pattern (where the
 * linker put the variable) to this CPU's copy, so `%gs:variable` is the copy. On CPU 0 the distance is 0: the
 * pattern itself is its copy, from the first instruction on.
 *
 * this_cpu_op(var) is one instruction, so neither an interrupt nor a move to another CPU can come in between;
 * it is no lock against other CPUs. this_cpu_ptr() gives an address that is "this" CPU's only as long as the
 * caller cannot be moved: disable preemption around it. __this_cpu_op() and raw_cpu_op() mean the same here.
 */
#ifdef __ASSEMBLY__

#define PER_CPU_VAR(var)	%gs:var

#else

#include <linux/types.h>
#include <linux/percpu-defs.h>

/* How far each CPU's copy is from the pattern. [0] is always 0. */
extern unsigned long __per_cpu_offset[];

/* The same for this CPU: a per-CPU variable that holds its own CPU's distance. */
DECLARE_PER_CPU(unsigned long, this_cpu_off);
DECLARE_PER_CPU(int, cpu_number);

extern char __per_cpu_start[], __per_cpu_end[];

#define per_cpu_offset(cpu)	(__per_cpu_offset[cpu])

/* Hides from the compiler that the sum still points into the pattern's object. */
#define SHIFT_PERCPU_PTR(ptr, offset) ({						\
	unsigned long __base;								\
	asm("" : "=r"(__base) : "0"((unsigned long)(ptr)));				\
	(__typeof__(ptr))(__base + (offset));						\
})

#define per_cpu_ptr(ptr, cpu)	SHIFT_PERCPU_PTR(ptr, per_cpu_offset(cpu))
#define per_cpu(var, cpu)	(*per_cpu_ptr(&(var), cpu))

#define raw_cpu_ptr(ptr) ({								\
	unsigned long __here;								\
	asm volatile("add %%gs:%1, %0"							\
		     : "=r"(__here) : "m"(this_cpu_off), "0"((unsigned long)(ptr)) : "cc"); \
	(__typeof__(ptr))__here;							\
})
#define this_cpu_ptr(ptr)	raw_cpu_ptr(ptr)
#define __this_cpu_ptr(ptr)	raw_cpu_ptr(ptr)

#define this_cpu_read(var) ({								\
	__typeof__(var) __val;								\
	asm volatile("mov %%gs:%1, %0" : "=q"(__val) : "m"(var));			\
	__val;										\
})

/*
 * As this_cpu_read(), for what never changes as long as the same thread looks (current, for one): the
 * compiler may read once and keep it.
 */
#define this_cpu_read_stable(var) ({							\
	__typeof__(var) __val;								\
	asm("mov %%gs:%P1, %0" : "=q"(__val) : "p"(&(var)));				\
	__val;										\
})

/* One of the two-operand instructions on this CPU's copy; the operand size follows the variable. */
#define __percpu_op(op, var, val) do {							\
	unsigned long __v = (unsigned long)(val);					\
	switch (sizeof(var)) {								\
	case 1: asm volatile(op "b %1, %%gs:%0" : "+m"(var) : "qi"((u8)__v) : "cc"); break;	\
	case 2: asm volatile(op "w %1, %%gs:%0" : "+m"(var) : "ri"((u16)__v) : "cc"); break;	\
	case 4: asm volatile(op "l %1, %%gs:%0" : "+m"(var) : "ri"((u32)__v) : "cc"); break;	\
	case 8: asm volatile(op "q %1, %%gs:%0" : "+m"(var) : "re"(__v) : "cc"); break;	\
	}										\
} while (0)

#define this_cpu_write(var, val)	__percpu_op("mov", var, (__typeof__(var))(val))
#define this_cpu_add(var, val)		__percpu_op("add", var, val)
#define this_cpu_sub(var, val)		__percpu_op("sub", var, val)
#define this_cpu_and(var, val)		__percpu_op("and", var, val)
#define this_cpu_or(var, val)		__percpu_op("or", var, val)
#define this_cpu_inc(var)		this_cpu_add(var, 1)
#define this_cpu_dec(var)		this_cpu_sub(var, 1)

#define this_cpu_add_return(var, val) ({						\
	__typeof__(var) __inc = (val), __old = __inc;					\
	asm volatile("xadd %0, %%gs:%1" : "+q"(__old), "+m"(var) : : "memory", "cc");	\
	(__typeof__(var))(__old + __inc);						\
})
#define this_cpu_sub_return(var, val)	this_cpu_add_return(var, -(__typeof__(var))(val))
#define this_cpu_inc_return(var)	this_cpu_add_return(var, 1)
#define this_cpu_dec_return(var)	this_cpu_add_return(var, -1)

#define this_cpu_xchg(var, val) ({							\
	__typeof__(var) __new = (val);							\
	asm volatile("xchg %0, %%gs:%1" : "+q"(__new), "+m"(var) : : "memory");		\
	__new;										\
})

/* No lock prefix: whole against an interrupt on this CPU, which is all that is wanted. */
#define this_cpu_cmpxchg(var, old, new) ({						\
	__typeof__(var) __was = (old);							\
	asm volatile("cmpxchg %2, %%gs:%1"						\
		     : "+a"(__was), "+m"(var) : "q"((__typeof__(var))(new)) : "memory", "cc"); \
	__was;										\
})

#define __this_cpu_read(var)		this_cpu_read(var)
#define __this_cpu_write(var, val)	this_cpu_write(var, val)
#define __this_cpu_add(var, val)	this_cpu_add(var, val)
#define __this_cpu_sub(var, val)	this_cpu_sub(var, val)
#define __this_cpu_and(var, val)	this_cpu_and(var, val)
#define __this_cpu_or(var, val)		this_cpu_or(var, val)
#define __this_cpu_inc(var)		this_cpu_inc(var)
#define __this_cpu_dec(var)		this_cpu_dec(var)
#define __this_cpu_add_return(var, val)	this_cpu_add_return(var, val)
#define __this_cpu_sub_return(var, val)	this_cpu_sub_return(var, val)
#define __this_cpu_inc_return(var)	this_cpu_inc_return(var)
#define __this_cpu_dec_return(var)	this_cpu_dec_return(var)
#define __this_cpu_xchg(var, val)	this_cpu_xchg(var, val)
#define __this_cpu_cmpxchg(var, o, n)	this_cpu_cmpxchg(var, o, n)

#define raw_cpu_read(var)		this_cpu_read(var)
#define raw_cpu_write(var, val)		this_cpu_write(var, val)
#define raw_cpu_add(var, val)		this_cpu_add(var, val)
#define raw_cpu_sub(var, val)		this_cpu_sub(var, val)
#define raw_cpu_and(var, val)		this_cpu_and(var, val)
#define raw_cpu_or(var, val)		this_cpu_or(var, val)
#define raw_cpu_inc(var)		this_cpu_inc(var)
#define raw_cpu_dec(var)		this_cpu_dec(var)
#define raw_cpu_add_return(var, val)	this_cpu_add_return(var, val)
#define raw_cpu_xchg(var, val)		this_cpu_xchg(var, val)
#define raw_cpu_cmpxchg(var, o, n)	this_cpu_cmpxchg(var, o, n)

#endif /* __ASSEMBLY__ */
