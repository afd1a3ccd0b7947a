/* SPDX-License-Identifier: MIT */
/*
 * kthread_worker: order, flush, cancel, delay, workers that come and go. What goes wrong: kthread_worker_misuse.c.
 */
#include "kthread_work.h"

#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/hrtimer.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <asm/timex.h>

/* ---- a worker and its thread ---- */

TEST(worker_create_gives_a_thread_with_that_name)
{
	struct kthread_worker *worker = kthread_create_worker(0, "test/%d%s", 4, "2");

	EXPECT(!IS_ERR(worker));
	EXPECT(strcmp(worker->task->comm, "test/42") == 0);
	EXPECT(worker->task->flags & PF_KTHREAD);
	EXPECT_EQ(worker->task->real_parent->pid, 2);
	EXPECT_EQ(worker->flags, 0);
	kthread_destroy_worker(worker);
	return NULL;
}

static void job_notes_cpu(struct kthread_work *work)
{
	job_of(work)->order = smp_processor_id();
	atomic_inc(&job_of(work)->runs);
}

TEST(worker_on_cpu_stays_there)
{
	struct kthread_worker *worker;
	struct job job;
	int cpu, i;

	init_job(&job, job_notes_cpu);
	for_each_online_cpu(cpu) {
		worker = kthread_create_worker_on_cpu(cpu, 0, "test/%d", cpu);
		EXPECT(!IS_ERR(worker));
		kthread_init_work(&job.d.work, job_notes_cpu);
		for (i = 0; i < 5; i++) {
			QUEUE(worker, &job);
			kthread_flush_work(&job.d.work);
			EXPECT_EQ(job.order, cpu);
		}
		kthread_destroy_worker(worker);
	}
	return NULL;
}

TEST(worker_thread_can_get_a_policy_of_its_own)
{
	struct kthread_worker *worker = new_worker();
	struct job job;

	sched_set_fifo(worker->task);
	EXPECT_EQ(worker->task->policy, SCHED_FIFO);
	init_job(&job, job_runs);
	QUEUE(worker, &job);
	kthread_flush_worker(worker);
	EXPECT_EQ(runs(&job), 1);
	kthread_destroy_worker(worker);
	return NULL;
}

static DEFINE_KTHREAD_WORKER(static_worker);
static atomic_t static_runs;

static void count_static(struct kthread_work *work)
{
	atomic_inc(&static_runs);
}

static DEFINE_KTHREAD_WORK(static_work, count_static);
static DEFINE_KTHREAD_DELAYED_WORK(static_dwork, count_static);

TEST(worker_and_works_made_by_initialisers_work)
{
	struct task_struct *p;

	atomic_set(&static_runs, 0);
	p = test_start(-1, kthread_worker_fn, &static_worker, "test/static");
	EXPECT(kthread_queue_work(&static_worker, &static_work));
	EXPECT(kthread_queue_delayed_work(&static_worker, &static_dwork, 1));
	EXPECT(eventually(atomic_read(&static_runs) == 2));
	EXPECT_EQ(test_join(p), 0);
	return NULL;
}

TEST(worker_on_the_stack_works)
{
	DEFINE_KTHREAD_WORKER_ONSTACK(worker);
	struct task_struct *p;
	struct job job;

	init_job(&job, job_runs);
	p = test_start(-1, kthread_worker_fn, &worker, "test/stack");
	QUEUE(&worker, &job);
	kthread_flush_worker(&worker);
	EXPECT_EQ(runs(&job), 1);
	test_join(p);
	EXPECT(!worker.task);
	return NULL;
}

TEST(worker_does_what_was_queued_before_it_had_a_thread)
{
	struct kthread_worker worker;
	struct task_struct *p;
	struct job job[3];
	int i;

	atomic_set(&job_order, 0);
	kthread_init_worker(&worker);
	for (i = 0; i < ARRAY_SIZE(job); i++) {
		init_job(&job[i], job_runs);
		EXPECT(QUEUE(&worker, &job[i]));
	}
	p = test_start(-1, kthread_worker_fn, &worker, "test/late");
	kthread_flush_worker(&worker);
	for (i = 0; i < ARRAY_SIZE(job); i++)
		EXPECT_EQ(job[i].order, i + 1);
	test_join(p);
	return NULL;
}

