/* SPDX-License-Identifier: MIT */
/*
 * The end of the kernel: panic(), and the marks ("taint") that tell a reader of a report what happened before.
 * A thread that broke a rule gets a WARN or an oops (<linux/bug.h>); panic() is for when going on would do harm.
 */
#pragma once

#include <linux/types.h>
#include <linux/compiler.h>

struct pt_regs;

/*
 * Say why, show the backtrace, stop all other CPUs, bring the log to the consoles, then do what "panic=" says:
 * 0 (default) stay halted, N > 0 reboot after N seconds, below 0 reboot at once, "exit" leave QEMU with status 37.
 * If several CPUs panic, one reports and the others wait to be stopped. Context: any. Never returns.
 */
__printf(1, 2) __noreturn __cold void panic(const char *fmt, ...);

/* panic() from an NMI: does nothing if this CPU is already panicking. */
__printf(2, 3) void nmi_panic(struct pt_regs *regs, const char *fmt, ...);

#define PANIC_CPU_INVALID	-1
extern int panic_cpu;		/* the CPU that panics, or PANIC_CPU_INVALID; set once, atomically */
extern int panic_on_oops;	/* "oops=panic": an oops is a panic */
extern int panic_on_warn;	/* "panic_on_warn": so is a warning */
extern int oops_in_progress;	/* an oops or a panic is being reported */

static inline bool panic_in_progress(void)
{
	return unlikely(READ_ONCE(panic_cpu) != PANIC_CPU_INVALID);
}

/*
 * Around the report of an oops, by traps.c: the second lets every level reach the console, the other ends the report
 * with its "---[ end trace" line. Several oopses at once queue up, for a bounded time.
 * Context: any.
 */
void oops_enter(void);
void oops_exit(void);

/*
 * report_enter, report_exit: around a report of several lines, so that those of two CPUs do not mix: the next waits,
 * for a bounded time. They nest. Context: any, NMI included; preemption off.
 */
void report_enter(void);
void report_exit(void);

/* Taint flags: Linux's numbers and letters. */
#define TAINT_PROPRIETARY_MODULE	0	/* P, else G */
#define TAINT_FORCED_MODULE		1	/* F */
#define TAINT_FORCED_RMMOD		3	/* R */
#define TAINT_USER			6	/* U */
#define TAINT_DIE			7	/* D: there was an oops */
#define TAINT_WARN			9	/* W: there was a warning */
#define TAINT_OOT_MODULE		12	/* O: a module from outside the tree */
#define TAINT_UNSIGNED_MODULE		13	/* E */
#define TAINT_SOFTLOCKUP		14	/* L */
#define TAINT_TEST			18	/* N: a test was run */
#define TAINT_FLAGS_COUNT		19

enum lockdep_ok { LOCKDEP_STILL_OK, LOCKDEP_NOW_UNRELIABLE };

void add_taint(unsigned int flag, enum lockdep_ok lockdep_ok);
int test_taint(unsigned int flag);
unsigned long get_taint(void);

/* "Not tainted", or "Tainted: G        W", for the head of a report. The string is static. Context: any. */
const char *print_tainted(void);
