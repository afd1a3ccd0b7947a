/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * current: the thread that runs here. The word belongs to the CPU, and
 * context_switch() changes it together with the stack; so a thread that reads
 * it finds itself, on whatever CPU, preemption or not.
 */
#include <linux/compiler.h>
#include <linux/percpu-defs.h>

struct task_struct;

DECLARE_PER_CPU(struct task_struct *, current_task);

static __always_inline struct task_struct *get_current(void)
{
	struct task_struct *p;

	asm("movq %%gs:%1, %0" : "=r" (p) : "m" (current_task));
	return p;
}

#define current get_current()
