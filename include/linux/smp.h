/* SPDX-License-Identifier: MIT */
/*
 * Which CPU is this, and: run a function on another CPU, now, in its interrupt.
 *
 * The function runs with interrupts off, must be short and must not sleep. To
 * run something that may sleep on a CPU, bind a thread to it (kthread_bind())
 * or queue work there. Data that each CPU has its own of is in <linux/percpu.h>.
 *
 * Source: Linux's include/linux/smp.h and kernel/smp.c as of 6.1.
 */
#pragma once

#include <linux/types.h>
#include <linux/llist.h>
#include <linux/threads.h>
#include <linux/preempt.h>
#include <linux/cpumask.h>
#include <asm/smp.h>

/*
 * smp_processor_id: the number of the running CPU. The answer is only good while
 * the caller can't be moved: preemption or interrupts off, or a bound thread.
 * raw_smp_processor_id() (<asm/smp.h>) is for callers that know it may be old.
 * Differs from Linux: a preemptible caller is not warned.
 */
#define smp_processor_id()	raw_smp_processor_id()

/* get_cpu: preemption off, then the number of this CPU. put_cpu ends that. */
#define get_cpu()		({ preempt_disable(); smp_processor_id(); })
#define put_cpu()		preempt_enable()

typedef void (*smp_call_func_t)(void *info);
typedef bool (*smp_cond_func_t)(int cpu, void *info);

/*
 * One call to be made on another CPU: from the moment it is queued until the
 * function has been called (without waiting) or has returned (with), it belongs
 * to that CPU.
 * Differs from Linux: the fields llist and flags are not wrapped in `node`.
 */
struct __call_single_data {
	struct llist_node llist;	/* the target's queue */
	unsigned int	  flags;	/* CSD_*; given back by ORDER(smp-call) */
	smp_call_func_t	  func;
	void		 *info;
};

typedef struct __call_single_data call_single_data_t __attribute__((aligned(32)));

#define CSD_INIT(_func, _info)	{ .func = (_func), .info = (_info) }
#define INIT_CSD(_csd, _func, _info)					\
	do {								\
		*(_csd) = (call_single_data_t)CSD_INIT((_func), (_info)); \
	} while (0)

/*
 * smp_call_function_single: run @func(@info) on @cpu; with @wait, return when it
 * has returned there. On the own CPU it is called directly, interrupts off.
 * Context: thread, interrupts on: with them off, two CPUs that call each other
 * would wait for ever; both mistakes are WARNed of.
 * Return: 0, or -ENXIO if @cpu is not online.
 */
int smp_call_function_single(int cpuid, smp_call_func_t func, void *info, int wait);

/*
 * smp_call_function_single_async: queue @csd, made by INIT_CSD(), on @cpu and
 * return at once. @csd must live until the function has been called; the
 * function may queue it again. A call to the own CPU is made right here.
 * Context: any but NMI, interrupts on or off.
 * Return: 0; -EBUSY: @csd is still queued; -ENXIO: @cpu is not online.
 */
int smp_call_function_single_async(int cpu, call_single_data_t *csd);

/*
 * smp_call_function_any: run @func on any one online CPU of @mask, the own if it is in.
 * Context and return as smp_call_function_single().
 */
int smp_call_function_any(const struct cpumask *mask, smp_call_func_t func,
			  void *info, int wait);

/*
 * smp_call_function_many: run @func(@info) on all online CPUs of @mask but the
 * own; with @wait, return when all have returned.
 * Context: thread, preemption off, interrupts on.
 */
void smp_call_function_many(const struct cpumask *mask, smp_call_func_t func,
			    void *info, bool wait);

/*
 * smp_call_function: the same on all other online CPUs; preemption may be on.
 * on_each_cpu_cond_mask: on the online CPUs of @mask, the own included, for
 * which @cond_func(cpu, @info) says so (NULL: all). On the own CPU @func runs in
 * the caller's context with interrupts off.
 * Context: thread, interrupts on.
 */
void smp_call_function(smp_call_func_t func, void *info, int wait);
void on_each_cpu_cond_mask(smp_cond_func_t cond_func, smp_call_func_t func,
			   void *info, bool wait, const struct cpumask *mask);

static inline void on_each_cpu(smp_call_func_t func, void *info, int wait)
{
	on_each_cpu_cond_mask(NULL, func, info, wait, cpu_online_mask);
}

static inline void on_each_cpu_mask(const struct cpumask *mask, smp_call_func_t func,
				    void *info, bool wait)
{
	on_each_cpu_cond_mask(NULL, func, info, wait, mask);
}

static inline void on_each_cpu_cond(smp_cond_func_t cond_func, smp_call_func_t func,
				    void *info, bool wait)
{
	on_each_cpu_cond_mask(cond_func, func, info, wait, cpu_online_mask);
}

/*
 * smp_call_on_cpu: run @func(@par) on @cpu in a thread, a worker of system_wq, and wait for it. So @func may sleep,
 * and interrupts are on. It runs elsewhere if @cpu goes offline before it begins: cpus_read_lock() keeps it up. @phys
 * (pin a virtual CPU) means nothing here.
 * Context: thread, may sleep, not from a work that system_wq must end first.
 * Return: what @func returned, or -ENXIO if @cpu is not online.
 */
int smp_call_on_cpu(unsigned int cpu, int (*func)(void *), void *par, bool phys);

/* kick_all_cpus_sync: returns when every other online CPU has taken an interrupt since. */
void kick_all_cpus_sync(void);

/*
 * generic_smp_call_function_interrupt: the handler of CALL_FUNCTION_VECTOR: make
 * all calls that are queued for this CPU. The caller does the apic_eoi() and is
 * inside irq_enter()/irq_exit(). Context: hard interrupt.
 */
void generic_smp_call_function_interrupt(void);

/*
 * flush_smp_call_function_queue: the same by hand. smpcfd_dying_cpu: as a step of
 * this CPU's way offline, after it has left cpu_online_mask. Context: interrupts off.
 */
void flush_smp_call_function_queue(void);
int smpcfd_dying_cpu(unsigned int cpu);
