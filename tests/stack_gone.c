/* SPDX-License-Identifier: MIT */
/* Local variables whose function has returned, or whose thread has ended, while others still use them. */
#include "../kernel/misuse.h"
#include "test.h"

#include <linux/completion.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timer.h>
#include <linux/uaccess.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <asm/extable.h>

TEST(stack_gone_completion_is_left_alone, .warns = "in a function that has returned. It is left alone")
{
	EXPECT_EQ(misuse_provoke("complete-gone"), 0);
	return NULL;
}

TEST(stack_gone_wait_queue_is_left_alone, .warns = "in a function that has returned. It is left alone")
{
	EXPECT_EQ(misuse_provoke("wake-gone"), 0);
	return NULL;
}

TEST(stack_gone_timers_function_is_not_called, .warns = "del_timer_sync() must come before its function returns")
{
	EXPECT_EQ(misuse_provoke("timer-gone"), 0);
	return NULL;
}

TEST(stack_gone_works_function_is_not_called, .warns = "must come before its function returns")
{
	EXPECT_EQ(misuse_provoke("work-gone"), 0);
	return NULL;
}

TEST(stack_gone_thread_that_has_ended_takes_its_variables_along, .warns = "a thread that has ended. It is left alone")
{
	void *stack = alloc_thread_stack();
	struct completion *x = stack + THREAD_SIZE / 2;

	EXPECT(stack);
	init_completion(x);
	preempt_disable();		/* so that nobody gets it meanwhile */
	free_thread_stack(stack);
	complete(x);
	complete_all(x);
	EXPECT_EQ(x->done, 0);
	preempt_enable();
	return NULL;
}

TEST(stack_gone_and_given_back_is_left_alone_too, .warns = "It is left alone")
{
	struct completion *x = alloc_thread_stack();
	struct wait_queue_head *head = &x->wait;

	EXPECT(x);
	free_thread_stack(x);
	drain_thread_stacks();
	complete(x);			/* nothing is mapped there: a write would be a fault */
	wake_up_all(head);
	return NULL;
}

TEST(stack_gone_memory_that_is_not_there_can_be_asked_for)
{
	unsigned long there = 0x1234, value = 0;
	unsigned long *volatile null = (unsigned long *)8;
	char two_words[16];
	void *stack = alloc_thread_stack();

	EXPECT(stack);
	EXPECT(load_nofault(value, &there));
	EXPECT_EQ(value, 0x1234);
	EXPECT(!load_nofault(value, null));
	EXPECT(!load_nofault(value, (unsigned long *)0x6b6b6b6b6b6b6b6bUL));	/* no address at all */
	EXPECT(!load_nofault(value, (unsigned long *)(stack - 8)));		/* the guard below a stack */
	EXPECT_EQ(get_kernel_nofault(value, &there), 0);
	EXPECT_EQ(copy_from_kernel_nofault(two_words, stack + THREAD_SIZE - 8, 16), -EFAULT);
	free_thread_stack(stack);
	return NULL;
}

/* In use again, by another function: what lies there is no completion. */
static int write_over_it(void *data)
{
	struct completion **where = data, x;

	init_completion(&x);
	memset(&x, 0xa5, sizeof(x));
	smp_store_release(where, &x);		/* ORDER(test-gone): written over, then given away */
	return test_wait_for_stop();
}

TEST(stack_gone_overwritten_completion_is_left_alone, .warns = "on a stack has been overwritten")
{
	static struct completion *where;
	struct task_struct *p;

	where = NULL;
	p = test_start(-1, write_over_it, &where, "test/writer");
	/* ORDER(test-gone): the address, then what is there. */
	EXPECT(eventually(smp_load_acquire(&where)));
	complete(where);
	EXPECT_EQ(where->done, 0xa5a5a5a5);
	test_join(p);
	return NULL;
}

TEST(stack_gone_says_nothing_about_variables_in_use)
{
	DECLARE_COMPLETION_ONSTACK(done);
	DECLARE_WAIT_QUEUE_HEAD_ONSTACK(head);

	complete(&done);
	wait_for_completion(&done);
	complete_all(&done);
	wake_up(&head);
	EXPECT(!object_is_gone(&done, "x", ""));
	return NULL;
}

/* ---- an entry that was not taken off ---- */

static wait_queue_head_t queue;
static bool condition;

static int wait_on_queue(void *unused)
{
	wait_event(queue, READ_ONCE(condition));
	return test_wait_for_stop();
}

TEST(stack_gone_wait_entry_is_taken_off_and_others_are_woken, .warns = "was overwritten while it was there")
{
	struct wait_queue_entry *ghost = kzalloc(sizeof(*ghost), GFP_KERNEL);
	struct task_struct *before, *behind;

	EXPECT(ghost);
	init_waitqueue_head(&queue);
	condition = false;
	behind = test_start(-1, wait_on_queue, NULL, "test/behind");
	EXPECT(eventually(test_asleep(behind, TASK_UNINTERRUPTIBLE)));
	init_waitqueue_entry(ghost, current);
	add_wait_queue(&queue, ghost);		/* in front */
	before = test_start(-1, wait_on_queue, NULL, "test/before");
	EXPECT(eventually(test_asleep(before, TASK_UNINTERRUPTIBLE)));
	memset(ghost, 0xa5, sizeof(*ghost));
	WRITE_ONCE(condition, true);
	wake_up_all(&queue);
	test_join(before);
	test_join(behind);
	EXPECT(!waitqueue_active(&queue));
	kfree(ghost);
	return NULL;
}

/* ---- works that wait for their turn ---- */

struct turn {
	struct work_struct	work;
	struct completion	go;
	atomic_t		runs;
};

static void wait_for_go(struct work_struct *work)
{
	wait_for_completion(&container_of(work, struct turn, work)->go);
}

static void count_turn(struct work_struct *work)
{
	atomic_inc(&container_of(work, struct turn, work)->runs);
}

TEST(stack_gone_overwritten_inactive_work_is_left_out, .warns = "is overwritten now")
{
	struct workqueue_struct *wq = alloc_ordered_workqueue("test/ghost", 0);
	static struct turn first, ghost, next;

	EXPECT(wq);
	first = ghost = next = (struct turn){ };
	init_completion(&first.go);
	INIT_WORK(&first.work, wait_for_go);
	INIT_WORK(&ghost.work, count_turn);
	INIT_WORK(&next.work, count_turn);
	queue_work(wq, &first.work);
	queue_work(wq, &ghost.work);
	queue_work(wq, &next.work);
	memset(&ghost.work, 0x5a, sizeof(ghost.work));
	complete(&first.go);
	flush_workqueue(wq);
	EXPECT_EQ(atomic_read(&ghost.runs), 0);
	EXPECT_EQ(atomic_read(&next.runs), 1);
	destroy_workqueue(wq);
	return NULL;
}
