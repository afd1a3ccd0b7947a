/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Run a function on another CPU in its highest thread, migration/N, above every other thread there.
 * For a function that may run in interrupt context, smp_call_function_single() is cheaper.
 */
#include <linux/list.h>
#include <linux/types.h>

typedef int (*cpu_stop_fn_t)(void *arg);
struct cpu_stop_done;

struct cpu_stop_work {
	struct list_head	list;	/* lock: the stopper's */
	cpu_stop_fn_t		fn;
	void			*arg;
	struct cpu_stop_done	*done;
};

/* stop_one_cpu: run fn(arg) on cpu, wait, return its value; -ENOENT if that CPU is not up. fn must not sleep.
 * Context: thread, may sleep. */
int stop_one_cpu(unsigned int cpu, cpu_stop_fn_t fn, void *arg);
/* The same without waiting; work belongs to the stopper until fn runs. False: the CPU is not up. Context: any. */
bool stop_one_cpu_nowait(unsigned int cpu, cpu_stop_fn_t fn, void *arg, struct cpu_stop_work *work);
