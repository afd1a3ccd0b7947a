// SPDX-License-Identifier: MIT
/*
 * How the kernel's costs grow with the number of threads and of CPUs. tools/scale (make scale) loads it with different
 * parameters into machines of different sizes, reads the lines "scale: what = number", and draws the curves.
 *
 *	threads=N	make N sleeping threads; they stay until rmmod, which stops them and looks for what is missing
 *	runnable=N	make N threads that run all the time, and compare what each of them got in `seconds`
 *
 * Times are readings of the time-stamp counter: under QEMU's -icount shift=0 they are instructions of all CPUs
 * together, counted from power-on. Memory is counted by free pages.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/timex.h>
#include <linux/vmalloc.h>
#include <linux/wait.h>

static int threads = 100;
module_param(threads, int, 0444);
static int runnable;
module_param(runnable, int, 0444);
static int seconds = 2;
module_param(seconds, int, 0444);

#define TRIPS 1000

static struct task_struct **sleepers;
static unsigned long free_before;

static void say(const char *what, u64 value)
{
	pr_info("scale: %s = %llu\n", what, value);
}

static int sleep_until_stopped(void)
{
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (kthread_should_stop())
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	return 0;
}

/* ---- many that sleep ---- */

static DECLARE_WAIT_QUEUE_HEAD(storm);
static DECLARE_COMPLETION(all_there);
static atomic_t awaited;
static int round;

/* Counts itself, waits for the storm, counts itself again, sleeps. */
static int sleeper(void *unused)
{
	if (atomic_dec_and_test(&awaited))
		complete(&all_there);
	wait_event_interruptible(storm, READ_ONCE(round) || kthread_should_stop());
	if (atomic_dec_and_test(&awaited))
		complete(&all_there);
	return sleep_until_stopped();
}

static void stop_all(int n)
{
	for (int i = 0; i < n; i++)
		kthread_stop(sleepers[i]);
}

static int create_all(int n)
{
	atomic_set(&awaited, n);
	for (int i = 0; i < n; i++) {
		sleepers[i] = kthread_run(sleeper, NULL, "scale/%d", i);
		if (IS_ERR(sleepers[i])) {
			int err = PTR_ERR(sleepers[i]);

			pr_err("scale: thread %d of %d could not be made: %d\n", i, n, err);
			stop_all(i);
			return err;
		}
	}
	wait_for_completion(&all_there);
	return 0;
}

/*
 * Side by side: under icount CPUs take turns on one thread of the host, and a turn lasts until the machine's next
 * timer. That is up to a tick; in it the first CPU to wake does what is there for all. So a timer makes turns short. It
 * is the first CPU's, with which QEMU begins a round; who wakes sits on the last one, with interrupts off for long.
 */
#define TURN_NS	(20 * NSEC_PER_USEC)

static struct hrtimer end_of_turn;

static enum hrtimer_restart next_turn(struct hrtimer *timer)
{
	hrtimer_forward_now(timer, TURN_NS);
	return HRTIMER_RESTART;
}

static void take_short_turns(void *unused)
{
	hrtimer_init(&end_of_turn, CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED);
	end_of_turn.function = next_turn;
	hrtimer_start(&end_of_turn, TURN_NS, HRTIMER_MODE_REL_PINNED);
}

static u64 wake_all_and_wait(int n)
{
	u64 start = get_cycles();

	atomic_set(&awaited, n);
	WRITE_ONCE(round, 1);
	wake_up_all(&storm);
	wait_for_completion(&all_there);
	return get_cycles() - start;
}

/* All are woken at once, and each has run when it is over. */
static u64 wake_up_storm(int n)
{
	u64 took;

	if (num_online_cpus() == 1)
		return wake_all_and_wait(n);
	set_cpus_allowed_ptr(current, cpumask_of(cpumask_last(cpu_online_mask)));
	smp_call_function_single(0, take_short_turns, NULL, true);
	took = wake_all_and_wait(n);
	hrtimer_cancel(&end_of_turn);
	set_cpus_allowed_ptr(current, cpu_possible_mask);
	return took;
}

static DECLARE_COMPLETION(ping);
static DECLARE_COMPLETION(pong);

static int answer(void *unused)
{
	for (int i = 0; i < TRIPS; i++) {
		wait_for_completion(&ping);
		complete(&pong);
	}
	return sleep_until_stopped();
}

