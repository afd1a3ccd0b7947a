/* SPDX-License-Identifier: MIT */
/*
 * CPUs coming up and going away.
 *
 * CPU 0 is there from the start; smp_init(), in PID 1, brings the others up one at a time. Later add_cpu() and
 * remove_cpu() do the same for one. What has to be done on the way is a list of steps, cpuhp.c; here is what starts a
 * CPU and what stops it.
 *
 *	the CPU that asks			the CPU that comes up
 *	steps until BRINGUP_CPU: its threads
 *	idle thread, per-CPU variables
 *	arch_cpu_up()		  -- INIT/SIPI --> start_secondary() ... secondary_start_kernel()
 *	sleeps until `alive`				timers, scheduler; steps until AP_ONLINE
 *				<-----------------	ORDER(cpu-online): online, interrupts on, `alive`
 *	lets migration/N and cpuhp/N go			idle loop
 *	sleeps until `done`				cpuhp/N: steps until ONLINE. From here on threads come
 *
 *	the CPU that asks			the CPU that goes away
 *	sleeps until `done`				cpuhp/N: steps back to AP_ONLINE: threads are pushed
 *							away, per-CPU threads park
 *	parks cpuhp/N
 *	stop_machine()		---- all stop ----	migration/N: take_cpu_down(): offline; steps back to
 *							AP_OFFLINE: whatever came meanwhile goes; parks
 *	sleeps until `dead`	<-----------------	idle thread: offline? says `dead`, halts for ever
 *	steps back to OFFLINE: its timers,
 *	tasklets and memory are taken over
 *
 * Why the whole machine stops for a moment: so that preempt_disable() is enough to count on a CPU. Whoever is between
 * "is it online?" and "send it an interrupt", or in the middle of waking a thread there, has come to an end before; and
 * whoever looks afterwards finds it offline.
 *
 * A halted CPU is started again as at first, by INIT and SIPI. Its idle thread is used again, its per-CPU threads lie
 * parked. CPU 0 stays: INIT sends the PC's boot CPU to the firmware, not into waiting.
 *
 * A CPU that does not answer is reported and left out; its threads are never woken, and end.
 *
 * Locking: cpus_lock below. Readers may nest, so they do not wait for a writer who waits for them.
 * Read next: cpuhp.c, arch/x86/smpboot.c, sched/hotplug.c, sched/idle.c.
 */
#include <linux/cpu.h>
#include <linux/bug.h>
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/kthread.h>
#include <linux/percpu.h>
#include <linux/rcutree.h>
#include <linux/sched/init.h>
#include <linux/sched/task.h>
#include <linux/smp.h>
#include <linux/smpboot.h>
#include <linux/stop_machine.h>
#include <linux/tick.h>
#include <linux/timer.h>
#include <linux/upcall.h>
#include <linux/wait.h>
#include <asm/page.h>
#include <asm/pgtable.h>
#include "cpuhp.h"

#define ALIVE_LIMIT	(10 * HZ)

/* ---- who counts on the set of CPUs, and who changes it ---- */

static struct {
	spinlock_t		lock;
	unsigned int		readers;	/* lock */
	struct task_struct	*writer;	/* lock; a look by the writer itself needs none */
	wait_queue_head_t	wait;
} cpus_lock = {
	.lock = __SPIN_LOCK_UNLOCKED(cpus_lock.lock),
	.wait = __WAIT_QUEUE_HEAD_INITIALIZER(cpus_lock.wait),
};

static int hotplug_disabled;		/* cpus_write_lock() */

/* In a change, as the one who asked for it or in a callback: then the set is in its own hands. */
static bool is_changing(void)
{
	return READ_ONCE(cpus_lock.writer) && (cpus_lock.writer == current || cpuhp_is_changing());
}

int cpus_read_trylock(void)
{
	bool ok;

	spin_lock(&cpus_lock.lock);
	ok = !cpus_lock.writer;
	cpus_lock.readers += ok;
	spin_unlock(&cpus_lock.lock);
	return ok;
}
EXPORT_SYMBOL(cpus_read_trylock);

void cpus_read_lock(void)
{
	might_sleep();
	if (WARN_ONCE(is_changing(), "cpus_read_lock() in a hotplug callback would wait for itself: the set of CPUs is "
		      "held there anyway; use the _cpuslocked forms\n"))
		return;
	wait_event(cpus_lock.wait, cpus_read_trylock());
}
EXPORT_SYMBOL(cpus_read_lock);

void cpus_read_unlock(void)
{
	bool last;

	if (is_changing())
		return;
	spin_lock(&cpus_lock.lock);
	last = !WARN_ONCE(!cpus_lock.readers, "cpus_read_unlock() without cpus_read_lock()\n") && !--cpus_lock.readers;
	spin_unlock(&cpus_lock.lock);
	if (last)
		wake_up_all(&cpus_lock.wait);
}
EXPORT_SYMBOL(cpus_read_unlock);

