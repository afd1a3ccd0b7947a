/* SPDX-License-Identifier: MIT */
/* Worker pools: how many workers run, come and go; rescuers, freezing, CPUs. */
#include "../kernel/workqueue/workqueue.h"
#include "workqueue.h"

#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/fault-inject.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/sched/task.h>
#include <linux/string.h>

/* How many threads there are whose names begin and end so. */
static int count_threads(const char *begins, bool highpri)
{
	struct task_struct *p = NULL;
	char comm[TASK_COMM_LEN];
	int n = 0;

	while ((p = next_task_get(p))) {
		get_task_comm(comm, p);
		n += strncmp(comm, begins, strlen(begins)) == 0 && (comm[strlen(comm) - 1] == 'H') == highpri;
	}
	return n;
}

static bool only_one_worker_left(const char *begins)
{
	workqueue_retire_idle();
	return count_threads(begins, false) == 1;
}

/* ---- one runs at a time ---- */

TEST(worker_that_sleeps_lets_the_next_work_of_its_cpu_run)
{
	struct job block, j;

	init_job(&block, blocked_job);
	init_job(&j, note_job);
	schedule_work_on(0, &block.work);
	schedule_work_on(0, &j.work);
	EXPECT(eventually(job_runs(&j) == 1));
	EXPECT_EQ(job_runs(&block), 0);
	EXPECT(block.by != j.by);
	complete(&block.go);
	flush_work(&block.work);
	EXPECT_EQ(job_runs(&block), 1);
	return NULL;
}

static struct job other;
static bool other_was_first;
static u64 spin_ns;

/* Computes, until the other work has run or for spin_ns. */
static void spin(struct work_struct *work)
{
	u64 end = ktime_get_ns() + spin_ns;

	to_job(work)->by = current;
	complete(&to_job(work)->begun);
	while (!job_runs(&other) && ktime_get_ns() < end) {
		test_spin_ns(10000);
		cpu_relax();	/* seldom: under icount each one costs the host a round of all CPUs */
	}
	other_was_first = job_runs(&other);
}

static const char *spin_beside(int cpu, struct workqueue_struct *wq, struct workqueue_struct *wq_of_other, u64 ns)
{
	struct job j;

	spin_ns = ns;
	init_job(&j, spin);
	init_job(&other, note_job);
	queue_work_on(cpu, wq, &j.work);
	wait_for_completion(&j.begun);
	queue_work_on(cpu, wq_of_other, &other.work);
	flush_work(&j.work);
	flush_work(&other.work);
	EXPECT_EQ(job_runs(&other), 1);
	return NULL;
}

TEST(worker_that_computes_holds_the_next_work_of_its_cpu_back)
{
	TRY(spin_beside(0, system_wq, system_wq, 50 * NSEC_PER_MSEC));
	EXPECT(!other_was_first);
	return NULL;
}

TEST(cpu_intensive_work_holds_nobody_back)
{
	struct workqueue_struct *wq = alloc_workqueue("test/intensive", WQ_CPU_INTENSIVE, 0);

	TRY(spin_beside(0, wq, system_wq, TEST_PATIENCE * NSEC_PER_SEC));
	EXPECT(other_was_first);
	destroy_workqueue(wq);
	return NULL;
}

TEST(highpri_pool_does_not_wait_for_the_normal_one)
{
	TRY(spin_beside(0, system_wq, system_highpri_wq, TEST_PATIENCE * NSEC_PER_SEC));
	EXPECT(other_was_first);
	return NULL;
}

TEST(unbound_work_holds_nobody_back, .cpus = 2)
{
	TRY(spin_beside(0, system_unbound_wq, system_unbound_wq, TEST_PATIENCE * NSEC_PER_SEC));
	EXPECT(other_was_first);
	return NULL;
}

TEST(works_that_do_not_sleep_are_done_by_one_worker)
{
	static struct job j[100];
	int i;

	EXPECT(eventually(only_one_worker_left("kworker/0:")));
	for (i = 0; i < ARRAY_SIZE(j); i++)
		init_job(&j[i], note_job);
	set_cpus_allowed_ptr(current, cpumask_of(0));
	preempt_disable();
	for (i = 0; i < ARRAY_SIZE(j); i++)
		schedule_work_on(0, &j[i].work);
	preempt_enable();
	for (i = 0; i < ARRAY_SIZE(j); i++)
		flush_work(&j[i].work);
	for (i = 1; i < ARRAY_SIZE(j); i++)
		EXPECT(j[i].by == j[0].by);
	EXPECT_OP(count_threads("kworker/0:", false), <=, 2);
	return NULL;
}