/* Between two threads on one CPU, while all the others sleep. Not from the boot thread, which may run anywhere. */
static int measure_trips(void *unused)
{
	struct task_struct *p = kthread_create(answer, NULL, "scale/pong");
	u64 took;

	if (!IS_ERR(p)) {
		kthread_bind(p, 0);
		wake_up_process(p);
		took = get_cycles();
		for (int i = 0; i < TRIPS; i++) {
			complete(&ping);
			wait_for_completion(&pong);
		}
		say("round trip", (get_cycles() - took) / TRIPS);
		kthread_stop(p);
	}
	complete(&all_there);
	sleep_until_stopped();
	return PTR_ERR_OR_ZERO(p);
}

static int round_trips(void)
{
	struct task_struct *p = kthread_create(measure_trips, NULL, "scale/ping");

	if (IS_ERR(p))
		return PTR_ERR(p);
	kthread_bind(p, 0);
	wake_up_process(p);
	wait_for_completion(&all_there);
	return kthread_stop(p);
}

static int many_sleepers(int n)
{
	u64 start;
	int err;

	rcu_barrier();
	free_before = nr_free_pages();
	start = get_cycles();
	err = create_all(n);
	if (err)
		return err;
	say("create", (get_cycles() - start) / n);
	say("bytes", (free_before - nr_free_pages()) * PAGE_SIZE / n);
	say("storm", wake_up_storm(n) / n);
	err = round_trips();
	if (err)
		stop_all(n);
	return err;
}

/* ---- many that run ---- */

static bool enough;

/* No cpu_relax(): under icount each one would end this CPU's turn. */
static int runner(void *unused)
{
	while (!READ_ONCE(enough))
		;
	return sleep_until_stopped();
}

static u64 runtime(struct task_struct *p)
{
	return READ_ONCE(p->se.sum_exec_runtime);	/* as of the last tick or switch */
}

static void compare_shares(int n, u64 *got)
{
	u64 least = U64_MAX, most = 0, sum = 0;

	for (int i = 0; i < n; i++)
		got[i] = runtime(sleepers[i]);
	ssleep(seconds);
	for (int i = 0; i < n; i++) {
		got[i] = runtime(sleepers[i]) - got[i];
		least = min(least, got[i]);
		most = max(most, got[i]);
		sum += got[i];
	}
	say("least us", least / 1000);
	say("mean us", sum / n / 1000);
	say("most us", most / 1000);
}

/* All are made before the first one runs: kthreadd is a fair thread and wants a CPU, too. */
static int many_runners(int n)
{
	u64 *got = vmalloc(n * sizeof(*got));

	if (!got)
		return -ENOMEM;
	for (int i = 0; i < n; i++) {
		sleepers[i] = kthread_create(runner, NULL, "scale/%d", i);
		if (IS_ERR(sleepers[i])) {
			int err = PTR_ERR(sleepers[i]);

			stop_all(i);
			vfree(got);
			return err;
		}
	}
	sched_set_fifo(current);		/* who measures gets his turn */
	for (int i = 0; i < n; i++)
		wake_up_process(sleepers[i]);
	ssleep(seconds);	/* until they are spread, and what they owed from the start is paid back */
	compare_shares(n, got);
	WRITE_ONCE(enough, true);
	sched_set_normal(current, 0);
	stop_all(n);
	vfree(got);
	return 0;
}

/* ---- in and out ---- */

static int __init scale_init(void)
{
	int err;

	say("booted", get_cycles());
	say("cpus", num_online_cpus());
	sleepers = vmalloc(max(threads, runnable) * sizeof(*sleepers));
	if (!sleepers)
		return -ENOMEM;
	err = runnable ? many_runners(runnable) : many_sleepers(threads);
	if (err)
		vfree(sleepers);
	say("ready", get_cycles());
	return err;
}

/*
 * Free stacks and structs are kept for the next threads, so that pages are missing afterwards says nothing. That more
 * are missing after a second time as many threads does.
 */
static void stop_and_compare(void)
{
	u64 start = get_cycles();
	unsigned long once;

	stop_all(threads);
	say("stop", (get_cycles() - start) / threads);
	rcu_barrier();
	once = nr_free_pages();
	WRITE_ONCE(round, 0);
	if (create_all(threads))
		return;
	wake_up_storm(threads);
	stop_all(threads);
	rcu_barrier();
	say("pages leaked", max_t(long, once - nr_free_pages(), 0));
}

static void __exit scale_exit(void)
{
	say("leaving", get_cycles());
	if (!runnable)
		stop_and_compare();
	vfree(sleepers);
}

module_init(scale_init);
module_exit(scale_exit);
MODULE_DESCRIPTION("costs against threads and CPUs");
MODULE_LICENSE("GPL");
