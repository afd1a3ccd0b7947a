/* SPDX-License-Identifier: MIT */
/*
 * Semaphores: as many inside as there are permits, first come first served, errors as in Linux.
 */
#include "test.h"

#include <linux/atomic.h>
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/sched/signal.h>
#include <linux/semaphore.h>
#include <linux/timer.h>

static DEFINE_SEMAPHORE(one);
static struct semaphore many;

TEST(semaphore_counts_its_permits)
{
	sema_init(&many, 2);
	EXPECT_EQ(down_trylock(&many), 0);
	down(&many);
	EXPECT_EQ(down_trylock(&many), 1);
	EXPECT_EQ(down_timeout(&many, 2), -ETIME);
	EXPECT_EQ(down_timeout(&many, 0), -ETIME);
	up(&many);
	EXPECT_EQ(down_interruptible(&many), 0);
	up(&many);
	up(&many);
	up(&many);
	EXPECT_EQ(many.count, 3);
	return NULL;
}

static atomic_t now_inside, most_inside;

static const char *go_in_and_out(struct crew *c, int who)
{
	for (int i = 0; i < test_rounds(500); i++) {
		int n;

		down(&many);
		n = atomic_inc_return(&now_inside);
		if (n > 3)
			return "more inside than permits";
		if (n > atomic_read(&most_inside))
			atomic_set(&most_inside, n);
		if (i % 16 == 0)
			cond_resched();
		atomic_dec(&now_inside);
		up(&many);
	}
	return NULL;
}

TEST(semaphore_lets_in_as_many_as_permits)
{
	struct crew c = { .fn = go_in_and_out, .n = 8 };

	sema_init(&many, 3);
	atomic_set(&now_inside, 0);
	atomic_set(&most_inside, 0);
	TRY(crew_run(&c));
	EXPECT_EQ(many.count, 3);
	EXPECT_OP(atomic_read(&most_inside), >=, 1);
	return NULL;
}

static int wait_for_signal(void *data)
{
	allow_signal(SIGTERM);
	allow_signal(SIGKILL);
	return data ? down_killable(&one) : down_interruptible(&one);
}

TEST(semaphore_waiter_gives_up_on_its_signal)
{
	struct task_struct *p;

	down(&one);
	p = test_start(-1, wait_for_signal, NULL, "test/down");
	EXPECT(eventually(test_asleep(p, TASK_INTERRUPTIBLE)));
	send_sig(SIGTERM, p, 1);
	EXPECT(eventually(READ_ONCE(p->exit_state)));
	EXPECT_EQ(test_join(p), -EINTR);
	p = test_start(-1, wait_for_signal, &one, "test/down");
	EXPECT(eventually(test_asleep(p, TASK_UNINTERRUPTIBLE)));
	send_sig(SIGKILL, p, 1);
	EXPECT(eventually(READ_ONCE(p->exit_state)));
	EXPECT_EQ(test_join(p), -EINTR);
	up(&one);
	EXPECT_EQ(one.count, 1);
	return NULL;
}

static int order[3], served;

static int take_in_turn(void *data)
{
	down(&one);
	order[served++] = (long)data;
	up(&one);
	return test_wait_for_stop();
}

TEST(semaphore_serves_in_order)
{
	struct task_struct *p[3];
	long i;

	served = 0;
	down(&one);
	for (i = 0; i < 3; i++) {
		p[i] = test_start(-1, take_in_turn, (void *)i, "test/turn");
		EXPECT(eventually(test_asleep(p[i], TASK_UNINTERRUPTIBLE)));
	}
	up(&one);
	EXPECT(eventually(READ_ONCE(served) == 3));
	for (i = 0; i < 3; i++) {
		test_join(p[i]);
		EXPECT_EQ(order[i], i);
	}
	return NULL;
}

static void up_in_interrupt(struct timer_list *unused)
{
	up(&one);
}

TEST(semaphore_up_works_in_an_interrupt)
{
	struct timer_list t;

	timer_setup_on_stack(&t, up_in_interrupt, 0);
	down(&one);
	mod_timer(&t, jiffies + 2);
	down(&one);
	up(&one);
	del_timer_sync(&t);
	destroy_timer_on_stack(&t);
	return NULL;
}
