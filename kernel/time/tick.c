/* SPDX-License-Identifier: MIT */
/*
 * The tick, and the one hardware timer that each CPU has.
 *
 * Several things want to be woken at a time: the tick (next_tick, a multiple of TICK_NSEC, so that jiffies change
 * exactly then), the first hrtimer, a forced interrupt of a test, and, on an idle CPU, the first timer of the wheel,
 * which otherwise waits for a tick. The hardware is set for the earliest. `armed` says for when:
 *
 *	armed <= everything this CPU waits for		always, but inside the timer interrupt
 *
 * The hardware may be set too early, never too late. So only what comes before `armed` touches the hardware
 * (tick_program()); a timer that is cancelled or put off does not, nor does an idle CPU drop the tick that is already
 * set: the interrupt comes, finds nothing due, and sets the hardware anew. One interrupt too many now and then is
 * cheaper than two device writes on each of the many short naps of a CPU.
 *
 *	 busy ------ tick_nohz_idle_enter ----->  idle (stopped)
 *	  |  ^						|
 *	 tick '------- tick_nohz_idle_exit -----------------'
 *
 * Idle: next_tick is never. Every interrupt of an idle CPU brings jiffies up to date first (tick_irq_enter), for nobody
 * may have done so for hours, and on its way back looks whether it has a new first timer (tick_irq_exit). A timer that
 * another CPU starts on the wheel of an idle one must get it out of its halt: wake_up_nohz_cpu() sends the reschedule
 * interrupt, whose way out is the same tick_irq_exit. No kick can be lost: the wheel's lock is held by who marks it
 * idle and looks at its first timer, and by who adds one and looks at the mark; and an interrupt that comes between the
 * look and the halt ends the halt (sti; hlt).
 *
 * An interrupt storm: timers that restart themselves faster than they can be served would let nothing else run.
 * hrtimers_run() says so and stops; then the next interrupt is put off by as long as this one took.
 *
 * With skew_tick=1 on the command line the CPUs do not tick at the same instant: each one its share of the tick later
 * than the CPU before it. They then do not meet at the same locks; and under QEMU's icount, where CPUs take turns on
 * one thread of the host, each gets a turn of its own. Ticking all at once, the first to set its timer again has the
 * earliest one of the machine and loses its turn for that; when it comes on, the next tick is due already, and it may
 * do one instruction between two ticks for many ticks. The price: jiffies change up to a tick late for who reads them
 * on a busy CPU, so it is off unless asked for.
 *
 * All of this is the CPU's own, with interrupts off; no lock.
 *
 * Rejected: a tick that is an hrtimer itself, as in Linux. It saves a field here and costs a tree operation per tick.
 *
 * Next: timer.c and hrtimer.c, what is due; softirq.c, where the wheel's timers run.
 */
#include <linux/tick.h>
#include <linux/bug.h>
#include <linux/cpumask.h>
#include <linux/hrtimer.h>
#include <linux/init.h>
#include <linux/irq.h>
#include <linux/irqflags.h>
#include <linux/jiffies.h>
#include <linux/kstrtox.h>
#include <linux/lockdep.h>
#include <linux/minmax.h>
#include <linux/percpu.h>
#include <linux/smp.h>
#include <linux/timekeeping.h>
#include <linux/timer.h>
#include <linux/upcall.h>
#include <trace/events/ipi.h>
#include <asm/irq_vectors.h>
#include <asm/tsc.h>

#define NEVER	((u64)KTIME_MAX)

struct tick_cpu {
	u64		armed;		/* the hardware is set for this time or one before; 0 inside the interrupt */
	u64		next_tick;	/* NEVER while stopped */
	u64		forced;
	bool		stopped;	/* idle */
	unsigned long	interrupts;
	unsigned long	ticks;
};

static DEFINE_PER_CPU(struct tick_cpu, tick_cpu);
static void (*forced_handler)(void);

/* What this CPU waits for beside timers. There is nothing to preempt in an idle one: a forced interrupt waits, too. */
static u64 tick_or_forced(const struct tick_cpu *tc)
{
	return tc->stopped ? NEVER : min(tc->next_tick, tc->forced);
}

static bool skewed;	/* constant once the command line was read */

static int __init set_skew(char *arg)
{
	return kstrtobool(arg, &skewed);
}
early_param("skew_tick", set_skew);

