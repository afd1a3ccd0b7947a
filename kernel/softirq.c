/* SPDX-License-Identifier: MIT */
/*
 * Softirqs and tasklets: what an interrupt does after it has said "done" to the hardware.
 *
 * A hard interrupt blocks all others of its CPU, so it should be short. What takes longer it leaves to a softirq: it
 * sets a bit in __softirq_pending, and irq_exit(), having left the hard interrupt but not yet gone back to the thread,
 * runs the function of each set bit, with interrupts on.
 *
 *	thread        |#####|                                              |#####
 *	hard irq            |--handler: raise--|      |--another--|        |
 *	softirq                                |~~~~~~|           |~~~~~~~~|
 *	                                       irq_exit: one level at a time; the inner irq_exit only leaves
 *
 * A softirq runs on the CPU that raised it, never nested on it, but the same one may run on other CPUs at the same
 * time. It is no thread: it must not sleep. Threads keep them away from their CPU with local_bh_disable(), or
 * spin_lock_bh(); what came up meanwhile runs in local_bh_enable().
 *
 * The count: bits 8 to 15 of preempt_count. Serving adds SOFTIRQ_OFFSET (so it is odd there, in_serving_softirq()),
 * disabling adds twice that. Not zero means: do not start any here.
 *
 * When they keep coming, because each run raises the next, the thread underneath would starve. After MAX_RESTART
 * rounds, or MAX_TIME, or when somebody else should run, the rest is left to ksoftirqd/N, an ordinary thread, and the
 * scheduler sees to justice. A thread that raises one (nobody is on his way out then) wakes ksoftirqd, too.
 *
 * Tasklets: a per-CPU list of functions, run by TASKLET_SOFTIRQ and HI_SOFTIRQ. Two bits make one safe to use from
 * anywhere: SCHED, set by who puts it on a list, so it is on one list at most; RUN, a lock held while the function
 * runs, so that it does not run on two CPUs. SCHED is cleared before the function is called, so it may be scheduled
 * again at once:
 * ORDER(tasklet-run) makes the function see what was written before that call of tasklet_schedule().
 *
 * All per-CPU data here is its CPU's own, with interrupts off; of a CPU that is offline, who took it there.
 *
 * Next: irq.c, who enters and exits; time/timer.c, the softirq that is used most.
 */
#include <linux/interrupt.h>
#include <linux/bug.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/irqflags.h>
#include <linux/leftovers.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/rcutree.h>
#include <linux/sched.h>
#include <linux/sched/clock.h>
#include <linux/smp.h>
#include <linux/tick.h>
#include <trace/events/irq.h>
#include <asm/barrier.h>
#include <asm/processor.h>

enum {
	MAX_RESTART = 10,
	MAX_TIME_NS = 2000000,
};

struct tasklet_head {
	struct tasklet_struct *first, *last;
};

DEFINE_PER_CPU(u32, __softirq_pending);
EXPORT_PER_CPU_SYMBOL(__softirq_pending);
DEFINE_PER_CPU(struct task_struct *, ksoftirqd);
static DEFINE_PER_CPU(unsigned long, softirq_runs[NR_SOFTIRQS]);
static DEFINE_PER_CPU(u64, softirq_time[2]);	/* ns; the second: while it was idle */
static DEFINE_PER_CPU(struct tasklet_head, tasklets);
static DEFINE_PER_CPU(struct tasklet_head, hi_tasklets);

/* Written at boot. */
static struct softirq_action softirq_vec[NR_SOFTIRQS];
static int (*wake_thread)(struct task_struct *p);

const char *const softirq_to_name[NR_SOFTIRQS] = {
	"HI", "TIMER", "NET_TX", "NET_RX", "BLOCK", "IRQ_POLL", "TASKLET", "SCHED", "HRTIMER", "RCU",
};

void open_softirq(int nr, void (*action)(struct softirq_action *))
{
	WARN_ON(softirq_vec[nr].action && softirq_vec[nr].action != action);
	softirq_vec[nr].action = action;
}

unsigned long softirq_count_of(int cpu, unsigned int nr)
{
	return READ_ONCE(per_cpu(softirq_runs, cpu)[nr]);
}

u64 softirq_time_of(int cpu, bool idle)
{
	return READ_ONCE(per_cpu(softirq_time, cpu)[idle]);
}

void softirq_set_waker(int (*wake)(struct task_struct *))
{
	wake_thread = wake;
}

static void wakeup_softirqd(void)
{
	struct task_struct *p = READ_ONCE(*this_cpu_ptr(&ksoftirqd));

	if (p)
		wake_thread(p);
}

void __raise_softirq_irqoff(unsigned int nr)
{
	trace_softirq_raise(nr);
	this_cpu_or(__softirq_pending, 1u << nr);
}
EXPORT_SYMBOL(__raise_softirq_irqoff);

void raise_softirq_irqoff(unsigned int nr)
{
	__raise_softirq_irqoff(nr);
	if (!in_interrupt())
		wakeup_softirqd();
}
EXPORT_SYMBOL(raise_softirq_irqoff);

