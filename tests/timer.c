/* SPDX-License-Identifier: MIT */
/*
 * timer_list: never early, in order, once each; deleting that waits; a thousand at random.
 */
#include "test.h"

#include <linux/cpumask.h>
#include <linux/interrupt.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/preempt.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/timer.h>
#include <linux/timekeeping.h>
#include <asm/timex.h>

struct probe {
	struct timer_list timer;
	atomic_t fired;
	unsigned long at;	/* jiffies when it fired */
	u64 at_ns, not_before_ns;
	int cpu, order;
	bool again;
};

static atomic_t fired_in_all;

/* A time that does not come while a test runs, however long the host lets it stand. */
#define FAR (1000 * HZ)

static void probe_fires(struct timer_list *t)
{
	struct probe *pr = from_timer(pr, t, timer);

	BLAME_UNLESS(in_softirq());
	BLAME_UNLESS(!irqs_disabled());
	pr->at = jiffies;
	pr->at_ns = ktime_get_ns();
	pr->order = atomic_read(&fired_in_all);
	pr->cpu = smp_processor_id();
	if (pr->at_ns < pr->not_before_ns)
		test_blame("%llu ns early", pr->not_before_ns - pr->at_ns);
	if (time_before(pr->at, t->expires))
		test_blame("fired at jiffy %lu, wanted %lu", pr->at, t->expires);
	atomic_inc(&pr->fired);
	atomic_inc(&fired_in_all);
	if (pr->again)
		mod_timer(t, jiffies + 1);
}

/* Jiffies j is reached after at least j - jiffies - 1 whole ticks from now. */
static void start_probe(struct probe *pr, unsigned long delay)
{
	u64 now = ktime_get_ns();

	atomic_set(&pr->fired, 0);
	pr->again = false;
	pr->not_before_ns = delay ? now + (delay - 1) * TICK_NSEC : now;
	timer_setup(&pr->timer, probe_fires, 0);
	/* not from jiffies that nobody has had the time to count yet */
	mod_timer(&pr->timer, jiffies_refresh() + delay);
}

TEST(timer_fires_once_and_never_early)
{
	static const unsigned long delays[] = { 0, 1, 2, 3, 10, 63, 64, 65, 100 };
	static struct probe pr;
	int i;

	for (i = 0; i < ARRAY_SIZE(delays); i++) {
		start_probe(&pr, delays[i]);
		EXPECT(eventually(atomic_read(&pr.fired)));
		EXPECT(!timer_pending(&pr.timer));
		test_nap();
		test_nap();
		EXPECT_EQ(atomic_read(&pr.fired), 1);
	}
	return NULL;
}

/* A timer that is put off keeps its bucket for the time being; that must not cost it the last part of a tick. */
TEST(timer_put_off_is_not_early)
{
	static struct probe pr;
	unsigned long delay, flags;

	for (delay = 1; delay < 20; delay++) {
		local_irq_save(flags);
		start_probe(&pr, delay);
		pr.not_before_ns = ktime_get_ns() + (delay + 1) * TICK_NSEC;
		mod_timer(&pr.timer, jiffies_refresh() + delay + 1);
		local_irq_restore(flags);
		EXPECT(eventually(atomic_read(&pr.fired)));
	}
	return NULL;
}

/* The wheel is coarse far away: a timer may be an eighth late, but not early, and not later than that. */
TEST(timer_far_away_is_late_by_an_eighth_at_most)
{
	static const unsigned long delays[] = { 300, 513, 1000, 5000, 40000 };
	static struct probe pr;
	int i, n = test_real_time ? 2 : ARRAY_SIZE(delays);

	for (i = 0; i < n; i++) {
		unsigned long start = jiffies;

		start_probe(&pr, delays[i]);
		while (!atomic_read(&pr.fired) && time_before(jiffies, start + 2 * delays[i]))
			schedule_timeout_uninterruptible(10);
		EXPECT(eventually(atomic_read(&pr.fired) == 1));
		if (!test_real_time)
			EXPECT_OP(pr.at - start, <=, delays[i] + delays[i] / 8 + 3);
	}
	return NULL;
}

