/* SPDX-License-Identifier: MIT */
/*
 * Mutexes beyond mutual exclusion (locking.c): order, hand-off, spinning, errors, what a thread holds.
 */
#include "test.h"

#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <asm/timex.h>

static DEFINE_MUTEX(m);
static DEFINE_MUTEX(outer);

TEST(mutex_owner_word_is_the_task)
{
	mutex_lock(&m);
	EXPECT_EQ(atomic_long_read(&m.owner), (long)current);
	EXPECT(mutex_is_locked(&m));
	lockdep_assert_held(&m);
	mutex_unlock(&m);
	EXPECT_EQ(atomic_long_read(&m.owner), 0);
	EXPECT(!mutex_is_locked(&m));
	lockdep_assert_not_held(&m);
	return NULL;
}

TEST(mutex_unlocked_out_of_order_is_no_mistake)
{
	mutex_lock(&outer);
	mutex_lock(&m);
	mutex_unlock(&outer);
	mutex_unlock(&m);
	EXPECT(!mutex_is_locked(&outer) && !mutex_is_locked(&m));
	EXPECT(!current->held_locks);
	return NULL;
}

/* A thread that takes and drops it all the time cannot keep a waiter away for ever. */
static bool hog_end;

static int hog(void *unused)
{
	while (!READ_ONCE(hog_end)) {
		mutex_lock(&m);
		cpu_relax();
		mutex_unlock(&m);
	}
	return test_wait_for_stop();
}

static int want_it_often(void *unused)
{
	for (int i = 0; i < 20; i++) {
		mutex_lock(&m);
		mutex_unlock(&m);
	}
	WRITE_ONCE(hog_end, true);
	return test_wait_for_stop();
}

TEST(mutex_hog_starves_nobody)
{
	struct task_struct *a, *b;

	hog_end = false;
	a = test_start(0, hog, NULL, "test/hog");
	b = test_start(0, want_it_often, NULL, "test/wants");
	EXPECT(eventually(READ_ONCE(hog_end)));
	test_join(b);
	test_join(a);
	EXPECT(!mutex_is_locked(&m));
	return NULL;
}

/* They sleep one after the other; then they must be served so. */
static int order[4], served;

static int note_order(void *data)
{
	mutex_lock(&m);
	order[served++] = (long)data;
	mutex_unlock(&m);
	return test_wait_for_stop();
}

TEST(mutex_sleepers_are_served_in_order)
{
	struct task_struct *p[4];
	long i;

	served = 0;
	mutex_lock(&m);
	for (i = 0; i < 4; i++) {
		p[i] = test_start(0, note_order, (void *)i, "test/order");
		EXPECT(eventually(test_asleep(p[i], TASK_UNINTERRUPTIBLE)));
	}
	mutex_unlock(&m);
	EXPECT(eventually(READ_ONCE(served) == 4));
	for (i = 0; i < 4; i++) {
		test_join(p[i]);
		EXPECT_EQ(order[i], i);
	}
	return NULL;
}

static int lock_killably(void *unused)
{
	int ret;

	allow_signal(SIGKILL);
	allow_signal(SIGTERM);
	ret = mutex_lock_killable(&m);
	if (!ret)
		mutex_unlock(&m);
	return ret;
}

TEST(mutex_killable_ignores_all_but_sigkill)
{
	struct task_struct *p;

	mutex_lock(&m);
	p = test_start(-1, lock_killably, NULL, "test/killable");
	EXPECT(eventually(test_asleep(p, TASK_UNINTERRUPTIBLE)));
	send_sig(SIGTERM, p, 1);
	msleep(30);
	EXPECT(!READ_ONCE(p->exit_state));
	send_sig(SIGKILL, p, 1);
	EXPECT(eventually(READ_ONCE(p->exit_state)));
	EXPECT_EQ(test_join(p), -EINTR);
	EXPECT_EQ(atomic_long_read(&m.owner), (long)current);
	mutex_unlock(&m);
	return NULL;
}

/* Signals, hand-offs and newcomers together: nobody gets it twice, nobody is forgotten. */
static long inside, counted;

