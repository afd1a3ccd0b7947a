/* SPDX-License-Identifier: MIT */
/*
 * CPUs go away and come back, and nothing is lost: threads, timers, calls, tasklets, memory.
 */
#include "test.h"

#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/timer.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

static unsigned int last_cpu(void)
{
	return cpumask_last(cpu_present_mask);
}

static const char *off(unsigned int cpu)
{
	int ret = remove_cpu(cpu);

	if (ret)
		return test_fail("CPU %u does not go offline: %pe", cpu, ERR_PTR(ret));
	EXPECT(!cpu_online(cpu) && !cpu_active(cpu) && !cpu_dying(cpu));
	return NULL;
}

static const char *on(unsigned int cpu)
{
	int ret = add_cpu(cpu);

	if (ret)
		return test_fail("CPU %u does not come online: %pe", cpu, ERR_PTR(ret));
	EXPECT(cpu_online(cpu) && cpu_active(cpu));
	return NULL;
}

/* ---- the CPU ---- */

static int where(void *data)
{
	WRITE_ONCE(*(int *)data, smp_processor_id());
	return test_wait_for_stop();
}

TEST(hotplug_each_cpu_but_0_goes_and_comes_back_and_runs_threads, .cpus = 2)
{
	unsigned int cpu, n = num_online_cpus();

	for_each_present_cpu(cpu) {
		struct task_struct *p;
		int ran_on = -1;

		if (!cpu)
			continue;
		TRY(off(cpu));
		EXPECT_EQ(num_online_cpus(), n - 1);
		TRY(on(cpu));
		EXPECT_EQ(num_online_cpus(), n);
		p = test_start(cpu, where, &ran_on, "test/where");
		EXPECT(eventually(READ_ONCE(ran_on) == (int)cpu));
		test_join(p);
	}
	return NULL;
}

TEST(hotplug_all_but_cpu_0_at_once, .cpus = 2)
{
	unsigned int cpu;

	for_each_present_cpu(cpu)
		if (cpu)
			TRY(off(cpu));
	EXPECT_EQ(num_online_cpus(), 1);
	EXPECT_EQ(remove_cpu(0), -EBUSY);
	for_each_present_cpu(cpu)
		if (cpu)
			TRY(on(cpu));
	return NULL;
}

TEST(hotplug_cpu_0_stays_and_the_log_says_why, .cpus = 2, .says = "it is the boot CPU")
{
	EXPECT_EQ(remove_cpu(0), -EBUSY);
	EXPECT_EQ(cpu_down(0), -EBUSY);
	EXPECT(!cpu_is_hotpluggable(0));
	EXPECT(cpu_is_hotpluggable(1));
	return NULL;
}

TEST(hotplug_answers_for_what_is_so_already_and_what_is_not_there, .cpus = 2)
{
	unsigned int cpu = last_cpu();

	EXPECT_EQ(add_cpu(cpu), 1);
	EXPECT_EQ(cpu_up(cpu), 0);
	EXPECT_EQ(add_cpu(cpu + 1), -EINVAL);
	EXPECT_EQ(remove_cpu(NR_CPUS + 1000), -EINVAL);
	TRY(off(cpu));
	EXPECT_EQ(remove_cpu(cpu), 1);
	EXPECT_EQ(cpu_down(cpu), 0);
	TRY(on(cpu));
	return NULL;
}

/* ---- threads ---- */

TEST(hotplug_a_thread_bound_to_it_is_set_free_with_a_message, .cpus = 2, .says = "no longer affine to cpu")
{
	unsigned int cpu = last_cpu();
	int ran_on = -1;
	struct task_struct *p = test_start(cpu, where, &ran_on, "test/bound");

	EXPECT(eventually(ran_on == (int)cpu && test_asleep(p, TASK_INTERRUPTIBLE)));
	TRY(off(cpu));
	/* It sleeps: it learns of it when it wakes. */
	wake_up_process(p);
	EXPECT(eventually(test_asleep(p, TASK_INTERRUPTIBLE) && task_cpu(p) != cpu));
	EXPECT(cpumask_equal(&p->cpus_mask, cpu_possible_mask));
	test_join(p);
	TRY(on(cpu));
	return NULL;
}

