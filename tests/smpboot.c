/* SPDX-License-Identifier: MIT */
/*
 * Threads that each CPU has one of: made, started, parked and ended with their CPUs.
 */
#include "test.h"

#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/fault-inject.h>
#include <linux/kthread.h>
#include <linux/percpu.h>
#include <linux/smp.h>
#include <linux/smpboot.h>
#include <linux/string.h>

/* What happened to each CPU's thread. */
struct events {
	atomic_t create, setup, unpark, park, cleanup, cleanup_offline, runs;
	bool work;
};

static struct events events[NR_CPUS];
static DEFINE_PER_CPU(struct task_struct *, test_thread);

static void right_thread(unsigned int cpu)
{
	BLAME_UNLESS(smp_processor_id() == cpu);
	BLAME_UNLESS(current == per_cpu(test_thread, cpu));
	BLAME_UNLESS(cpumask_equal(current->cpus_ptr, cpumask_of(cpu)));
}

static int has_work(unsigned int cpu)
{
	BLAME_UNLESS(smp_processor_id() == cpu);
	return READ_ONCE(events[cpu].work);
}

static void do_work(unsigned int cpu)
{
	right_thread(cpu);
	WRITE_ONCE(events[cpu].work, false);
	atomic_inc(&events[cpu].runs);
}

static void created(unsigned int cpu)
{
	BLAME_UNLESS(test_asleep(per_cpu(test_thread, cpu), TASK_PARKED));
	atomic_inc(&events[cpu].create);
}

static void set_up(unsigned int cpu)
{
	right_thread(cpu);
	atomic_inc(&events[cpu].setup);
}

static void unparked(unsigned int cpu)
{
	right_thread(cpu);
	atomic_inc(&events[cpu].unpark);
}

static void parked(unsigned int cpu)
{
	right_thread(cpu);
	atomic_inc(&events[cpu].park);
}

static void cleaned_up(unsigned int cpu, bool online)
{
	BLAME_UNLESS(online == cpu_online(cpu));
	atomic_inc(online ? &events[cpu].cleanup : &events[cpu].cleanup_offline);
}

static struct smp_hotplug_thread test_threads = {
	.store = &test_thread,
	.thread_should_run = has_work,
	.thread_fn = do_work,
	.create = created,
	.setup = set_up,
	.unpark = unparked,
	.park = parked,
	.cleanup = cleaned_up,
	.thread_comm = "test/%u",
};

static void give_work(unsigned int cpu)
{
	WRITE_ONCE(events[cpu].work, true);
	wake_up_process(per_cpu(test_thread, cpu));
}

static int start(void)
{
	memset(events, 0, sizeof(events));
	return smpboot_register_percpu_thread(&test_threads);
}

static unsigned int last_cpu(void)
{
	return cpumask_last(cpu_present_mask);
}

static const char *none_left(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		EXPECT(!per_cpu(test_thread, cpu));
	return NULL;
}

TEST(smpboot_each_cpu_has_its_thread_named_and_bound)
{
	unsigned int cpu;

	EXPECT_EQ(start(), 0);
	for_each_online_cpu(cpu) {
		struct task_struct *p = per_cpu(test_thread, cpu);
		char name[16];

		snprintf(name, sizeof(name), "test/%u", cpu);
		EXPECT(strcmp(p->comm, name) == 0);
		EXPECT(kthread_is_per_cpu(p));
		EXPECT(p->flags & PF_NO_SETAFFINITY);
		EXPECT(eventually(atomic_read(&events[cpu].setup)));
		EXPECT(cpumask_equal(&p->cpus_mask, cpumask_of(cpu)));
	}
	smpboot_unregister_percpu_thread(&test_threads);
	return none_left();
}

