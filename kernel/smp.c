/* SPDX-License-Identifier: MIT */
/*
 * Calling a function on another CPU.
 *
 * Each CPU has a list of calls that others want of it, its call_queue. A caller
 * fills in a call (call_single_data_t), pushes it on the list without a
 * lock, and, if the list was empty before, sends CALL_FUNCTION_VECTOR. The
 * interrupt takes the whole list at once and makes the calls, oldest first. A
 * list that was not empty already has its interrupt on the way.
 *
 *	caller					target
 *	  csd_lock(csd), fill it
 *	  llist_add(csd)	--ORDER(smp-call)-->	llist_del_all()
 *	  IPI if it was empty				[waiting: func(info)]
 *	  csd_lock_wait()	<--ORDER(smp-call-done)--	csd_unlock(csd)
 *							[not waiting: func(info)]
 *
 * Who owns a call: CSD_FLAG_LOCK says that the target does. A caller that waits
 * can have it on its stack. One that does not wait uses cfd_data.csd[target] of
 * its own CPU: one call for each pair of CPUs, which must come back before the
 * pair can be used again. With preemption off only this CPU's threads use
 * them, one after the other; that's why interrupt handlers must not: one
 * could come between csd_lock() and llist_add() and wait for itself.
 *
 * Why interrupts must be on while waiting: two CPUs that wait for each other
 * with interrupts off would wait for ever. That is WARNed of at the start; a
 * wait of many seconds, whatever the reason, is reported with the names of the
 * CPU and of the function.
 *
 * Rejected: a lock around each queue (the interrupt handler and all callers
 * would meet in it), and one call at a time in the whole system (64 CPUs that
 * flush something would queue up for each other).
 *
 * On floor 2, below everything that has timers or threads: a call needs a list and an interrupt, no more; and memory
 * needs calls, to make all CPUs forget a mapping.
 *
 * Next: kernel/irq.c calls us, arch/x86/smpboot.c sends the interrupts.
 */
#include <linux/smp.h>
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/irqflags.h>
#include <linux/printk.h>
#include <trace/events/ipi.h>
#include <asm/barrier.h>
#include <asm/irq_vectors.h>
#include <asm/msr.h>
#include <asm/percpu.h>
#include <asm/processor.h>
#include <asm/tsc.h>

enum {
	CSD_FLAG_LOCK	= 1,		/* the call belongs to its target */
	CSD_FLAG_WAIT	= 2,		/* until func has returned, not only been called */

	CSD_REPORT_MS	= 10000,
};

/* What a CPU needs to call others without waiting. Self only; preemption off. */
struct call_function_data {
	call_single_data_t csd[NR_CPUS];
	struct cpumask	   queued;	/* by the call that is going on */
	struct cpumask	   kick;	/* of these, who needs an interrupt */
};

static DEFINE_PER_CPU(struct call_function_data, cfd_data);

/* Pushed to by all CPUs, emptied by its own: ORDER(smp-call). */
static DEFINE_PER_CPU_SHARED_ALIGNED(struct llist_head, call_queue);

static bool csd_is_locked(call_single_data_t *csd)
{
	/* ORDER(smp-call-done): all that the function did is seen by who sees the call free. */
	return smp_load_acquire(&csd->flags) & CSD_FLAG_LOCK;
}

static void csd_lock_wait(call_single_data_t *csd, int cpu)
{
	u64 start = rdtsc(), limit = (u64)tsc_khz * CSD_REPORT_MS;

	while (csd_is_locked(csd)) {
		cpu_relax();
		if (limit && rdtsc() - start > limit) {
			pr_err("smp: CPU %d has waited %d s for CPU %d to run %ps\n",
			       raw_smp_processor_id(), CSD_REPORT_MS / 1000, cpu, csd->func);
			limit = 0;
		}
	}
}

static void csd_unlock(call_single_data_t *csd)
{
	WARN_ON_ONCE(!(csd->flags & CSD_FLAG_LOCK));
	/* ORDER(smp-call-done): the caller may reuse @csd from here on, or leave the stack it is on. */
	smp_store_release(&csd->flags, 0);
}

/* Take a free call and fill it in. */
static void csd_fill(call_single_data_t *csd, smp_call_func_t func, void *info, bool wait)
{
	csd->func = func;
	csd->info = info;
	csd->flags = CSD_FLAG_LOCK | (wait ? CSD_FLAG_WAIT : 0);
}

/* Return: true if the target needs an interrupt. */
static bool csd_queue(call_single_data_t *csd, int cpu)
{
	/* ORDER(smp-call): a full barrier; what is in the call, and what its function shall see, goes before. */
	return llist_add(&csd->llist, &per_cpu(call_queue, cpu));
}

void flush_smp_call_function_queue(void)
{
	call_single_data_t *csd, *next;
	struct llist_node *list;
	smp_call_func_t func;
	void *info;

	WARN_ON_ONCE(!irqs_disabled());
	/* ORDER(smp-call): who takes a call off the list sees all its caller did before. */
	list = llist_reverse_order(llist_del_all(this_cpu_ptr(&call_queue)));

	llist_for_each_entry_safe(csd, next, list, llist) {
		func = csd->func;
		info = csd->info;
		if (csd->flags & CSD_FLAG_WAIT) {
			func(info);
			csd_unlock(csd);
		} else {
			csd_unlock(csd);
			func(info);
		}
	}
}

void generic_smp_call_function_interrupt(void)
{
	trace_call_function_entry(CALL_FUNCTION_VECTOR);
	trace_ipi_entry(IPI_CALL);
	flush_smp_call_function_queue();
	trace_ipi_exit(IPI_CALL);
	trace_call_function_exit(CALL_FUNCTION_VECTOR);
}

