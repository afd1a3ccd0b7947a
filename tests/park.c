/* SPDX-License-Identifier: MIT */
/*
 * Parking: a parked thread runs nothing until it is unparked or stopped, whoever wakes it; and threads of a CPU.
 */
#include "test.h"

#include <linux/cpumask.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/sched/task.h>
#include <linux/smp.h>

struct parker {
	atomic_t rounds;	/* how often it went round its loop */
	atomic_t parkings;
	bool self;		/* it parks itself, once */
};

/* What a thread that can be parked looks like. */
static int park_when_asked(void *data)
{
	struct parker *k = data;

	for (;;) {
		atomic_inc(&k->rounds);
		if (kthread_should_park()) {
			atomic_inc(&k->parkings);
			kthread_parkme();
		}
		set_current_state(TASK_INTERRUPTIBLE);
		if (!kthread_should_stop_or_park())
			schedule_timeout(HZ);
		__set_current_state(TASK_RUNNING);
		if (kthread_should_stop())
			return 17;
	}
}

TEST(park_returns_when_the_thread_is_parked_and_off_its_cpu)
{
	struct parker k = { };
	struct task_struct *p = test_start(-1, park_when_asked, &k, "test/park");
	int i, rounds;

	EXPECT_EQ(kthread_park(p), 0);
	EXPECT(test_asleep(p, TASK_PARKED));
	EXPECT(__kthread_should_park(p));
	EXPECT_EQ(task_state_to_char(p), 'P');
	rounds = atomic_read(&k.rounds);
	for (i = 0; i < 5; i++) {
		wake_up_process(p);
		test_nap();
		EXPECT(test_asleep(p, TASK_PARKED));
	}
	EXPECT_EQ(atomic_read(&k.rounds), rounds);
	kthread_unpark(p);
	EXPECT(!__kthread_should_park(p));
	EXPECT(eventually(atomic_read(&k.rounds) > rounds));
	EXPECT_EQ(test_join(p), 17);
	return NULL;
}

TEST(park_of_a_thread_never_woken_keeps_its_function_from_being_called)
{
	struct parker k = { };
	struct task_struct *p = kthread_create(park_when_asked, &k, "test/park");
	int i;

	EXPECT_EQ(kthread_park(p), 0);
	EXPECT(test_asleep(p, TASK_PARKED));
	for (i = 0; i < 3; i++)
		test_nap();
	EXPECT_EQ(atomic_read(&k.rounds), 0);
	kthread_unpark(p);
	EXPECT(eventually(atomic_read(&k.rounds) > 0));
	EXPECT_EQ(atomic_read(&k.parkings), 0);
	EXPECT_EQ(kthread_stop(p), 17);
	return NULL;
}

TEST(park_then_stop_ends_the_thread)
{
	struct parker k = { };
	struct task_struct *p = test_start(-1, park_when_asked, &k, "test/park");

	EXPECT(eventually(atomic_read(&k.rounds)));
	EXPECT_EQ(kthread_park(p), 0);
	EXPECT_EQ(test_join(p), 17);
	return NULL;
}

TEST(park_then_stop_of_a_thread_never_woken_answers_what_its_function_returns)
{
	struct parker k = { };
	struct task_struct *p = kthread_create(park_when_asked, &k, "test/park");

	/* As on Linux: parking has woken it, so stopping finds it past the place where it would not begin. */
	EXPECT_EQ(kthread_park(p), 0);
	EXPECT_EQ(kthread_stop(p), 17);
	EXPECT_EQ(atomic_read(&k.rounds), 1);
	return NULL;
}

TEST(park_twice_warns_and_says_busy, .warns = "which is parked already")
{
	struct parker k = { };
	struct task_struct *p = test_start(-1, park_when_asked, &k, "test/park");

	EXPECT_EQ(kthread_park(p), 0);
	EXPECT_EQ(kthread_park(p), -EBUSY);
	kthread_unpark(p);
	kthread_unpark(p);
	EXPECT_EQ(kthread_park(p), 0);
	test_join(p);
	return NULL;
}

TEST(park_of_an_ended_thread_warns_and_says_so, .warns = "which has ended")
{
	struct parker k = { };
	struct task_struct *p = test_start(-1, park_when_asked, &k, "test/park");

	get_task_struct(p);
	test_join(p);
	EXPECT_EQ(kthread_park(p), -ENOSYS);
	put_task_struct(p);
	return NULL;
}

TEST(park_of_no_kthread_warns, .warns = "kthread_park() on init")
{
	EXPECT_EQ(kthread_park(find_task_by_vpid(1)), -EINVAL);
	return NULL;
}

static int end_instead_of_parking(void *begun)
{
	complete(begun);
	while (!kthread_should_park())	/* not earlier: kthread_park() is for a thread that lives */
		test_nap();
	return 3;
}

TEST(park_of_a_thread_that_ends_instead_says_so)
{
	DECLARE_COMPLETION_ONSTACK(begun);
	struct task_struct *p = test_start(-1, end_instead_of_parking, &begun, "test/park");

	wait_for_completion(&begun);
	EXPECT_EQ(kthread_park(p), -ENOSYS);
	EXPECT_EQ(test_join(p), 3);
	return NULL;
}

