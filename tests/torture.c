/* SPDX-License-Identifier: MIT */
/*
 * The frame of the torture (torture.h): starts the actors, watches them, counts, and looks over what is left.
 *
 *	torture=SECONDS		how long; what else is tested is left out
 *	seed=N			of every actor's sequence
 *	realtime=1, shake=1	as for the tests
 *
 * The watcher is init, above all whom it watches. An actor that has not ended an operation for TORTURE_PATIENCE seconds
 * hangs: every thread is shown with its backtrace, and the machine ends. In the end every actor must have stopped, and
 * no thread, process number, page or slab object may be left that was not there before.
 */
#include "torture.h"

#include <linux/console.h>
#include <linux/cpumask.h>
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/kstrtox.h>
#include <linux/kthread.h>
#include <linux/pid.h>
#include <linux/reboot.h>
#include <linux/sched/shake.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/string.h>

#define MAX_ACTORS	256
#define REPORT		10	/* seconds from one line about progress to the next */

#define EXIT_PASS 0x10
#define EXIT_FAIL 0x11

static const struct torture *const kinds[] = {
	&torture_threads, &torture_waits, &torture_workers, &torture_workqueues, &torture_timers, &torture_memory,
	&torture_hotplug, &torture_locks, &torture_rcu, &torture_freezer, &torture_works,
	&torture_signals, &torture_lending,
};

static unsigned int seconds;
static struct actor actors[MAX_ACTORS];
static int nr_actors;
bool torture_over;

static int __init set_torture(char *arg)
{
	return arg && kstrtouint(arg, 0, &seconds) == 0;
}
__setup("torture=", set_torture);

/* ---- gates ---- */

void gate_leave(struct gate *g)
{
	atomic_dec(&g->users);
}

/* Who enters counts himself, then looks whether it is closed; who closes says so, then looks who is inside. */
bool gate_enter(struct gate *g)
{
	atomic_inc(&g->users);
	if (!smp_load_acquire(&g->closed))
		return true;
	gate_leave(g);
	return false;
}

bool gate_close(struct gate *g)
{
	if (xchg(&g->closed, true))
		return false;
	while (atomic_read(&g->users))
		test_nap();
	return true;
}

void gate_open(struct gate *g)
{
	smp_store_release(&g->closed, false);
}

/* ---- actors ---- */

static const struct torture_op *draw_op(struct actor *a)
{
	const struct torture *t = a->kind;
	int sum = 0, i, n;

	for (i = 0; i < t->nr_ops; i++)
		sum += t->ops[i].weight;
	n = draw(a, sum);
	for (i = 0; n >= t->ops[i].weight; i++)
		n -= t->ops[i].weight;
	return &t->ops[i];
}

static int act(void *data)
{
	struct actor *a = data;

	while (!READ_ONCE(torture_over)) {
		const struct torture_op *op = draw_op(a);

		WRITE_ONCE(a->doing, op->name);
		op->fn(a);
		atomic_inc(&a->kind->counts[op - a->kind->ops]);
		WRITE_ONCE(a->ops, a->ops + 1);
		if (preempt_count() || irqs_disabled())
			test_blame("%s: %s left preempt_count %#x, interrupts %s", a->kind->name, op->name,
				   preempt_count(), irqs_disabled() ? "off" : "on");
		if (draw(a, 8) == 0)
			test_nap();
		cond_resched();
	}
	WRITE_ONCE(a->ended, true);
	return test_wait_for_stop();
}

static void start_actors(void)
{
	for (int k = 0; k < ARRAY_SIZE(kinds); k++) {
		int n = max_t(int, 2, kinds[k]->actors * num_online_cpus() / 8);

		if (kinds[k]->begin)
			kinds[k]->begin();
		while (n-- && nr_actors < MAX_ACTORS) {
			struct actor *a = &actors[nr_actors++];

			a->kind = kinds[k];
			a->random = test_seed(nr_actors);
			a->doing = "nothing yet";
			a->since = jiffies;
			a->p = test_start(-1, act, a, kinds[k]->name);
		}
	}
}

/* ---- the watcher ---- */

static struct actor *find_hanging(void)
{
	for (int i = 0; i < nr_actors; i++) {
		struct actor *a = &actors[i];
		unsigned long ops = READ_ONCE(a->ops);

		if (ops != a->seen || READ_ONCE(a->ended)) {
			a->seen = ops;
			a->since = jiffies;
		} else if (time_after(jiffies, a->since + TORTURE_PATIENCE * HZ)) {
			return a;
		}
	}
	return NULL;
}

