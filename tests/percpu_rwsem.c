/* SPDX-License-Identifier: MIT */
/* Per-CPU rw_semaphores: readers together, the writer alone, nobody starves, mistakes are named. */
#include "test.h"

#include <linux/mm.h>
#include <linux/percpu-rwsem.h>
#include <linux/slab.h>
#include <linux/timex.h>

DEFINE_STATIC_PERCPU_RWSEM(static_sem);

TEST(percpu_rwsem_readers_are_in_together_and_a_writer_alone)
{
	struct percpu_rw_semaphore sem;

	EXPECT_EQ(percpu_init_rwsem(&sem), 0);
	percpu_down_read(&sem);
	EXPECT(percpu_is_read_locked(&sem) && percpu_rwsem_is_held(&sem));
	percpu_up_read(&sem);
	EXPECT(!percpu_rwsem_is_held(&sem));
	percpu_down_write(&sem);
	EXPECT(percpu_is_write_locked(&sem) && !percpu_is_read_locked(&sem));
	EXPECT(!percpu_down_read_trylock(&sem));
	percpu_up_write(&sem);
	EXPECT(percpu_down_read_trylock(&sem));
	percpu_up_read(&sem);
	EXPECT(!percpu_rwsem_is_held(&sem));
	percpu_free_rwsem(&sem);
	percpu_free_rwsem(&sem);
	return NULL;
}

struct shared {
	struct percpu_rw_semaphore	sem;
	long				a, b;		/* always the same for readers */
	atomic_t			inside;
	bool				stop;
};

static const char *read_or_write(struct crew *c, int i)
{
	struct shared *s = c->data;
	u32 seed = test_seed(i);

	for (int n = test_rounds(200); n--; ) {
		if (test_random(&seed) % 16) {
			percpu_down_read(&s->sem);
			EXPECT_EQ(READ_ONCE(s->a), READ_ONCE(s->b));
			if (test_random(&seed) % 8 == 0)
				test_nap();		/* so that it leaves on another CPU, and meets writers */
			EXPECT_EQ(READ_ONCE(s->a), READ_ONCE(s->b));
			percpu_up_read(&s->sem);
		} else {
			percpu_down_write(&s->sem);
			EXPECT_EQ(atomic_inc_return(&s->inside), 1);
			WRITE_ONCE(s->a, s->a + 1);
			cond_resched();
			WRITE_ONCE(s->b, s->b + 1);
			atomic_dec(&s->inside);
			percpu_up_write(&s->sem);
		}
	}
	return NULL;
}

TEST(percpu_rwsem_readers_see_nothing_half_written, .cpus = 2)
{
	static struct shared s;
	struct crew c = { .fn = read_or_write, .data = &s, .n = 2 * num_online_cpus() };

	s = (struct shared){ };
	EXPECT_EQ(percpu_init_rwsem(&s.sem), 0);
	TRY(crew_run(&c));
	EXPECT_EQ(s.a, s.b);
	EXPECT(!percpu_rwsem_is_held(&s.sem));
	percpu_free_rwsem(&s.sem);
	return NULL;
}

/* Readers come without end, and overlap: is there a gap for a writer? */
static int read_always(void *data)
{
	struct shared *s = data;

	while (!READ_ONCE(s->stop)) {
		percpu_down_read(&s->sem);
		test_nap();
		percpu_up_read(&s->sem);
	}
	return test_wait_for_stop();
}

TEST(percpu_rwsem_writer_gets_in_between_readers)
{
	static struct shared s;
	struct task_struct *p[4];

	s = (struct shared){ };
	EXPECT_EQ(percpu_init_rwsem(&s.sem), 0);
	for (int i = 0; i < 4; i++)
		p[i] = test_start(-1, read_always, &s, "test/reader");
	for (int i = 0; i < 5; i++) {
		percpu_down_write(&s.sem);
		percpu_up_write(&s.sem);
	}
	WRITE_ONCE(s.stop, true);
	for (int i = 0; i < 4; i++)
		test_join(p[i]);
	percpu_free_rwsem(&s.sem);
	return NULL;
}

/* And for a reader, when writers come without end? */
static int write_always(void *data)
{
	struct shared *s = data;

	while (!READ_ONCE(s->stop)) {
		percpu_down_write(&s->sem);
		percpu_up_write(&s->sem);
	}
	return test_wait_for_stop();
}