static int run_hard(void *data)
{
	long *rounds = data;

	while (!kthread_should_stop()) {
		WRITE_ONCE(*rounds, *rounds + 1);
		cpu_relax();
	}
	return 0;
}

TEST(hotplug_running_threads_are_moved_within_their_masks, .cpus = 4)
{
	unsigned int cpu = last_cpu();
	struct task_struct *p[6];
	long rounds[6] = { 0 };
	struct cpumask two;

	cpumask_copy(&two, cpumask_of(cpu));
	cpumask_set_cpu(1, &two);
	for (int i = 0; i < 6; i++) {
		p[i] = test_start(-1, run_hard, &rounds[i], "test/hog");
		set_cpus_allowed_ptr(p[i], cpumask_of(cpu));
		if (i < 3)
			set_cpus_allowed_ptr(p[i], &two);
	}
	TRY(off(cpu));
	for (int i = 0; i < 6; i++) {
		long before = READ_ONCE(rounds[i]);

		EXPECT(task_cpu(p[i]) != cpu);
		EXPECT(eventually(READ_ONCE(rounds[i]) > before));
		if (i < 3) {
			EXPECT_EQ(task_cpu(p[i]), 1);
			EXPECT(cpumask_equal(&p[i]->cpus_mask, &two));
		}
	}
	TRY(on(cpu));
	for (int i = 0; i < 6; i++)
		test_join(p[i]);
	return NULL;
}

static int remove_own(void *data)
{
	unsigned int cpu = smp_processor_id();
	int ret = remove_cpu(cpu);

	BLAME_UNLESS(smp_processor_id() != cpu);
	return ret;
}

TEST(hotplug_a_thread_may_take_away_the_cpu_it_runs_on, .cpus = 2)
{
	struct task_struct *p = test_start(last_cpu(), remove_own, NULL, "test/own");

	EXPECT(eventually(READ_ONCE(p->exit_state)));
	EXPECT_EQ(test_join(p), 0);
	EXPECT(!cpu_online(last_cpu()));
	TRY(on(last_cpu()));
	return NULL;
}

TEST(hotplug_a_thread_made_for_a_cpu_that_is_away_runs_elsewhere, .cpus = 2, .says = "no longer affine to cpu")
{
	unsigned int cpu = last_cpu();
	struct task_struct *p;
	int ran_on = -1;

	TRY(off(cpu));
	p = test_start(cpu, where, &ran_on, "test/early");
	EXPECT(eventually(READ_ONCE(ran_on) >= 0));
	EXPECT(ran_on != (int)cpu);
	test_join(p);
	EXPECT_EQ(set_cpus_allowed_ptr(current, cpumask_of(cpu)), -EINVAL);
	TRY(on(cpu));
	return NULL;
}

TEST(hotplug_a_parked_per_cpu_thread_of_a_cpu_that_is_away_can_be_stopped, .cpus = 2)
{
	unsigned int cpu = last_cpu();
	int ran_on = -1;
	struct task_struct *p = kthread_create_on_cpu(where, &ran_on, cpu, "test/percpu%u");

	kthread_set_per_cpu(p, cpu);
	get_task_struct(p);
	EXPECT_EQ(kthread_park(p), 0);
	TRY(off(cpu));
	EXPECT_EQ(test_join(p), 0);
	TRY(on(cpu));
	return NULL;
}

/* ---- timers ---- */

struct late {
	struct timer_list timer;
	struct hrtimer hrtimer;
	unsigned long due;
	ktime_t hrdue;
	atomic_t fired, early;
	int ran_on;
};

static struct late late[20];

static void timer_fires(struct timer_list *t)
{
	struct late *l = from_timer(l, t, timer);

	if (time_before(jiffies, l->due))
		atomic_inc(&l->early);
	l->ran_on = smp_processor_id();
	atomic_inc(&l->fired);
}

static enum hrtimer_restart hrtimer_fires(struct hrtimer *t)
{
	struct late *l = container_of(t, struct late, hrtimer);

	if (ktime_get() < l->hrdue)
		atomic_inc(&l->early);
	l->ran_on = smp_processor_id();
	atomic_inc(&l->fired);
	return HRTIMER_NORESTART;
}

