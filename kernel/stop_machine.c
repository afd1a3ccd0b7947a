/* SPDX-License-Identifier: MIT */
/*
 * migration/N: the thread that interrupts everything else on its CPU, and the list of what it is asked to do.
 *
 * Each CPU has a list of works with a lock of its own. The lock is never held while a work runs, nor while the thread
 * is woken: a wake-up takes the run queue's lock, and a work may want that, too. `enabled` is true while the CPU is up
 * to take works: when it goes offline, what is on the list is still done.
 *
 * stop_machine() puts one work on each CPU's list. They meet, and go through the same states together:
 *
 *	MEET		all are there: no other thread runs anywhere
 *	IRQS_OFF	and no interrupt either: the machine stands still
 *	RUN		those that are meant call the function
 *	LEAVE		all have: on with what they did
 *
 * The last to acknowledge a state sets the next, ORDER(multi-stop). Two such calls at once would wait for each other on
 * different CPUs, so stop_cpus_mutex lets one in at a time.
 *
 * Read next: sched/stop.c for the class, sched/affinity.c and cpu.c for the customers.
 */
#include <linux/stop_machine.h>
#include <linux/bug.h>
#include <linux/completion.h>
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/irqflags.h>
#include <linux/kthread.h>
#include <linux/mutex.h>
#include <linux/nmi.h>
#include <linux/percpu.h>
#include <linux/sched/init.h>
#include <linux/smp.h>
#include <linux/smpboot.h>
#include <asm/barrier.h>
#include <asm/processor.h>

struct cpu_stop_done {
	atomic_t		nr_todo;
	int			ret;	/* any that was not 0 */
	struct completion	completion;
};

struct cpu_stopper {
	raw_spinlock_t		lock;
	struct list_head	works;	/* lock */
	bool			enabled;/* lock */
	struct task_struct	*thread;/* constant once made */
};

static DEFINE_PER_CPU(struct cpu_stopper, cpu_stopper);
static DEFINE_PER_CPU(struct cpu_stop_work, stop_cpus_work);	/* stop_cpus_mutex */
static DEFINE_MUTEX(stop_cpus_mutex);

/* ---- the thread ---- */

static struct cpu_stop_work *take_work(struct cpu_stopper *stopper)
{
	struct cpu_stop_work *work = NULL;

	raw_spin_lock_irq(&stopper->lock);
	if (!list_empty(&stopper->works)) {
		work = list_first_entry(&stopper->works, struct cpu_stop_work, list);
		list_del_init(&work->list);
	}
	raw_spin_unlock_irq(&stopper->lock);
	return work;
}

static void run_work(struct cpu_stop_work *work)
{
	struct cpu_stop_done *done = work->done;
	int ret;

	preempt_disable();
	ret = work->fn(work->arg);	/* `work` may be used again from here on */
	preempt_enable();
	if (!done)
		return;
	if (ret)
		WRITE_ONCE(done->ret, ret);
	if (atomic_dec_and_test(&done->nr_todo))
		complete(&done->completion);
}

static int cpu_stop_should_run(unsigned int cpu)
{
	return !list_empty_careful(&per_cpu(cpu_stopper, cpu).works);
}

/* All that is there: also what came in behind the work that takes this CPU offline. */
static void cpu_stopper_run(unsigned int cpu)
{
	struct cpu_stop_work *work;

	while ((work = take_work(per_cpu_ptr(&cpu_stopper, cpu))))
		run_work(work);
}

static void cpu_stop_parks(unsigned int cpu)
{
	WARN_ON(!list_empty(&per_cpu(cpu_stopper, cpu).works));
}

static struct smp_hotplug_thread stopper_threads = {
	.store = &cpu_stopper.thread,
	.thread_should_run = cpu_stop_should_run,
	.thread_fn = cpu_stopper_run,
	.park = cpu_stop_parks,
	.selfparking = true,	/* it is the last thread to run on its CPU */
	.thread_comm = "migration/%u",
};

/* ---- one CPU ---- */

static bool queue_stop_work(unsigned int cpu, struct cpu_stop_work *work)
{
	struct cpu_stopper *stopper = per_cpu_ptr(&cpu_stopper, cpu);
	unsigned long flags;
	bool enabled;

	raw_spin_lock_irqsave(&stopper->lock, flags);
	enabled = stopper->enabled;
	if (enabled)
		list_add_tail(&work->list, &stopper->works);
	raw_spin_unlock_irqrestore(&stopper->lock, flags);
	if (enabled)
		wake_up_process(stopper->thread);
	return enabled;
}

static void done_init(struct cpu_stop_done *done, unsigned int nr)
{
	atomic_set(&done->nr_todo, nr);
	done->ret = 0;
	init_completion(&done->completion);
}

