/* SPDX-License-Identifier: MIT */
#pragma once
/* Private to the two watchdogs: watchdog.c has the CPU's own tick, watchdog_buddy.c its neighbour. */

/* After how many ticks without an interrupt a hard lockup is reported; a soft one after twice as many. 0: never. */
extern unsigned int watchdog_ticks;

/* What may keep the current thread from being preempted: the end of a sentence. Context: any, preemption off. */
const char *watchdog_reason(void);

/* A CPU's signs of life: its ticks, and what touch_nmi_watchdog() counts as one. */
unsigned long watchdog_beats(unsigned int cpu);
