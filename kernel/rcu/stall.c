/* SPDX-License-Identifier: MIT */
/*
 * When a grace period does not end: which CPU is in the way, what runs there, and what may be wrong.
 *
 * Nothing that is freed by RCU comes back meanwhile, and everybody in synchronize_rcu() waits; so rcu_sched says so
 * after rcu_stall_jiffies (21 s, as in Linux), again and again. A CPU that takes interrupts shows its own backtrace; of
 * one that does not, only the thread's name is known.
 */
#include "rcu.h"
#include <linux/cpumask.h>
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/sched.h>
#include <linux/smp.h>

#define ANSWER_TICKS	(HZ / 10)

unsigned long rcu_stall_jiffies = 21 * HZ;
static atomic_t answered;

static int __init set_stall_timeout(char *arg)
{
	unsigned int seconds;

	if (!arg || kstrtouint(arg, 0, &seconds) || !seconds)
		return 0;
	rcu_stall_jiffies = seconds * HZ;
	return 1;
}
__setup("rcupdate.rcu_cpu_stall_timeout=", set_stall_timeout);

/* In an interrupt of the CPU that is in the way. */
static void show_here(void *unused)
{
	int depth = this_cpu_read(rcu_reader_depth), count = preempt_count() - HARDIRQ_OFFSET;

	if (depth > 0)
		pr_err("rcu: thread %s (%d) has been a reader all the time: rcu_read_lock() without rcu_read_unlock(), "
		       "or a loop in between that does not end\n", current->comm, current->pid);
	else if (count)
		pr_err("rcu: thread %s (%d) has preemption or bottom halves disabled (preempt_count %#x): it holds a "
		       "spinlock, or loops in a softirq or with preempt_disable()\n", current->comm, current->pid,
		       count);
	dump_stack();
	atomic_inc(&answered);
}

static DEFINE_PER_CPU(call_single_data_t, show_call) = CSD_INIT(show_here, NULL);

static void show_cpu(unsigned int cpu)
{
	struct task_struct *p;
	int before = atomic_read(&answered);

	rcu_read_lock();	/* whoever runs there may end meanwhile */
	p = READ_ONCE(per_cpu(current_task, cpu));
	pr_err("rcu: CPU %u, which runs %s (%d), is in the way\n", cpu, p->comm, p->pid);
	rcu_read_unlock();
	smp_call_function_single_async(cpu, &per_cpu(show_call, cpu));
	schedule_timeout_idle(ANSWER_TICKS);
	if (atomic_read(&answered) == before && READ_ONCE(per_cpu(rcu_quiet, cpu).wanted))
		pr_err("rcu: CPU %u takes no interrupts: local_irq_disable() or spin_lock_irqsave() without its end, "
		       "or a loop in between\n", cpu);
}

void rcu_report_stall(unsigned long since)
{
	unsigned int cpu;

	pr_err("rcu: INFO: rcu_sched detected stalls: the grace period has been going on for %u s, and memory that "
	       "waits for it is not freed\n", jiffies_to_msecs(jiffies - since) / 1000);
	for_each_possible_cpu(cpu)	/* one that goes offline may be in the way, too */
		if (READ_ONCE(per_cpu(rcu_quiet, cpu).wanted))
			show_cpu(cpu);
}
