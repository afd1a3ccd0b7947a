/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What the modules of this folder share: saying things so that two kernels' logs can be compared.
 *
 * Each module is about one promise of the API. It says what it asked and what the answer was, one line each; nothing
 * that depends on the machine, on the time or on who happens to be first. Where Linux itself leaves an order open, the
 * lines begin with ~ (say_any_order): consecutive ones are sorted before they are compared.
 *
 * Directives for tools/conformance stand in a comment of the module:
 *	judge: params a=1 b=2		arguments of insmod
 *	judge: wait 100			milliseconds between insmod and rmmod
 *	judge: until "text"		wait until it has said that
 *	judge: needs other		load that module first, unload it last
 *	judge: run ps -ef | grep me	a command between them, in both shells; what it prints is compared, too
 *	judge: any order "text"		consecutive lines with that text are sorted, as those with ~ are
 *	judge: differs "text": why	lines with this text are not compared; docs/from-linux.md has the reason, too
 *	judge: not on Linux: why	Linux does not survive it; only Bobbin runs it
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched.h>

#define say(fmt, ...)		pr_info(fmt "\n", ##__VA_ARGS__)
#define say_any_order(fmt, ...)	pr_info("~" fmt "\n", ##__VA_ARGS__)

/* ask: the expression as it is written, and its value. */
#define ask(expr)		say("%s = %lld", #expr, (long long)(expr))
#define ask_hex(expr)		say("%s = 0x%llx", #expr, (unsigned long long)(expr))
#define ask_text(expr)		say("%s = \"%s\"", #expr, (expr))
/* Of a pointer only whether it is one, and which error. */
#define ask_pointer(expr) do { \
	const void *_p = (const void *)(expr); \
	say("%s = %s", #expr, !_p ? "NULL" : IS_ERR(_p) ? "an error" : "a pointer"); \
	if (IS_ERR(_p)) \
		say("... %pe", _p); \
} while (0)

/* Until kthread_stop(), whose wake-up ends a sleep of any of these kinds; parks when it is asked to. */
static __always_inline int sleeps_as(unsigned int state)
{
	while (!kthread_should_stop()) {
		set_current_state(state);
		if (!kthread_should_stop() && !kthread_should_park())
			schedule();
		__set_current_state(TASK_RUNNING);
		if (kthread_should_park())
			kthread_parkme();
	}
	return 0;
}

/* promise(fn): fn() is run when the module is loaded. */
#define promise(fn) \
	static int __init promise_init(void) { fn(); return 0; } \
	static void __exit promise_exit(void) { } \
	module_init(promise_init); \
	module_exit(promise_exit); \
	MODULE_LICENSE("GPL")
