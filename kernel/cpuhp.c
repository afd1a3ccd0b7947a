/* SPDX-License-Identifier: MIT */
/*
 * The list of steps between a CPU that is down and one that is up, and cpuhp/N, which takes those that belong on the
 * CPU itself.
 *
 *	OFFLINE					who takes the step
 *	  | ^	threads, memory, timers ...	the thread that asked, on another CPU
 *	BRINGUP_CPU		(cpu.c starts it)
 *	  | ^	scheduler, interrupts, calls	the CPU, interrupts off
 *	AP_ONLINE		(cpu.c stops it)
 *	  | ^	per-CPU threads, workqueues ...	cpuhp/N
 *	ONLINE
 *
 * Each CPU's `state` says how far it is. Going up calls `startup` of each step, going down `teardown` in the opposite
 * order; if one fails, what has been done in this direction is undone, and the CPU is where it was.
 *
 * A step that is added when CPUs are up already is taken for each of them at once, as if it had always been there.
 *
 * The static steps stand in the table below: a reader sees there in one place what a CPU needs. Modules get one of the
 * _DYN places.
 *
 * Locking: cpus_write_lock() for moving a CPU. Changing the table: cpus_read_lock(), so that no CPU moves, and
 * cpuhp_state_mutex. So cpuhp/N is asked by one thread at a time.
 * Read next: cpu.c.
 */
#include "cpuhp.h"
#include <linux/bug.h>
#include <linux/cpu.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/hrtimer.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/printk.h>
#include <linux/rcutree.h>
#include <linux/sched/init.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/smpboot.h>
#include <linux/stop_machine.h>
#include <linux/timer.h>
#include <linux/workqueue.h>
#include <trace/events/cpuhp.h>
#include "smpboot.h"

struct cpuhp_step {
	const char	*name;		/* NULL: no such step */
	cpuhp_fn_t	startup;
	cpuhp_fn_t	teardown;
};

/* Only when the CPU is up, so that one which does not come has no workers. */
static int workqueue_up(unsigned int cpu)
{
	return workqueue_prepare_cpu(cpu) ?: workqueue_online_cpu(cpu);
}

/* Written under cpuhp_state_mutex. */
static struct cpuhp_step steps[CPUHP_ONLINE + 1] = {
	[CPUHP_CREATE_THREADS]		= { "threads:prepare", smpboot_create_threads, smpboot_destroy_unused },
	[CPUHP_HRTIMERS_PREPARE]	= { "hrtimers:dead", NULL, hrtimers_dead_cpu },
	[CPUHP_TIMERS_PREPARE]		= { "timers:dead", NULL, timers_dead_cpu },
	[CPUHP_SOFTIRQ_DEAD]		= { "softirq:dead", NULL, softirq_dead_cpu },
	[CPUHP_RCUTREE_PREP]		= { "RCU/tree:dead", NULL, rcutree_dead_cpu },
	[CPUHP_PAGE_ALLOC]		= { "mm:dead", NULL, page_alloc_dead_cpu },
	[CPUHP_SLAB_PREPARE]		= { "slab:dead", NULL, slab_dead_cpu },
	[CPUHP_STACK_CACHE]		= { "stack cache:dead", NULL, thread_stacks_dead_cpu },
	[CPUHP_BRINGUP_CPU]		= { "cpu:bringup", NULL, NULL },

	[CPUHP_AP_SCHED_STARTING]	= { "sched:dying", NULL, sched_cpu_dying },
	[CPUHP_AP_IRQ_AFFINITY_DYING]	= { "irq:dying", NULL, irq_dying_cpu },
	[CPUHP_AP_SMPCFD_DYING]		= { "smpcfd:dying", NULL, smpcfd_dying_cpu },
	[CPUHP_AP_ONLINE]		= { "stop:online", cpu_stop_online, stop_machine_park },

	[CPUHP_TEARDOWN_CPU]		= { "cpu:teardown", NULL, NULL },
	[CPUHP_AP_SMPBOOT_THREADS]	= { "smpboot/threads:online", smpboot_unpark_threads, smpboot_park_threads },
	[CPUHP_AP_WORKQUEUE_ONLINE]	= { "workqueue:online", workqueue_up, workqueue_offline_cpu },
	[CPUHP_AP_ACTIVE]		= { "sched:active", sched_cpu_activate, sched_cpu_deactivate },
	[CPUHP_ONLINE]			= { "online", NULL, NULL },
};

static DEFINE_MUTEX(cpuhp_state_mutex);
static DEFINE_PER_CPU(struct cpuhp_cpu_state, cpuhp_states);

struct cpuhp_cpu_state *cpuhp_state_of(unsigned int cpu)
{
	return per_cpu_ptr(&cpuhp_states, cpu);
}

/* ---- taking steps ---- */

static bool is_ap_state(enum cpuhp_state state)
{
	return state > CPUHP_BRINGUP_CPU && state != CPUHP_TEARDOWN_CPU;
}

static bool is_atomic_state(enum cpuhp_state state)
{
	return state >= CPUHP_AP_OFFLINE && state <= CPUHP_AP_ONLINE;
}

