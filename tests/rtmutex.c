/* SPDX-License-Identifier: MIT */
/*
 * rt_mutexes: who waits lends the owner its priority, along the chain, for as long as it waits.
 */
#include "../kernel/inversion.h"
#include "../kernel/misuse.h"
#include "test.h"

#include <linux/atomic.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/kthread.h>
#include <linux/lockdep.h>
#include <linux/rtmutex.h>
#include <linux/sched/signal.h>

static DEFINE_RT_MUTEX(a);
static DEFINE_RT_MUTEX(b);

TEST(rtmutex_locks_and_unlocks)
{
	rt_mutex_lock(&a);
	EXPECT(rt_mutex_is_locked(&a));
	lockdep_assert_held(&a);
	EXPECT_EQ(rt_mutex_trylock(&a), 0);
	EXPECT_EQ(rt_mutex_trylock(&b), 1);
	rt_mutex_unlock(&b);
	rt_mutex_unlock(&a);
	EXPECT(!rt_mutex_is_locked(&a) && !rt_mutex_is_locked(&b));
	EXPECT_EQ(rt_mutex_lock_interruptible(&a), 0);
	rt_mutex_unlock(&a);
	EXPECT_EQ(rt_mutex_lock_killable(&a), 0);
	rt_mutex_unlock(&a);
	return NULL;
}

static long inside, counted;

static const char *count_inside(struct crew *c, int who)
{
	u32 rnd = test_seed(who);

	for (int i = 0; i < test_rounds(400); i++) {
		if (test_random(&rnd) % 4 == 0) {
			if (!rt_mutex_trylock(&a))
				continue;
		} else {
			rt_mutex_lock(&a);
		}
		if (inside++)
			return "two inside";
		if (test_random(&rnd) % 16 == 0)
			cond_resched();
		counted++;
		inside--;
		rt_mutex_unlock(&a);
	}
	return NULL;
}

TEST(rtmutex_has_one_holder_at_a_time)
{
	struct crew c = { .fn = count_inside, .n = 8 };

	inside = counted = 0;
	TRY(crew_run(&c));
	EXPECT_OP(counted, >, 0);
	EXPECT_EQ(a.rtmutex.owner, 0);
	return NULL;
}

/* ---- lending ---- */

static int take(void *data)
{
	int ret;

	allow_signal(SIGKILL);
	ret = rt_mutex_lock_killable(data);
	if (!ret)
		rt_mutex_unlock(data);
	return ret;
}

/* Takes b, then waits for a. */
static int take_b_then_a(void *unused)
{
	rt_mutex_lock(&b);
	rt_mutex_lock_nested(&a, SINGLE_DEPTH_NESTING);
	rt_mutex_unlock(&a);
	rt_mutex_unlock(&b);
	return 0;
}

/* A thread that waits for a lock with that real-time priority; 0: none. */
static struct task_struct *waiter(int (*fn)(void *), void *data, int rt_priority)
{
	struct sched_param param = { .sched_priority = rt_priority };
	struct task_struct *p = kthread_create(fn, data, "test/waiter");

	get_task_struct(p);
	if (rt_priority)
		sched_setscheduler_nocheck(p, SCHED_FIFO, &param);
	wake_up_process(p);
	return eventually(READ_ONCE(p->pi_blocked_on) && test_asleep(p, TASK_UNINTERRUPTIBLE)) ? p : NULL;
}

static void set_fifo(struct task_struct *p, int rt_priority)
{
	struct sched_param param = { .sched_priority = rt_priority };

	sched_setscheduler_nocheck(p, rt_priority ? SCHED_FIFO : SCHED_NORMAL, &param);
}

static int rt_priority_now(struct task_struct *p)
{
	int prio = READ_ONCE(p->prio);

	return prio < MAX_RT_PRIO ? MAX_RT_PRIO - 1 - prio : 0;
}

TEST(rtmutex_owner_runs_with_its_best_waiters_priority)
{
	struct task_struct *p, *q;

	rt_mutex_lock(&a);
	p = waiter(take, &a, 10);
	EXPECT(p && rt_priority_now(current) == 10);
	q = waiter(take, &a, 40);
	EXPECT(q && rt_priority_now(current) == 40);
	EXPECT(rt_mutex_get_top_task(current) == q);
	EXPECT_EQ(current->policy, SCHED_NORMAL);
	rt_mutex_unlock(&a);
	EXPECT_EQ(rt_priority_now(current), 0);
	test_join(p);
	test_join(q);
	return NULL;
}