static void job_till_stop(struct kthread_work *work)
{
	struct job *job = job_of(work);

	complete(&job->started);
	while (!kthread_should_stop())
		schedule_timeout_uninterruptible(1);
	note(job);
}

/* The first thread is stopped in the middle of the first work; the second thread does the rest. */
TEST(worker_stopped_leaves_the_rest_to_the_next_thread)
{
	struct kthread_worker worker;
	struct task_struct *p;
	struct job first, rest;

	kthread_init_worker(&worker);
	init_job(&first, job_till_stop);
	init_job(&rest, job_runs);
	p = test_start(-1, kthread_worker_fn, &worker, "test/first");
	QUEUE(&worker, &first);
	QUEUE(&worker, &rest);
	wait_for_completion(&first.started);
	EXPECT(worker.task == p);
	EXPECT(worker.current_work == &first.d.work);
	test_join(p);
	EXPECT_EQ(runs(&first), 1);
	EXPECT_EQ(runs(&rest), 0);
	EXPECT(!worker.task && !worker.current_work);

	p = test_start(-1, kthread_worker_fn, &worker, "test/second");
	kthread_flush_work(&rest.d.work);
	EXPECT_EQ(runs(&rest), 1);
	EXPECT(worker.task == p);
	test_join(p);
	return NULL;
}

TEST(worker_many_threads_in_turn_lose_no_work)
{
	struct kthread_worker worker;
	struct task_struct *p;
	struct job job;
	int i, queued = 0;

	kthread_init_worker(&worker);
	init_job(&job, job_runs);
	for (i = 0; i < 30; i++) {
		queued += QUEUE(&worker, &job);
		p = test_start(i % num_online_cpus(), kthread_worker_fn, &worker, "test/turn");
		queued += QUEUE(&worker, &job);
		if (i % 2)
			test_nap();
		test_join(p);
	}
	p = test_start(-1, kthread_worker_fn, &worker, "test/last");
	kthread_flush_worker(&worker);
	EXPECT_EQ(runs(&job), queued);
	test_join(p);
	return NULL;
}

/* ---- queueing ---- */

TEST(work_order_is_the_order_of_queueing)
{
	struct kthread_worker *worker = new_worker();
	struct job *job = kcalloc(100, sizeof(*job), GFP_KERNEL);
	int i;

	for (i = 0; i < 100; i++)
		init_job(&job[i], job_runs);
	for (i = 0; i < 100; i++)
		EXPECT(QUEUE(worker, &job[i]));
	kthread_flush_worker(worker);
	for (i = 0; i < 100; i++)
		EXPECT_EQ(job[i].order, i + 1);
	kthread_destroy_worker(worker);
	kfree(job);
	return NULL;
}

TEST(work_queued_twice_runs_once_and_can_be_queued_while_it_runs)
{
	struct kthread_worker *worker = new_worker();
	struct job first, job;

	init_job(&first, job_waits);
	init_job(&job, job_waits);
	complete_all(&job.go);
	QUEUE(worker, &first);
	wait_for_completion(&first.started);
	EXPECT(QUEUE(worker, &job));
	EXPECT(!QUEUE(worker, &job));
	complete(&first.go);
	kthread_flush_worker(worker);
	EXPECT_EQ(runs(&job), 1);

	reinit_completion(&job.go);
	reinit_completion(&job.started);
	EXPECT(QUEUE(worker, &job));
	wait_for_completion(&job.started);
	EXPECT(QUEUE(worker, &job));		/* runs: so it is not queued */
	complete_all(&job.go);
	kthread_flush_worker(worker);
	EXPECT_EQ(runs(&job), 3);
	kthread_destroy_worker(worker);
	return NULL;
}

