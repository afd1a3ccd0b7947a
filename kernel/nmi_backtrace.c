/* SPDX-License-Identifier: MIT */
/*
 * What do all CPUs do just now? Each prints its own backtrace, in an NMI, for only there it can be sure of its stack.
 *
 * One after the other, so that the lines of one stay together; who does not answer in time is named and left out.
 * Read next: watchdog.c.
 */
#include <linux/nmi.h>
#include <linux/cpumask.h>
#include <linux/export.h>
#include <linux/panic.h>
#include <linux/preempt.h>
#include <linux/printk.h>
#include <linux/spinlock.h>
#include <linux/upcall.h>
#include <asm/nmi.h>
#include <asm/processor.h>
#include <asm/smp.h>
#include <asm/stacktrace.h>
#include <asm/msr.h>
#include <asm/tsc.h>

#define ANSWER_MS	10000	/* a virtual CPU may have to wait for a real one */

static DEFINE_RAW_SPINLOCK(asking);

static void show_here(struct pt_regs *regs)
{
	int cpu = raw_smp_processor_id();

	report_enter();
	if (regs && upcall_current_pid() == 0) {
		printk(KERN_DEFAULT "NMI backtrace for CPU %d: idle, at %pS\n", cpu, (void *)regs->ip);
	} else if (regs) {
		printk(KERN_DEFAULT "NMI backtrace for CPU %d\n", cpu);
		show_regs(regs);
	} else {
		printk(KERN_DEFAULT "backtrace for CPU %d, which asks\n", cpu);
		dump_stack();
	}
	report_exit();
}

static void ask(int cpu)
{
	u64 limit = rdtsc() + (u64)tsc_khz * ANSWER_MS;

	if (cpu == raw_smp_processor_id()) {
		show_here(NULL);
		return;
	}
	nmi_call(cpu, show_here);
	while (!nmi_call_done(cpu) && (s64)(rdtsc() - limit) < 0)
		cpu_relax();
	if (!nmi_call_done(cpu))
		printk(KERN_DEFAULT "CPU %d does not even answer an NMI\n", cpu);
}

bool trigger_cpumask_backtrace(const struct cpumask *mask)
{
	int cpu;

	if (!raw_spin_trylock(&asking))
		return false;
	for_each_cpu(cpu, mask)
		if (cpu_online(cpu))
			ask(cpu);
	raw_spin_unlock(&asking);
	return true;
}

bool trigger_all_cpu_backtrace(void)
{
	return trigger_cpumask_backtrace(cpu_online_mask);
}
EXPORT_SYMBOL_GPL(trigger_all_cpu_backtrace);

bool trigger_allbutself_cpu_backtrace(void)
{
	struct cpumask others;
	bool done;

	preempt_disable();
	cpumask_copy(&others, cpu_online_mask);
	cpumask_clear_cpu(raw_smp_processor_id(), &others);
	done = trigger_cpumask_backtrace(&others);
	preempt_enable();
	return done;
}

bool trigger_single_cpu_backtrace(int cpu)
{
	return trigger_cpumask_backtrace(cpumask_of(cpu));
}
