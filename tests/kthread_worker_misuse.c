/* SPDX-License-Identifier: MIT */
/*
 * kthread_worker: everything one can do wrong with workers and works is explained, and the machine goes on.
 */
#include "kthread_work.h"

#include <linux/preempt.h>
#include <linux/sched/task.h>
#include <linux/slab.h>

TEST(worker_on_a_cpu_that_is_none_gives_einval, .warns = "there is no CPU 4096")
{
	EXPECT_EQ(PTR_ERR(kthread_create_worker_on_cpu(4096, 0, "test/none")), -EINVAL);
	return NULL;
}

TEST(worker_refuses_a_second_thread_at_a_time, .warns = "on a worker that has a thread")
{
	struct kthread_worker *worker = new_worker();
	struct task_struct *p = test_start(-1, kthread_worker_fn, worker, "test/second");
	struct job job;

	EXPECT(eventually(READ_ONCE(p->exit_state)));
	EXPECT_EQ(test_join(p), -EBUSY);
	init_job(&job, job_runs);
	QUEUE(worker, &job);
	kthread_flush_worker(worker);
	EXPECT_EQ(runs(&job), 1);
	kthread_destroy_worker(worker);
	return NULL;
}

TEST(work_on_a_second_worker_warns, .warns = "is queued on another worker than before")
{
	struct kthread_worker *a = new_worker(), *b = new_worker();
	struct job job;

	init_job(&job, job_runs);
	QUEUE(a, &job);
	kthread_flush_worker(a);
	EXPECT(QUEUE(b, &job));
	kthread_flush_worker(b);
	EXPECT_EQ(runs(&job), 2);
	kthread_destroy_worker(a);
	kthread_destroy_worker(b);
	return NULL;
}

TEST(work_never_initialised_is_refused, .warns = "kthread_init_work() comes first")
{
	struct kthread_worker *worker = new_worker();
	struct kthread_work work = { .func = NULL };

	EXPECT(!kthread_queue_work(worker, &work));
	kthread_destroy_worker(worker);
	return NULL;
}

TEST(worker_never_initialised_is_refused, .warns = "was never set up, or is destroyed")
{
	struct kthread_worker worker = { .flags = 0 };
	struct job job;

	init_job(&job, job_runs);
	EXPECT(!QUEUE(&worker, &job));
	EXPECT(!kthread_queue_delayed_work(&worker, &job.d, 1));
	EXPECT(!kthread_mod_delayed_work(&worker, &job.d, 1));
	return NULL;
}

/* A job that leaves something behind, and the next one. */
static const char *next_runs_behind(kthread_work_func_t bad_func)
{
	struct kthread_worker *worker = new_worker();
	struct job bad, job;

	init_job(&bad, bad_func);
	init_job(&job, job_runs);
	QUEUE(worker, &bad);
	QUEUE(worker, &job);
	kthread_flush_worker(worker);
	EXPECT_EQ(runs(&job), 1);
	kthread_destroy_worker(worker);
	return NULL;
}

static void job_keeps_preemption_off(struct kthread_work *work)
{
	preempt_disable();
}

TEST(work_that_returns_with_preemption_off_is_named, .warns = "job_keeps_preemption_off returned with preempt_count")
{
	return next_runs_behind(job_keeps_preemption_off);
}

static void job_keeps_interrupts_off(struct kthread_work *work)
{
	local_irq_disable();
}

TEST(work_that_returns_with_interrupts_off_is_named,
     .warns = "job_keeps_interrupts_off returned with interrupts off: a lock not given back?")
{
	return next_runs_behind(job_keeps_interrupts_off);
}

static void job_flushes_worker(struct kthread_work *work)
{
	kthread_flush_worker(job_of(work)->worker);
	note(job_of(work));
}

TEST(flush_of_the_worker_from_its_own_work_is_explained,
     .warns = "kthread_flush_worker() by a work of the same worker (test/worker)")
{
	struct kthread_worker *worker = new_worker();
	struct job job;

	init_job(&job, job_flushes_worker);
	job.worker = worker;
	QUEUE(worker, &job);
	kthread_flush_worker(worker);
	EXPECT_EQ(runs(&job), 1);
	kthread_destroy_worker(worker);
	return NULL;
}