/* On the CPU that will go: timers of both kinds, some tick ahead. */
static void start_timers(void *unused)
{
	for (int i = 0; i < ARRAY_SIZE(late); i++) {
		struct late *l = &late[i];

		l->due = jiffies + 2 + i;
		mod_timer(&l->timer, l->due);
		l->hrdue = ktime_get() + (u64)(2 + i) * TICK_NSEC;
		hrtimer_start(&l->hrtimer, l->hrdue, HRTIMER_MODE_ABS_PINNED);
	}
}

static void make_timers(void)
{
	memset(late, 0, sizeof(late));
	for (int i = 0; i < ARRAY_SIZE(late); i++) {
		timer_setup(&late[i].timer, timer_fires, i % 4 == 3 ? TIMER_DEFERRABLE : i % 4 == 2 ? TIMER_PINNED : 0);
		hrtimer_init(&late[i].hrtimer, i % 2 ? CLOCK_MONOTONIC : CLOCK_REALTIME, HRTIMER_MODE_ABS_PINNED);
		late[i].hrtimer.function = hrtimer_fires;
	}
}

TEST(hotplug_pending_timers_go_to_another_cpu_and_fire_not_early, .cpus = 2)
{
	unsigned int cpu = last_cpu();

	make_timers();
	for (int i = 0; i < ARRAY_SIZE(late); i++)
		hrtimer_init(&late[i].hrtimer, CLOCK_MONOTONIC, HRTIMER_MODE_ABS_PINNED),
		late[i].hrtimer.function = hrtimer_fires;
	EXPECT_EQ(smp_call_function_single(cpu, start_timers, NULL, 1), 0);
	TRY(off(cpu));
	for (int i = 0; i < ARRAY_SIZE(late); i++) {
		EXPECT(eventually(atomic_read(&late[i].fired) == 2));
		EXPECT_EQ(atomic_read(&late[i].early), 0);
	}
	TRY(on(cpu));
	for (int i = 0; i < ARRAY_SIZE(late); i++)
		EXPECT_EQ(atomic_read(&late[i].fired), 2);
	return NULL;
}

static void start_far_timers(void *unused)
{
	for (int i = 0; i < ARRAY_SIZE(late); i++) {
		mod_timer(&late[i].timer, jiffies + 1000 * HZ);
		hrtimer_start(&late[i].hrtimer, ktime_get_real() + 1000 * NSEC_PER_SEC, HRTIMER_MODE_ABS_PINNED);
	}
}

TEST(hotplug_timers_that_moved_can_be_deleted_and_started_again, .cpus = 2)
{
	unsigned int cpu = last_cpu();

	make_timers();
	EXPECT_EQ(smp_call_function_single(cpu, start_far_timers, NULL, 1), 0);
	TRY(off(cpu));
	for (int i = 0; i < ARRAY_SIZE(late); i++) {
		EXPECT(timer_pending(&late[i].timer));
		EXPECT(hrtimer_active(&late[i].hrtimer));
		EXPECT_EQ(del_timer_sync(&late[i].timer), 1);
		EXPECT_EQ(hrtimer_cancel(&late[i].hrtimer), 1);
	}
	/* Timers at rest that were last on a CPU which is away. */
	TRY(on(cpu));
	EXPECT_EQ(smp_call_function_single(cpu, start_far_timers, NULL, 1), 0);
	for (int i = 0; i < ARRAY_SIZE(late); i++) {
		EXPECT_EQ(del_timer_sync(&late[i].timer), 1);
		EXPECT_EQ(hrtimer_cancel(&late[i].hrtimer), 1);
	}
	TRY(off(cpu));
	for (int i = 0; i < ARRAY_SIZE(late); i++) {
		late[i].due = jiffies;
		EXPECT_EQ(mod_timer(&late[i].timer, jiffies), 0);
		EXPECT(eventually(atomic_read(&late[i].fired) == 1));
	}
	TRY(on(cpu));
	return NULL;
}

TEST(hotplug_add_timer_on_a_cpu_that_is_away_warns, .cpus = 2, .warns = "which is not online")
{
	unsigned int cpu = last_cpu();

	make_timers();
	TRY(off(cpu));
	late[0].timer.expires = jiffies + 1;
	add_timer_on(&late[0].timer, cpu);
	EXPECT(!timer_pending(&late[0].timer));
	TRY(on(cpu));
	return NULL;
}

