/* SPDX-License-Identifier: MIT */
/*
 * rwlock_t: readers together, a writer alone, fair; and seqlocks: a reader never takes half of an update for whole.
 */
#include "test.h"

#include <linux/atomic.h>
#include <linux/cpumask.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/seqlock.h>
#include <linux/spinlock.h>
#include <linux/string.h>

static DEFINE_RWLOCK(rw);
static atomic_t readers, writers;

TEST(rwlock_readers_share_and_a_writer_excludes)
{
	bool shared, alone;

	read_lock(&rw);
	shared = read_trylock(&rw);
	alone = !write_trylock(&rw);
	if (shared)
		read_unlock(&rw);
	read_unlock(&rw);
	EXPECT(shared && alone);
	EXPECT(write_trylock(&rw));
	alone = !read_trylock(&rw) && !write_trylock(&rw) && lockdep_is_held_type(&rw, 0);
	write_unlock(&rw);
	EXPECT(alone);
	EXPECT(!rwlock_is_locked(&rw));
	return NULL;
}

TEST(rwlock_forms_set_interrupts_as_they_say)
{
	unsigned long flags;
	bool good;

	write_lock_irqsave(&rw, flags);
	good = irqs_disabled();
	write_unlock_irqrestore(&rw, flags);
	EXPECT(good && !irqs_disabled());
	read_lock_irq(&rw);
	good = irqs_disabled();
	read_unlock_irq(&rw);
	EXPECT(good && !irqs_disabled());
	read_lock_bh(&rw);
	good = in_softirq();
	read_unlock_bh(&rw);
	EXPECT(good && !in_softirq());
	read_lock_irqsave(&rw, flags);
	read_unlock_irqrestore(&rw, flags);
	EXPECT(!preempt_count());
	return NULL;
}

static const char *spin_read_or_write(struct crew *c, int who)
{
	u32 rnd = test_seed(who);

	for (int i = 0; i < test_rounds(2000); i++) {
		if (test_random(&rnd) % 4) {
			read_lock(&rw);
			atomic_inc(&readers);
			if (atomic_read(&writers))
				test_blame("a reader beside a writer");
			atomic_dec(&readers);
			read_unlock(&rw);
		} else {
			write_lock_irq(&rw);
			if (atomic_inc_return(&writers) != 1 || atomic_read(&readers))
				test_blame("a writer is not alone");
			atomic_dec(&writers);
			write_unlock_irq(&rw);
		}
	}
	return NULL;
}

TEST(rwlock_never_lets_a_writer_in_beside_anybody)
{
	struct crew c = { .fn = spin_read_or_write, .n = 4, .bound = true };

	TRY(crew_run(&c));
	EXPECT_EQ(rw.state, 0);
	return NULL;
}

/* Readers that overlap for ever would keep an unfair writer out. */
static bool written;

static const char *read_without_end(struct crew *c, int who)
{
	if (who == 0) {
		write_lock(&rw);
		WRITE_ONCE(written, true);
		write_unlock(&rw);
		return NULL;
	}
	while (!READ_ONCE(written)) {
		read_lock(&rw);
		for (int i = 0; i < 20; i++)
			cpu_relax();
		read_unlock(&rw);
	}
	return NULL;
}

TEST(rwlock_readers_do_not_starve_a_writer, .cpus = 2)
{
	struct crew c = { .fn = read_without_end, .n = 4, .bound = true };

	written = false;
	TRY(crew_run(&c));
	return NULL;
}

/* ---- seqlocks ---- */

static DEFINE_SEQLOCK(sl);
static long twin_a, twin_b;

static const char *write_or_read_twins(struct crew *c, int who)
{
	for (int i = 0; i < test_rounds(2000); i++) {
		unsigned int seq;
		long a, b;

		if (who == 0) {
			write_seqlock(&sl);
			WRITE_ONCE(twin_a, twin_a + 1);
			WRITE_ONCE(twin_b, twin_b + 1);
			write_sequnlock(&sl);
			continue;
		}
		do {
			seq = read_seqbegin(&sl);
			a = READ_ONCE(twin_a);
			b = READ_ONCE(twin_b);
		} while (read_seqretry(&sl, seq));
		if (a != b)
			return "half an update was read";
	}
	return NULL;
}

