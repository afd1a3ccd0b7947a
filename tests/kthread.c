/* SPDX-License-Identifier: MIT */
/*
 * Kernel threads: create, wake, stop, bind, data, names; and what happens when it goes wrong on the way.
 */
#include "test.h"

#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/topology.h>

static atomic_t calls;

static int answer(void *data)
{
	atomic_inc(&calls);
	return (int)(long)data;
}

static int answer_when_stopped(void *data)
{
	atomic_inc(&calls);
	test_wait_for_stop();
	return (int)(long)data;
}

static struct task_struct *create(int (*fn)(void *), long data)
{
	atomic_set(&calls, 0);
	return kthread_create(fn, (void *)data, "test/kthread");
}

/* ---- create and wake ---- */

TEST(kthread_create_makes_a_thread_that_sleeps_until_woken)
{
	struct task_struct *p = create(answer_when_stopped, 5);
	int i;

	EXPECT(!IS_ERR(p));
	for (i = 0; i < 3; i++)
		test_nap();
	EXPECT_EQ(atomic_read(&calls), 0);
	EXPECT(p->flags & PF_KTHREAD);
	EXPECT(eventually(test_asleep(p, TASK_UNINTERRUPTIBLE)));
	wake_up_process(p);
	EXPECT(eventually(atomic_read(&calls) == 1));
	EXPECT_EQ(kthread_stop(p), 5);
	return NULL;
}

TEST(kthread_run_creates_and_wakes)
{
	struct task_struct *p;

	atomic_set(&calls, 0);
	p = kthread_run(answer_when_stopped, (void *)7L, "test/%s", "run");
	EXPECT(!IS_ERR(p));
	EXPECT(strcmp(p->comm, "test/run") == 0);
	EXPECT(eventually(atomic_read(&calls) == 1));
	EXPECT_EQ(kthread_stop(p), 7);
	return NULL;
}

TEST(kthread_is_a_child_of_kthreadd_with_nice_0_and_every_cpu)
{
	struct task_struct *p;

	set_user_nice(current, 5);
	p = create(answer_when_stopped, 0);
	EXPECT_EQ(p->real_parent->pid, 2);
	EXPECT_EQ(p->policy, SCHED_NORMAL);
	EXPECT_EQ(task_nice(p), 0);
	EXPECT(cpumask_equal(&p->cpus_mask, cpu_possible_mask) || cpumask_subset(cpu_online_mask, &p->cpus_mask));
	EXPECT_EQ(kthread_stop(p), -EINTR);
	return NULL;
}

TEST(kthread_data_is_what_was_given)
{
	static int thing;
	struct task_struct *p = kthread_create(answer_when_stopped, &thing, "test/data");

	EXPECT(kthread_data(p) == &thing);
	EXPECT(kthread_probe_data(p) == &thing);
	EXPECT(kthread_func(p) == (void *)answer_when_stopped);
	kthread_stop(p);
	return NULL;
}

TEST(kthread_probe_data_and_func_of_no_kthread_are_null)
{
	struct task_struct *init = find_task_by_vpid(1);

	EXPECT(!kthread_probe_data(init));
	EXPECT(!kthread_func(init));
	EXPECT(!kthread_is_per_cpu(init));
	return NULL;
}

TEST(kthread_data_of_no_kthread_warns_and_is_null, .warns = "which is not a kthread")
{
	EXPECT(!kthread_data(find_task_by_vpid(1)));
	return NULL;
}

TEST(kthread_many_can_be_alive_at_once)
{
	struct task_struct *p[40];
	int i;

	atomic_set(&calls, 0);
	for (i = 0; i < ARRAY_SIZE(p); i++) {
		p[i] = kthread_run(answer_when_stopped, (void *)(long)i, "test/%d", i);
		EXPECT(!IS_ERR(p[i]));
	}
	EXPECT(eventually(atomic_read(&calls) == ARRAY_SIZE(p)));
	for (i = 0; i < ARRAY_SIZE(p); i++)
		EXPECT_EQ(kthread_stop(p[i]), i);
	return NULL;
}

static const char *create_and_stop(struct crew *c, int who)
{
	int i;

	for (i = 0; i < 50; i++) {
		struct task_struct *p = kthread_run(answer_when_stopped, (void *)(long)i, "test/%d-%d", who, i);
		int ret;

		EXPECT(!IS_ERR(p));
		if (i % 3 == 0)
			cond_resched();
		ret = kthread_stop(p);
		if (ret != i && ret != -EINTR)
			return test_fail("thread %d of creator %d answers %d", i, who, ret);
	}
	return NULL;
}

