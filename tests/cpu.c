/* SPDX-License-Identifier: MIT */
/*
 * Every CPU that the machine has is online, has an idle thread of its own, and runs threads.
 */
#include "test.h"

#include <linux/cpumask.h>
#include <linux/kthread.h>
#include <linux/percpu.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <asm/processor.h>

TEST(cpu_all_possible_are_online)
{
	EXPECT_EQ(num_online_cpus(), num_possible_cpus());
	EXPECT(cpumask_subset(cpu_online_mask, cpu_present_mask));
	EXPECT(cpu_online(0));
	EXPECT_EQ(cpumask_weight(cpu_online_mask), num_online_cpus());
	return NULL;
}

TEST(cpu_each_has_an_idle_thread_of_its_own)
{
	int cpu;

	for_each_online_cpu(cpu) {
		struct task_struct *idle = idle_task(cpu);
		char name[16];

		snprintf(name, sizeof(name), "swapper/%d", cpu);
		EXPECT(idle);
		EXPECT_EQ(idle->pid, 0);
		EXPECT(strcmp(idle->comm, name) == 0);
		EXPECT_EQ(task_cpu(idle), cpu);
		EXPECT(is_idle_task(idle));
	}
	EXPECT(idle_task(0) == &init_task);
	return NULL;
}

static int where(void *data)
{
	*(int *)data = smp_processor_id();
	return 0;
}

TEST(cpu_each_runs_threads)
{
	int cpu, ran_on;

	for_each_online_cpu(cpu) {
		struct task_struct *p;

		ran_on = -1;
		p = test_start(cpu, where, &ran_on, "test/where");
		EXPECT(eventually(READ_ONCE(ran_on) == cpu));
		test_join(p);
	}
	return NULL;
}

static void read_flags(void *data)
{
	unsigned long *flags = data;

	flags[smp_processor_id()] = read_cr4();
}

TEST(cpu_all_have_the_same_protections_on, .cpus = 2)
{
	static unsigned long flags[NR_CPUS];
	int cpu;

	on_each_cpu(read_flags, flags, 1);
	for_each_online_cpu(cpu)
		if (flags[cpu] != flags[0])
			return test_fail("CR4 is %lx on CPU 0 and %lx on CPU %d", flags[0], flags[cpu], cpu);
	return NULL;
}
