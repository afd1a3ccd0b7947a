/* SPDX-License-Identifier: MIT */
#pragma once
/* Between the two halves of hotplug: cpuhp.c has the list of steps and who takes them, cpu.c starts and stops CPUs. */
#include <linux/completion.h>
#include <linux/cpuhotplug.h>

struct task_struct;

/* A CPU's place on the list. Written by who moves it: alone, because he holds cpus_write_lock(). */
struct cpuhp_cpu_state {
	enum cpuhp_state	state;		/* the last step that has been taken */
	struct task_struct	*idle;		/* its idle thread, once made; kept while it is down */
	struct completion	alive, dead;	/* says the CPU itself; waited for by who starts or stops it */

	/* What cpuhp/N is asked for, between should_run and done. */
	struct task_struct	*thread;
	bool			should_run;
	bool			single;		/* one step only, `asked`; else go until there */
	bool			bringup;
	enum cpuhp_state	asked;
	int			result;
	struct completion	done;
};

struct cpuhp_cpu_state *cpuhp_state_of(unsigned int cpu);

/*
 * Take the steps to `target`, in the calling thread. Return: 0; or the error of the step that failed, and the CPU is
 * where it was. cpuhp_ask_cpu: in cpuhp/N. cpuhp_dying: on the CPU itself, interrupts off; steps that cannot fail.
 */
int cpuhp_go_up(unsigned int cpu, enum cpuhp_state target);
int cpuhp_go_down(unsigned int cpu, enum cpuhp_state target);
int cpuhp_ask_cpu(unsigned int cpu, enum cpuhp_state target);

/* Register cpuhp/N. Context: PID 1, once, before the other CPUs. */
void cpuhp_threads_init(void);

/* Is the caller taking part in a change of the set of CPUs, as cpuhp/N or as who asked for it? */
bool cpuhp_is_changing(void);
