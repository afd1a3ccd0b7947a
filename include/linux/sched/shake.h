/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Shaking: a run whose timing is disturbed on purpose, from a seed. At named points of the kernel a shaken run may
 * delay or give the CPU up, and the timer forces preemptions at instructions the seed chooses. Off, it costs a test of
 * one word; it is on for `seed=N` on the command line, and the same seed disturbs the same way (under icount).
 */
#include <linux/compiler.h>
#include <linux/types.h>

/* seed=N of the command line: which of the possible runs this shall be. 0: undisturbed. Constant after boot. */
extern u32 run_seed;

extern int shake_enabled;

void __shake_point(void);

/* A place where timing matters. Context: any. */
static __always_inline void shake_point(void)
{
	if (unlikely(shake_enabled))
		__shake_point();
}

/* Start or stop. Context: thread. */
void shake_start(unsigned long seed);
void shake_stop(void);
/* This CPU has come up: it is shaken, too, if the others are. */
void shake_cpu_online(void);
/* The forced interrupt has come: preempt whatever runs here, then ask for the next. Interrupts off. */
void shake_interrupt(void);
