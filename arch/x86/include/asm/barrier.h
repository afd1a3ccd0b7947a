/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Memory barriers. x86 keeps loads in order among loads and stores among
 * stores (TSO); only a store followed by a load of another place may be seen
 * the other way round. So smp_rmb() and smp_wmb() need only hold the compiler,
 * and smp_mb() is the one that costs. The code still says which one it means.
 * Semantics: Documentation/memory-barriers.txt of Linux.
 *
 * mb/rmb/wmb order accesses to devices, too; for threads use the smp_ forms.
 */
#include <linux/compiler.h>

/* A locked read-modify-write of the own stack: a full barrier, and cheaper than mfence. */
#define smp_mb()	asm volatile("lock; addl $0, -4(%%rsp)" ::: "memory", "cc")
#define smp_rmb()	barrier()
#define smp_wmb()	barrier()

#define mb()		asm volatile("mfence" ::: "memory")
#define rmb()		asm volatile("lfence" ::: "memory")
#define wmb()		asm volatile("sfence" ::: "memory")
#define dma_rmb()	barrier()
#define dma_wmb()	barrier()

/* Stop speculation: no later instruction starts before earlier ones are done. */
#define barrier_nospec() asm volatile("lfence" ::: "memory")

/* Set a variable, then a full barrier: xchg is both. */
#define smp_store_mb(var, value) do { (void)xchg(&(var), (value)); } while (0)

/* Everything before it is seen by whoever sees the stored value by an acquire. */
#define smp_store_release(p, v)			\
do {						\
	barrier();				\
	WRITE_ONCE(*(p), (v));			\
} while (0)

/* The same for a 16-bit counter that has one writer: one more than it was, in one instruction. No lock prefix. */
#define smp_inc_release(p)			\
do {						\
	_Static_assert(sizeof(*(p)) == 2, "incw");	\
	asm volatile("incw %0" : "+m" (*(p)) : : "memory", "cc"); \
} while (0)

/* Nothing after it happens before the load. */
#define smp_load_acquire(p)			\
({						\
	__typeof__(*(p)) ___v = READ_ONCE(*(p));	\
	barrier();				\
	___v;					\
})

/* Make a void atomic (atomic_inc, set_bit, ...) a full barrier: it is one already. */
#define smp_mb__before_atomic()	barrier()
#define smp_mb__after_atomic()	barrier()

/* Taking a spinlock is a locked instruction here, hence a full barrier already. */
#define smp_mb__after_spinlock() barrier()

/* A control dependency, strengthened to acquire. */
#define smp_acquire__after_ctrl_dep() smp_rmb()

/*
 * Wait until cond_expr, which may use VAL (the value just loaded), holds.
 * Gives the value that satisfied it. Every round pauses, because a virtual
 * machine's other CPUs may need this one's turn to make the condition true.
 */
#define smp_cond_load_relaxed(ptr, cond_expr)		\
({							\
	__typeof__(ptr) __PTR = (ptr);			\
	__typeof__(*(ptr)) VAL;				\
	for (;;) {					\
		VAL = READ_ONCE(*__PTR);		\
		if (cond_expr)				\
			break;				\
		asm volatile("pause" ::: "memory");	\
	}						\
	VAL;						\
})

#define smp_cond_load_acquire(ptr, cond_expr)		\
({							\
	__typeof__(*(ptr)) __acq;			\
	__acq = smp_cond_load_relaxed(ptr, cond_expr);	\
	smp_acquire__after_ctrl_dep();			\
	__acq;						\
})

#include <asm/cmpxchg.h>
