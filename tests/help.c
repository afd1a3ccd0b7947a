/* SPDX-License-Identifier: MIT */
/*
 * What the tests share: reasons and blame, threads that are joined, crews, patience. The contracts are in
 * test.h. Nothing here is a test.
 */
#include "test.h"

#include <linux/bitmap.h>
#include <linux/console.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/kmsg.h>
#include <linux/kthread.h>
#include <linux/kasan.h>
#include <linux/rcupdate.h>
#include <linux/ktime.h>
#include <linux/panic.h>
#include <linux/printk.h>
#include <linux/mm.h>
#include <linux/sched/rt.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/workqueue.h>

static char reason[256], blame[256];
static atomic_t blamed;
static u64 log_start;

const char *test_basename(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

const char *test_fail(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(reason, sizeof(reason), fmt, args);
	va_end(args);
	return reason;
}

void test_blame(const char *fmt, ...)
{
	va_list args;

	if (atomic_cmpxchg(&blamed, 0, 1) != 0)
		return;
	va_start(args, fmt);
	vsnprintf(blame, sizeof(blame), fmt, args);
	va_end(args);
}

void test_note(const char *fmt, ...)
{
	char text[160];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	console_printf("    # %s\n", text);
}

void test_begin(void)
{
	struct kmsg_record rec;
	char text[8];

	blame[0] = '\0';
	sysctl_sched_rt_runtime = RT_RUNTIME_DEFAULT;	/* a test may have changed the limit */
	sysctl_sched_rt_period = RT_PERIOD_DEFAULT;
	atomic_set(&blamed, 0);
	while (kmsg_read(&log_start, &rec, text, sizeof(text)))
		;
}

const char *test_end(void)
{
	return atomic_read(&blamed) ? blame : NULL;
}

bool test_log_has(const char *text)
{
	static char line[LOG_LINE_MAX + 1];
	struct kmsg_record rec;
	u64 seq = log_start;

	while (kmsg_read(&seq, &rec, line, sizeof(line)))
		if (strstr(line, text))
			return true;
	return false;
}

long test_free_pages(void)
{
	workqueue_retire_idle();
	kthread_forget_dead();
	rcu_barrier();		/* what waits for a grace period, structs of dead threads for one, is no leak */
	memory_settle();
	return nr_free_pages();
}

static void add_pages(struct kmem_cache *s, void *sum)
{
	struct slabinfo info;

	kmem_cache_get_info(s, &info);
	*(long *)sum += info.pages;
}

/* Page tables that map the stacks of those who live: one for each 2 MiB of addresses in which a stack lies. */
static long stack_tables(void)
{
	static DECLARE_BITMAP(used, 8192);	/* 16 GiB of addresses, as many as there are for stacks */
	struct task_struct *p = NULL;
	int cpu;

	bitmap_zero(used, 8192);
	while ((p = next_task_get(p)) != NULL)
		if (READ_ONCE(p->stack))
			__set_bit((unsigned long)p->stack / (2UL << 20) % 8192, used);
	for_each_possible_cpu(cpu)
		if (idle_task(cpu))
			__set_bit((unsigned long)idle_task(cpu)->stack / (2UL << 20) % 8192, used);
	return bitmap_weight(used, 8192);
}

long test_pages_left(void)
{
	long pages = test_free_pages() + stack_tables();

	kmem_cache_for_each(add_pages, &pages);
	return pages;
}

static void add_in_use(struct kmem_cache *s, void *sum)
{
	*(unsigned long *)sum += kmem_cache_in_use(s);
}

unsigned long test_objects_in_use(void)
{
	unsigned long sum = 0;

	kthread_forget_dead();
	workqueue_retire_idle();
	rcu_barrier();
	kasan_quarantine_drain();
	kmem_cache_for_each(add_in_use, &sum);
	return sum;
}

/* ---- threads ---- */

struct task_struct *test_start(int cpu, int (*fn)(void *), void *data, const char *name)
{
	struct task_struct *p = kthread_create(fn, data, "%s", name);

	if (IS_ERR(p))
		panic("tests: no thread for %s: %pe", name, p);
	if (cpu >= 0)
		kthread_bind(p, cpu);
	get_task_struct(p);
	wake_up_process(p);
	return p;
}

int test_join(struct task_struct *p)
{
	int ret = kthread_stop(p);

	put_task_struct(p);
	return ret;
}

int test_wait_for_stop(void)
{
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (kthread_should_stop())
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	return 0;
}

/* ---- crews ---- */

static int crew_member(void *data)
{
	struct crew *c = data;
	int i = atomic_fetch_inc(&c->next);
	const char *why;

	if (c->bound)
		set_cpus_allowed_ptr(current, cpumask_of(i % num_online_cpus()));
	atomic_inc(&c->at_line);
	while (!READ_ONCE(c->go))
		cond_resched(), cpu_relax();
	why = c->fn(c, i);
	if (why)
		WRITE_ONCE(c->why, why);
	complete(&c->ended);
	return test_wait_for_stop();
}

const char *crew_run(struct crew *c)
{
	struct task_struct *member[64];
	int i;

	BUG_ON(c->n > ARRAY_SIZE(member));
	init_completion(&c->ended);
	for (i = 0; i < c->n; i++)
		member[i] = test_start(-1, crew_member, c, "test/crew");
	while (atomic_read(&c->at_line) < c->n)
		test_nap();
	WRITE_ONCE(c->go, true);
	/* First all must have ended by themselves: kthread_stop() would wake one that sleeps. */
	for (i = 0; i < c->n; i++)
		wait_for_completion(&c->ended);
	for (i = 0; i < c->n; i++)
		test_join(member[i]);
	return c->why;
}

/* ---- time and patience ---- */

void test_nap(void)
{
	schedule_timeout_uninterruptible(1);
}

unsigned int test_patience = TEST_PATIENCE;

unsigned long test_deadline(void)
{
	return jiffies + test_patience * HZ;
}

bool test_deadline_passed(unsigned long deadline)
{
	return time_after(jiffies, deadline);
}

bool test_asleep(struct task_struct *p, unsigned int states)
{
	return (READ_ONCE(p->__state) & states) && !READ_ONCE(p->on_rq) && !READ_ONCE(p->on_cpu);
}

void test_spin_ns(u64 ns)
{
	u64 end = ktime_get_ns() + ns;

	/*
	 * No cpu_relax(): this waits for time, not for another CPU, and under icount each one costs the host a round of
	 * all CPUs.
	 */
	while (ktime_get_ns() < end)
		for (int i = 0; i < 50; i++)
			barrier();
}

bool test_took_long(u64 start_ns)
{
	return test_real_time && ktime_get_ns() - start_ns > 4 * NSEC_PER_SEC;
}

int test_rounds(int n)
{
	return test_real_time ? n / 5 + 1 : n;
}

u32 test_random(u32 *state)
{
	u32 x = *state;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	return *state = x;
}
