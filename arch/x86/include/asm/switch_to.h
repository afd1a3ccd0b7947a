/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What lies on the stack of a thread that does not run, from thread.sp up:
 * the registers a C function must preserve, and the address to go on at.
 * switch.S pushes and pops it, copy_thread() makes the first one by hand.
 */
#include <asm/page.h>
#include <asm/processor.h>

struct inactive_task_frame {
	unsigned long r15;
	unsigned long r14;
	unsigned long r13;
	unsigned long r12;
	unsigned long bx;
	unsigned long bp;
	unsigned long ret_addr;
};

/* Store this thread's frame and stack pointer in prev, go on as next. Returns, in a later life, who ran before. */
struct thread_struct *__switch_to_asm(struct thread_struct *prev, struct thread_struct *next);

/* The stack of the first thread, on which CPU 0 boots: there before anybody could allocate one (process.c). */
extern unsigned long init_stack[];
extern unsigned long init_stack_and_guard[][THREAD_SIZE / sizeof(long)];

/* Where a new thread's first switch ends (switch.S). */
void ret_from_fork(void);

/* Build the first frame of a thread that shall run fn(arg) on this stack (process.c). */
void copy_thread(struct thread_struct *thread, void *stack, int (*fn)(void *), void *arg);
