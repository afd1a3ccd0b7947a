/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Threads that every CPU has one of: describe the thread once, and each CPU that is there or comes up gets its own,
 * bound to it, named by its number. When a CPU goes away its thread parks, and goes on when the CPU is back.
 *
 * For one thread on one CPU use kthread_create_on_cpu(); for work that any thread may do there, a workqueue.
 * Semantics: Linux's include/linux/smpboot.h.
 */
#include <linux/types.h>
#include <linux/list.h>
#include <asm/percpu.h>

struct task_struct;

/*
 * The thread's loop is smpboot's; these are its parts. All are called in the CPU's own thread, on that CPU, but for
 * create and cleanup. Those that may be NULL are marked so.
 *
 * store		where each CPU's task_struct is kept: a per-CPU variable
 * thread_should_run	is there anything to do? Called in the state to sleep in, preemption off: look, don't wait
 * thread_fn		do it. Preemptible; may sleep
 * create		NULL or: the thread is there, parked. Called by whoever makes it
 * setup		NULL or: the first thing the thread does on its CPU
 * cleanup		NULL or: the last thing, if setup was done; online: is its CPU up? (If not, it runs elsewhere)
 * park, unpark		NULL or: its CPU goes away; is back
 * selfparking		its owner parks and unparks it himself
 * thread_comm		its name, a format that gets the CPU's number: "mine/%u"
 */
struct smp_hotplug_thread {
	struct task_struct * __percpu *store;
	struct list_head	list;		/* smpboot_threads_lock */
	int			(*thread_should_run)(unsigned int cpu);
	void			(*thread_fn)(unsigned int cpu);
	void			(*create)(unsigned int cpu);
	void			(*setup)(unsigned int cpu);
	void			(*cleanup)(unsigned int cpu, bool online);
	void			(*park)(unsigned int cpu);
	void			(*unpark)(unsigned int cpu);
	bool			selfparking;
	const char		*thread_comm;
};

/*
 * smpboot_register_percpu_thread: make one on each online CPU and start it, unless it is selfparking; from now on CPUs
 * that come up get one, too. Return: 0; or an error, and none is left.
 * smpboot_unregister_percpu_thread: stop all of them. Both must not be called from a hotplug callback or such a thread.
 * Context: thread, may sleep.
 */
int smpboot_register_percpu_thread(struct smp_hotplug_thread *plug_thread);
void smpboot_unregister_percpu_thread(struct smp_hotplug_thread *plug_thread);
