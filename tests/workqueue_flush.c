/* SPDX-License-Identifier: MIT */
/* Waiting for works and taking them back: what flush, drain, destroy and cancel promise. */
#include "workqueue.h"

#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/ktime.h>

/* ---- one work ---- */

TEST(flush_work_of_an_idle_work_has_nothing_to_wait_for)
{
	struct job j;

	init_job(&j, note_job);
	EXPECT(!flush_work(&j.work));
	schedule_work(&j.work);
	flush_work(&j.work);
	EXPECT(!flush_work(&j.work));
	EXPECT_EQ(job_runs(&j), 1);
	return NULL;
}

/* A thread that flushes a work, or cancels it, and says that it is done. */
struct waiter {
	struct work_struct *work;
	bool cancels, answer;
	struct completion done;
	struct task_struct *p;
};

static int wait_for_work(void *data)
{
	struct waiter *w = data;

	w->answer = w->cancels ? cancel_work_sync(w->work) : flush_work(w->work);
	complete(&w->done);
	return test_wait_for_stop();
}

static void start_waiter(struct waiter *w, struct work_struct *work, bool cancels)
{
	*w = (struct waiter){ .work = work, .cancels = cancels };
	init_completion(&w->done);
	w->p = test_start(-1, wait_for_work, w, "test/waiter");
	/* Asleep, or done. */
	eventually(completion_done(&w->done) || test_asleep(w->p, TASK_UNINTERRUPTIBLE));
}

static bool end_waiter(struct waiter *w)
{
	wait_for_completion(&w->done);
	test_join(w->p);
	return w->answer;
}

TEST(flush_work_waits_for_a_running_work)
{
	struct waiter w;
	struct job j;

	init_job(&j, blocked_job);
	schedule_work(&j.work);
	wait_for_completion(&j.begun);
	EXPECT_EQ(work_busy(&j.work), WORK_BUSY_RUNNING);
	start_waiter(&w, &j.work, false);
	EXPECT(!completion_done(&w.done));
	complete(&j.go);
	EXPECT(end_waiter(&w));
	EXPECT_EQ(job_runs(&j), 1);
	EXPECT_EQ(work_busy(&j.work), 0);
	return NULL;
}

/* All are let go at once, and the queue goes at the same time. */
TEST(flush_work_by_many_does_not_need_the_queue_once_it_is_done)
{
	struct workqueue_struct *wq = alloc_workqueue("test/many", 0, 0);
	struct waiter w[6];
	struct job j;

	init_job(&j, blocked_job);
	queue_work(wq, &j.work);
	wait_for_completion(&j.begun);
	for (int i = 0; i < ARRAY_SIZE(w); i++) {
		start_waiter(&w[i], &j.work, false);
		EXPECT(!completion_done(&w[i].done));
	}
	complete(&j.go);
	destroy_workqueue(wq);
	for (int i = 0; i < ARRAY_SIZE(w); i++)
		EXPECT(end_waiter(&w[i]));
	EXPECT_EQ(job_runs(&j), 1);
	return NULL;
}

TEST(flush_work_waits_for_a_work_that_max_active_keeps_back)
{
	struct workqueue_struct *wq = alloc_workqueue("test/kept", 0, 1);
	struct waiter w[3];
	struct job block, j;
	int i;

	init_job(&block, blocked_job);
	init_job(&j, note_job);
	queue_work_on(0, wq, &block.work);
	queue_work_on(0, wq, &j.work);
	for (i = 0; i < 3; i++)
		start_waiter(&w[i], &j.work, false);
	EXPECT(!completion_done(&w[0].done));
	complete(&block.go);
	for (i = 0; i < 3; i++)
		EXPECT(end_waiter(&w[i]));
	EXPECT_EQ(job_runs(&j), 1);
	destroy_workqueue(wq);
	return NULL;
}

TEST(flush_work_does_not_wait_for_what_others_queue)
{
	struct job block, j;

	init_job(&block, blocked_job);
	init_job(&j, note_job);
	schedule_work_on(0, &block.work);
	wait_for_completion(&block.begun);
	schedule_work_on(0, &j.work);
	flush_work(&j.work);
	EXPECT_EQ(job_runs(&block), 0);
	complete(&block.go);
	flush_work(&block.work);
	return NULL;
}

TEST(flush_work_from_another_work_is_fine)
{
	struct job j;
	struct waiter w;

	init_job(&j, blocked_job);
	schedule_work(&j.work);
	wait_for_completion(&j.begun);
	start_waiter(&w, &j.work, false);
	complete(&j.go);
	EXPECT(end_waiter(&w));
	return NULL;
}