/* Those on the CPU with interrupts off; and when the CPU has gone, there is no way back. */
static bool must_not_fail(enum cpuhp_state state, bool bringup)
{
	return is_atomic_state(state) || (!bringup && state < CPUHP_BRINGUP_CPU);
}

static int take_step(unsigned int cpu, enum cpuhp_state state, bool bringup)
{
	cpuhp_fn_t fn = bringup ? steps[state].startup : steps[state].teardown;
	int ret;

	if (!fn)
		return 0;
	trace_cpuhp_enter(cpu, bringup ? CPUHP_ONLINE : CPUHP_OFFLINE, state, fn);
	ret = fn(cpu);
	trace_cpuhp_exit(cpu, cpuhp_state_of(cpu)->state, state, ret);
	if (!ret || !must_not_fail(state, bringup))
		return ret;
	WARN_ONCE(1, "CPU %u: step %s (%ps) failed (%pe), but must not\n", cpu, steps[state].name, fn, ERR_PTR(ret));
	return 0;
}

/* Back to where it was, because the step after st->state failed. That something fails now, too, is not provided for. */
static void undo(unsigned int cpu, struct cpuhp_cpu_state *st, enum cpuhp_state to, bool bringup, int error)
{
	enum cpuhp_state state;
	int ret;

	pr_warn("cpu: CPU %u: step %s failed (%pe), undone\n", cpu, steps[bringup ? st->state + 1 : st->state].name,
		ERR_PTR(error));
	while (st->state != to) {
		state = bringup ? st->state : st->state + 1;
		ret = take_step(cpu, state, !bringup);
		if (ret)
			pr_err("cpu: CPU %u: undoing step %s failed, too (%pe)\n", cpu, steps[state].name,
			       ERR_PTR(ret));
		st->state += bringup ? -1 : 1;
	}
}

int cpuhp_go_up(unsigned int cpu, enum cpuhp_state target)
{
	struct cpuhp_cpu_state *st = cpuhp_state_of(cpu);
	enum cpuhp_state from = st->state;
	int ret;

	while (st->state < target) {
		ret = take_step(cpu, st->state + 1, true);
		if (ret) {
			undo(cpu, st, from, true, ret);
			return ret;
		}
		st->state++;
	}
	return 0;
}

int cpuhp_go_down(unsigned int cpu, enum cpuhp_state target)
{
	struct cpuhp_cpu_state *st = cpuhp_state_of(cpu);
	enum cpuhp_state from = st->state;
	int ret;

	while (st->state > target) {
		ret = take_step(cpu, st->state, false);
		if (ret) {
			undo(cpu, st, from, false, ret);
			return ret;
		}
		st->state--;
	}
	return 0;
}

/* ---- cpuhp/N ---- */

static int cpuhp_should_run(unsigned int cpu)
{
	/* ORDER(cpuhp-ask): who sees that something is asked sees what. */
	return smp_load_acquire(&cpuhp_state_of(cpu)->should_run);
}

static int take_single_step(unsigned int cpu, struct cpuhp_cpu_state *st)
{
	unsigned long flags;
	int ret;

	if (!is_atomic_state(st->asked))
		return take_step(cpu, st->asked, st->bringup);
	local_irq_save(flags);
	ret = take_step(cpu, st->asked, st->bringup);
	local_irq_restore(flags);
	return ret;
}

static void cpuhp_run(unsigned int cpu)
{
	struct cpuhp_cpu_state *st = cpuhp_state_of(cpu);

	if (st->single)
		st->result = take_single_step(cpu, st);
	else
		st->result = st->bringup ? cpuhp_go_up(cpu, st->asked) : cpuhp_go_down(cpu, st->asked);
	WRITE_ONCE(st->should_run, false);
	complete(&st->done);
}

static struct smp_hotplug_thread cpuhp_threads = {
	.store = &cpuhp_states.thread,
	.thread_should_run = cpuhp_should_run,
	.thread_fn = cpuhp_run,
	.selfparking = true,	/* it parks the others, and is parked by who stops the CPU */
	.thread_comm = "cpuhp/%u",
};

static int ask(struct cpuhp_cpu_state *st, enum cpuhp_state asked, bool single, bool bringup)
{
	st->asked = asked;
	st->single = single;
	st->bringup = bringup;
	/* ORDER(cpuhp-ask): it may be awake still from the last time, and look before we wake it. */
	smp_store_release(&st->should_run, true);
	wake_up_process(st->thread);
	wait_for_completion(&st->done);
	return st->result;
}

int cpuhp_ask_cpu(unsigned int cpu, enum cpuhp_state target)
{
	struct cpuhp_cpu_state *st = cpuhp_state_of(cpu);

	return ask(st, target, false, target > st->state);
}

bool cpuhp_is_changing(void)
{
	return this_cpu_read(cpuhp_states.thread) == current && READ_ONCE(this_cpu_ptr(&cpuhp_states)->should_run);
}

