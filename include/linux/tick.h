/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The tick: each CPU's timer interrupt, HZ times a second while it has a thread to run, and not at all while it idles.
 * Drivers and threads want <linux/timer.h>, <linux/hrtimer.h> or <linux/delay.h> instead.
 */
#include <linux/types.h>

/*
 * tick_init: boot CPU, after timekeeping_init(), timers_init() and hrtimers_init(): the tick starts.
 * tick_init_cpu: every other CPU for itself, after time_init_cpu() and before its idle loop. Context: interrupts off.
 */
void tick_init(void);
void tick_init_cpu(void);

/*
 * tick_nohz_idle_enter: this CPU is about to halt: no tick, the timer is set for the next timer_list or hrtimer only.
 * Called before each halt. tick_nohz_idle_exit: it has a thread to run: jiffies are right again, and so is the tick.
 * Called once, when the idle loop has ended; after each halt would be a tick after each halt.
 * Context: the idle thread, interrupts off.
 */
void tick_nohz_idle_enter(void);
void tick_nohz_idle_exit(void);
/* Is that CPU idle, without a tick? Momentary. */
int tick_nohz_tick_stopped_cpu(int cpu);

/* tick_irq_enter, tick_irq_exit: an idle CPU was interrupted, and sleeps again. From irq_enter() and irq_exit(). */
void tick_irq_enter(void);
void tick_irq_exit(void);

/* tick_program: what this CPU waits for may have become earlier: see to its timer. Context: interrupts off. */
void tick_program(u64 expires);

/* wake_up_nohz_cpu: cpu may be idle and have a new first timer: let it look. Context: any but NMI. */
void wake_up_nohz_cpu(int cpu);

/*
 * tick_force_in: ask for one extra timer interrupt on this CPU, ns from now, for tests that preempt at a chosen
 * instruction. It calls what tick_on_forced() has set, interrupts off, and does nothing else; preemption then has its
 * chance. On an idle CPU it comes when the CPU wakes. A second request replaces the first. Context: any but NMI.
 */
void tick_force_in(u64 ns);
void tick_on_forced(void (*handler)(void));

/* How many timer interrupts, and how many ticks, this CPU has taken. For tests and statistics. Context: any. */
unsigned long tick_interrupts(int cpu);
unsigned long tick_ticks(int cpu);
