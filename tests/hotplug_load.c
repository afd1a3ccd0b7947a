/* SPDX-License-Identifier: MIT */
/*
 * A hundred times off and on, while everything that a CPU can be busy with goes on: threads that run, sleep, wake one
 * another, are bound, made and stopped; timers of both kinds; calls from CPU to CPU; per-CPU threads with work.
 * Each load counts what it began and what came of it, so that a loss is seen. In virtual time it is all the same again.
 */
#include "test.h"

#include <linux/completion.h>
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/percpu.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/smpboot.h>
#include <linux/timer.h>

static u32 draw_cpu(u32 *random)
{
	return test_random(random) % num_present_cpus();
}

/* ---- the loads: each a thread function that goes on until it is stopped ---- */

static int load_run(void *data)
{
	while (!kthread_should_stop()) {
		test_spin_ns(20000);
		cpu_relax();	/* under icount others get a turn seldom from a CPU that never pauses */
	}
	return 0;
}

static int load_sleep(void *data)
{
	u32 random = test_seed((long)data);

	while (!kthread_should_stop()) {
		unsigned long start = jiffies;

		schedule_timeout_uninterruptible(1 + test_random(&random) % 3);
		BLAME_UNLESS(jiffies != start || kthread_should_stop());
		test_spin_ns(test_random(&random) % 10000);
	}
	return 0;
}

/* Goes from CPU to CPU; where it may be, it must be, as long as that CPU is there. */
static int load_bind(void *data)
{
	u32 random = test_seed((long)data);

	while (!kthread_should_stop()) {
		u32 cpu = draw_cpu(&random);

		if (set_cpus_allowed_ptr(current, cpumask_of(cpu)) == 0) {
			preempt_disable();
			BLAME_UNLESS(smp_processor_id() == cpu || !cpumask_equal(current->cpus_ptr, cpumask_of(cpu)));
			BLAME_UNLESS(cpu_online(smp_processor_id()));
			preempt_enable();
		}
		test_spin_ns(test_random(&random) % 10000);
		if (test_random(&random) % 4 == 0)
			schedule_timeout_interruptible(1);
	}
	return 0;
}

/* Two that wake each other: a lost wake-up stops both. */
static struct completion ball[2];
static atomic_t throws;

static int load_throw(void *data)
{
	long me = (long)data;

	while (!kthread_should_stop()) {
		if (!wait_for_completion_timeout(&ball[me], HZ))
			continue;
		atomic_inc(&throws);
		complete(&ball[!me]);
	}
	return 0;
}

static int child(void *data)
{
	atomic_inc(data);
	return 5;
}

static int load_create(void *data)
{
	u32 random = test_seed((long)data);
	atomic_t ran;

	while (!kthread_should_stop()) {
		u32 cpu = draw_cpu(&random);
		struct task_struct *p;

		atomic_set(&ran, 0);
		p = kthread_create(child, &ran, "test/child");
		if (IS_ERR(p))
			continue;
		if (test_random(&random) % 2)
			kthread_bind(p, cpu);
		get_task_struct(p);
		wake_up_process(p);
		if (test_random(&random) % 2)
			BLAME_UNLESS(eventually(atomic_read(&ran)));
		kthread_stop(p);
		put_task_struct(p);
		kfree(kmalloc(100 + test_random(&random) % 1000, GFP_KERNEL));
		schedule_timeout_interruptible(1);
	}
	return 0;
}

static void count_call(void *n)
{
	atomic_inc(n);
}

static int load_call(void *data)
{
	u32 random = test_seed((long)data);
	atomic_t calls = ATOMIC_INIT(0);
	int made = 0;

	while (!kthread_should_stop()) {
		int ret = smp_call_function_single(draw_cpu(&random), count_call, &calls, 1);

		BLAME_UNLESS(!ret || ret == -ENXIO);
		made += !ret;
		BLAME_UNLESS(atomic_read(&calls) == made);
		if (test_random(&random) % 16 == 0) {
			on_each_cpu(count_call, &calls, 1);
			atomic_set(&calls, made);
		}
		schedule_timeout_interruptible(test_random(&random) % 2);
	}
	return 0;
}

/* Caches that come and go: none must seem to have objects in use because a CPU took some with it. */
static int load_cache(void *data)
{
	u32 random = test_seed((long)data);
	void *p[8];

	while (!kthread_should_stop()) {
		struct kmem_cache *s = kmem_cache_create("test/cache", 200, 0, 0, NULL);

		if (!s)
			continue;
		for (int round = 0; round < 3; round++) {
			set_cpus_allowed_ptr(current, cpumask_of(draw_cpu(&random)));
			for (int i = 0; i < 8; i++)
				p[i] = kmem_cache_alloc(s, GFP_KERNEL);
			for (int i = 0; i < 8; i++)
				if (p[i])
					kmem_cache_free(s, p[i]);
		}
		kmem_cache_destroy(s);
		schedule_timeout_interruptible(1);
	}
	return 0;
}

static int (*const loads[])(void *) = {
	load_run, load_sleep, load_sleep, load_bind, load_bind, load_throw, load_throw, load_create, load_call,
	load_cache,
};

/* ---- the timers: each starts itself again, so one that is lost is silent from then on ---- */

