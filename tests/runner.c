/* SPDX-License-Identifier: MIT */
/*
 * The test runner: walks the .tests section, runs what `test=` asks for, prints KTAP, ends the machine.
 *
 *	test=all | SUITE | SUITE.CLAIM [,...]	what to run; without it nothing happens here
 *	seed=N					starts every pseudo-random sequence
 *	shake=1					random preemptions and delays from that seed (kernel/sched/shake.c)
 *	realtime=1				time is the host's, not virtual: tests sleep less
 *
 * Every body runs on a new kthread and the runner, on init, waits for it. So a body that hangs is noticed
 * and named; a body that returns is looked over: is anything leaked, locked, masked, or warned about?
 * The section holds pointers, because a compiler may pad structs; it is sorted here by file and line,
 * because a compiler may also reorder them.
 *
 * The numbers before and after are compared with patience: the last reference to a thread is dropped a
 * moment after its kthread_stop() returned, and that is not a leak.
 */
#include "torture.h"

#include <linux/bug.h>
#include <linux/console.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/init.h>
#include <linux/irqflags.h>
#include <linux/jiffies.h>
#include <linux/kasan.h>
#include <linux/kstrtox.h>
#include <linux/kthread.h>
#include <linux/printk.h>
#include <linux/rcutree.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/reboot.h>
#include <linux/sched/shake.h>
#include <linux/sort.h>
#include <linux/string.h>
#include <linux/workqueue.h>
#include <asm/stacktrace.h>

#define MAX_TESTS 1024
#define EXIT_PASS 0x10
#define EXIT_FAIL 0x11
#define SANITIZED (IS_ENABLED(CONFIG_KASAN) || IS_ENABLED(CONFIG_UBSAN))

extern const struct test *const __tests_start[], *const __tests_end[];

static const struct test *tests[MAX_TESTS];
static int nr_tests;

static char wanted[512];
bool test_real_time, test_shaken;
static bool on_host_time;	/* as the command line has it */

static int __init set_wanted(char *arg)
{
	strscpy(wanted, arg && *arg ? arg : "all", sizeof(wanted));
	return 1;
}
__setup("test=", set_wanted);

static int __init set_shake(char *arg)
{
	return arg && kstrtobool(arg, &test_shaken) == 0;
}
__setup("shake=", set_shake);

static int __init set_real_time(char *arg)
{
	return arg && kstrtobool(arg, &on_host_time) == 0;
}
__setup("realtime=", set_real_time);

u32 test_seed(u32 salt)
{
	u32 state = test_seed_given() * 2654435761u ^ salt * 40503u ^ 0x9e3779b9u;

	return state ? state : 1;
}

u32 test_seed_given(void)
{
	return run_seed ?: 1;
}

/* ---- which tests ---- */

static int suite_length(const struct test *t)
{
	return strlen(test_basename(t->file)) - 2;	/* without ".c" */
}

static bool is_same_suite(const struct test *a, const struct test *b)
{
	return strcmp(a->file, b->file) == 0;
}

static int compare_tests(const void *a, const void *b)
{
	const struct test *x = *(const struct test *const *)a, *y = *(const struct test *const *)b;
	int order = strcmp(x->file, y->file);

	return order ? order : x->line - y->line;
}

/* One word of the test= list: "all", "suite" or "suite.claim". */
static bool word_selects(const char *word, int len, const struct test *t)
{
	const char *suite = test_basename(t->file);
	int n = suite_length(t);

	if (len == 3 && strncmp(word, "all", 3) == 0)
		return !t->by_name;
	if (len < n || strncmp(word, suite, n) != 0)
		return false;
	if (len == n)
		return !t->by_name;
	return word[n] == '.' && strlen(t->name) == len - n - 1 && strncmp(word + n + 1, t->name, len - n - 1) == 0;
}

static bool is_wanted(const struct test *t)
{
	const char *word = wanted;

	while (*word) {
		int len = strcspn(word, ",");

		if (word_selects(word, len, t))
			return true;
		word += len + (word[len] == ',');
	}
	return false;
}

static void collect_tests(void)
{
	const struct test *const *t;

	for (t = __tests_start; t < __tests_end; t++) {
		if (!is_wanted(*t))
			continue;
		BUG_ON(nr_tests == MAX_TESTS);
		tests[nr_tests++] = *t;
	}
	sort(tests, nr_tests, sizeof(tests[0]), compare_tests, NULL);
}