/* ---- workers come and go ---- */

#define NR_BLOCKED 10

static struct job blocked[NR_BLOCKED];

static void block_workers(int cpu)
{
	for (int i = 0; i < NR_BLOCKED; i++) {
		init_job(&blocked[i], blocked_job);
		schedule_work_on(cpu, &blocked[i].work);
	}
	for (int i = 0; i < NR_BLOCKED; i++)
		wait_for_completion(&blocked[i].begun);
}

static bool is_number_zero(struct task_struct *p)
{
	char comm[TASK_COMM_LEN];

	return strcmp(get_task_comm(comm, p), "kworker/0:0") == 0;
}

/* Worker number 0 last: it was there before; idle last, it is the one that stays, and memory is as it was. */
static void release_workers(void)
{
	for (int last = 0; last < 2; last++)
		for (int i = 0; i < NR_BLOCKED; i++)
			if (is_number_zero(blocked[i].by) == last) {
				complete(&blocked[i].go);
				flush_work(&blocked[i].work);
				test_nap();
			}
}

TEST(worker_is_made_for_each_that_sleeps_and_one_in_reserve)
{
	EXPECT(eventually(only_one_worker_left("kworker/0:")));
	block_workers(0);
	EXPECT(eventually(count_threads("kworker/0:", false) == NR_BLOCKED + 1));
	release_workers();
	EXPECT_EQ(count_threads("kworker/0:", false), NR_BLOCKED + 1);
	EXPECT(eventually(only_one_worker_left("kworker/0:")));
	return NULL;
}

TEST(idle_workers_are_retired_after_five_minutes_but_for_two, .limit = 3000)
{
	if (test_real_time)
		return NULL;
	/* The timer does not wake an idle CPU: be there. */
	set_cpus_allowed_ptr(current, cpumask_of(0));
	EXPECT(eventually(only_one_worker_left("kworker/0:")));
	block_workers(0);
	release_workers();
	/* Timers of that length come up to an eighth too late. */
	schedule_timeout_uninterruptible(250 * HZ);
	EXPECT_EQ(count_threads("kworker/0:", false), NR_BLOCKED + 1);
	schedule_timeout_uninterruptible(150 * HZ);
	EXPECT(eventually(count_threads("kworker/0:", false) == 2));
	schedule_timeout_uninterruptible(600 * HZ);
	EXPECT_EQ(count_threads("kworker/0:", false), 2);
	return NULL;
}

static void end_the_thread(struct work_struct *work)
{
	kthread_exit(0);
}

TEST(worker_that_dies_in_a_work_is_replaced_and_its_flusher_returns, .says = "dies in a work")
{
	struct job j[2];
	int i;

	EXPECT(eventually(only_one_worker_left("kworker/0:")));
	/* Not number 0, for the memory's sake: it is busy. */
	block_workers(0);
	for (i = 0; i < 2; i++)
		init_job(&j[i], i ? note_job : end_the_thread);
	schedule_work_on(0, &j[0].work);
	schedule_work_on(0, &j[1].work);
	flush_work(&j[0].work);
	flush_work(&j[1].work);
	EXPECT_EQ(job_runs(&j[1]), 1);
	release_workers();
	EXPECT(eventually(only_one_worker_left("kworker/0:")));
	return NULL;
}

/* ---- no worker can be made ---- */

static bool by_rescuer;

static void note_rescue(struct work_struct *work)
{
	by_rescuer = current_is_workqueue_rescuer();
	BLAME_UNLESS(current_work() == work);
	note_job(work);
}

/* A worker of CPU 0 that does nothing, with a reference. */
static struct task_struct *find_idle_worker(struct job *but)
{
	struct task_struct *p = NULL;
	char comm[TASK_COMM_LEN];

	while ((p = next_task_get(p))) {
		get_task_comm(comm, p);
		if (p != but->by && strncmp(comm, "kworker/0:", 10) == 0 && !strchr(comm, 'H'))
			return p;
	}
	return NULL;
}

static struct task_struct *starved;

/* One worker sleeps in a work, a second is left, and will have no memory to make a third: at its first attempt. */
static const char *leave_one_worker(struct job *block)
{
	EXPECT(eventually(only_one_worker_left("kworker/0:")));
	init_job(block, blocked_job);
	schedule_work_on(0, &block->work);
	wait_for_completion(&block->begun);
	EXPECT_EQ(count_threads("kworker/0:", false), 2);
	starved = find_idle_worker(block);
	starved->make_it_fail = true;
	failslab = (struct fault_attr)FAULT_ATTR_INITIALIZER;
	failslab.probability = 100;
	failslab.task_filter = true;
	fault_attr_switch(&failslab, true);
	return NULL;
}

