/* SPDX-License-Identifier: MIT */
/*
 * What one may ask about threads and CPUs, for listings: how many run, how long one ran, what letter its state has, and
 * where it sleeps.
 *
 * All answers are momentary. Where a thread sleeps is read off its stack, which must not go meanwhile: pi_lock keeps it
 * from being woken, so a thread found asleep stays so.
 */
#include "sched.h"
#include <linux/sched/debug.h>
#include <linux/stacktrace.h>
#include <linux/export.h>
#include <linux/string.h>
#include <asm/page.h>

int task_curr(const struct task_struct *p)
{
	return READ_ONCE(cpu_curr(task_cpu(p))) == p;
}

int idle_cpu(int cpu)
{
	struct rq *rq = cpu_rq(cpu);

	return READ_ONCE(rq->curr) == rq->idle && !READ_ONCE(rq->nr_running);
}
EXPORT_SYMBOL_GPL(idle_cpu);

struct task_struct *idle_task(int cpu)
{
	return cpu_rq(cpu)->idle;
}

unsigned int nr_running(void)
{
	unsigned int cpu, sum = 0;

	for_each_online_cpu(cpu)
		sum += READ_ONCE(cpu_rq(cpu)->nr_running);
	return sum;
}

unsigned long long nr_context_switches(void)
{
	unsigned long long sum = 0;
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		sum += cpu_rq(cpu)->nr_switches;
	return sum;
}

u64 task_sched_runtime(struct task_struct *p)
{
	unsigned long flags;
	struct rq *rq = task_rq_lock(p, &flags);
	u64 ns;

	if (rq->curr == p && (task_on_rq_queued(p) || task_is_idle(p)))
		p->sched_class->update_curr(rq);
	ns = p->se.sum_exec_runtime;
	task_rq_unlock(rq, p, &flags);
	return ns;
}

/* The numbers of Linux's task_state_index(): the position of the lowest bit that counts, in "RSDTtXZPI". */
unsigned int __task_state_index(unsigned int state, unsigned int exit_state)
{
	if (exit_state == EXIT_ZOMBIE)
		return 6;
	if (exit_state == EXIT_DEAD || state == TASK_DEAD)
		return 5;
	if (state & TASK_FROZEN)
		return 2;	/* as Linux does: nothing wakes it, like D */
	if ((state & TASK_IDLE) == TASK_IDLE)
		return 8;
	if (state & TASK_INTERRUPTIBLE)
		return 1;
	if (state & TASK_UNINTERRUPTIBLE)
		return 2;
	if (state & __TASK_STOPPED)
		return 3;
	if (state & TASK_PARKED)
		return 7;
	return 0;
}

unsigned int task_state_index(struct task_struct *p)
{
	return __task_state_index(READ_ONCE(p->__state), READ_ONCE(p->exit_state));
}

char task_state_to_char(struct task_struct *p)
{
	return "RSDTtXZPI"[task_state_index(p)];
}
EXPORT_SYMBOL(task_state_to_char);

/* Linker symbols around all functions marked __sched: those that put a thread to sleep in the name of others. */
extern char __sched_text_start[], __sched_text_end[];

static bool in_sched_functions(unsigned long addr)
{
	return addr >= (unsigned long)__sched_text_start && addr < (unsigned long)__sched_text_end;
}

/* The backtrace of a thread that sleeps, 0 entries of one that does not. */
static unsigned int trace_sleeper(struct task_struct *p, unsigned long *trace, unsigned int size)
{
	unsigned int n = 0, state;
	unsigned long flags;

	raw_spin_lock_irqsave(&p->pi_lock, flags);
	state = READ_ONCE(p->__state);
	/* A dead thread's stack may be on its way out; it got into that state under pi_lock, too. */
	if (state != TASK_RUNNING && state != TASK_DEAD && !p->on_rq && !task_on_cpu(p) && p->stack)
		n = stack_trace_save_frame(p->thread.sp, p->stack, trace, size, 0);
	raw_spin_unlock_irqrestore(&p->pi_lock, flags);
	return n;
}

unsigned int stack_trace_save_tsk(struct task_struct *p, unsigned long *store, unsigned int size, unsigned int skipnr)
{
	unsigned long trace[64];
	unsigned int n, i = 0;

	if (p == current)
		return stack_trace_save(store, size, skipnr + 1);
	n = trace_sleeper(p, trace, ARRAY_SIZE(trace));
	while (i < n && in_sched_functions(trace[i]))
		i++;
	i = min(i + skipnr, n);
	n = min(n - i, size);
	memcpy(store, trace + i, n * sizeof(*store));
	return n;
}

unsigned long get_wchan(struct task_struct *p)
{
	unsigned long trace[16];
	unsigned int n, i;

	if (!p || p == current)
		return 0;
	n = trace_sleeper(p, trace, ARRAY_SIZE(trace));
	for (i = 0; i < n && in_sched_functions(trace[i]); i++)
		;
	return i < n ? trace[i] : 0;
}

void sched_show_task(struct task_struct *p)
{
	unsigned long trace[24];
	unsigned int n = p == current ? 0 : trace_sleeper(p, trace, ARRAY_SIZE(trace));

	pr_info("task:%-15.15s state:%c pid:%-5d cpu:%-3u flags:0x%08x in %ps\n", p->comm, task_state_to_char(p),
		p->pid, task_cpu(p), READ_ONCE(p->flags), (void *)get_wchan(p));
	stack_trace_print(trace, n, 1);
}
EXPORT_SYMBOL_GPL(sched_show_task);
