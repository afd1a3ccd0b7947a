/* SPDX-License-Identifier: MIT */
/* What students do wrong with workqueues: each mistake is named in a sentence, and the machine goes on. */
#include "../kernel/misuse.h"
#include "workqueue.h"

#include <linux/jiffies.h>
#include <linux/slab.h>
#include <linux/string.h>

/* ---- waits that could never end ---- */

static struct workqueue_struct *own_wq;

static void flush_itself(struct work_struct *work)
{
	flush_work(work);
	note_job(work);
}

static void cancel_itself(struct work_struct *work)
{
	cancel_work_sync(work);
	note_job(work);
}

static void flush_own_queue(struct work_struct *work)
{
	flush_workqueue(own_wq);
	note_job(work);
}

static void drain_own_queue(struct work_struct *work)
{
	drain_workqueue(own_wq);
	note_job(work);
}

static void destroy_own_queue(struct work_struct *work)
{
	destroy_workqueue(own_wq);
	note_job(work);
}

/* The function comes to its end, and afterwards work and queue are as good as ever. */
static const char *expect_survived(work_func_t fn)
{
	struct job j;

	own_wq = alloc_workqueue("test/own", 0, 0);
	init_job(&j, fn);
	queue_work(own_wq, &j.work);
	EXPECT(eventually(job_runs(&j) == 1));
	flush_work(&j.work);
	j.work.func = note_job;
	EXPECT(queue_work(own_wq, &j.work));
	flush_workqueue(own_wq);
	EXPECT_EQ(job_runs(&j), 2);
	destroy_workqueue(own_wq);
	return NULL;
}

TEST(flush_work_on_itself_is_explained, .warns = "flush_itself calls flush_work() on itself")
{
	return expect_survived(flush_itself);
}

TEST(cancel_work_sync_on_itself_is_explained, .warns = "cancel_itself calls cancel_..._sync() on itself")
{
	return expect_survived(cancel_itself);
}

static void cancel_itself_and_block(struct work_struct *work)
{
	if (!job_runs(to_job(work)))
		cancel_work_sync(work);
	blocked_job(work);
}

TEST(cancel_work_sync_on_itself_still_lets_it_run_once_at_a_time, .cpus = 2, .warns = "cancel_..._sync() on itself")
{
	struct job j, behind_it;

	init_job(&j, cancel_itself_and_block);
	init_job(&behind_it, note_job);
	queue_work_on(0, system_wq, &j.work);
	wait_for_completion(&j.begun);
	EXPECT(queue_work_on(1, system_wq, &j.work));
	queue_work_on(1, system_wq, &behind_it.work);
	flush_work(&behind_it.work);
	EXPECT_EQ(job_runs(&j), 0);
	complete_all(&j.go);
	flush_work(&j.work);
	EXPECT_EQ(job_runs(&j), 2);
	EXPECT_EQ(j.cpu, 0);
	return NULL;
}

TEST(flush_workqueue_from_its_own_work_is_explained,
     .warns = "calls flush_workqueue() on \"test/own\", on which it runs")
{
	return expect_survived(flush_own_queue);
}

TEST(drain_workqueue_from_its_own_work_is_explained, .warns = "drains \"test/own\", on which it runs")
{
	return expect_survived(drain_own_queue);
}

TEST(destroy_workqueue_from_its_own_work_is_explained, .warns = "calls destroy_workqueue() on \"test/own\"")
{
	return expect_survived(destroy_own_queue);
}

static struct job behind;

static void flush_behind(struct work_struct *work)
{
	queue_work(own_wq, &behind.work);
	flush_work(&behind.work);
	note_job(work);
}

TEST(flush_work_of_one_behind_on_an_ordered_queue_is_explained, .warns = "waits for note_job, which is behind it")
{
	struct job j;

	own_wq = alloc_ordered_workqueue("test/own", 0);
	init_job(&j, flush_behind);
	init_job(&behind, note_job);
	queue_work(own_wq, &j.work);
	flush_workqueue(own_wq);
	EXPECT_EQ(job_runs(&j), 1);
	EXPECT(eventually(job_runs(&behind) == 1));
	destroy_workqueue(own_wq);
	return NULL;
}

static void flush_ordinary(struct work_struct *work)
{
	WRITE_ONCE(to_job(work)->by, current);
	flush_work(&behind.work);
	note_job(work);
}

