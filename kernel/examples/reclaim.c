/* SPDX-License-Identifier: MIT */
/*
 * The reclaim thread: keeps some pages free, so that nobody has to wait for them.
 *
 * Free memory is wasted memory; caches take all they can get and make everything faster. But somebody who needs a page
 * needs it now. So a thread watches two marks, as Linux's kswapd does:
 *
 *	free pages
 *	   |   \                   _
 *	high --- \ -------------- / \ ------		the thread stops here, so that it sleeps for a while
 *	   |       \             /    \
 *	low  -------- \ ------- / ------ \ --		whoever allocates below this mark wakes it
 *	   |             \_____/
 *	   +------------------------------> time	(down: others allocate; up: the thread shrinks caches)
 *
 * Where does it get pages from? From shrinkers: every cache has registered two functions with the page allocator, "how
 * much could you do without?" and "then let go of so much". The thread first asks all of them for a little (a 64th),
 * and for more the longer it does not help. If allocations are so fast that nothing is left in spite of it, they call
 * the same functions themselves before they fail (alloc_reclaiming() in kernel/mm/page_alloc.c).
 *
 * The cache here keeps answers, each in a page of its own. It lets go of the ones that nobody has asked for lately.
 *
 * Locking: answers.lock for the cache. It is not held while memory is allocated: the allocation may call the cache's
 * own shrinker, which takes it. A shrinker may not sleep. Read next: deferred.c; kernel/mm/low_water.c,
 * kernel/mm/shrinker.c.
 */
#include "reclaim.h"
#include "examples.h"
#include <linux/console.h>
#include <linux/err.h>
#include <linux/freezer.h>
#include <linux/hash.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/lockdep.h>
#include <linux/prandom.h>

#define FIRST_PRIORITY	6	/* ask for a 64th at first */

/* ---- the thread ---- */

/* Shrink, harder each time, until enough is free. */
static void balance(struct reclaim *r)
{
	r->runs++;
	for (int priority = FIRST_PRIORITY; priority >= 0; priority--) {
		if (nr_free_pages() >= r->high || kthread_should_stop())
			return;
		r->freed += shrink_memory(GFP_KERNEL, priority);
		cond_resched();
	}
}

static int keep_memory_free(void *data)
{
	struct reclaim *r = data;

	set_freezable();
	while (!kthread_should_stop()) {
		wait_event_freezable(r->work, READ_ONCE(r->short_of_memory) || kthread_should_stop());
		/* First this, then the look at how much is free: who allocates from now on sets it again. */
		WRITE_ONCE(r->short_of_memory, false);
		/* Pages on CPUs' lists count as free, but taking those wakes nobody: let all lie in one place. */
		drain_all_pages();
		if (nr_free_pages() < r->low)
			balance(r);
	}
	return 0;
}

/* Called by whoever allocates, anywhere: the thread shall look. */
static void memory_is_short(struct low_water *water)
{
	struct reclaim *r = container_of(water, struct reclaim, water);

	WRITE_ONCE(r->short_of_memory, true);
	wake_up(&r->work);
}

int reclaim_start(struct reclaim *r, unsigned long low, unsigned long high)
{
	struct task_struct *p;
	int err;

	*r = (struct reclaim){ .low = low, .high = high, .water = { .pages = low, .wake = memory_is_short } };
	init_waitqueue_head(&r->work);
	p = kthread_run(keep_memory_free, r, "reclaim");
	if (IS_ERR(p))
		return PTR_ERR(p);
	r->thread = p;
	err = watch_low_water(&r->water);
	if (err)
		kthread_stop(p);
	return err;
}

void reclaim_stop(struct reclaim *r)
{
	unwatch_low_water(&r->water);
	kthread_stop(r->thread);
}

/* ---- the cache ---- */

/* Lies at the start of the page that it describes. */
struct answer {
	struct hlist_node	hash;		/* cache's lock, as the next */
	struct list_head	lru;
	u64			question, answer;	/* constant */
};

static struct answer *find_locked(struct answers *c, u64 question)
{
	struct answer *a;

	lockdep_assert_held(&c->lock);
	hash_for_each_possible(c->by_question, a, hash, question)
		if (a->question == question)
			return a;
	return NULL;
}

/* Asked for again: young again. */
static bool look_up(struct answers *c, u64 question, u64 *answer)
{
	struct answer *a;

	spin_lock(&c->lock);
	a = find_locked(c, question);
	if (a) {
		list_move(&a->lru, &c->lru);
		*answer = a->answer;
		c->hits++;
	} else {
		c->misses++;
	}
	spin_unlock(&c->lock);
	return a;
}

