/* SPDX-License-Identifier: MIT */
/*
 * Which events are recorded, and in how much memory.
 *
 * Until somebody wants a trace it has no memory. trace_start() makes a ring for each CPU that there may be, of
 * trace_buf_size= bytes (1M), and switches on what was chosen: the events of the groups sched, workqueue and lock,
 * until somebody chooses others. From then on the rings stay, so that the trace can be read after it was switched off.
 *
 * On the command line, as in Linux: trace_event=sched:*,timer_start chooses and starts at once, before the first
 * thread is made; trace_buf_size=4M. And trace=on: what is chosen by default.
 *
 * Locking: control_mutex, around everything that chooses and allocates. Writers look at single words of what is written
 * here, at any time; taking the memory from under them is the only danger: ORDER(trace-ring), and a grace period.
 *
 * Read next: command.c.
 */
#include "trace.h"
#include <linux/cmdline.h>
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/ftrace.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/log2.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

static DEFINE_MUTEX(control_mutex);
static unsigned long ring_bytes = 1 << 20;	/* control_mutex */
static bool chosen;				/* control_mutex: else the default is meant */

#define MIN_SLOTS	64
#define MAX_SLOTS	(1UL << 24)

static u64 slots_for(unsigned long bytes)
{
	return clamp(rounddown_pow_of_two(bytes / sizeof(struct trace_slot) | 1), (unsigned long)MIN_SLOTS, MAX_SLOTS);
}

/* ---- memory ---- */

/*
 * That CPU's newest record. What has been drawn after it is not there yet, and may be given back: its number is then
 * the next event's, so it must not count as cleared.
 */
static u64 newest_record(int cpu, const struct trace_ring *ring)
{
	struct trace_slot copy;
	u64 n = READ_ONCE(ring->head);

	rcu_read_lock();
	while (n > READ_ONCE(ring->cleared) && !trace_read(cpu, n, &copy) && trace_being_written(cpu, n, true))
		n--;
	rcu_read_unlock();
	return n;
}

void trace_clear(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		struct trace_ring *ring = per_cpu_ptr(&trace_ring, cpu);

		WRITE_ONCE(ring->cleared, newest_record(cpu, ring));
		WRITE_ONCE(ring->cleared_texts, READ_ONCE(ring->texts));
	}
}

static void free_rings(void)
{
	static struct trace_slot *slots[NR_CPUS];
	bool any = false;
	int cpu;

	lockdep_assert_held(&control_mutex);
	for_each_possible_cpu(cpu) {
		slots[cpu] = per_cpu_ptr(&trace_ring, cpu)->slots;
		any |= slots[cpu] != NULL;
		WRITE_ONCE(per_cpu_ptr(&trace_ring, cpu)->slots, NULL);
	}
	if (!any)
		return;
	synchronize_rcu();	/* writers have preemption off, readers rcu_read_lock() */
	for_each_possible_cpu(cpu)
		vfree(slots[cpu]);
	trace_clear();
}

static int make_rings(unsigned long bytes)
{
	u64 n = slots_for(bytes);
	int cpu;

	lockdep_assert_held(&control_mutex);
	for_each_possible_cpu(cpu) {
		struct trace_ring *ring = per_cpu_ptr(&trace_ring, cpu);
		struct trace_slot *slots = ring->slots ?: vzalloc(n * sizeof(*slots));

		if (!slots) {
			free_rings();
			return -ENOMEM;
		}
		if (ring->slots)
			continue;
		ring->mask = n - 1;
		ring->cleared = ring->head;
		ring->cleared_texts = ring->texts;
		ring->dropped = 0;
		/* ORDER(trace-ring): who sees the slots sees the mask. */
		smp_store_release(&ring->slots, slots);
	}
	return 0;
}