static void job_again(struct kthread_work *work)
{
	struct job *job = job_of(work);

	if (atomic_inc_return(&job->runs) < 50)
		BLAME_UNLESS(kthread_queue_work(job->worker, work));
	else
		complete(&job->started);
}

TEST(work_may_queue_itself)
{
	struct kthread_worker *worker = new_worker();
	struct job job;

	init_job(&job, job_again);
	job.worker = worker;
	QUEUE(worker, &job);
	wait_for_completion(&job.started);
	EXPECT_EQ(runs(&job), 50);
	kthread_destroy_worker(worker);
	return NULL;
}

struct own {
	struct kthread_work work;
	atomic_t *freed;
};

static void free_myself(struct kthread_work *work)
{
	struct own *own = container_of(work, struct own, work);
	atomic_t *freed = own->freed;

	memset(own, 0x5a, sizeof(*own));
	kfree(own);
	atomic_inc(freed);
}

TEST(work_may_free_itself)
{
	struct kthread_worker *worker = new_worker();
	atomic_t freed = ATOMIC_INIT(0);
	int i;

	for (i = 0; i < 200; i++) {
		struct own *own = kmalloc(sizeof(*own), GFP_KERNEL);

		kthread_init_work(&own->work, free_myself);
		own->freed = &freed;
		EXPECT(kthread_queue_work(worker, &own->work));
	}
	kthread_flush_worker(worker);
	EXPECT_EQ(atomic_read(&freed), 200);
	kthread_destroy_worker(worker);
	return NULL;
}

static void job_cancels_other(struct kthread_work *work)
{
	struct job *job = job_of(work);

	job->answer = kthread_cancel_work_sync(job->other);
	note(job);
}

TEST(work_may_cancel_another_of_its_worker)
{
	struct kthread_worker *worker = new_worker();
	struct job first, job, other;

	init_job(&first, job_waits);
	init_job(&job, job_cancels_other);
	init_job(&other, job_runs);
	job.other = &other.d.work;
	QUEUE(worker, &first);
	QUEUE(worker, &job);
	QUEUE(worker, &other);
	complete(&first.go);
	kthread_flush_worker(worker);
	EXPECT(job.answer);
	EXPECT_EQ(runs(&other), 0);
	kthread_destroy_worker(worker);
	return NULL;
}

struct from_irq {
	struct hrtimer timer;
	struct kthread_worker *worker;
	struct job job;
	int fired;
};

static enum hrtimer_restart queue_from_irq(struct hrtimer *timer)
{
	struct from_irq *f = container_of(timer, struct from_irq, timer);

	QUEUE(f->worker, &f->job);
	if (++f->fired == 20)
		return HRTIMER_NORESTART;
	hrtimer_forward_now(timer, 20 * NSEC_PER_USEC);
	return HRTIMER_RESTART;
}

