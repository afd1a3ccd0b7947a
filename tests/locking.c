/* SPDX-License-Identifier: MIT */
/*
 * Spinlocks and mutexes: one holder at a time, nobody waits for ever.
 */
#include "test.h"

#include <linux/cpumask.h>
#include <linux/rwlock.h>
#include <linux/rwsem.h>
#include <linux/lockdep.h>
#include <linux/bottom_half.h>
#include <linux/mutex.h>
#include <linux/sched/signal.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <asm/timex.h>

static DEFINE_SPINLOCK(lock);
static DEFINE_MUTEX(mutex);
static long plain_counter;

/* In turns: more CPUs than the host has make it slow, because the next in line may not be running there. */
#define LOCKINGS (test_real_time ? 16000 : 80000)

static const char *count_under_spinlock(struct crew *c, int who)
{
	unsigned long flags;
	int i;

	for (i = 0; i < LOCKINGS / 8; i++) {
		spin_lock_irqsave(&lock, flags);
		plain_counter++;
		spin_unlock_irqrestore(&lock, flags);
		spin_lock(&lock);
		plain_counter++;
		spin_unlock(&lock);
	}
	return NULL;
}

TEST(locking_spinlock_has_one_holder_at_a_time)
{
	struct crew c = { .fn = count_under_spinlock, .n = 4, .bound = true };

	plain_counter = 0;
	TRY(crew_run(&c));
	EXPECT_EQ(plain_counter, LOCKINGS);
	return NULL;
}

/* A ticket lock is first come, first served: however often it is taken, each who asks gets it, or this never ends. */
static int taken[4];
static bool fair_end;

static const char *grab(struct crew *c, int who)
{
	while (!READ_ONCE(fair_end)) {
		spin_lock(&lock);
		if (++taken[who] >= LOCKINGS / 4 && taken[0] && taken[1] && taken[2] && taken[3])
			WRITE_ONCE(fair_end, true);
		spin_unlock(&lock);
		cpu_relax();
	}
	return NULL;
}

TEST(locking_spinlock_starves_nobody, .cpus = 4)
{
	struct crew c = { .fn = grab, .n = 4, .bound = true };
	int i;

	fair_end = false;
	for (i = 0; i < 4; i++)
		taken[i] = 0;
	TRY(crew_run(&c));
	for (i = 0; i < 4; i++)
		EXPECT_OP(taken[i], >, 0);
	return NULL;
}

TEST(locking_trylock_fails_when_held_and_takes_when_free)
{
	bool first, second;

	first = spin_trylock(&lock);
	second = spin_trylock(&lock);
	EXPECT(spin_is_locked(&lock));
	spin_unlock(&lock);
	EXPECT(first && !second);
	EXPECT(!spin_is_locked(&lock));
	EXPECT(mutex_trylock(&mutex));
	EXPECT(!mutex_trylock(&mutex));
	EXPECT(mutex_is_locked(&mutex));
	mutex_unlock(&mutex);
	return NULL;
}

/* On Linux the next one who wants it waits for ever. With DEBUG=1 lockdep says it, too, when it is unlocked. */
TEST(locking_spinlock_unlocked_without_being_held_is_told_and_mended, .warns = " not hold")
{
	static DEFINE_SPINLOCK(lock);

	for (int times = 1; times <= 3; times++) {
		for (int i = 0; i < times; i++) {
			preempt_disable();
			spin_unlock(&lock);
		}
		spin_lock(&lock);
		BLAME_UNLESS(spin_is_locked(&lock) && !spin_trylock(&lock));
		spin_unlock(&lock);
		BLAME_UNLESS(!spin_is_locked(&lock));
		BLAME_UNLESS(spin_trylock(&lock));
		spin_unlock(&lock);
	}
	EXPECT(!preempt_count());
	return NULL;
}