static int sleep_there(void *data)
{
	for (int i = 0; !kthread_should_stop(); i++) {
		unsigned long start = jiffies;

		schedule_timeout_uninterruptible(1 + i % 3);
		BLAME_UNLESS(time_after_eq(jiffies, start + 1) || kthread_should_stop());
		atomic_inc(data);
	}
	return 0;
}

TEST(hotplug_sleepers_wake_in_time, .cpus = 2)
{
	unsigned int cpu = last_cpu();
	struct task_struct *p[8];
	atomic_t naps[8];

	for (int i = 0; i < 8; i++) {
		atomic_set(&naps[i], 0);
		p[i] = test_start(cpu, sleep_there, &naps[i], "test/sleep");
	}
	for (int round = 0; round < 3; round++) {
		TRY(off(cpu));
		for (int i = 0; i < 8; i++) {
			int before = atomic_read(&naps[i]);

			EXPECT(eventually(atomic_read(&naps[i]) > before + 1));
		}
		TRY(on(cpu));
	}
	for (int i = 0; i < 8; i++)
		test_join(p[i]);
	return NULL;
}

/* ---- calls, tasklets ---- */

static atomic_t called, made;
static bool calling;

static void count_call(void *info)
{
	atomic_inc(&called);
}

static int call_it(void *data)
{
	unsigned int cpu = last_cpu();
	call_single_data_t csd;

	INIT_CSD(&csd, count_call, NULL);
	for (int i = 0; !kthread_should_stop(); i++) {
		int ret;

		if (i % 3)
			ret = smp_call_function_single(cpu, count_call, NULL, i % 3 == 1);
		else
			ret = smp_call_function_single_async(cpu, &csd);
		BLAME_UNLESS(!ret || ret == -ENXIO || ret == -EBUSY);
		if (!ret)
			atomic_inc(&made);
		if (i % 64 == 0)
			schedule_timeout_uninterruptible(1);
	}
	/* The last one may still be queued; it is on our stack. */
	while (smp_load_acquire(&csd.flags))
		cpu_relax();
	return 0;
}

TEST(hotplug_calls_to_the_cpu_are_made_or_refused_never_lost, .cpus = 2)
{
	struct task_struct *p[3];

	atomic_set(&called, 0);
	atomic_set(&made, 0);
	for (int i = 0; i < 3; i++)
		p[i] = test_start(i % (num_online_cpus() - 1), call_it, NULL, "test/call");
	for (int i = 0; i < test_rounds(20); i++) {
		TRY(off(last_cpu()));
		test_spin_ns(i * 1000);
		TRY(on(last_cpu()));
		test_nap();
	}
	for (int i = 0; i < 3; i++)
		test_join(p[i]);
	EXPECT(eventually(atomic_read(&called) == atomic_read(&made)));
	EXPECT_OP(atomic_read(&made), >, 0);
	return NULL;
}

static void tasklet_runs(struct tasklet_struct *t)
{
	atomic_inc(&called);
	if (READ_ONCE(calling))
		tasklet_schedule(t);
}

static void schedule_it(void *t)
{
	tasklet_schedule(t);
}

TEST(hotplug_a_tasklet_that_schedules_itself_goes_on_elsewhere, .cpus = 2)
{
	static struct tasklet_struct t;
	int before;

	tasklet_setup(&t, tasklet_runs);
	WRITE_ONCE(calling, true);
	EXPECT_EQ(smp_call_function_single(last_cpu(), schedule_it, &t, 1), 0);
	TRY(off(last_cpu()));
	before = atomic_read(&called);
	EXPECT(eventually(atomic_read(&called) > before + 2));
	WRITE_ONCE(calling, false);
	tasklet_kill(&t);
	TRY(on(last_cpu()));
	return NULL;
}

/* ---- device interrupts: the PC's clock, 1024 times a second ---- */

enum { RTC_IRQ = 8, RTC_INDEX = 0x70, RTC_DATA = 0x71, RTC_B = 0x8b, RTC_C = 0x8c, RTC_PERIODIC = 0x40 };

