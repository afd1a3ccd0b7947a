/* SPDX-License-Identifier: MIT */
/*
 * Soft lockups: a CPU that takes its interrupts, but has not scheduled for long.
 *
 * Whoever disables preemption, or holds a spinlock, has the CPU for himself; even the migration thread, which comes
 * before all others, waits. That should be a matter of microseconds. The CPU's own tick looks for it, so it costs a few
 * instructions a tick, no timer, no thread, and nothing at all on an idle CPU:
 *
 *	the tick finds ...				then the CPU
 *	preemptible code				could schedule: all is well
 *	another number of context switches		has scheduled since the last tick
 *	neither						is stuck for one tick more
 *	neither, half of the limit long			is asked to reschedule: if schedule() comes by and stays
 *							with the same thread, the mark is gone at the next tick
 *
 * Ticks are counted, not time: a virtual CPU that its host did not run, or a machine that was stopped by a debugger,
 * has had no ticks either. The limit is twice watchdog_thresh seconds of ticks; then the report comes, again when it
 * has lasted twice as long, and so on; nothing else is done.
 *
 * All variables are the CPU's own, with interrupts off.
 *
 * Read next: watchdog_buddy.c, for CPUs that do not even tick.
 */
#include "watchdog.h"
#include <linux/cpumask.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/nmi.h>
#include <linux/panic.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/time64.h>
#include "locking/held.h"

struct soft_watch {
	unsigned long	switches;	/* at the last tick */
	unsigned int	stuck;		/* ticks since it was seen to be well */
	unsigned int	tell_at;	/* ticks; 0: nothing told yet */
	bool		asked;		/* to reschedule */
};

static DEFINE_PER_CPU(struct soft_watch, soft_watch);
static DEFINE_PER_CPU(unsigned long, beats);

int watchdog_thresh = 10;
unsigned int watchdog_ticks = 10 * HZ;	/* the same in ticks; 0: off */
unsigned int softlockups_told;

static int __init set_thresh(char *arg)
{
	if (!arg || kstrtoint(arg, 0, &watchdog_thresh) || watchdog_thresh < 0 || watchdog_thresh > 3600)
		return 0;
	watchdog_ticks = watchdog_thresh * HZ;
	return 1;
}
__setup("watchdog_thresh=", set_thresh);

/* A lock first: softirqs that the tick finds may only have come on top of whoever holds it. */
const char *watchdog_reason(void)
{
	if (preempt_count() & PREEMPT_MASK)
		return spin_held_text();
	if (in_serving_softirq())
		return "runs a softirq: a timer's function, a tasklet or an RCU callback that does not end";
	if (softirq_count())
		return "has bottom halves disabled: local_bh_disable() or spin_lock_bh() without its end";
	return spin_held_text();
}

unsigned long watchdog_beats(unsigned int cpu)
{
	return READ_ONCE(per_cpu(beats, cpu));
}

static unsigned int ms_of(unsigned int ticks)
{
	return ticks * (MSEC_PER_SEC / HZ);
}

static void report(const struct soft_watch *w)
{
	softlockups_told++;
	report_enter();
	pr_emerg("------------[ soft lockup ]------------\n");
	pr_emerg("watchdog: BUG: soft lockup - CPU %d has not scheduled for %u ms: thread %s (%d) keeps it\n",
		 smp_processor_id(), ms_of(w->stuck), current->comm, current->pid);
	pr_emerg("It cannot be preempted (preempt_count %#x): %s\n", preempt_count() - (int)HARDIRQ_OFFSET,
		 watchdog_reason());
	pr_emerg("No other thread gets this CPU meanwhile. Unlock, or enable preemption, before work that takes\n");
	pr_emerg("long; do it in pieces, with cond_resched() in between. It is here:\n");
	dump_stack();
	pr_emerg("---[ end soft lockup ]---\n");
	report_exit();
	add_taint(TAINT_SOFTLOCKUP, LOCKDEP_STILL_OK);
}

static void is_well(struct soft_watch *w)
{
	if (unlikely(w->tell_at))
		pr_warn("watchdog: CPU %d schedules again, after %u ms\n", smp_processor_id(), ms_of(w->stuck));
	w->stuck = w->tell_at = 0;
	w->asked = false;
}

/* A mark that is gone was looked at, by schedule(). */
static bool has_obeyed(struct soft_watch *w)
{
	if (w->asked && !test_thread_flag(TIF_NEED_RESCHED))
		return true;
	w->asked = true;
	set_tsk_thread_flag(current, TIF_NEED_RESCHED);
	set_preempt_need_resched();
	return false;
}

static void count_tick(unsigned long switches)
{
	struct soft_watch *w = this_cpu_ptr(&soft_watch);
	unsigned int limit = 2 * READ_ONCE(watchdog_ticks);

	if (preempt_count() == HARDIRQ_OFFSET || w->switches != switches || is_idle_task(current)) {
		w->switches = switches;
		if (w->stuck)
			is_well(w);
		return;
	}
	if (++w->stuck < limit / 2 || !limit)
		return;
	if (has_obeyed(w)) {
		is_well(w);
		return;
	}
	if (w->stuck < max(limit, w->tell_at))
		return;
	report(w);
	w->tell_at = 2 * w->stuck;
}

void watchdog_tick(unsigned long switches)
{
	this_cpu_inc(beats);
	count_tick(switches);
}

void touch_softlockup_watchdog(void)
{
	raw_cpu_write(soft_watch.stuck, 0);
}
EXPORT_SYMBOL(touch_softlockup_watchdog);

void touch_nmi_watchdog(void)
{
	raw_cpu_inc(beats);
	touch_softlockup_watchdog();
}
EXPORT_SYMBOL(touch_nmi_watchdog);