TEST(locking_spinlocks_set_preemption_and_interrupts_as_they_say)
{
	unsigned long flags;
	bool good;

	spin_lock(&lock);
	good = preempt_count() && !irqs_disabled();
	spin_unlock(&lock);
	EXPECT(good);
	spin_lock_irq(&lock);
	good = irqs_disabled();
	spin_unlock_irq(&lock);
	EXPECT(good && !irqs_disabled());
	spin_lock_bh(&lock);
	good = in_softirq();
	spin_unlock_bh(&lock);
	EXPECT(good && !in_softirq());
	local_irq_disable();
	spin_lock_irqsave(&lock, flags);
	spin_unlock_irqrestore(&lock, flags);
	good = irqs_disabled();
	local_irq_enable();
	EXPECT(good);
	return NULL;
}

static const char *count_under_mutex(struct crew *c, int who)
{
	int i;

	for (i = 0; i < test_rounds(2000); i++) {
		mutex_lock(&mutex);
		plain_counter++;
		if (i % 100 == 0)
			cond_resched();
		mutex_unlock(&mutex);
	}
	return NULL;
}

TEST(locking_mutex_has_one_holder_at_a_time)
{
	struct crew c = { .fn = count_under_mutex, .n = 8 };

	plain_counter = 0;
	TRY(crew_run(&c));
	EXPECT_EQ(plain_counter, 8 * test_rounds(2000));
	EXPECT(!mutex_is_locked(&mutex));
	return NULL;
}

static int lock_interruptibly(void *data)
{
	int ret;

	allow_signal(SIGTERM);
	ret = mutex_lock_interruptible(&mutex);
	if (ret == 0)
		mutex_unlock(&mutex);
	return ret;
}

TEST(locking_mutex_waiter_sleeps_and_gives_up_on_a_signal)
{
	struct task_struct *p;

	mutex_lock(&mutex);
	p = test_start(-1, lock_interruptibly, NULL, "test/mutex");
	EXPECT(eventually(test_asleep(p, TASK_INTERRUPTIBLE)));
	send_sig(SIGTERM, p, 1);
	EXPECT(eventually(READ_ONCE(p->exit_state)));
	EXPECT_EQ(test_join(p), -EINTR);
	mutex_unlock(&mutex);
	EXPECT(mutex_trylock(&mutex));
	mutex_unlock(&mutex);
	return NULL;
}

TEST(locking_mutex_unlock_hands_over_to_a_waiter)
{
	struct task_struct *p;

	mutex_lock(&mutex);
	p = test_start(-1, lock_interruptibly, NULL, "test/mutex");
	EXPECT(eventually(test_asleep(p, TASK_INTERRUPTIBLE)));
	mutex_unlock(&mutex);
	EXPECT(eventually(READ_ONCE(p->exit_state)));
	EXPECT_EQ(test_join(p), 0);
	return NULL;
}

TEST(locking_trylock_forms_put_back_what_they_changed)
{
	unsigned long flags;
	bool good;

	EXPECT(spin_trylock_irq(&lock));
	good = irqs_disabled() && !spin_trylock_irqsave(&lock, flags) && irqs_disabled();
	spin_unlock_irq(&lock);
	EXPECT(good && !irqs_disabled());
	EXPECT(spin_trylock_bh(&lock));
	good = in_softirq() && !spin_trylock_bh(&lock);
	spin_unlock_bh(&lock);
	EXPECT(good && !in_softirq());
	EXPECT(spin_trylock_irqsave(&lock, flags));
	spin_unlock_irqrestore(&lock, flags);
	EXPECT(!preempt_count() && !irqs_disabled());
	return NULL;
}

TEST(locking_dec_and_lock_locks_at_zero_only)
{
	atomic_t n = ATOMIC_INIT(3);
	unsigned long flags;

	EXPECT_EQ(atomic_dec_and_lock(&n, &lock), 0);
	EXPECT_EQ(atomic_dec_and_lock_irqsave(&n, &lock, flags), 0);
	EXPECT(!spin_is_locked(&lock) && !irqs_disabled());
	EXPECT_EQ(atomic_dec_and_lock(&n, &lock), 1);
	assert_spin_locked(&lock);
	spin_unlock(&lock);
	EXPECT_EQ(atomic_read(&n), 0);
	return NULL;
}