static void print_counts(unsigned long at)
{
	for (int k = 0; k < ARRAY_SIZE(kinds); k++) {
		console_printf("# %4lu s %s:", at, kinds[k]->name);
		for (int i = 0; i < kinds[k]->nr_ops; i++)
			console_printf(" %s %d", kinds[k]->ops[i].name, atomic_read(&kinds[k]->counts[i]));
		console_printf("\n");
	}
}

static void __noreturn end_machine(const char *why)
{
	if (why) {
		test_show_all_threads();
		console_printf("# %s\n", why);
	}
	console_printf("%sok 1 torture\n", why ? "not " : "");
	console_flush();
	debug_exit(why ? EXIT_FAIL : EXIT_PASS);
}

static void watch(unsigned long start, unsigned long end)
{
	unsigned long next_report = start + REPORT * HZ, trouble = warn_count + slab_error_count;
	const char *why;
	struct actor *a;

	while (time_before(jiffies, end)) {
		schedule_timeout_uninterruptible(HZ / 4);
		why = test_end();
		if (!why && warn_count + slab_error_count != trouble)
			why = "see the warnings above";
		if (why)
			end_machine(why);
		a = find_hanging();
		if (a)
			end_machine(test_fail("%s (%d) has been at \"%s\" for %d s", a->p->comm, a->p->pid,
					      READ_ONCE(a->doing), TORTURE_PATIENCE));
		if (time_after_eq(jiffies, next_report)) {
			print_counts((jiffies - start) / HZ);
			next_report += REPORT * HZ;
		}
	}
}

static bool all_have_ended(void)
{
	for (int i = 0; i < nr_actors; i++)
		if (!READ_ONCE(actors[i].ended))
			return false;
	return true;
}

static void stop_actors(void)
{
	unsigned long patience = jiffies + 2 * TORTURE_PATIENCE * HZ;

	WRITE_ONCE(torture_over, true);
	while (!all_have_ended())
		watch(jiffies, min(jiffies + HZ / 4, patience));
	for (int i = 0; i < nr_actors; i++)
		test_join(actors[i].p);
	for (int k = 0; k < ARRAY_SIZE(kinds); k++)
		if (kinds[k]->end)
			kinds[k]->end();
}

/* ---- what is left ---- */

struct facts {
	long threads, pids, pages, objects, warns, slab_errors;
};

static struct facts take_facts(void)
{
	return (struct facts){
		.pages = test_pages_left(), .objects = test_objects_in_use(), .threads = nr_threads_now(),
		.pids = pids_in_use(), .warns = warn_count, .slab_errors = slab_error_count,
	};
}

static bool nothing_leaked(const struct facts *before, struct facts *now)
{
	*now = take_facts();
	return now->threads == before->threads && now->pids == before->pids && now->pages >= before->pages &&
	       now->objects <= before->objects;
}

static const char *look_over(const struct facts *before)
{
	struct facts now;

	if (!eventually(nothing_leaked(before, &now)))
		return test_fail("before and after: threads %ld, %ld; process numbers %ld, %ld; free pages %ld, %ld; "
				 "slab objects %ld, %ld", before->threads, now.threads, before->pids, now.pids,
				 before->pages, now.pages, before->objects, now.objects);
	if (now.warns != before->warns || now.slab_errors != before->slab_errors)
		return test_fail("%ld WARNs, %ld slab errors", now.warns - before->warns,
				 now.slab_errors - before->slab_errors);
	return test_end();
}

void run_torture(void)
{
	struct sched_param above = { .sched_priority = 80 };
	struct facts before;
	unsigned long start;

	if (!seconds)
		return;
	sched_setscheduler(current, SCHED_FIFO, &above);
	console_printf("KTAP version 1\n1..1\n# torture: %u s, %u CPUs, seed %u\n", seconds, num_online_cpus(),
		       test_seed_given());
	test_begin();
	test_patience = TORTURE_PATIENCE - 10;
	before = take_facts();
	if (test_shaken)
		shake_start(test_seed_given());
	start = jiffies;
	start_actors();
	watch(start, start + seconds * HZ);
	stop_actors();
	shake_stop();
	print_counts((jiffies - start) / HZ);
	end_machine(look_over(&before));
}