void lockdep_assert_cpus_held(void)
{
	/* At boot PID 1 is alone. */
	WARN_ONCE(system_state >= SYSTEM_RUNNING && !READ_ONCE(cpus_lock.readers) && !READ_ONCE(cpus_lock.writer),
		  "%s relies on the set of CPUs, but nobody holds cpus_read_lock()\n", current->comm);
}

static bool try_write_lock(void)
{
	bool ok;

	spin_lock(&cpus_lock.lock);
	ok = !cpus_lock.readers && !cpus_lock.writer;
	if (ok)
		cpus_lock.writer = current;
	spin_unlock(&cpus_lock.lock);
	return ok;
}

void cpus_write_lock(void)
{
	might_sleep();
	wait_event(cpus_lock.wait, try_write_lock());
}

void cpus_write_unlock(void)
{
	spin_lock(&cpus_lock.lock);
	WARN_ON_ONCE(cpus_lock.writer != current);
	cpus_lock.writer = NULL;
	spin_unlock(&cpus_lock.lock);
	wake_up_all(&cpus_lock.wait);
}

static void count_disabled(int n)
{
	if (WARN_ONCE(is_changing(), "cpu_hotplug_disable() in a hotplug callback would wait for itself\n"))
		return;
	cpus_write_lock();
	if (!WARN_ONCE(hotplug_disabled + n < 0, "cpu_hotplug_enable() without cpu_hotplug_disable()\n"))
		hotplug_disabled += n;
	cpus_write_unlock();
}

void cpu_hotplug_disable(void)
{
	count_disabled(1);
}
EXPORT_SYMBOL(cpu_hotplug_disable);

void cpu_hotplug_enable(void)
{
	count_disabled(-1);
}
EXPORT_SYMBOL(cpu_hotplug_enable);

/* ---- ksoftirqd/N: softirq.c has the work, here is the thread ---- */

static void ksoftirqd_fn(unsigned int cpu)
{
	run_ksoftirqd(cpu);
	cond_resched();
}

static struct smp_hotplug_thread softirq_threads = {
	.store = &ksoftirqd,
	.thread_should_run = ksoftirqd_should_run,
	.thread_fn = ksoftirqd_fn,
	.thread_comm = "ksoftirqd/%u",
};

/* ---- a CPU stops ---- */

/* migration/N of the CPU that goes away; all others stand still, interrupts are off everywhere. */
static int take_cpu_down(void *arg)
{
	unsigned int cpu = smp_processor_id();

	set_cpu_online(cpu, false);
	return cpuhp_go_down(cpu, CPUHP_AP_OFFLINE);
}

/* From AP_ONLINE to below BRINGUP_CPU: the CPU stops. */
static void take_down(unsigned int cpu, struct cpuhp_cpu_state *st)
{
	kthread_park(st->thread);
	reinit_completion(&st->dead);
	stop_machine_cpuslocked(take_cpu_down, NULL, cpumask_of(cpu));
	BUG_ON(cpu_online(cpu));
	wait_for_completion(&st->dead);
	rcu_report_dead(cpu);
	st->state = CPUHP_BRINGUP_CPU - 1;
}

/* From the idle loop of a CPU that is offline, interrupts off: nothing will ever be queued here. */
void __noreturn cpu_idle_dead(void)
{
	/* Who waits takes the lock of the completion, so this CPU has let go of all locks when he goes on. Until
	 * then it may be an RCU reader, as complete() wakes him. */
	complete(&cpuhp_state_of(smp_processor_id())->dead);
	arch_cpu_idle_dead();
}

/* ---- a CPU starts ---- */

/* The idle thread that the CPU will be: made once, and as it was then each time. */
static struct task_struct *idle_for(unsigned int cpu, struct cpuhp_cpu_state *st)
{
	if (!st->idle) {
		struct task_struct *idle = fork_idle(cpu);

		if (IS_ERR(idle))
			return idle;
		st->idle = idle;
	} else {
		init_idle(st->idle, cpu);
	}
	return st->idle;
}

/* From BRINGUP_CPU to AP_ONLINE: the CPU runs, and takes the steps between itself. */
static int bring_up(unsigned int cpu, struct cpuhp_cpu_state *st)
{
	struct task_struct *idle = idle_for(cpu, st);
	int err;

	if (IS_ERR(idle))
		return PTR_ERR(idle);
	per_cpu(current_task, cpu) = idle;
	per_cpu(__preempt_count, cpu) = INIT_PREEMPT_COUNT | PREEMPT_NEED_RESCHED;
	per_cpu(cpu_number, cpu) = cpu;
	per_cpu(lock_holder_id, cpu) = cpu + 1;
	reinit_completion(&st->alive);
	err = arch_cpu_up(cpu, idle->stack + THREAD_SIZE - 16);
	if (err)
		return err;
	if (!wait_for_completion_timeout(&st->alive, ALIVE_LIMIT)) {
		arch_cpu_kill(cpu);
		set_cpu_online(cpu, false);
		rcu_report_dead(cpu);
		return -EIO;
	}
	stop_machine_unpark(cpu);
	kthread_unpark(st->thread);
	return 0;
}