/* Its owner counts what he has queued, and the function what it has done: no flush may return in between. */
static struct {
	struct work_struct work;
	unsigned long ordered, queued, done;
	bool inside, over;
} counted;

static void count_done(struct work_struct *work)
{
	unsigned long ordered = READ_ONCE(counted.ordered);

	BLAME_UNLESS(!counted.inside);
	counted.inside = true;
	for (unsigned long i = ordered % 8 * 200; i; i--)
		cpu_relax();
	counted.inside = false;
	WRITE_ONCE(counted.done, ordered);
}

static void order_counted(struct workqueue_struct *wq, int cpu)
{
	WRITE_ONCE(counted.ordered, counted.ordered + 1);
	queue_work_on(cpu, wq, &counted.work);
	smp_store_release(&counted.queued, counted.ordered);
	/* Half of the times its function has begun when it is flushed. */
	for (int i = 0; i < 1000 && counted.ordered % 2 && work_pending(&counted.work); i++)
		cpu_relax();
}

static const char *flush_what_was_queued(void)
{
	unsigned long queued = smp_load_acquire(&counted.queued);

	flush_work(&counted.work);
	EXPECT(READ_ONCE(counted.done) >= queued);
	return NULL;
}

static const char *order_and_flush(struct workqueue_struct *wq)
{
	u32 random = test_seed(0);
	u64 start = ktime_get_ns();

	for (int i = 0; i < test_rounds(2000) && !test_took_long(start); i++) {
		order_counted(wq, test_random(&random) % num_online_cpus());
		TRY(flush_what_was_queued());
		EXPECT(!counted.inside);
	}
	return NULL;
}

/* The first one is the owner; the others only flush, as long as he goes on. */
static const char *flush_counted(struct crew *c, int who)
{
	const char *failed = NULL;

	if (who == 0) {
		failed = order_and_flush(c->data);
		WRITE_ONCE(counted.over, true);
	}
	while (!READ_ONCE(counted.over) && !failed) {
		failed = flush_what_was_queued();
		usleep_range(10, 20);
	}
	return failed;
}

static const char *flush_counted_on(unsigned int flags)
{
	struct crew c = { .fn = flush_counted, .n = 4 };

	INIT_WORK(&counted.work, count_done);
	counted.ordered = counted.queued = counted.done = 0;
	counted.over = false;
	c.data = alloc_workqueue("test/counted", flags, 0);
	TRY(crew_run(&c));
	destroy_workqueue(c.data);
	return NULL;
}

TEST(flush_work_sees_what_the_function_did_with_and_without_the_lock)
{
	TRY(flush_counted_on(0));
	TRY(flush_counted_on(WQ_CPU_INTENSIVE));
	return flush_counted_on(WQ_UNBOUND);
}

/* ---- a whole queue ---- */

TEST(flush_workqueue_waits_for_all_that_was_queued)
{
	static struct job j[16];
	struct workqueue_struct *wq = alloc_workqueue("test/flush", 0, 0);
	int i;

	for (i = 0; i < ARRAY_SIZE(j); i++) {
		init_job(&j[i], note_job);
		queue_work_on(i % num_online_cpus(), wq, &j[i].work);
	}
	flush_workqueue(wq);
	for (i = 0; i < ARRAY_SIZE(j); i++)
		EXPECT_EQ(job_runs(&j[i]), 1);
	destroy_workqueue(wq);
	return NULL;
}

static struct workqueue_struct *endless_wq;
static bool endless_stop;

static void endless(struct work_struct *work)
{
	atomic_inc(&to_job(work)->runs);
	if (!READ_ONCE(endless_stop))
		queue_work(endless_wq, work);
}

TEST(flush_workqueue_does_not_wait_for_what_is_queued_later)
{
	struct job j;
	int i;

	endless_wq = alloc_workqueue("test/endless", 0, 0);
	endless_stop = false;
	init_job(&j, endless);
	queue_work(endless_wq, &j.work);
	for (i = 0; i < 20; i++)
		flush_workqueue(endless_wq);
	EXPECT_OP(job_runs(&j), >, 0);
	EXPECT(work_busy(&j.work));
	WRITE_ONCE(endless_stop, true);
	destroy_workqueue(endless_wq);
	return NULL;
}

