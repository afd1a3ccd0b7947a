/* SPDX-License-Identifier: MIT */
/* Delayed works: after their time, never before, and moved and cancelled at any moment. */
#include "workqueue.h"

#include <linux/cpumask.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/rcupdate.h>

struct later {
	struct delayed_work	dwork;
	unsigned long		when;
	int			cpu;
	atomic_t		runs;
};

static void note_later(struct work_struct *work)
{
	struct later *l = container_of(to_delayed_work(work), struct later, dwork);

	l->when = jiffies;
	l->cpu = smp_processor_id();
	atomic_inc(&l->runs);
}

static void init_later(struct later *l)
{
	*l = (struct later){ .cpu = -1 };
	INIT_DELAYED_WORK(&l->dwork, note_later);
}

static bool has_run(struct later *l, int times)
{
	return eventually(atomic_read(&l->runs) == times);
}

TEST(delayed_work_runs_after_its_delay_and_not_before)
{
	struct later l;
	unsigned long start = jiffies, flags;
	bool queued, pending, again;

	init_later(&l);
	local_irq_save(flags);		/* its time can't come before we have looked */
	queued = schedule_delayed_work(&l.dwork, 10);
	pending = delayed_work_pending(&l.dwork);
	again = schedule_delayed_work(&l.dwork, 1);
	local_irq_restore(flags);
	EXPECT(queued && pending && !again);
	EXPECT(has_run(&l, 1));
	EXPECT_OP(l.when - start, >=, 10);
	cancel_delayed_work_sync(&l.dwork);
	return NULL;
}

TEST(delayed_work_without_a_delay_is_queued_at_once)
{
	struct later l;

	init_later(&l);
	EXPECT(schedule_delayed_work(&l.dwork, 0));
	EXPECT(!timer_pending(&l.dwork.timer));
	flush_delayed_work(&l.dwork);
	EXPECT_EQ(atomic_read(&l.runs), 1);
	return NULL;
}

TEST(delayed_work_on_a_cpu_runs_there)
{
	struct later l;
	int cpu;

	for_each_online_cpu(cpu) {
		init_later(&l);
		schedule_delayed_work_on(cpu, &l.dwork, 2);
		EXPECT(has_run(&l, 1));
		EXPECT_EQ(l.cpu, cpu);
		cancel_delayed_work_sync(&l.dwork);
	}
	return NULL;
}

static DECLARE_DELAYED_WORK(declared, note_later);
static DECLARE_DEFERRABLE_WORK(deferrable, note_later);

TEST(delayed_work_that_is_declared_needs_no_init)
{
	EXPECT(declared.work.func == note_later && !delayed_work_pending(&declared));
	EXPECT(!(declared.timer.flags & TIMER_DEFERRABLE));
	EXPECT(deferrable.timer.flags & TIMER_DEFERRABLE);
	EXPECT(queue_delayed_work(system_long_wq, &declared, 1000 * HZ));
	EXPECT(cancel_delayed_work(&declared));
	EXPECT(!cancel_delayed_work(&declared));
	return NULL;
}

TEST(flush_delayed_work_does_not_wait_for_the_time)
{
	struct later l;
	unsigned long start = jiffies;

	init_later(&l);
	schedule_delayed_work(&l.dwork, 3600 * HZ);
	EXPECT(flush_delayed_work(&l.dwork));
	EXPECT_EQ(atomic_read(&l.runs), 1);
	EXPECT_OP(l.when - start, <, 1800 * HZ);
	EXPECT(!flush_delayed_work(&l.dwork));
	return NULL;
}

TEST(flush_workqueue_does_not_wait_for_timers)
{
	struct workqueue_struct *wq = alloc_workqueue("test/timers", 0, 0);
	struct later l;

	init_later(&l);
	queue_delayed_work(wq, &l.dwork, 3600 * HZ);
	flush_workqueue(wq);
	EXPECT_EQ(atomic_read(&l.runs), 0);
	EXPECT(cancel_delayed_work_sync(&l.dwork));
	destroy_workqueue(wq);
	return NULL;
}

TEST(cancel_delayed_work_sync_stops_its_timer)
{
	struct later l;
	bool cancelled;

	init_later(&l);
	schedule_delayed_work(&l.dwork, 5);
	cancelled = cancel_delayed_work_sync(&l.dwork);
	schedule_timeout_uninterruptible(10);
	EXPECT_EQ(atomic_read(&l.runs), !cancelled);
	EXPECT(cancelled || test_real_time || test_shaken);	/* there the time may come before */
	EXPECT(!cancel_delayed_work_sync(&l.dwork));
	return NULL;
}

