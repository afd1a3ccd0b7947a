/* SPDX-License-Identifier: MIT */
/*
 * Misuse of locks: each mistake gets its sentence, with the lock's name in it, and the machine goes on.
 */
#include "../kernel/misuse.h"
#include "test.h"

#include <linux/mutex.h>
#include <linux/spinlock.h>

/* Also a second time: the first has left nothing behind. */
static const char *provoke_twice(const char *name)
{
	for (int i = 0; i < 2; i++)
		EXPECT_EQ(misuse_provoke(name), 0);
	return NULL;
}

TEST(misuse_unlock_by_a_stranger_names_mutex_and_owner, .warns = "unlocks mutex \"lock_a\", which thread ")
{
	return provoke_twice("unlock-by-stranger");
}

TEST(misuse_mutex_taken_twice_counts, .warns = "locks mutex \"lock_a\", which it holds already")
{
	return provoke_twice("mutex-twice");
}

TEST(misuse_spinlock_taken_twice_goes_on, .warns = "takes spinlock \"spin_a\" again, which it holds already")
{
	return provoke_twice("spinlock-twice");
}

/* The function has returned by then: no backtrace shows it. */
TEST(misuse_exit_with_a_mutex_unlocks_it,
     .warns = "whose function is end_with_mutex, ends, and still holds mutex \"lock_a\"")
{
	return provoke_twice("exit-with-mutex");
}

TEST(misuse_exit_with_a_spinlock_unlocks_it,
     .warns = "whose function is end_with_spinlock, ends with preemption disabled")
{
	return provoke_twice("exit-with-spinlock");
}

/* Where, only lockdep knows. */
TEST(misuse_exit_with_a_mutex_says_where_it_was_taken,
     .warns = IS_ENABLED(CONFIG_LOCKDEP) ? "mutex \"lock_a\", taken at end_with_mutex+" : "mutex \"lock_a\". ")
{
	EXPECT_EQ(misuse_provoke("exit-with-mutex"), 0);
	return NULL;
}

TEST(misuse_exit_with_a_spinlock_says_where_it_was_taken,
     .warns = IS_ENABLED(CONFIG_LOCKDEP) ? "spinlock \"spin_a\", taken at end_with_spinlock+" : "spinlock \"spin_a\". ")
{
	EXPECT_EQ(misuse_provoke("exit-with-spinlock"), 0);
	return NULL;
}

TEST(misuse_sleep_under_a_spinlock_names_it, .warns = "holds spinlock \"spin_a\"")
{
	EXPECT_EQ(misuse_provoke("sleep-under-spinlock"), 0);
	return NULL;
}

TEST(misuse_deadlock_of_two_is_printed_at_once, .warns = "deadlock: 2 threads",
     .says = "waits for mutex \"lock_b\", which")
{
	/* When both close the circle in the same moment, the other one is not asleep yet, and has no backtrace. */
	for (int i = 0; i < 10 && !test_log_has("take_two_locks+"); i++)
		EXPECT_EQ(misuse_provoke("abba"), 0);
	EXPECT(test_log_has("misuse/first"));
	EXPECT(test_log_has("misuse/second"));
	EXPECT(test_log_has("waits for mutex \"lock_a\", which"));
	EXPECT(test_log_has("take_two_locks+"));
	return NULL;
}

TEST(misuse_deadlock_of_three_shows_the_circle, .warns = "deadlock: 3 threads",
     .says = "waits for mutex \"lock_c\", which")
{
	EXPECT_EQ(misuse_provoke("circle-of-three"), 0);
	EXPECT(test_log_has("misuse/third"));
	return NULL;
}

TEST(misuse_hung_thread_is_reported_with_lock_and_owner, .says = "misuse/patient")
{
	EXPECT_EQ(misuse_provoke("hung-for-lock"), 0);
	EXPECT(test_log_has("has slept uninterruptibly for"));
	EXPECT(test_log_has("waits for mutex \"lock_a\", which"));
	EXPECT(test_real_time || test_log_has("hang+"));	/* what the owner does, if it sleeps just then */
	EXPECT(test_log_has("lock_and_unlock_a+"));
	return NULL;
}

TEST(misuse_hung_thread_without_a_lock_is_told_so, .says = "It waits for no lock")
{
	EXPECT_EQ(misuse_provoke("hung-for-nothing"), 0);
	EXPECT(test_log_has("wait_for_nothing+"));
	return NULL;
}
