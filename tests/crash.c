/* SPDX-License-Identifier: MIT */
/*
 * The deaths: each of these takes a thread or the machine down on purpose, so `all` leaves them out. They are
 * asked for by name, one a boot (test=crash.panic), and the host looks at what is reported: expect/crash.t.
 * A thread that dies must not take the machine along: those tests go on to see that it lives.
 */
#include "test.h"

#include <linux/bug.h>
#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/panic.h>
#include <linux/preempt.h>
#include <linux/sched/task.h>
#include <linux/smp.h>
#include <linux/timer.h>
#include <asm/irqflags.h>

static volatile int sink;

static int write_to_null(void *data)
{
	asm volatile("movl $1, (%0)" : : "r"(data) : "memory");
	return 0;
}

/* The claim is about the CPU's exception, not about what UBSAN says before it. */
static __attribute__((no_sanitize("undefined"))) int divide_by_zero(void *data)
{
	int zero = 0, dividend = 1;

	/* Both unknown to the compiler: 1 / x is something that it can answer without dividing. */
	asm volatile("" : "+r"(zero), "+r"(dividend));
	sink = dividend / zero;
	return 0;
}

static int run_ud2(void *data)
{
	asm volatile("ud2");
	return 0;
}

static int hit_a_bug(void *data)
{
	BUG_ON(data == NULL);
	return 0;
}

static int jump_to_null(void *data)
{
	int (*fn)(void) = data;

	asm volatile("" : "+r"(fn));
	return fn();
}

static int write_to_code(void *data)
{
	asm volatile("movb $0x90, (%0)" : : "r"(run_tests) : "memory");
	return 0;
}

static int run_data(void *data)
{
	static unsigned char code[] = { 0xc3 };		/* ret */
	void (*fn)(void) = (void (*)(void))code;

	asm volatile("" : "+r"(fn));
	fn();
	return 0;
}

#pragma GCC diagnostic push
#if defined(__clang__)
#pragma GCC diagnostic ignored "-Winfinite-recursion"
#elif __GNUC__ >= 12
#pragma GCC diagnostic ignored "-Winfinite-recursion"
#endif
static noinline int recurse(int depth)
{
	volatile char frame[256];

	frame[0] = depth;
	return recurse(depth + 1) + frame[0];
}
#pragma GCC diagnostic pop

static int overflow_the_stack(void *data)
{
	return recurse(0);
}

static int ends_well(void *data)
{
	return 4;
}

/* Lets a thread die of fn and looks whether the others live: one more is made, runs and ends. */
static const char *only_the_thread_dies(int (*fn)(void *), const char *name)
{
	struct task_struct *p = kthread_create(fn, NULL, "%s", name);

	EXPECT(!IS_ERR(p));
	get_task_struct(p);
	wake_up_process(p);
	EXPECT(eventually(READ_ONCE(p->exit_state)));
	put_task_struct(p);
	p = kthread_create(ends_well, NULL, "test/after");
	EXPECT(!IS_ERR(p));
	get_task_struct(p);
	wake_up_process(p);
	EXPECT(eventually(READ_ONCE(p->exit_state)));
	EXPECT_EQ(test_join(p), 4);
	return NULL;
}

TEST(null_pointer, .by_name = true)
{
	return only_the_thread_dies(write_to_null, "test/null");
}

TEST(divide, .by_name = true)
{
	return only_the_thread_dies(divide_by_zero, "test/divide");
}

TEST(invalid_opcode, .by_name = true)
{
	return only_the_thread_dies(run_ud2, "test/ud2");
}

TEST(bug, .by_name = true)
{
	return only_the_thread_dies(hit_a_bug, "test/bug");
}

TEST(null_jump, .by_name = true)
{
	return only_the_thread_dies(jump_to_null, "test/jump");
}

TEST(write_to_code_page, .by_name = true)
{
	return only_the_thread_dies(write_to_code, "test/wx");
}

TEST(run_data_page, .by_name = true)
{
	return only_the_thread_dies(run_data, "test/nx");
}

TEST(stack_overflow, .by_name = true)
{
	return only_the_thread_dies(overflow_the_stack, "test/deep");
}

TEST(many_oopses, .by_name = true)
{
	int i;

	for (i = 0; i < 20; i++)
		TRY(only_the_thread_dies(i & 1 ? write_to_null : overflow_the_stack, "test/many"));
	return NULL;
}

/* A breakpoint is reported, and the thread goes on. */
TEST(breakpoint, .by_name = true)
{
	asm volatile("int3");
	return NULL;
}

/* ---- the machine goes down ---- */

TEST(panic, .by_name = true)
{
	panic("a test wants it so: %d", 42);
}

static const char *panic_at_once(struct crew *c, int who)
{
	panic("CPU %d gives up", smp_processor_id());
}

/* All CPUs panic in the same moment: one reports, none is heard in between. */
TEST(panic_on_all_cpus, .by_name = true)
{
	struct crew c = { .fn = panic_at_once, .n = num_online_cpus(), .bound = true };

	return crew_run(&c);
}

/* An oops where no thread can be killed without harm. */
TEST(null_pointer_with_preemption_off, .by_name = true)
{
	preempt_disable();
	write_to_null(NULL);
	return NULL;
}

static void null_in_interrupt(void *data)
{
	write_to_null(NULL);
}

TEST(null_pointer_in_interrupt, .by_name = true)
{
	on_each_cpu(null_in_interrupt, NULL, 1);
	return NULL;
}

static void wait_a_little(struct timer_list *unused)
{
	schedule_timeout_uninterruptible(1);
}

/* The commonest way to sleep where it is forbidden; the sleeper's stack would be the CPU's. */
TEST(sleep_in_a_timer, .by_name = true)
{
	static DEFINE_TIMER(timer, wait_a_little);

	mod_timer(&timer, jiffies + 1);
	schedule_timeout_uninterruptible(HZ);
	return NULL;
}

TEST(stack_overflow_with_preemption_off, .by_name = true)
{
	preempt_disable();
	recurse(0);
	return NULL;
}

/* Never ends: the host must notice that, and this suite's limit too. */
TEST(hang, .by_name = true, .limit = 5)
{
	schedule_timeout_uninterruptible(MAX_SCHEDULE_TIMEOUT);
	return NULL;
}