void __init cpuhp_threads_init(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		struct cpuhp_cpu_state *st = cpuhp_state_of(cpu);

		init_completion(&st->alive);
		init_completion(&st->dead);
		init_completion(&st->done);
		st->state = cpu_online(cpu) ? CPUHP_ONLINE : CPUHP_OFFLINE;
	}
	if (smpboot_register_percpu_thread(&cpuhp_threads))
		panic("no memory for cpuhp/0");
	kthread_unpark(cpuhp_state_of(0)->thread);
}

/* ---- adding and removing steps ---- */

/* One step of a CPU that is past it: by the CPU itself, if it belongs there and cpuhp/N is there already. */
static int take_step_late(unsigned int cpu, enum cpuhp_state state, bool bringup)
{
	struct cpuhp_cpu_state *st = cpuhp_state_of(cpu);

	if (is_ap_state(state) && st->thread)
		return ask(st, state, true, bringup);
	return take_step(cpu, state, bringup);
}

/* Before cpuhp_threads_init() the boot CPU is the only one, and up. */
static bool is_past(unsigned int cpu, enum cpuhp_state state)
{
	return cpuhp_state_of(cpu)->thread ? cpuhp_state_of(cpu)->state >= state : cpu_online(cpu);
}

static void teardown_before(enum cpuhp_state state, unsigned int end)
{
	unsigned int cpu;

	for_each_present_cpu(cpu)
		if (cpu < end && is_past(cpu, state))
			take_step_late(cpu, state, false);
}

static int startup_all(enum cpuhp_state state)
{
	unsigned int cpu;
	int ret;

	for_each_present_cpu(cpu) {
		if (!is_past(cpu, state))
			continue;
		ret = take_step_late(cpu, state, true);
		if (ret) {
			teardown_before(state, cpu);
			return ret;
		}
	}
	return 0;
}

static int find_free(enum cpuhp_state first, enum cpuhp_state end)
{
	enum cpuhp_state state;

	for (state = first; state <= end; state++)
		if (!steps[state].name)
			return state;
	WARN(1, "cpuhp_setup_state(): all %d places are taken: a cpuhp_remove_state() forgotten?\n", end - first + 1);
	return -ENOSPC;
}

/* Return: the place, or an error. */
static int find_place(enum cpuhp_state state)
{
	if (state == CPUHP_AP_ONLINE_DYN)
		return find_free(CPUHP_AP_ONLINE_DYN, CPUHP_AP_ONLINE_DYN_END);
	if (state == CPUHP_BP_PREPARE_DYN)
		return find_free(CPUHP_BP_PREPARE_DYN, CPUHP_BP_PREPARE_DYN_END);
	if (state <= CPUHP_OFFLINE || state >= CPUHP_ONLINE)
		return -EINVAL;
	return steps[state].name ? -EBUSY : state;
}

int __cpuhp_setup_state_cpuslocked(enum cpuhp_state state, const char *name, bool invoke, cpuhp_fn_t startup,
				   cpuhp_fn_t teardown)
{
	int place, ret = 0;

	lockdep_assert_cpus_held();
	if (!name)
		return -EINVAL;
	mutex_lock(&cpuhp_state_mutex);
	place = find_place(state);
	if (place > 0) {
		steps[place] = (struct cpuhp_step){ name, startup, teardown };
		ret = invoke && startup ? startup_all(place) : 0;
		if (ret)
			steps[place] = (struct cpuhp_step){ };
	}
	mutex_unlock(&cpuhp_state_mutex);
	if (place < 0 || ret)
		return place < 0 ? place : ret;
	return state == CPUHP_AP_ONLINE_DYN || state == CPUHP_BP_PREPARE_DYN ? place : 0;
}
EXPORT_SYMBOL(__cpuhp_setup_state_cpuslocked);

int __cpuhp_setup_state(enum cpuhp_state state, const char *name, bool invoke, cpuhp_fn_t startup, cpuhp_fn_t teardown)
{
	int ret;

	cpus_read_lock();
	ret = __cpuhp_setup_state_cpuslocked(state, name, invoke, startup, teardown);
	cpus_read_unlock();
	return ret;
}
EXPORT_SYMBOL(__cpuhp_setup_state);

void __cpuhp_remove_state_cpuslocked(enum cpuhp_state state, bool invoke)
{
	lockdep_assert_cpus_held();
	if (WARN(state <= CPUHP_OFFLINE || state >= CPUHP_ONLINE || !steps[state].name,
		 "cpuhp_remove_state(%d): there is no such step. For a _DYN one it is the number that "
		 "cpuhp_setup_state() returned\n", state))
		return;
	mutex_lock(&cpuhp_state_mutex);
	if (invoke && steps[state].teardown)
		teardown_before(state, nr_cpu_ids);
	steps[state] = (struct cpuhp_step){ };
	mutex_unlock(&cpuhp_state_mutex);
}
EXPORT_SYMBOL(__cpuhp_remove_state_cpuslocked);

void __cpuhp_remove_state(enum cpuhp_state state, bool invoke)
{
	cpus_read_lock();
	__cpuhp_remove_state_cpuslocked(state, invoke);
	cpus_read_unlock();
}
EXPORT_SYMBOL(__cpuhp_remove_state);
