/* SPDX-License-Identifier: MIT */
/* Wound/wait mutexes: any number in any order, the older context gets through, nobody waits for ever. */
#include "test.h"

#include <linux/err.h>
#include <linux/ww_mutex.h>

static DEFINE_WW_CLASS(wound_wait);
static DEFINE_WD_CLASS(wait_die);

static struct ww_class *const classes[] = { &wound_wait, &wait_die };

TEST(ww_mutex_locks_and_answers_as_linux)
{
	for (int i = 0; i < 2; i++) {
		struct ww_acquire_ctx ctx;
		struct ww_mutex a, b;

		ww_mutex_init(&a, classes[i]);
		ww_mutex_init(&b, classes[i]);
		ww_acquire_init(&ctx, classes[i]);
		EXPECT_EQ(ww_mutex_lock(&a, &ctx), 0);
		EXPECT(ww_mutex_is_locked(&a));
		EXPECT_EQ(ww_mutex_lock(&a, &ctx), -EALREADY);
		EXPECT_EQ(ww_mutex_trylock(&a, &ctx), 0);
		EXPECT_EQ(ww_mutex_trylock(&b, &ctx), 1);
		ww_acquire_done(&ctx);
		EXPECT_EQ(ctx.acquired, 2);
		ww_mutex_unlock(&a);		/* in any order */
		ww_mutex_unlock(&b);
		ww_acquire_fini(&ctx);
		EXPECT_EQ(ww_mutex_lock(&a, NULL), 0);
		EXPECT_EQ(ww_mutex_trylock(&a, NULL), 0);
		ww_mutex_unlock(&a);
		EXPECT_EQ(ww_mutex_trylock(&a, NULL), 1);
		ww_mutex_unlock(&a);
		ww_mutex_destroy(&a);
	}
	return NULL;
}

/* Two contexts, two mutexes, opposite order. `other` begins second, so it is the younger. */
struct pair {
	struct ww_class		*class;
	struct ww_mutex		mine, others;
	struct completion	other_has_his;
	int			other_got;	/* what the younger was told about the older's */
};

static int younger(void *data)
{
	struct pair *p = data;
	struct ww_acquire_ctx ctx;

	ww_acquire_init(&ctx, p->class);
	BLAME_UNLESS(ww_mutex_lock(&p->others, &ctx) == 0);
	complete(&p->other_has_his);
	p->other_got = ww_mutex_lock(&p->mine, &ctx);
	ww_mutex_unlock(&p->others);
	if (p->other_got == -EDEADLK)
		ww_mutex_lock_slow(&p->mine, &ctx);
	ww_mutex_unlock(&p->mine);
	ww_acquire_fini(&ctx);
	return test_wait_for_stop();
}

static const char *cross(struct pair *p, bool interruptible)
{
	struct ww_acquire_ctx ctx;
	struct task_struct *t;

	ww_mutex_init(&p->mine, p->class);
	ww_mutex_init(&p->others, p->class);
	init_completion(&p->other_has_his);
	ww_acquire_init(&ctx, p->class);
	EXPECT_EQ(ww_mutex_lock(&p->mine, &ctx), 0);
	t = test_start(-1, younger, p, "test/younger");
	wait_for_completion(&p->other_has_his);
	/* The older is never refused, whenever it comes. */
	EXPECT_EQ(interruptible ? ww_mutex_lock_interruptible(&p->others, &ctx) : ww_mutex_lock(&p->others, &ctx), 0);
	ww_mutex_unlock(&p->others);
	ww_mutex_unlock(&p->mine);
	ww_acquire_fini(&ctx);
	test_join(t);
	EXPECT_EQ(p->other_got, -EDEADLK);
	EXPECT(!ww_mutex_is_locked(&p->mine) && !ww_mutex_is_locked(&p->others));
	return NULL;
}

TEST(ww_mutex_younger_gives_way_to_the_older)
{
	static struct pair p;

	for (int i = 0; i < 4; i++) {
		p = (struct pair){ .class = classes[i / 2] };
		TRY(cross(&p, i & 1));
	}
	return NULL;
}

/* ---- many, in random order ---- */

#define NR_LOCKS	12

