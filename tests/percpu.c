/* SPDX-License-Identifier: MIT */
/*
 * Per-CPU data: each CPU has its own, this_cpu_ operations are whole, dynamic areas come back zeroed.
 */
#include "test.h"

#include <linux/cpumask.h>
#include <linux/percpu.h>
#include <linux/smp.h>
#include <linux/string.h>

static DEFINE_PER_CPU(int, counter);
static DEFINE_PER_CPU(unsigned long, initialised) = 0x1234567890abcdefUL;

TEST(percpu_initial_values_are_in_every_copy)
{
	int cpu;

	for_each_possible_cpu(cpu)
		EXPECT_EQ(per_cpu(initialised, cpu), 0x1234567890abcdefUL);
	return NULL;
}

TEST(percpu_each_cpu_has_its_own)
{
	int cpu, other;

	for_each_possible_cpu(cpu)
		for_each_possible_cpu(other)
			EXPECT((cpu == other) == (per_cpu_ptr(&counter, cpu) == per_cpu_ptr(&counter, other)));
	return NULL;
}

static void set_mine(void *data)
{
	this_cpu_write(counter, 100 + smp_processor_id());
}

TEST(percpu_this_cpu_is_the_copy_of_this_cpu)
{
	int cpu;

	on_each_cpu(set_mine, NULL, 1);
	for_each_online_cpu(cpu) {
		EXPECT_EQ(per_cpu(counter, cpu), 100 + cpu);
		set_cpus_allowed_ptr(current, cpumask_of(cpu));
		EXPECT_EQ(this_cpu_read(counter), 100 + cpu);
		EXPECT(this_cpu_ptr(&counter) == per_cpu_ptr(&counter, cpu));
	}
	return NULL;
}

TEST(percpu_operations_do_what_they_say)
{
	preempt_disable();
	this_cpu_write(counter, 5);
	this_cpu_add(counter, 7);
	this_cpu_inc(counter);
	this_cpu_dec(counter);
	this_cpu_dec(counter);
	if (this_cpu_read(counter) != 11)
		test_blame("add, inc, dec: %d", this_cpu_read(counter));
	if (this_cpu_add_return(counter, 4) != 15 || this_cpu_xchg(counter, 1) != 15)
		test_blame("add_return, xchg");
	if (this_cpu_cmpxchg(counter, 1, 2) != 1 || this_cpu_cmpxchg(counter, 1, 3) != 2)
		test_blame("cmpxchg");
	this_cpu_or(counter, 4);
	this_cpu_and(counter, ~2);
	if (this_cpu_read(counter) != 4)
		test_blame("or, and: %d", this_cpu_read(counter));
	preempt_enable();
	return NULL;
}

static DEFINE_PER_CPU(long, sum);

static const char *count_up(struct crew *c, int who)
{
	int i;

	for (i = 0; i < 20000; i++)
		this_cpu_inc(sum);
	return NULL;
}

/* Threads that may be preempted and moved in the middle: no increment may get lost on the way. */
TEST(percpu_increments_are_whole_under_preemption_and_migration)
{
	struct crew c = { .fn = count_up, .n = 8 };
	long total = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		per_cpu(sum, cpu) = 0;
	TRY(crew_run(&c));
	for_each_possible_cpu(cpu)
		total += per_cpu(sum, cpu);
	EXPECT_EQ(total, 160000);
	return NULL;
}

TEST(percpu_dynamic_areas_are_zeroed_apart_and_come_back)
{
	struct pair { long a, b; } __percpu *p, __percpu *q;
	int cpu, i;

	for (i = 0; i < 200; i++) {	/* more than fit at once: freeing must give back */
		p = alloc_percpu(struct pair);
		q = __alloc_percpu(1024, 64);
		EXPECT(p && q);
		for_each_possible_cpu(cpu) {
			EXPECT_EQ(per_cpu_ptr(p, cpu)->a, 0);
			EXPECT(memchr_inv(per_cpu_ptr(q, cpu), 0, 1024) == NULL);
			EXPECT_EQ((unsigned long)per_cpu_ptr(q, cpu) % 64, 0);
			memset(per_cpu_ptr(p, cpu), 0xff, sizeof(*p));
			memset(per_cpu_ptr(q, cpu), 0xee, 1024);
		}
		free_percpu(p);
		free_percpu(q);
	}
	return NULL;
}
