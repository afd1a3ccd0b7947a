/* SPDX-License-Identifier: MIT */
/*
 * The watchdogs: a CPU that does not schedule, or takes no interrupts, is reported with its backtrace, and goes on.
 * Nobody else is.
 */
#include "../kernel/misuse.h"
#include "test.h"

#include <linux/cpumask.h>
#include <linux/irqflags.h>
#include <linux/nmi.h>
#include <linux/panic.h>
#include <linux/preempt.h>
#include <linux/smp.h>
#include <linux/stop_machine.h>
#include <linux/timekeeping.h>
#include <linux/tick.h>

#define WATCH_MS 40

/* That nobody is blamed is claimed where time is virtual: else a host that is busy could really stop a CPU so long. */

TEST(watchdog_soft_lockup_is_reported_with_thread_lock_and_place)
{
	unsigned int before = softlockups_told;

	EXPECT_EQ(misuse_provoke("soft-lockup"), 0);
	EXPECT_OP(softlockups_told, >, before);
	EXPECT(test_log_has("soft lockup - CPU "));
	EXPECT(test_log_has("thread misuse/busy ("));
	EXPECT(test_log_has("spinlock \"spin_a\""));
	EXPECT(test_log_has("cond_resched()"));
	EXPECT(test_log_has("loop_until_told+") && test_log_has("never_schedule+"));
	EXPECT(test_taint(TAINT_SOFTLOCKUP));
	return NULL;
}

/* What is a soft lockup for itself does not become one if the loop says that it knows. */
TEST(watchdog_touching_it_puts_a_soft_lockup_off)
{
	unsigned int before = softlockups_told;

	if (test_real_time)
		return NULL;
	watchdog_watch(WATCH_MS);
	preempt_disable();
	for (int i = 0; i < 4 * WATCH_MS; i++) {
		test_spin_ns(NSEC_PER_MSEC);
		touch_softlockup_watchdog();
	}
	preempt_enable();
	watchdog_watch(0);
	EXPECT(softlockups_told == before);
	return NULL;
}

/* The tick finds it with preemption off each time; but schedule() comes by, although there is nobody else to run. */
TEST(watchdog_a_thread_that_could_be_preempted_is_no_soft_lockup)
{
	unsigned int before = softlockups_told;

	if (test_real_time)
		return NULL;
	watchdog_watch(WATCH_MS);
	for (int i = 0; i < 4 * WATCH_MS; i++) {
		preempt_disable();
		test_spin_ns(3 * NSEC_PER_MSEC / 2);
		preempt_enable();
	}
	watchdog_watch(0);
	EXPECT(softlockups_told == before);
	return NULL;
}

TEST(watchdog_hard_lockup_is_reported_by_nmi_with_thread_lock_and_place, .cpus = 2)
{
	unsigned int before = hardlockups_told;

	EXPECT_EQ(misuse_provoke("hard-lockup"), 0);
	EXPECT_OP(hardlockups_told, >, before);
	EXPECT(test_log_has("hard lockup - CPU "));
	EXPECT(test_log_has("thread misuse/deaf ("));
	EXPECT(test_log_has("spinlock \"spin_a\""));
	EXPECT(test_log_has("RIP: "));
	EXPECT(test_log_has("take_no_interrupt+"));
	EXPECT(eventually(test_log_has("takes interrupts again")));
	return NULL;
}

/* All were idle, without a tick: who begins to run and at once takes no interrupt is found all the same. */
TEST(watchdog_an_idle_cpu_that_gets_busy_is_watched_at_once, .cpus = 2)
{
	for (int i = 0; i < 3; i++) {
		unsigned int before = hardlockups_told;

		schedule_timeout_uninterruptible(HZ / 2);
		EXPECT_EQ(misuse_provoke("hard-lockup"), 0);
		EXPECT_OP(hardlockups_told, >, before);
	}
	return NULL;
}

/* Idle for longer than the limit, without a tick: no lockup. Nor is one whose timer was put off while it was idle. */
TEST(watchdog_idle_cpus_are_no_lockups)
{
	unsigned int soft = softlockups_told, hard = hardlockups_told;

	if (test_real_time)
		return NULL;
	watchdog_watch(WATCH_MS);
	for (int i = 0; i < 10; i++) {
		schedule_timeout_uninterruptible(HZ / 10);
		test_spin_ns(WATCH_MS * NSEC_PER_MSEC / 5);
	}
	watchdog_watch(0);
	EXPECT(softlockups_told == soft && hardlockups_told == hard);
	return NULL;
}

static int stop_for_long(void *unused)
{
	for (int i = 0; i < 3 * WATCH_MS; i++) {
		test_spin_ns(NSEC_PER_MSEC);
		touch_nmi_watchdog();
	}
	return 0;
}

/* The others wait with interrupts off, and that is how it shall be. */
TEST(watchdog_stop_machine_is_no_lockup, .cpus = 2)
{
	unsigned int soft = softlockups_told, hard = hardlockups_told;

	if (test_real_time)
		return NULL;
	watchdog_watch(WATCH_MS);
	stop_machine(stop_for_long, NULL, NULL);
	watchdog_watch(0);
	EXPECT(softlockups_told == soft && hardlockups_told == hard);
	return NULL;
}

static void go_deaf(void *data)
{
	atomic_t *left = data;
	unsigned long flags;

	local_irq_save(flags);
	atomic_dec(left);
	while (atomic_read(left) > -1)
		cpu_relax();
	local_irq_restore(flags);
}

/* Also of those that have interrupts off; the lines of each stay together. */
TEST(watchdog_all_cpus_show_their_backtraces, .cpus = 2)
{
	atomic_t left = ATOMIC_INIT(num_online_cpus() - 1);
	char line[40];
	bool done;

	preempt_disable();
	smp_call_function(go_deaf, &left, 0);
	while (atomic_read(&left))
		cpu_relax();
	done = trigger_all_cpu_backtrace();
	for (int cpu = 0; cpu < num_online_cpus(); cpu++) {
		snprintf(line, sizeof(line), "backtrace for CPU %d", cpu);
		BLAME_UNLESS(test_log_has(line));
	}
	atomic_dec(&left);
	preempt_enable();
	EXPECT(done);
	EXPECT(test_log_has(", which asks"));
	EXPECT(test_log_has("go_deaf+") || test_log_has(": idle, at go_deaf+"));
	EXPECT(trigger_single_cpu_backtrace(num_online_cpus() - 1));
	EXPECT(trigger_allbutself_cpu_backtrace());
	return NULL;
}