#define MANY 1000

static const char *many_timers(int span)
{
	struct probe *pr = kcalloc(MANY, sizeof(*pr), GFP_KERNEL);
	u32 random = test_seed(4);
	int i;

	EXPECT(pr);
	atomic_set(&fired_in_all, 0);
	for (i = 0; i < MANY; i++)
		start_probe(&pr[i], test_random(&random) % span);
	if (!eventually(atomic_read(&fired_in_all) == MANY))
		test_blame("%d of %d fired", atomic_read(&fired_in_all), MANY);
	for (i = 0; i < MANY; i++) {
		del_timer_sync(&pr[i].timer);
		if (atomic_read(&pr[i].fired) != 1)
			test_blame("timer %d fired %d times", i, atomic_read(&pr[i].fired));
	}
	kfree(pr);
	return NULL;
}

TEST(timer_1000_at_random_fire_once_each_and_never_early)
{
	return many_timers(test_real_time ? 200 : 3000);
}

static const char *change_timers(struct crew *c, int who)
{
	struct probe *pr = c->data;
	u32 random = test_seed(who + 10);
	int i;

	for (i = 0; i < test_rounds(3000); i++) {
		struct timer_list *t = &pr[test_random(&random) % 50].timer;

		switch (test_random(&random) % 4) {
		case 0:
			del_timer(t);
			break;
		case 1:
			del_timer_sync(t);
			break;
		default:
			mod_timer(t, jiffies + test_random(&random) % 5);
		}
		if (i % 64 == 0)
			test_nap();
	}
	return NULL;
}

static void count_only(struct timer_list *t)
{
	struct probe *pr = from_timer(pr, t, timer);

	atomic_inc(&pr->fired);
}

TEST(timer_can_be_changed_from_all_cpus_at_once)
{
	static struct probe pr[50];
	struct crew c = { .fn = change_timers, .n = 4, .bound = true, .data = pr };
	int i;

	for (i = 0; i < 50; i++)
		timer_setup(&pr[i].timer, count_only, 0);
	TRY(crew_run(&c));
	for (i = 0; i < 50; i++) {
		del_timer_sync(&pr[i].timer);
		EXPECT(!timer_pending(&pr[i].timer));
	}
	return NULL;
}

TEST(timer_in_order_of_expiry)
{
	static struct probe pr[20];
	unsigned long flags;
	int i;

	set_cpus_allowed_ptr(current, cpumask_of(0));
	local_irq_save(flags);		/* however long it takes to start them all: none fires before */
	for (i = 0; i < 20; i++) {
		start_probe(&pr[i], 40 - i);
		if (i)			/* a jiffy may have passed since the last one */
			mod_timer(&pr[i].timer, pr[i - 1].timer.expires - 1);
	}
	local_irq_restore(flags);
	EXPECT(eventually(atomic_read(&pr[0].fired)));
	for (i = 1; i < 20; i++)
		EXPECT_OP(pr[i].order, <, pr[i - 1].order);
	return NULL;
}

TEST(timer_deleted_does_not_fire_and_says_whether_it_was_pending)
{
	static struct probe pr;
	unsigned long flags;
	bool pending;
	int deleted;

	local_irq_save(flags);		/* it can't fire before we delete it */
	start_probe(&pr, 3);
	pending = timer_pending(&pr.timer);
	deleted = del_timer(&pr.timer);
	local_irq_restore(flags);
	EXPECT(pending);
	EXPECT_EQ(deleted, 1);
	EXPECT_EQ(del_timer(&pr.timer), 0);
	EXPECT_EQ(del_timer_sync(&pr.timer), 0);
	schedule_timeout_uninterruptible(6);
	EXPECT_EQ(atomic_read(&pr.fired), 0);
	return NULL;
}