TEST(flush_of_an_ordinary_queue_by_a_mem_reclaim_work_is_explained,
     .warns = "which is WQ_MEM_RECLAIM, waits for a work of")
{
	struct workqueue_struct *wq = alloc_workqueue("test/reclaim", WQ_MEM_RECLAIM, 0);
	struct job j;
	bool waits;

	init_job(&behind, blocked_job);
	schedule_work(&behind.work);
	wait_for_completion(&behind.begun);
	init_job(&j, flush_ordinary);
	queue_work(wq, &j.work);
	waits = eventually(READ_ONCE(j.by) && test_asleep(j.by, TASK_UNINTERRUPTIBLE));
	complete(&behind.go);
	destroy_workqueue(wq);
	EXPECT(waits);
	EXPECT_EQ(job_runs(&j), 1);
	return NULL;
}

/* ---- queueing where or what cannot be ---- */

TEST(queue_work_that_was_never_initialised_is_explained, .warns = "was never initialised: INIT_WORK()")
{
	static struct work_struct raw;

	EXPECT(!schedule_work(&raw));
	EXPECT(!schedule_work(&raw));
	EXPECT(!work_pending(&raw));
	return NULL;
}

TEST(queue_delayed_work_that_was_never_initialised_is_explained, .warns = "INIT_DELAYED_WORK() first")
{
	static struct delayed_work raw;

	INIT_WORK(&raw.work, note_job);
	EXPECT(!schedule_delayed_work(&raw, 1));
	EXPECT(!delayed_work_pending(&raw));
	return NULL;
}

TEST(queue_work_on_a_queue_that_alloc_refused_is_explained, .warns = "check what alloc_workqueue() returned")
{
	static DECLARE_WORK(work, note_job);

	EXPECT(!queue_work(NULL, &work));
	flush_workqueue(NULL);
	destroy_workqueue(NULL);
	return NULL;
}

TEST(queue_work_on_a_destroyed_queue_is_explained, .warns = "is not a workqueue any more")
{
	struct workqueue_struct *wq = alloc_workqueue("test/gone", 0, 0);
	struct job j;

	init_job(&j, note_job);
	destroy_workqueue(wq);
	EXPECT(!queue_work(wq, &j.work));
	EXPECT(!work_pending(&j.work));
	EXPECT(schedule_work(&j.work));
	flush_work(&j.work);
	return NULL;
}

static int destroy_it(void *wq)
{
	destroy_workqueue(wq);
	return test_wait_for_stop();
}

TEST(queue_work_by_a_stranger_on_a_draining_queue_is_refused_and_explained, .warns = "which is being destroyed")
{
	struct workqueue_struct *wq = alloc_workqueue("test/draining", 0, 0);
	struct task_struct *p;
	struct job block, late;

	init_job(&block, blocked_job);
	init_job(&late, note_job);
	queue_work(wq, &block.work);
	wait_for_completion(&block.begun);
	p = test_start(-1, destroy_it, wq, "test/destroys");
	EXPECT(eventually(test_asleep(p, TASK_UNINTERRUPTIBLE)));
	EXPECT(!queue_work(wq, &late.work));
	EXPECT(!work_pending(&late.work));
	complete(&block.go);
	EXPECT(eventually(test_asleep(p, TASK_INTERRUPTIBLE)));
	test_join(p);
	EXPECT_EQ(job_runs(&late), 0);
	return NULL;
}

TEST(queue_work_on_a_cpu_that_does_not_exist_is_explained, .warns = "there is no CPU 1000")
{
	static DECLARE_WORK(work, note_job);

	EXPECT(!schedule_work_on(1000, &work));
	return NULL;
}

TEST(set_max_active_of_an_ordered_queue_is_refused, .warns = "it would not be ordered")
{
	struct workqueue_struct *wq = alloc_ordered_workqueue("test/ordered", 0);

	workqueue_set_max_active(wq, 5);
	destroy_workqueue(wq);
	return NULL;
}

TEST(destroy_work_on_stack_of_a_queued_work_is_explained,
     .warns = "on the stack is queued or running when its block ends")
{
	struct workqueue_struct *wq = alloc_ordered_workqueue("test/ordered", 0);
	struct job blocks, j;

	init_job(&blocks, blocked_job);
	init_job(&j, note_job);
	queue_work(wq, &blocks.work);
	queue_work(wq, &j.work);	/* behind one that waits: it is certainly still queued */
	destroy_work_on_stack(&j.work);
	EXPECT_EQ(work_busy(&j.work), 0);
	complete(&blocks.go);
	destroy_workqueue(wq);
	EXPECT_EQ(job_runs(&j), 0);
	return NULL;
}

static void keep_preemption_off(struct work_struct *work)
{
	preempt_disable();
	note_job(work);
}

TEST(work_that_leaves_preemption_off_is_named, .warns = "keep_preemption_off returned with preemption disabled")
{
	struct job j;

	init_job(&j, keep_preemption_off);
	schedule_work(&j.work);
	flush_work(&j.work);
	EXPECT_EQ(job_runs(&j), 1);
	return NULL;
}

