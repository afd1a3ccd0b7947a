/* SPDX-License-Identifier: MIT */
/* Workqueues: a work queued is done, once, where and when it should be. */
#include "test.h"

#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/interrupt.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/workqueue.h>

struct job {
	struct work_struct work;
	atomic_t runs, inside;
	int cpu;
	struct task_struct *by;
	struct completion begun, go;
};

static void init_job(struct job *j, work_func_t fn)
{
	*j = (struct job){ .cpu = -1 };
	INIT_WORK(&j->work, fn);
	init_completion(&j->begun);
	init_completion(&j->go);
}

/* Notes who ran it, and where. */
static void note_job(struct work_struct *work)
{
	struct job *j = container_of(work, struct job, work);

	BLAME_UNLESS(atomic_inc_return(&j->inside) == 1);
	j->cpu = smp_processor_id();
	j->by = current;
	atomic_dec(&j->inside);
	atomic_inc(&j->runs);
}

/* Sleeps until it is let go. */
static void blocked_job(struct work_struct *work)
{
	struct job *j = container_of(work, struct job, work);

	BLAME_UNLESS(atomic_inc_return(&j->inside) == 1);
	j->cpu = smp_processor_id();
	j->by = current;
	complete(&j->begun);
	wait_for_completion(&j->go);
	atomic_dec(&j->inside);
	atomic_inc(&j->runs);
}

/* ---- queueing ---- */

TEST(queue_work_runs_it_once)
{
	struct job j;

	init_job(&j, note_job);
	EXPECT(schedule_work(&j.work));
	EXPECT(eventually(atomic_read(&j.runs) == 1));
	EXPECT(!flush_work(&j.work));
	EXPECT_EQ(atomic_read(&j.runs), 1);
	EXPECT(!work_pending(&j.work));
	return NULL;
}

TEST(queue_work_on_runs_it_on_that_cpu)
{
	struct job j;
	int cpu;

	for_each_online_cpu(cpu) {
		init_job(&j, note_job);
		EXPECT(schedule_work_on(cpu, &j.work));
		flush_work(&j.work);
		EXPECT_EQ(j.cpu, cpu);
		EXPECT(j.by->flags & PF_WQ_WORKER);
	}
	return NULL;
}

TEST(queue_work_of_a_pending_work_answers_false_and_runs_once)
{
	struct job block, j;
	int i;
	struct workqueue_struct *wq = alloc_ordered_workqueue("test/one", 0);

	init_job(&block, blocked_job);
	init_job(&j, note_job);
	queue_work(wq, &block.work);
	EXPECT(queue_work(wq, &j.work));
	for (i = 0; i < 5; i++)
		EXPECT(!queue_work(wq, &j.work));
	complete(&block.go);
	flush_workqueue(wq);
	EXPECT_EQ(atomic_read(&j.runs), 1);
	destroy_workqueue(wq);
	return NULL;
}

/* ---- delayed ---- */

struct later {
	struct delayed_work dwork;
	unsigned long when;
	atomic_t runs;
};

static void note_later(struct work_struct *work)
{
	struct later *l = container_of(to_delayed_work(work), struct later, dwork);

	l->when = jiffies;
	atomic_inc(&l->runs);
}

TEST(delayed_work_runs_after_its_delay_and_not_before)
{
	struct later l = { .when = 0 };
	unsigned long start = jiffies;

	INIT_DELAYED_WORK_ONSTACK(&l.dwork, note_later);
	EXPECT(schedule_delayed_work(&l.dwork, 10));
	EXPECT(delayed_work_pending(&l.dwork));
	EXPECT(!schedule_delayed_work(&l.dwork, 1));
	EXPECT(eventually(atomic_read(&l.runs) == 1));
	EXPECT_OP(l.when - start, >=, 10);
	cancel_delayed_work_sync(&l.dwork);
	destroy_delayed_work_on_stack(&l.dwork);
	return NULL;
}

TEST(cancel_delayed_work_sync_stops_its_timer)
{
	struct later l = { .when = 0 };

	INIT_DELAYED_WORK_ONSTACK(&l.dwork, note_later);
	schedule_delayed_work(&l.dwork, 5);
	EXPECT(cancel_delayed_work_sync(&l.dwork));
	schedule_timeout_uninterruptible(10);
	EXPECT_EQ(atomic_read(&l.runs), 0);
	EXPECT(!cancel_delayed_work_sync(&l.dwork));
	destroy_delayed_work_on_stack(&l.dwork);
	return NULL;
}

/* ---- concurrency ---- */

