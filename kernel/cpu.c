/* SPDX-License-Identifier: MIT */
/*
 * CPUs coming up.
 *
 * CPU 0 is there from the start; smp_init(), in PID 1, brings the others up one at a time. For each one it makes what
 * only a running thread can make: the idle thread the new CPU will be, and its two kernel threads (migration/N,
 * ksoftirqd/N), which wait on its queue. Then the machine floor starts it, and this CPU waits until the new one says
 * that it is online.
 *
 *	this CPU				the new CPU
 *	idle thread, per-CPU variables
 *	arch_cpu_up()		  -- INIT/SIPI --> start_secondary() ... secondary_start_kernel()
 *	wait until online	<-- ORDER(cpu-online)	timers, scheduler, online, interrupts on
 *	next CPU				idle loop
 *
 * A CPU that does not answer is reported and left out; its threads are never woken.
 * Read next: arch/x86/smpboot.c, sched/idle.c.
 */
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/hrtimer.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/percpu.h>
#include <linux/sched/init.h>
#include <linux/sched/task.h>
#include <linux/smp.h>
#include <linux/tick.h>
#include <linux/timer.h>
#include <linux/timekeeping.h>
#include <linux/upcall.h>
#include <linux/workqueue.h>
#include <asm/page.h>
#include <asm/pgtable.h>

#define ONLINE_LIMIT_NS	(5 * NSEC_PER_SEC)

/* ---- the threads that each CPU has ---- */

static int ksoftirqd_thread(void *arg)
{
	unsigned int cpu = (unsigned long)arg;

	while (!kthread_should_stop()) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (!ksoftirqd_should_run(cpu)) {
			schedule();
			continue;
		}
		__set_current_state(TASK_RUNNING);
		run_ksoftirqd(cpu);
		cond_resched();
	}
	__set_current_state(TASK_RUNNING);
	return 0;
}

static int make_cpu_threads(unsigned int cpu)
{
	struct task_struct *p;
	int err = stopper_create(cpu);

	if (err)
		return err;
	p = kthread_create_on_cpu(ksoftirqd_thread, (void *)(unsigned long)cpu, cpu, "ksoftirqd/%u");
	if (IS_ERR(p))
		return PTR_ERR(p);
	softirq_set_ksoftirqd(cpu, p, wake_up_process);
	return 0;
}

/* The CPU is up: its threads begin, and go to sleep where they wait for work. */
static void start_cpu_threads(unsigned int cpu)
{
	stopper_start(cpu);
	wake_up_process(per_cpu(ksoftirqd, cpu));
}

/* ---- bringing one up ---- */

static bool wait_until_online(unsigned int cpu)
{
	u64 limit = ktime_get_ns() + ONLINE_LIMIT_NS;

	/* ORDER(cpu-online): everything the new CPU has set up is visible once its bit is. */
	while (!cpu_online(cpu)) {
		if (ktime_get_ns() > limit)
			return false;
		cpu_relax();
	}
	smp_rmb();	/* ORDER(cpu-online) */
	return true;
}

static int cpu_up(unsigned int cpu)
{
	struct task_struct *idle = fork_idle(cpu);
	int err;

	if (IS_ERR(idle))
		return PTR_ERR(idle);
	err = make_cpu_threads(cpu);
	if (err)
		return err;
	per_cpu(current_task, cpu) = idle;
	per_cpu(__preempt_count, cpu) = INIT_PREEMPT_COUNT | PREEMPT_NEED_RESCHED;
	per_cpu(cpu_number, cpu) = cpu;
	err = arch_cpu_up(cpu, idle->stack + THREAD_SIZE - 16);
	if (err)
		return err;
	if (!wait_until_online(cpu))
		return -EIO;
	start_cpu_threads(cpu);
	workqueue_online_cpu(cpu);
	return workqueue_prepare_cpu(cpu);
}

/* The new CPU, in its idle thread, interrupts off. */
void __noreturn secondary_start_kernel(void)
{
	unsigned int cpu = smp_processor_id();

	timers_init_cpu();
	hrtimers_init_cpu();
	sched_cpu_online(cpu);
	tick_init_cpu();
	/* ORDER(cpu-online): set up first, then say so. */
	smp_wmb();
	set_cpu_active(cpu, true);
	set_cpu_online(cpu, true);
	paging_init_cpu();	/* also drops what the TLB kept while nobody told this CPU of changes */
	local_irq_enable();
	cpu_startup_entry();
}

void __init smp_init(void)
{
	unsigned int cpu;
	int err;

	err = make_cpu_threads(0);
	if (err)
		panic("no memory for the threads of CPU 0 (%pe)", ERR_PTR(err));
	start_cpu_threads(0);
	for_each_present_cpu(cpu) {
		if (cpu_online(cpu))
			continue;
		err = cpu_up(cpu);
		if (err)
			pr_err("CPU %u did not come up (%pe); going on without it\n", cpu, ERR_PTR(err));
	}
	pr_info("smp: %u CPU%s online\n", num_online_cpus(), num_online_cpus() == 1 ? "" : "s");
}