/* ---- one test ---- */

struct facts {
	int threads;
	long pages;
	unsigned long objects;
	unsigned long warns, slab_errors, kasan_reports;
};

static struct facts take_facts(void)
{
	return (struct facts){
		.threads = nr_threads_now(),
		.pages = test_pages_left(),
		.objects = test_objects_in_use(),
		.warns = warn_count,
		.slab_errors = slab_error_count,
		.kasan_reports = kasan_report_count,
	};
}

struct run {
	const struct test *t;
	const char *why;
	struct completion done;
};

/* What the body left switched off is named, and switched on again for the next one. */
static const char *look_over_thread(void)
{
	int count = preempt_count();
	bool masked = irqs_disabled();

	if (count) {
		rcu_reader_suspend();
		preempt_count_set(0);
		local_irq_enable();
		return test_fail("it returned with preempt_count %#x", count);
	}
	if (masked) {
		local_irq_enable();
		return test_fail("it returned with interrupts off");
	}
	return NULL;
}

static int run_body(void *data)
{
	struct run *r = data;
	const char *left;

	r->why = r->t->fn();
	left = look_over_thread();
	if (!r->why)
		r->why = left;
	complete(&r->done);
	return test_wait_for_stop();
}

static const char *compare_facts(const struct test *t, const struct facts *before)
{
	/* Workers that a test has needed would go by themselves, in five minutes. */
	if (!eventually((workqueue_retire_idle(), nr_threads_now() == before->threads)))
		return test_fail("threads: %d before, %d after", before->threads, nr_threads_now());
	if (!eventually(test_pages_left() >= before->pages))
		return test_fail("free pages: %ld before, %ld after", before->pages, test_pages_left());
	if (!eventually(test_objects_in_use() <= before->objects))
		return test_fail("slab objects in use: %lu before, %lu after", before->objects, test_objects_in_use());
	if (warn_count != before->warns)
		return test_fail("%lu unexpected WARNs", warn_count - before->warns);
	/* Who plants a fault on purpose says so by what he expects; KASAN may see it, too, and often. */
	if (kasan_report_count != before->kasan_reports && !t->warns && !t->says && !t->slab_errors)
		return test_fail("%lu reports by KASAN", kasan_report_count - before->kasan_reports);
	if (slab_error_count - before->slab_errors != t->slab_errors)
		return test_fail("%lu slab errors, not %d", slab_error_count - before->slab_errors, t->slab_errors);
	if (t->says && !test_log_has(t->says))
		return test_fail("the log does not say \"%s\"", t->says);
	return NULL;
}

static void show_here(void *unused)
{
	dump_stack();
}

static void show_thread(struct task_struct *p)
{
	pr_info("%s (%d) %c on CPU %d\n", p->comm, p->pid, task_state_to_char(p), task_cpu(p));
	if (p->stack && !READ_ONCE(p->on_cpu))
		show_stack_sleeping(p->thread.sp, p->stack, KERN_INFO);
	else if (p != current)		/* not waiting: that CPU may not answer any more */
		smp_call_function_single(task_cpu(p), show_here, NULL, 0);
}

void test_show_all_threads(void)
{
	struct task_struct *p = NULL;

	while ((p = next_task_get(p)) != NULL) {
		show_thread(p);
		test_nap();
	}
}

/* Checked code is several times as slow: 8 CPUs of it on a busy host have taken 300 s for what takes 1 s. */
static unsigned int limit_of(const struct test *t)
{
	return (t->limit ? t->limit : TEST_LIMIT) * (SANITIZED ? 4 : 1);
}

/* A body that hangs can't be ended from outside: say where everybody is, and end the machine. */
static void __noreturn give_up_on(const struct test *t)
{
	test_note("%s is still not done after %u s", t->name, limit_of(t));
	test_show_all_threads();
	console_printf("Bail out! %s hangs\n", t->name);
	console_flush();
	debug_exit(EXIT_FAIL);
}