static struct beat {
	struct timer_list timer;
	struct hrtimer hrtimer;
	atomic_t beats, hrbeats;
	bool stop;
} beats[8];

static void beat(struct timer_list *t)
{
	struct beat *b = from_timer(b, t, timer);

	atomic_inc(&b->beats);
	if (!READ_ONCE(b->stop))
		mod_timer(t, jiffies + 1);
}

static enum hrtimer_restart hrbeat(struct hrtimer *t)
{
	struct beat *b = container_of(t, struct beat, hrtimer);

	atomic_inc(&b->hrbeats);
	hrtimer_forward_now(t, ns_to_ktime(700000));
	return READ_ONCE(b->stop) ? HRTIMER_NORESTART : HRTIMER_RESTART;
}

static void start_beat(void *data)
{
	struct beat *b = data;

	mod_timer(&b->timer, jiffies + 1);
	hrtimer_start(&b->hrtimer, ns_to_ktime(700000), HRTIMER_MODE_REL_PINNED);
}

static void start_beats(void)
{
	for (int i = 0; i < ARRAY_SIZE(beats); i++) {
		struct beat *b = &beats[i];

		b->stop = false;
		atomic_set(&b->beats, 0);
		atomic_set(&b->hrbeats, 0);
		timer_setup(&b->timer, beat, i % 2 ? TIMER_PINNED : 0);
		hrtimer_init(&b->hrtimer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED);
		b->hrtimer.function = hrbeat;
		smp_call_function_single(i % num_online_cpus(), start_beat, b, 1);
	}
}

static const char *all_beat(void)
{
	for (int i = 0; i < ARRAY_SIZE(beats); i++) {
		int n = atomic_read(&beats[i].beats), hr = atomic_read(&beats[i].hrbeats);

		if (!eventually(atomic_read(&beats[i].beats) > n && atomic_read(&beats[i].hrbeats) > hr))
			return test_fail("timer %d is lost", i);
	}
	return NULL;
}

static void stop_beats(void)
{
	for (int i = 0; i < ARRAY_SIZE(beats); i++) {
		WRITE_ONCE(beats[i].stop, true);
		del_timer_sync(&beats[i].timer);
		hrtimer_cancel(&beats[i].hrtimer);
	}
}

/* ---- the whole ---- */

static struct task_struct *workers[32];

static void start_loads(void)
{
	init_completion(&ball[0]);
	init_completion(&ball[1]);
	complete(&ball[0]);
	atomic_set(&throws, 0);
	for (long i = 0; i < ARRAY_SIZE(loads); i++) {
		long which = loads[i] == load_throw ? i & 1 : i;	/* the two sides of the ball */

		workers[i] = test_start(-1, loads[i], (void *)which, "test/load");
	}
	start_beats();
}

static void stop_loads(void)
{
	stop_beats();
	for (int i = 0; i < ARRAY_SIZE(loads); i++)
		test_join(workers[i]);
}

static const char *turn(u32 *random)
{
	unsigned int cpu = 1 + test_random(random) % (num_present_cpus() - 1);
	bool up = !cpu_online(cpu);
	int ret = up ? add_cpu(cpu) : remove_cpu(cpu);

	if (ret)
		return test_fail("CPU %u does not go %s: %pe", cpu, up ? "on" : "off", ERR_PTR(ret));
	EXPECT(cpu_online(cpu) == up && cpu_active(cpu) == up);
	return NULL;
}

static const char *turns(int n)
{
	u32 random = test_seed(99);
	u64 start = ktime_get_ns();
	int i, before;

	for (i = 0; i < n; i++) {
		TRY(turn(&random));
		if (i % 10 == 0) {
			before = atomic_read(&throws);
			EXPECT(eventually(atomic_read(&throws) > before + 1));
			TRY(all_beat());
		}
		if (test_took_long(start))
			break;
	}
	test_note("%d times off or on", i);
	return NULL;
}

TEST(hotplug_load_100_times_off_and_on_while_everything_goes_on, .cpus = 2, .limit = 600)
{
	const char *why;
	unsigned int cpu;

	start_loads();
	why = turns(200);
	for_each_present_cpu(cpu)
		if (!cpu_online(cpu))
			add_cpu(cpu);
	if (!why)
		why = all_beat();
	stop_loads();
	EXPECT_EQ(num_online_cpus(), num_present_cpus());
	EXPECT(!test_log_has("are in use, so it stays"));
	return why;
}

/* Several at once: one change at a time, and each answer is true for a moment. */
static const char *on_and_off(struct crew *c, int who)
{
	u32 random = test_seed(who);

	for (int i = 0; i < test_rounds(20); i++) {
		unsigned int cpu = 1 + test_random(&random) % (num_present_cpus() - 1);
		int ret = test_random(&random) % 2 ? add_cpu(cpu) : remove_cpu(cpu);

		if (ret != 0 && ret != 1)
			return test_fail("CPU %u: %pe", cpu, ERR_PTR(ret));
	}
	return NULL;
}

TEST(hotplug_load_by_many_at_once_takes_turns, .cpus = 2)
{
	struct crew c = { .fn = on_and_off, .n = 4 };
	const char *why = crew_run(&c);
	unsigned int cpu;

	for_each_present_cpu(cpu)
		if (!cpu_online(cpu))
			EXPECT_EQ(add_cpu(cpu), 0);
	return why;
}
