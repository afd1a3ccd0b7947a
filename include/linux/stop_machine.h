/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Run a function on another CPU in its highest thread, migration/N, above every other thread there; or with all CPUs
 * standing still. For a function that may run in interrupt context, smp_call_function_single() is cheaper.
 */
#include <linux/list.h>
#include <linux/types.h>

struct cpumask;

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

/*
 * stop_machine: run fn(data) on the CPUs of `cpus` (NULL: on one), at a moment when all online CPUs have stopped what
 * they did, interrupts off, and go on only when fn has returned everywhere. So fn sees nothing half done that is done
 * with preemption disabled. It must not sleep, nor wait for anybody. _cpuslocked: the caller has cpus_read_lock().
 * Return: 0, or what an fn returned that was not 0. Context: thread, may sleep.
 */
int stop_machine(cpu_stop_fn_t fn, void *data, const struct cpumask *cpus);
int stop_machine_cpuslocked(cpu_stop_fn_t fn, void *data, const struct cpumask *cpus);

/*
 * For kernel/cpu.c. cpu_stop_init: migration/N for every CPU; PID 1, once. cpu_stop_online: works for this CPU are
 * taken from now on, stop_machine_unpark: and done. stop_machine_park: no new ones are taken, and when the last is done
 * the thread parks; called by the thread itself.
 */
void cpu_stop_init(void);
int cpu_stop_online(unsigned int cpu);
void stop_machine_unpark(unsigned int cpu);
int stop_machine_park(unsigned int cpu);
