/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What the scheduler, the tick, interrupts and CPU hotplug tell RCU. Readers and writers want <linux/rcupdate.h>.
 * All of it: the CPU itself, interrupts off, unless said otherwise. Why it is enough: kernel/rcu/quiet.c.
 */
#include <linux/types.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/upcall.h>

struct rcu_quiet {
	bool wanted;	/* a grace period waits for this CPU. xchg on both sides: who clears it, counts it */
	bool watching;	/* false: idle or offline, no readers here. Self; grace periods look. ORDER(rcu-idle) */
	bool idle;	/* between rcu_idle_enter() and rcu_idle_exit(). Self only */
};
DECLARE_PER_CPU(struct rcu_quiet, rcu_quiet);

/* From here on readers may run on this CPU. */
static inline void rcu_watch(void)
{
	/* ORDER(rcu-idle): a full barrier: seen watching, or our readers see what the writer did before it looked. */
	this_cpu_xchg(rcu_quiet.watching, true);
}

/* And from here on none does, until rcu_watch(). */
static inline void rcu_unwatch(void)
{
	for (;;) {
		if (this_cpu_read(rcu_quiet.wanted))
			rcu_report_qs();
		/* ORDER(rcu-idle): a full barrier: our readers are over; seen idle, or we see that we are wanted. */
		this_cpu_xchg(rcu_quiet.watching, false);
		if (likely(!this_cpu_read(rcu_quiet.wanted)))
			return;
		rcu_watch();
	}
}

/* The idle thread is about to halt (look at need_resched() afterwards), and is back. */
static inline void rcu_idle_enter(void)
{
	this_cpu_write(rcu_quiet.idle, true);
	rcu_unwatch();
}

static inline void rcu_idle_exit(void)
{
	this_cpu_write(rcu_quiet.idle, false);
	rcu_watch();
}

/* An interrupt begins; the outermost one ends. Those that came to an idle CPU may hold readers. */
static inline void rcu_irq_enter(void)
{
	if (unlikely(!this_cpu_read(rcu_quiet.watching)))
		rcu_watch();
}

static inline void rcu_irq_exit(void)
{
	if (unlikely(this_cpu_read(rcu_quiet.idle)))
		rcu_unwatch();
}

/* In schedule(): whatever ran here is no reader now. Before the run queue's lock is taken. */
static inline bool rcu_wants_context_switch(void)
{
	return unlikely(this_cpu_read(rcu_quiet.wanted));
}
static inline void rcu_note_context_switch(void)
{
	if (rcu_wants_context_switch())
		rcu_report_qs();
}

/* In the tick, and in the interrupt that an expedited grace period sends. No lock held. */
void rcu_quiet_interrupt(void);
static inline void rcu_sched_clock_irq(void)
{
	if (unlikely(this_cpu_read(rcu_quiet.wanted)))
		rcu_quiet_interrupt();
}

/*
 * Hotplug. rcu_cpu_starting: on the new CPU, before it runs any reader. The others on another CPU, once it has halted.
 * rcu_report_dead: grace periods need not wait for it. rcutree_dead_cpu: its callbacks become the caller's.
 * Context of these: thread.
 */
static inline void rcu_cpu_starting(unsigned int cpu) { rcu_watch(); }
void rcu_report_dead(unsigned int cpu);
int rcutree_dead_cpu(unsigned int cpu);

/* What a thread that slept in a reader had: taken off for the time, given back. Return: the depth. */
static inline int rcu_reader_suspend(void) { return this_cpu_xchg(rcu_reader_depth, 0); }
static inline void rcu_reader_resume(int depth) { this_cpu_add(rcu_reader_depth, depth); }

/* At boot, before the first call_rcu(). */
void rcu_init(void);