TEST(timer_mod_moves_it_and_says_whether_it_was_pending)
{
	static struct probe pr;

	start_probe(&pr, FAR);
	pr.not_before_ns = 0;
	EXPECT_EQ(mod_timer(&pr.timer, jiffies + 2), 1);
	EXPECT(eventually(atomic_read(&pr.fired) == 1));
	EXPECT_EQ(mod_timer_pending(&pr.timer, jiffies + 2), 0);
	EXPECT(!timer_pending(&pr.timer));
	EXPECT_EQ(mod_timer(&pr.timer, jiffies + FAR), 0);
	EXPECT_EQ(timer_reduce(&pr.timer, jiffies + 1), 1);
	EXPECT(eventually(atomic_read(&pr.fired) == 2));
	return NULL;
}

static bool began, ended;

static void slow_timer(struct timer_list *t)
{
	WRITE_ONCE(began, true);
	test_spin_ns(3 * NSEC_PER_MSEC);
	WRITE_ONCE(ended, true);
}

TEST(timer_del_timer_sync_waits_for_the_running_function, .cpus = 2)
{
	static struct timer_list t;
	int i;

	set_cpus_allowed_ptr(current, cpumask_of(0));
	for (i = 0; i < 5; i++) {
		began = ended = false;
		timer_setup(&t, slow_timer, 0);
		t.expires = jiffies + 1;
		add_timer_on(&t, 1);
		while (!READ_ONCE(began))
			test_spin_ns(5000), cpu_relax();
		del_timer_sync(&t);
		EXPECT(READ_ONCE(ended));
	}
	return NULL;
}

TEST(timer_del_timer_sync_stops_one_that_starts_itself_again)
{
	static struct probe pr;
	int n;

	start_probe(&pr, 1);
	pr.again = true;
	EXPECT(eventually(atomic_read(&pr.fired) > 5));
	del_timer_sync(&pr.timer);
	n = atomic_read(&pr.fired);
	schedule_timeout_uninterruptible(5);
	EXPECT_EQ(atomic_read(&pr.fired), n);
	EXPECT(!timer_pending(&pr.timer));
	return NULL;
}

TEST(timer_add_timer_on_fires_on_that_cpu)
{
	static struct probe pr;
	int cpu;

	for_each_online_cpu(cpu) {
		timer_setup(&pr.timer, probe_fires, TIMER_PINNED);
		atomic_set(&pr.fired, 0);
		pr.not_before_ns = 0;
		pr.timer.expires = jiffies + 2;
		add_timer_on(&pr.timer, cpu);
		EXPECT(eventually(atomic_read(&pr.fired)));
		EXPECT_EQ(pr.cpu, cpu);
	}
	return NULL;
}

TEST(timer_on_an_idle_cpu_wakes_it, .cpus = 2)
{
	static struct probe pr;
	int cpu = num_online_cpus() - 1;

	set_cpus_allowed_ptr(current, cpumask_of(0));
	schedule_timeout_uninterruptible(HZ / 10);	/* by now that CPU sleeps without a tick */
	timer_setup(&pr.timer, probe_fires, TIMER_PINNED);
	atomic_set(&pr.fired, 0);
	pr.not_before_ns = 0;
	pr.timer.expires = jiffies + 5;
	add_timer_on(&pr.timer, cpu);
	schedule_timeout_uninterruptible(10);
	EXPECT(eventually(atomic_read(&pr.fired)));
	if (!test_real_time && !test_shaken)
		EXPECT_OP(pr.at - pr.timer.expires, <=, 2);
	return NULL;
}

/* ---- what one can do wrong ---- */

static void never(struct timer_list *t)
{
	test_blame("a timer fired that was deleted");
}

TEST(timer_set_up_again_while_pending_is_explained, .warns = "is set up again while it is pending")
{
	struct timer_list t;
	unsigned long flags;

	timer_setup(&t, never, 0);
	local_irq_save(flags);		/* nor before that */
	mod_timer(&t, jiffies + 5);
	timer_setup(&t, never, 0);
	local_irq_restore(flags);
	EXPECT(!timer_pending(&t));
	schedule_timeout_uninterruptible(10);
	return NULL;
}

