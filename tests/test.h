/* SPDX-License-Identifier: MIT */
/*
 * The test framework: one file is a suite, one TEST is a claim, and the test's name is the claim.
 *
 *	TEST(wait_no_wakeup_is_lost, .cpus = 2)
 *	{
 *		EXPECT(...);			returns "wait.c:12: ..." if it is not so
 *		return NULL;			the claim held
 *	}
 *
 * A body runs on a thread of its own, preemptible, on any CPU. It must leave nothing behind: the runner
 * (runner.c) compares threads, free pages, slab objects, preempt_count and the interrupt flag with what was before.
 */
#pragma once

#include <linux/types.h>
#include <linux/kernel.h>
#include <linux/compiler.h>
#include <linux/sched.h>
#include <linux/completion.h>
#include <linux/atomic.h>

struct test {
	const char *name;		/* the claim */
	const char *file;		/* the suite is this file's name */
	int line;
	const char *(*fn)(void);	/* NULL, or why the claim does not hold */

	unsigned int cpus;		/* skipped where fewer are online */
	unsigned int limit;		/* seconds until it is called a hang; 0 means TEST_LIMIT */
	const char *warns;		/* the claim provokes WARNs with this text: at least one, and no others */
	int slab_errors;		/* ... and this many reports by the slab allocator */
	const char *says;		/* text that the log must hold afterwards */
	bool cost;			/* it claims a number of instructions; skipped where checks are compiled in */
	bool by_name;			/* left out of test=all and of its suite: it takes the machine down */
};

#define TEST_LIMIT 300

/* Defines a test. Context of the body: a thread, may sleep. */
#define TEST(_name, ...)									\
	static const char *test_body_##_name(void);						\
	static const struct test test_of_##_name = {						\
		.name = #_name, .file = __FILE__, .line = __LINE__, .fn = test_body_##_name, __VA_ARGS__	\
	};											\
	static const struct test *const test_at_##_name						\
		__attribute__((used, section(".tests"))) = &test_of_##_name;			\
	static const char *test_body_##_name(void)

/* Makes a reason. Return: the text, good until the next test. Context: any thread. */
const char *test_fail(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Makes the running test fail, from any thread and any context. The first reason is kept. */
void test_blame(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Prints one KTAP diagnostic line ("# ..."): a measured number, for instance. */
void test_note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

const char *test_basename(const char *path);

#define EXPECT(cond)										\
	do {											\
		if (!(cond))									\
			return test_fail("%s:%d: not true: %s", test_basename(__FILE__),	\
					 __LINE__, #cond);					\
	} while (0)

/* EXPECT(a op b) for integers, with both values in the reason. */
#define EXPECT_OP(a, op, b)									\
	do {											\
		long long _a = (long long)(a), _b = (long long)(b);				\
		if (!(_a op _b))								\
			return test_fail("%s:%d: not true: %s %s %s (%lld, %lld)",		\
					 test_basename(__FILE__), __LINE__, #a, #op, #b, _a, _b); \
	} while (0)
#define EXPECT_EQ(a, b) EXPECT_OP(a, ==, b)

/* The same on a thread that has no one to return a reason to: blames, and goes on. */
#define BLAME_UNLESS(cond)									\
	do {											\
		if (!(cond))									\
			test_blame("%s:%d: not true: %s", test_basename(__FILE__), __LINE__, #cond); \
	} while (0)

/* Passes a reason on to the caller. */
#define TRY(expr)										\
	do {											\
		const char *_why = (expr);							\
		if (_why)									\
			return _why;								\
	} while (0)

/*
 * Starts fn(data) as a kthread, bound to `cpu` unless that is negative, and keeps a reference.
 * Return: never NULL or an error: it panics, because a test cannot go on without its threads.
 */
struct task_struct *test_start(int cpu, int (*fn)(void *), void *data, const char *name);

/* Stops the thread (it may have ended by itself), drops the reference. Return: what fn returned. */
int test_join(struct task_struct *p);

/* For fn of a thread that has nothing more to do: sleeps until test_join() asks it to end. */
int test_wait_for_stop(void);

/*
 * A crew: n threads leave a common start line together and run fn(crew, 0..n-1).
 * crew_run() returns when all of them have ended, with the first non-NULL reason.
 */
struct crew {
	const char *(*fn)(struct crew *c, int i);
	void *data;
	int n;
	bool bound;			/* thread i stays on CPU i modulo the number of CPUs */
	/* the rest is the crew's own */
	atomic_t at_line, next;
	struct completion ended;
	bool go;
	const char *why;
};
const char *crew_run(struct crew *c);

/*
 * Waits until cond holds, sleeping a tick between looks. False when it did not within test_patience
 * seconds: what would hang fails instead.
 */
#define TEST_PATIENCE 60
extern unsigned int test_patience;	/* TEST_PATIENCE, but for torture, where a thread may stand still for longer */
void test_nap(void);
unsigned long test_deadline(void);
bool test_deadline_passed(unsigned long deadline);
#define eventually(cond)									\
	({											\
		unsigned long _deadline = test_deadline();					\
		bool _held;									\
		while (!(_held = !!(cond)) && !test_deadline_passed(_deadline))			\
			test_nap();								\
		_held || (cond);								\
	})

/* True once p is asleep in a state of `states` and off its CPU. */
bool test_asleep(struct task_struct *p, unsigned int states);
#define TEST_ANY_SLEEP (TASK_INTERRUPTIBLE | TASK_UNINTERRUPTIBLE)

/* Spins for about that long, preemptible; not a sleep. */
void test_spin_ns(u64 ns);

/*
 * Where time is the host's: have more than some seconds passed since then? A test of many rounds may stop early there
 * and note how far it came; in virtual time it goes all the way.
 */
bool test_took_long(u64 start_ns);

/* How many rounds to go: n, or fewer where the CPUs may be more than the host has and take turns on those. */
int test_rounds(int n);

/* A pseudo-random number from the caller's own state; start the state with test_seed(i). */
u32 test_random(u32 *state);
u32 test_seed(u32 salt);
u32 test_seed_given(void);	/* seed= itself, for messages */

/* Does the kernel log hold this text, in what was printed since the running test began? */
bool test_log_has(const char *text);

/* Free pages after the allocator's caches have been drained. */
long test_free_pages(void);

/*
 * The same, and the pages that the object caches and the tables of stacks in use hold. That as many objects or stacks
 * lie further apart than before, because some have been replaced by others, is no leak; they are counted themselves.
 */
long test_pages_left(void);

/* Objects of all caches that are in use, kmalloc()'s included. Exact when nothing else allocates meanwhile. */
unsigned long test_objects_in_use(void);

/* True in the threads mode, where time is the host's: sleep less there, and judge no time. */
extern bool test_real_time;

/* True while preemptions and delays are forced: judge no time either. */
extern bool test_shaken;

/* The runner and the helpers, to one another. */
void test_begin(void);
const char *test_end(void);
int run_tests(void);
