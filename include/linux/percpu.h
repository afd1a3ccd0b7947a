/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Per-CPU variables made at run time, and the forms that keep the caller on its CPU.
 * For variables known when compiling: DEFINE_PER_CPU() in <linux/percpu-defs.h>.
 */
#include <linux/types.h>
#include <linux/preempt.h>
#include <linux/percpu-defs.h>
#include <asm/percpu.h>

/* Bytes per CPU that all alloc_percpu() together (and modules' per-CPU data) can use; linker.ld leaves the room. */
#define PERCPU_DYNAMIC_RESERVE	(64 * 1024)

/* get_cpu_var - this CPU's copy, with preemption disabled until put_cpu_var(). */
#define get_cpu_var(var)	(*({ preempt_disable(); this_cpu_ptr(&(var)); }))
#define put_cpu_var(var)	do { (void)&(var); preempt_enable(); } while (0)
#define get_cpu_ptr(ptr)	({ preempt_disable(); this_cpu_ptr(ptr); })
#define put_cpu_ptr(ptr)	do { (void)(ptr); preempt_enable(); } while (0)

/*
 * setup_per_cpu_areas - give each possible CPU its copy of the per-CPU section.
 * The copy is of what CPU 0's holds by now; room for alloc_percpu() is zeroed.
 * Context: boot, on CPU 0, after kmem_cache_init() and when cpu_possible_mask is known. Panics when out of memory.
 */
void setup_per_cpu_areas(void);

/*
 * __alloc_percpu - a zeroed per-CPU variable of @size bytes, one copy for each CPU, @align <= PAGE_SIZE.
 * Context: any in which a raw spinlock may be taken; does not sleep (Differs: Linux's may sleep).
 * Return: an address to use with per_cpu_ptr() and this_cpu_*(), never directly; NULL when the reserve is used up.
 */
void __percpu *__alloc_percpu(size_t size, size_t align);

/* free_percpu - take back what __alloc_percpu() gave. NULL is ignored. Context: any. */
void free_percpu(void __percpu *ptr);

#define alloc_percpu(type) \
	((__typeof__(type) __percpu *)__alloc_percpu(sizeof(type), __alignof__(type)))
#define alloc_percpu_gfp(type, gfp)	((void)(gfp), alloc_percpu(type))
#define __alloc_percpu_gfp(size, align, gfp)	((void)(gfp), __alloc_percpu(size, align))