TEST(rtmutex_priority_goes_along_the_chain)
{
	struct task_struct *middle, *p;

	rt_mutex_lock(&a);
	middle = waiter(take_b_then_a, NULL, 5);
	EXPECT(middle && rt_priority_now(current) == 5);
	p = waiter(take, &b, 50);
	EXPECT(p);
	EXPECT(eventually(rt_priority_now(middle) == 50 && rt_priority_now(current) == 50));
	set_fifo(p, 60);
	EXPECT(rt_priority_now(middle) == 60 && rt_priority_now(current) == 60);
	set_fifo(p, 3);
	EXPECT(rt_priority_now(middle) == 5 && rt_priority_now(current) == 5);
	set_fifo(p, 0);
	EXPECT(rt_priority_now(middle) == 5 && rt_priority_now(current) == 5);
	set_fifo(p, 70);
	EXPECT_EQ(rt_priority_now(current), 70);
	rt_mutex_unlock(&a);
	EXPECT_EQ(rt_priority_now(current), 0);
	test_join(middle);
	test_join(p);
	return NULL;
}

static DECLARE_COMPLETION(high_is_there);
static bool middle_comes;

static int take_b_then_a_with_high(void *unused)
{
	rt_mutex_lock(&b);
	wait_for_completion(&high_is_there);
	WRITE_ONCE(middle_comes, true);
	rt_mutex_lock_nested(&a, SINGLE_DEPTH_NESTING);
	rt_mutex_unlock(&a);
	rt_mutex_unlock(&b);
	return test_wait_for_stop();
}

static int come_and_take_b(void *unused)
{
	complete(&high_is_there);
	while (!READ_ONCE(middle_comes))
		cpu_relax();
	rt_mutex_lock(&b);
	rt_mutex_unlock(&b);
	return test_wait_for_stop();
}

/* In the same moment one begins to wait for `middle`, and middle for us. */
TEST(rtmutex_priority_goes_along_a_chain_that_grows_at_both_ends, .cpus = 2)
{
	struct task_struct *middle, *high;

	for (int i = test_rounds(40); i--; ) {
		rt_mutex_lock(&a);
		middle_comes = false;
		middle = test_start(1, take_b_then_a_with_high, NULL, "test/middle");
		EXPECT(eventually(rt_mutex_is_locked(&b) && test_asleep(middle, TASK_UNINTERRUPTIBLE)));
		high = kthread_create(come_and_take_b, NULL, "test/high");
		kthread_bind(high, 0);
		set_fifo(high, 50);
		wake_up_process(get_task_struct(high));
		EXPECT(eventually(READ_ONCE(middle->pi_blocked_on) && test_asleep(middle, TASK_UNINTERRUPTIBLE)));
		EXPECT(eventually(READ_ONCE(high->pi_blocked_on) && test_asleep(high, TASK_UNINTERRUPTIBLE)));
		EXPECT_EQ(rt_priority_now(middle), 50);
		EXPECT_EQ(rt_priority_now(current), 50);
		rt_mutex_unlock(&a);
		test_join(middle);
		test_join(high);
	}
	return NULL;
}

/* Threads change their policy while they begin to wait: what they end up with is what they lend. */
static int set_fifo_20(void *data)
{
	set_fifo(data, 20);
	return test_wait_for_stop();
}

TEST(rtmutex_policy_that_changes_as_one_begins_to_wait_is_lent, .cpus = 2)
{
	struct task_struct *p, *setter;

	for (int i = test_rounds(40); i--; ) {
		rt_mutex_lock(&a);
		p = kthread_create(take, &a, "test/waiter");
		kthread_bind(p, 1);
		setter = test_start(0, set_fifo_20, p, "test/setter");
		wake_up_process(get_task_struct(p));
		EXPECT(eventually(READ_ONCE(p->pi_blocked_on) && test_asleep(p, TASK_UNINTERRUPTIBLE) &&
				  test_asleep(setter, TASK_INTERRUPTIBLE)));
		EXPECT_EQ(rt_priority_now(current), 20);
		rt_mutex_unlock(&a);
		test_join(setter);
		test_join(p);
	}
	return NULL;
}