TEST(kthread_create_and_stop_race_from_all_cpus)
{
	struct crew c = { .fn = create_and_stop, .n = 8, .bound = true };

	return crew_run(&c);
}

/* ---- stop ---- */

TEST(kthread_stop_waits_and_returns_what_the_function_returned)
{
	struct task_struct *p = test_start(-1, answer_when_stopped, (void *)-42L, "test/stop");

	EXPECT(eventually(test_asleep(p, TASK_INTERRUPTIBLE)));
	EXPECT_EQ(kthread_stop(p), -42);
	EXPECT(p->exit_state);
	put_task_struct(p);
	return NULL;
}

TEST(kthread_stop_before_the_first_wake_up_gives_eintr_and_never_runs_it)
{
	struct task_struct *p = create(answer, 3);

	EXPECT_EQ(kthread_stop(p), -EINTR);
	EXPECT_EQ(atomic_read(&calls), 0);
	return NULL;
}

TEST(kthread_stop_of_an_ended_thread_answers_its_value)
{
	struct task_struct *p;

	p = create(answer, 9);
	get_task_struct(p);
	wake_up_process(p);
	EXPECT(eventually(READ_ONCE(p->exit_state)));
	EXPECT_EQ(kthread_stop(p), 9);
	put_task_struct(p);
	return NULL;
}

TEST(kthread_stop_twice_answers_the_same)
{
	struct task_struct *p = test_start(-1, answer_when_stopped, (void *)11L, "test/twice");

	EXPECT_EQ(eventually(test_asleep(p, TASK_INTERRUPTIBLE)), true);
	EXPECT_EQ(kthread_stop(p), 11);
	EXPECT_EQ(kthread_stop(p), 11);
	put_task_struct(p);
	return NULL;
}

static int look_for_stop(void *data)
{
	long *looks = data;

	while (!kthread_should_stop()) {
		(*looks)++;
		schedule_timeout_interruptible(HZ);	/* the stop must cut this short */
	}
	return 0;
}

TEST(kthread_stop_wakes_a_thread_that_sleeps)
{
	long looks = 0;
	struct task_struct *p = test_start(-1, look_for_stop, &looks, "test/look");
	unsigned long start;

	EXPECT(eventually(looks == 1));
	start = jiffies;
	test_join(p);
	EXPECT(time_before(jiffies, start + HZ) || test_real_time);
	return NULL;
}

TEST(kthread_should_stop_is_false_for_a_thread_nobody_stops)
{
	EXPECT(!kthread_should_stop());
	EXPECT(!kthread_should_park());
	return NULL;
}

/* The ordering should-stop in practice: the flag is set, then the thread is woken; none may sleep through it. */
static const char *stop_quickly(struct crew *c, int who)
{
	u32 random = test_seed(who);
	int i;

	for (i = 0; i < test_rounds(200); i++) {
		struct task_struct *p = kthread_run(look_for_stop, &(long){ 0 }, "test/quick");

		EXPECT(!IS_ERR(p));
		test_spin_ns(test_random(&random) % 20000);
		kthread_stop(p);
	}
	return NULL;
}

TEST(kthread_stop_is_never_slept_through)
{
	struct crew c = { .fn = stop_quickly, .n = 4, .bound = true };

	return crew_run(&c);
}

/* Deep in waits that do not ask for kthread_should_stop(). */
static int wait_for_ever(void *data)
{
	DECLARE_COMPLETION_ONSTACK(never);
	int ret;

	atomic_inc(&calls);
	ret = wait_for_completion_interruptible(&never);
	BLAME_UNLESS(kthread_should_stop());
	BLAME_UNLESS(signal_pending(current) && !fatal_signal_pending(current));
	BLAME_UNLESS(msleep_interruptible(60000) > 0);
	return ret;
}

TEST(kthread_stop_ends_interruptible_waits_as_a_signal_does)
{
	struct task_struct *p;

	atomic_set(&calls, 0);
	p = test_start(-1, wait_for_ever, NULL, "test/deep");
	EXPECT(eventually(atomic_read(&calls) == 1 && test_asleep(p, TASK_INTERRUPTIBLE)));
	EXPECT_EQ(test_join(p), -ERESTARTSYS);
	return NULL;
}

static int exit_by_itself(void *data)
{
	kthread_complete_and_exit(data, 0);
}

TEST(kthread_complete_and_exit_completes_after_the_thread_has_let_go)
{
	DECLARE_COMPLETION_ONSTACK(gone);

	EXPECT(!IS_ERR(kthread_run(exit_by_itself, &gone, "test/gone")));
	EXPECT(wait_for_completion_timeout(&gone, TEST_PATIENCE * HZ) > 0);
	return NULL;
}

