/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * CPUs coming up and going away.
 *
 * Code that counts on a set of CPUs says so: cpus_read_lock() if it may sleep meanwhile, preempt_disable() if not. Code
 * that has to do something when a CPU comes or goes adds a step: <linux/cpuhotplug.h>.
 * Semantics: Linux's Documentation/core-api/cpu_hotplug.rst.
 */
#include <linux/cpumask.h>
#include <linux/cpuhotplug.h>
#include <linux/upcall.h>

/*
 * cpus_read_lock, cpus_read_unlock, in <linux/upcall.h>: in between, no CPU comes up or goes away. Many may hold it. In
 * a hotplug callback they do nothing, and WARN: there the set is held anyway. cpus_read_trylock: 1, or 0 at once.
 * lockdep_assert_cpus_held: WARNs if nobody holds it at all.
 * Differs from Linux: who holds it may take it again, even if somebody waits to change the set.
 * get_online_cpus, put_online_cpus: the older names. Context: thread, may sleep.
 */
int cpus_read_trylock(void);
void lockdep_assert_cpus_held(void);
static inline void get_online_cpus(void) { cpus_read_lock(); }
static inline void put_online_cpus(void) { cpus_read_unlock(); }

/* cpus_write_lock: for who changes the set: alone, readers wait. Context: thread, may sleep. */
void cpus_write_lock(void);
void cpus_write_unlock(void);

/*
 * remove_cpu: take a CPU offline. Its timers, interrupts and threads go to others, its own threads park, and it halts.
 * A thread that may run nowhere else is set free to run everywhere, with a message. add_cpu: bring it (back) up.
 * Return: 0; 1: it is so already; -EINVAL: there is no such CPU; -EBUSY: it is the last one, or CPU 0 (INIT would
 * restart that one at the firmware's first instruction: the PC's boot CPU cannot be told to wait), or
 * cpu_hotplug_disable() is in force; -EIO: it did not answer; -EDEADLK and a WARN: called in a hotplug callback; or the
 * error of the step that failed: then the CPU is what it was.
 * cpu_down, cpu_up: the older names; 0 if it is so already. Context: thread, may sleep; not in a hotplug callback.
 */
int remove_cpu(unsigned int cpu);
int add_cpu(unsigned int cpu);
int cpu_down(unsigned int cpu);
int cpu_up(unsigned int cpu);

/* cpu_hotplug_disable: the four above say -EBUSY until as many cpu_hotplug_enable(). Context: thread, may sleep. */
void cpu_hotplug_disable(void);
void cpu_hotplug_enable(void);

/* cpu_is_hotpluggable: may this CPU be taken away? */
static inline bool cpu_is_hotpluggable(unsigned int cpu)
{
	return cpu && cpu_possible(cpu);
}
#define cpu_is_offline(cpu)	unlikely(!cpu_online(cpu))

/* smp_init: start every present CPU but this one. Context: thread, may sleep. */
void smp_init(void);
/* cpu_startup_entry: what an idle thread does for the rest of its life. */
void __noreturn cpu_startup_entry(void);