/* The new CPU, in its idle thread, interrupts off. */
void __noreturn secondary_start_kernel(void)
{
	unsigned int cpu = smp_processor_id();
	struct cpuhp_cpu_state *st = cpuhp_state_of(cpu);

	rcu_cpu_starting(cpu);
	timers_init_cpu();
	tick_init_cpu();
	st->state = CPUHP_AP_OFFLINE;
	cpuhp_go_up(cpu, CPUHP_AP_ONLINE);
	/* ORDER(cpu-online): set up first, then say so. */
	smp_wmb();
	set_cpu_online(cpu, true);
	paging_init_cpu();	/* also drops what the TLB kept while nobody told this CPU of changes */
	local_irq_enable();
	complete(&st->alive);
	cpu_startup_entry();
}

/* ---- up ---- */

static int cpu_up_locked(unsigned int cpu)
{
	struct cpuhp_cpu_state *st = cpuhp_state_of(cpu);
	int err;

	if (hotplug_disabled)
		return -EBUSY;
	err = cpuhp_go_up(cpu, CPUHP_BRINGUP_CPU - 1);
	if (err)
		return err;
	err = bring_up(cpu, st);
	if (err) {
		st->state = CPUHP_BRINGUP_CPU - 1;
		cpuhp_go_down(cpu, CPUHP_OFFLINE);
		return err;
	}
	err = cpuhp_ask_cpu(cpu, CPUHP_ONLINE);
	if (err) {
		take_down(cpu, st);
		cpuhp_go_down(cpu, CPUHP_OFFLINE);
	}
	return err;
}

/* ---- down ---- */

static int cpu_down_locked(unsigned int cpu)
{
	struct cpuhp_cpu_state *st = cpuhp_state_of(cpu);
	int err;

	if (hotplug_disabled || num_online_cpus() == 1)
		return -EBUSY;
	if (!cpu_is_hotpluggable(cpu)) {
		pr_info("cpu: CPU %u cannot go offline: it is the boot CPU, which a PC cannot start again\n", cpu);
		return -EBUSY;
	}
	set_cpu_dying(cpu, true);
	err = cpuhp_ask_cpu(cpu, CPUHP_AP_ONLINE);
	if (!err) {
		take_down(cpu, st);
		cpuhp_go_down(cpu, CPUHP_OFFLINE);
	}
	set_cpu_dying(cpu, false);
	return err;
}

/* ---- what others call ---- */

/* Return: 1 if it is so already. */
static int change(unsigned int cpu, bool up)
{
	int ret;

	if (cpu >= nr_cpu_ids || !cpu_possible(cpu) || !cpu_present(cpu))
		return -EINVAL;
	if (WARN(is_changing(), "%s(%u) in a hotplug callback: it would wait for itself\n",
		 up ? "add_cpu" : "remove_cpu", cpu))
		return -EDEADLK;
	cpus_write_lock();
	if (cpu_online(cpu) == up)
		ret = 1;
	else
		ret = up ? cpu_up_locked(cpu) : cpu_down_locked(cpu);
	cpus_write_unlock();
	if (!ret)
		pr_info("cpu: CPU %u is now %s\n", cpu, up ? "online" : "offline");
	return ret;
}

int add_cpu(unsigned int cpu)
{
	return change(cpu, true);
}
EXPORT_SYMBOL_GPL(add_cpu);

int remove_cpu(unsigned int cpu)
{
	return change(cpu, false);
}
EXPORT_SYMBOL_GPL(remove_cpu);

int cpu_up(unsigned int cpu)
{
	return min(change(cpu, true), 0);
}

int cpu_down(unsigned int cpu)
{
	return min(change(cpu, false), 0);
}

static unsigned int setup_max_cpus = NR_CPUS;

/* How many to start now; 0 has always meant "one". */
static int __init maxcpus_param(char *arg)
{
	return arg ? kstrtouint(arg, 10, &setup_max_cpus) : -EINVAL;
}
early_param("maxcpus", maxcpus_param);

void __init smp_init(void)
{
	unsigned int cpu;
	int err;

	softirq_set_waker(wake_up_process);
	err = smpboot_register_percpu_thread(&softirq_threads);
	if (err)
		panic("no memory for the threads of CPU 0 (%pe)", ERR_PTR(err));
	cpu_stop_init();
	cpuhp_threads_init();
	cpus_write_lock();
	for_each_present_cpu(cpu) {
		if (cpu_online(cpu) || num_online_cpus() >= setup_max_cpus)
			continue;
		err = cpu_up_locked(cpu);
		if (err)
			pr_err("CPU %u did not come up (%pe); going on without it\n", cpu, ERR_PTR(err));
	}
	cpus_write_unlock();
	pr_info("smp: %u CPU%s online\n", num_online_cpus(), num_online_cpus() == 1 ? "" : "s");
}