void smp_send_reschedule(int cpu)
{
	trace_ipi_raise(cpumask_of(cpu), IPI_RESCHEDULE);
	arch_smp_send_reschedule(cpu);
}

static void send_call(int cpu)
{
	trace_ipi_raise(cpumask_of(cpu), IPI_CALL);
	arch_send_call_function_single_ipi(cpu);
}

/* All other CPUs stand still and know that this one is offline: what was queued before is all there will be. */
int smpcfd_dying_cpu(unsigned int cpu)
{
	flush_smp_call_function_queue();
	return 0;
}

static void call_here(smp_call_func_t func, void *info)
{
	unsigned long flags;

	local_irq_save(flags);
	func(info);
	local_irq_restore(flags);
}

/* The two mistakes that lead to a deadlock; each is reported once. */
static void check_caller(void)
{
	WARN_ONCE(irqs_disabled(),
		  "calling other CPUs with interrupts off: if two do that at once, they wait for each other for ever");
	WARN_ONCE(!in_task(),
		  "calling other CPUs from an interrupt: the code it interrupted may be in the middle of a call");
}

int smp_call_function_single(int cpuid, smp_call_func_t func, void *info, int wait)
{
	call_single_data_t on_stack = CSD_INIT(NULL, NULL), *csd = &on_stack;
	int this_cpu = get_cpu(), err = 0;

	if (cpuid == this_cpu) {
		call_here(func, info);
	} else if ((unsigned int)cpuid >= nr_cpu_ids || !cpu_online(cpuid)) {
		err = -ENXIO;
	} else {
		check_caller();
		if (!wait) {
			csd = &this_cpu_ptr(&cfd_data)->csd[cpuid];
			csd_lock_wait(csd, cpuid);
		}
		csd_fill(csd, func, info, wait);
		if (csd_queue(csd, cpuid))
			send_call(cpuid);
		if (wait)
			csd_lock_wait(csd, cpuid);
	}
	put_cpu();
	return err;
}
EXPORT_SYMBOL(smp_call_function_single);

int smp_call_function_single_async(int cpu, call_single_data_t *csd)
{
	int this_cpu = get_cpu(), err = 0;

	if ((unsigned int)cpu >= nr_cpu_ids || !cpu_online(cpu)) {
		err = -ENXIO;
	} else if (csd_is_locked(csd)) {
		err = -EBUSY;
	} else if (cpu == this_cpu) {
		call_here(csd->func, csd->info);
	} else {
		csd_fill(csd, csd->func, csd->info, false);
		if (csd_queue(csd, cpu))
			send_call(cpu);
	}
	put_cpu();
	return err;
}
EXPORT_SYMBOL(smp_call_function_single_async);

int smp_call_function_any(const struct cpumask *mask, smp_call_func_t func,
			  void *info, int wait)
{
	unsigned int cpu = get_cpu();
	int err;

	if (!cpumask_test_cpu(cpu, mask))
		cpu = cpumask_any_and(mask, cpu_online_mask);
	err = smp_call_function_single(cpu, func, info, wait);
	put_cpu();
	return err;
}
EXPORT_SYMBOL(smp_call_function_any);

/* Queue first, for all, then kick, for all, so that they work side by side; then wait. */
static void call_others(const struct cpumask *mask, smp_cond_func_t cond,
			smp_call_func_t func, void *info, bool wait)
{
	struct call_function_data *cfd = this_cpu_ptr(&cfd_data);
	int cpu, this_cpu = smp_processor_id();

	if (num_online_cpus() <= 1)
		return;
	check_caller();
	cpumask_clear(&cfd->queued);
	cpumask_clear(&cfd->kick);
	for_each_cpu_and(cpu, mask, cpu_online_mask) {
		call_single_data_t *csd = &cfd->csd[cpu];

		if (cpu == this_cpu || (cond && !cond(cpu, info)))
			continue;
		csd_lock_wait(csd, cpu);
		csd_fill(csd, func, info, wait);
		__cpumask_set_cpu(cpu, &cfd->queued);
		if (csd_queue(csd, cpu))
			__cpumask_set_cpu(cpu, &cfd->kick);
	}
	if (!cpumask_empty(&cfd->kick))
		trace_ipi_raise(&cfd->kick, IPI_CALL);
	arch_send_call_function_ipi_mask(&cfd->kick);
	if (!wait)
		return;
	for_each_cpu(cpu, &cfd->queued)
		csd_lock_wait(&cfd->csd[cpu], cpu);
}

void smp_call_function_many(const struct cpumask *mask, smp_call_func_t func,
			    void *info, bool wait)
{
	WARN_ON_ONCE(preemptible());
	call_others(mask, NULL, func, info, wait);
}
EXPORT_SYMBOL(smp_call_function_many);

void smp_call_function(smp_call_func_t func, void *info, int wait)
{
	preempt_disable();
	call_others(cpu_online_mask, NULL, func, info, wait);
	preempt_enable();
}
EXPORT_SYMBOL(smp_call_function);

void on_each_cpu_cond_mask(smp_cond_func_t cond_func, smp_call_func_t func,
			   void *info, bool wait, const struct cpumask *mask)
{
	unsigned int this_cpu = get_cpu();
	bool here = cpumask_test_cpu(this_cpu, mask) && (!cond_func || cond_func(this_cpu, info));

	call_others(mask, cond_func, func, info, wait);
	if (here)
		call_here(func, info);
	put_cpu();
}
EXPORT_SYMBOL(on_each_cpu_cond_mask);

static void do_nothing(void *unused)
{
}

void kick_all_cpus_sync(void)
{
	/* What the caller wrote before is seen by all from here on: ORDER(smp-call) is a full barrier. */
	smp_call_function(do_nothing, NULL, 1);
}
EXPORT_SYMBOL(kick_all_cpus_sync);
