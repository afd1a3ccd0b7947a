/* SPDX-License-Identifier: MIT */
/*
 * The order in which fair threads wait (kernel/sched/timeline.h), on a queue of its own that no CPU knows: who is
 * first, who goes into the line and who into the tree, against an array that is searched from end to end.
 */
#include "test.h"
#include "../kernel/sched/timeline.h"

#include <linux/slab.h>

#define SOME 200

struct fixture {
	struct cfs_rq cfs;
	struct task_struct *p;		/* SOME of them; nothing but `se` is used */
	bool waits[SOME];
	unsigned int in_tree;		/* how often a newcomer was put there */
};

static struct fixture *fixture(void)
{
	struct fixture *f = kzalloc(sizeof(*f), GFP_KERNEL);

	f->p = kcalloc(SOME, sizeof(*f->p), GFP_KERNEL);
	init_cfs_rq(&f->cfs);
	return f;
}

static const char *done(struct fixture *f)
{
	kfree(f->p);
	kfree(f);
	return NULL;
}

static void come(struct fixture *f, unsigned int i, u64 vruntime)
{
	f->p[i].se.vruntime = vruntime;
	timeline_add(&f->cfs, &f->p[i].se);
	f->waits[i] = true;
	f->in_tree += !f->p[i].se.in_line;
}

static void go(struct fixture *f, unsigned int i)
{
	timeline_remove(&f->cfs, &f->p[i].se);
	f->waits[i] = false;
}

static unsigned int number_of(struct fixture *f, struct sched_entity *se)
{
	return container_of(se, struct task_struct, se) - f->p;
}

/* The first one leaves, to come again with so much more. Return: its number. */
static unsigned int turn(struct fixture *f, u64 more)
{
	unsigned int i = number_of(f, timeline_first(&f->cfs));

	go(f, i);
	come(f, i, f->p[i].se.vruntime + more);
	return i;
}

/* The least of all. Return: false if nobody waits. */
static bool search(struct fixture *f, u64 *least)
{
	bool found = false;

	for (unsigned int i = 0; i < SOME; i++) {
		u64 v = f->p[i].se.vruntime;

		if (!f->waits[i] || (found && (s64)(v - *least) >= 0))
			continue;
		*least = v;
		found = true;
	}
	return found;
}

static const char *first_is_right(struct fixture *f)
{
	struct sched_entity *se = timeline_first(&f->cfs);
	u64 least = 0;

	if (!search(f, &least)) {
		EXPECT(!se);
		return NULL;
	}
	EXPECT(se);
	EXPECT(f->waits[number_of(f, se)]);
	EXPECT(se->vruntime - least <= EQUAL_TIME);
	return NULL;
}

/* Comings and goings at random, over so wide a range, which has zero in its middle: there the counter overflows. */
static const char *at_random(struct fixture *f, u64 range)
{
	u32 random = test_seed(range);

	for (int n = 0; n < 5000; n++) {
		unsigned int i = test_random(&random) % SOME;

		if (f->waits[i])
			go(f, i);
		else
			come(f, i, test_random(&random) % range - range / 2);
		TRY(first_is_right(f));
	}
	return NULL;
}

TEST(timeline_the_first_has_the_least_time_but_for_65_us)
{
	static const u64 ranges[] = { 10, 100 * 1000, 1000 * 1000, 4000 * 1000 * 1000ULL };
	const char *said = NULL;

	for (unsigned int i = 0; i < ARRAY_SIZE(ranges) && !said; i++) {
		struct fixture *f = fixture();

		said = at_random(f, ranges[i]);
		done(f);
	}
	return said;
}

/* Steps of different length, as ticks and interrupts make them. */
TEST(timeline_who_runs_in_turn_stays_in_the_line_and_in_order)
{
	struct fixture *f = fixture();

	for (unsigned int i = 0; i < SOME; i++)
		come(f, i, 1000);
	for (unsigned int n = 0; n < 10 * SOME; n++)
		EXPECT_EQ(turn(f, n % 7 ? 300 : 2000), n % SOME);
	EXPECT_EQ(f->in_tree, 0);
	return done(f);
}

TEST(timeline_two_who_wake_each_other_never_touch_the_tree)
{
	struct fixture *f = fixture();

	come(f, 0, 0);
	for (unsigned int n = 0; n < 100; n++) {
		come(f, 1, -4000000ULL);	/* it slept, and preempts */
		EXPECT_EQ(number_of(f, timeline_first(&f->cfs)), 1);
		go(f, 1);
		turn(f, 500);
	}
	EXPECT_EQ(f->in_tree, 0);
	return done(f);
}

/* Once each they may go there; and those who are far ahead when they come again. */
TEST(timeline_some_far_ahead_do_not_drive_the_others_into_the_tree)
{
	struct fixture *f = fixture();

	for (unsigned int i = 0; i < SOME; i++)
		come(f, i, i < SOME - 3 ? 1000 : 1000000000);
	for (unsigned int n = 0; n < 20 * SOME; n++)
		EXPECT(turn(f, 300) < SOME - 3);
	for (unsigned int i = 0; i < SOME; i++)
		EXPECT_EQ(f->p[i].se.in_line, i < SOME - 3);
	EXPECT(f->in_tree <= 3 + 3);
	return done(f);
}

TEST(timeline_the_walk_meets_everybody_from_the_last_to_the_first)
{
	struct fixture *f = fixture();
	u32 random = test_seed(0), waiting = SOME;
	struct task_struct *p, *before = NULL;
	struct timeline_walk w;

	for (unsigned int i = 0; i < SOME; i++)
		come(f, i, test_random(&random) % 10000000);
	EXPECT(f->in_tree > SOME / 4 && f->in_tree < SOME);
	for (w = timeline_walk(&f->cfs); (p = timeline_step(&w)); before = p, waiting--) {
		EXPECT(!before || (s64)(p->se.vruntime - before->se.vruntime) <= (s64)EQUAL_TIME);
		go(f, p - f->p);	/* as who takes it elsewhere */
	}
	EXPECT_EQ(waiting, 0);
	EXPECT(!timeline_first(&f->cfs));
	return done(f);
}
