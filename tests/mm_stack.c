/* SPDX-License-Identifier: MIT */
/*
 * Kernel stacks: an unmapped page lies below each, all of a stack is usable, and they are given back.
 * (What an overflow does to the machine is shown by test=crash.stack_overflow: expect/.)
 */
#include "test.h"

#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/sched/task.h>
#include <linux/string.h>
#include <asm/page.h>
#include <asm/pgtable.h>

static int sleeper(void *data)
{
	return test_wait_for_stop();
}

TEST(mm_stack_the_guard_page_below_is_known)
{
	struct task_struct *p = test_start(-1, sleeper, NULL, "test/stack");
	unsigned long bottom = (unsigned long)p->stack;

	EXPECT(stack_guard_hit(bottom - 8));
	EXPECT(stack_guard_hit(bottom - PAGE_SIZE));
	EXPECT(!stack_guard_hit(bottom));
	EXPECT(!stack_guard_hit(bottom + THREAD_SIZE - 8));
	test_join(p);
	return NULL;
}

TEST(mm_stack_every_byte_down_to_the_bottom_is_mapped)
{
	struct task_struct *p = test_start(-1, sleeper, NULL, "test/stack");
	volatile u8 *stack = p->stack;
	unsigned long i, sum = 0;

	EXPECT(eventually(test_asleep(p, TASK_INTERRUPTIBLE)));
	for (i = 0; i < THREAD_SIZE; i += 64)
		sum += stack[i];
	EXPECT(sum != 1);
	test_join(p);
	return NULL;
}

TEST(mm_stack_stacks_do_not_overlap)
{
	struct task_struct *p[20];
	int i, j;

	for (i = 0; i < ARRAY_SIZE(p); i++)
		p[i] = test_start(-1, sleeper, NULL, "test/stack");
	for (i = 0; i < ARRAY_SIZE(p); i++)
		for (j = 0; j < i; j++) {
			long distance = (long)p[i]->stack - (long)p[j]->stack;

			if (distance < 0)
				distance = -distance;
			if (distance < THREAD_SIZE + PAGE_SIZE)
				test_blame("two stacks are %ld bytes apart", distance);
		}
	for (i = 0; i < ARRAY_SIZE(p); i++)
		test_join(p[i]);
	return NULL;
}

static int use_most(void *data)
{
	volatile u8 deep[THREAD_SIZE - 4096];

	memset((void *)deep, 0x5a, sizeof(deep));
	return deep[0] == 0x5a && deep[sizeof(deep) - 1] == 0x5a;
}

TEST(mm_stack_three_quarters_may_be_used_by_one_function)
{
	struct task_struct *p = kthread_create(use_most, NULL, "test/deep");

	get_task_struct(p);
	wake_up_process(p);
	EXPECT(eventually(READ_ONCE(p->exit_state)));
	EXPECT_EQ(test_join(p), 1);
	return NULL;
}