TEST(rtmutex_waiter_that_gives_up_takes_its_priority_back)
{
	struct task_struct *p;

	rt_mutex_lock(&a);
	p = waiter(take, &a, 30);
	EXPECT(p && rt_priority_now(current) == 30);
	send_sig(SIGKILL, p, 1);
	EXPECT(eventually(READ_ONCE(p->exit_state)));
	EXPECT_EQ(rt_priority_now(current), 0);
	EXPECT_EQ(test_join(p), -EINTR);
	EXPECT_EQ(a.rtmutex.owner, (unsigned long)current);
	rt_mutex_unlock(&a);
	return NULL;
}

TEST(rtmutex_own_change_of_policy_keeps_what_is_borrowed)
{
	struct task_struct *p;

	rt_mutex_lock(&a);
	p = waiter(take, &a, 30);
	EXPECT(p);
	set_fifo(current, 20);
	EXPECT_EQ(rt_priority_now(current), 30);
	set_fifo(current, 45);
	EXPECT_EQ(rt_priority_now(current), 45);
	set_fifo(current, 0);
	set_user_nice(current, 5);
	EXPECT_EQ(rt_priority_now(current), 30);
	rt_mutex_unlock(&a);
	EXPECT_EQ(rt_priority_now(current), 0);
	EXPECT_EQ(task_nice(current), 5);
	EXPECT_EQ(current->prio, DEFAULT_PRIO + 5);
	set_user_nice(current, 0);
	test_join(p);
	return NULL;
}

/* The best waiter first, whatever the order of coming; equals in that order. */
static int order[4], served;
static struct ticket { int id, rt_priority; } tickets[4] = { { 0, 10 }, { 1, 20 }, { 2, 10 }, { 3, 30 } };

static int note_order(void *data)
{
	struct ticket *t = data;

	rt_mutex_lock(&a);
	order[served++] = t->id;
	rt_mutex_unlock(&a);
	return test_wait_for_stop();
}

TEST(rtmutex_serves_the_best_first)
{
	static const int expected[4] = { 3, 1, 0, 2 };
	struct task_struct *p[4];
	int i;

	served = 0;
	rt_mutex_lock(&a);
	for (i = 0; i < 4; i++) {
		p[i] = waiter(note_order, &tickets[i], tickets[i].rt_priority);
		EXPECT(p[i]);
	}
	rt_mutex_unlock(&a);
	EXPECT(eventually(READ_ONCE(served) == 4));
	for (i = 0; i < 4; i++) {
		test_join(p[i]);
		EXPECT_EQ(order[i], expected[i]);
	}
	return NULL;
}

/* The scene: whatever the CPUs' speed, the order tells. */
TEST(rtmutex_ends_priority_inversion)
{
	struct inversion seen;

	EXPECT_EQ(inversion_run(false, &seen), 0);
	test_note("mutex: high waited %llu us", seen.high_waited / 1000);
	if (!test_shaken)
		EXPECT_OP(seen.high_done, >, seen.middle_done);
	EXPECT_EQ(inversion_run(true, &seen), 0);
	test_note("rt_mutex: high waited %llu us", seen.high_waited / 1000);
	EXPECT_OP(seen.high_done, <, seen.middle_done);
	EXPECT_EQ(seen.low_prio, -1 - 30);
	return NULL;
}

TEST(rtmutex_locked_twice_stays_so_when_a_waiter_gives_up, .warns = "which it holds already")
{
	struct task_struct *p;

	rt_mutex_lock(&a);
	rt_mutex_lock(&a);
	p = waiter(take, &a, 0);
	EXPECT(p);
	send_sig(SIGKILL, p, 1);
	EXPECT_EQ(test_join(p), -EINTR);
	rt_mutex_unlock(&a);
	EXPECT(rt_mutex_is_locked(&a));
	rt_mutex_unlock(&a);
	EXPECT_EQ(a.rtmutex.owner, 0);
	return NULL;
}

TEST(rtmutex_mistakes_are_explained, .warns = "rt_mutex \"a\", which")
{
	rt_mutex_lock(&a);
	EXPECT_EQ(rt_mutex_lock_killable(&a), -EDEADLK);
	rt_mutex_lock(&a);
	rt_mutex_unlock(&a);
	EXPECT(rt_mutex_is_locked(&a));
	rt_mutex_unlock(&a);
	EXPECT_EQ(a.rtmutex.owner, 0);
	rt_mutex_unlock(&a);
	EXPECT_EQ(a.rtmutex.owner, 0);
	return NULL;
}