/* More flushers than there are colours, each behind a blocked work of its own: they return in order, none early. */
#define NR_FLUSHERS 20

struct flusher {
	struct workqueue_struct *wq;
	struct completion done;
};

static int flush_queue(void *data)
{
	struct flusher *f = data;

	flush_workqueue(f->wq);
	complete(&f->done);
	return test_wait_for_stop();
}

TEST(flush_workqueue_with_more_flushers_than_colours_returns_in_order)
{
	static struct job j[NR_FLUSHERS];
	static struct flusher f[NR_FLUSHERS];
	struct task_struct *p[NR_FLUSHERS];
	struct workqueue_struct *wq = alloc_workqueue("test/colours", WQ_UNBOUND, 0);
	int i, k;

	for (i = 0; i < NR_FLUSHERS; i++) {
		init_job(&j[i], blocked_job);
		queue_work(wq, &j[i].work);
		wait_for_completion(&j[i].begun);
		f[i].wq = wq;
		init_completion(&f[i].done);
		p[i] = test_start(-1, flush_queue, &f[i], "test/flusher");
		EXPECT(eventually(test_asleep(p[i], TASK_UNINTERRUPTIBLE)));
	}
	for (i = 0; i < NR_FLUSHERS; i++) {
		for (k = i; k < NR_FLUSHERS; k++)
			EXPECT(!completion_done(&f[k].done));
		complete(&j[i].go);
		/* The last few had to share a colour, so they wait for one another. */
		if (i < 14 || i == NR_FLUSHERS - 1)
			EXPECT(eventually(completion_done(&f[i].done)));
	}
	for (i = 0; i < NR_FLUSHERS; i++) {
		wait_for_completion(&f[i].done);
		test_join(p[i]);
	}
	destroy_workqueue(wq);
	return NULL;
}

static const char *queue_and_flush(struct crew *c, int who)
{
	struct workqueue_struct *wq = c->data;
	u64 start = ktime_get_ns();
	struct job j[3];
	int i, n;

	for (n = 0; n < test_rounds(60) && !test_took_long(start); n++) {
		for (i = 0; i < 3; i++) {
			init_job(&j[i], note_job);
			queue_work_on((who + i) % num_online_cpus(), wq, &j[i].work);
		}
		flush_workqueue(wq);
		for (i = 0; i < 3; i++) {
			EXPECT_EQ(job_runs(&j[i]), 1);
			EXPECT_EQ(work_busy(&j[i].work), 0);
		}
	}
	return NULL;
}

TEST(flush_workqueue_by_32_threads_at_once_keeps_its_promise_to_each)
{
	struct crew c = { .fn = queue_and_flush, .n = 32, .bound = true };

	c.data = alloc_workqueue("test/crowd", 0, 0);
	TRY(crew_run(&c));
	destroy_workqueue(c.data);
	return NULL;
}

/* ---- draining, destroying ---- */

static struct workqueue_struct *chain_wq;

static void queue_chain(struct work_struct *work)
{
	note_job(work);
	if (job_runs(to_job(work)) < 30)
		BLAME_UNLESS(queue_work(chain_wq, work));
}

TEST(drain_workqueue_waits_for_what_works_queue_in_turn)
{
	struct job j;

	chain_wq = alloc_workqueue("test/chain", 0, 0);
	init_job(&j, queue_chain);
	queue_work(chain_wq, &j.work);
	drain_workqueue(chain_wq);
	EXPECT_EQ(job_runs(&j), 30);
	/* It can be used again afterwards. */
	EXPECT(queue_work(chain_wq, &j.work));
	destroy_workqueue(chain_wq);
	EXPECT_EQ(job_runs(&j), 31);
	return NULL;
}

static struct work_struct next_in_chain;
static atomic_t chain_left;

/* Takes a tick, and queues itself: each flush finds it still to be done. */
static void queue_slowly(struct work_struct *work)
{
	test_nap();
	if (atomic_dec_return(&chain_left) > 0)
		queue_work(chain_wq, work);
}

TEST(drain_workqueue_that_takes_long_says_so, .says = "isn't complete after 10 tries")
{
	chain_wq = alloc_workqueue("test/long", 0, 0);
	atomic_set(&chain_left, 60);
	INIT_WORK(&next_in_chain, queue_slowly);
	queue_work(chain_wq, &next_in_chain);
	destroy_workqueue(chain_wq);
	EXPECT_EQ(atomic_read(&chain_left), 0);
	return NULL;
}

