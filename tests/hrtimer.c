/* SPDX-License-Identifier: MIT */
/*
 * hrtimers: never early, ordered to the nanosecond, in the timer interrupt itself.
 */
#include "test.h"

#include <linux/cpumask.h>
#include <linux/hrtimer.h>
#include <linux/ktime.h>
#include <linux/preempt.h>
#include <linux/slab.h>
#include <linux/jiffies.h>
#include <linux/tick.h>
#include <linux/timekeeping.h>

struct probe {
	struct hrtimer timer;
	ktime_t due;
	ktime_t at;
	atomic_t fired;
	int order;
	int left;		/* how often to go on */
	ktime_t period;
};

static atomic_t sequence;

static enum hrtimer_restart probe_fires(struct hrtimer *t)
{
	struct probe *pr = container_of(t, struct probe, timer);

	BLAME_UNLESS(pr->timer.is_soft ? in_serving_softirq() && !in_hardirq() : in_hardirq());
	BLAME_UNLESS(irqs_disabled() == !pr->timer.is_soft);
	pr->at = ktime_get();
	if (pr->at < pr->due)
		test_blame("%lld ns early", pr->due - pr->at);
	pr->order = atomic_fetch_inc(&sequence);
	atomic_inc(&pr->fired);
	if (pr->left-- <= 0)
		return HRTIMER_NORESTART;
	hrtimer_forward_now(t, pr->period);
	pr->due = hrtimer_get_expires(t);
	return HRTIMER_RESTART;
}

static void setup(struct probe *pr, enum hrtimer_mode mode)
{
	*pr = (struct probe){ .left = 0 };
	hrtimer_init(&pr->timer, CLOCK_MONOTONIC, mode);
	pr->timer.function = probe_fires;
}

static void setup_probe(struct probe *pr)
{
	setup(pr, HRTIMER_MODE_REL_PINNED);
}

static void start_probe(struct probe *pr, u64 ns)
{
	pr->due = ktime_add_ns(ktime_get(), ns);
	hrtimer_start(&pr->timer, pr->due, HRTIMER_MODE_ABS_PINNED);
}

/* Has it fired, and is its function through? It is on our stack, perhaps, and its CPU another. */
static bool fires(struct probe *pr)
{
	return eventually(atomic_read(&pr->fired) && !hrtimer_active(&pr->timer));
}

TEST(hrtimer_fires_once_and_never_early)
{
	static const u64 delays[] = { 0, 1, 1000, 50000, 1000000, 3999999, 4000001, 20000000 };
	struct probe pr;
	int i;

	for (i = 0; i < ARRAY_SIZE(delays); i++) {
		setup_probe(&pr);
		start_probe(&pr, delays[i]);
		EXPECT(fires(&pr));
		EXPECT_EQ(atomic_read(&pr.fired), 1);
	}
	return NULL;
}

TEST(hrtimer_relative_counts_from_now)
{
	struct probe pr;
	unsigned long flags;
	ktime_t left;
	bool active;

	setup_probe(&pr);
	local_irq_save(flags);		/* it can't fire before we have looked */
	pr.due = ktime_add_ms(ktime_get(), 3);
	hrtimer_start(&pr.timer, ms_to_ktime(3), HRTIMER_MODE_REL);
	active = hrtimer_active(&pr.timer);
	left = hrtimer_get_remaining(&pr.timer);
	local_irq_restore(flags);
	EXPECT(active);
	EXPECT(left <= ms_to_ktime(3));
	EXPECT(fires(&pr));
	return NULL;
}

#define MANY 1000

