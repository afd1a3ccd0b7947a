/* SPDX-License-Identifier: MIT */
/* Simple wait queues. */
#include "test.h"

#include <linux/sched/signal.h>
#include <linux/swait.h>

static DECLARE_SWAIT_QUEUE_HEAD(queue);
static atomic_t tickets, woken;

static int take_ticket(void *unused)
{
	swait_event_exclusive(queue, atomic_add_unless(&tickets, -1, 0));
	atomic_inc(&woken);
	return test_wait_for_stop();
}

static const char *start_sleepers(struct task_struct *p[], int n)
{
	atomic_set(&tickets, 0);
	atomic_set(&woken, 0);
	for (int i = 0; i < n; i++) {
		p[i] = test_start(-1, take_ticket, NULL, "test/swait");
		EXPECT(eventually(test_asleep(p[i], TASK_UNINTERRUPTIBLE)));
	}
	return NULL;
}

static void join_all(struct task_struct *p[], int n)
{
	while (n--)
		test_join(p[n]);
}

TEST(swait_one_wakes_one_the_longest_waiter)
{
	struct task_struct *p[3];

	TRY(start_sleepers(p, 3));
	EXPECT(swait_active(&queue));
	atomic_set(&tickets, 1);
	swake_up_one(&queue);
	EXPECT(eventually(atomic_read(&woken) == 1));
	EXPECT(eventually(test_asleep(p[0], TASK_INTERRUPTIBLE)));
	EXPECT(test_asleep(p[1], TASK_UNINTERRUPTIBLE) && test_asleep(p[2], TASK_UNINTERRUPTIBLE));
	atomic_set(&tickets, 2);
	swake_up_all(&queue);
	EXPECT(eventually(atomic_read(&woken) == 3));
	join_all(p, 3);
	EXPECT(!swq_has_sleeper(&queue));
	return NULL;
}

TEST(swait_condition_decides_not_the_wake_up)
{
	struct task_struct *p[1];

	TRY(start_sleepers(p, 1));
	swake_up_one(&queue);
	EXPECT(eventually(test_asleep(p[0], TASK_UNINTERRUPTIBLE) && swait_active(&queue)));
	EXPECT_EQ(atomic_read(&woken), 0);
	atomic_set(&tickets, 1);
	swake_up_one(&queue);
	EXPECT(eventually(atomic_read(&woken) == 1));
	join_all(p, 1);
	return NULL;
}

TEST(swait_timeout_forms_say_what_is_left)
{
	EXPECT_EQ(swait_event_timeout_exclusive(queue, true, 5), 5);
	EXPECT_EQ(swait_event_timeout_exclusive(queue, false, 1), 0);
	EXPECT_EQ(swait_event_interruptible_timeout_exclusive(queue, true, 0), 1);
	EXPECT_EQ(swait_event_idle_timeout_exclusive(queue, false, 1), 0);
	swait_event_idle_exclusive(queue, true);
	EXPECT(!swait_active(&queue));
	return NULL;
}

static int wait_for_signal(void *data)
{
	int *ret = data;

	allow_signal(SIGINT);
	WRITE_ONCE(*ret, swait_event_interruptible_exclusive(queue, false));
	flush_signals(current);
	return test_wait_for_stop();
}

TEST(swait_interrupted_says_erestartsys)
{
	int ret = 0;
	struct task_struct *p = test_start(-1, wait_for_signal, &ret, "test/swait");

	EXPECT(eventually(test_asleep(p, TASK_INTERRUPTIBLE) && swait_active(&queue)));
	send_sig(SIGINT, p, 0);
	EXPECT(eventually(READ_ONCE(ret) == -ERESTARTSYS));
	test_join(p);
	EXPECT(!swait_active(&queue));
	return NULL;
}

/* Tokens handed over: each wake-up lets one go on, and none is lost. */
#define TOKENS 200

static const char *give_or_take(struct crew *crew, int i)
{
	for (int n = 0; n < test_rounds(TOKENS); n++) {
		if (i % 2) {
			swait_event_exclusive(queue, atomic_add_unless(&tickets, -1, 0));
		} else {
			atomic_inc(&tickets);
			swake_up_one(&queue);
		}
	}
	return NULL;
}

TEST(swait_no_wake_up_is_lost, .cpus = 2)
{
	struct crew crew = { .fn = give_or_take, .n = 2, .bound = true };

	atomic_set(&tickets, 0);
	TRY(crew_run(&crew));
	EXPECT_EQ(atomic_read(&tickets), 0);
	EXPECT(!swait_active(&queue));
	return NULL;
}
