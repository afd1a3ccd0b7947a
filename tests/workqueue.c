/* SPDX-License-Identifier: MIT */
/* Workqueues: a work that is queued is done, once, in the order and by the worker that its queue promises. */
#include "workqueue.h"

#include <linux/cpumask.h>
#include <linux/fault-inject.h>
#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/string.h>

/* ---- queueing ---- */

TEST(queue_work_runs_it_once)
{
	struct job j;

	init_job(&j, note_job);
	EXPECT(schedule_work(&j.work));
	EXPECT(eventually(job_runs(&j) == 1));
	flush_work(&j.work);
	EXPECT_EQ(job_runs(&j), 1);
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
	}
	return NULL;
}

TEST(queue_work_of_a_pending_work_answers_false_and_runs_once)
{
	struct workqueue_struct *wq = alloc_ordered_workqueue("test/one", 0);
	struct job block, j;
	int i;

	init_job(&block, blocked_job);
	init_job(&j, note_job);
	queue_work(wq, &block.work);
	EXPECT(queue_work(wq, &j.work));
	EXPECT(work_busy(&j.work) == WORK_BUSY_PENDING);
	for (i = 0; i < 5; i++)
		EXPECT(!queue_work(wq, &j.work));
	complete(&block.go);
	flush_workqueue(wq);
	EXPECT_EQ(job_runs(&j), 1);
	destroy_workqueue(wq);
	return NULL;
}

TEST(queue_work_of_a_running_work_runs_it_again_afterwards)
{
	struct job j;

	init_job(&j, blocked_job);
	schedule_work(&j.work);
	wait_for_completion(&j.begun);
	EXPECT(schedule_work(&j.work));
	EXPECT_EQ(work_busy(&j.work), WORK_BUSY_PENDING | WORK_BUSY_RUNNING);
	complete(&j.go);
	complete(&j.go);
	flush_work(&j.work);
	EXPECT_EQ(job_runs(&j), 2);
	return NULL;
}

TEST(queue_work_elsewhere_of_a_running_work_goes_to_the_worker_that_runs_it, .cpus = 2)
{
	struct task_struct *first;
	struct job j;

	init_job(&j, blocked_job);
	schedule_work_on(0, &j.work);
	wait_for_completion(&j.begun);
	first = j.by;
	EXPECT(schedule_work_on(1, &j.work));
	complete(&j.go);
	complete(&j.go);
	flush_work(&j.work);
	EXPECT_EQ(job_runs(&j), 2);
	EXPECT(j.by == first);
	EXPECT_EQ(j.cpu, 0);
	return NULL;
}

static struct job from_timer;

static enum hrtimer_restart queue_in_interrupt(struct hrtimer *t)
{
	schedule_work(&from_timer.work);
	return HRTIMER_NORESTART;
}