static const char *end_the_shortage(void)
{
	fault_attr_switch(&failslab, false);
	EXPECT_EQ(atomic_read(&failslab.times), 0);
	failslab.task_filter = false;
	starved->make_it_fail = false;
	put_task_struct(starved);
	return NULL;
}

TEST(rescuer_does_the_works_of_its_queue_and_no_others)
{
	struct workqueue_struct *wq = alloc_workqueue("test/rescue", WQ_MEM_RECLAIM, 0);
	struct job block, normal, rescued;
	unsigned long start = jiffies;
	char comm[TASK_COMM_LEN];

	TRY(leave_one_worker(&block));
	init_job(&normal, note_job);
	init_job(&rescued, note_rescue);
	by_rescuer = false;
	schedule_work_on(0, &normal.work);
	queue_work_on(0, wq, &rescued.work);
	flush_work(&rescued.work);
	EXPECT_EQ(job_runs(&rescued), 1);
	EXPECT(by_rescuer);
	EXPECT_EQ(rescued.cpu, 0);
	EXPECT(strcmp(get_task_comm(comm, rescued.by), "test/rescue") == 0);
	EXPECT_EQ(task_nice(rescued.by), -20);
	/* The other one had to wait for the next attempt, a second later. */
	flush_work(&normal.work);
	EXPECT_OP(jiffies - start, >=, HZ);
	EXPECT(normal.by != rescued.by);
	TRY(end_the_shortage());
	complete(&block.go);
	flush_work(&block.work);
	destroy_workqueue(wq);
	return NULL;
}

static bool rescuer_stopped;

static int stop_rescuer(void *wq)
{
	rescuer_stop(wq);
	WRITE_ONCE(rescuer_stopped, true);
	return test_wait_for_stop();
}

TEST(rescuer_that_is_stopped_while_it_rescues_ends)
{
	struct workqueue_struct *wq = alloc_workqueue("test/rescue", WQ_MEM_RECLAIM, 0);
	struct job block, rescued;
	struct task_struct *p;

	TRY(leave_one_worker(&block));
	init_job(&rescued, blocked_job);
	queue_work_on(0, wq, &rescued.work);
	wait_for_completion(&rescued.begun);
	rescuer_stopped = false;
	p = test_start(-1, stop_rescuer, wq, "test/stop");
	EXPECT(eventually(test_asleep(p, TASK_UNINTERRUPTIBLE)));
	complete(&rescued.go);
	EXPECT(eventually(READ_ONCE(rescuer_stopped)));
	test_join(p);
	EXPECT_EQ(job_runs(&rescued), 1);
	TRY(end_the_shortage());
	complete(&block.go);
	flush_work(&block.work);
	destroy_workqueue(wq);
	return NULL;
}

TEST(worker_that_could_not_be_made_is_made_a_second_later)
{
	struct job block, j;

	TRY(leave_one_worker(&block));
	init_job(&j, note_job);
	schedule_work_on(0, &j.work);
	flush_work(&j.work);
	TRY(end_the_shortage());
	EXPECT_EQ(job_runs(&j), 1);
	complete(&block.go);
	flush_work(&block.work);
	return NULL;
}

/* ---- freezing ---- */

TEST(freezable_queue_finishes_what_is_active_and_begins_nothing)
{
	struct job active, later, unfrozen;

	init_job(&active, blocked_job);
	init_job(&later, note_job);
	init_job(&unfrozen, note_job);
	queue_work(system_freezable_wq, &active.work);
	wait_for_completion(&active.begun);
	freeze_workqueues_begin();
	EXPECT(freeze_workqueues_busy());
	queue_work(system_freezable_wq, &later.work);
	schedule_work(&unfrozen.work);
	flush_work(&unfrozen.work);
	complete(&active.go);
	flush_work(&active.work);
	EXPECT(eventually(!freeze_workqueues_busy()));
	schedule_timeout_uninterruptible(3);
	EXPECT_EQ(job_runs(&later), 0);
	thaw_workqueues();
	flush_work(&later.work);
	EXPECT_EQ(job_runs(&later), 1);
	return NULL;
}

TEST(freezable_queue_made_while_frozen_is_frozen)
{
	struct workqueue_struct *wq;
	struct job j;

	init_job(&j, note_job);
	freeze_workqueues_begin();
	wq = alloc_workqueue("test/frozen", WQ_FREEZABLE, 0);
	queue_work(wq, &j.work);
	schedule_timeout_uninterruptible(3);
	EXPECT_EQ(job_runs(&j), 0);
	thaw_workqueues();
	destroy_workqueue(wq);
	EXPECT_EQ(job_runs(&j), 1);
	return NULL;
}