TEST(flush_of_itself_by_a_work_is_explained, .warns = "kthread_flush_work() by a work of the same worker")
{
	struct kthread_worker *worker = new_worker();
	struct job job;

	init_job(&job, job_flushes_other);
	job.other = &job.d.work;
	QUEUE(worker, &job);
	kthread_flush_worker(worker);
	EXPECT_EQ(runs(&job), 1);
	kthread_destroy_worker(worker);
	return NULL;
}

TEST(flush_of_a_work_queued_behind_is_explained, .warns = "kthread_flush_work() by a work of the same worker")
{
	struct kthread_worker *worker = new_worker();
	struct job first, job, behind;

	init_job(&first, job_waits);
	init_job(&job, job_flushes_other);
	init_job(&behind, job_runs);
	job.other = &behind.d.work;
	QUEUE(worker, &first);
	QUEUE(worker, &job);
	QUEUE(worker, &behind);
	complete(&first.go);
	kthread_flush_worker(worker);
	EXPECT_EQ(runs(&job), 1);
	EXPECT_EQ(runs(&behind), 1);
	kthread_destroy_worker(worker);
	return NULL;
}

/* a of worker 0 flushes b of worker 1, which flushes c of worker 2, which flushes a: whoever comes last is told. */
TEST(flush_in_a_circle_of_workers_is_explained, .warns = "closes a circle")
{
	struct kthread_worker *worker[3];
	struct job first[3], job[3];
	int i;

	for (i = 0; i < 3; i++) {
		worker[i] = new_worker();
		init_job(&first[i], job_waits);
		init_job(&job[i], job_flushes_other);
		job[i].other = &job[(i + 1) % 3].d.work;
		QUEUE(worker[i], &first[i]);
	}
	for (i = 0; i < 3; i++)
		QUEUE(worker[i], &job[i]);
	for (i = 0; i < 3; i++)
		complete(&first[i].go);
	for (i = 0; i < 3; i++)
		kthread_flush_worker(worker[i]);
	for (i = 0; i < 3; i++) {
		EXPECT_EQ(runs(&job[i]), 1);
		EXPECT(!worker[i]->waits_for);
		kthread_destroy_worker(worker[i]);
	}
	return NULL;
}

static void job_cancels_itself(struct kthread_work *work)
{
	struct job *job = job_of(work);

	kthread_queue_work(job->worker, work);
	job->answer = kthread_cancel_work_sync(work);
	note(job);
}

TEST(cancel_of_itself_by_a_work_is_explained, .warns = "kthread_cancel_work_sync() by a work of the same worker")
{
	struct kthread_worker *worker = new_worker();
	struct job job;

	init_job(&job, job_cancels_itself);
	job.worker = worker;
	QUEUE(worker, &job);
	kthread_flush_worker(worker);
	EXPECT(job.answer);
	EXPECT_EQ(runs(&job), 1);
	kthread_destroy_worker(worker);
	return NULL;
}

TEST(delayed_work_without_a_timer_is_refused, .warns = "has no timer: kthread_init_delayed_work()")
{
	struct kthread_worker *worker = new_worker();
	struct kthread_delayed_work dwork = { .work.worker = NULL };

	kthread_init_work(&dwork.work, job_runs);
	EXPECT(!kthread_queue_delayed_work(worker, &dwork, 1));
	EXPECT(!kthread_mod_delayed_work(worker, &dwork, 1));
	EXPECT(!kthread_cancel_delayed_work_sync(&dwork));
	kthread_destroy_worker(worker);
	return NULL;
}

TEST(flush_of_a_delayed_work_before_its_time_is_explained_and_does_it, .warns = "whose timer is still running")
{
	struct kthread_worker *worker = new_worker();
	struct job job;

	init_job(&job, job_runs);
	kthread_queue_delayed_work(worker, &job.d, 1000 * HZ);
	kthread_flush_work(&job.d.work);
	EXPECT_EQ(runs(&job), 1);
	EXPECT(!timer_pending(&job.d.timer));
	kthread_destroy_worker(worker);
	return NULL;
}

