/* SPDX-License-Identifier: MIT */
/*
 * Misuse, by the names that the shell knows: each is explained, and the machine goes on.
 */
#include "../kernel/misuse.h"
#include "test.h"

#include <linux/errno.h>
#include <linux/string.h>

TEST(misuse_names_are_different_and_have_a_sentence)
{
	const struct misuse *a, *b;

	for (a = __misuses_start; a < __misuses_end; a++) {
		EXPECT(a->provoke && a->sentence && strlen(a->sentence) > 10);
		for (b = __misuses_start; b < a; b++)
			EXPECT(strcmp(a->name, b->name) != 0);
	}
	EXPECT_EQ(misuse_provoke("no-such-misuse"), -ENOENT);
	return NULL;
}

TEST(misuse_stop_dead_thread_is_explained, .warns = "had ended by itself")
{
	EXPECT_EQ(misuse_provoke("stop-dead-thread"), 0);
	return NULL;
}

TEST(misuse_flush_own_worker_is_explained, .warns = "kthread_flush_worker() by a work of the same worker")
{
	EXPECT_EQ(misuse_provoke("flush-own-worker"), 0);
	return NULL;
}

TEST(misuse_work_cancels_itself_is_explained, .warns = "kthread_cancel_work_sync() by a work of the same worker")
{
	EXPECT_EQ(misuse_provoke("work-cancels-itself"), 0);
	return NULL;
}

TEST(misuse_workers_in_circle_is_explained, .warns = "closes a circle")
{
	EXPECT_EQ(misuse_provoke("workers-in-circle"), 0);
	return NULL;
}

TEST(misuse_free_queued_work_is_explained, .warns = "was freed, or initialised again, while it was queued")
{
	EXPECT_EQ(misuse_provoke("free-queued-work"), 0);
	return NULL;
}

TEST(misuse_free_pending_timer_is_explained, .warns = "is freed while a timer in it")
{
	EXPECT_EQ(misuse_provoke("free-pending-timer"), 0);
	return NULL;
}

TEST(misuse_init_queued_hrtimer_is_explained, .warns = "is initialised again while it is queued")
{
	EXPECT_EQ(misuse_provoke("init-queued-hrtimer"), 0);
	return NULL;
}