/* ---- CPUs ---- */

/* As when a CPU goes, but it stays up: its pool must work without being bound, and be bound again afterwards. */
TEST(pool_of_a_cpu_that_goes_works_on_and_is_bound_again_when_it_comes_back, .cpus = 2)
{
	int cpu = num_online_cpus() - 1, round;
	struct job across, j;

	for (round = 0; round < test_rounds(10); round++) {
		init_job(&across, blocked_job);
		init_job(&j, note_job);
		schedule_work_on(cpu, &across.work);
		wait_for_completion(&across.begun);
		workqueue_offline_cpu(cpu);
		schedule_work_on(cpu, &j.work);
		flush_work(&j.work);
		EXPECT_EQ(job_runs(&j), 1);
		EXPECT(j.by->nr_cpus_allowed > 1);
		workqueue_online_cpu(cpu);
		complete(&across.go);
		flush_work(&across.work);
		schedule_work_on(cpu, &j.work);
		flush_work(&j.work);
		EXPECT_EQ(j.cpu, cpu);
		EXPECT_EQ(j.by->nr_cpus_allowed, 1);
		/* And concurrency is managed again, once the worker that was busy all the time has slept. */
		EXPECT(eventually(!spin_beside(cpu, system_wq, system_wq, 20 * NSEC_PER_MSEC) && !other_was_first));
	}
	return NULL;
}

#define NR_ROUND 6

/* Queues works for the CPU and waits for them. */
static const char *works_get_done(int cpu, struct workqueue_struct *wq, bool there)
{
	static struct job j[NR_ROUND];
	int i;

	for (i = 0; i < NR_ROUND; i++) {
		init_job(&j[i], i % 2 ? note_job : blocked_job);
		complete(&j[i].go);
		EXPECT(queue_work_on(cpu, wq, &j[i].work));
	}
	flush_workqueue(wq);
	for (i = 0; i < NR_ROUND; i++) {
		EXPECT_EQ(job_runs(&j[i]), 1);
		EXPECT(!there || j[i].cpu == cpu);
	}
	return NULL;
}

TEST(works_for_a_cpu_that_really_goes_and_comes_are_all_done, .cpus = 2)
{
	struct workqueue_struct *wq = alloc_workqueue("test/hotplug", 0, 0);
	int cpu = num_online_cpus() - 1, round;
	struct job across;

	for (round = 0; round < test_rounds(5); round++) {
		init_job(&across, blocked_job);
		queue_work_on(cpu, wq, &across.work);
		wait_for_completion(&across.begun);
		EXPECT_EQ(remove_cpu(cpu), 0);
		complete(&across.go);
		TRY(works_get_done(cpu, wq, false));
		EXPECT_EQ(add_cpu(cpu), 0);
		TRY(works_get_done(cpu, wq, true));
	}
	destroy_workqueue(wq);
	return NULL;
}

static bool stop_queueing;
static atomic_t queued, done;

static void count_done(struct work_struct *work)
{
	atomic_inc(&done);
}

static int queue_all_the_time(void *cpu)
{
	static DECLARE_WORK(work, count_done);

	while (!READ_ONCE(stop_queueing)) {
		if (schedule_work_on((long)cpu, &work))
			atomic_inc(&queued);
		test_nap();
	}
	flush_work(&work);
	return test_wait_for_stop();
}

TEST(works_queued_while_their_cpu_goes_and_comes_are_all_done, .cpus = 2)
{
	long cpu = num_online_cpus() - 1;
	struct task_struct *p;
	int round;

	stop_queueing = false;
	atomic_set(&queued, 0);
	atomic_set(&done, 0);
	p = test_start(0, queue_all_the_time, (void *)cpu, "test/queues");
	for (round = 0; round < test_rounds(5); round++) {
		EXPECT_EQ(remove_cpu(cpu), 0);
		schedule_timeout_uninterruptible(3);
		EXPECT_EQ(add_cpu(cpu), 0);
		schedule_timeout_uninterruptible(3);
	}
	WRITE_ONCE(stop_queueing, true);
	EXPECT(eventually(test_asleep(p, TASK_INTERRUPTIBLE)));
	test_join(p);
	EXPECT_OP(atomic_read(&done), >, 0);
	EXPECT_EQ(atomic_read(&queued), atomic_read(&done));
	return NULL;
}