TEST(timer_in_freed_memory_is_explained, .warns = "is freed while a timer in it (never) is pending")
{
	struct { long other[5]; struct timer_list t; long more[3]; } *object = kmalloc(sizeof(*object), GFP_KERNEL);
	unsigned long flags;

	timer_setup(&object->t, never, 0);
	local_irq_save(flags);		/* nor before that */
	mod_timer(&object->t, jiffies + 5);
	kfree(object);
	local_irq_restore(flags);
	schedule_timeout_uninterruptible(10);
	return NULL;
}

TEST(timer_deleted_before_its_memory_is_freed_is_fine)
{
	int i;

	for (i = 0; i < 20; i++) {
		struct probe *pr = kmalloc(sizeof(*pr), GFP_KERNEL);

		start_probe(pr, FAR);
		EXPECT(del_timer_sync(&pr->timer));
		kfree(pr);
	}
	return NULL;
}

TEST(timer_on_the_stack_pending_when_its_block_ends_is_explained, .warns = "is still pending when its block ends")
{
	struct timer_list t;
	unsigned long flags;

	timer_setup_on_stack(&t, never, 0);
	local_irq_save(flags);		/* nor before that */
	mod_timer(&t, jiffies + 5);
	destroy_timer_on_stack(&t);
	local_irq_restore(flags);
	schedule_timeout_uninterruptible(10);
	return NULL;
}

TEST(timer_add_timer_of_a_pending_one_is_explained, .warns = "which is pending: mod_timer() moves it")
{
	struct timer_list t;

	timer_setup(&t, never, 0);
	t.expires = jiffies + FAR;
	add_timer(&t);
	add_timer(&t);
	EXPECT_EQ(del_timer_sync(&t), 1);
	return NULL;
}

TEST(timer_never_set_up_is_explained, .warns = "was never set up")
{
	struct timer_list t = { .expires = 0 };

	EXPECT_EQ(mod_timer(&t, jiffies + 1), 0);
	EXPECT_EQ(del_timer_sync(&t), 0);
	return NULL;
}

static void deletes_itself(struct timer_list *t)
{
	struct probe *pr = from_timer(pr, t, timer);

	del_timer_sync(t);
	atomic_inc(&pr->fired);
}

TEST(timer_that_waits_for_itself_is_explained, .warns = "from the timer's own function would wait for ever")
{
	static struct probe pr;

	atomic_set(&pr.fired, 0);
	timer_setup(&pr.timer, deletes_itself, 0);
	mod_timer(&pr.timer, jiffies + 1);
	EXPECT(eventually(atomic_read(&pr.fired)));
	return NULL;
}

/* ---- flags, and the other ways to start ---- */

static void notes_irqs(struct timer_list *t)
{
	struct probe *pr = from_timer(pr, t, timer);

	pr->again = irqs_disabled();
	atomic_inc(&pr->fired);
}

TEST(timer_irqsafe_runs_with_interrupts_off)
{
	static struct probe pr;

	atomic_set(&pr.fired, 0);
	timer_setup(&pr.timer, notes_irqs, TIMER_IRQSAFE);
	mod_timer(&pr.timer, jiffies + 1);
	EXPECT(eventually(atomic_read(&pr.fired)));
	EXPECT(pr.again);
	return NULL;
}

TEST(timer_deferrable_and_pinned_fire_on_a_cpu_that_is_busy)
{
	static const unsigned int flags[] = { TIMER_DEFERRABLE, TIMER_PINNED, TIMER_DEFERRABLE | TIMER_PINNED };
	static struct probe pr;
	int i;

	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		start_probe(&pr, 1000);
		del_timer_sync(&pr.timer);
		timer_setup(&pr.timer, probe_fires, flags[i]);
		pr.not_before_ns = 0;
		mod_timer(&pr.timer, jiffies + 2);
		EXPECT(eventually(atomic_read(&pr.fired)));
	}
	return NULL;
}

