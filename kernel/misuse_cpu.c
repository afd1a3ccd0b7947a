/* SPDX-License-Identifier: MIT */
/*
 * The command `misuse`: keeping a CPU. The watchdogs' patience is cut short for it, from 10 s to a moment.
 *
 * Read next: watchdog.c.
 */
#define MISUSE_SUBJECT "keeping a CPU"
#include "misuse.h"
#include <linux/compiler.h>
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/nmi.h>
#include <linux/preempt.h>
#include <linux/spinlock.h>
#include <linux/timekeeping.h>
#include <asm/processor.h>

#define PATIENCE_MS	60
#define GIVE_UP_NS	(60 * NSEC_PER_SEC)

static DEFINE_SPINLOCK(spin_a);

/* Where CPUs take turns on one of the host, as under icount, a turn ends at a cpu_relax(): now and then. */
static noinline void loop_until_told(const unsigned int *told, unsigned int before)
{
	u64 start = ktime_get();

	while (READ_ONCE(*told) == before && ktime_get() - start < GIVE_UP_NS) {
		for (int i = 0; i < 100000; i++)
			barrier();
		cpu_relax();
	}
}

static int never_schedule(void)
{
	unsigned int before = READ_ONCE(softlockups_told);

	spin_lock(&spin_a);
	loop_until_told(&softlockups_told, before);
	spin_unlock(&spin_a);
	return 0;
}

static int soft_lockup(void)
{
	int err;

	watchdog_watch(PATIENCE_MS);
	err = misuse_run(never_schedule, "busy");
	watchdog_watch(0);
	return err;
}
MISUSE("soft-lockup", soft_lockup, "a loop of many seconds with a spinlock held");

static int take_no_interrupt(void)
{
	unsigned int before = READ_ONCE(hardlockups_told);
	unsigned long flags;

	spin_lock_irqsave(&spin_a, flags);
	loop_until_told(&hardlockups_told, before);
	spin_unlock_irqrestore(&spin_a, flags);
	return 0;
}

static int hard_lockup(void)
{
	int err;

	if (num_online_cpus() < 2)
		return -EOPNOTSUPP;	/* nobody would notice */
	watchdog_watch(PATIENCE_MS);
	err = misuse_run(take_no_interrupt, "deaf");
	watchdog_watch(0);
	return err;
}
MISUSE("hard-lockup", hard_lockup, "a loop of many seconds with interrupts off (needs two CPUs)");