/* Linux 6.1 pays 19, and 33 with irqsave; the loop is counted there, too. */
TEST(locking_free_spinlock_costs_no_more_than_in_linux, .cost = true)
{
	enum { N = 1000 };
	cycles_t plain = ~0ULL, saved = ~0ULL, start;
	unsigned long flags;

	for (int try = 0; try < 5; try++) {
		start = get_cycles();
		for (int i = 0; i < N; i++) {
			spin_lock(&lock);
			spin_unlock(&lock);
		}
		plain = min(plain, get_cycles() - start);
		start = get_cycles();
		for (int i = 0; i < N; i++) {
			spin_lock_irqsave(&lock, flags);
			spin_unlock_irqrestore(&lock, flags);
		}
		saved = min(saved, get_cycles() - start);
	}
	test_note("spin_lock + spin_unlock: %llu cycles per pair, with irqsave %llu", plain / N, saved / N);
	if (!test_real_time && !test_shaken && !IS_ENABLED(CONFIG_LOCKDEP)) {
		EXPECT_OP(plain / N, <=, 19);
		EXPECT_OP(saved / N, <=, 33);
	}
	return NULL;
}

/* ---- lockdep_assert_*() ---- */

static DEFINE_RWLOCK(asserted_rwlock);
static DECLARE_RWSEM(asserted_rwsem);

/* Return: how many of them complain. Nothing is held, interrupts and preemption are on. */
static int assert_what_is_not_so(void)
{
	return lockdep_assert_held(&lock) + lockdep_assert_held_once(&mutex) +
	       lockdep_assert_held_write(&asserted_rwlock) + lockdep_assert_held_read(&asserted_rwsem) +
	       lockdep_assert_irqs_disabled() + lockdep_assert_in_irq() + lockdep_assert_in_softirq() +
	       lockdep_assert_preemption_disabled() + lockdep_assert_once(num_online_cpus() == 0);
}

/* A mutex and a spinlock are held, interrupts are off. */
static int assert_more_that_is_not_so(void)
{
	return lockdep_assert_not_held(&lock) + lockdep_assert_not_held(&mutex) + lockdep_assert_irqs_enabled() +
	       lockdep_assert_preemption_enabled() + lockdep_assert_none_held_once();
}

TEST(locking_lockdep_assertions_tell_what_is_not_so, .warns = "locking.c")
{
	int told = assert_what_is_not_so();

	EXPECT_EQ(told, 9);
	mutex_lock(&mutex);
	spin_lock_irq(&lock);
	told = assert_more_that_is_not_so();
	spin_unlock_irq(&lock);
	mutex_unlock(&mutex);
	EXPECT_EQ(told, 5);
	return NULL;
}

TEST(locking_lockdep_assertions_that_hold_say_nothing)
{
	lockdep_assert_not_held(&lock);
	lockdep_assert_not_held(&mutex);
	lockdep_assert_irqs_enabled();
	lockdep_assert_preemption_enabled();
	lockdep_assert_none_held_once();
	down_read(&asserted_rwsem);
	lockdep_assert_held_read(&asserted_rwsem);
	lockdep_assert_held(&asserted_rwsem);
	up_read(&asserted_rwsem);
	mutex_lock(&mutex);
	lockdep_assert_held_once(&mutex);
	write_lock_irq(&asserted_rwlock);
	lockdep_assert_held_write(&asserted_rwlock);
	lockdep_assert_irqs_disabled();
	lockdep_assert_preemption_disabled();
	write_unlock_irq(&asserted_rwlock);
	mutex_unlock(&mutex);
	local_bh_disable();
	lockdep_assert_in_softirq();
	local_bh_enable();
	return NULL;
}