/* ---- where it runs ---- */

static int answer_cpu(void *data)
{
	int cpu = smp_processor_id(), i;

	for (i = 0; i < 20; i++) {
		test_nap();
		if (smp_processor_id() != cpu)
			return -1;
	}
	return cpu;
}

TEST(kthread_bind_keeps_the_thread_on_that_cpu)
{
	int cpu;

	for_each_online_cpu(cpu) {
		struct task_struct *p = kthread_create(answer_cpu, NULL, "test/bind");

		kthread_bind(p, cpu);
		EXPECT(p->flags & PF_NO_SETAFFINITY);
		get_task_struct(p);
		wake_up_process(p);
		EXPECT(eventually(READ_ONCE(p->exit_state)));
		EXPECT_EQ(test_join(p), cpu);
	}
	return NULL;
}

TEST(kthread_create_on_cpu_names_and_binds)
{
	int cpu = num_online_cpus() - 1;
	struct task_struct *p = kthread_create_on_cpu(answer_cpu, NULL, cpu, "test/on/%u");
	char name[16];

	EXPECT(!IS_ERR(p));
	snprintf(name, sizeof(name), "test/on/%u", cpu);
	EXPECT(strcmp(p->comm, name) == 0);
	get_task_struct(p);
	wake_up_process(p);
	EXPECT(eventually(READ_ONCE(p->exit_state)));
	EXPECT_EQ(test_join(p), cpu);
	return NULL;
}

TEST(kthread_run_on_cpu_wakes_it_there)
{
	int cpu;

	for_each_online_cpu(cpu) {
		struct task_struct *p = kthread_run_on_cpu(answer_when_stopped, NULL, cpu, "test/run/%u");

		EXPECT(!IS_ERR(p));
		EXPECT(cpumask_equal(p->cpus_ptr, cpumask_of(cpu)));
		EXPECT(eventually(test_asleep(p, TASK_INTERRUPTIBLE)));
		EXPECT_EQ(task_cpu(p), cpu);
		kthread_stop(p);
	}
	return NULL;
}

TEST(kthread_bind_can_be_undone_by_the_kernel_but_not_as_by_user_space)
{
	struct task_struct *p = kthread_create(answer_when_stopped, NULL, "test/bound");
	struct cpumask mask;

	kthread_bind(p, 0);
	EXPECT_EQ(sched_setaffinity(p->pid, cpu_online_mask), -EINVAL);
	EXPECT_EQ(sched_getaffinity(p->pid, &mask), 0);
	EXPECT(cpumask_equal(&mask, cpumask_of(0)));
	EXPECT_EQ(set_cpus_allowed_ptr(p, cpu_online_mask), 0);
	EXPECT_EQ(sched_getaffinity(p->pid, &mask), 0);
	EXPECT(cpumask_equal(&mask, cpu_online_mask));
	kthread_stop(p);
	return NULL;
}

TEST(kthread_bind_mask_keeps_the_thread_on_those_cpus, .cpus = 2)
{
	struct task_struct *p = kthread_create(answer_when_stopped, NULL, "test/mask");
	struct cpumask two;

	cpumask_clear(&two);
	cpumask_set_cpu(0, &two);
	cpumask_set_cpu(num_online_cpus() - 1, &two);
	kthread_bind_mask(p, &two);
	EXPECT(p->flags & PF_NO_SETAFFINITY);
	EXPECT(cpumask_equal(&p->cpus_mask, &two));
	wake_up_process(p);
	EXPECT(eventually(test_asleep(p, TASK_INTERRUPTIBLE)));
	EXPECT(cpumask_test_cpu(task_cpu(p), &two));
	kthread_stop(p);
	return NULL;
}

TEST(kthread_bind_after_the_first_wake_up_warns_and_does_nothing, .warns = "is bound after it was woken")
{
	struct task_struct *p = test_start(-1, answer_when_stopped, NULL, "test/late");

	EXPECT(eventually(test_asleep(p, TASK_INTERRUPTIBLE)));
	kthread_bind(p, 0);
	EXPECT(!(p->flags & PF_NO_SETAFFINITY));
	test_join(p);
	return NULL;
}