TEST(work_may_be_queued_by_an_interrupt)
{
	struct from_irq f = { .worker = new_worker() };

	init_job(&f.job, job_runs);
	hrtimer_init(&f.timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	f.timer.function = queue_from_irq;
	hrtimer_start(&f.timer, 20 * NSEC_PER_USEC, HRTIMER_MODE_REL);
	EXPECT(eventually(!hrtimer_active(&f.timer)));
	kthread_flush_worker(f.worker);
	EXPECT(runs(&f.job) >= 1 && runs(&f.job) <= 20);
	kthread_destroy_worker(f.worker);
	return NULL;
}

TEST(work_initialised_again_may_go_to_a_second_worker)
{
	struct kthread_worker *a = new_worker(), *b = new_worker();
	struct job job;

	init_job(&job, job_runs);
	QUEUE(a, &job);
	kthread_flush_worker(a);
	kthread_init_work(&job.d.work, job_runs);
	EXPECT(QUEUE(b, &job));
	kthread_destroy_worker(a);
	kthread_destroy_worker(b);
	EXPECT_EQ(runs(&job), 2);
	return NULL;
}

/* ---- flushing ---- */

TEST(flush_of_a_work_that_is_idle_returns_at_once)
{
	struct kthread_worker *worker = new_worker();
	struct job first, job;

	init_job(&first, job_waits);
	init_job(&job, job_runs);
	kthread_flush_work(&job.d.work);	/* never queued */
	QUEUE(worker, &job);
	kthread_flush_work(&job.d.work);
	EXPECT_EQ(runs(&job), 1);
	QUEUE(worker, &first);			/* the worker is busy with another */
	wait_for_completion(&first.started);
	kthread_flush_work(&job.d.work);
	EXPECT_EQ(runs(&first), 0);
	complete(&first.go);
	kthread_destroy_worker(worker);
	return NULL;
}

TEST(flush_waits_for_a_work_that_runs)
{
	struct kthread_worker *worker = new_worker();
	struct task_struct *p;
	struct job job;

	begin_job(worker, &job);
	p = test_start(-1, flush_job, &job, "test/flush");
	EXPECT(eventually(test_asleep(p, TASK_UNINTERRUPTIBLE)));
	EXPECT(!READ_ONCE(job.answer));
	complete(&job.go);
	EXPECT(eventually(READ_ONCE(job.answer)));
	EXPECT_EQ(runs(&job), 1);
	test_join(p);
	kthread_destroy_worker(worker);
	return NULL;
}

/* All are let go at once, and the worker's memory goes at the same time. */
TEST(flush_by_many_does_not_need_the_worker_once_it_is_done)
{
	struct kthread_worker *worker = new_worker();
	struct task_struct *p[6];
	struct job job;

	begin_job(worker, &job);
	for (int i = 0; i < ARRAY_SIZE(p); i++)
		p[i] = test_start(i % num_online_cpus(), flush_job, &job, "test/flush");
	for (int i = 0; i < ARRAY_SIZE(p); i++)
		EXPECT(eventually(test_asleep(p[i], TASK_UNINTERRUPTIBLE)));
	EXPECT(!READ_ONCE(job.answer));
	complete(&job.go);
	kthread_destroy_worker(worker);
	for (int i = 0; i < ARRAY_SIZE(p); i++)
		test_join(p[i]);
	EXPECT(READ_ONCE(job.answer));
	EXPECT_EQ(runs(&job), 1);
	return NULL;
}

TEST(flush_of_one_work_does_not_wait_for_those_behind_it)
{
	struct kthread_worker *worker = new_worker();
	struct job job, behind;

	init_job(&job, job_runs);
	init_job(&behind, job_waits);
	QUEUE(worker, &job);
	QUEUE(worker, &behind);
	kthread_flush_work(&job.d.work);
	EXPECT_EQ(runs(&job), 1);
	EXPECT_EQ(runs(&behind), 0);
	complete(&behind.go);
	kthread_destroy_worker(worker);
	EXPECT_EQ(runs(&behind), 1);
	return NULL;
}

TEST(flush_of_another_workers_work_from_a_work_is_fine)
{
	struct kthread_worker *a = new_worker(), *b = new_worker();
	struct job job, other;

	init_job(&job, job_flushes_other);
	init_job(&other, job_runs);
	job.other = &other.d.work;
	QUEUE(b, &other);
	QUEUE(a, &job);
	kthread_flush_worker(a);
	EXPECT_EQ(runs(&other), 1);
	EXPECT_EQ(runs(&job), 1);
	kthread_destroy_worker(a);
	kthread_destroy_worker(b);
	return NULL;
}

/* ---- cancelling ---- */

TEST(cancel_takes_a_queued_work_back)
{
	struct kthread_worker *worker = new_worker();
	struct job first, job;

	init_job(&first, job_waits);
	init_job(&job, job_runs);
	EXPECT(!kthread_cancel_work_sync(&job.d.work));
	QUEUE(worker, &first);
	wait_for_completion(&first.started);
	QUEUE(worker, &job);
	EXPECT(kthread_cancel_work_sync(&job.d.work));
	EXPECT(!kthread_cancel_work_sync(&job.d.work));
	complete(&first.go);
	kthread_flush_worker(worker);
	EXPECT_EQ(runs(&job), 0);
	EXPECT(QUEUE(worker, &job));
	kthread_destroy_worker(worker);
	EXPECT_EQ(runs(&job), 1);
	return NULL;
}

static int cancel_job(void *data)
{
	struct job *job = data;
	bool pending = kthread_cancel_delayed_work_sync(&job->d);

	WRITE_ONCE(job->answer, true);
	test_wait_for_stop();
	return pending;
}

/* And meanwhile nobody can queue it: not others, not itself. */
TEST(cancel_waits_for_a_work_that_runs_and_keeps_it_from_being_queued)
{
	struct kthread_worker *worker = new_worker();
	struct task_struct *p;
	struct job job;

	begin_job(worker, &job);
	p = test_start(-1, cancel_job, &job, "test/cancel");
	EXPECT(eventually(READ_ONCE(job.d.work.canceling) == 1 && test_asleep(p, TASK_UNINTERRUPTIBLE)));
	EXPECT(!QUEUE(worker, &job));
	EXPECT(!kthread_queue_delayed_work(worker, &job.d, 1));
	EXPECT(kthread_mod_delayed_work(worker, &job.d, 1));
	EXPECT(list_empty(&job.d.work.node));
	EXPECT(!READ_ONCE(job.answer));
	complete_all(&job.go);
	EXPECT(eventually(READ_ONCE(job.answer)));
	EXPECT_EQ(test_join(p), false);
	EXPECT_EQ(runs(&job), 1);
	EXPECT_EQ(job.d.work.canceling, 0);
	EXPECT(QUEUE(worker, &job));
	kthread_destroy_worker(worker);
	EXPECT_EQ(runs(&job), 2);
	return NULL;
}

static void job_for_ever(struct kthread_work *work)
{
	struct job *job = job_of(work);

	atomic_inc(&job->runs);
	if (atomic_read(&job->runs) % 2)
		kthread_queue_work(job->worker, work);
	else
		kthread_queue_delayed_work(job->worker, &job->d, 1);
}

TEST(cancel_ends_a_work_that_queues_itself_for_ever)
{
	struct kthread_worker *worker = new_worker();
	struct job job;
	int i, n;

	init_job(&job, job_for_ever);
	job.worker = worker;
	for (i = 0; i < 10; i++) {
		QUEUE(worker, &job);
		EXPECT(eventually(runs(&job) > 3 * i));
		kthread_cancel_delayed_work_sync(&job.d);
		n = runs(&job);
		test_nap();
		test_nap();
		EXPECT_EQ(runs(&job), n);
	}
	kthread_destroy_worker(worker);
	return NULL;
}

/* ---- delayed works ---- */

TEST(delayed_work_is_never_early)
{
	struct kthread_worker *worker = new_worker();
	struct job job[5];
	unsigned long start = jiffies, flags;
	int i;

	for (i = 0; i < ARRAY_SIZE(job); i++) {
		init_job(&job[i], job_runs);
		local_irq_save(flags);		/* its time can't come in between */
		BLAME_UNLESS(kthread_queue_delayed_work(worker, &job[i].d, 2 * i));
		BLAME_UNLESS(!kthread_queue_delayed_work(worker, &job[i].d, 2 * i) || i == 0);
		local_irq_restore(flags);
	}
	for (i = 1; i < ARRAY_SIZE(job); i++) {
		EXPECT(eventually(runs(&job[i]) == 1));
		EXPECT_OP(job[i].at - start, >=, 2 * i);
	}
	kthread_destroy_worker(worker);
	return NULL;
}

TEST(delayed_work_with_no_delay_is_queued_at_once)
{
	struct kthread_worker *worker = new_worker();
	struct job job;

	init_job(&job, job_runs);
	EXPECT(kthread_queue_delayed_work(worker, &job.d, 0));
	EXPECT(!timer_pending(&job.d.timer));
	kthread_flush_work(&job.d.work);
	EXPECT_EQ(runs(&job), 1);
	kthread_destroy_worker(worker);
	return NULL;
}

TEST(delayed_work_is_on_the_list_of_its_own_until_its_time)
{
	struct kthread_worker *worker = new_worker();
	struct job job;

	init_job(&job, job_runs);
	EXPECT(kthread_queue_delayed_work(worker, &job.d, 1000 * HZ));
	EXPECT(!list_empty(&worker->delayed_work_list));
	EXPECT(list_empty(&worker->work_list));
	EXPECT(!QUEUE(worker, &job));
	kthread_flush_worker(worker);		/* does not count it */
	EXPECT_EQ(runs(&job), 0);
	EXPECT(kthread_cancel_delayed_work_sync(&job.d));
	EXPECT(list_empty(&worker->delayed_work_list));
	EXPECT(!timer_pending(&job.d.timer));
	kthread_destroy_worker(worker);
	return NULL;
}

TEST(mod_delayed_work_changes_the_time_both_ways)
{
	struct kthread_worker *worker = new_worker();
	struct job job;
	unsigned long start;

	init_job(&job, job_runs);
	EXPECT(!kthread_mod_delayed_work(worker, &job.d, 1000 * HZ));
	start = jiffies;
	EXPECT(kthread_mod_delayed_work(worker, &job.d, 3));
	EXPECT(eventually(runs(&job) == 1));
	EXPECT_OP(job.at - start, >=, 3);
	EXPECT(!kthread_mod_delayed_work(worker, &job.d, 1000 * HZ));
	EXPECT(kthread_mod_delayed_work(worker, &job.d, 2000 * HZ));
	EXPECT(kthread_mod_delayed_work(worker, &job.d, 0));
	kthread_flush_work(&job.d.work);
	EXPECT_EQ(runs(&job), 2);
	kthread_destroy_worker(worker);
	return NULL;
}

/* ---- the end ---- */

TEST(destroy_does_what_is_queued)
{
	struct kthread_worker *worker = new_worker();
	struct job job[20];
	int i;

	for (i = 0; i < ARRAY_SIZE(job); i++) {
		init_job(&job[i], job_runs);
		QUEUE(worker, &job[i]);
	}
	kthread_destroy_worker(worker);
	for (i = 0; i < ARRAY_SIZE(job); i++)
		EXPECT_EQ(runs(&job[i]), 1);
	return NULL;
}

static int create_worker_while_killed(void *data)
{
	struct kthread_worker *worker;

	allow_signal(SIGKILL);
	send_sig(SIGKILL, current, 1);
	worker = kthread_create_worker(0, "test/unused");
	if (!IS_ERR(worker)) {		/* kthreadd was quicker: allowed */
		kthread_destroy_worker(worker);
		return -EINTR;
	}
	return PTR_ERR(worker);
}

TEST(worker_create_by_a_killed_thread_gives_eintr_and_leaks_nothing)
{
	struct task_struct *p;
	int i;

	for (i = 0; i < 20; i++) {
		p = test_start(-1, create_worker_while_killed, NULL, "test/killed");
		EXPECT(eventually(READ_ONCE(p->exit_state)));
		EXPECT_EQ(test_join(p), -EINTR);
	}
	return NULL;
}

/* ---- all at once ---- */

#define STORM_JOBS 6

struct storm {
	struct kthread_worker *worker[2];
	struct job job[STORM_JOBS];
	atomic_t queued, cancelled;
};

static void storm_do(struct storm *s, struct job *job, u32 what, u32 delay)
{
	switch (what) {
	case 0: case 1: case 2:
		atomic_add(kthread_queue_work(job->worker, &job->d.work), &s->queued);
		break;
	case 3: case 4:
		atomic_add(kthread_queue_delayed_work(job->worker, &job->d, delay % 3), &s->queued);
		break;
	case 5: case 6:
		atomic_add(!kthread_mod_delayed_work(job->worker, &job->d, delay % 3), &s->queued);
		break;
	case 7: case 8:
		atomic_add(kthread_cancel_delayed_work_sync(&job->d), &s->cancelled);
		break;
	default:
		kthread_flush_worker(job->worker);
	}
}

static const char *storm(struct crew *c, int i)
{
	struct storm *s = c->data;
	u32 state = test_seed(i);
	u64 start = ktime_get();
	int n;

	for (n = test_rounds(400); n && !test_took_long(start); n--) {
		u32 r = test_random(&state);

		storm_do(s, &s->job[r % STORM_JOBS], (r >> 8) % 10, r >> 16);
	}
	return NULL;
}

/* Each time a work was queued it has run once or was taken back once, whoever queues and cancels at the same time. */
TEST(works_run_or_are_cancelled_exactly_as_often_as_they_are_queued)
{
	struct storm *s = kzalloc(sizeof(*s), GFP_KERNEL);
	struct crew c = { .fn = storm, .data = s, .n = 6, .bound = true };
	int i, ran = 0;

	for (i = 0; i < 2; i++)
		s->worker[i] = new_worker();
	for (i = 0; i < STORM_JOBS; i++) {
		init_job(&s->job[i], job_runs);
		s->job[i].worker = s->worker[i % 2];
	}
	TRY(crew_run(&c));
	for (i = 0; i < STORM_JOBS; i++)
		atomic_add(kthread_cancel_delayed_work_sync(&s->job[i].d), &s->cancelled);
	for (i = 0; i < 2; i++)
		kthread_destroy_worker(s->worker[i]);
	for (i = 0; i < STORM_JOBS; i++)
		ran += runs(&s->job[i]);
	EXPECT_EQ(atomic_read(&s->queued), ran + atomic_read(&s->cancelled));
	kfree(s);
	return NULL;
}

/* ---- what it costs ---- */

#define MANY 1000

static void do_nothing(struct kthread_work *work)
{
}

static u64 cost_of_queue_and_flush(struct kthread_worker *worker, struct kthread_work *work)
{
	u64 start = get_cycles();
	int i;

	for (i = 0; i < 200; i++) {
		kthread_queue_work(worker, work);
		kthread_flush_work(work);
	}
	return (get_cycles() - start) / 200;
}

static u64 cost_of_many(struct kthread_worker *worker, struct kthread_work *works)
{
	u64 start = get_cycles();
	int i;

	for (i = 0; i < MANY; i++)
		kthread_queue_work(worker, &works[i]);
	kthread_flush_worker(worker);
	return (get_cycles() - start) / MANY;
}

/* In virtual time a cycle is an instruction. Linux 6.1, measured in the same way, needs 5,393 and 216. */
TEST(worker_costs_less_than_linux, .cost = true)
{
	struct kthread_work *works = kcalloc(MANY, sizeof(*works), GFP_KERNEL);
	struct kthread_worker *worker;
	u64 one, many;
	int i;

	for (i = 0; i < MANY; i++)
		kthread_init_work(&works[i], do_nothing);
	set_cpus_allowed_ptr(current, cpumask_of(0));
	worker = kthread_create_worker_on_cpu(0, 0, "test/cost");
	cost_of_many(worker, works);
	one = cost_of_queue_and_flush(worker, &works[0]);
	many = cost_of_many(worker, works);
	kthread_destroy_worker(worker);
	kfree(works);
	test_note("queue and flush: %llu, 1000 works at once: %llu each", one, many);
	if (test_real_time || test_shaken || IS_ENABLED(CONFIG_LOCKDEP))
		return NULL;
	EXPECT_OP(one, <, 5393);
	EXPECT_OP(many, <, 216);
	return NULL;
}
