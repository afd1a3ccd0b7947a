/* SPDX-License-Identifier: MIT */
/*
 * Reader-writer semaphores: readers together, a writer alone, nobody starves.
 */
#include "test.h"

#include <linux/atomic.h>
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/lockdep.h>
#include <linux/rwsem.h>
#include <linux/sched/signal.h>

static DECLARE_RWSEM(sem);
static atomic_t readers, writers;

TEST(rwsem_readers_share_and_a_writer_excludes)
{
	down_read(&sem);
	EXPECT_EQ(down_read_trylock(&sem), 1);
	EXPECT_EQ(down_write_trylock(&sem), 0);
	EXPECT(rwsem_is_locked(&sem));
	up_read(&sem);
	up_read(&sem);
	EXPECT_EQ(down_write_trylock(&sem), 1);
	EXPECT_EQ(down_read_trylock(&sem), 0);
	EXPECT_EQ(down_write_trylock(&sem), 0);
	lockdep_assert_held_write(&sem);
	downgrade_write(&sem);
	EXPECT_EQ(down_read_trylock(&sem), 1);
	EXPECT_EQ(down_write_trylock(&sem), 0);
	up_read(&sem);
	up_read(&sem);
	EXPECT(!rwsem_is_locked(&sem));
	EXPECT_EQ(atomic_long_read(&sem.count), 0);
	return NULL;
}

static const char *read_or_write(struct crew *c, int who)
{
	u32 rnd = test_seed(who);

	for (int i = 0; i < test_rounds(500); i++) {
		u32 r = test_random(&rnd);

		if (r % 4) {
			down_read(&sem);
			atomic_inc(&readers);
			if (atomic_read(&writers))
				return "a reader beside a writer";
			if (r % 16 == 1)
				cond_resched();
			atomic_dec(&readers);
			up_read(&sem);
			continue;
		}
		down_write(&sem);
		if (atomic_inc_return(&writers) != 1 || atomic_read(&readers))
			return "a writer is not alone";
		if (r % 16 == 0)
			usleep_range(5, 20);
		atomic_dec(&writers);
		if (r % 8) {
			up_write(&sem);
			continue;
		}
		downgrade_write(&sem);
		if (atomic_read(&writers))
			return "a writer came between";
		up_read(&sem);
	}
	return NULL;
}

TEST(rwsem_never_lets_a_writer_in_beside_anybody)
{
	struct crew c = { .fn = read_or_write, .n = 8 };

	TRY(crew_run(&c));
	EXPECT_EQ(atomic_long_read(&sem.count), 0);
	return NULL;
}

static int write_once(void *data)
{
	int ret;

	allow_signal(SIGKILL);
	ret = down_write_killable(&sem);
	if (!ret) {
		atomic_inc(&writers);
		up_write(&sem);
	}
	return ret;
}

static int read_once_interruptibly(void *data)
{
	int ret;

	allow_signal(SIGTERM);
	ret = down_read_interruptible(&sem);
	if (!ret) {
		atomic_inc(&readers);
		up_read(&sem);
	}
	return ret;
}

TEST(rwsem_waiting_writer_stops_new_readers)
{
	struct task_struct *w, *r;

	atomic_set(&writers, 0);
	atomic_set(&readers, 0);
	down_read(&sem);
	w = test_start(-1, write_once, NULL, "test/writer");
	EXPECT(eventually(test_asleep(w, TASK_UNINTERRUPTIBLE)));
	EXPECT_EQ(down_read_trylock(&sem), 0);
	r = test_start(-1, read_once_interruptibly, NULL, "test/reader");
	EXPECT(eventually(test_asleep(r, TASK_INTERRUPTIBLE)));
	up_read(&sem);
	EXPECT(eventually(READ_ONCE(w->exit_state) && READ_ONCE(r->exit_state)));
	EXPECT_EQ(test_join(w), 0);
	EXPECT_EQ(test_join(r), 0);
	return NULL;
}

TEST(rwsem_killed_writer_lets_readers_behind_it_in)
{
	struct task_struct *w, *r;

	atomic_set(&readers, 0);
	down_read(&sem);
	w = test_start(-1, write_once, NULL, "test/writer");
	EXPECT(eventually(test_asleep(w, TASK_UNINTERRUPTIBLE)));
	r = test_start(-1, read_once_interruptibly, NULL, "test/reader");
	EXPECT(eventually(test_asleep(r, TASK_INTERRUPTIBLE)));
	send_sig(SIGKILL, w, 1);
	EXPECT(eventually(READ_ONCE(w->exit_state) && READ_ONCE(r->exit_state)));
	EXPECT_EQ(atomic_read(&readers), 1);
	EXPECT_EQ(test_join(w), -EINTR);
	EXPECT_EQ(test_join(r), 0);
	up_read(&sem);
	EXPECT_EQ(atomic_long_read(&sem.count), 0);
	return NULL;
}

TEST(rwsem_interrupted_reader_leaves)
{
	struct task_struct *r;

	down_write(&sem);
	r = test_start(-1, read_once_interruptibly, NULL, "test/reader");
	EXPECT(eventually(test_asleep(r, TASK_INTERRUPTIBLE)));
	send_sig(SIGTERM, r, 1);
	EXPECT(eventually(READ_ONCE(r->exit_state)));
	EXPECT_EQ(test_join(r), -EINTR);
	up_write(&sem);
	EXPECT_EQ(atomic_long_read(&sem.count), 0);
	return NULL;
}

TEST(rwsem_taken_twice_by_its_writer_is_explained, .warns = "holds for writing already")
{
	down_write(&sem);
	EXPECT_EQ(down_write_killable(&sem), -EDEADLK);
	EXPECT_EQ(down_read_killable(&sem), -EDEADLK);
	down_read(&sem);
	up_read(&sem);
	EXPECT(rwsem_is_locked(&sem));
	up_write(&sem);
	EXPECT_EQ(atomic_long_read(&sem.count), 0);
	return NULL;
}

TEST(rwsem_unlocked_by_a_stranger_is_explained, .warns = "calls up_write() on rw_semaphore \"sem\"")
{
	up_write(&sem);
	EXPECT_EQ(atomic_long_read(&sem.count), 0);
	return NULL;
}