int stop_one_cpu(unsigned int cpu, cpu_stop_fn_t fn, void *arg)
{
	struct cpu_stop_done done;
	struct cpu_stop_work work = { .fn = fn, .arg = arg, .done = &done };

	might_sleep();
	done_init(&done, 1);
	if (!queue_stop_work(cpu, &work))
		return -ENOENT;
	wait_for_completion(&done.completion);
	return done.ret;
}
EXPORT_SYMBOL(stop_one_cpu);

/* ---- all CPUs ---- */

enum multi_stop_state { STOP_NONE, STOP_MEET, STOP_IRQS_OFF, STOP_RUN, STOP_LEAVE };

struct multi_stop_data {
	cpu_stop_fn_t		fn;
	void			*data;
	const struct cpumask	*active;	/* who calls fn */
	unsigned int		nr;		/* how many take part */
	atomic_t		to_ack;
	enum multi_stop_state	state;
};

static void set_state(struct multi_stop_data *m, enum multi_stop_state state)
{
	atomic_set(&m->to_ack, m->nr);
	/* ORDER(multi-stop): the count, and what everybody did in the last state, before the new one. */
	smp_store_release(&m->state, state);
}

/* Each in its migration/N. */
static int multi_cpu_stop(void *arg)
{
	struct multi_stop_data *m = arg;
	enum multi_stop_state state = STOP_NONE;
	unsigned long flags;
	int ret = 0;

	local_irq_save(flags);
	local_irq_enable();
	while (state != STOP_LEAVE) {
		cpu_relax();
		touch_nmi_watchdog();	/* the others may take their time */
		/* ORDER(multi-stop): what the others did in the last state is seen in this one. */
		if (smp_load_acquire(&m->state) == state)
			continue;
		state = m->state;
		if (state == STOP_IRQS_OFF)
			local_irq_disable();
		else if (state == STOP_RUN && cpumask_test_cpu(smp_processor_id(), m->active))
			ret = m->fn(m->data);
		if (state != STOP_LEAVE && atomic_dec_and_test(&m->to_ack))
			set_state(m, state + 1);
	}
	local_irq_restore(flags);
	return ret;
}

/* All works are queued before any can run here. */
static void queue_everywhere(struct multi_stop_data *m, struct cpu_stop_done *done)
{
	unsigned int cpu;

	preempt_disable();
	for_each_online_cpu(cpu) {
		struct cpu_stop_work *work = per_cpu_ptr(&stop_cpus_work, cpu);

		*work = (struct cpu_stop_work){ .fn = multi_cpu_stop, .arg = m, .done = done };
		BUG_ON(!queue_stop_work(cpu, work));
	}
	preempt_enable();
}

int stop_machine_cpuslocked(cpu_stop_fn_t fn, void *data, const struct cpumask *cpus)
{
	struct multi_stop_data m = { .fn = fn, .data = data, .nr = num_online_cpus() };
	struct cpu_stop_done done;

	lockdep_assert_cpus_held();
	might_sleep();
	m.active = cpus ?: cpumask_of(cpumask_first(cpu_online_mask));
	done_init(&done, m.nr);
	set_state(&m, STOP_MEET);
	mutex_lock(&stop_cpus_mutex);
	queue_everywhere(&m, &done);
	wait_for_completion(&done.completion);
	mutex_unlock(&stop_cpus_mutex);
	return done.ret;
}

int stop_machine(cpu_stop_fn_t fn, void *data, const struct cpumask *cpus)
{
	int ret;

	cpus_read_lock();
	ret = stop_machine_cpuslocked(fn, data, cpus);
	cpus_read_unlock();
	return ret;
}
EXPORT_SYMBOL_GPL(stop_machine);

/* ---- CPUs come and go ---- */

static void set_enabled(struct cpu_stopper *stopper, bool enabled)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&stopper->lock, flags);
	stopper->enabled = enabled;
	raw_spin_unlock_irqrestore(&stopper->lock, flags);
}

int cpu_stop_online(unsigned int cpu)
{
	set_enabled(per_cpu_ptr(&cpu_stopper, cpu), true);
	return 0;
}

void stop_machine_unpark(unsigned int cpu)
{
	struct task_struct *p = per_cpu(cpu_stopper, cpu).thread;

	/* Only now: until its CPU is up a thread may have to run elsewhere, where there is such a thread already. */
	sched_set_stop_task(p);
	kthread_unpark(p);
}

int stop_machine_park(unsigned int cpu)
{
	struct cpu_stopper *stopper = per_cpu_ptr(&cpu_stopper, cpu);

	WARN_ON_ONCE(stopper->thread != current);
	set_enabled(stopper, false);
	return kthread_park(stopper->thread);
}

void __init cpu_stop_init(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		raw_spin_lock_init(&per_cpu(cpu_stopper, cpu).lock);
		INIT_LIST_HEAD(&per_cpu(cpu_stopper, cpu).works);
	}
	if (smpboot_register_percpu_thread(&stopper_threads))
		panic("no memory for migration/0");
	cpu_stop_online(smp_processor_id());
	stop_machine_unpark(smp_processor_id());
}