void raise_softirq(unsigned int nr)
{
	unsigned long flags;

	local_irq_save(flags);
	raise_softirq_irqoff(nr);
	local_irq_restore(flags);
}
EXPORT_SYMBOL(raise_softirq);

static void run_action(unsigned int nr)
{
	struct softirq_action *h = &softirq_vec[nr];
	int before = preempt_count(), after;

	this_cpu_inc(softirq_runs[nr]);
	if (WARN_ONCE(!h->action, "softirq %u (%s) was raised but does nothing: open_softirq() never done", nr,
		      softirq_to_name[nr]))
		return;
	trace_softirq_entry(nr);
	h->action(h);
	trace_softirq_exit(nr);
	after = preempt_count();
	if (WARN_ONCE(before != after, "softirq %s returned with preempt_count %#x, was called with %#x",
		      softirq_to_name[nr], after, before))
		preempt_count_set(before);
}

/* One round: what is pending now, interrupts on meanwhile. */
static void run_pending(void)
{
	u32 pending = local_softirq_pending();

	this_cpu_write(__softirq_pending, 0);
	local_irq_enable();
	while (pending) {
		run_action(__ffs(pending));
		pending &= pending - 1;
	}
	local_irq_disable();
}

/* Context: interrupts off, not in_interrupt(), something pending. */
static void __do_softirq(void)
{
	u64 start = sched_clock(), end = start + MAX_TIME_NS;
	int rounds = MAX_RESTART;

	preempt_count_add(SOFTIRQ_OFFSET);
	do
		run_pending();
	while (local_softirq_pending() && --rounds && sched_clock() < end && !test_preempt_need_resched());
	if (local_softirq_pending())
		wakeup_softirqd();
	this_cpu_add(softirq_time[!!is_idle_task(current)], sched_clock() - start);
	preempt_count_sub(SOFTIRQ_OFFSET);
}

void do_softirq(void)
{
	unsigned long flags;

	if (in_interrupt())
		return;
	local_irq_save(flags);
	if (local_softirq_pending())
		__do_softirq();
	local_irq_restore(flags);
}

void local_bh_enable(void)
{
	WARN_ONCE(in_hardirq() || irqs_disabled(), "local_bh_enable() with interrupts off: softirqs it runs would turn "
		  "them on; use spin_lock_irqsave() all the way");
	WARN_ONCE(softirq_count() < SOFTIRQ_DISABLE_OFFSET, "local_bh_enable() without local_bh_disable()");
	/* Keep one level of preemption off while they run: else we might be moved between the look and the run. */
	preempt_count_sub(SOFTIRQ_DISABLE_OFFSET - 1);
	if (!in_interrupt())
		lockdep_irqs_on();
	if (unlikely(!in_interrupt() && local_softirq_pending()))
		do_softirq();
	preempt_count_dec();
	preempt_check_resched();
}
EXPORT_SYMBOL(local_bh_enable);

void _local_bh_enable(void)
{
	WARN_ON_ONCE(in_hardirq());
	preempt_count_sub(SOFTIRQ_DISABLE_OFFSET);
}
EXPORT_SYMBOL(_local_bh_enable);

void irq_enter(void)
{
	preempt_count_add(HARDIRQ_OFFSET);
	rcu_irq_enter();
	tick_irq_enter();
}

void irq_exit(void)
{
	preempt_count_sub(HARDIRQ_OFFSET);
	if (in_interrupt())
		return;
	if (local_softirq_pending())
		__do_softirq();
	tick_irq_exit();
	rcu_irq_exit();
}

int ksoftirqd_should_run(unsigned int cpu)
{
	return local_softirq_pending();
}

void run_ksoftirqd(unsigned int cpu)
{
	WARN_ON_ONCE(cpu != smp_processor_id());
	do_softirq();
}

/* Tasklets. */

void tasklet_setup(struct tasklet_struct *t, void (*callback)(struct tasklet_struct *))
{
	*t = (struct tasklet_struct){ .callback = callback, .use_callback = true };
}
EXPORT_SYMBOL(tasklet_setup);

void tasklet_init(struct tasklet_struct *t, void (*func)(unsigned long), unsigned long data)
{
	*t = (struct tasklet_struct){ .func = func, .data = data };
}
EXPORT_SYMBOL(tasklet_init);

/* Context: interrupts off. */
static void tasklet_append(struct tasklet_struct *t, struct tasklet_head *head)
{
	t->next = NULL;
	if (head->first)
		head->last->next = t;
	else
		head->first = t;
	head->last = t;
}

/* The caller has set SCHED. */
static void tasklet_queue(struct tasklet_struct *t, struct tasklet_head __percpu *heads, unsigned int nr)
{
	unsigned long flags;

	if (WARN_ONCE(!t->func, "tasklet %px was scheduled but never set up: tasklet_setup() or DECLARE_TASKLET()", t))
		return;
	local_irq_save(flags);
	tasklet_append(t, this_cpu_ptr(heads));
	raise_softirq_irqoff(nr);
	local_irq_restore(flags);
}

void __tasklet_schedule(struct tasklet_struct *t)
{
	tasklet_queue(t, &tasklets, TASKLET_SOFTIRQ);
}
EXPORT_SYMBOL(__tasklet_schedule);

