/* SPDX-License-Identifier: MIT */
/*
 * Small programs to look at: each makes one kind of thing happen, a known number of times, and nothing else.
 *
 * `scenario NAME [ROUNDS]` in the shell runs one; `make trace SCENARIO=NAME` traces it with the events that belong to
 * it, and makes files and pictures of that (tools/trace-run reads the table at the end of this page).
 *
 * Every thread of a scenario has a number, does its rounds, and waits to be stopped. Start is when all are there, so
 * that the beginning is the same each time.
 *
 * Locking: one scenario at a time, by scenario_lock; what it needs is in struct scene.
 * Read next: command.c.
 */
#include "../shell.h"
#include <linux/completion.h>
#include <linux/console.h>
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/hrtimer.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/kthread.h>
#include <linux/mutex.h>
#include <linux/sched/task.h>
#include <linux/string.h>
#include <linux/timer.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#define THREADS_MAX	64

/* What the running scenario's threads share. */
static struct scene {
	unsigned int		rounds, threads;
	void			(*act)(unsigned int me);
	struct task_struct	*task[THREADS_MAX];
	atomic_t		done;
	bool			go;
	wait_queue_head_t	start;
	struct completion	all_done;

	struct completion	ball[2];	/* pingpong */
	struct mutex		mutex;		/* locks */
	wait_queue_head_t	herd;		/* storm */
	unsigned int		call;
	atomic_t		answers;
} scene;

static DEFINE_MUTEX(scenario_lock);

/* ---- threads */

static int act_and_wait(void *number)
{
	wait_event(scene.start, READ_ONCE(scene.go));
	scene.act((unsigned long)number);
	if (atomic_inc_return(&scene.done) == scene.threads)
		complete(&scene.all_done);
	set_current_state(TASK_INTERRUPTIBLE);
	while (!kthread_should_stop()) {
		schedule();
		set_current_state(TASK_INTERRUPTIBLE);
	}
	__set_current_state(TASK_RUNNING);
	return 0;
}

/* n threads called name/0, name/1 ..., number i on CPU i if `bound` and there is one. */
static int perform(const char *name, unsigned int n, bool bound, void (*act)(unsigned int me))
{
	unsigned int i;
	int err = 0;

	n = min_t(unsigned int, n, THREADS_MAX);
	scene.act = act;
	for (i = 0; i < n && !err; i++) {
		scene.task[i] = kthread_create(act_and_wait, (void *)(unsigned long)i, "%s/%u", name, i);
		err = PTR_ERR_OR_ZERO(scene.task[i]);
		if (err)
			break;
		if (bound)
			kthread_bind(scene.task[i], i % num_online_cpus());
	}
	scene.threads = i;
	for (i = 0; i < scene.threads; i++)
		wake_up_process(scene.task[i]);
	WRITE_ONCE(scene.go, true);
	wake_up_all(&scene.start);
	if (scene.threads)
		wait_for_completion(&scene.all_done);
	for (i = 0; i < scene.threads; i++)
		kthread_stop(scene.task[i]);
	return err;
}

static void spin_us(unsigned int us)
{
	u64 end = ktime_get_ns() + us * 1000ull;

	while (ktime_get_ns() < end)
		cpu_relax();
}

/* ---- the scenarios */

static void play(unsigned int me)
{
	for (unsigned int i = 0; i < scene.rounds; i++) {
		if (me == 0)
			complete(&scene.ball[0]);
		wait_for_completion(&scene.ball[!me]);
		if (me == 1)
			complete(&scene.ball[1]);
	}
}

static int run_pingpong(void)
{
	return perform("player", 2, true, play);
}

static void work_item(struct work_struct *work)
{
	spin_us(20);
}

static void worker_item(struct kthread_work *work)
{
	spin_us(20);
}

static int run_workers(void)
{
	struct kthread_worker *worker = kthread_create_worker(0, "a_worker");
	struct kthread_work own;
	struct work_struct bound, unbound;

	if (IS_ERR(worker))
		return PTR_ERR(worker);
	kthread_init_work(&own, worker_item);
	INIT_WORK_ONSTACK(&bound, work_item);
	INIT_WORK_ONSTACK(&unbound, work_item);
	for (unsigned int i = 0; i < scene.rounds; i++) {
		kthread_queue_work(worker, &own);
		schedule_work_on(i % num_online_cpus(), &bound);
		queue_work(system_unbound_wq, &unbound);
		kthread_flush_work(&own);
		flush_work(&bound);
		flush_work(&unbound);
	}
	destroy_work_on_stack(&bound);
	destroy_work_on_stack(&unbound);
	kthread_destroy_worker(worker);
	return 0;
}

static void take_turns(unsigned int me)
{
	for (unsigned int i = 0; i < scene.rounds; i++) {
		mutex_lock(&scene.mutex);
		if (i % 4 == me % 4)
			usleep_range(50, 60);	/* now and then the owner sleeps, and spinning for him ends */
		else
			spin_us(10);
		mutex_unlock(&scene.mutex);
		spin_us(5);
	}
}

static int run_locks(void)
{
	return perform("locker", 4, false, take_turns);
}

/* Thread 0 calls, all others answer. */
static void call_and_answer(unsigned int me)
{
	for (unsigned int i = 1; i <= scene.rounds; i++) {
		if (me) {
			wait_event(scene.herd, READ_ONCE(scene.call) >= i);
			atomic_inc(&scene.answers);
			wake_up(&scene.start);
			continue;
		}
		WRITE_ONCE(scene.call, i);
		wake_up_all(&scene.herd);
		wait_event(scene.start, atomic_read(&scene.answers) == i * (scene.threads - 1));
	}
}

