/* SPDX-License-Identifier: MIT */
/*
 * The command `workers`: the same jobs, given to a kthread_worker and to three kinds of workqueue.
 *
 * For each of them it tells who did which job, on which CPUs, how many were under way at once, in which order they
 * began and ended, and how long it all took. docs/workers.md shows a run, and says what to choose when.
 *
 * A job is queued from one CPU, all of them before the first can begin, so that a run under ICOUNT=1 is the same each
 * time. It notes what it can know itself (who am I, where, when); the rest is counted afterwards.
 *
 * Locking: the jobs' notes are the job's own until it is flushed; order and concurrency are atomic counters.
 * Read next: workqueue.c, kthread_worker.c.
 */
#include "shell.h"
#include <linux/atomic.h>
#include <linux/console.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#define NR_JOBS		8
#define JOB_MS		10
#define NR_COST		1000	/* empty jobs, to see what one costs */

struct job {
	struct work_struct	work;		/* for a workqueue */
	struct kthread_work	kwork;		/* for a kthread_worker */
	void			(*does)(void);
	int			number;
	/* Its notes. */
	int			begun_as, ended_as;
	cpumask_t		cpus;
	pid_t			pid;
	char			comm[TASK_COMM_LEN];
};

static struct job jobs[NR_JOBS];
static atomic_t begun, ended, under_way, most_under_way;

/* ---- what a job does ---- */

/* Under ICOUNT the CPUs take turns, and cpu_relax() ends one. */
static void compute(void)
{
	u64 end = ktime_get_ns() + JOB_MS * NSEC_PER_MSEC, sum = 0;

	while (ktime_get_ns() < end) {
		for (int i = 0; i < 4000; i++)
			WRITE_ONCE(sum, sum + i);
		cpu_relax();
	}
}

static void sleep(void)
{
	usleep_range(JOB_MS * USEC_PER_MSEC, JOB_MS * USEC_PER_MSEC);
}

static void note_most(int n)
{
	int most = atomic_read(&most_under_way);

	while (n > most && !atomic_try_cmpxchg(&most_under_way, &most, n))
		;
}

static void do_job(struct job *j)
{
	j->begun_as = atomic_fetch_inc(&begun);
	note_most(atomic_inc_return(&under_way));
	j->pid = current->pid;
	get_task_comm(j->comm, current);
	cpumask_set_cpu(smp_processor_id(), &j->cpus);
	j->does();
	cpumask_set_cpu(smp_processor_id(), &j->cpus);
	atomic_dec(&under_way);
	j->ended_as = atomic_fetch_inc(&ended);
}

static void do_work(struct work_struct *work)
{
	do_job(container_of(work, struct job, work));
}

static void do_kwork(struct kthread_work *kwork)
{
	do_job(container_of(kwork, struct job, kwork));
}

static void do_nothing(struct work_struct *work)
{
}

static void do_no_kwork(struct kthread_work *kwork)
{
}

/* ---- who does it ---- */

/* One of the four. Either wq or kworker while it is set up. */
struct team {
	const char		*name;
	bool			is_kworker;
	unsigned int		flags;		/* of the workqueue */
	int			max_active;
	struct workqueue_struct	*wq;
	struct kthread_worker	*kworker;
};

static struct team teams[] = {
	{ .name = "kthread_worker", .is_kworker = true },
	{ .name = "workqueue", .flags = 0 },
	{ .name = "unbound workqueue", .flags = WQ_UNBOUND },
	{ .name = "ordered workqueue", .flags = WQ_UNBOUND, .max_active = 1 },
};

static int set_up(struct team *t)
{
	if (t->is_kworker) {
		t->kworker = kthread_create_worker(0, "jobs");
		return PTR_ERR_OR_ZERO(t->kworker);
	}
	t->wq = alloc_workqueue("jobs", t->flags, t->max_active);
	return t->wq ? 0 : -ENOMEM;
}

static void take_down(struct team *t)
{
	if (t->is_kworker)
		kthread_destroy_worker(t->kworker);
	else
		destroy_workqueue(t->wq);
}

static void queue(struct team *t, struct job *j)
{
	if (t->is_kworker)
		kthread_queue_work(t->kworker, &j->kwork);
	else
		queue_work(t->wq, &j->work);
}

static void flush(struct team *t)
{
	if (t->is_kworker)
		kthread_flush_worker(t->kworker);
	else
		flush_workqueue(t->wq);
}

/* ---- what came of it ---- */

static int by_beginning(int n)
{
	for (int i = 0; i < NR_JOBS; i++)
		if (jobs[i].begun_as == n)
			return i;
	return 0;
}

static int by_end(int n)
{
	for (int i = 0; i < NR_JOBS; i++)
		if (jobs[i].ended_as == n)
			return i;
	return 0;
}

static void print_order(int (*nth)(int n))
{
	for (int n = 0; n < NR_JOBS; n++)
		console_printf("%d", nth(n));
	console_printf(" ");
}