struct heap {
	struct ww_class	*class;
	struct ww_mutex	lock[NR_LOCKS];
	int		owner[NR_LOCKS];	/* lock[i] */
	atomic_t	refused;
};

static void unlock_all(struct heap *h, unsigned int held)
{
	for (int i = 0; i < NR_LOCKS; i++) {
		if (!(held & (1u << i)))
			continue;
		h->owner[i] = 0;
		ww_mutex_unlock(&h->lock[i]);
	}
}

/* All of `want`, in an order of its own. */
static const char *lock_all(struct heap *h, unsigned int want, struct ww_acquire_ctx *ctx, int me, u32 *seed)
{
	unsigned int held = 0;

	while (held != want) {
		unsigned int i = test_random(seed) % NR_LOCKS;
		int err;

		if (!(want & ~held & (1u << i)))
			continue;
		err = ww_mutex_lock(&h->lock[i], ctx);
		if (err == -EDEADLK) {
			atomic_inc(&h->refused);
			unlock_all(h, held);
			held = 0;
			ww_mutex_lock_slow(&h->lock[i], ctx);
			err = 0;
		}
		EXPECT_EQ(err, 0);
		EXPECT_EQ(h->owner[i], 0);
		h->owner[i] = me;
		held |= 1u << i;
		yield();		/* so that others come */
	}
	return NULL;
}

static const char *take_some(struct crew *c, int me)
{
	struct heap *h = c->data;
	u32 seed = test_seed(me);

	for (int n = test_rounds(60); n--; ) {
		unsigned int want = test_random(&seed) % (1u << NR_LOCKS);
		struct ww_acquire_ctx ctx;

		ww_acquire_init(&ctx, h->class);
		TRY(lock_all(h, want, &ctx, me + 1, &seed));
		ww_acquire_done(&ctx);
		cond_resched();
		for (int i = 0; i < NR_LOCKS; i++)
			if (want & (1u << i))
				EXPECT_EQ(h->owner[i], me + 1);
		unlock_all(h, want);
		ww_acquire_fini(&ctx);
	}
	return NULL;
}

TEST(ww_mutex_many_in_any_order_get_through)
{
	static struct heap h;

	for (int k = 0; k < 2; k++) {
		struct crew c = { .fn = take_some, .data = &h, .n = 6, .bound = true };

		h = (struct heap){ .class = classes[k] };
		for (int i = 0; i < NR_LOCKS; i++)
			ww_mutex_init(&h.lock[i], h.class);
		TRY(crew_run(&c));
		test_note("%s: %d times refused", h.class->name, atomic_read(&h.refused));
	}
	return NULL;
}

/* ---- mistakes ---- */

TEST(ww_mutex_context_of_another_class_is_refused, .warns = "is of another class")
{
	struct ww_acquire_ctx ctx;
	struct ww_mutex a;

	ww_mutex_init(&a, &wait_die);
	ww_acquire_init(&ctx, &wound_wait);
	EXPECT_EQ(ww_mutex_lock(&a, &ctx), -EINVAL);
	ww_acquire_fini(&ctx);
	return NULL;
}

TEST(ww_mutex_strangers_unlock_is_refused, .warns = "only its owner may")
{
	struct ww_mutex a;

	ww_mutex_init(&a, &wound_wait);
	ww_mutex_unlock(&a);
	return NULL;
}

TEST(ww_mutex_locking_twice_without_a_context_is_refused, .warns = "which it holds already")
{
	struct ww_mutex a;

	ww_mutex_init(&a, &wound_wait);
	EXPECT_EQ(ww_mutex_lock(&a, NULL), 0);
	EXPECT_EQ(ww_mutex_lock(&a, NULL), -EDEADLK);
	ww_mutex_unlock(&a);
	return NULL;
}

TEST(ww_mutex_context_ends_with_mutexes_held_is_told, .warns = "ww_acquire_fini() while 1")
{
	struct ww_acquire_ctx ctx;
	struct ww_mutex a;

	ww_mutex_init(&a, &wound_wait);
	ww_acquire_init(&ctx, &wound_wait);
	EXPECT_EQ(ww_mutex_lock(&a, &ctx), 0);
	ww_acquire_fini(&ctx);
	ww_mutex_unlock(&a);
	return NULL;
}