TEST(smpboot_the_kernels_own_are_named_and_bound_as_on_linux)
{
	static const char *const names[] = { "cpuhp/%u", "migration/%u", "ksoftirqd/%u" };
	unsigned int cpu, found = 0;
	struct task_struct *p;
	char name[16];

	for (p = next_task_get(NULL); p; p = next_task_get(p)) {
		for_each_online_cpu(cpu) {
			for (int i = 0; i < ARRAY_SIZE(names); i++) {
				snprintf(name, sizeof(name), names[i], cpu);
				if (strcmp(p->comm, name))
					continue;
				found++;
				BLAME_UNLESS(kthread_is_per_cpu(p));
				BLAME_UNLESS(cpumask_equal(&p->cpus_mask, cpumask_of(cpu)));
				BLAME_UNLESS(task_cpu(p) == cpu);
			}
		}
	}
	EXPECT_EQ(found, 3 * num_online_cpus());
	return NULL;
}

TEST(smpboot_threads_are_set_up_once_run_their_work_and_clean_up)
{
	unsigned int cpu;

	EXPECT_EQ(start(), 0);
	for (int i = 1; i <= 3; i++) {
		for_each_online_cpu(cpu)
			give_work(cpu);
		for_each_online_cpu(cpu)
			EXPECT(eventually(atomic_read(&events[cpu].runs) == i));
	}
	smpboot_unregister_percpu_thread(&test_threads);
	for_each_online_cpu(cpu) {
		EXPECT_EQ(atomic_read(&events[cpu].create), 1);
		EXPECT_EQ(atomic_read(&events[cpu].setup), 1);
		EXPECT_EQ(atomic_read(&events[cpu].cleanup), 1);
		EXPECT_EQ(atomic_read(&events[cpu].park), 0);
		EXPECT_EQ(atomic_read(&events[cpu].cleanup_offline), 0);
	}
	return none_left();
}

static int work_given_is_done(unsigned int cpu)
{
	int before = atomic_read(&events[cpu].runs);

	give_work(cpu);
	return eventually(atomic_read(&events[cpu].runs) == before + 1);
}

static const char *give_and_wait(struct crew *c, int who)
{
	for (int i = 0; i < test_rounds(200); i++)
		EXPECT(work_given_is_done(who));
	return NULL;
}

TEST(smpboot_no_wake_up_of_such_a_thread_is_lost)
{
	struct crew c = { .fn = give_and_wait, .n = num_online_cpus() };
	const char *why;

	EXPECT_EQ(start(), 0);
	why = crew_run(&c);
	smpboot_unregister_percpu_thread(&test_threads);
	return why;
}

TEST(smpboot_register_without_memory_says_so_and_leaves_none)
{
	int n, ret = -1, failures = 0;

	memset(events, 0, sizeof(events));
	for (n = 1; n < 200 && ret; n++) {
		fail_nth_arm(n);
		ret = smpboot_register_percpu_thread(&test_threads);
		fail_nth_disarm();
		if (!ret)
			break;
		EXPECT_EQ(ret, -ENOMEM);
		TRY(none_left());
		failures++;
	}
	EXPECT(!ret);
	EXPECT_OP(failures, >=, 2 * (int)num_online_cpus());
	smpboot_unregister_percpu_thread(&test_threads);
	return none_left();
}

TEST(smpboot_threads_park_while_their_cpu_is_away, .cpus = 2)
{
	unsigned int cpu = last_cpu();
	struct task_struct *p;

	EXPECT_EQ(start(), 0);
	p = per_cpu(test_thread, cpu);
	EXPECT(work_given_is_done(cpu));
	for (int i = 1; i <= 3; i++) {
		EXPECT_EQ(remove_cpu(cpu), 0);
		EXPECT_EQ(atomic_read(&events[cpu].park), i);
		EXPECT(test_asleep(p, TASK_PARKED));
		give_work(cpu);
		for (int n = 0; n < 3; n++)
			test_nap();
		EXPECT(test_asleep(p, TASK_PARKED));
		EXPECT_EQ(add_cpu(cpu), 0);
		EXPECT(eventually(atomic_read(&events[cpu].unpark) == i));
		/* What came while it was away is found. */
		EXPECT(eventually(atomic_read(&events[cpu].runs) == i + 1));
		EXPECT_EQ(task_cpu(p), cpu);
	}
	EXPECT_EQ(atomic_read(&events[cpu].create), 1);
	EXPECT_EQ(atomic_read(&events[cpu].setup), 1);
	smpboot_unregister_percpu_thread(&test_threads);
	EXPECT_EQ(atomic_read(&events[cpu].cleanup), 1);
	return none_left();
}