/* All on one CPU, so that their order is defined: equal times aside, it is the order of expiry. */
TEST(hrtimer_1000_at_random_keep_their_order)
{
	struct probe *pr = kcalloc(MANY, sizeof(*pr), GFP_KERNEL);
	struct probe **by_order = kcalloc(MANY, sizeof(*by_order), GFP_KERNEL);
	u32 random = test_seed(5);
	unsigned long flags;
	s64 worst = 0;
	int i;

	EXPECT(pr && by_order);
	set_cpus_allowed_ptr(current, cpumask_of(0));
	atomic_set(&sequence, 0);
	local_irq_save(flags);		/* none fires while the others are still being started */
	for (i = 0; i < MANY; i++) {
		setup_probe(&pr[i]);
		start_probe(&pr[i], 20 * NSEC_PER_MSEC + test_random(&random) % (100 * NSEC_PER_MSEC));
	}
	local_irq_restore(flags);
	if (!eventually(atomic_read(&sequence) == MANY))
		test_blame("%d of %d fired", atomic_read(&sequence), MANY);
	for (i = 0; i < MANY; i++) {
		hrtimer_cancel(&pr[i].timer);
		by_order[pr[i].order % MANY] = &pr[i];
		worst = max(worst, pr[i].at - pr[i].due);
	}
	for (i = 1; i < MANY; i++)
		if (!by_order[i] || !by_order[i - 1] || by_order[i]->due < by_order[i - 1]->due)
			test_blame("the one that fired as number %d was due earlier", i);
	test_note("worst lateness of %d hrtimers: %lld ns", MANY, worst);
	kfree(by_order);
	kfree(pr);
	return NULL;
}

static const char *restarts_keep_the_period(struct probe *pr, void (*start)(struct probe *pr, u64 ns))
{
	ktime_t first;

	pr->left = 9;
	pr->period = ms_to_ktime(1);
	start(pr, NSEC_PER_MSEC);
	first = pr->due;
	EXPECT(eventually(!hrtimer_active(&pr->timer)));
	EXPECT_EQ(atomic_read(&pr->fired), 10);
	EXPECT_EQ((pr->due - first) % NSEC_PER_MSEC, 0);
	return NULL;
}

TEST(hrtimer_restart_keeps_the_period_without_drift)
{
	struct probe pr;

	setup_probe(&pr);
	return restarts_keep_the_period(&pr, start_probe);
}

TEST(hrtimer_cancelled_does_not_fire_and_says_whether_it_was_active)
{
	struct probe pr;
	unsigned long flags;
	int cancelled;

	setup_probe(&pr);
	local_irq_save(flags);		/* it can't fire before we cancel it */
	start_probe(&pr, 5 * NSEC_PER_MSEC);
	cancelled = hrtimer_try_to_cancel(&pr.timer);
	local_irq_restore(flags);
	EXPECT_EQ(cancelled, 1);
	EXPECT_EQ(hrtimer_cancel(&pr.timer), 0);
	EXPECT_EQ(hrtimer_try_to_cancel(&pr.timer), 0);
	schedule_timeout_uninterruptible(4);
	EXPECT_EQ(atomic_read(&pr.fired), 0);
	return NULL;
}

TEST(hrtimer_started_again_moves)
{
	struct probe pr;

	setup_probe(&pr);
	start_probe(&pr, 500 * NSEC_PER_MSEC);
	start_probe(&pr, 2 * NSEC_PER_MSEC);
	EXPECT(fires(&pr));
	EXPECT(ktime_get() < pr.due + 400 * NSEC_PER_MSEC || test_real_time);
	return NULL;
}

TEST(hrtimer_forward_answers_how_many_periods_were_missed)
{
	struct probe pr;

	setup_probe(&pr);
	hrtimer_set_expires(&pr.timer, ms_to_ktime(10));
	EXPECT_EQ(hrtimer_forward(&pr.timer, ms_to_ktime(9), ms_to_ktime(2)), 0);
	EXPECT_EQ(hrtimer_forward(&pr.timer, ms_to_ktime(15), ms_to_ktime(2)), 3);
	EXPECT_EQ(hrtimer_get_expires(&pr.timer), ms_to_ktime(16));
	return NULL;
}

