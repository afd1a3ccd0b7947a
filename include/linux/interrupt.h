/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Interrupts of devices, and the two kinds of work that an interrupt leaves for right afterwards: softirqs (a fixed
 * few, of the kernel's own) and tasklets (as many as you like, on top of them).
 *
 * None of it may sleep. Work that must sleep belongs on a thread: <linux/kthread.h>, <linux/workqueue.h>.
 * Semantics: Linux's Documentation/core-api/genericirq and kernel-hacking/hacking.
 */
#include <linux/types.h>
#include <linux/bitops.h>
#include <linux/preempt.h>
#include <linux/bottom_half.h>
#include <linux/irqflags.h>
#include <linux/irqreturn.h>
#include <linux/hardirq.h>
#include <linux/atomic.h>
#include <linux/percpu.h>

struct seq_file;
struct task_struct;

/* ---- Interrupts of devices. What a number means: <asm/io_apic.h>; ISA lines are 0 to 15. */

#define IRQF_TRIGGER_NONE	0x00000000
#define IRQF_TRIGGER_RISING	0x00000001
#define IRQF_TRIGGER_FALLING	0x00000002
#define IRQF_TRIGGER_HIGH	0x00000004
#define IRQF_TRIGGER_LOW	0x00000008
#define IRQF_SHARED		0x00000080	/* others may use the line, too; dev_id must not be NULL */
#define IRQF_PERCPU		0x00000400
#define IRQF_NOBALANCING	0x00000800
#define IRQF_ONESHOT		0x00002000
#define IRQF_NO_AUTOEN		0x00080000	/* stays disabled until enable_irq() */

typedef irqreturn_t (*irq_handler_t)(int irq, void *dev_id);

/*
 * request_irq: from now on handler(irq, dev_id) is called, with interrupts off, when the line is raised.
 * Return: 0; -EINVAL: no such line, no handler, shared without dev_id; -EBUSY: in use and not shared by both sides;
 * -ENOSPC: no vector is left; -ENOMEM. Context: thread, may sleep.
 * free_irq: removes the handler of that dev_id, and returns when no CPU runs it any more. Return: the name given.
 * Context: thread. Freeing what is not there WARNs.
 * Differs from Linux: IRQF_TRIGGER_* is taken from ACPI, not from here.
 */
int request_irq(unsigned int irq, irq_handler_t handler, unsigned long flags, const char *name, void *dev_id);
const void *free_irq(unsigned int irq, void *dev_id);

/*
 * disable_irq: no handler of the line runs any more when this returns; nests with enable_irq(). Not from the handler:
 * it would wait for itself; there use disable_irq_nosync(), which does not wait. synchronize_irq: only waits.
 * Context: disable_irq, synchronize_irq: thread; the other two: any but NMI. Too many enable_irq() WARN.
 */
void disable_irq(unsigned int irq);
void disable_irq_nosync(unsigned int irq);
void enable_irq(unsigned int irq);
void synchronize_irq(unsigned int irq);

/* ---- Softirqs: on the way out of an interrupt or of local_bh_enable(), on the CPU that raised them, interrupts on. */

enum {
	HI_SOFTIRQ = 0,
	TIMER_SOFTIRQ,
	NET_TX_SOFTIRQ,
	NET_RX_SOFTIRQ,
	BLOCK_SOFTIRQ,
	IRQ_POLL_SOFTIRQ,
	TASKLET_SOFTIRQ,
	SCHED_SOFTIRQ,
	HRTIMER_SOFTIRQ,
	RCU_SOFTIRQ,
	NR_SOFTIRQS,
};

extern const char *const softirq_to_name[NR_SOFTIRQS];

struct softirq_action {
	void (*action)(struct softirq_action *);
};

/* One bit per softirq, set when it is wanted. This CPU's only, interrupts off to change. */
DECLARE_PER_CPU(u32, __softirq_pending);
#define local_softirq_pending()	this_cpu_read(__softirq_pending)

/* open_softirq: what nr does. At boot, once each. */
void open_softirq(int nr, void (*action)(struct softirq_action *));

/*
 * raise_softirq: let nr run soon on this CPU. In an interrupt: on its way out; in a thread: ksoftirqd is woken.
 * raise_softirq_irqoff: when interrupts are off already. __raise_softirq_irqoff: and no thread is to be woken.
 * Context: any but NMI.
 */
void raise_softirq(unsigned int nr);
void raise_softirq_irqoff(unsigned int nr);
void __raise_softirq_irqoff(unsigned int nr);

/* do_softirq: run what is pending, now, unless in an interrupt. Context: thread. */
void do_softirq(void);

void softirq_init(void);

/* How often softirq nr has run on cpu. */
unsigned long softirq_count_of(int cpu, unsigned int nr);
/* How long they have run on cpu, in ns, while it was idle otherwise or while a thread ran. Context: any. */
u64 softirq_time_of(int cpu, bool idle);

/*
 * ksoftirqd/N: takes over on a CPU where softirqs keep coming, so that threads get their share. Whoever makes the
 * threads (kernel/cpu.c) keeps them here and says how to wake one (wake_up_process). Until then the next interrupt
 * carries on. The thread's loop is: sleep until ksoftirqd_should_run(cpu); run_ksoftirqd(cpu).
 * softirq_dead_cpu: this CPU takes over the tasklets of one that is offline. Context: thread.
 */
DECLARE_PER_CPU(struct task_struct *, ksoftirqd);
void softirq_set_waker(int (*wake)(struct task_struct *));
int softirq_dead_cpu(unsigned int cpu);
int ksoftirqd_should_run(unsigned int cpu);
void run_ksoftirqd(unsigned int cpu);

/* ---- Tasklets: a function run once, soon, in a softirq; never on two CPUs at a time. */

struct tasklet_struct {
	struct tasklet_struct *next;
	unsigned long state;		/* TASKLET_STATE_*, atomic. ORDER(tasklet-run) */
	atomic_t count;			/* disabled while not 0 */
	bool use_callback;
	union {
		void (*func)(unsigned long data);
		void (*callback)(struct tasklet_struct *t);
	};
	unsigned long data;
};

enum {
	TASKLET_STATE_SCHED,	/* on a CPU's list */
	TASKLET_STATE_RUN,	/* its function is running */
};

#define DECLARE_TASKLET(name, _callback) \
	struct tasklet_struct name = { .count = ATOMIC_INIT(0), .callback = _callback, .use_callback = true }
#define DECLARE_TASKLET_DISABLED(name, _callback) \
	struct tasklet_struct name = { .count = ATOMIC_INIT(1), .callback = _callback, .use_callback = true }
#define DECLARE_TASKLET_OLD(name, _func) \
	struct tasklet_struct name = { .count = ATOMIC_INIT(0), .func = _func }
#define DECLARE_TASKLET_DISABLED_OLD(name, _func) \
	struct tasklet_struct name = { .count = ATOMIC_INIT(1), .func = _func }
#define from_tasklet(var, callback_tasklet, tasklet_fieldname) \
	container_of(callback_tasklet, typeof(*var), tasklet_fieldname)

/* tasklet_setup: callback(t). tasklet_init: the older form, func(data). On a tasklet that is not scheduled. */
void tasklet_setup(struct tasklet_struct *t, void (*callback)(struct tasklet_struct *));
void tasklet_init(struct tasklet_struct *t, void (*func)(unsigned long), unsigned long data);

/* tasklet_schedule: run it once, here; nothing if it is scheduled. _hi_: before others. Context: any but NMI. */
void __tasklet_schedule(struct tasklet_struct *t);
void __tasklet_hi_schedule(struct tasklet_struct *t);

static inline void tasklet_schedule(struct tasklet_struct *t)
{
	if (!test_and_set_bit(TASKLET_STATE_SCHED, &t->state))
		__tasklet_schedule(t);
}

static inline void tasklet_hi_schedule(struct tasklet_struct *t)
{
	if (!test_and_set_bit(TASKLET_STATE_SCHED, &t->state))
		__tasklet_hi_schedule(t);
}

/*
 * tasklet_disable: it does not run when this returns, until tasklet_enable(); they nest. Not from the tasklet itself.
 * tasklet_disable_nosync: does not wait for one that is running. tasklet_unlock_wait: only waits.
 * tasklet_kill: it is not scheduled and does not run when this returns. It must not be disabled, nor keep scheduling
 * itself. Context: thread, may sleep; WARNs in an interrupt.
 */
void tasklet_unlock_wait(struct tasklet_struct *t);
void tasklet_kill(struct tasklet_struct *t);
static inline int tasklet_trylock(struct tasklet_struct *t)
{
	return !test_and_set_bit(TASKLET_STATE_RUN, &t->state);
}
static inline void tasklet_disable_nosync(struct tasklet_struct *t)
{
	atomic_inc(&t->count);
	smp_mb__after_atomic();	/* ORDER(tasklet-disable): a runner sees the count before we look at its RUN bit */
}
static inline void tasklet_disable(struct tasklet_struct *t)
{
	tasklet_disable_nosync(t);
	tasklet_unlock_wait(t);
}
#define tasklet_disable_in_atomic(t)	tasklet_disable(t)
static inline void tasklet_enable(struct tasklet_struct *t)
{
	smp_mb__before_atomic();	/* ORDER(tasklet-disable): what the disabler did is seen by the next run */
	atomic_dec(&t->count);
}