/* Of two who have found the same answer at the same time, one keeps it. */
static void keep(struct answers *c, struct answer *a)
{
	bool known;

	spin_lock(&c->lock);
	known = find_locked(c, a->question);
	if (!known) {
		hash_add(c->by_question, &a->hash, a->question);
		list_add(&a->lru, &c->lru);
		c->nr++;
	}
	spin_unlock(&c->lock);
	if (known)
		free_page((unsigned long)a);
}

/* Any function that takes its time. */
static u64 work_hard(u64 question)
{
	u64 x = question;

	for (int i = 0; i < 1000; i++)
		x = hash_64(x + i, 64);
	return x;
}

u64 answers_get(struct answers *c, u64 question)
{
	struct answer *a;
	u64 answer;

	if (look_up(c, question, &answer))
		return answer;
	answer = work_hard(question);
	a = (struct answer *)__get_free_page(GFP_KERNEL | __GFP_NOWARN);
	if (a) {
		a->question = question;
		a->answer = answer;
		keep(c, a);
	}
	return answer;
}

/* Let go of the answer that nobody has asked for the longest time. */
static bool drop_oldest(struct answers *c)
{
	struct answer *a;

	spin_lock(&c->lock);
	a = list_empty(&c->lru) ? NULL : list_last_entry(&c->lru, struct answer, lru);
	if (a) {
		list_del(&a->lru);
		hash_del(&a->hash);
		c->nr--;
	}
	spin_unlock(&c->lock);
	free_page((unsigned long)a);
	return a;
}

static unsigned long count_answers(struct shrinker *s, struct shrink_control *sc)
{
	return READ_ONCE(container_of(s, struct answers, shrinker)->nr);
}

static unsigned long drop_answers(struct shrinker *s, struct shrink_control *sc)
{
	struct answers *c = container_of(s, struct answers, shrinker);
	unsigned long dropped = 0;

	while (dropped < sc->nr_to_scan && drop_oldest(c))
		dropped++;
	spin_lock(&c->lock);
	c->shrunk += dropped;
	spin_unlock(&c->lock);
	return dropped;
}

void answers_init(struct answers *c)
{
	*c = (struct answers){ .shrinker = {
		.count_objects = count_answers, .scan_objects = drop_answers, .seeks = DEFAULT_SEEKS,
	} };
	spin_lock_init(&c->lock);
	INIT_LIST_HEAD(&c->lru);
	hash_init(c->by_question);
	register_shrinker(&c->shrinker, "example-answers");
}

void answers_destroy(struct answers *c)
{
	unregister_shrinker(&c->shrinker);
	while (drop_oldest(c))
		;
}

/* ---- the example: questions, some of them asked again and again ---- */

#define MAY_GROW	256	/* pages that the cache may take before the thread wakes */
#define BAND		64	/* pages between the marks */

static struct answers cache;
static struct reclaim example;
static struct task_struct *asker;

static int ask_questions(void *unused)
{
	struct rnd_state random;

	prandom_seed_state(&random, 1);
	while (!kthread_should_stop()) {
		for (int i = 0; i < 16; i++) {
			u32 range = i % 2 ? 100 : 10000;

			answers_get(&cache, prandom_u32_max_state(&random, range));
		}
		example_nap(10);
	}
	return 0;
}

static int start_example(void)
{
	unsigned long free = nr_free_pages(), low = free - MAY_GROW;
	int err;

	if (free < 2 * MAY_GROW)
		return -ENOMEM;
	answers_init(&cache);
	err = reclaim_start(&example, low, low + BAND);
	if (err) {
		answers_destroy(&cache);
		return err;
	}
	asker = kthread_run(ask_questions, NULL, "reclaim/load");
	if (!IS_ERR(asker))
		return 0;
	reclaim_stop(&example);
	answers_destroy(&cache);
	return PTR_ERR(asker);
}

static int stop_example(void)
{
	kthread_stop(asker);
	reclaim_stop(&example);
	answers_destroy(&cache);
	return 0;
}

static void show_example(void)
{
	example_print_thread("reclaim", example.thread);
	console_printf("%lu pages free, the low mark is %lu; the cache has %lu, gave back %lu in %lu runs\n",
		       nr_free_pages(), example.low, READ_ONCE(cache.nr), READ_ONCE(cache.shrunk), example.runs);
}

const struct example reclaim_example = {
	.name = "reclaim", .summary = "keeps pages free by shrinking a cache, as kswapd does",
	.start = start_example, .stop = stop_example, .status = show_example,
};