static u64 tick_after(u64 now)
{
	u64 skew = skewed ? TICK_NSEC * smp_processor_id() / nr_cpu_ids : 0;

	return (now + TICK_NSEC - skew) / TICK_NSEC * TICK_NSEC + skew;
}

static void program(struct tick_cpu *tc, u64 expires, u64 now)
{
	if (expires >= tc->armed)
		return;
	tc->armed = expires;
	clockevent_program(expires > now ? expires - now : 0);
}

void tick_program(u64 expires)
{
	struct tick_cpu *tc = this_cpu_ptr(&tick_cpu);

	if (expires < tc->armed)
		program(tc, expires, ktime_get());
}

static void do_tick(struct tick_cpu *tc, u64 now)
{
	tc->ticks++;
	tc->next_tick = tick_after(now);
	jiffies_refresh();
	scheduler_tick();
}

static void run_forced(struct tick_cpu *tc)
{
	void (*handler)(void) = READ_ONCE(forced_handler);

	tc->forced = NEVER;
	if (handler)
		handler();
}

static void look_what_is_due(void)
{
	struct tick_cpu *tc = this_cpu_ptr(&tick_cpu);
	u64 now = ktime_get(), not_before = 0;

	tc->interrupts++;
	tc->armed = 0;
	if (now >= tc->forced && !tc->stopped)
		run_forced(tc);
	if (!hrtimers_run(now))
		not_before = ktime_get() + min_t(u64, ktime_get() - now, 100 * NSEC_PER_MSEC);
	if (now >= tc->next_tick)
		do_tick(tc, now);
	timers_tick();

	tc->armed = NEVER;
	now = ktime_get();
	program(tc, max(not_before, min(tick_or_forced(tc), hrtimers_next_expiry())), now);
}

/* LOCAL_TIMER_VECTOR. Context: hard interrupt. */
static void tick_interrupt(void)
{
	trace_local_timer_entry(LOCAL_TIMER_VECTOR);
	look_what_is_due();
	trace_local_timer_exit(LOCAL_TIMER_VECTOR);
}

void tick_nohz_idle_enter(void)
{
	struct tick_cpu *tc = this_cpu_ptr(&tick_cpu);

	lockdep_assert_irqs_disabled();
	tc->stopped = true;
	tc->next_tick = NEVER;
	tick_program(timers_next_expiry());
}

void tick_nohz_idle_exit(void)
{
	struct tick_cpu *tc = this_cpu_ptr(&tick_cpu);

	lockdep_assert_irqs_disabled();
	if (!tc->stopped)
		return;
	tc->stopped = false;
	timers_idle_exit();
	jiffies_refresh();
	tc->next_tick = tick_after(ktime_get());
	tick_program(tick_or_forced(tc));
}

int tick_nohz_tick_stopped_cpu(int cpu)
{
	return READ_ONCE(per_cpu(tick_cpu, cpu).stopped);
}

void tick_irq_enter(void)
{
	if (this_cpu_read(tick_cpu.stopped))
		jiffies_refresh();
}

void tick_irq_exit(void)
{
	if (this_cpu_read(tick_cpu.stopped))
		tick_program(timers_next_expiry());
}

void wake_up_nohz_cpu(int cpu)
{
	if (cpu != smp_processor_id())
		smp_send_reschedule(cpu);
}

void tick_force_in(u64 ns)
{
	struct tick_cpu *tc;
	unsigned long flags;

	local_irq_save(flags);
	tc = this_cpu_ptr(&tick_cpu);
	tc->forced = ktime_get() + ns;
	tick_program(tc->forced);
	local_irq_restore(flags);
}

void tick_on_forced(void (*handler)(void))
{
	WRITE_ONCE(forced_handler, handler);
}

unsigned long tick_interrupts(int cpu)
{
	return READ_ONCE(per_cpu(tick_cpu, cpu).interrupts);
}

unsigned long tick_ticks(int cpu)
{
	return READ_ONCE(per_cpu(tick_cpu, cpu).ticks);
}

void tick_init_cpu(void)
{
	struct tick_cpu *tc = this_cpu_ptr(&tick_cpu);

	lockdep_assert_irqs_disabled();
	tc->stopped = false;
	tc->forced = NEVER;
	tc->armed = NEVER;
	tc->next_tick = tick_after(ktime_get());
	tick_program(tc->next_tick);
}

void tick_init(void)
{
	irq_set_system_vector(LOCAL_TIMER_VECTOR, tick_interrupt, "local timer");
	tick_init_cpu();
}
