/* SPDX-License-Identifier: MIT */
/* SRCU: what a sleeping reader has found stays; grace periods end when its readers do, and only those count. */
#include "test.h"

#include <linux/delay.h>
#include <linux/slab.h>
#include <linux/srcu.h>
#include <linux/timex.h>

DEFINE_STATIC_SRCU(static_srcu);

static int synchronize_it(void *data)
{
	synchronize_srcu(data);
	return test_wait_for_stop();
}

TEST(srcu_grace_period_waits_for_a_sleeping_reader)
{
	struct srcu_struct ss;
	struct task_struct *p;
	int idx, inner;

	EXPECT_EQ(init_srcu_struct(&ss), 0);
	synchronize_srcu(&ss);
	idx = srcu_read_lock(&ss);
	p = test_start(-1, synchronize_it, &ss, "test/sync");
	EXPECT(eventually(test_asleep(p, TASK_UNINTERRUPTIBLE)));
	inner = srcu_read_lock(&ss);		/* one that came later, and one inside another */
	srcu_read_unlock(&ss, inner);
	test_nap();
	EXPECT(test_asleep(p, TASK_UNINTERRUPTIBLE));
	srcu_read_unlock(&ss, idx);
	EXPECT(eventually(test_asleep(p, TASK_INTERRUPTIBLE)));
	test_join(p);
	cleanup_srcu_struct(&ss);
	return NULL;
}

TEST(srcu_readers_of_another_srcu_struct_do_not_count)
{
	struct srcu_struct ss;
	int idx = srcu_read_lock(&static_srcu);

	EXPECT_EQ(init_srcu_struct(&ss), 0);
	synchronize_srcu(&ss);
	synchronize_srcu_expedited(&ss);
	cleanup_srcu_struct(&ss);
	srcu_read_unlock(&static_srcu, idx);
	synchronize_srcu(&static_srcu);
	return NULL;
}

/* Readers follow a pointer, sleeping now and then; the writer replaces and poisons. */
#define GOOD	0x600d600d
#define BAD	0x0bad0bad

struct box {
	struct srcu_struct	ss;
	u32 __rcu		*p;
	struct rcu_head		*heads;
	atomic_t		called;
	bool			stop;
};

static const char *read_box(struct box *b, u32 seed)
{
	while (!READ_ONCE(b->stop)) {
		int idx = srcu_read_lock(&b->ss);
		u32 *p = srcu_dereference(b->p, &b->ss);

		EXPECT_EQ(READ_ONCE(*p), GOOD);
		if (test_random(&seed) % 4 == 0)
			test_nap();
		else
			cond_resched();
		EXPECT_EQ(READ_ONCE(*p), GOOD);
		srcu_read_unlock(&b->ss, idx);
	}
	return NULL;
}

static const char *replace_in_box(struct box *b)
{
	for (int n = test_rounds(60); n--; ) {
		u32 *old, *new = kmalloc(sizeof(*new), GFP_KERNEL);

		EXPECT(new);
		*new = GOOD;
		old = rcu_replace_pointer(b->p, new, true);
		synchronize_srcu(&b->ss);
		WRITE_ONCE(*old, BAD);
		kfree(old);
	}
	WRITE_ONCE(b->stop, true);
	return NULL;
}

static const char *use_box(struct crew *c, int i)
{
	return i ? read_box(c->data, test_seed(i)) : replace_in_box(c->data);
}

TEST(srcu_what_a_reader_has_found_stays)
{
	static struct box b;
	struct crew c = { .fn = use_box, .data = &b, .n = 1 + 2 * num_online_cpus() };
	const char *why;

	b = (struct box){ .p = kmalloc(sizeof(u32), GFP_KERNEL) };
	EXPECT(b.p);
	*b.p = GOOD;
	EXPECT_EQ(init_srcu_struct(&b.ss), 0);
	why = crew_run(&c);
	cleanup_srcu_struct(&b.ss);
	kfree(b.p);
	return why;
}

struct counted {
	struct rcu_head	head;
	atomic_t	*called;
};

