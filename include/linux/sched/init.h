/* SPDX-License-Identifier: MIT */
#pragma once
/* Starting the scheduler; for kernel/main.c, fork.c and cpu.c only. */
#include <linux/types.h>

struct task_struct;
struct cpumask;

/* The boot thread becomes CPU 0's idle thread. Context: once, interrupts off, per-CPU areas and clock set up. */
void sched_init(void);
/* idle becomes the idle thread of a CPU that is not up yet. */
void init_idle(struct task_struct *idle, int cpu);
/* A new task's scheduling part: copied from the parent, in state NEW. */
void sched_fork(struct task_struct *p);
/* Steps of a CPU that comes up or goes away (kernel/cpuhp.c), on that CPU. Activate, deactivate: threads may be put on
 * it from now on, or not any more, and those that were are moved. Dying: the last are moved; interrupts off.
 * Return: 0. */
int sched_cpu_activate(unsigned int cpu);
int sched_cpu_deactivate(unsigned int cpu);
int sched_cpu_dying(unsigned int cpu);
/* p, bound to a CPU, becomes its stop thread. */
void sched_set_stop_task(struct task_struct *p);
/* The mask of a thread that sleeps and has never run, for life. */
void kthread_set_cpus(struct task_struct *p, const struct cpumask *mask);
/* A thread's last schedule(). */
void __attribute__((noreturn)) do_task_dead(void);