/* Each thread once, where it did its first job. */
static void print_threads(void)
{
	for (int i = 0; i < NR_JOBS; i++) {
		struct job *first = &jobs[i];
		cpumask_t cpus = first->cpus;
		bool told = false;

		for (int k = 0; k < i; k++)
			told |= jobs[k].pid == first->pid;
		if (told)
			continue;
		console_printf("      %-14s jobs ", first->comm);
		for (int k = i; k < NR_JOBS; k++)
			if (jobs[k].pid == first->pid) {
				console_printf("%d", k);
				cpumask_or(&cpus, &cpus, &jobs[k].cpus);
			}
		console_printf("  CPU %*pbl\n", cpumask_pr_args(&cpus));
	}
}

static void print_result(struct team *t, u64 ns)
{
	console_printf("  %-18s %2d at once, begun ", t->name, atomic_read(&most_under_way));
	print_order(by_beginning);
	console_printf("ended ");
	print_order(by_end);
	console_printf("in %llu.%llu ms\n", ns / NSEC_PER_MSEC, ns / (NSEC_PER_MSEC / 10) % 10);
	print_threads();
}

/* ---- a run ---- */

static void init_jobs(void (*does)(void))
{
	for (int i = 0; i < NR_JOBS; i++) {
		jobs[i] = (struct job){ .does = does, .number = i };
		INIT_WORK(&jobs[i].work, do_work);
		kthread_init_work(&jobs[i].kwork, do_kwork);
	}
	atomic_set(&begun, 0);
	atomic_set(&ended, 0);
	atomic_set(&most_under_way, 0);
}

static int run_jobs(struct team *t, void (*does)(void))
{
	int err = set_up(t);
	u64 start;

	if (err)
		return err;
	init_jobs(does);
	start = ktime_get_ns();
	preempt_disable();
	for (int i = 0; i < NR_JOBS; i++)
		queue(t, &jobs[i]);
	preempt_enable();
	flush(t);
	print_result(t, ktime_get_ns() - start);
	take_down(t);
	return 0;
}

static void queue_and_wait(struct team *t, struct work_struct *work, struct kthread_work *kwork)
{
	if (t->is_kworker) {
		kthread_queue_work(t->kworker, kwork);
		kthread_flush_work(kwork);
	} else {
		queue_work(t->wq, work);
		flush_work(work);
	}
}

static int measure_cost(struct team *t)
{
	static struct work_struct work;
	static struct kthread_work kwork;
	int err = set_up(t), i;
	u64 start;

	if (err)
		return err;
	INIT_WORK(&work, do_nothing);
	kthread_init_work(&kwork, do_no_kwork);
	queue_and_wait(t, &work, &kwork);
	start = ktime_get_ns();
	for (i = 0; i < NR_COST; i++)
		queue_and_wait(t, &work, &kwork);
	console_printf("  %-18s %llu ns\n", t->name, (ktime_get_ns() - start) / NR_COST);
	take_down(t);
	return 0;
}

static int each_team(int (*run)(struct team *t, void (*does)(void)), void (*does)(void))
{
	for (struct team *t = teams; t < teams + ARRAY_SIZE(teams); t++) {
		int err = run(t, does);

		if (err) {
			console_printf("workers: no memory for a %s\n", t->name);
			return err;
		}
	}
	return 0;
}

static int run_cost(struct team *t, void (*does)(void))
{
	return measure_cost(t);
}

static int compare_all(void)
{
	int err;

	console_printf("%d jobs, each computes for %d ms:\n", NR_JOBS, JOB_MS);
	err = each_team(run_jobs, compute);
	if (err)
		return err;
	console_printf("%d jobs, each sleeps for %d ms:\n", NR_JOBS, JOB_MS);
	err = each_team(run_jobs, sleep);
	if (err)
		return err;
	console_printf("an empty job, queued and waited for:\n");
	return each_team(run_cost, NULL);
}

static int run_workers(int argc, char **argv)
{
	cpumask_t before;
	int err;

	if (argc > 1) {
		console_printf("workers: takes no arguments; `help workers` says what it does\n");
		return -EINVAL;
	}
	/* A bound workqueue works where its works are queued: let that be one place. */
	cpumask_copy(&before, current->cpus_ptr);
	set_cpus_allowed_ptr(current, cpumask_of(0));
	err = compare_all();
	set_cpus_allowed_ptr(current, &before);
	return err;
}
SHELL_COMMAND(workers, run_workers, "", "the same jobs for a worker and for workqueues",
	      "  Eight jobs that compute, eight that sleep, and what an empty one costs: given to a kthread_worker\n"
	      "  and to three kinds of workqueue. For each: how many jobs were under way at once, in which order they\n"
	      "  began and ended, how long it took, and which threads did which jobs, on which CPUs.\n"
	      "  docs/workers.md says more.\n"
	      "  Example: workers", .group = "demonstrations");