TEST(seqlock_reader_never_sees_half_an_update)
{
	struct crew c = { .fn = write_or_read_twins, .n = 4, .bound = true };

	twin_a = twin_b = 0;
	TRY(crew_run(&c));
	EXPECT_EQ(twin_a, twin_b);
	return NULL;
}

TEST(seqlock_second_round_takes_the_lock)
{
	int seq = 0, rounds = 0;

	do {
		read_seqbegin_or_lock(&sl, &seq);
		if (++rounds == 1) {
			write_seqlock(&sl);
			write_sequnlock(&sl);
		}
		if (!need_seqretry(&sl, seq))
			break;
		seq = 1;
	} while (1);
	EXPECT(spin_is_locked(&sl.lock));
	done_seqretry(&sl, seq);
	EXPECT_EQ(rounds, 2);
	EXPECT(!spin_is_locked(&sl.lock));
	return NULL;
}

TEST(seqcount_of_a_ww_mutex_knows_it)
{
	static DEFINE_WW_CLASS(class);
	struct ww_mutex lock;
	seqcount_ww_mutex_t sc = SEQCNT_WW_MUTEX_ZERO(sc, &lock);
	unsigned int seq = read_seqcount_begin(&sc);

	ww_mutex_init(&lock, &class);
	EXPECT(!lockdep_is_held(&lock));
	EXPECT_EQ(ww_mutex_lock(&lock, NULL), 0);
	write_seqcount_begin(&sc);
	write_seqcount_end(&sc);
	ww_mutex_unlock(&lock);
	EXPECT(read_seqcount_retry(&sc, seq));
	ww_mutex_destroy(&lock);
	return NULL;
}

TEST(seqcount_knows_its_lock, .warns = "linux/seqlock.h")
{
	static DEFINE_MUTEX(lock);
	seqcount_mutex_t sc = SEQCNT_MUTEX_ZERO(sc, &lock);
	unsigned int seq = read_seqcount_begin(&sc);
	bool off;

	mutex_lock(&lock);
	write_seqcount_begin(&sc);
	off = preempt_count();
	write_seqcount_end(&sc);
	mutex_unlock(&lock);
	EXPECT(off && !preempt_count());
	EXPECT(read_seqcount_retry(&sc, seq));
	seq = raw_seqcount_begin(&sc);
	write_seqcount_invalidate(&sc);
	EXPECT(read_seqcount_retry(&sc, seq));
	write_seqcount_begin(&sc);	/* without the lock: that is the warning */
	write_seqcount_end(&sc);
	return NULL;
}

/* Two copies, and a writer that never makes readers wait, not even one that interrupts him. */
static struct {
	seqcount_latch_t	seq;
	unsigned long		pair[2][2];
} latch;

static bool latched_pair_matches(void)
{
	unsigned long a, b;
	unsigned int seq;

	do {
		seq = raw_read_seqcount_latch(&latch.seq);
		a = READ_ONCE(latch.pair[seq & 1][0]);
		b = READ_ONCE(latch.pair[seq & 1][1]);
	} while (read_seqcount_latch_retry(&latch.seq, seq));
	return a == b;
}

/* The writer's half way: what a reader sees that interrupts him here. */
static const char *write_copy(unsigned int which, unsigned long value)
{
	WRITE_ONCE(latch.pair[which][0], value);
	EXPECT(latched_pair_matches());
	WRITE_ONCE(latch.pair[which][1], value);
	return NULL;
}

static const char *latch_write_or_read(struct crew *c, int who)
{
	for (unsigned long i = 1; i <= test_rounds(2000); i++) {
		if (who) {
			EXPECT(latched_pair_matches());
			continue;
		}
		raw_write_seqcount_latch(&latch.seq);
		TRY(write_copy(0, i));
		raw_write_seqcount_latch(&latch.seq);
		TRY(write_copy(1, i));
	}
	return NULL;
}

TEST(seqcount_latch_has_a_whole_copy_at_any_time)
{
	struct crew c = { .fn = latch_write_or_read, .n = 4, .bound = true };

	memset(&latch, 0, sizeof(latch));
	seqcount_latch_init(&latch.seq);
	TRY(crew_run(&c));
	EXPECT_EQ(latch.pair[0][0], latch.pair[1][1]);
	return NULL;
}
