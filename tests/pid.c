/* SPDX-License-Identifier: MIT */
/*
 * Process numbers: unique while in use, ascending, used again only after going round.
 */
#include "test.h"

#include <linux/kthread.h>
#include <linux/pid.h>
#include <linux/sched/task.h>

static int nothing(void *data)
{
	return test_wait_for_stop();
}

TEST(pid_of_living_threads_are_all_different)
{
	struct task_struct *p[50];
	int i, j;

	for (i = 0; i < ARRAY_SIZE(p); i++)
		p[i] = test_start(-1, nothing, NULL, "test/pid");
	for (i = 0; i < ARRAY_SIZE(p); i++)
		for (j = 0; j < i; j++)
			if (p[i]->pid == p[j]->pid)
				test_blame("two threads have pid %d", p[i]->pid);
	for (i = 0; i < ARRAY_SIZE(p); i++)
		test_join(p[i]);
	return NULL;
}

TEST(pid_a_new_thread_gets_a_higher_number_than_the_one_before)
{
	struct task_struct *p = test_start(-1, nothing, NULL, "test/pid"), *q;
	int first = p->pid;

	test_join(p);
	q = test_start(-1, nothing, NULL, "test/pid");
	EXPECT(q->pid > first || first > pid_max / 2);	/* or it has just gone round */
	test_join(q);
	return NULL;
}

/* Goes round all numbers, with one thread alive the whole time: its number must not be given out again. */
TEST(pid_numbers_are_used_again_but_never_twice_at_once)
{
	int saved_max = pid_max, last = 0, rounds = 0, i;
	struct task_struct *keeper;

	pid_max = 400;			/* a small circle, to be round soon */
	keeper = test_start(-1, nothing, NULL, "test/keeper");
	for (i = 0; i < 1000 && rounds < 2; i++) {
		struct task_struct *p = test_start(-1, nothing, NULL, "test/circle");

		if (p->pid == keeper->pid)
			test_blame("pid %d given out twice", p->pid);
		if (p->pid < last)
			rounds++;
		last = p->pid;
		test_join(p);
	}
	pid_max = saved_max;
	test_join(keeper);
	EXPECT_OP(rounds, >=, 1);
	return NULL;
}

TEST(pid_none_left_gives_eagain_and_leaks_nothing)
{
	static struct task_struct *p[600];
	struct task_struct *last = NULL;
	int saved_max = pid_max, n = 0;

	pid_max = 400;
	while (n < ARRAY_SIZE(p)) {
		last = kthread_create(nothing, NULL, "test/full");
		if (IS_ERR(last))
			break;
		p[n++] = last;
	}
	pid_max = saved_max;
	while (n > 0)
		kthread_stop(p[--n]);
	EXPECT(IS_ERR(last));
	EXPECT_EQ(PTR_ERR(last), -EAGAIN);
	return NULL;
}

TEST(pid_0_and_unused_numbers_find_nobody)
{
	EXPECT(find_task_by_vpid(-1) == NULL);
	EXPECT(find_task_by_vpid(pid_max - 1) == NULL);
	EXPECT(find_task_by_vpid(pid_max + 100) == NULL);
	return NULL;
}

TEST(pid_of_the_caller_finds_the_caller)
{
	EXPECT(find_task_by_vpid(current->pid) == current);
	EXPECT_EQ(task_pid_nr(current), current->pid);
	EXPECT_EQ(task_ppid_nr(current), 2);
	return NULL;
}