int trace_set_size(unsigned long bytes)
{
	bool was_running = tracing_is_on();
	int err = 0;

	mutex_lock(&control_mutex);
	tracing_off();
	free_rings();
	if (bytes)
		err = make_rings(bytes);
	if (bytes && !err)
		ring_bytes = bytes;
	if (was_running && bytes && !err)
		tracing_on();
	mutex_unlock(&control_mutex);
	return err;
}

unsigned long trace_size(void)
{
	return this_cpu_ptr(&trace_ring)->slots ? slots_for(ring_bytes) * sizeof(struct trace_slot) : 0;
}

/* ---- which events ---- */

/* Does it match with one * for anything? */
static bool matches(const char *pattern, size_t len, const char *name)
{
	const char *star = memchr(pattern, '*', len);
	size_t n = strlen(name), before = star ? star - pattern : len, after = star ? len - before - 1 : 0;

	if (!star)
		return n == len && !memcmp(pattern, name, len);
	return n >= before + after && !memcmp(pattern, name, before) &&
	       !memcmp(star + 1, name + n - after, after);
}

/* "name", "group", "group:name", each with a *; "all". */
static bool event_matches(const struct trace_event *e, const char *pattern)
{
	const char *colon = strchr(pattern, ':');
	size_t len = strlen(pattern);

	if (!strcmp(pattern, "all"))
		return true;
	if (colon)
		return matches(pattern, colon - pattern, e->group) && matches(colon + 1, strlen(colon + 1), e->name);
	return matches(pattern, len, e->group) || matches(pattern, len, e->name);
}

static int want(const char *pattern, bool wanted)
{
	struct trace_event *e;
	int n = 0;

	for_each_trace_event(e) {
		if (!event_matches(e, pattern))
			continue;
		e->wanted = wanted || !strcmp(e->group, "ftrace");
		n++;
	}
	return n ? 0 : -ENOENT;
}

int trace_want(const char *pattern, bool wanted)
{
	int err;

	mutex_lock(&control_mutex);
	chosen = true;
	err = want(pattern, wanted);
	trace_apply();
	mutex_unlock(&control_mutex);
	return err;
}

static void want_default(void)
{
	want("all", false);
	want("sched", true);
	want("sched_stat_runtime", false);
	want("workqueue", true);
	want("lock", true);
	trace_apply();
}

void trace_want_default(void)
{
	mutex_lock(&control_mutex);
	chosen = false;
	want_default();
	mutex_unlock(&control_mutex);
}

bool trace_is_event(const char *pattern)
{
	struct trace_event *e;

	for_each_trace_event(e)
		if (event_matches(e, pattern))
			return true;
	return false;
}

static int start_locked(void)
{
	int err = make_rings(ring_bytes);

	lockdep_assert_held(&control_mutex);
	if (err)
		return err;
	if (!chosen)
		want_default();
	tracing_on();
	return 0;
}

int trace_start(void)
{
	int err;

	mutex_lock(&control_mutex);
	err = start_locked();
	mutex_unlock(&control_mutex);
	return err;
}

/* ---- the command line ---- */

static int __init set_buf_size(char *arg)
{
	unsigned long bytes = arg ? memparse(arg, &arg) : 0;

	if (!bytes || *arg)
		return -EINVAL;
	ring_bytes = bytes;
	return 0;
}
early_param("trace_buf_size", set_buf_size);

static int __init set_trace(char *arg)
{
	if (strcmp(arg, "on"))
		return 0;
	if (trace_start())
		pr_err("trace=on: no memory for rings of %lu bytes\n", ring_bytes);
	return 1;
}
__setup("trace=", set_trace);

static int __init set_trace_event(char *arg)
{
	char *pattern;

	while ((pattern = strsep(&arg, ",")) != NULL)
		if (*pattern && trace_want(pattern, true))
			pr_err("trace_event=: there is no event %s\n", pattern);
	if (trace_start())
		pr_err("trace_event=: no memory for rings of %lu bytes\n", ring_bytes);
	return 1;
}
__setup("trace_event=", set_trace_event);