static bool began, ended;

static enum hrtimer_restart slow_timer(struct hrtimer *t)
{
	WRITE_ONCE(began, true);
	test_spin_ns(NSEC_PER_MSEC);
	WRITE_ONCE(ended, true);
	return HRTIMER_NORESTART;
}

static const char *start_or_cancel(struct crew *c, int who)
{
	struct hrtimer *t = c->data;

	if (who == 1) {
		hrtimer_start(t, 0, HRTIMER_MODE_REL_PINNED | (t->is_soft ? HRTIMER_MODE_SOFT : 0));
		return NULL;
	}
	while (!READ_ONCE(began))
		test_spin_ns(5000), cpu_relax();
	hrtimer_cancel(t);
	if (!READ_ONCE(ended))
		return test_fail("hrtimer_cancel returned while the function ran");
	return NULL;
}

static const char *cancel_waits_for_slow_timer(enum hrtimer_mode mode)
{
	static struct hrtimer t;
	int i;

	hrtimer_init(&t, CLOCK_MONOTONIC, mode);
	t.function = slow_timer;
	for (i = 0; i < 5; i++) {
		struct crew c = { .fn = start_or_cancel, .n = 2, .bound = true, .data = &t };

		began = ended = false;
		TRY(crew_run(&c));
	}
	return NULL;
}

TEST(hrtimer_cancel_waits_for_the_running_function, .cpus = 2)
{
	return cancel_waits_for_slow_timer(HRTIMER_MODE_REL_PINNED);
}

TEST(hrtimer_schedule_hrtimeout_sleeps_that_long)
{
	ktime_t start = ktime_get(), expires = us_to_ktime(700);

	set_current_state(TASK_UNINTERRUPTIBLE);
	EXPECT_EQ(schedule_hrtimeout(&expires, HRTIMER_MODE_REL), 0);
	EXPECT(ktime_get() - start >= us_to_ktime(700));
	EXPECT(task_is_running(current));
	return NULL;
}

/* ---- SOFT ---- */

static void setup_soft(struct probe *pr)
{
	setup(pr, HRTIMER_MODE_ABS_PINNED_SOFT);
}

static void start_soft(struct probe *pr, u64 ns)
{
	pr->due = ktime_add_ns(ktime_get(), ns);
	hrtimer_start(&pr->timer, pr->due, HRTIMER_MODE_ABS_PINNED_SOFT);
}

TEST(hrtimer_soft_runs_in_a_softirq_with_interrupts_on)
{
	static const u64 delays[] = { 0, 1, 1000, 50000, 1000000, 20000000 };
	struct probe pr;
	int i;

	for (i = 0; i < ARRAY_SIZE(delays); i++) {
		setup_soft(&pr);
		start_soft(&pr, delays[i]);
		EXPECT(fires(&pr));
		EXPECT_EQ(atomic_read(&pr.fired), 1);
	}
	return NULL;
}

TEST(hrtimer_soft_and_hard_at_random_all_fire_and_none_early)
{
	struct probe *pr = kcalloc(200, sizeof(*pr), GFP_KERNEL);
	u32 random = test_seed(6);
	int i;

	atomic_set(&sequence, 0);
	for (i = 0; i < 200; i++) {
		u64 ns = test_random(&random) % (20 * NSEC_PER_MSEC);

		if (i % 2) {
			setup_soft(&pr[i]);
			start_soft(&pr[i], ns);
		} else {
			setup_probe(&pr[i]);
			start_probe(&pr[i], ns);
		}
	}
	EXPECT(eventually(atomic_read(&sequence) == 200));
	for (i = 0; i < 200; i++) {
		EXPECT_EQ(hrtimer_cancel(&pr[i].timer), 0);
		EXPECT_EQ(atomic_read(&pr[i].fired), 1);
	}
	kfree(pr);
	return NULL;
}