TEST(worker_that_sleeps_lets_the_next_work_of_its_cpu_run)
{
	struct job block, j;

	init_job(&block, blocked_job);
	init_job(&j, note_job);
	schedule_work_on(0, &block.work);
	schedule_work_on(0, &j.work);
	EXPECT(eventually(atomic_read(&j.runs) == 1));
	EXPECT_EQ(atomic_read(&block.runs), 0);
	EXPECT(block.by != j.by);
	complete(&block.go);
	flush_work(&block.work);
	EXPECT_EQ(atomic_read(&block.runs), 1);
	return NULL;
}

TEST(works_that_do_not_sleep_are_done_by_one_worker_in_order)
{
	static struct job j[32];
	int i;

	for (i = 0; i < ARRAY_SIZE(j); i++)
		init_job(&j[i], note_job);
	/* A highpri worker would do, but then who queues them? */
	preempt_disable();
	for (i = 0; i < ARRAY_SIZE(j); i++)
		schedule_work_on(smp_processor_id(), &j[i].work);
	preempt_enable();
	for (i = 0; i < ARRAY_SIZE(j); i++)
		flush_work(&j[i].work);
	for (i = 1; i < ARRAY_SIZE(j); i++)
		EXPECT(j[i].by == j[0].by);
	return NULL;
}

/* ---- flushing ---- */

TEST(flush_workqueue_waits_for_all_that_was_queued)
{
	static struct job j[16];
	struct workqueue_struct *wq = alloc_workqueue("test/flush", 0, 0);
	int i;

	EXPECT(wq != NULL);
	for (i = 0; i < ARRAY_SIZE(j); i++) {
		init_job(&j[i], note_job);
		queue_work_on(i % num_online_cpus(), wq, &j[i].work);
	}
	flush_workqueue(wq);
	for (i = 0; i < ARRAY_SIZE(j); i++)
		EXPECT_EQ(atomic_read(&j[i].runs), 1);
	destroy_workqueue(wq);
	return NULL;
}

TEST(flush_work_waits_for_a_running_work)
{
	struct job j;

	init_job(&j, blocked_job);
	schedule_work(&j.work);
	wait_for_completion(&j.begun);
	EXPECT_EQ(work_busy(&j.work), WORK_BUSY_RUNNING);
	complete(&j.go);
	flush_work(&j.work);
	EXPECT_EQ(atomic_read(&j.runs), 1);
	EXPECT_EQ(work_busy(&j.work), 0);
	return NULL;
}

static void *flush_it(struct work_struct *work)
{
	flush_work(work);
	return NULL;
}

static void flush_itself(struct work_struct *work)
{
	flush_it(work);
	note_job(work);
}

TEST(flush_work_on_itself_is_explained, .warns = "calls flush_work() on itself")
{
	struct job j;

	init_job(&j, flush_itself);
	schedule_work(&j.work);
	EXPECT(eventually(atomic_read(&j.runs) == 1));
	flush_work(&j.work);
	return NULL;
}

/* ---- cancelling ---- */

TEST(cancel_work_sync_waits_for_a_running_work)
{
	struct job j;

	init_job(&j, note_job);
	EXPECT(!cancel_work_sync(&j.work));
	schedule_work(&j.work);
	cancel_work_sync(&j.work);
	EXPECT_EQ(work_busy(&j.work), 0);
	EXPECT_OP(atomic_read(&j.runs), <=, 1);
	EXPECT(schedule_work(&j.work));
	flush_work(&j.work);
	return NULL;
}

TEST(cancel_work_takes_back_what_has_not_begun)
{
	struct workqueue_struct *wq = alloc_ordered_workqueue("test/cancel", 0);
	struct job block, j;

	init_job(&block, blocked_job);
	init_job(&j, note_job);
	queue_work(wq, &block.work);
	wait_for_completion(&block.begun);
	queue_work(wq, &j.work);
	EXPECT(cancel_work(&j.work));
	EXPECT(!cancel_work(&j.work));
	EXPECT(!cancel_work(&block.work));
	complete(&block.go);
	destroy_workqueue(wq);
	EXPECT_EQ(atomic_read(&j.runs), 0);
	EXPECT_EQ(atomic_read(&block.runs), 1);
	return NULL;
}

/* ---- cost ---- */

static void do_nothing(struct work_struct *work)
{
}

TEST(queue_work_and_flush_work_cost)
{
	static DECLARE_WORK(work, do_nothing);
	struct task_struct *p = current;
	u64 start;
	int i;

	set_cpus_allowed_ptr(p, cpumask_of(0));
	for (i = 0; i < 10; i++) {
		schedule_work_on(0, &work);
		flush_work(&work);
	}
	start = ktime_get_ns();
	for (i = 0; i < 1000; i++) {
		schedule_work_on(0, &work);
		flush_work(&work);
	}
	test_note("queue_work_on() + flush_work(): %llu ns (Linux 6.1: 7,862 instructions)",
		  (ktime_get_ns() - start) / 1000);
	return NULL;
}