/* ---- taking back ---- */

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
	EXPECT_EQ(job_runs(&j), 0);
	EXPECT_EQ(job_runs(&block), 1);
	return NULL;
}

TEST(cancel_work_sync_waits_for_a_running_work)
{
	struct waiter w;
	struct job j;

	init_job(&j, blocked_job);
	EXPECT(!cancel_work_sync(&j.work));
	schedule_work(&j.work);
	wait_for_completion(&j.begun);
	start_waiter(&w, &j.work, true);
	EXPECT(!completion_done(&w.done));
	complete(&j.go);
	EXPECT(!end_waiter(&w));
	EXPECT_EQ(job_runs(&j), 1);
	EXPECT_EQ(work_busy(&j.work), 0);
	/* And it can be used again. */
	complete(&j.go);
	EXPECT(schedule_work(&j.work));
	flush_work(&j.work);
	EXPECT_EQ(job_runs(&j), 2);
	return NULL;
}

TEST(cancel_work_sync_keeps_the_work_from_being_queued_meanwhile)
{
	struct waiter w;
	struct job j;

	init_job(&j, blocked_job);
	schedule_work(&j.work);
	wait_for_completion(&j.begun);
	start_waiter(&w, &j.work, true);
	EXPECT(!schedule_work(&j.work));
	EXPECT(!cancel_work(&j.work));
	complete(&j.go);
	end_waiter(&w);
	EXPECT_EQ(job_runs(&j), 1);
	return NULL;
}

TEST(cancel_work_sync_by_several_at_once_lets_all_return)
{
	struct waiter w[8];
	struct job j;
	int i;

	init_job(&j, blocked_job);
	schedule_work(&j.work);
	wait_for_completion(&j.begun);
	for (i = 0; i < 8; i++)
		start_waiter(&w[i], &j.work, true);
	for (i = 0; i < 8; i++)
		EXPECT(!completion_done(&w[i].done));
	complete(&j.go);
	for (i = 0; i < 8; i++)
		EXPECT(!end_waiter(&w[i]));
	return NULL;
}

TEST(cancel_work_sync_ends_a_work_that_queues_itself_for_ever)
{
	struct job j;

	endless_wq = system_wq;
	endless_stop = false;
	init_job(&j, endless);
	schedule_work(&j.work);
	EXPECT(eventually(job_runs(&j) > 3));
	cancel_work_sync(&j.work);
	EXPECT_EQ(work_busy(&j.work), 0);
	return NULL;
}

TEST(cancel_of_a_kept_back_work_lets_its_flusher_return)
{
	struct workqueue_struct *wq = alloc_workqueue("test/kept", 0, 1);
	struct job block, j;
	struct waiter w;

	init_job(&block, blocked_job);
	init_job(&j, note_job);
	queue_work_on(0, wq, &block.work);
	wait_for_completion(&block.begun);
	queue_work_on(0, wq, &j.work);
	start_waiter(&w, &j.work, false);
	EXPECT(!completion_done(&w.done));
	EXPECT(cancel_work(&j.work));
	EXPECT(end_waiter(&w));
	complete(&block.go);
	destroy_workqueue(wq);
	EXPECT_EQ(job_runs(&j), 0);
	return NULL;
}

static struct job contested;

/* Everything that can be done to a work, by all at once. */
static const char *contest(struct crew *c, int who)
{
	u32 random = test_seed(who);
	u64 start = ktime_get_ns();
	int i;

	for (i = 0; i < test_rounds(400) && !test_took_long(start); i++) {
		switch (test_random(&random) % 6) {
		case 0:
			cancel_work(&contested.work);
			break;
		case 1:
			cancel_work_sync(&contested.work);
			break;
		case 2:
			flush_work(&contested.work);
			break;
		default:
			queue_work_on(test_random(&random) % num_online_cpus(), c->data, &contested.work);
		}
	}
	return NULL;
}

static const char *contest_on(unsigned int flags, int max_active)
{
	struct crew c = { .fn = contest, .n = 6 };

	c.data = alloc_workqueue("test/contest", flags, max_active);
	init_job(&contested, note_job);
	TRY(crew_run(&c));
	destroy_workqueue(c.data);
	EXPECT_EQ(work_busy(&contested.work), 0);
	return NULL;
}

TEST(queue_flush_and_cancel_of_one_work_by_six_threads_never_hang)
{
	TRY(contest_on(0, 0));
	TRY(contest_on(0, 1));
	return contest_on(WQ_UNBOUND, 1);
}