TEST(hrtimer_soft_restart_keeps_the_period_without_drift)
{
	struct probe pr;

	setup_soft(&pr);
	return restarts_keep_the_period(&pr, start_soft);
}

TEST(hrtimer_soft_cancelled_does_not_fire)
{
	struct probe pr;
	unsigned long flags;
	int cancelled;

	setup_soft(&pr);
	local_irq_save(flags);		/* it can't fire before we cancel it */
	start_soft(&pr, 5 * NSEC_PER_MSEC);
	cancelled = hrtimer_cancel(&pr.timer);
	local_irq_restore(flags);
	EXPECT_EQ(cancelled, 1);
	EXPECT_EQ(hrtimer_cancel(&pr.timer), 0);
	schedule_timeout_uninterruptible(4);
	EXPECT_EQ(atomic_read(&pr.fired), 0);
	return NULL;
}

/* A thread that keeps softirqs away keeps SOFT timers away, and no interrupt storm comes of it. */
TEST(hrtimer_soft_waits_while_softirqs_are_off)
{
	struct probe pr;
	unsigned long before;
	int cpu;

	setup_soft(&pr);
	local_bh_disable();
	cpu = smp_processor_id();
	before = tick_interrupts(cpu);
	start_soft(&pr, 1000);
	test_spin_ns(2 * TICK_NSEC);
	BLAME_UNLESS(!atomic_read(&pr.fired));
	BLAME_UNLESS(test_real_time || test_shaken || tick_interrupts(cpu) - before < 10);
	local_bh_enable();
	EXPECT(fires(&pr));
	return NULL;
}

TEST(hrtimer_soft_cancel_waits_for_the_running_function, .cpus = 2)
{
	return cancel_waits_for_slow_timer(HRTIMER_MODE_REL_PINNED_SOFT);
}

TEST(hrtimer_soft_started_as_hard_is_explained, .warns = "started with HRTIMER_MODE_SOFT and was initialised without")
{
	struct probe pr;

	setup_soft(&pr);
	pr.due = ktime_get();
	hrtimer_start(&pr.timer, pr.due, HRTIMER_MODE_ABS_PINNED);
	EXPECT(fires(&pr));
	return NULL;
}

TEST(hrtimer_soft_on_the_real_clock_fires)
{
	struct probe pr = { .left = 0 };

	hrtimer_init(&pr.timer, CLOCK_REALTIME, HRTIMER_MODE_ABS_SOFT);
	pr.timer.function = probe_fires;
	pr.due = ktime_add_ms(ktime_get(), 3);
	hrtimer_start(&pr.timer, ktime_add_ms(ktime_get_real(), 3), HRTIMER_MODE_ABS_SOFT);
	EXPECT(fires(&pr));
	return NULL;
}

/* ---- what one can do wrong ---- */

static enum hrtimer_restart never(struct hrtimer *t)
{
	test_blame("an hrtimer fired that was cancelled");
	return HRTIMER_NORESTART;
}