static void count_and_free(struct rcu_head *head)
{
	struct counted *k = container_of(head, struct counted, head);

	BLAME_UNLESS(in_softirq() && !in_hardirq());
	atomic_inc(k->called);
	kfree(k);
}

TEST(srcu_callbacks_come_after_the_readers_and_barrier_waits_for_all)
{
	struct srcu_struct ss;
	atomic_t called = ATOMIC_INIT(0);
	int idx;

	EXPECT_EQ(init_srcu_struct(&ss), 0);
	srcu_barrier(&ss);
	idx = srcu_read_lock(&ss);
	for (int i = 0; i < 50; i++) {
		struct counted *k = kmalloc(sizeof(*k), GFP_KERNEL);

		EXPECT(k);
		k->called = &called;
		call_srcu(&ss, &k->head, count_and_free);
		if (i == 25)
			test_nap();
	}
	test_nap();
	EXPECT_EQ(atomic_read(&called), 0);
	srcu_read_unlock(&ss, idx);
	srcu_barrier(&ss);
	EXPECT_EQ(atomic_read(&called), 50);
	cleanup_srcu_struct(&ss);
	return NULL;
}

TEST(srcu_cleanup_with_readers_keeps_their_counters, .warns = "of its readers are there still")
{
	struct srcu_struct ss;
	int idx;

	EXPECT_EQ(init_srcu_struct(&ss), 0);
	idx = srcu_read_lock(&ss);
	cleanup_srcu_struct(&ss);
	srcu_read_unlock(&ss, idx);
	cleanup_srcu_struct(&ss);
	return NULL;
}

TEST(srcu_cleanup_twice_is_named, .warns = "or is cleaned up already")
{
	struct srcu_struct ss;

	EXPECT_EQ(init_srcu_struct(&ss), 0);
	cleanup_srcu_struct(&ss);
	cleanup_srcu_struct(&ss);
	return NULL;
}

struct short_lived {
	struct srcu_struct	ss;
	struct completion	reading;
};

static int leave_when_waited_for(void *data)
{
	struct short_lived *s = data;
	int idx = srcu_read_lock(&s->ss);

	complete(&s->reading);
	while (!READ_ONCE(s->ss.waiting)) {
		cpu_relax();
		cond_resched();
	}
	srcu_read_unlock(&s->ss, idx);
	return test_wait_for_stop();
}

/* The last reader wakes who waits: and does not look at what that one has freed meanwhile. */
TEST(srcu_struct_may_go_when_its_last_reader_is_counted)
{
	for (int i = test_rounds(30); i--; ) {
		struct short_lived *s = kmalloc(sizeof(*s), GFP_KERNEL);
		struct task_struct *p;

		EXPECT(s && !init_srcu_struct(&s->ss));
		init_completion(&s->reading);
		p = test_start(-1, leave_when_waited_for, s, "test/reader");
		wait_for_completion(&s->reading);
		synchronize_srcu(&s->ss);
		cleanup_srcu_struct(&s->ss);
		kfree(s);
		test_join(p);
	}
	return NULL;
}

TEST(srcu_wrong_index_is_named, .warns = "it takes what srcu_read_lock() has answered")
{
	int idx = srcu_read_lock(&static_srcu);

	srcu_read_unlock(&static_srcu, 7);
	srcu_read_unlock(&static_srcu, idx);
	return NULL;
}

TEST(srcu_reading_costs_little)
{
	u64 start;

	srcu_read_unlock(&static_srcu, srcu_read_lock(&static_srcu));
	preempt_disable();
	start = get_cycles();
	for (int i = 0; i < 1000; i++)
		srcu_read_unlock(&static_srcu, srcu_read_lock(&static_srcu));
	start = get_cycles() - start;
	preempt_enable();
	test_note("srcu_read_lock and srcu_read_unlock: %llu instructions", start / 1000);
	if (test_real_time || test_shaken || IS_ENABLED(CONFIG_LOCKDEP))
		return NULL;
	EXPECT_OP(start / 1000, <, 40);
	return NULL;
}
