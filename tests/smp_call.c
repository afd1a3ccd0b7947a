/* SPDX-License-Identifier: MIT */
/*
 * Functions called on other CPUs: on which, how often, and whether the caller waits.
 */
#include "test.h"

#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/smp.h>

static atomic_t hits[NR_CPUS];

static void hit(void *data)
{
	atomic_inc(&hits[smp_processor_id()]);
	if (data)
		atomic_inc(data);
}

static void clear_hits(void)
{
	int cpu;

	for (cpu = 0; cpu < NR_CPUS; cpu++)
		atomic_set(&hits[cpu], 0);
}

TEST(smp_call_single_runs_there_before_it_returns)
{
	int cpu;

	for_each_online_cpu(cpu) {
		clear_hits();
		EXPECT_EQ(smp_call_function_single(cpu, hit, NULL, 1), 0);
		EXPECT_EQ(atomic_read(&hits[cpu]), 1);
	}
	return NULL;
}

TEST(smp_call_without_wait_still_runs)
{
	int cpu = num_online_cpus() - 1;

	clear_hits();
	EXPECT_EQ(smp_call_function_single(cpu, hit, NULL, 0), 0);
	EXPECT(eventually(atomic_read(&hits[cpu]) == 1));
	return NULL;
}

TEST(smp_call_of_a_cpu_that_is_not_there_gives_enxio)
{
	EXPECT_EQ(smp_call_function_single(NR_CPUS - 1, hit, NULL, 1),
		  cpu_online(NR_CPUS - 1) ? 0 : -ENXIO);
	return NULL;
}

TEST(smp_call_any_prefers_this_cpu_and_many_leaves_it_out)
{
	struct cpumask mask;
	int me, last = num_online_cpus() - 1, err[3], cpu;
	bool right = true;

	clear_hits();
	cpumask_clear(&mask);
	me = get_cpu();
	err[0] = smp_call_function_any(&mask, hit, NULL, 1);
	err[1] = smp_call_function_any(cpu_online_mask, hit, NULL, 1);
	right &= atomic_read(&hits[me]) == 1;
	cpumask_set_cpu(last, &mask);
	err[2] = smp_call_function_any(&mask, hit, NULL, 1);
	right &= atomic_read(&hits[last]) == 1 + (me == last);
	clear_hits();
	smp_call_function_many(cpu_online_mask, hit, NULL, true);
	for_each_online_cpu(cpu)
		right &= atomic_read(&hits[cpu]) == (cpu != me);
	put_cpu();
	EXPECT(err[0] == -ENXIO && !err[1] && !err[2]);
	EXPECT(right);
	return NULL;
}

TEST(smp_call_on_each_cpu_runs_once_on_all)
{
	int cpu;

	clear_hits();
	on_each_cpu(hit, NULL, 1);
	for_each_online_cpu(cpu)
		EXPECT_EQ(atomic_read(&hits[cpu]), 1);
	return NULL;
}

TEST(smp_call_function_leaves_the_caller_out)
{
	int cpu, me;

	clear_hits();
	me = get_cpu();
	smp_call_function(hit, NULL, 1);
	put_cpu();
	for_each_online_cpu(cpu)
		EXPECT_EQ(atomic_read(&hits[cpu]), cpu != me);
	return NULL;
}

TEST(smp_call_mask_keeps_to_the_mask, .cpus = 2)
{
	int cpu;

	clear_hits();
	on_each_cpu_mask(cpumask_of(1), hit, NULL, 1);
	for_each_online_cpu(cpu)
		EXPECT_EQ(atomic_read(&hits[cpu]), cpu == 1);
	return NULL;
}

static bool odd(int cpu, void *info)
{
	return cpu & 1;
}

TEST(smp_call_cond_asks_first, .cpus = 2)
{
	int cpu;

	clear_hits();
	on_each_cpu_cond(odd, hit, NULL, 1);
	for_each_online_cpu(cpu)
		EXPECT_EQ(atomic_read(&hits[cpu]), cpu & 1);
	return NULL;
}

TEST(smp_call_async_is_busy_until_it_ran, .cpus = 2)
{
	static call_single_data_t csd;
	int done = 0, i;

	clear_hits();
	INIT_CSD(&csd, hit, NULL);
	set_cpus_allowed_ptr(current, cpumask_of(0));
	for (i = 0; i < 1000; i++) {
		int ret = smp_call_function_single_async(1, &csd);

		if (ret && ret != -EBUSY)
			return test_fail("%d", ret);
		done += ret == 0;
	}
	EXPECT(eventually(atomic_read(&hits[1]) == done));
	EXPECT_OP(done, >, 0);
	return NULL;
}

/* All CPUs call all others at the same time, waiting: none may wait for ever, none may be missed. */
#define STORM_ROUNDS (test_real_time ? 60 : 500)
static atomic_t storm_hits;

static const char *storm(struct crew *c, int who)
{
	int i, rounds = STORM_ROUNDS;

	for (i = 0; i < rounds; i++) {
		if (i & 1)
			on_each_cpu(hit, &storm_hits, 1);
		else
			smp_call_function_single((who + i) % num_online_cpus(), hit, &storm_hits, 1);
	}
	return NULL;
}

TEST(smp_call_storm_from_all_cpus_loses_nothing)
{
	int n = num_online_cpus();
	struct crew c = { .fn = storm, .n = n, .bound = true };

	atomic_set(&storm_hits, 0);
	TRY(crew_run(&c));
	EXPECT_EQ(atomic_read(&storm_hits), n * (STORM_ROUNDS / 2) * (n + 1));
	return NULL;
}

/* In a worker's thread: it sleeps, and is still there afterwards. */
static int sleep_and_tell(void *arg)
{
	unsigned int before = smp_processor_id();

	BLAME_UNLESS(in_task() && !in_atomic() && !irqs_disabled() && current->flags & PF_WQ_WORKER);
	msleep(1);
	BLAME_UNLESS(smp_processor_id() == before);
	atomic_inc(&hits[before]);
	return *(int *)arg - (int)before;
}

TEST(smp_call_on_cpu_runs_in_a_thread_there_and_gives_its_value)
{
	int cpu, value = -1000;

	for_each_online_cpu(cpu) {
		clear_hits();
		EXPECT_EQ(smp_call_on_cpu(cpu, sleep_and_tell, &value, cpu % 2), -1000 - cpu);
		EXPECT_EQ(atomic_read(&hits[cpu]), 1);
	}
	return NULL;
}

TEST(smp_call_on_cpu_that_is_not_there_or_offline_gives_enxio)
{
	int value = 0, last = num_online_cpus() - 1;

	clear_hits();
	EXPECT_EQ(smp_call_on_cpu(nr_cpu_ids, sleep_and_tell, &value, false), -ENXIO);
	EXPECT_EQ(smp_call_on_cpu(-1, sleep_and_tell, &value, false), -ENXIO);
	if (!last)
		return NULL;
	EXPECT_EQ(remove_cpu(last), 0);
	value = smp_call_on_cpu(last, sleep_and_tell, &value, false);
	EXPECT_EQ(add_cpu(last), 0);
	EXPECT_EQ(value, -ENXIO);
	EXPECT_EQ(atomic_read(&hits[last]), 0);
	return NULL;
}
