/* SPDX-License-Identifier: MIT */
/*
 * The steps of CPUs that come and go: who calls them, in which order, and what becomes of those that fail.
 */
#include "test.h"

#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/irqflags.h>
#include <linux/kthread.h>
#include <linux/smp.h>
#include <linux/string.h>

static struct {
	struct cpumask up;		/* CPUs for which startup was called last */
	atomic_t startups, teardowns;
	int fail_startup_on, fail_teardown_on;
	char order[64];
} steps;

static void forget(void)
{
	memset(&steps, 0, sizeof(steps));
	steps.fail_startup_on = steps.fail_teardown_on = -1;
}

static void note(const char *what)
{
	strlcat(steps.order, what, sizeof(steps.order));
}

static int ap_up(unsigned int cpu)
{
	char name[16];

	snprintf(name, sizeof(name), "cpuhp/%u", cpu);
	BLAME_UNLESS(smp_processor_id() == cpu && !strcmp(current->comm, name) && !irqs_disabled());
	BLAME_UNLESS(!cpumask_test_cpu(cpu, &steps.up));
	test_nap();		/* it may sleep */
	atomic_inc(&steps.startups);
	if (steps.fail_startup_on == (int)cpu)
		return -EPROTO;
	cpumask_set_cpu(cpu, &steps.up);
	note("U");
	return 0;
}

static int ap_down(unsigned int cpu)
{
	BLAME_UNLESS(smp_processor_id() == cpu && cpu_online(cpu));
	BLAME_UNLESS(cpumask_test_cpu(cpu, &steps.up));
	atomic_inc(&steps.teardowns);
	if (steps.fail_teardown_on == (int)cpu)
		return -EPROTO;
	cpumask_clear_cpu(cpu, &steps.up);
	note("D");
	return 0;
}

static int bp_up(unsigned int cpu)
{
	BLAME_UNLESS(!cpu_online(cpu));
	note("u");
	return 0;
}

static int bp_down(unsigned int cpu)
{
	BLAME_UNLESS(!cpu_online(cpu));
	note("d");
	return 0;
}

static unsigned int last_cpu(void)
{
	return cpumask_last(cpu_present_mask);
}

TEST(cpuhp_setup_calls_startup_on_each_online_cpu_and_remove_teardown)
{
	int state;

	forget();
	state = cpuhp_setup_state(CPUHP_AP_ONLINE_DYN, "test:online", ap_up, ap_down);
	EXPECT_OP(state, >=, CPUHP_AP_ONLINE_DYN);
	EXPECT(cpumask_equal(&steps.up, cpu_online_mask));
	cpuhp_remove_state(state);
	EXPECT(cpumask_empty(&steps.up));
	EXPECT_EQ(atomic_read(&steps.teardowns), num_online_cpus());
	return NULL;
}

TEST(cpuhp_nocalls_forms_call_nothing)
{
	int state;

	forget();
	state = cpuhp_setup_state_nocalls(CPUHP_AP_ONLINE_DYN, "test:online", ap_up, ap_down);
	EXPECT_OP(state, >, 0);
	cpuhp_remove_state_nocalls(state);
	cpus_read_lock();
	state = cpuhp_setup_state_nocalls_cpuslocked(CPUHP_AP_ONLINE_DYN, "test:online", ap_up, ap_down);
	EXPECT_OP(state, >, 0);
	cpuhp_remove_state_nocalls_cpuslocked(state);
	cpus_read_unlock();
	EXPECT_EQ(atomic_read(&steps.startups), 0);
	EXPECT_EQ(atomic_read(&steps.teardowns), 0);
	return NULL;
}

TEST(cpuhp_setup_whose_startup_fails_is_undone_everywhere)
{
	forget();
	steps.fail_startup_on = last_cpu();
	EXPECT_EQ(cpuhp_setup_state(CPUHP_AP_ONLINE_DYN, "test:online", ap_up, ap_down), -EPROTO);
	EXPECT_EQ(atomic_read(&steps.startups), num_online_cpus());
	EXPECT_EQ(atomic_read(&steps.teardowns), num_online_cpus() - 1);
	EXPECT(cpumask_empty(&steps.up));
	return NULL;
}

