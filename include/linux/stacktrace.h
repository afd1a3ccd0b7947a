/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Saving a backtrace as an array of addresses, for printing later with %pS.
 * To print it at once: dump_stack().
 * Semantics: Linux's include/linux/stacktrace.h.
 */
#include <linux/types.h>

/*
 * stack_trace_save: store the return addresses of the calls that led here,
 * newest first, after leaving out skipnr of them. The first is in the caller.
 * Context: any.
 * Return: how many were stored, at most size.
 */
unsigned int stack_trace_save(unsigned long *store, unsigned int size, unsigned int skipnr);

/*
 * stack_trace_save_frame: the same for a thread that was switched out: sp is
 * its thread.sp, stack its lowest stack address. The first is where it called
 * the switch. If it runs meanwhile the result is stale or short, never a fault.
 * Context: any; the caller keeps the stack from being freed.
 */
unsigned int stack_trace_save_frame(unsigned long sp, void *stack, unsigned long *store,
				    unsigned int size, unsigned int skipnr);

/*
 * stack_trace_save_tsk: the same for a thread that may do anything meanwhile: the caller, or one that sleeps; then
 * without the functions that put it to sleep, and it stays asleep while one looks. In kernel/sched/facts.c.
 * Context: any; the caller keeps p alive. Return: how many; 0 for another thread that runs.
 */
struct task_struct;
unsigned int stack_trace_save_tsk(struct task_struct *p, unsigned long *store, unsigned int size, unsigned int skipnr);

/* Print entries[0..nr), indented by spaces. */
void stack_trace_print(const unsigned long *entries, unsigned int nr, int spaces);