static int rtc_cpu;

static u8 rtc_read(u8 reg)
{
	outb(reg, RTC_INDEX);
	return inb(RTC_DATA);
}

static void rtc_set_periodic(bool on)
{
	u8 b = rtc_read(RTC_B) & ~RTC_PERIODIC;

	outb(RTC_B, RTC_INDEX);
	outb(on ? b | RTC_PERIODIC : b, RTC_DATA);
	rtc_read(RTC_C);
}

static irqreturn_t rtc_interrupt(int irq, void *dev)
{
	rtc_read(RTC_C);		/* or there will be no other */
	WRITE_ONCE(rtc_cpu, smp_processor_id());
	atomic_inc(&called);
	return IRQ_HANDLED;
}

TEST(hotplug_device_interrupts_go_to_another_cpu_and_none_is_the_last, .cpus = 2)
{
	unsigned int cpu = last_cpu();
	int before;

	EXPECT_EQ(set_cpus_allowed_ptr(current, cpumask_of(cpu)), 0);
	EXPECT_EQ(request_irq(RTC_IRQ, rtc_interrupt, 0, "test/rtc", NULL), 0);
	atomic_set(&called, 0);
	rtc_set_periodic(true);
	EXPECT(eventually(atomic_read(&called) > 2));
	EXPECT_EQ(READ_ONCE(rtc_cpu), cpu);
	for (int i = 0; i < test_rounds(5); i++) {
		TRY(off(cpu));
		before = atomic_read(&called);
		EXPECT(eventually(atomic_read(&called) > before + 2));
		EXPECT(READ_ONCE(rtc_cpu) != (int)cpu);
		TRY(on(cpu));
	}
	rtc_set_periodic(false);
	free_irq(RTC_IRQ, NULL);
	set_cpus_allowed_ptr(current, cpu_possible_mask);
	return NULL;
}

/* ---- works ---- */

struct there {
	struct work_struct work;
	atomic_t done;
	int ran_on;
};

static void work_there(struct work_struct *w)
{
	struct there *t = container_of(w, struct there, work);

	t->ran_on = smp_processor_id();
	schedule_timeout_uninterruptible(1);
	atomic_inc(&t->done);
}

TEST(hotplug_works_queued_on_the_cpu_are_done_while_it_is_away, .cpus = 2)
{
	unsigned int cpu = last_cpu();
	static struct there t[8];
	int rounds = test_rounds(10);

	for (int i = 0; i < 8; i++) {
		INIT_WORK(&t[i].work, work_there);
		atomic_set(&t[i].done, 0);
	}
	for (int round = 0; round < rounds; round++) {
		for (int i = 0; i < 8; i++)
			EXPECT(queue_work_on(cpu, system_wq, &t[i].work));
		if (round % 2)
			TRY(on(cpu));
		else
			TRY(off(cpu));
		for (int i = 0; i < 8; i++) {
			flush_work(&t[i].work);
			EXPECT_EQ(atomic_read(&t[i].done), round + 1);
		}
	}
	add_cpu(cpu);
	queue_work_on(cpu, system_wq, &t[0].work);
	flush_work(&t[0].work);
	EXPECT_EQ(t[0].ran_on, cpu);
	return NULL;
}

/* ---- memory ---- */

static void fill_caches(void *unused)
{
	/* In an interrupt there: what is freed stays on that CPU's lists. */
	void *p[16];
	int i;

	for (i = 0; i < 16; i++)
		p[i] = kmalloc(64 << i % 4, GFP_ATOMIC);
	while (i--)
		kfree(p[i]);
	free_page(__get_free_page(GFP_ATOMIC));
}

TEST(hotplug_a_dead_cpus_free_memory_is_given_back, .cpus = 2)
{
	unsigned int cpu = last_cpu();
	long before = test_free_pages();
	bool given;

	EXPECT_EQ(smp_call_function_single(cpu, fill_caches, NULL, 1), 0);
	TRY(off(cpu));
	/* What the CPU kept is there to be used; and coming back costs nothing for good. */
	given = eventually(test_free_pages() >= before);
	TRY(on(cpu));
	EXPECT(given);
	EXPECT(eventually(test_free_pages() >= before));
	return NULL;
}