TEST(plain_cancel_of_a_delayed_work_is_explained_and_stops_its_timer, .warns = "its timer goes on")
{
	struct kthread_worker *worker = new_worker();
	struct job job;

	init_job(&job, job_runs);
	kthread_queue_delayed_work(worker, &job.d, 1);
	if (kthread_cancel_work_sync(&job.d.work))
		EXPECT_EQ(runs(&job), 0);
	EXPECT(!timer_pending(&job.d.timer));
	kthread_queue_delayed_work(worker, &job.d, 1000 * HZ);
	EXPECT(kthread_cancel_work_sync(&job.d.work));
	EXPECT(!timer_pending(&job.d.timer));
	kthread_destroy_worker(worker);
	return NULL;
}

static void job_destroys_worker(struct kthread_work *work)
{
	kthread_destroy_worker(job_of(work)->worker);
	note(job_of(work));
}

TEST(destroy_from_its_own_work_is_explained, .warns = "by a work of the same worker")
{
	struct kthread_worker *worker = new_worker();
	struct job job;

	init_job(&job, job_destroys_worker);
	job.worker = worker;
	QUEUE(worker, &job);
	kthread_flush_worker(worker);
	EXPECT_EQ(runs(&job), 1);
	kthread_destroy_worker(worker);
	return NULL;
}

TEST(destroy_with_a_delayed_work_left_is_explained, .warns = "is waiting for its time when its worker is destroyed")
{
	struct kthread_worker *worker = new_worker();
	struct job job;

	init_job(&job, job_runs);
	kthread_queue_delayed_work(worker, &job.d, 1000 * HZ);
	kthread_destroy_worker(worker);
	EXPECT(!timer_pending(&job.d.timer));
	EXPECT(!kthread_cancel_delayed_work_sync(&job.d));
	EXPECT_EQ(runs(&job), 0);
	return NULL;
}

static void job_always_again(struct kthread_work *work)
{
	kthread_queue_work(job_of(work)->worker, work);
}

TEST(destroy_with_a_work_that_queues_itself_is_explained, .warns = "is still queued when its worker is destroyed")
{
	struct kthread_worker *worker = new_worker();
	struct job job;

	init_job(&job, job_always_again);
	job.worker = worker;
	QUEUE(worker, &job);
	kthread_destroy_worker(worker);
	EXPECT(list_empty(&job.d.work.node));
	return NULL;
}

TEST(destroy_of_a_worker_of_ones_own_is_explained, .warns = "that kthread_create_worker() has not made")
{
	DEFINE_KTHREAD_WORKER_ONSTACK(worker);

	kthread_destroy_worker(&worker);
	return NULL;
}

static void job_ends_thread(struct kthread_work *work)
{
	wait_for_completion(&job_of(work)->go);
	note(job_of(work));
	kthread_exit(0);
}

/* Queues the job, which ends the worker's thread, and lets it go when somebody waits for it. */
static const char *end_thread_by(struct kthread_worker *worker, struct job *job)
{
	struct task_struct *p;

	QUEUE(worker, job);
	EXPECT(eventually(READ_ONCE(worker->current_work) == &job->d.work));
	p = test_start(-1, flush_job, job, "test/flush");
	EXPECT(eventually(test_asleep(p, TASK_UNINTERRUPTIBLE)));
	complete(&job->go);
	EXPECT(eventually(READ_ONCE(job->answer)));
	EXPECT(!READ_ONCE(worker->task));
	test_join(p);
	return NULL;
}

TEST(worker_whose_thread_ends_in_a_work_lets_waiters_go_and_can_get_another, .warns = "ends in the middle of a work")
{
	struct kthread_worker worker;
	struct task_struct *p;
	struct job job, behind;

	kthread_init_worker(&worker);
	init_job(&job, job_ends_thread);
	init_job(&behind, job_runs);
	p = test_start(-1, kthread_worker_fn, &worker, "test/ends");
	TRY(end_thread_by(&worker, &job));
	EXPECT_EQ(runs(&job), 1);
	QUEUE(&worker, &behind);
	test_join(p);

	p = test_start(-1, kthread_worker_fn, &worker, "test/next");
	EXPECT(eventually(runs(&behind) == 1));
	kthread_flush_worker(&worker);
	test_join(p);
	return NULL;
}