TEST(percpu_rwsem_reader_gets_in_between_writers)
{
	static struct shared s;
	struct task_struct *p[2];

	s = (struct shared){ };
	EXPECT_EQ(percpu_init_rwsem(&s.sem), 0);
	for (int i = 0; i < 2; i++)
		p[i] = test_start(-1, write_always, &s, "test/writer");
	for (int i = 0; i < 20; i++) {
		percpu_down_read(&s.sem);
		percpu_up_read(&s.sem);
	}
	WRITE_ONCE(s.stop, true);
	for (int i = 0; i < 2; i++)
		test_join(p[i]);
	percpu_free_rwsem(&s.sem);
	return NULL;
}

TEST(percpu_rwsem_freed_while_read_is_kept, .warns = "percpu_free_rwsem() of \"&sem\" while readers have it")
{
	struct percpu_rw_semaphore sem;

	EXPECT_EQ(percpu_init_rwsem(&sem), 0);
	percpu_down_read(&sem);
	percpu_free_rwsem(&sem);		/* kept */
	percpu_up_read(&sem);
	percpu_free_rwsem(&sem);
	return NULL;
}

TEST(percpu_rwsem_given_back_too_often_stays_as_it_is, .warns = "but holds nothing for reading")
{
	struct percpu_rw_semaphore sem;

	EXPECT_EQ(percpu_init_rwsem(&sem), 0);
	lockdep_acquire(&sem.writers.own.dep_map, 0, LOCKDEP_SHARED);	/* lockdep has its own words for it */
	percpu_up_read(&sem);
	EXPECT(!percpu_rwsem_is_held(&sem));
	percpu_free_rwsem(&sem);
	return NULL;
}

/* Lockdep tells it, too, in words of its own. */
#define TOLD	(IS_ENABLED(CONFIG_LOCKDEP) ? "it would wait for itself for ever" : "which it holds for writing")

TEST(percpu_rwsem_writer_who_reads_is_told, .warns = TOLD)
{
	struct percpu_rw_semaphore sem;

	EXPECT_EQ(percpu_init_rwsem(&sem), 0);
	percpu_down_write(&sem);
	percpu_down_read(&sem);
	percpu_up_read(&sem);
	percpu_up_write(&sem);
	percpu_free_rwsem(&sem);
	return NULL;
}

struct short_lived {
	struct percpu_rw_semaphore	sem;
	struct completion		reading;
};

static int leave_when_waited_for(void *data)
{
	struct short_lived *s = data;

	percpu_down_read(&s->sem);
	complete(&s->reading);
	while (!percpu_is_write_locked(&s->sem)) {
		cpu_relax();
		cond_resched();
	}
	percpu_up_read(&s->sem);
	return test_wait_for_stop();
}

/* The last reader wakes the writer: and does not look at what that one has freed meanwhile. */
TEST(percpu_rwsem_may_go_when_its_last_reader_is_counted)
{
	for (int i = test_rounds(30); i--; ) {
		struct short_lived *s = kmalloc(sizeof(*s), GFP_KERNEL);
		struct task_struct *p;

		EXPECT(s && !percpu_init_rwsem(&s->sem));
		init_completion(&s->reading);
		p = test_start(-1, leave_when_waited_for, s, "test/reader");
		wait_for_completion(&s->reading);
		percpu_down_write(&s->sem);
		percpu_up_write(&s->sem);
		percpu_free_rwsem(&s->sem);
		kfree(s);
		test_join(p);
	}
	return NULL;
}

TEST(percpu_rwsem_reading_costs_little)
{
	u64 start;

	percpu_down_read(&static_sem);
	percpu_up_read(&static_sem);
	preempt_disable();
	start = get_cycles();
	for (int i = 0; i < 1000; i++) {
		percpu_down_read_trylock(&static_sem);
		percpu_up_read(&static_sem);
	}
	start = get_cycles() - start;
	preempt_enable();
	test_note("percpu_down_read and percpu_up_read: %llu instructions", start / 1000);
	if (test_real_time || test_shaken || IS_ENABLED(CONFIG_LOCKDEP))
		return NULL;
	EXPECT_OP(start / 1000, <, 60);
	return NULL;
}
