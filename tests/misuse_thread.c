/* SPDX-License-Identifier: MIT */
/*
 * Misuse by single threads: memory, preemption, stopping. Faults are in expect/misuse.t, one boot for all.
 */
#include "../kernel/misuse.h"
#include "test.h"

TEST(misuse_overrun_is_reported, .slab_errors = 1, .says = "overrun: bytes behind the end of an object were written")
{
	EXPECT_EQ(misuse_provoke("overrun"), 0);
	return NULL;
}

TEST(misuse_double_free_is_reported, .slab_errors = 1, .says = "double free: ")
{
	EXPECT_EQ(misuse_provoke("double-free"), 0);
	return NULL;
}

TEST(misuse_use_after_free_is_reported, .slab_errors = 1, .says = "write after free: ")
{
	EXPECT_EQ(misuse_provoke("use-after-free"), 0);
	return NULL;
}

TEST(misuse_bad_free_is_reported, .slab_errors = 1, .says = "bad free: the pointer is not the beginning")
{
	EXPECT_EQ(misuse_provoke("bad-free"), 0);
	return NULL;
}

TEST(misuse_unbalanced_preempt_disable_is_put_right, .warns = "ends with preemption disabled")
{
	EXPECT_EQ(misuse_provoke("unbalanced-preempt"), 0);
	return NULL;
}

TEST(misuse_schedule_with_preemption_off_is_explained, .warns = "called schedule() in atomic context")
{
	EXPECT_EQ(misuse_provoke("schedule-atomic"), 0);
	return NULL;
}

TEST(misuse_stopping_itself_is_refused, .warns = "calls kthread_stop() on itself")
{
	EXPECT_EQ(misuse_provoke("stop-itself"), 0);
	return NULL;
}

TEST(misuse_stopping_what_is_no_kthread_is_refused, .warns = "which kthread_create() has not made")
{
	EXPECT_EQ(misuse_provoke("stop-no-kthread"), 0);
	return NULL;
}

TEST(misuse_stopping_a_thread_that_never_looks_names_both, .says = "thread misuse/stopper (")
{
	EXPECT_EQ(misuse_provoke("stop-deaf-thread"), 0);
	EXPECT(test_log_has("It waits in kthread_stop() for the end of misuse/deaf ("));
	EXPECT(test_log_has("which must look at kthread_should_stop()"));
	return NULL;
}
