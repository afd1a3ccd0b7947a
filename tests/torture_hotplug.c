/* SPDX-License-Identifier: MIT */
/*
 * Torture of CPUs: the upper half of them goes and comes back while all the others work; threads that each CPU has one
 * of are registered and unregistered meanwhile. What must hold:
 *
 *	a CPU that has gone is not online, one that has come is, and nobody's answer is an unexpected error
 *	a per-CPU thread runs on its CPU only; registered, each online CPU's comes to run; unregistered, none is left
 */
#include "torture.h"

#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/fault-inject.h>
#include <linux/kthread.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/smp.h>
#include <linux/smpboot.h>

/* One at a time takes CPUs away, so that what he sees afterwards is what he did. */
static DEFINE_MUTEX(hotplug_lock);

static void switch_cpu(unsigned int cpu, bool on)
{
	int ret = on ? add_cpu(cpu) : remove_cpu(cpu);

	if (ret || cpu_online(cpu) != on)
		test_blame("CPU %u: %s answers %d, and it is %s", cpu, on ? "add_cpu()" : "remove_cpu()", ret,
			   cpu_online(cpu) ? "online" : "offline");
}

static void op_switch(struct actor *a)
{
	unsigned int cpu = torture_stable_cpus() + draw(a, nr_cpu_ids);

	if (cpu >= nr_cpu_ids)
		return;
	mutex_lock(&hotplug_lock);
	switch_cpu(cpu, !cpu_online(cpu));
	mutex_unlock(&hotplug_lock);
}

/* ---- a thread on each CPU ---- */

static DEFINE_PER_CPU(struct task_struct *, per_cpu_thread);
static DEFINE_PER_CPU(int, asked);	/* for so many runs, as the next counts down */
static DEFINE_MUTEX(register_lock);

static int should_run(unsigned int cpu)
{
	return per_cpu(asked, cpu) > 0;
}

static void run(unsigned int cpu)
{
	if (smp_processor_id() != cpu)
		test_blame("the thread of CPU %u runs on CPU %d", cpu, smp_processor_id());
	per_cpu(asked, cpu) = 0;
}

static struct smp_hotplug_thread each = {
	.store = &per_cpu_thread, .thread_should_run = should_run, .thread_fn = run, .thread_comm = "torture/%u",
};

static bool all_have_run(void)
{
	unsigned int cpu;

	for_each_online_cpu(cpu)
		if (READ_ONCE(per_cpu(asked, cpu)))
			return false;
	return true;
}

/* With the CPUs as they are: who asks them all must not meet one that comes or goes. */
static void ask_all(void)
{
	unsigned int cpu;

	cpus_read_lock();
	for_each_online_cpu(cpu) {
		WRITE_ONCE(per_cpu(asked, cpu), 1);
		wake_up_process(per_cpu(per_cpu_thread, cpu));
	}
	if (!eventually(all_have_run()))
		test_blame("a per-CPU thread does not run");
	cpus_read_unlock();
}

static void op_register(struct actor *a)
{
	bool struck;
	int ret;

	mutex_lock(&register_lock);
	fail_nth_arm(1 + draw(a, 30));
	ret = smpboot_register_percpu_thread(&each);
	struck = fail_nth_disarm();
	if (ret && (!struck || ret != -ENOMEM))
		test_blame("smpboot_register_percpu_thread(): %d, and %s allocation failed", ret, struck ? "an" : "no");
	if (!ret) {
		ask_all();
		smpboot_unregister_percpu_thread(&each);
	}
	mutex_unlock(&register_lock);
}

static void end(void)
{
	for (unsigned int cpu = 1; cpu < nr_cpu_ids; cpu++)
		if (!cpu_online(cpu))
			switch_cpu(cpu, true);
}

static const struct torture_op ops[] = {
	{ "switch", op_switch, 2 }, { "register", op_register, 1 },
};

TORTURE(hotplug, ops, .end = end, .actors = 2);