TEST(queue_work_in_an_interrupt_works)
{
	struct hrtimer t;

	init_job(&from_timer, note_job);
	hrtimer_init(&t, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	t.function = queue_in_interrupt;
	hrtimer_start(&t, 100000, HRTIMER_MODE_REL);
	EXPECT(eventually(job_runs(&from_timer) == 1));
	hrtimer_cancel(&t);
	flush_work(&from_timer.work);
	return NULL;
}

/* ---- what a work may do to itself ---- */

static void queue_itself(struct work_struct *work)
{
	note_job(work);
	if (job_runs(to_job(work)) < 100)
		BLAME_UNLESS(schedule_work(work));
}

TEST(work_may_queue_itself)
{
	struct job j;

	init_job(&j, queue_itself);
	schedule_work(&j.work);
	EXPECT(eventually(job_runs(&j) == 100));
	flush_work(&j.work);
	EXPECT_EQ(job_runs(&j), 100);
	return NULL;
}

static atomic_t freed;

static void free_itself(struct work_struct *work)
{
	kfree(to_job(work));
	atomic_inc(&freed);
}

TEST(work_may_free_itself)
{
	int i;

	atomic_set(&freed, 0);
	for (i = 0; i < 50; i++) {
		struct job *j = kmalloc(sizeof(*j), GFP_KERNEL);

		EXPECT(j != NULL);
		init_job(j, free_itself);
		schedule_work(&j->work);
	}
	EXPECT(eventually(atomic_read(&freed) == 50));
	return NULL;
}

/* ---- ORDER(work-pending), and never twice at once ---- */

struct mail {
	struct job job;
	unsigned long written, read;
};
static struct mail mail;

static void read_mail(struct work_struct *work)
{
	note_job(work);
	mail.read = READ_ONCE(mail.written);
}

/* Each writer only ever looks at what it wrote itself: written before the call, read by the time of a flush. */
static const char *write_mail(struct crew *c, int who)
{
	u64 start = ktime_get_ns();
	unsigned long mine;
	int i;

	for (i = 0; i < test_rounds(300) && !test_took_long(start); i++) {
		mine = xadd(&mail.written, 1) + 1;
		/* A flush may miss what another CPU is just about to queue; not what we have queued ourselves. */
		if (!schedule_work(&mail.job.work) || i % 4)
			continue;
		flush_work(&mail.job.work);
		EXPECT_OP(READ_ONCE(mail.read), >=, mine);
	}
	return NULL;
}

TEST(work_pending_no_order_is_lost_and_none_runs_twice_at_once)
{
	struct crew c = { .fn = write_mail, .n = 4, .bound = true };

	mail = (struct mail){ .written = 0 };
	init_job(&mail.job, read_mail);
	TRY(crew_run(&c));
	flush_work(&mail.job.work);
	EXPECT_EQ(mail.read, mail.written);
	return NULL;
}

/* ---- order and max_active ---- */

static atomic_t order;

static void note_order(struct work_struct *work)
{
	to_job(work)->number = atomic_inc_return(&order);
	note_job(work);
	if (to_job(work)->number % 3 == 0)
		test_nap();
}

TEST(ordered_queue_does_its_works_in_the_order_of_queueing)
{
	struct workqueue_struct *wq = alloc_ordered_workqueue("test/%s", 0, "ordered");
	static struct job j[40];
	int i;

	EXPECT(wq != NULL);
	atomic_set(&order, 0);
	for (i = 0; i < ARRAY_SIZE(j); i++) {
		init_job(&j[i], note_order);
		EXPECT(queue_work_on(i % num_online_cpus(), wq, &j[i].work));
	}
	destroy_workqueue(wq);
	for (i = 0; i < ARRAY_SIZE(j); i++)
		EXPECT_EQ(j[i].number, i + 1);
	return NULL;
}

static int count_begun(struct job *j, int n)
{
	int i, begun = 0;

	for (i = 0; i < n; i++)
		begun += has_begun(&j[i]);
	return begun;
}

/* Queues n jobs that wait; `at_once` of them begin, no more. Then lets all of them go. */
static const char *expect_active(struct workqueue_struct *wq, int cpu, struct job *j, int n, int at_once)
{
	int i;

	for (i = 0; i < n; i++) {
		init_job(&j[i], blocked_job);
		queue_work_on(cpu, wq, &j[i].work);
	}
	EXPECT(eventually(count_begun(j, n) == at_once));
	schedule_timeout_uninterruptible(3);
	EXPECT_EQ(count_begun(j, n), at_once);
	EXPECT_EQ(workqueue_congested(cpu, wq), at_once < n);
	for (i = 0; i < n; i++)
		complete(&j[i].go);
	flush_workqueue(wq);
	for (i = 0; i < n; i++)
		EXPECT_EQ(job_runs(&j[i]), 1);
	return NULL;
}

TEST(max_active_is_the_most_that_begin_on_a_cpu)
{
	struct workqueue_struct *wq = alloc_workqueue("test/active", 0, 2);
	static struct job j[5];

	TRY(expect_active(wq, 0, j, 5, 2));
	workqueue_set_max_active(wq, 4);
	TRY(expect_active(wq, 0, j, 5, 4));
	destroy_workqueue(wq);
	return NULL;
}

TEST(max_active_of_an_unbound_queue_is_for_all_cpus_together)
{
	struct workqueue_struct *wq = alloc_workqueue("test/active", WQ_UNBOUND, 3);
	static struct job j[6];

	TRY(expect_active(wq, WORK_CPU_UNBOUND, j, 6, 3));
	destroy_workqueue(wq);
	return NULL;
}

TEST(max_active_raised_lets_waiting_works_begin)
{
	struct workqueue_struct *wq = alloc_workqueue("test/active", 0, 1);
	static struct job j[3];
	int i;

	for (i = 0; i < 3; i++) {
		init_job(&j[i], blocked_job);
		queue_work_on(0, wq, &j[i].work);
	}
	wait_for_completion(&j[0].begun);
	EXPECT(!has_begun(&j[1]));
	workqueue_set_max_active(wq, 3);
	EXPECT(eventually(count_begun(j + 1, 2) == 2));
	for (i = 0; i < 3; i++)
		complete(&j[i].go);
	destroy_workqueue(wq);
	return NULL;
}

TEST(max_active_of_zero_is_the_default_and_too_much_is_clamped, .says = "out of range, clamping between 1 and 512")
{
	struct workqueue_struct *wq = alloc_workqueue("test/zero", 0, 0);
	static struct job j[3];

	TRY(expect_active(wq, 0, j, 3, 3));
	destroy_workqueue(wq);
	wq = alloc_workqueue("test/much", 0, 100000);
	EXPECT(wq != NULL);
	destroy_workqueue(wq);
	return NULL;
}

/* ---- who does it ---- */

/* Runs one job there and looks at the name of its worker: beginning and end. */
static const char *expect_worker(struct workqueue_struct *wq, const char *begins, bool highpri)
{
	char name[64];
	struct job j;

	init_job(&j, blocked_job);
	queue_work_on(0, wq, &j.work);
	wait_for_completion(&j.begun);
	get_task_comm(name, j.by);
	if (strncmp(name, begins, strlen(begins)))
		return test_fail("%s does it, not %s...", name, begins);
	EXPECT_EQ(task_nice(j.by), highpri ? -20 : 0);
	EXPECT_EQ(name[strlen(name) - 1] == 'H', highpri && !strchr(name, 'u'));
	complete(&j.go);
	flush_work(&j.work);
	return NULL;
}

TEST(shared_queues_have_the_workers_that_linux_gives_them)
{
	char unbound[16];

	snprintf(unbound, sizeof(unbound), "kworker/u%u:", 2 * nr_cpu_ids);
	TRY(expect_worker(system_wq, "kworker/0:", false));
	TRY(expect_worker(system_highpri_wq, "kworker/0:", true));
	TRY(expect_worker(system_long_wq, "kworker/0:", false));
	TRY(expect_worker(system_unbound_wq, unbound, false));
	TRY(expect_worker(system_freezable_wq, "kworker/0:", false));
	TRY(expect_worker(system_power_efficient_wq, "kworker/0:", false));
	TRY(expect_worker(system_freezable_power_efficient_wq, "kworker/0:", false));
	return NULL;
}

TEST(queue_flags_choose_the_pool)
{
	struct workqueue_struct *wq = alloc_workqueue("test/high", WQ_UNBOUND | WQ_HIGHPRI, 0);
	char unbound[16];

	snprintf(unbound, sizeof(unbound), "kworker/u%u:", 2 * nr_cpu_ids + 1);
	TRY(expect_worker(wq, unbound, true));
	destroy_workqueue(wq);
	wq = alloc_workqueue("test/sysfs", WQ_SYSFS | WQ_CPU_INTENSIVE | WQ_FREEZABLE, 0);
	TRY(expect_worker(wq, "kworker/0:", false));
	destroy_workqueue(wq);
	return NULL;
}

/* The thread of that name, with a reference, or NULL. */
static struct task_struct *find_thread(const char *name)
{
	struct task_struct *p = NULL;
	char comm[TASK_COMM_LEN];

	while ((p = next_task_get(p)))
		if (strcmp(get_task_comm(comm, p), name) == 0)
			return p;
	return NULL;
}

TEST(old_forms_make_a_queue_with_a_rescuer_of_its_name)
{
	struct workqueue_struct *wq[3] = {
		create_workqueue("test/old"), create_singlethread_workqueue("test/old"),
		create_freezable_workqueue("test/old"),
	};
	static struct job j[3];
	struct task_struct *p;
	int i;

	for (i = 0; i < 3; i++) {
		EXPECT(wq[i] != NULL);
		TRY(expect_active(wq[i], 0, j, 3, 1));
		p = find_thread("test/old");
		EXPECT(p != NULL);
		put_task_struct(p);
		destroy_workqueue(wq[i]);
	}
	return NULL;
}

static void describe_itself(struct work_struct *work)
{
	set_worker_desc("busy with %d", 7);
	BLAME_UNLESS(current_work() == work);
	BLAME_UNLESS(!current_is_workqueue_rescuer());
	blocked_job(work);
}

static bool shows_in_ps(struct task_struct *worker, const char *end)
{
	char name[64];

	wq_worker_comm(name, sizeof(name), worker);
	return strlen(name) > strlen(end) && strcmp(name + strlen(name) - strlen(end), end) == 0;
}

TEST(worker_shows_in_ps_what_it_does_and_what_it_did)
{
	struct workqueue_struct *wq = alloc_workqueue("test/shown", 0, 0);
	char name[64], comm[TASK_COMM_LEN];
	struct job j;

	EXPECT(current_work() == NULL);
	init_job(&j, blocked_job);
	queue_work_on(0, wq, &j.work);
	wait_for_completion(&j.begun);
	wq_worker_comm(name, sizeof(name), j.by);
	get_task_comm(comm, j.by);
	EXPECT(strchr(comm, '+') == NULL && strchr(comm, '-') == NULL);
	EXPECT(strncmp(name, comm, strlen(comm)) == 0);
	EXPECT(strcmp(name + strlen(comm), "+test/shown") == 0);
	complete(&j.go);
	flush_work(&j.work);
	/* flush_work() returns when a work of its own runs on that worker: for a moment more it is busy. */
	EXPECT(eventually(shows_in_ps(j.by, "-test/shown")));

	init_job(&j, describe_itself);
	queue_work_on(0, wq, &j.work);
	wait_for_completion(&j.begun);
	wq_worker_comm(name, sizeof(name), j.by);
	EXPECT(strstr(name, "+busy with 7") != NULL);
	print_worker_info(KERN_INFO, j.by);
	EXPECT(test_log_has("Workqueue: test/shown describe_itself (busy with 7)"));
	complete(&j.go);
	destroy_workqueue(wq);
	return NULL;
}

TEST(show_all_workqueues_names_what_runs_and_what_waits, .says = "workqueue test/show: flags=0x0")
{
	struct workqueue_struct *wq = alloc_workqueue("test/show", 0, 1);
	static struct job j[12];
	int i;

	for (i = 0; i < ARRAY_SIZE(j); i++) {
		init_job(&j[i], i ? note_job : blocked_job);
		queue_work_on(0, wq, &j[i].work);
	}
	wait_for_completion(&j[0].begun);
	show_all_workqueues();
	complete(&j[0].go);
	destroy_workqueue(wq);
	EXPECT(test_log_has(":blocked_job"));
	EXPECT(test_log_has("inactive: note_job"));
	EXPECT(test_log_has("inactive: 11 in all"));
	EXPECT(test_log_has("pool 0: cpu 0 nice 0 workers="));
	return NULL;
}

/* ---- a work and a wait ---- */

static cpumask_t seen_on;

static void note_cpu(struct work_struct *work)
{
	cpumask_set_cpu(smp_processor_id(), &seen_on);
}

TEST(schedule_on_each_cpu_runs_it_on_each)
{
	cpumask_clear(&seen_on);
	EXPECT_EQ(schedule_on_each_cpu(note_cpu), 0);
	EXPECT(cpumask_equal(&seen_on, cpu_online_mask));
	return NULL;
}

static long times_two(void *arg)
{
	return 2 * (long)arg + 1000 * smp_processor_id();
}

TEST(work_on_cpu_gives_the_functions_answer)
{
	int cpu;

	for_each_online_cpu(cpu) {
		EXPECT_EQ(work_on_cpu(cpu, times_two, (void *)21), 42 + 1000 * cpu);
		EXPECT_EQ(work_on_cpu_safe(cpu, times_two, (void *)4), 8 + 1000 * cpu);
	}
	return NULL;
}

TEST(work_on_cpu_safe_of_a_cpu_that_is_not_up_gives_enodev)
{
	EXPECT_EQ(work_on_cpu_safe(nr_cpu_ids - 1 + !!cpu_online(nr_cpu_ids - 1), times_two, NULL), -ENODEV);
	return NULL;
}

struct in_context {
	struct execute_work ew;
	struct hrtimer t;
	struct task_struct *by;
	struct completion done;
	int ret;
};

static void note_context(struct work_struct *work)
{
	struct in_context *c = container_of(work, struct in_context, ew.work);

	might_sleep();
	c->by = current;
	complete(&c->done);
}

static enum hrtimer_restart execute_in_interrupt(struct hrtimer *t)
{
	struct in_context *c = container_of(t, struct in_context, t);

	c->ret = execute_in_process_context(note_context, &c->ew);
	return HRTIMER_NORESTART;
}

TEST(execute_in_process_context_runs_at_once_or_in_a_worker)
{
	static struct in_context c;

	init_completion(&c.done);
	EXPECT_EQ(execute_in_process_context(note_context, &c.ew), 0);
	wait_for_completion(&c.done);
	EXPECT(c.by == current);
	hrtimer_init(&c.t, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	c.t.function = execute_in_interrupt;
	hrtimer_start(&c.t, 100000, HRTIMER_MODE_REL);
	EXPECT(wait_for_completion_timeout(&c.done, TEST_PATIENCE * HZ) > 0);
	hrtimer_cancel(&c.t);
	EXPECT_EQ(c.ret, 1);
	EXPECT(c.by->flags & PF_WQ_WORKER);
	flush_work(&c.ew.work);
	return NULL;
}

/* ---- what goes wrong ---- */

/* Fails the 1st, 2nd, 3rd ... allocation, kthreadd's for the rescuer included, until there was none left to fail. */
static const char *fail_each_allocation(unsigned int flags, int at_least)
{
	int n, failures = 0;

	for (n = 1; n < 200; n++) {
		struct workqueue_struct *wq;
		bool struck;

		fail_nth_arm(n);
		wq = alloc_workqueue("test/fails", flags, 0);
		struck = fail_nth_disarm();
		EXPECT(!(wq && struck));
		failures += struck;
		if (wq) {
			destroy_workqueue(wq);
			break;
		}
	}
	EXPECT(n < 200);
	EXPECT_OP(failures, >=, at_least);
	return NULL;
}

TEST(alloc_workqueue_without_memory_gives_null_and_leaks_nothing)
{
	TRY(fail_each_allocation(0, 1 + nr_cpu_ids));
	TRY(fail_each_allocation(WQ_UNBOUND, 2));
	return fail_each_allocation(WQ_UNBOUND | WQ_MEM_RECLAIM, 5);
}

TEST(alloc_workqueue_1000_times_and_destroy_them)
{
	static struct workqueue_struct *wq[200];
	int i, round;

	for (round = 0; round < 5; round++) {
		for (i = 0; i < ARRAY_SIZE(wq); i++) {
			wq[i] = alloc_workqueue("test/many%d", i % 2 ? WQ_UNBOUND : 0, 0, i);
			EXPECT(wq[i] != NULL);
		}
		for (i = 0; i < ARRAY_SIZE(wq); i++)
			destroy_workqueue(wq[i]);
	}
	return NULL;
}

/* ---- cost ---- */

static void do_nothing(struct work_struct *work)
{
}

TEST(queue_work_and_flush_work_cost, .cost = true)
{
	static DECLARE_WORK(work, do_nothing);
	u64 start;
	int i;

	set_cpus_allowed_ptr(current, cpumask_of(0));
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

TEST(queue_work_of_10000_works_costs_each_as_much_as_of_100, .cost = true)
{
	static struct work_struct works[10000];
	struct workqueue_struct *wq = alloc_workqueue("test/many", 0, 0);
	u64 start, cost[2];
	int i, n;

	set_cpus_allowed_ptr(current, cpumask_of(0));
	for (i = 0; i < ARRAY_SIZE(works); i++)
		INIT_WORK(&works[i], do_nothing);
	for (n = 100; n <= ARRAY_SIZE(works); n *= 100) {
		start = ktime_get_ns();
		for (i = 0; i < n; i++)
			queue_work_on(0, wq, &works[i]);
		flush_workqueue(wq);
		cost[n > 100] = (ktime_get_ns() - start) / n;
	}
	test_note("a work of 100: %llu ns, of 10,000: %llu ns", cost[0], cost[1]);
	if (!test_real_time && !test_shaken)
		EXPECT_OP(cost[1], <=, cost[0] * 2);
	destroy_workqueue(wq);
	return NULL;
}
