/* SPDX-License-Identifier: MIT */
/*
 * Hard lockups: a CPU that does not even take interrupts, found by its neighbour.
 *
 * Who loops with interrupts off cannot notice it himself, and PCs that can interrupt him by an NMI from a counter are
 * not what Bobbin runs on. So each CPU has a timer, twice in watchdog_thresh seconds, and looks at the next one online:
 *
 *	is it idle, or has it ticked since the last look?	all is well
 *	no:		look again soon, LOOKS times more, and each time let it answer an NMI
 *	no tick, and each NMI found interrupts off:		a lockup
 *
 * That there was no tick need not mean much: the CPU may just have ended its idleness; a virtual CPU may not have been
 * run by its host; or all of the machine was stopped, and the neighbour came back first. The answers by NMI show that
 * it does run, and was interrupted with interrupts off, each time; a single tick in between, or one answer with
 * interrupts on, and all was well. Only then it prints, itself, in an NMI, where it is. It is told once; when it ticks
 * again, it says so.
 *
 * Not found: a lockup of a machine with one CPU, of neighbours both, or in an interrupt on an idle CPU.
 *
 * Locking: none. The looks are the neighbour's own, in its timer's function; `masked` and `told` belong to who has made
 * the NMI call, until it is done: ORDER(nmi-call).
 * Rejected: timers that a busy CPU puts off on its idle neighbour, like a dead man's handle. No timer then when all are
 * idle, but an interrupt for the neighbour when one is not any more; and sending that, at the end of idleness, delays
 * the thread that is waited for.
 */
#include "watchdog.h"
#include <linux/cpuhotplug.h>
#include <linux/cpumask.h>
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/nmi.h>
#include <linux/panic.h>
#include <linux/percpu.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/tick.h>
#include <linux/time64.h>
#include <linux/timer.h>
#include <asm/nmi.h>
#include <asm/ptrace.h>
#include <asm/stacktrace.h>

#define LOOKS	3

/* A CPU, as who looks. */
struct buddy {
	struct timer_list	timer;
	unsigned int		cpu;		/* at whom it looks */
	unsigned long		beats;		/* how many it had */
	unsigned long		since;		/* jiffies when they were seen first */
	bool			near;		/* it is to be looked at soon */
};

/* A CPU, as who is looked at. */
struct answers {
	unsigned int		masked;		/* answers with interrupts off */
	unsigned long		since;		/* for the report: jiffies without a tick */
	bool			told;
};

static DEFINE_PER_CPU(struct buddy, buddy);
static DEFINE_PER_CPU(struct answers, answers);
unsigned int hardlockups_told;

/* ---- in its NMI ---- */

static void answer(struct pt_regs *regs)
{
	struct answers *a = this_cpu_ptr(&answers);

	a->masked = interrupts_enabled(regs) ? 0 : a->masked + 1;
}

static void report(struct pt_regs *regs)
{
	struct answers *a = this_cpu_ptr(&answers);

	report_enter();
	pr_emerg("------------[ hard lockup ]------------\n");
	pr_emerg("watchdog: BUG: hard lockup - CPU %d took no interrupt for %u ms: thread %s (%d) has them off\n",
		 smp_processor_id(), jiffies_to_msecs(jiffies - a->since), current->comm, current->pid);
	pr_emerg("What may keep it: %s\n", watchdog_reason());
	pr_emerg("Between local_irq_disable() or spin_lock_irqsave() and its counterpart, and in a handler, may be\n");
	pr_emerg("microseconds of work: no loop without an end, no waiting. The NMI finds it here:\n");
	show_regs(regs);
	pr_emerg("---[ end hard lockup ]---\n");
	report_exit();
	add_taint(TAINT_SOFTLOCKUP, LOCKDEP_STILL_OK);
	a->told = true;
	WRITE_ONCE(hardlockups_told, hardlockups_told + 1);
}

/* ---- the neighbour ---- */

static unsigned int next_cpu(unsigned int cpu)
{
	unsigned int next = cpumask_next(cpu, cpu_online_mask);

	return next < nr_cpu_ids ? next : cpumask_first(cpu_online_mask);
}

/* It was seen to be well. */
static void look_no_nearer(struct buddy *b, unsigned int cpu, unsigned long beats)
{
	struct answers *a = per_cpu_ptr(&answers, cpu);

	if (nmi_call_done(cpu) && a->told) {
		a->told = false;
		pr_warn("watchdog: CPU %u takes interrupts again\n", cpu);
	}
	b->cpu = cpu;
	b->beats = beats;
	b->since = jiffies;
	b->near = false;
}

static void look_near(struct buddy *b, unsigned int cpu)
{
	struct answers *a = per_cpu_ptr(&answers, cpu);

	if (!nmi_call_done(cpu)) {
		nmi_call(cpu, answer);	/* it does not even answer that; remind it */
	} else if (!b->near) {
		b->near = true;
		a->masked = 0;
	} else if (a->masked < LOOKS) {
		nmi_call(cpu, answer);
	} else if (!a->told) {
		a->since = b->since;
		nmi_call(cpu, report);
	}
}

static void look(struct buddy *b, unsigned int cpu)
{
	unsigned long beats = watchdog_beats(cpu);

	if (cpu != b->cpu || beats != b->beats || tick_nohz_tick_stopped_cpu(cpu))
		look_no_nearer(b, cpu, beats);
	else if (cpu != smp_processor_id())
		look_near(b, cpu);
}

static void timer_fires(struct timer_list *t)
{
	struct buddy *b = from_timer(b, t, timer);
	unsigned int ticks = READ_ONCE(watchdog_ticks);

	if (!ticks || b != this_cpu_ptr(&buddy))
		return;		/* switched off; or left over by a CPU that is offline */
	look(b, next_cpu(smp_processor_id()));
	mod_timer(t, jiffies + max(ticks / (b->near ? 8 : 2), 1U));
}

/* ---- on and off ---- */

static int start_looking(unsigned int cpu)
{
	struct buddy *b = this_cpu_ptr(&buddy);

	b->cpu = nr_cpu_ids;
	b->near = false;
	mod_timer(&b->timer, jiffies + 1);
	return 0;
}

static int stop_looking(unsigned int cpu)
{
	del_timer_sync(&this_cpu_ptr(&buddy)->timer);
	return 0;
}

static void start_here(void *unused)
{
	touch_softlockup_watchdog();
	start_looking(smp_processor_id());
}

void watchdog_watch(unsigned int ms)
{
	WRITE_ONCE(watchdog_ticks, ms ? DIV_ROUND_UP(ms * HZ, MSEC_PER_SEC) : watchdog_thresh * HZ);
	on_each_cpu(start_here, NULL, 1);
}

static int __init buddy_init(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		timer_setup(&per_cpu_ptr(&buddy, cpu)->timer, timer_fires, TIMER_PINNED);
	return min(cpuhp_setup_state(CPUHP_AP_ONLINE_DYN, "watchdog:online", start_looking, stop_looking), 0);
}
core_initcall(buddy_init);