/* ---- memory ---- */

TEST(work_freed_while_queued_is_taken_off_and_explained, .warns = "is freed while a work in it (do_nothing) is queued")
{
	EXPECT_EQ(misuse_provoke("kfree-queued-work"), 0);
	return NULL;
}

TEST(work_initialised_again_while_queued_is_taken_off_and_explained,
     .warns = "is initialised again while it is queued")
{
	EXPECT_EQ(misuse_provoke("init-queued-work"), 0);
	return NULL;
}

static void free_it(struct work_struct *work)
{
	complete(&behind.begun);
	kfree(to_job(work));
}

TEST(work_that_frees_itself_and_one_freed_after_its_end_are_right)
{
	struct job *j = kmalloc(sizeof(*j), GFP_KERNEL);

	init_job(&behind, note_job);
	init_job(j, note_job);
	schedule_work(&j->work);
	flush_work(&j->work);
	init_job(j, free_it);
	schedule_work(&j->work);
	wait_for_completion(&behind.begun);
	j = kmalloc(sizeof(*j), GFP_KERNEL);
	init_job(j, note_job);
	schedule_work(&j->work);
	cancel_work_sync(&j->work);
	kfree(j);
	return NULL;
}

TEST(work_that_only_looks_queued_in_freed_memory_is_left_alone)
{
	struct { struct work_struct real, garbage; } *object = kmalloc(sizeof(*object), GFP_KERNEL);
	struct workqueue_struct *wq = alloc_workqueue("test/one", 0, 1);
	struct job blocks, waits;

	init_job(&blocks, blocked_job);
	init_job(&waits, note_job);
	queue_work_on(0, wq, &blocks.work);
	wait_for_completion(&blocks.begun);
	queue_work_on(0, wq, &waits.work);
	INIT_WORK(&object->real, note_job);
	object->garbage = waits.work;
	object->garbage.entry.prev = (void *)1;
	kfree(object);
	complete(&blocks.go);
	flush_work(&waits.work);
	EXPECT_EQ(job_runs(&waits), 1);
	destroy_workqueue(wq);
	return NULL;
}

/* Queued behind something that computes, then overwritten, as the stack of a function that returned would be. */
static void spin_until_told(struct work_struct *work)
{
	complete(&to_job(work)->begun);
	while (!completion_done(&to_job(work)->go))
		cpu_relax();
	note_job(work);
}

TEST(work_that_was_overwritten_while_queued_is_left_out_and_explained, .cpus = 2, .warns = "is overwritten now")
{
	struct workqueue_struct *wq = alloc_workqueue("test/ghost", 0, 0);
	static struct job spins, ghost, next;

	set_cpus_allowed_ptr(current, cpumask_of(1));
	init_job(&spins, spin_until_told);
	init_job(&ghost, note_job);
	init_job(&next, note_job);
	queue_work_on(0, wq, &spins.work);
	wait_for_completion(&spins.begun);
	queue_work_on(0, wq, &ghost.work);
	queue_work_on(0, wq, &next.work);
	memset(&ghost, 0, sizeof(ghost));
	complete(&spins.go);
	flush_workqueue(wq);
	EXPECT_EQ(job_runs(&spins), 1);
	EXPECT_EQ(job_runs(&ghost), 0);
	EXPECT_EQ(job_runs(&next), 1);
	destroy_workqueue(wq);
	return NULL;
}

/* ---- the same from the shell, for a teacher ---- */

TEST(misuse_flush_own_work_is_explained, .warns = "calls flush_work() on itself")
{
	EXPECT_EQ(misuse_provoke("flush-own-work"), 0);
	return NULL;
}

TEST(misuse_flush_own_queue_is_explained, .warns = "calls flush_workqueue() on \"misuse\"")
{
	EXPECT_EQ(misuse_provoke("flush-own-queue"), 0);
	return NULL;
}

TEST(misuse_destroy_own_queue_is_explained, .warns = "calls destroy_workqueue() on \"misuse\"")
{
	EXPECT_EQ(misuse_provoke("destroy-own-queue"), 0);
	return NULL;
}

TEST(misuse_flush_behind_me_is_explained, .warns = "which is behind it on \"misuse\"")
{
	EXPECT_EQ(misuse_provoke("flush-behind-me"), 0);
	return NULL;
}

TEST(misuse_queue_on_destroyed_is_explained, .warns = "is not a workqueue any more")
{
	EXPECT_EQ(misuse_provoke("queue-on-destroyed"), 0);
	return NULL;
}