static const char *mixed_forms(struct crew *c, int who)
{
	u32 rnd = test_seed(who);

	for (int i = 0; i < test_rounds(400); i++) {
		switch (test_random(&rnd) % 7) {
		case 0:
			if (!mutex_trylock(&m))
				continue;
			break;
		case 1:
			if (mutex_lock_interruptible(&m))
				return "interruptible failed without a signal";
			break;
		case 2:
			if (mutex_lock_killable(&m))
				return "killable failed without a signal";
			break;
		case 3:
			mutex_lock_io(&m);
			break;
		case 4:
			mutex_lock_nested(&m, SINGLE_DEPTH_NESTING);
			break;
		case 5:
			mutex_lock_io_nested(&m, SINGLE_DEPTH_NESTING);
			break;
		default:
			mutex_lock(&m);
		}
		if (inside++)
			return "two inside";
		if (test_random(&rnd) % 8 == 0)
			cond_resched();
		if (test_random(&rnd) % 64 == 0)
			usleep_range(10, 50);
		counted++;
		inside--;
		mutex_unlock(&m);
	}
	return NULL;
}

TEST(mutex_all_forms_exclude_one_another)
{
	struct crew c = { .fn = mixed_forms, .n = 8 };

	inside = counted = 0;
	TRY(crew_run(&c));
	EXPECT_OP(counted, >, 0);
	EXPECT_EQ(atomic_long_read(&m.owner), 0);
	return NULL;
}

/* The forms that say more to lockdep, or to who counts waiting for disks, are owned, and found out, like the others. */
TEST(mutex_io_and_nested_forms_own_it_and_know_it, .warns = "which it holds already")
{
	mutex_lock_io(&m);
	EXPECT(mutex_is_held(&m) && lockdep_is_held(&m));
	EXPECT_EQ(mutex_lock_interruptible_nested(&m, SINGLE_DEPTH_NESTING), -EDEADLK);
	EXPECT_EQ(mutex_lock_killable_nested(&m, SINGLE_DEPTH_NESTING), -EDEADLK);
	mutex_unlock(&m);
	mutex_lock_nested(&outer, 0);
	mutex_lock_nest_lock(&m, &outer);
	EXPECT(lockdep_is_held(&m) && lockdep_is_held(&outer));
	mutex_unlock(&m);
	EXPECT_EQ(mutex_lock_interruptible_nested(&m, SINGLE_DEPTH_NESTING), 0);
	mutex_unlock(&m);
	EXPECT_EQ(mutex_lock_killable_nested(&m, SINGLE_DEPTH_NESTING), 0);
	mutex_unlock(&m);
	mutex_unlock(&outer);
	EXPECT(!mutex_is_locked(&m) && !mutex_is_locked(&outer) && !current->held_locks);
	return NULL;
}

/*
 * A waiter spins while the owner runs: the owner, who has it and does not sleep, interrupts the waiter's CPU again and
 * again and finds it there, between its call of mutex_lock() and its return, without a switch. A waiter that goes to
 * sleep is met three times at most: an answer takes hundreds of instructions. It may give up early, when somebody else
 * should run there: then in another round. Where time is the host's nothing is claimed: there the owner's CPU may stand
 * still in each round until the waiter has spun for long enough, and one on its way to sleep may be met ten times.
 */
#define MEETINGS 10

static struct contender {
	struct task_struct	*p;
	unsigned long		switches, switches_after;
	bool			trying, got;
	int			met;
} spinner;

static int contend(void *unused)
{
	spinner.p = current;
	spinner.switches = current->nvcsw + current->nivcsw;
	smp_store_release(&spinner.trying, true);
	mutex_lock(&m);
	WRITE_ONCE(spinner.got, true);
	spinner.switches_after = current->nvcsw + current->nivcsw;
	mutex_unlock(&m);
	return test_wait_for_stop();
}

/* On the waiter's CPU. */
static void meet(void *unused)
{
	spinner.met += current == spinner.p && !spinner.got &&
		       current->nvcsw + current->nivcsw == spinner.switches;
}

static bool one_spins(void)
{
	unsigned long deadline = test_deadline();
	struct task_struct *p;

	spinner = (struct contender){ };
	mutex_lock(&m);
	p = test_start(1, contend, NULL, "test/spins");
	while (!smp_load_acquire(&spinner.trying) && !test_deadline_passed(deadline))
		cpu_relax();
	for (int i = 0; i < MEETINGS && spinner.trying; i++)
		smp_call_function_single(1, meet, NULL, 1);
	mutex_unlock(&m);
	test_join(p);
	return spinner.met == MEETINGS && spinner.switches_after == spinner.switches;
}

