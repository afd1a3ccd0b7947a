/* SPDX-License-Identifier: MIT */
/*
 * The command `misuse`: a thread that does what a CPU refuses, or what the allocator notices; and how threads end.
 *
 * A thread that faults is ended where it stands; what it held is named. Read next: arch/x86/traps.c, mm/slab_report.c.
 */
#define MISUSE_SUBJECT "faults: the thread is ended"
#include "misuse.h"
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/mutex.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/sched/sysctl.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/string.h>

/* Hides from the compiler what it would warn of, or leave out. */
#define HIDE(x)	asm volatile("" : "+r"(x))

/* ---- faults ---- */

static int null_pointer(void)
{
	int *p = NULL;

	HIDE(p);
	*p = 1;
	return 0;
}

static int provoke_null_pointer(void)
{
	return misuse_run(null_pointer, "null");
}
MISUSE("null-pointer", provoke_null_pointer, "a write through a null pointer");

static int wake_an_error(void)
{
	return wake_up_process(ERR_PTR(-ENOMEM));
}

static int provoke_error_as_pointer(void)
{
	return misuse_run(wake_an_error, "error");
}
MISUSE("error-as-pointer", provoke_error_as_pointer, "waking a thread that could not be made");

static int wild_pointer(void)
{
	unsigned long address = 0xffffc123456789a0;

	HIDE(address);
	return *(int *)address;
}

static int provoke_wild_pointer(void)
{
	return misuse_run(wild_pointer, "wild");
}
MISUSE("wild-pointer", provoke_wild_pointer, "a read through a pointer that was never set");

static int null_function(void)
{
	int (*fn)(void) = NULL;

	HIDE(fn);
	return fn();
}

static int provoke_null_function(void)
{
	return misuse_run(null_function, "null-call");
}
MISUSE("null-function", provoke_null_function, "a call through a null function pointer");

static int divide_by_zero(void)
{
	int zero = 0, one = 1;

	HIDE(zero);
	HIDE(one);
	return one / zero;
}

static int provoke_divide_by_zero(void)
{
	return misuse_run(divide_by_zero, "divide");
}
MISUSE("divide-by-zero", provoke_divide_by_zero, "a division by zero");

static int write_to_const(void)
{
	static const int answer = 42;
	const int *p = &answer;

	HIDE(p);
	*(int *)p = 43;
	return 0;
}

static int provoke_write_to_const(void)
{
	return misuse_run(write_to_const, "const");
}
MISUSE("write-to-const", provoke_write_to_const, "a write to a const variable, which is read-only");

static int run_data(void)
{
	static unsigned char code[] = { 0xc3 };		/* ret */
	void (*fn)(void) = (void (*)(void))code;

	HIDE(fn);
	fn();
	return 0;
}

static int provoke_run_data(void)
{
	return misuse_run(run_data, "data");
}
MISUSE("run-data", provoke_run_data, "a call into an array of bytes: data is not executable");

static noinline int deeper(int depth)
{
	volatile char frame[256];

	frame[0] = depth;
	return depth ? deeper(depth - 1) + frame[0] : 0;
}

static int overflow_stack(void)
{
	return deeper(1000000);
}

static int provoke_overflow_stack(void)
{
	return misuse_run(overflow_stack, "deep");
}
MISUSE("stack-overflow", provoke_overflow_stack, "a recursion that is deeper than the stack");

static DEFINE_MUTEX(door);

static int die_holding(void)
{
	mutex_lock(&door);
	return null_pointer();
}

static int provoke_die_holding(void)
{
	static bool done;

	if (done)
		return -EALREADY;	/* it stays locked for good */
	done = true;
	return misuse_run(die_holding, "owner");
}
MISUSE("die-with-mutex", provoke_die_holding, "a fault with a mutex held: it is named, and stays locked");

/* ---- memory ---- */

#undef MISUSE_SUBJECT
#define MISUSE_SUBJECT "memory of kmalloc()"

static int overrun(void)
{
	char *p = kmalloc(20, GFP_KERNEL);

	if (!p)
		return -ENOMEM;
	HIDE(p);
	memset(p, 'x', 21);
	kfree(p);
	return 0;
}
MISUSE("overrun", overrun, "21 bytes written to 20 bytes of kmalloc()");