TEST(timer_mod_timer_pending_and_timer_reduce_change_only_what_they_say)
{
	static struct probe pr;

	start_probe(&pr, FAR);
	del_timer_sync(&pr.timer);
	EXPECT_EQ(mod_timer_pending(&pr.timer, jiffies + 1), 0);
	EXPECT(!timer_pending(&pr.timer));
	EXPECT_EQ(timer_reduce(&pr.timer, jiffies + FAR), 0);
	EXPECT(timer_pending(&pr.timer));
	EXPECT_EQ(timer_reduce(&pr.timer, jiffies + 2 * FAR), 1);
	EXPECT(time_before_eq(pr.timer.expires, jiffies + FAR));
	pr.not_before_ns = 0;
	EXPECT_EQ(timer_reduce(&pr.timer, jiffies + 1), 1);
	EXPECT(eventually(atomic_read(&pr.fired) == 1));
	EXPECT_EQ(mod_timer(&pr.timer, jiffies + FAR), 0);
	EXPECT_EQ(mod_timer_pending(&pr.timer, jiffies + 2 * FAR), 1);
	EXPECT_EQ(try_to_del_timer_sync(&pr.timer), 1);
	EXPECT_EQ(try_to_del_timer_sync(&pr.timer), 0);
	return NULL;
}

TEST(timer_shut_down_never_starts_again)
{
	struct timer_list t;

	timer_setup(&t, never, 0);
	mod_timer(&t, jiffies + FAR);
	EXPECT_EQ(timer_shutdown_sync(&t), 1);
	EXPECT_EQ(mod_timer(&t, jiffies + 1), 0);
	EXPECT(!timer_pending(&t));
	schedule_timeout_uninterruptible(5);
	return NULL;
}

TEST(timer_round_jiffies_meets_full_seconds_and_never_the_past)
{
	unsigned long j = jiffies, far = j + 100 * HZ + 17, r;
	int cpu;

	for (cpu = 0; cpu < 4; cpu++) {
		EXPECT_EQ((__round_jiffies(far, cpu) + 3 * cpu) % HZ, 0);
		EXPECT_EQ((__round_jiffies_up(far, cpu) + 3 * cpu) % HZ, 0);
		EXPECT(time_after_eq(__round_jiffies_up(far, cpu), far));
	}
	r = round_jiffies_relative(10 * HZ);
	EXPECT(r > 9 * HZ && r < 12 * HZ);
	EXPECT_OP(round_jiffies_up_relative(10 * HZ), >=, 10 * HZ);
	j = jiffies;
	EXPECT(time_after_eq(round_jiffies(j + 1), j + 1));
	return NULL;
}

/* ---- what it costs ---- */

static u64 cost_of_mod_timer(struct timer_list *t, unsigned long step)
{
	unsigned long expires = jiffies + (test_real_time ? FAR : HZ);
	u64 start = get_cycles();
	int i;

	for (i = 0; i < MANY; i++, expires += step)
		mod_timer(t, expires);
	return (get_cycles() - start) / MANY;
}

/* In virtual time a cycle is an instruction. Linux 6.1, measured in the same way, needs 178 for a pending timer. */
TEST(timer_mod_timer_costs_less_than_linux, .cost = true)
{
	u64 same, on;
	struct timer_list t;

	timer_setup(&t, never, 0);
	mod_timer(&t, jiffies + (test_real_time ? FAR : HZ));
	same = cost_of_mod_timer(&t, 0);
	on = cost_of_mod_timer(&t, 100);
	EXPECT_EQ(del_timer_sync(&t), 1);
	test_note("mod_timer() of a pending timer: %llu to the same time, %llu further and further", same, on);
	if (test_real_time || test_shaken || IS_ENABLED(CONFIG_LOCKDEP))
		return NULL;
	EXPECT_OP(same, <, 178);
	EXPECT_OP(on, <, 178);
	return NULL;
}