/* ---- moving ---- */

TEST(mod_delayed_work_moves_it_to_an_earlier_and_a_later_time)
{
	unsigned long start = jiffies;
	struct later l;

	init_later(&l);
	EXPECT(!mod_delayed_work(system_wq, &l.dwork, 3600 * HZ));
	EXPECT(mod_delayed_work(system_wq, &l.dwork, 3));
	EXPECT(has_run(&l, 1));
	EXPECT_OP(l.when - start, >=, 3);
	start = jiffies;
	EXPECT(!mod_delayed_work(system_wq, &l.dwork, 3600 * HZ));
	EXPECT(mod_delayed_work(system_wq, &l.dwork, 20));
	EXPECT(has_run(&l, 2));
	EXPECT_OP(l.when - start, >=, 20);
	cancel_delayed_work_sync(&l.dwork);
	return NULL;
}

TEST(mod_delayed_work_takes_it_off_the_queue_again)
{
	struct workqueue_struct *wq = alloc_ordered_workqueue("test/mod", 0);
	struct later l;
	struct job block;

	init_job(&block, blocked_job);
	init_later(&l);
	queue_work(wq, &block.work);
	queue_delayed_work(wq, &l.dwork, 0);
	EXPECT(mod_delayed_work(wq, &l.dwork, 3600 * HZ));
	complete(&block.go);
	flush_workqueue(wq);
	EXPECT_EQ(atomic_read(&l.runs), 0);
	EXPECT(cancel_delayed_work_sync(&l.dwork));
	destroy_workqueue(wq);
	return NULL;
}

static void again_later(struct work_struct *work)
{
	note_later(work);
	schedule_delayed_work(to_delayed_work(work), 1);
}

TEST(cancel_delayed_work_sync_ends_one_that_starts_itself_again)
{
	struct later l;
	int runs;

	init_later(&l);
	l.dwork.work.func = again_later;
	schedule_delayed_work(&l.dwork, 1);
	EXPECT(eventually(atomic_read(&l.runs) >= 3));
	cancel_delayed_work_sync(&l.dwork);
	runs = atomic_read(&l.runs);
	schedule_timeout_uninterruptible(10);
	EXPECT_EQ(atomic_read(&l.runs), runs);
	EXPECT(!delayed_work_pending(&l.dwork));
	return NULL;
}

static struct later contested;

static const char *contest(struct crew *c, int who)
{
	u32 random = test_seed(who);
	u64 start = ktime_get_ns();
	int i;

	for (i = 0; i < test_rounds(300) && !test_took_long(start); i++) {
		int cpu = test_random(&random) % num_online_cpus(), delay = test_random(&random) % 3;

		switch (test_random(&random) % 8) {
		case 0:
			cancel_delayed_work(&contested.dwork);
			break;
		case 1:
			cancel_delayed_work_sync(&contested.dwork);
			break;
		case 2:
			flush_delayed_work(&contested.dwork);
			break;
		case 3:
		case 4:
			mod_delayed_work_on(cpu, system_wq, &contested.dwork, delay);
			break;
		case 5:
			test_nap();
			break;
		default:
			queue_delayed_work_on(cpu, system_wq, &contested.dwork, delay);
		}
	}
	return NULL;
}

TEST(queue_mod_flush_and_cancel_of_one_delayed_work_by_six_threads_never_hang)
{
	struct crew c = { .fn = contest, .n = 6 };

	init_later(&contested);
	TRY(crew_run(&c));
	cancel_delayed_work_sync(&contested.dwork);
	EXPECT(!delayed_work_pending(&contested.dwork));
	return NULL;
}

/* ---- after a grace period ---- */

static atomic_t rcu_works;

static void note_rcu(struct work_struct *work)
{
	atomic_inc(&rcu_works);
}

TEST(rcu_work_runs_when_no_reader_is_left, .cpus = 2)
{
	struct rcu_work rwork;

	atomic_set(&rcu_works, 0);
	INIT_RCU_WORK_ONSTACK(&rwork, note_rcu);
	rcu_read_lock();
	EXPECT(queue_rcu_work(system_wq, &rwork));
	EXPECT(!queue_rcu_work(system_wq, &rwork));
	test_spin_ns(30 * NSEC_PER_MSEC);
	BLAME_UNLESS(!atomic_read(&rcu_works));
	rcu_read_unlock();
	EXPECT(flush_rcu_work(&rwork));
	EXPECT_EQ(atomic_read(&rcu_works), 1);
	EXPECT(!flush_rcu_work(&rwork));
	destroy_work_on_stack(&rwork.work);
	return NULL;
}