TEST(sched_setaffinity_knows_pids_and_refuses_masks_without_an_online_cpu)
{
	struct cpumask none;

	cpumask_clear(&none);
	EXPECT_EQ(sched_setaffinity(0, &none), -EINVAL);
	EXPECT_EQ(sched_setaffinity(pid_max + 1, cpu_online_mask), -ESRCH);
	EXPECT_EQ(sched_getaffinity(pid_max + 1, &none), -ESRCH);
	EXPECT_EQ(sched_setaffinity(0, cpumask_of(0)), 0);
	EXPECT_EQ(smp_processor_id(), 0);
	EXPECT_EQ(sched_setaffinity(0, cpu_possible_mask), 0);
	return NULL;
}

TEST(kthread_create_on_node_takes_any_node_there_is)
{
	struct task_struct *p = kthread_create_on_node(answer_when_stopped, NULL, NUMA_NO_NODE, "test/node");

	EXPECT(!IS_ERR(p));
	kthread_stop(p);
	p = kthread_create_on_node(answer_when_stopped, NULL, cpu_to_node(0), "test/node");
	EXPECT(!IS_ERR(p));
	kthread_stop(p);
	return NULL;
}

TEST(kthread_create_on_node_warns_of_a_node_that_is_not_there, .warns = "there is one, 0")
{
	struct task_struct *p = kthread_create_on_node(answer_when_stopped, NULL, 7, "test/node");

	EXPECT(!IS_ERR(p));
	kthread_stop(p);
	return NULL;
}

/* ---- names ---- */

TEST(kthread_long_names_are_kept_in_full)
{
	static const char long_name[] = "test/a-name-longer-than-fifteen-bytes/0:1H";
	struct task_struct *p = kthread_create(answer_when_stopped, NULL, "%s", long_name);
	char full[64];

	EXPECT_EQ(strlen(p->comm), TASK_COMM_LEN - 1);
	EXPECT(strncmp(p->comm, long_name, TASK_COMM_LEN - 1) == 0);
	get_kthread_comm(full, sizeof(full), p);
	EXPECT(strcmp(full, long_name) == 0);
	kthread_stop(p);
	return NULL;
}

TEST(kthread_names_are_formatted_not_trusted)
{
	struct task_struct *p = kthread_create(answer_when_stopped, NULL, "%s", "100%s%n");

	EXPECT(strcmp(p->comm, "100%s%n") == 0);
	kthread_stop(p);
	return NULL;
}

TEST(kthread_names_as_long_as_a_comm_and_one_longer_are_whole)
{
	static const char *const names[] = { "", "x", "fifteen-bytes-1", "sixteen-bytes-12" };
	char full[64];

	for (int i = 0; i < ARRAY_SIZE(names); i++) {
		struct task_struct *p = kthread_create(answer_when_stopped, NULL, "%s", names[i]);

		EXPECT(strncmp(p->comm, names[i], TASK_COMM_LEN - 1) == 0);
		EXPECT_EQ(strlen(p->comm), min_t(size_t, strlen(names[i]), TASK_COMM_LEN - 1));
		get_kthread_comm(full, sizeof(full), p);
		EXPECT(strcmp(full, names[i]) == 0);
		kthread_stop(p);
	}
	return NULL;
}

/* ---- what goes wrong ---- */

/* A creator that is killed while it waits for kthreadd gives up with -EINTR, and the thread goes unused. */
static int create_while_killed(void *data)
{
	struct task_struct *p;

	allow_signal(SIGKILL);
	send_sig(SIGKILL, current, 1);
	p = kthread_create(answer, NULL, "test/unused");
	if (!IS_ERR(p)) {		/* kthreadd was quicker: allowed */
		kthread_stop(p);
		return -EINTR;
	}
	return PTR_ERR(p);
}

TEST(kthread_creator_killed_while_waiting_gets_eintr_and_nothing_leaks)
{
	int i;

	for (i = 0; i < 20; i++) {
		struct task_struct *p = test_start(-1, create_while_killed, NULL, "test/creator");

		EXPECT(eventually(READ_ONCE(p->exit_state)));
		EXPECT_EQ(test_join(p), -EINTR);
	}
	return NULL;
}

TEST(kthread_create_and_run_1000_threads_and_stop_them_all)
{
	static struct task_struct *p[1000];
	int i;

	for (i = 0; i < ARRAY_SIZE(p); i++) {
		p[i] = kthread_run(answer_when_stopped, (void *)(long)i, "test/%d", i);
		EXPECT(!IS_ERR(p[i]));
	}
	for (i = 0; i < ARRAY_SIZE(p); i++) {
		int ret = kthread_stop(p[i]);

		if (ret != i && ret != -EINTR)
			return test_fail("thread %d answers %d", i, ret);
	}
	return NULL;
}
