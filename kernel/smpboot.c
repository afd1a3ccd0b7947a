/* SPDX-License-Identifier: MIT */
/*
 * Threads that every CPU has one of: migration/N, ksoftirqd/N, cpuhp/N, and what others register.
 *
 * Whoever wants such threads fills in a struct smp_hotplug_thread. It is put on one list, and this file sees to it that
 * each CPU has its thread at the right time:
 *
 *	the CPU	    is made up		comes up	goes down	is given up, or unregistered
 *	its thread  made, parked   -->	unparked  -->	parked	  -->	stopped
 *	  calls	    create		setup/unpark	park		cleanup
 *
 * A thread is made before its CPU is up, so it cannot run there yet. It runs a moment elsewhere, parks, and gets its
 * binding (again) when it is unparked: kthread_park.c.
 *
 * They are made in the order of the list, which begins with what was registered last: so cpuhp/N, the last of the
 * kernel's own, is the first a new CPU has. Parking goes the other way round.
 *
 * Each thread's `status` says whether setup has been done, and whether park has been; the thread alone changes it.
 *
 * Locking: smpboot_threads_lock for the list, taken inside cpus_read_lock(), or by who changes the set of CPUs.
 * Read next: cpu.c.
 */
#include <linux/smpboot.h>
#include <linux/bug.h>
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/export.h>
#include <linux/kthread.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/topology.h>
#include "smpboot.h"

enum thread_status { THREAD_NONE, THREAD_ACTIVE, THREAD_PARKED };

struct smpboot_thread_data {
	unsigned int			cpu;		/* constant */
	struct smp_hotplug_thread	*ht;		/* constant */
	enum thread_status		status;		/* the thread only */
};

static DEFINE_MUTEX(smpboot_threads_lock);
static LIST_HEAD(hotplug_threads);			/* smpboot_threads_lock */

/* ---- the thread ---- */

static void call_if_set(void (*fn)(unsigned int cpu), unsigned int cpu)
{
	if (fn)
		fn(cpu);
}

static void stop_running(struct smpboot_thread_data *td)
{
	if (td->ht->cleanup && td->status != THREAD_NONE)
		td->ht->cleanup(td->cpu, cpu_online(td->cpu));
	kfree(td);
}

static void park_running(struct smpboot_thread_data *td)
{
	if (td->status == THREAD_ACTIVE) {
		BUG_ON(td->cpu != smp_processor_id());
		call_if_set(td->ht->park, td->cpu);
		td->status = THREAD_PARKED;
	}
	kthread_parkme();
}

/* It may run, here: for the first time, or again. */
static void start_running(struct smpboot_thread_data *td)
{
	BUG_ON(td->cpu != smp_processor_id());
	call_if_set(td->status == THREAD_NONE ? td->ht->setup : td->ht->unpark, td->cpu);
	td->status = THREAD_ACTIVE;
}

/* Asleep in here is where such a thread is when it has nothing to do. */
static void __sched run_or_sleep(struct smpboot_thread_data *td)
{
	struct smp_hotplug_thread *ht = td->ht;

	set_current_state(TASK_INTERRUPTIBLE);
	preempt_disable();
	WARN_ONCE(td->cpu != smp_processor_id(), "%s runs on CPU %u: its owner, who parks it himself, has not done so "
		  "before its CPU went offline\n", current->comm, smp_processor_id());
	/* ORDER(sleep-wake), ORDER(should-stop): the state first, then every look at what we could be woken for. */
	if (!kthread_should_stop_or_park() && !ht->thread_should_run(td->cpu)) {
		preempt_enable_no_resched();
		schedule();
		return;
	}
	__set_current_state(TASK_RUNNING);
	preempt_enable();
	if (!kthread_should_stop_or_park())
		ht->thread_fn(td->cpu);
}

static int smpboot_thread_fn(void *data)
{
	struct smpboot_thread_data *td = data;

	while (!kthread_should_stop()) {
		if (kthread_should_park())
			park_running(td);
		else if (td->status != THREAD_ACTIVE)
			start_running(td);
		else
			run_or_sleep(td);
	}
	stop_running(td);
	return 0;
}

/* ---- making and ending one ---- */

static struct task_struct **thread_of(struct smp_hotplug_thread *ht, unsigned int cpu)
{
	return per_cpu_ptr(ht->store, cpu);
}

