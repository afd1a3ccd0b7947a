/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What has to be done when a CPU comes up and when it goes away: a list of steps, each with its undoing.
 *
 * A CPU that comes up climbs the list, calling each step's startup; one that goes down climbs back, calling each
 * step's teardown. Whoever keeps something for each CPU adds a step. In a module:
 *
 *	state = cpuhp_setup_state(CPUHP_AP_ONLINE_DYN, "mine:online", mine_up, mine_down);	> 0, or an error
 *	cpuhp_remove_state(state);
 *
 * To know only that no CPU comes or goes for a while: cpus_read_lock(), <linux/cpu.h>.
 * Semantics: Linux's Documentation/core-api/cpu_hotplug.rst.
 */
#include <linux/types.h>

/*
 * The list. Where a step stands says who makes the call and when:
 *
 * below CPUHP_BRINGUP_CPU	the CPU is not up (yet, any more): on the CPU of who asked for it. May sleep
 * CPUHP_AP_OFFLINE to _ONLINE	on the CPU itself, interrupts off, before anything else runs there or after everything
 *				else ran. Must not fail
 * above			on the CPU itself, in its thread cpuhp/N. May sleep
 *
 * A startup may fail (but for the middle part): then the steps below are undone and the CPU stays down. A teardown
 * may fail above: then the CPU stays up. In the other two parts it must not: that WARNs and counts as done.
 */
enum cpuhp_state {
	CPUHP_INVALID = -1,

	CPUHP_OFFLINE = 0,
	CPUHP_CREATE_THREADS,
	CPUHP_HRTIMERS_PREPARE,
	CPUHP_TIMERS_PREPARE,
	CPUHP_SOFTIRQ_DEAD,
	CPUHP_RCUTREE_PREP,
	CPUHP_PAGE_ALLOC,
	CPUHP_SLAB_PREPARE,
	CPUHP_STACK_CACHE,
	CPUHP_BP_PREPARE_DYN,
	CPUHP_BP_PREPARE_DYN_END	= CPUHP_BP_PREPARE_DYN + 20,
	CPUHP_BRINGUP_CPU,

	CPUHP_AP_OFFLINE,
	CPUHP_AP_SCHED_STARTING,
	CPUHP_AP_RCUTREE_DYING,
	CPUHP_AP_IRQ_AFFINITY_DYING,
	CPUHP_AP_SMPCFD_DYING,
	CPUHP_AP_ONLINE,

	CPUHP_TEARDOWN_CPU,
	CPUHP_AP_SMPBOOT_THREADS,
	CPUHP_AP_WORKQUEUE_ONLINE,
	CPUHP_AP_RCUTREE_ONLINE,
	CPUHP_AP_ONLINE_DYN,
	CPUHP_AP_ONLINE_DYN_END		= CPUHP_AP_ONLINE_DYN + 30,
	CPUHP_AP_ACTIVE,
	CPUHP_ONLINE,
};

typedef int (*cpuhp_fn_t)(unsigned int cpu);

/* All of them; the names below say what Linux's callers say. */
int __cpuhp_setup_state(enum cpuhp_state state, const char *name, bool invoke, cpuhp_fn_t startup, cpuhp_fn_t teardown);
int __cpuhp_setup_state_cpuslocked(enum cpuhp_state state, const char *name, bool invoke, cpuhp_fn_t startup,
				   cpuhp_fn_t teardown);
void __cpuhp_remove_state(enum cpuhp_state state, bool invoke);
void __cpuhp_remove_state_cpuslocked(enum cpuhp_state state, bool invoke);

/*
 * cpuhp_setup_state: from now on these are called when a CPU passes `state`; either may be NULL. For each CPU that has
 * passed it already, startup is called now. The _nocalls form leaves that out. The _cpuslocked forms are for callers
 * that hold cpus_read_lock(). CPUHP_AP_ONLINE_DYN and CPUHP_BP_PREPARE_DYN take the next free place there.
 * Return: 0, for the _DYN ones the place taken (> 0); -EBUSY: that place is taken; -ENOSPC: no place left; -EINVAL; or
 * startup's error: then it is undone on those CPUs where it was done, and the step is not there.
 * Context: thread, may sleep. Differs from Linux: no steps with many instances.
 */
static inline int cpuhp_setup_state(enum cpuhp_state state, const char *name, cpuhp_fn_t startup, cpuhp_fn_t teardown)
{
	return __cpuhp_setup_state(state, name, true, startup, teardown);
}
static inline int cpuhp_setup_state_nocalls(enum cpuhp_state state, const char *name, cpuhp_fn_t startup,
					    cpuhp_fn_t teardown)
{
	return __cpuhp_setup_state(state, name, false, startup, teardown);
}
static inline int cpuhp_setup_state_cpuslocked(enum cpuhp_state state, const char *name, cpuhp_fn_t startup,
					       cpuhp_fn_t teardown)
{
	return __cpuhp_setup_state_cpuslocked(state, name, true, startup, teardown);
}
static inline int cpuhp_setup_state_nocalls_cpuslocked(enum cpuhp_state state, const char *name, cpuhp_fn_t startup,
						       cpuhp_fn_t teardown)
{
	return __cpuhp_setup_state_cpuslocked(state, name, false, startup, teardown);
}

/*
 * cpuhp_remove_state: the step is there no more; teardown is called for each CPU that is past it. _nocalls: it is not.
 * `state`: what was given to cpuhp_setup_state(), or for the _DYN ones what it returned. Context: thread, may sleep.
 */
static inline void cpuhp_remove_state(enum cpuhp_state state)
{
	__cpuhp_remove_state(state, true);
}
static inline void cpuhp_remove_state_nocalls(enum cpuhp_state state)
{
	__cpuhp_remove_state(state, false);
}
static inline void cpuhp_remove_state_nocalls_cpuslocked(enum cpuhp_state state)
{
	__cpuhp_remove_state_cpuslocked(state, false);
}