TEST(hrtimer_initialised_again_while_queued_is_explained, .warns = "is initialised again while it is queued")
{
	struct hrtimer t;
	unsigned long flags;

	hrtimer_setup(&t, never, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	local_irq_save(flags);		/* nor before that */
	hrtimer_start(&t, ms_to_ktime(20), HRTIMER_MODE_REL);
	hrtimer_init(&t, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	local_irq_restore(flags);
	EXPECT(!hrtimer_active(&t));
	schedule_timeout_uninterruptible(10);
	return NULL;
}

TEST(hrtimer_in_freed_memory_is_explained, .warns = "is freed while an hrtimer in it (never) is queued")
{
	struct { long other[7]; struct hrtimer t[2]; } *object = kmalloc(sizeof(*object), GFP_KERNEL);
	unsigned long flags;
	int i;

	local_irq_save(flags);		/* nor before that */
	for (i = 0; i < 2; i++) {
		hrtimer_setup(&object->t[i], never, CLOCK_REALTIME, HRTIMER_MODE_REL);
		hrtimer_start(&object->t[i], ms_to_ktime(20), HRTIMER_MODE_REL);
	}
	kfree(object);
	local_irq_restore(flags);
	schedule_timeout_uninterruptible(10);
	return NULL;
}

TEST(hrtimer_in_a_copy_of_memory_is_not_taken_for_the_timer)
{
	struct hrtimer *t = kmalloc(sizeof(*t), GFP_KERNEL), *copy = kmalloc(sizeof(*copy), GFP_KERNEL);
	struct hrtimer *later = kmalloc(sizeof(*later), GFP_KERNEL);

	/* On one CPU's tree, so that the search for the copy meets one that is later. */
	preempt_disable();
	hrtimer_setup(copy, never, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	hrtimer_setup(later, never, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	hrtimer_start(later, ms_to_ktime(2000000), HRTIMER_MODE_REL);
	hrtimer_setup(t, never, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	hrtimer_start(t, ms_to_ktime(1000000), HRTIMER_MODE_REL);
	preempt_enable();
	*copy = *t;
	kfree(copy);
	EXPECT_EQ(hrtimer_cancel(t), 1);
	EXPECT_EQ(hrtimer_cancel(later), 1);
	kfree(later);
	kfree(t);
	return NULL;
}

TEST(hrtimer_on_the_stack_active_when_its_block_ends_is_explained, .warns = "is still active when its block ends")
{
	struct hrtimer t;
	unsigned long flags;

	hrtimer_init_on_stack(&t, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	t.function = never;
	local_irq_save(flags);		/* nor before that */
	hrtimer_start(&t, ms_to_ktime(20), HRTIMER_MODE_REL);
	destroy_hrtimer_on_stack(&t);
	local_irq_restore(flags);
	schedule_timeout_uninterruptible(10);
	return NULL;
}

static enum hrtimer_restart restarts_in_place(struct hrtimer *t)
{
	return HRTIMER_RESTART;
}

TEST(hrtimer_that_restarts_without_moving_on_is_explained, .warns = "without moving the expiry on")
{
	struct hrtimer t;

	hrtimer_setup(&t, restarts_in_place, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	hrtimer_start(&t, 1000, HRTIMER_MODE_REL);
	EXPECT(eventually(!hrtimer_active(&t)));
	return NULL;
}

/* ---- ranges, and the helpers ---- */

TEST(hrtimer_with_a_range_comes_within_it)
{
	struct probe pr;

	setup_probe(&pr);
	pr.due = ktime_add_ms(ktime_get(), 2);
	hrtimer_start_range_ns(&pr.timer, pr.due, NSEC_PER_MSEC, HRTIMER_MODE_ABS_PINNED);
	EXPECT_EQ(hrtimer_get_expires(&pr.timer) - hrtimer_get_softexpires(&pr.timer), NSEC_PER_MSEC);
	EXPECT(fires(&pr));
	if (!test_real_time && !test_shaken)
		EXPECT_OP(pr.at - pr.due, <=, NSEC_PER_MSEC + 100 * NSEC_PER_USEC);
	return NULL;
}

TEST(hrtimer_add_expires_and_restart_move_it)
{
	int cancelled, queued, running;
	unsigned long flags;
	struct probe pr;

	setup_probe(&pr);
	local_irq_save(flags);		/* it can't fire before we have looked */
	start_probe(&pr, NSEC_PER_MSEC);
	cancelled = hrtimer_cancel(&pr.timer);
	hrtimer_add_expires_ns(&pr.timer, NSEC_PER_MSEC);
	pr.due += NSEC_PER_MSEC;
	BLAME_UNLESS(hrtimer_get_expires(&pr.timer) == pr.due);
	hrtimer_restart(&pr.timer);
	queued = hrtimer_is_queued(&pr.timer);
	running = hrtimer_callback_running(&pr.timer);
	local_irq_restore(flags);
	EXPECT(cancelled && queued && !running);
	EXPECT(fires(&pr));
	return NULL;
}

/* ---- all at once ---- */

struct counter {
	struct hrtimer timer;
	atomic_t fired;
	int left;
};

static enum hrtimer_restart counts(struct hrtimer *t)
{
	struct counter *c = container_of(t, struct counter, timer);

	/* Without hrtimer_forward(): another CPU may have started it anew meanwhile, and then it must be left alone. */
	atomic_inc(&c->fired);
	return HRTIMER_NORESTART;
}

static const char *change_hrtimers(struct crew *c, int who)
{
	struct counter *counter = c->data;
	u32 random = test_seed(who + 20);
	u64 start = ktime_get();
	int i;

	for (i = test_rounds(2000); i && !test_took_long(start); i--) {
		struct hrtimer *t = &counter[test_random(&random) % 20].timer;
		enum hrtimer_mode mode = HRTIMER_MODE_REL | (t->is_soft ? HRTIMER_MODE_SOFT : 0);

		switch (test_random(&random) % 5) {
		case 0:
			hrtimer_cancel(t);
			break;
		case 1:
			hrtimer_try_to_cancel(t);
			break;
		default:
			hrtimer_start_range_ns(t, test_random(&random) % 50000, test_random(&random) % 5000, mode);
		}
		if (i % 64 == 0)
			test_nap();
	}
	return NULL;
}

TEST(hrtimer_hard_and_soft_can_be_changed_from_all_cpus_at_once)
{
	struct counter *counter = kcalloc(20, sizeof(*counter), GFP_KERNEL);
	struct crew c = { .fn = change_hrtimers, .n = 4, .bound = true, .data = counter };
	int i, n, fired = 0;

	for (i = 0; i < 20; i++)
		hrtimer_setup(&counter[i].timer, counts, CLOCK_MONOTONIC,
			      i % 2 ? HRTIMER_MODE_REL_SOFT : HRTIMER_MODE_REL);
	TRY(crew_run(&c));
	for (i = 0; i < 20; i++) {
		hrtimer_cancel(&counter[i].timer);
		EXPECT(!hrtimer_active(&counter[i].timer));
		fired += atomic_read(&counter[i].fired);
	}
	test_nap();
	for (n = 0, i = 0; i < 20; i++)
		n += atomic_read(&counter[i].fired);
	EXPECT_EQ(n, fired);
	EXPECT_OP(fired, >, 0);
	kfree(counter);
	return NULL;
}

/* Each has an owner, who alone starts it; anybody may cancel it. */
struct periodic {
	struct hrtimer timer;
	ktime_t first;
	u64 periods;
	atomic_t fired;
};

enum { PERIOD = 100 * NSEC_PER_USEC };

static enum hrtimer_restart goes_on(struct hrtimer *t)
{
	struct periodic *pr = container_of(t, struct periodic, timer);

	pr->periods += hrtimer_forward_now(t, PERIOD);
	atomic_inc(&pr->fired);
	return HRTIMER_RESTART;
}

static const char *restart_own(struct periodic *own, u32 *random)
{
	struct hrtimer *t = &own->timer;

	hrtimer_cancel(t);
	EXPECT(!hrtimer_active(t));
	EXPECT_EQ(hrtimer_get_expires(t), own->first + own->periods * PERIOD);
	own->periods = 0;
	own->first = ktime_get() + test_random(random) % PERIOD;
	hrtimer_start(t, own->first, HRTIMER_MODE_ABS | (t->is_soft ? HRTIMER_MODE_SOFT : 0));
	return NULL;
}

static const char *restart_and_cancel(struct crew *c, int who)
{
	struct periodic *all = c->data;
	u32 random = test_seed(who + 30);
	u64 start = ktime_get();

	for (int i = test_rounds(100); i && !test_took_long(start); i--) {
		TRY(restart_own(&all[who], &random));
		if (i % 4 == 0)
			test_nap();	/* let it come some times */
		else
			hrtimer_try_to_cancel(&all[test_random(&random) % c->n].timer);
		if (i % 8 == 0)
			hrtimer_cancel(&all[test_random(&random) % c->n].timer);
	}
	return NULL;
}

TEST(hrtimer_that_restarts_itself_can_be_cancelled_by_anybody_and_loses_no_period)
{
	struct periodic *all = kcalloc(4, sizeof(*all), GFP_KERNEL);
	struct crew c = { .fn = restart_and_cancel, .n = 4, .bound = true, .data = all };
	const char *why;
	int fired = 0;

	for (int i = 0; i < 4; i++)
		hrtimer_setup(&all[i].timer, goes_on, CLOCK_MONOTONIC,
			      i % 2 ? HRTIMER_MODE_ABS_SOFT : HRTIMER_MODE_ABS);
	why = crew_run(&c);
	for (int i = 0; i < 4; i++) {
		hrtimer_cancel(&all[i].timer);
		fired += atomic_read(&all[i].fired);
	}
	kfree(all);
	EXPECT_OP(fired, >, 0);
	return why;
}

static enum hrtimer_restart hurries(struct hrtimer *t)
{
	hrtimer_add_expires_ns(t, 1);
	return HRTIMER_RESTART;
}

/* It falls further behind each time: it would never be done. */
TEST(hrtimer_soft_that_comes_faster_than_it_can_be_served_leaves_time_for_threads)
{
	struct hrtimer t;

	hrtimer_setup(&t, hurries, CLOCK_MONOTONIC, HRTIMER_MODE_REL_SOFT);
	hrtimer_start(&t, 1000, HRTIMER_MODE_REL_SOFT);
	test_nap();
	test_nap();
	EXPECT_EQ(hrtimer_cancel(&t), 1);
	return NULL;
}

/* ---- sleeping ---- */

TEST(hrtimer_schedule_hrtimeout_range_comes_within_it)
{
	ktime_t start = ktime_get(), expires = us_to_ktime(500);

	set_current_state(TASK_UNINTERRUPTIBLE);
	EXPECT_EQ(schedule_hrtimeout_range(&expires, 300 * NSEC_PER_USEC, HRTIMER_MODE_REL), 0);
	EXPECT(ktime_get() - start >= us_to_ktime(500));
	EXPECT(test_real_time || test_shaken || ktime_get() - start < us_to_ktime(1000));
	return NULL;
}

TEST(hrtimer_schedule_hrtimeout_of_nothing_and_of_the_past_returns_at_once)
{
	ktime_t zero = 0, past = 1;

	set_current_state(TASK_INTERRUPTIBLE);
	EXPECT_EQ(schedule_hrtimeout(&zero, HRTIMER_MODE_ABS), 0);
	set_current_state(TASK_INTERRUPTIBLE);
	EXPECT_EQ(schedule_hrtimeout(&past, HRTIMER_MODE_ABS), 0);
	EXPECT(task_is_running(current));
	return NULL;
}

static int sleep_for_long(void *data)
{
	ktime_t expires = ms_to_ktime(100000);
	int ret;

	set_current_state(TASK_INTERRUPTIBLE);
	ret = schedule_hrtimeout(data ? &expires : NULL, HRTIMER_MODE_REL);
	test_wait_for_stop();
	return ret;
}

TEST(hrtimer_schedule_hrtimeout_woken_early_gives_eintr)
{
	long timed;

	for (timed = 0; timed < 2; timed++) {
		struct task_struct *p = test_start(-1, sleep_for_long, (void *)timed, "test/long");

		EXPECT(eventually(test_asleep(p, TASK_INTERRUPTIBLE)));
		wake_up_process(p);
		EXPECT_EQ(test_join(p), -EINTR);
	}
	return NULL;
}