TEST(cpuhp_places_are_refused_when_taken_or_not_there)
{
	EXPECT_EQ(cpuhp_setup_state(CPUHP_AP_ACTIVE, "test", ap_up, ap_down), -EBUSY);
	EXPECT_EQ(cpuhp_setup_state(CPUHP_OFFLINE, "test", ap_up, ap_down), -EINVAL);
	EXPECT_EQ(cpuhp_setup_state(CPUHP_ONLINE, "test", ap_up, ap_down), -EINVAL);
	EXPECT_EQ(cpuhp_setup_state(CPUHP_AP_ONLINE_DYN, NULL, ap_up, ap_down), -EINVAL);
	return NULL;
}

TEST(cpuhp_dynamic_places_run_out_with_enospc, .warns = "places are taken")
{
	int state[64], n, ret;

	for (n = 0; n < ARRAY_SIZE(state); n++) {
		state[n] = cpuhp_setup_state_nocalls(CPUHP_BP_PREPARE_DYN, "test:many", NULL, NULL);
		if (state[n] < 0)
			break;
	}
	ret = state[n];
	while (n--)
		cpuhp_remove_state_nocalls(state[n]);
	EXPECT_EQ(ret, -ENOSPC);
	return NULL;
}

TEST(cpuhp_remove_of_a_step_that_is_not_there_warns, .warns = "there is no such step")
{
	cpuhp_remove_state(CPUHP_AP_ONLINE_DYN_END);
	return NULL;
}

TEST(cpuhp_steps_are_taken_in_order_and_back_in_the_opposite_one, .cpus = 2)
{
	int prepare, online;

	forget();
	prepare = cpuhp_setup_state_nocalls(CPUHP_BP_PREPARE_DYN, "test:prepare", bp_up, bp_down);
	online = cpuhp_setup_state(CPUHP_AP_ONLINE_DYN, "test:online", ap_up, ap_down);
	steps.order[0] = '\0';
	EXPECT_EQ(remove_cpu(last_cpu()), 0);
	EXPECT(strcmp(steps.order, "Dd") == 0);
	EXPECT_EQ(add_cpu(last_cpu()), 0);
	EXPECT(strcmp(steps.order, "DduU") == 0);
	EXPECT(cpumask_equal(&steps.up, cpu_online_mask));
	cpuhp_remove_state_nocalls(online);
	cpuhp_remove_state_nocalls(prepare);
	return NULL;
}

TEST(cpuhp_a_step_added_while_a_cpu_is_away_is_taken_when_it_comes, .cpus = 2)
{
	int state;

	forget();
	EXPECT_EQ(remove_cpu(last_cpu()), 0);
	state = cpuhp_setup_state(CPUHP_AP_ONLINE_DYN, "test:online", ap_up, ap_down);
	EXPECT(!cpumask_test_cpu(last_cpu(), &steps.up));
	EXPECT_EQ(add_cpu(last_cpu()), 0);
	EXPECT(cpumask_test_cpu(last_cpu(), &steps.up));
	cpuhp_remove_state(state);
	EXPECT(cpumask_empty(&steps.up));
	return NULL;
}

TEST(cpuhp_a_failing_startup_leaves_the_cpu_down, .cpus = 2, .says = "step test:online failed")
{
	unsigned int cpu = last_cpu();
	int prepare, online;

	forget();
	prepare = cpuhp_setup_state_nocalls(CPUHP_BP_PREPARE_DYN, "test:prepare", bp_up, bp_down);
	online = cpuhp_setup_state(CPUHP_AP_ONLINE_DYN, "test:online", ap_up, ap_down);
	EXPECT_EQ(remove_cpu(cpu), 0);
	steps.order[0] = '\0';
	steps.fail_startup_on = cpu;
	EXPECT_EQ(add_cpu(cpu), -EPROTO);
	EXPECT(!cpu_online(cpu));
	EXPECT(!cpu_active(cpu));
	EXPECT(strcmp(steps.order, "ud") == 0);
	steps.fail_startup_on = -1;
	EXPECT_EQ(add_cpu(cpu), 0);
	EXPECT(cpu_active(cpu));
	cpuhp_remove_state(online);
	cpuhp_remove_state_nocalls(prepare);
	return NULL;
}