static int never_park(void *begun)
{
	complete(begun);	/* not earlier: who was never woken is parked before its function begins */
	return test_wait_for_stop();
}

static int park_another(void *p)
{
	return kthread_park(p);
}

TEST(park_that_was_taken_back_before_it_was_seen_ends_with_the_thread)
{
	DECLARE_COMPLETION_ONSTACK(begun);
	struct task_struct *p = test_start(-1, never_park, &begun, "test/park"), *who;

	wait_for_completion(&begun);
	get_task_struct(p);
	who = test_start(-1, park_another, p, "test/parker");
	EXPECT(eventually(__kthread_should_park(p) && test_asleep(who, TASK_UNINTERRUPTIBLE)));
	kthread_unpark(p);
	test_join(p);
	EXPECT_EQ(test_join(who), -ENOSYS);
	put_task_struct(p);
	return NULL;
}

static int park_itself(void *data)
{
	struct parker *k = data;

	BLAME_UNLESS(kthread_park(current) == 0);
	BLAME_UNLESS(kthread_should_park());
	atomic_inc(&k->parkings);
	kthread_parkme();
	BLAME_UNLESS(!kthread_should_park());
	return park_when_asked(k);
}

TEST(park_by_the_thread_itself_and_then_by_another)
{
	struct parker k = { };
	struct task_struct *p = test_start(-1, park_itself, &k, "test/park");
	int i;

	EXPECT(eventually(test_asleep(p, TASK_PARKED)));
	EXPECT_EQ(atomic_read(&k.rounds), 0);
	/* Its own parking has left an answer behind that nobody waited for. It must not be taken for the next one's. */
	for (i = 0; i < 20; i++) {
		kthread_unpark(p);
		EXPECT_EQ(kthread_park(p), 0);
		EXPECT(test_asleep(p, TASK_PARKED));
	}
	test_join(p);
	return NULL;
}

static const char *park_and_unpark(struct crew *c, int who)
{
	struct parker k = { };
	struct task_struct *p = test_start(who % num_online_cpus(), park_when_asked, &k, "test/park");
	u32 random = test_seed(who);
	int i, n = test_rounds(200);

	for (i = 0; i < n; i++) {
		int rounds;

		EXPECT_EQ(kthread_park(p), 0);
		EXPECT(test_asleep(p, TASK_PARKED));
		rounds = atomic_read(&k.rounds);
		test_spin_ns(test_random(&random) % 2000);
		EXPECT_EQ(atomic_read(&k.rounds), rounds);
		kthread_unpark(p);
		if (i % 3)
			test_spin_ns(test_random(&random) % 2000);
	}
	EXPECT_EQ(test_join(p), 17);
	return NULL;
}

TEST(park_and_unpark_in_quick_turns_lose_neither)
{
	struct crew c = { .fn = park_and_unpark, .n = 4 };

	return crew_run(&c);
}

/* ---- threads of a CPU ---- */

TEST(park_of_a_per_cpu_thread_and_unpark_keep_it_on_its_cpu)
{
	int cpu = num_online_cpus() - 1;
	struct parker k = { };
	struct task_struct *p = kthread_create_on_cpu(park_when_asked, &k, cpu, "test/cpu%u");

	EXPECT(!kthread_is_per_cpu(p));
	kthread_set_per_cpu(p, cpu);
	EXPECT(kthread_is_per_cpu(p));
	EXPECT_EQ(kthread_park(p), 0);
	EXPECT_EQ(task_cpu(p), cpu);
	kthread_unpark(p);
	EXPECT(eventually(atomic_read(&k.rounds)));
	EXPECT_EQ(task_cpu(p), cpu);
	EXPECT_EQ(kthread_park(p), 0);
	kthread_set_per_cpu(p, -1);
	EXPECT(!kthread_is_per_cpu(p));
	EXPECT_EQ(kthread_stop(p), 17);
	return NULL;
}

TEST(park_finds_the_lost_binding_of_a_per_cpu_thread_again, .cpus = 2)
{
	int cpu = num_online_cpus() - 1;
	struct parker k = { };
	struct task_struct *p = kthread_create_on_cpu(park_when_asked, &k, cpu, "test/cpu%u");

	kthread_set_per_cpu(p, cpu);
	EXPECT_EQ(kthread_park(p), 0);
	EXPECT_EQ(set_cpus_allowed_ptr(p, cpumask_of(0)), 0);
	kthread_unpark(p);
	EXPECT(eventually(atomic_read(&k.rounds)));
	EXPECT_EQ(task_cpu(p), cpu);
	EXPECT(cpumask_equal(&p->cpus_mask, cpumask_of(cpu)));
	EXPECT_EQ(kthread_stop(p), 17);
	return NULL;
}

TEST(park_set_per_cpu_of_an_unbound_thread_warns, .warns = "which is not bound")
{
	struct parker k = { };
	struct task_struct *p = kthread_create(park_when_asked, &k, "test/park");

	kthread_set_per_cpu(p, 0);
	EXPECT_EQ(kthread_stop(p), -EINTR);
	return NULL;
}
