/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The watchdogs: a CPU that does not schedule (soft lockup), one that takes no interrupts (hard lockup); and asking
 * CPUs for a backtrace by NMI, which reaches them whatever they do.
 *
 * Code that must keep a CPU for longer than that, and knows it, says so now and then by touch_*(). Nearly always the
 * right thing is cond_resched(), where nothing is held, or shorter pieces of work.
 * Semantics: Linux's Documentation/admin-guide/lockup-watchdogs.
 * Differs from Linux: no PMU, so a CPU's neighbour looks for hard lockups, and of one CPU alone none are found; a CPU
 * counts its own ticks, not time; watchdog_watch().
 */
#include <linux/types.h>

struct cpumask;

/*
 * Seconds until a hard lockup is reported, watchdog_thresh= on the command line; a soft one after twice as long. 0:
 * never. To be changed by watchdog_watch().
 */
extern int watchdog_thresh;

/* touch_softlockup_watchdog: this CPU is all right, begin to count anew. touch_nmi_watchdog: for hard lockups, too.
 * Context: any; preemption off, or it may be another CPU's. */
void touch_softlockup_watchdog(void);
void touch_nmi_watchdog(void);

/* watchdog_watch: report after so many milliseconds; 0: after watchdog_thresh seconds again. Context: thread. */
void watchdog_watch(unsigned int ms);

/*
 * trigger_*_cpu_backtrace: print what CPUs do at the moment, one after the other, by NMI: also those that have
 * interrupts off. Context: any but NMI. Return: false if somebody else is just doing that.
 */
bool trigger_cpumask_backtrace(const struct cpumask *mask);
bool trigger_all_cpu_backtrace(void);
bool trigger_allbutself_cpu_backtrace(void);
bool trigger_single_cpu_backtrace(int cpu);

/* The scheduler's: a tick came, and so many times has this CPU switched threads. Context: interrupts off. */
void watchdog_tick(unsigned long switches);

/* How many lockups have been reported. */
extern unsigned int softlockups_told, hardlockups_told;