TEST(worker_whose_thread_has_ended_can_be_destroyed, .warns = "ends in the middle of a work")
{
	struct kthread_worker *worker = new_worker();
	struct job job;

	init_job(&job, job_ends_thread);
	TRY(end_thread_by(worker, &job));
	kthread_destroy_worker(worker);
	kthread_forget_dead();
	return NULL;
}

TEST(flush_of_a_worker_whose_thread_was_stopped_is_explained, .warns = "whose thread has ended would wait for ever")
{
	struct kthread_worker *worker = new_worker();
	struct job job;

	init_job(&job, job_runs);
	QUEUE(worker, &job);
	kthread_flush_worker(worker);
	kthread_stop(worker->task);
	kthread_flush_worker(worker);
	kthread_destroy_worker(worker);
	return NULL;
}

/* A work set up again while it is queued breaks the list; those behind it are done all the same. */
TEST(work_set_up_again_while_queued_is_explained, .warns = "was freed, or initialised again, while it was queued")
{
	struct kthread_worker *worker = new_worker();
	struct job first, job[4];
	int i;

	begin_job(worker, &first);
	for (i = 0; i < 4; i++) {
		init_job(&job[i], job_runs);
		QUEUE(worker, &job[i]);
	}
	kthread_init_work(&job[1].d.work, job_runs);
	complete(&first.go);
	kthread_flush_worker(worker);
	for (i = 0; i < 4; i++)
		EXPECT_EQ(runs(&job[i]), i != 1);
	EXPECT_OP(job[2].order, <, job[3].order);
	kthread_destroy_worker(worker);
	return NULL;
}

TEST(work_freed_while_queued_is_explained, .warns = "was freed, or initialised again, while it was queued")
{
	struct kthread_worker *worker = new_worker();
	struct job *freed = kmalloc(sizeof(*freed), GFP_KERNEL), first, job;

	begin_job(worker, &first);
	init_job(freed, job_runs);
	init_job(&job, job_runs);
	QUEUE(worker, freed);
	QUEUE(worker, &job);
	kfree(freed);
	complete(&first.go);
	kthread_flush_worker(worker);
	EXPECT_EQ(runs(&job), 1);
	kthread_destroy_worker(worker);
	return NULL;
}

/* An oops kills the thread in the middle of a work, as kthread_exit() does. */
static void job_oopses(struct kthread_work *work)
{
	static int *volatile nowhere;

	wait_for_completion(&job_of(work)->go);
	*nowhere = 1;
}

TEST(worker_whose_thread_oopses_in_a_work_lets_waiters_go,
     .warns = "ends in the middle of a work", .says = "job_oopses")
{
	struct kthread_worker *worker = new_worker();
	struct job job;

	init_job(&job, job_oopses);
	TRY(end_thread_by(worker, &job));
	kthread_destroy_worker(worker);
	kthread_forget_dead();
	return NULL;
}

static void do_nothing(struct kthread_work *work)
{
}

TEST(worker_destroyed_is_noticed_by_who_uses_it_all_the_same, .warns = "was never set up, or is destroyed")
{
	struct kthread_worker *worker = new_worker();
	struct job job;

	init_job(&job, job_runs);
	QUEUE(worker, &job);
	kthread_destroy_worker(worker);
	EXPECT(!kthread_cancel_work_sync(&job.d.work));
	kthread_flush_work(&job.d.work);
	EXPECT(!QUEUE(worker, &job));
	kthread_flush_worker(worker);
	kthread_destroy_worker(worker);
	return NULL;
}

TEST(work_freed_is_not_queued, .warns = "was freed, or never set up")
{
	struct kthread_worker *worker = new_worker();
	struct kthread_work *work = kmalloc(sizeof(*work), GFP_KERNEL);

	kthread_init_work(work, do_nothing);
	kfree(work);
	EXPECT(!kthread_queue_work(worker, work));
	kthread_destroy_worker(worker);
	return NULL;
}