static int run_storm(void)
{
	return perform("herd", 17, false, call_and_answer);
}

static void timer_item(struct timer_list *timer)
{
}

static enum hrtimer_restart hrtimer_item(struct hrtimer *timer)
{
	hrtimer_forward_now(timer, 500 * NSEC_PER_USEC);
	return HRTIMER_RESTART;
}

static int run_timers(void)
{
	struct timer_list timer;
	struct hrtimer hrtimer;

	timer_setup_on_stack(&timer, timer_item, 0);
	hrtimer_init_on_stack(&hrtimer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	hrtimer.function = hrtimer_item;
	hrtimer_start(&hrtimer, 500 * NSEC_PER_USEC, HRTIMER_MODE_REL);
	for (unsigned int i = 0; i < scene.rounds && !shell_interrupted(); i++) {
		mod_timer(&timer, jiffies + 1 + i % 3);
		usleep_range(1000, 1100);
	}
	hrtimer_cancel(&hrtimer);
	del_timer_sync(&timer);
	destroy_hrtimer_on_stack(&hrtimer);
	destroy_timer_on_stack(&timer);
	return 0;
}

static int run_hotplug(void)
{
	unsigned int cpu = num_online_cpus() - 1;
	int err = cpu ? 0 : -ENODEV;

	for (unsigned int i = 0; i < scene.rounds && !err; i++)
		err = remove_cpu(cpu) ?: add_cpu(cpu);
	return err;
}

static int short_life(void *unused)
{
	spin_us(20);
	set_current_state(TASK_INTERRUPTIBLE);
	if (!kthread_should_stop())
		schedule();
	__set_current_state(TASK_RUNNING);
	return 0;
}

static int run_birth(void)
{
	struct task_struct *p;

	for (unsigned int i = 0; i < scene.rounds; i++) {
		p = kthread_create(short_life, NULL, "child/%u", i);
		if (IS_ERR(p))
			return PTR_ERR(p);
		get_task_struct(p);
		wake_up_process(p);
		usleep_range(100, 120);
		kthread_stop(p);
		put_task_struct(p);
	}
	return 0;
}

static void compute(unsigned int me)
{
	for (unsigned int i = 0; i < scene.rounds; i++)
		spin_us(1000);
}

static int run_crowd(void)
{
	return perform("busy", 2 * num_online_cpus() + 1, false, compute);
}

/* ---- the table: name, rounds, events, run, what it shows */

static const struct scenario {
	const char	*name;
	unsigned int	rounds;
	const char	*events;
	int		(*run)(void);
	const char	*summary;
} scenarios[] = {
	{ "pingpong", 200, "sched", run_pingpong, "two threads wake each other, by completions" },
	{ "workers", 20, "sched,workqueue", run_workers, "works for a kthread_worker and for workqueues" },
	{ "locks", 20, "sched,lock", run_locks, "four threads and a mutex, whose owner sleeps now and then" },
	{ "storm", 20, "sched", run_storm, "one thread wakes sixteen at once, and waits for their answers" },
	{ "timers", 20, "sched,timer,softirq_*,irq_vectors", run_timers, "a timer and a periodic hrtimer" },
	{ "hotplug", 1, "sched,cpuhp", run_hotplug, "the last CPU goes, and comes back" },
	{ "birth", 20, "sched", run_birth, "threads are made, run, and stopped" },
	{ "crowd", 20, "sched", run_crowd, "twice as many busy threads as CPUs, and one more" },
};

static void prepare(const struct scenario *s, unsigned int rounds)
{
	scene = (struct scene){ .rounds = rounds };
	init_waitqueue_head(&scene.start);
	init_waitqueue_head(&scene.herd);
	init_completion(&scene.all_done);
	init_completion(&scene.ball[0]);
	init_completion(&scene.ball[1]);
	mutex_init(&scene.mutex);
}

static int list_scenarios(void)
{
	for (int i = 0; i < ARRAY_SIZE(scenarios); i++)
		console_printf("%-10s %s\n", scenarios[i].name, scenarios[i].summary);
	return 0;
}

static int run_scenario(int argc, char **argv)
{
	const struct scenario *s = NULL;
	unsigned int rounds = 0;
	int err;

	if (argc == 1)
		return list_scenarios();
	for (int i = 0; i < ARRAY_SIZE(scenarios); i++)
		if (!strcmp(argv[1], scenarios[i].name))
			s = &scenarios[i];
	if (!s || argc > 3 || (argc == 3 && (kstrtouint(argv[2], 10, &rounds) || !rounds))) {
		console_printf("scenario: right would be: scenario NAME [ROUNDS]; scenario alone lists the names\n");
		return -EINVAL;
	}
	mutex_lock(&scenario_lock);
	prepare(s, rounds ?: s->rounds);
	err = s->run();
	mutex_unlock(&scenario_lock);
	if (err)
		console_printf("scenario %s: could not be played (%pe)\n", s->name, ERR_PTR(err));
	return err;
}

static void complete_scenario(int argc, char **argv, void (*offer)(const char *word))
{
	for (int i = 0; argc == 2 && i < ARRAY_SIZE(scenarios); i++)
		offer(scenarios[i].name);
}

SHELL_COMMAND(scenario, run_scenario, "[NAME [ROUNDS]]", "small programs to look at by trace",
	      "  Each makes one kind of thing happen: threads that wake each other, contended locks, timers ...\n"
	      "  Without a name: their list. On the host, make trace SCENARIO=NAME makes files and pictures of one.\n"
	      "  Example: trace on; scenario pingpong 3; trace off; trace show", .group = "demonstrations",
	      .complete = complete_scenario);