void __tasklet_hi_schedule(struct tasklet_struct *t)
{
	tasklet_queue(t, &hi_tasklets, HI_SOFTIRQ);
}
EXPORT_SYMBOL(__tasklet_hi_schedule);

/* Return: false if it is disabled, or running on another CPU: to be tried again. */
static bool tasklet_run(struct tasklet_struct *t)
{
	if (!tasklet_trylock(t))
		return false;
	/* ORDER(tasklet-disable): the trylock is a full barrier; a count raised after this waits for our RUN bit. */
	if (atomic_read(&t->count)) {
		clear_bit_unlock(TASKLET_STATE_RUN, &t->state);
		return false;
	}
	/* ORDER(tasklet-run): a full barrier; who set SCHED before has its writes seen by the function. */
	WARN_ONCE(!test_and_clear_bit(TASKLET_STATE_SCHED, &t->state),
		  "tasklet %px (%ps) runs but was not scheduled: set up again while it was?", t, t->func);
	if (t->use_callback)
		t->callback(t);
	else
		t->func(t->data);
	/* ORDER(tasklet-run): the function's writes come before the free RUN bit; next runner and killer see them. */
	clear_bit_unlock(TASKLET_STATE_RUN, &t->state);
	return true;
}

static void tasklet_action_common(struct tasklet_head __percpu *heads, unsigned int nr)
{
	struct tasklet_struct *list, *t;

	local_irq_disable();
	list = this_cpu_ptr(heads)->first;
	this_cpu_ptr(heads)->first = NULL;
	local_irq_enable();

	while ((t = list)) {
		list = t->next;
		if (tasklet_run(t))
			continue;
		local_irq_disable();
		tasklet_append(t, this_cpu_ptr(heads));
		__raise_softirq_irqoff(nr);
		local_irq_enable();
	}
}

static void tasklet_action(struct softirq_action *unused)
{
	tasklet_action_common(&tasklets, TASKLET_SOFTIRQ);
}

static void tasklet_hi_action(struct softirq_action *unused)
{
	tasklet_action_common(&hi_tasklets, HI_SOFTIRQ);
}

void tasklet_unlock_wait(struct tasklet_struct *t)
{
	/* ORDER(tasklet-disable): the RUN bit is read after our count was written; ORDER(tasklet-run): and acquires. */
	while (smp_load_acquire(&t->state) & (1UL << TASKLET_STATE_RUN))
		cpu_relax();
}
EXPORT_SYMBOL(tasklet_unlock_wait);

void tasklet_kill(struct tasklet_struct *t)
{
	if (WARN_ONCE(in_interrupt(),
		      "tasklet_kill() in an interrupt or with bottom halves off: it would wait for itself"))
		return;
	WARN_ONCE(atomic_read(&t->count),
		  "tasklet_kill() of a disabled tasklet (%ps) waits until somebody enables it", t->func);
	/* Taking SCHED for ourselves: nobody can schedule it now. If it is pending on this CPU, here is its chance. */
	while (test_and_set_bit(TASKLET_STATE_SCHED, &t->state)) {
		do_softirq();
		cpu_relax();
	}
	tasklet_unlock_wait(t);
	clear_bit(TASKLET_STATE_SCHED, &t->state);
}
EXPORT_SYMBOL(tasklet_kill);

/* Nobody is on that CPU any more; here interrupts are off. */
static void take_over(struct tasklet_head *from, struct tasklet_head __percpu *heads, unsigned int nr)
{
	struct tasklet_struct *t, *next;

	for (t = from->first; t; t = next) {
		next = t->next;
		tasklet_append(t, this_cpu_ptr(heads));
		raise_softirq_irqoff(nr);
	}
	from->first = NULL;
}

int softirq_dead_cpu(unsigned int cpu)
{
	local_irq_disable();
	take_over(per_cpu_ptr(&tasklets, cpu), &tasklets, TASKLET_SOFTIRQ);
	take_over(per_cpu_ptr(&hi_tasklets, cpu), &hi_tasklets, HI_SOFTIRQ);
	/* What else was pending there has its own list, which its owner takes over. */
	per_cpu(__softirq_pending, cpu) = 0;
	local_irq_enable();
	return 0;
}

static void take_off(struct tasklet_head *head, struct leftovers *l)
{
	struct tasklet_struct *t = head->first, *next;

	head->first = NULL;
	for (; t; t = next) {
		next = t->next;
		if (l->is_meant(l, t, t->func, "tasklet", "tasklet_kill()"))
			clear_bit(TASKLET_STATE_SCHED, &t->state);
		else
			tasklet_append(t, head);
	}
}

void tasklets_take_off(struct leftovers *l)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		take_off(per_cpu_ptr(&tasklets, cpu), l);
		take_off(per_cpu_ptr(&hi_tasklets, cpu), l);
	}
}

void __init softirq_init(void)
{
	open_softirq(TASKLET_SOFTIRQ, tasklet_action);
	open_softirq(HI_SOFTIRQ, tasklet_hi_action);
}
