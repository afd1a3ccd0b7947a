/* SPDX-License-Identifier: MIT */
/*
 * The machine's clocks: the time stamp counter that all time is read from, the
 * local APIC's timer that wakes a CPU up, and the battery clock. The kernel's
 * clocks are built on them: ktime_get() and friends in <linux/timekeeping.h>.
 */
#pragma once

#include <linux/types.h>

/* Ticks per millisecond of the TSC; 0 until time_init(), then constant. */
extern unsigned int tsc_khz;

/* Ticks per millisecond of the local APIC timer, which divides by 1. Constant after time_init(). */
extern unsigned int lapic_timer_khz;

/*
 * tsc_delay: wait for at least @usecs microseconds, by the TSC; before time_init()
 * a speed of 4 GHz is supposed. Only for the machine floor: others use udelay().
 * Context: any.
 */
void tsc_delay(u64 usecs);

/*
 * time_init: measure the TSC and the local APIC timer against all the clocks of
 * known speed that are there; log what was believed and why.
 * Context: boot CPU, interrupts off, after apic_init(). Takes about 10 ms.
 */
void time_init(void);

/* time_init_cpu: let this CPU's timer send LOCAL_TIMER_VECTOR; it is stopped. Context: interrupts off. */
void time_init_cpu(void);

/*
 * clockevent_program: LOCAL_TIMER_VECTOR shall come on this CPU once, in
 * @delta_ns nanoseconds; it replaces what was programmed. 0 is "at once". What
 * is further than the hardware counts (some seconds) comes early: the receiver
 * must look at the clock, and program the rest.
 * Context: preemption off.
 */
void clockevent_program(u64 delta_ns);

/*
 * read_persistent_clock: the battery clock, as seconds since 1970-01-01 UTC (it
 * is taken to run in UTC); 0 if it makes no sense.
 * Context: boot or thread; reads slow ports, up to some milliseconds.
 */
u64 read_persistent_clock(void);