static int create_thread(struct smp_hotplug_thread *ht, unsigned int cpu)
{
	struct smpboot_thread_data *td;
	struct task_struct *p;

	if (*thread_of(ht, cpu))
		return 0;
	td = kzalloc(sizeof(*td), GFP_KERNEL);
	if (!td)
		return -ENOMEM;
	td->cpu = cpu;
	td->ht = ht;
	p = kthread_create_on_cpu(smpboot_thread_fn, td, cpu, ht->thread_comm);
	if (IS_ERR(p)) {
		kfree(td);
		return PTR_ERR(p);
	}
	kthread_set_per_cpu(p, cpu);
	/* Parked, so that it starts on its CPU when that is there, and not before. */
	kthread_park(p);
	get_task_struct(p);
	WRITE_ONCE(*thread_of(ht, cpu), p);
	call_if_set(ht->create, cpu);
	return 0;
}

static void destroy_thread(struct smp_hotplug_thread *ht, unsigned int cpu)
{
	struct task_struct *p = *thread_of(ht, cpu);

	if (!p)
		return;
	kthread_stop(p);
	WRITE_ONCE(*thread_of(ht, cpu), NULL);
	put_task_struct(p);
}

static void unpark_thread(struct smp_hotplug_thread *ht, unsigned int cpu)
{
	struct task_struct *p = *thread_of(ht, cpu);

	if (p && !ht->selfparking)
		kthread_unpark(p);
}

static void park_thread(struct smp_hotplug_thread *ht, unsigned int cpu)
{
	struct task_struct *p = *thread_of(ht, cpu);

	if (p && !ht->selfparking)
		kthread_park(p);
}

/* ---- all threads of a CPU: cpu.c ---- */

int smpboot_create_threads(unsigned int cpu)
{
	struct smp_hotplug_thread *ht;
	int ret = 0;

	mutex_lock(&smpboot_threads_lock);
	list_for_each_entry(ht, &hotplug_threads, list) {
		ret = create_thread(ht, cpu);
		if (ret)
			break;
	}
	mutex_unlock(&smpboot_threads_lock);
	if (ret)
		smpboot_destroy_unused(cpu);
	return ret;
}

static bool is_unused(struct task_struct *p)
{
	/* Parked since it was made, so nobody changes its status. */
	return p && ((struct smpboot_thread_data *)kthread_data(p))->status == THREAD_NONE;
}

int smpboot_destroy_unused(unsigned int cpu)
{
	struct smp_hotplug_thread *ht;

	mutex_lock(&smpboot_threads_lock);
	list_for_each_entry(ht, &hotplug_threads, list)
		if (is_unused(*thread_of(ht, cpu)))
			destroy_thread(ht, cpu);
	mutex_unlock(&smpboot_threads_lock);
	return 0;
}

int smpboot_unpark_threads(unsigned int cpu)
{
	struct smp_hotplug_thread *ht;

	mutex_lock(&smpboot_threads_lock);
	list_for_each_entry(ht, &hotplug_threads, list)
		unpark_thread(ht, cpu);
	mutex_unlock(&smpboot_threads_lock);
	return 0;
}

int smpboot_park_threads(unsigned int cpu)
{
	struct smp_hotplug_thread *ht;

	mutex_lock(&smpboot_threads_lock);
	list_for_each_entry_reverse(ht, &hotplug_threads, list)
		park_thread(ht, cpu);
	mutex_unlock(&smpboot_threads_lock);
	return 0;
}

/* ---- registering ---- */

static void destroy_all(struct smp_hotplug_thread *ht)
{
	unsigned int cpu;

	/* Possible ones, for those that are away have parked threads. */
	for_each_possible_cpu(cpu)
		destroy_thread(ht, cpu);
}

int smpboot_register_percpu_thread(struct smp_hotplug_thread *ht)
{
	unsigned int cpu;
	int ret = 0;

	cpus_read_lock();
	mutex_lock(&smpboot_threads_lock);
	for_each_online_cpu(cpu) {
		ret = create_thread(ht, cpu);
		if (ret)
			break;
		unpark_thread(ht, cpu);
	}
	if (ret)
		destroy_all(ht);
	else
		list_add(&ht->list, &hotplug_threads);
	mutex_unlock(&smpboot_threads_lock);
	cpus_read_unlock();
	return ret;
}
EXPORT_SYMBOL_GPL(smpboot_register_percpu_thread);

void smpboot_unregister_percpu_thread(struct smp_hotplug_thread *ht)
{
	cpus_read_lock();
	mutex_lock(&smpboot_threads_lock);
	list_del(&ht->list);
	destroy_all(ht);
	mutex_unlock(&smpboot_threads_lock);
	cpus_read_unlock();
}
EXPORT_SYMBOL_GPL(smpboot_unregister_percpu_thread);