static const char *run_test(const struct test *t)
{
	static struct run r;
	struct facts before = take_facts();
	struct task_struct *p;
	const char *blame, *after;
	int warned = 0;

	test_begin();
	if (t->warns)
		warn_expect_begin(t->warns);
	r = (struct run){ .t = t };
	init_completion(&r.done);
	p = test_start(-1, run_body, &r, t->name);
	if (!wait_for_completion_timeout(&r.done, limit_of(t) * HZ))
		give_up_on(t);
	test_join(p);
	if (t->warns)
		warned = warn_expect_end();
	blame = test_end();
	/* What a failed test has left behind is no news, and a second reason would be written over the first. */
	after = r.why || blame ? NULL : compare_facts(t, &before);
	if (r.why || blame || after)
		return r.why ? r.why : blame ? blame : after;
	if (t->warns && !warned)
		return test_fail("nobody warned of \"%s\"", t->warns);
	return NULL;
}

/* ---- KTAP ---- */

static void print_repeat_line(const struct test *t)
{
	console_printf("    # again: make test-one TEST=%.*s.%s SMP=%u SEED=%u SHAKE=%d ICOUNT=%d%s%s%s\n",
		       suite_length(t), test_basename(t->file), t->name, num_online_cpus(), test_seed_given(),
		       test_shaken, !on_host_time, IS_ENABLED(CONFIG_LOCKDEP) ? " DEBUG=1" : "",
		       IS_ENABLED(CONFIG_KASAN) ? " KASAN=1" : "", IS_ENABLED(CONFIG_UBSAN) ? " UBSAN=1" : "");
}

/* Return: whether the test can not be run here; then it said why. */
static bool skip(const struct test *t, int number)
{
	bool few = t->cpus > num_online_cpus(), costly = t->cost && (SANITIZED || IS_ENABLED(CONFIG_LOCKDEP));

	if (few)
		console_printf("    ok %d %s # SKIP needs %u CPUs\n", number, t->name, t->cpus);
	else if (costly)
		console_printf("    ok %d %s # SKIP it would count the checks, too\n", number, t->name);
	return few || costly;
}

static bool run_and_print(const struct test *t, int number)
{
	const char *why;

	if (skip(t, number))
		return true;
	why = run_test(t);
	console_printf("    %sok %d %s\n", why ? "not " : "", number, t->name);
	if (!why)
		return true;
	console_printf("    # %s\n", why);
	print_repeat_line(t);
	return false;
}

/* Runs tests[first..] of one suite. Return: the index after its last test. */
static int run_suite(int first, int number, int *failed)
{
	const struct test *t = tests[first];
	int end = first, bad = 0, i;

	while (end < nr_tests && is_same_suite(t, tests[end]))
		end++;
	console_printf("    KTAP version 1\n    # Subtest: %.*s\n    1..%d\n", suite_length(t),
		       test_basename(t->file), end - first);
	for (i = first; i < end; i++)
		bad += !run_and_print(tests[i], i - first + 1);
	console_printf("%sok %d %.*s\n", bad ? "not " : "", number, suite_length(t), test_basename(t->file));
	*failed += bad;
	return end;
}

static int count_suites(void)
{
	int n = 0, i;

	for (i = 0; i < nr_tests; i++)
		n += i == 0 || !is_same_suite(tests[i - 1], tests[i]);
	return n;
}

/*
 * Called on init when the system is up. Return: 0 at once when no test= was given; otherwise never,
 * the machine ends with EXIT_PASS or EXIT_FAIL.
 */
int run_tests(void)
{
	int i = 0, number = 0, failed = 0;

	/* Checked code takes several times as long: judge no time, and do less. */
	test_real_time = on_host_time || SANITIZED;
	run_torture();
	if (!wanted[0])
		return 0;
	collect_tests();
	console_printf("KTAP version 1\n# %u CPUs, seed=%u, shake=%d\n1..%d\n", num_online_cpus(), test_seed_given(),
		       test_shaken, count_suites());
	if (test_shaken)
		shake_start(test_seed_given());
	while (i < nr_tests)
		i = run_suite(i, ++number, &failed);
	shake_stop();
	if (!nr_tests)
		console_printf("Bail out! no test is called \"%s\"\n", wanted);
	console_printf("# %d tests, %d failed\n", nr_tests, failed);
	console_flush();
	debug_exit(nr_tests && !failed ? EXIT_PASS : EXIT_FAIL);
}