static int double_free(void)
{
	char *p = kmalloc(20, GFP_KERNEL), *again = p;

	if (!p)
		return -ENOMEM;
	HIDE(again);
	kfree(p);
	kfree(again);
	return 0;
}
MISUSE("double-free", double_free, "kfree() of what is free already");

/* The allocator looks when it gives the object out again: here, after some others of this cache. */
static int use_after_free(void)
{
	struct kmem_cache *s = kmem_cache_create("misuse", 200, 0, 0, NULL);
	char *p[64], *stale;
	int i;

	stale = s ? kmem_cache_alloc(s, GFP_KERNEL) : NULL;
	if (!stale) {
		kmem_cache_destroy(s);
		return -ENOMEM;
	}
	kmem_cache_free(s, stale);
	HIDE(stale);
	stale[16] = 'x';
	for (i = 0; i < ARRAY_SIZE(p); i++)
		p[i] = kmem_cache_alloc(s, GFP_KERNEL);
	while (i--)
		if (p[i])
			kmem_cache_free(s, p[i]);
	kmem_cache_destroy(s);
	return 0;
}
MISUSE("use-after-free", use_after_free, "a write to memory after its kfree()");

static int bad_free(void)
{
	char *p = kmalloc(20, GFP_KERNEL), *middle = p + 4;

	if (!p)
		return -ENOMEM;
	HIDE(middle);
	kfree(middle);
	kfree(p);
	return 0;
}
MISUSE("bad-free", bad_free, "kfree() of a pointer into the middle of an object");

/* ---- preemption ---- */

#undef MISUSE_SUBJECT
#define MISUSE_SUBJECT "atomic context"

static int leave_preemption_off(void *unused)
{
	preempt_disable();
	return 0;
}

static int unbalanced_preempt(void)
{
	return misuse_run_thread(leave_preemption_off, "atomic");
}
MISUSE("unbalanced-preempt", unbalanced_preempt, "preempt_disable() without preempt_enable()");

static int schedule_while_atomic(void)
{
	preempt_disable();
	schedule();
	preempt_enable();
	return 0;
}
MISUSE("schedule-atomic", schedule_while_atomic, "schedule() with preemption disabled");

/* ---- stopping ---- */

#undef MISUSE_SUBJECT
#define MISUSE_SUBJECT "a thread's life"

static int stop_itself(void)
{
	kthread_stop(current);
	return 0;
}

static int provoke_stop_itself(void)
{
	return misuse_run(stop_itself, "suicidal");
}
MISUSE("stop-itself", provoke_stop_itself, "kthread_stop() of the caller");

static int stop_no_kthread(void)
{
	kthread_stop(&init_task);
	return 0;
}
MISUSE("stop-no-kthread", stop_no_kthread, "kthread_stop() of a thread that kthread_create() has not made");

/* The only thread that does not look at kthread_should_stop(). */
static bool deaf_runs, deaf_may_end;

static int never_look(void *unused)
{
	WRITE_ONCE(deaf_runs, true);
	while (!READ_ONCE(deaf_may_end))
		schedule_timeout_uninterruptible(1);
	return 0;
}

static int stop_and_wait(void *deaf)
{
	return kthread_stop(deaf);
}

/* Who stops it is the one that is found waiting, and reported. */
static int stop_deaf_thread(void)
{
	struct task_struct *deaf, *stopper;

	deaf_runs = deaf_may_end = false;
	deaf = misuse_start(never_look, NULL, "deaf");
	if (IS_ERR(deaf))
		return PTR_ERR(deaf);
	while (!READ_ONCE(deaf_runs))
		msleep(1);	/* stopped before it has begun, it would never do so */
	stopper = misuse_start(stop_and_wait, deaf, "stopper");
	if (!IS_ERR(stopper)) {
		hung_task_watch(100);
		for (int i = 0; i < 500 && !READ_ONCE(stopper->hung_told); i++)
			msleep(20);
		hung_task_watch(0);
	}
	WRITE_ONCE(deaf_may_end, true);
	if (!IS_ERR(stopper))
		misuse_finish(stopper);
	misuse_finish(deaf);
	return PTR_ERR_OR_ZERO(stopper);
}
MISUSE("stop-deaf-thread", stop_deaf_thread, "kthread_stop() of a thread that never looks at kthread_should_stop()");
