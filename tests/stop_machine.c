/* SPDX-License-Identifier: MIT */
/*
 * Stopping one CPU's threads, or the whole machine, to do something undisturbed.
 */
#include "test.h"

#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/irqflags.h>
#include <linux/kthread.h>
#include <linux/preempt.h>
#include <linux/smp.h>
#include <linux/stop_machine.h>

static int where_am_i(void *data)
{
	BLAME_UNLESS(!preemptible());
	*(int *)data = smp_processor_id();
	return 7;
}

TEST(stop_one_cpu_runs_the_function_there_and_returns_its_value)
{
	int cpu, ran_on;

	for_each_online_cpu(cpu) {
		ran_on = -1;
		EXPECT_EQ(stop_one_cpu(cpu, where_am_i, &ran_on), 7);
		EXPECT_EQ(ran_on, cpu);
	}
	return NULL;
}

static const char *stop_each_other(struct crew *c, int who)
{
	for (int i = 0; i < test_rounds(100); i++) {
		int cpu = (who + i) % num_online_cpus(), ran_on = -1;

		EXPECT_EQ(stop_one_cpu(cpu, where_am_i, &ran_on), 7);
		EXPECT_EQ(ran_on, cpu);
	}
	return NULL;
}

TEST(stop_one_cpu_by_all_at_once_does_all_works)
{
	struct crew c = { .fn = stop_each_other, .n = 8 };

	return crew_run(&c);
}

static struct {
	atomic_t calls, inside;
	struct cpumask ran;
	long counter[NR_CPUS];		/* grows while the machine runs */
	bool stop;
} machine;

static int count_calls(void *data)
{
	BLAME_UNLESS(irqs_disabled());
	atomic_inc(&machine.calls);
	cpumask_set_cpu(smp_processor_id(), &machine.ran);
	return (long)data;
}

TEST(stop_machine_runs_the_function_on_the_cpus_asked_for)
{
	struct cpumask last;

	cpumask_clear(&machine.ran);
	atomic_set(&machine.calls, 0);
	EXPECT_EQ(stop_machine(count_calls, (void *)0L, NULL), 0);
	EXPECT_EQ(atomic_read(&machine.calls), 1);

	cpumask_clear(&machine.ran);
	EXPECT_EQ(stop_machine(count_calls, (void *)-5L, cpu_online_mask), -5);
	EXPECT(cpumask_equal(&machine.ran, cpu_online_mask));

	cpumask_clear(&machine.ran);
	cpumask_copy(&last, cpumask_of(num_online_cpus() - 1));
	EXPECT_EQ(stop_machine(count_calls, (void *)3L, &last), 3);
	EXPECT(cpumask_equal(&machine.ran, &last));
	return NULL;
}

/* Two halves that belong together, with preemption off. */
static int count_up(void *data)
{
	long *n = data;

	while (!kthread_should_stop()) {
		preempt_disable();
		WRITE_ONCE(*n, *n + 1);
		test_spin_ns(300);
		WRITE_ONCE(*n, *n + 1);
		preempt_enable();
		cond_resched();
	}
	return 0;
}

static int look_at_all(void *data)
{
	static long seen[NR_CPUS];
	unsigned int cpu;

	for_each_online_cpu(cpu) {
		seen[cpu] = READ_ONCE(machine.counter[cpu]);
		BLAME_UNLESS(seen[cpu] % 2 == 0);
	}
	test_spin_ns(2000);
	for_each_online_cpu(cpu)
		BLAME_UNLESS(READ_ONCE(machine.counter[cpu]) == seen[cpu]);
	return 0;
}

TEST(stop_machine_finds_nothing_half_done_and_nothing_moving)
{
	static struct task_struct *p[NR_CPUS];
	unsigned int cpu;

	for_each_online_cpu(cpu) {
		machine.counter[cpu] = 0;
		p[cpu] = test_start(cpu, count_up, &machine.counter[cpu], "test/count");
	}
	for (int i = 0; i < test_rounds(50); i++) {
		EXPECT_EQ(stop_machine(look_at_all, NULL, NULL), 0);
		test_spin_ns(1000 * (i % 7));
	}
	for_each_online_cpu(cpu)
		test_join(p[cpu]);
	return NULL;
}

static int alone(void *data)
{
	BLAME_UNLESS(atomic_inc_return(&machine.inside) == 1);
	test_spin_ns(500);
	atomic_dec(&machine.inside);
	return 0;
}

static const char *stop_it(struct crew *c, int who)
{
	for (int i = 0; i < test_rounds(30); i++)
		EXPECT_EQ(stop_machine(alone, NULL, NULL), 0);
	return NULL;
}

TEST(stop_machine_by_many_at_once_takes_turns)
{
	struct crew c = { .fn = stop_it, .n = 4 };

	atomic_set(&machine.inside, 0);
	return crew_run(&c);
}