TEST(smpboot_unregister_while_a_cpu_is_away_ends_its_thread_too, .cpus = 2)
{
	unsigned int cpu = last_cpu();

	EXPECT_EQ(start(), 0);
	EXPECT(work_given_is_done(cpu));
	EXPECT_EQ(remove_cpu(cpu), 0);
	smpboot_unregister_percpu_thread(&test_threads);
	TRY(none_left());
	EXPECT_EQ(atomic_read(&events[cpu].cleanup_offline), 1);
	EXPECT_EQ(atomic_read(&events[cpu].cleanup), 0);
	EXPECT_EQ(add_cpu(cpu), 0);
	return none_left();
}

TEST(smpboot_a_cpu_that_comes_up_gets_its_thread, .cpus = 2)
{
	unsigned int cpu = last_cpu();

	EXPECT_EQ(remove_cpu(cpu), 0);
	EXPECT_EQ(start(), 0);
	EXPECT(!per_cpu(test_thread, cpu));
	EXPECT_EQ(add_cpu(cpu), 0);
	EXPECT(per_cpu(test_thread, cpu));
	EXPECT_EQ(atomic_read(&events[cpu].create), 1);
	EXPECT(work_given_is_done(cpu));
	EXPECT_EQ(atomic_read(&events[cpu].setup), 1);
	EXPECT_EQ(atomic_read(&events[cpu].unpark), 0);
	smpboot_unregister_percpu_thread(&test_threads);
	return none_left();
}

static int fail_to_come_up(unsigned int cpu)
{
	return -ENODEV;
}

TEST(smpboot_a_cpu_that_fails_to_come_up_leaves_no_thread_behind, .cpus = 2, .says = "step test:fail failed")
{
	unsigned int cpu = last_cpu();
	int state;

	EXPECT_EQ(remove_cpu(cpu), 0);
	EXPECT_EQ(start(), 0);
	state = cpuhp_setup_state_nocalls(CPUHP_BP_PREPARE_DYN, "test:fail", fail_to_come_up, NULL);
	EXPECT_OP(state, >, 0);
	EXPECT_EQ(add_cpu(cpu), -ENODEV);
	EXPECT(!cpu_online(cpu));
	EXPECT(!per_cpu(test_thread, cpu));
	EXPECT_EQ(atomic_read(&events[cpu].create), 1);
	EXPECT_EQ(atomic_read(&events[cpu].setup), 0);
	cpuhp_remove_state_nocalls(state);
	EXPECT_EQ(add_cpu(cpu), 0);
	EXPECT(work_given_is_done(cpu));
	smpboot_unregister_percpu_thread(&test_threads);
	return none_left();
}

TEST(smpboot_a_selfparking_thread_is_left_alone, .cpus = 2)
{
	unsigned int cpu = last_cpu();

	test_threads.selfparking = true;
	EXPECT_EQ(start(), 0);
	EXPECT_EQ(atomic_read(&events[cpu].setup), 0);
	EXPECT(test_asleep(per_cpu(test_thread, cpu), TASK_PARKED));
	kthread_unpark(per_cpu(test_thread, cpu));
	EXPECT(eventually(atomic_read(&events[cpu].setup)));
	EXPECT_EQ(kthread_park(per_cpu(test_thread, cpu)), 0);
	EXPECT_EQ(atomic_read(&events[cpu].park), 1);
	smpboot_unregister_percpu_thread(&test_threads);
	test_threads.selfparking = false;
	return none_left();
}