TEST(mutex_waiter_spins_while_the_owner_runs, .cpus = 2)
{
	bool held;

	if (test_real_time) {
		test_note("skipped where time is the host's: the owner's CPU may stand still while the other spins");
		return NULL;
	}
	EXPECT_EQ(set_cpus_allowed_ptr(current, cpumask_of(0)), 0);
	held = eventually(one_spins());
	EXPECT_EQ(set_cpus_allowed_ptr(current, cpu_possible_mask), 0);
	EXPECT(held);
	return NULL;
}

TEST(mutex_locked_twice_stays_so_when_a_waiter_gives_up, .warns = "which it holds already")
{
	struct task_struct *p;

	mutex_lock(&m);
	mutex_lock(&m);
	p = test_start(-1, lock_killably, NULL, "test/killable");
	EXPECT(eventually(test_asleep(p, TASK_UNINTERRUPTIBLE)));
	send_sig(SIGKILL, p, 1);
	EXPECT_EQ(test_join(p), -EINTR);
	mutex_unlock(&m);
	EXPECT(mutex_is_locked(&m));
	mutex_unlock(&m);
	EXPECT_EQ(atomic_long_read(&m.owner), 0);
	return NULL;
}

TEST(mutex_locked_twice_interruptibly_answers_deadlock, .warns = "which it holds already")
{
	mutex_lock(&m);
	EXPECT_EQ(mutex_lock_interruptible(&m), -EDEADLK);
	EXPECT_EQ(mutex_lock_killable(&m), -EDEADLK);
	EXPECT_EQ(mutex_trylock(&m), 0);
	mutex_lock(&m);
	mutex_unlock(&m);
	EXPECT(mutex_is_locked(&m));
	mutex_unlock(&m);
	EXPECT_EQ(atomic_long_read(&m.owner), 0);
	return NULL;
}

TEST(mutex_unlock_of_a_free_one_is_explained, .warns = "unlocks mutex \"m\", which nobody holds")
{
	mutex_unlock(&m);
	EXPECT_EQ(atomic_long_read(&m.owner), 0);
	return NULL;
}

TEST(mutex_destroyed_while_held_is_explained, .warns = "is destroyed while thread")
{
	struct mutex *fresh = kmalloc(sizeof(*fresh), GFP_KERNEL);

	EXPECT(fresh);
	mutex_init(fresh);
	mutex_lock(fresh);
	mutex_destroy(fresh);
	mutex_unlock(fresh);
	mutex_destroy(fresh);
	kfree(fresh);
	return NULL;
}

TEST(mutex_dec_and_lock_locks_at_zero_only)
{
	atomic_t n = ATOMIC_INIT(2);

	EXPECT_EQ(atomic_dec_and_mutex_lock(&n, &m), 0);
	EXPECT(!mutex_is_locked(&m));
	EXPECT_EQ(atomic_dec_and_mutex_lock(&n, &m), 1);
	EXPECT(mutex_is_locked(&m));
	EXPECT_EQ(atomic_read(&n), 0);
	mutex_unlock(&m);
	return NULL;
}

/* Linux 6.1, compiled by gcc, pays 28; the loop is counted there, too. */
#ifdef __clang__
#define PAIR_COSTS 34
#else
#define PAIR_COSTS 28
#endif

TEST(mutex_free_costs_no_more_than_in_linux, .cost = true)
{
	enum { N = 1000 };
	cycles_t best = ~0ULL, start, took;

	for (int try = 0; try < 5; try++) {
		start = get_cycles();
		for (int i = 0; i < N; i++) {
			mutex_lock(&m);
			mutex_unlock(&m);
		}
		took = get_cycles() - start;
		best = min(best, took);
	}
	test_note("mutex_lock + mutex_unlock: %llu cycles per pair", best / N);
	if (!test_real_time && !test_shaken && !IS_ENABLED(CONFIG_LOCKDEP))
		EXPECT_OP(best / N, <=, PAIR_COSTS);
	return NULL;
}