TEST(cpuhp_a_failing_teardown_leaves_the_cpu_up, .cpus = 2, .says = "step test:online failed")
{
	unsigned int cpu = last_cpu();
	int state, ran_on = -1;
	struct task_struct *p;

	forget();
	state = cpuhp_setup_state(CPUHP_AP_ONLINE_DYN, "test:online", ap_up, ap_down);
	steps.fail_teardown_on = cpu;
	EXPECT_EQ(remove_cpu(cpu), -EPROTO);
	EXPECT(cpu_online(cpu));
	EXPECT(cpu_active(cpu));
	EXPECT(!cpu_dying(cpu));
	p = test_start(cpu, (void *)test_wait_for_stop, &ran_on, "test/bound");
	EXPECT(eventually(test_asleep(p, TASK_INTERRUPTIBLE)));
	EXPECT_EQ(task_cpu(p), cpu);
	test_join(p);
	steps.fail_teardown_on = -1;
	EXPECT_EQ(remove_cpu(cpu), 0);
	EXPECT_EQ(add_cpu(cpu), 0);
	cpuhp_remove_state(state);
	return NULL;
}

static int refuse_to_die(unsigned int cpu)
{
	return -EPROTO;
}

TEST(cpuhp_a_teardown_after_the_cpu_has_gone_must_not_fail, .cpus = 2, .warns = "but must not")
{
	int state = cpuhp_setup_state_nocalls(CPUHP_BP_PREPARE_DYN, "test:dead", NULL, refuse_to_die);

	EXPECT_EQ(remove_cpu(last_cpu()), 0);
	cpuhp_remove_state_nocalls(state);
	EXPECT_EQ(add_cpu(last_cpu()), 0);
	return NULL;
}

/* ---- the lock ---- */

static int take_it_away(void *data)
{
	return remove_cpu((long)data);
}

TEST(cpuhp_cpus_read_lock_keeps_cpus_from_going, .cpus = 2)
{
	unsigned int cpu = last_cpu();
	struct task_struct *p;

	cpus_read_lock();
	p = test_start(-1, take_it_away, (void *)(long)cpu, "test/remove");
	EXPECT(eventually(test_asleep(p, TASK_UNINTERRUPTIBLE)));
	for (int i = 0; i < 5; i++)
		test_nap();
	EXPECT(cpu_online(cpu));
	cpus_read_lock();	/* who has it may take it again */
	cpus_read_unlock();
	EXPECT(cpu_online(cpu));
	cpus_read_unlock();
	EXPECT_EQ(test_join(p), 0);
	EXPECT(!cpu_online(cpu));
	EXPECT_EQ(add_cpu(cpu), 0);
	return NULL;
}

TEST(cpuhp_disable_refuses_until_enabled_as_often, .cpus = 2)
{
	cpu_hotplug_disable();
	cpu_hotplug_disable();
	EXPECT_EQ(remove_cpu(last_cpu()), -EBUSY);
	cpu_hotplug_enable();
	EXPECT_EQ(remove_cpu(last_cpu()), -EBUSY);
	cpu_hotplug_enable();
	EXPECT_EQ(remove_cpu(last_cpu()), 0);
	EXPECT_EQ(add_cpu(last_cpu()), 0);
	return NULL;
}

static int reads_and_removes(unsigned int cpu)
{
	cpus_read_lock();
	cpus_read_unlock();
	BLAME_UNLESS(remove_cpu(cpu) == -EDEADLK);
	return 0;
}

TEST(cpuhp_a_callback_that_would_wait_for_itself_is_told_so, .cpus = 2, .warns = "in a hotplug callback")
{
	int state = cpuhp_setup_state_nocalls(CPUHP_AP_ONLINE_DYN, "test:wrong", NULL, reads_and_removes);

	EXPECT_EQ(remove_cpu(last_cpu()), 0);
	EXPECT_EQ(add_cpu(last_cpu()), 0);
	cpuhp_remove_state_nocalls(state);
	return NULL;
}
