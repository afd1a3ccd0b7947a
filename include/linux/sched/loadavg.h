/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The load average: how many threads run, want to, or sleep uninterruptibly, averaged over 1, 5 and 15 minutes.
 * Fixed-point numbers with FSHIFT bits behind the point: LOAD_INT(x) and LOAD_FRAC(x), two decimals, for printing.
 * Semantics: Linux's; /proc/loadavg shows them.
 */
#define FSHIFT		11
#define FIXED_1		(1 << FSHIFT)
#define LOAD_FREQ	(5 * HZ + 1)	/* not quite 5 s, so that what comes every second is not always met */
#define EXP_1		1884		/* FIXED_1 / e^(5 s / 1 min) */
#define EXP_5		2014
#define EXP_15		2037
#define LOAD_INT(x)	((x) >> FSHIFT)
#define LOAD_FRAC(x)	LOAD_INT(((x) & (FIXED_1 - 1)) * 100)

/*
 * get_avenrun: the three averages, (each + offset) << shift. Context: any.
 * calc_load, calc_load_n: one step of an average, or n with the same number of active threads (<< FSHIFT).
 */
void get_avenrun(unsigned long *loads, unsigned long offset, int shift);
unsigned long calc_load(unsigned long load, unsigned long exp, unsigned long active);
unsigned long calc_load_n(unsigned long load, unsigned long exp, unsigned long active, unsigned int n);
/* For the tick: a step is due now and then. Context: any but NMI. */
void calc_global_load(void);
