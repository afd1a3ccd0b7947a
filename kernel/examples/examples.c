/* SPDX-License-Identifier: MIT */
/*
 * What kernel threads are for: four daemons as every kernel has them, small enough to be read in one go.
 *
 *	writeback	flushes dirty pages to a disk, when they are old or many	(Linux: writeback, flush)
 *	reclaim		keeps some memory free by shrinking caches			(Linux: kswapd)
 *	deferred	calls functions later, when their time has come			(Linux: timers and delayed work)
 *	journal		commits transactions to a disk, so that a crash loses none	(Linux: jbd2)
 *
 * Each is a library with a thread in it (xxx_start, xxx_stop, and what its users call), then, at the end of its file,
 * an example: an instance of it and a small load. This page starts and stops the examples by name.
 *
 * All four have the same shape: sleep until there is something to do or kthread_should_stop(); do it; again. They
 * differ in what wakes them. Whoever starts one stops it, after its users and before its memory goes.
 *
 * All four can be frozen: a machine that is about to be switched off must not write to disks any more. So each says
 * set_freezable() and sleeps in a freezable way. Their loads are not frozen; they go on until they need a daemon that
 * is. Try: examples start; freeze; ps -e -o stat,comm; examples status; thaw.
 *
 * Locking: examples_lock for what runs. Read next: writeback.c.
 */
#include "examples.h"
#include "../shell.h"
#include <linux/console.h>
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/string.h>

static const struct example *const examples[] = {
	&writeback_example, &reclaim_example, &deferred_example, &journal_example,
};

static DEFINE_MUTEX(examples_lock);
static bool running[ARRAY_SIZE(examples)];	/* examples_lock */

void example_print_thread(const char *name, struct task_struct *p)
{
	u64 us = div_u64(task_sched_runtime(p), NSEC_PER_USEC);

	console_printf("  %-10s%4llu.%llu ms of CPU time; ", name, us / 1000, us % 1000 / 100);
}

void example_nap(unsigned int ms)
{
	if (!kthread_should_stop())
		schedule_timeout_interruptible(msecs_to_jiffies(ms));
}

/* ---- one of them ---- */

static int start_one(int i)
{
	int err;

	if (running[i]) {
		console_printf("examples: %s is running already\n", examples[i]->name);
		return -EBUSY;
	}
	err = examples[i]->start();
	running[i] = !err;
	if (err)
		console_printf("examples: %s could not be started (%pe)\n", examples[i]->name, ERR_PTR(err));
	else
		console_printf("  %-10s runs; it %s\n", examples[i]->name, examples[i]->summary);
	return err;
}

static int stop_one(int i)
{
	int err;

	if (!running[i]) {
		console_printf("examples: %s is not running\n", examples[i]->name);
		return -ESRCH;
	}
	examples[i]->status();
	err = examples[i]->stop();
	running[i] = false;
	if (err)
		console_printf("examples: %s has stopped with an error (%pe)\n", examples[i]->name, ERR_PTR(err));
	return err;
}

static int show_one(int i)
{
	if (running[i])
		examples[i]->status();
	else
		console_printf("  %-10s not running; it %s\n", examples[i]->name, examples[i]->summary);
	return 0;
}

static int crash_one(int i)
{
	int err;

	if (!running[i] || !examples[i]->crash) {
		console_printf("examples: %s is not %s\n", examples[i]->name, running[i] ? "made to crash" : "running");
		return -EINVAL;
	}
	err = examples[i]->crash();
	running[i] = !err;
	if (err)
		console_printf("examples: %s did not come back (%pe)\n", examples[i]->name, ERR_PTR(err));
	return err;
}

/* ---- the command ---- */

static const struct action {
	const char	*name;
	int		(*run)(int i);
	bool		skips_idle, skips_busy, skips_crashless;	/* without a name: leave such alone */
} actions[] = {
	{ "start", start_one, .skips_busy = true },
	{ "stop", stop_one, .skips_idle = true },
	{ "status", show_one, .skips_idle = false },
	{ "crash", crash_one, .skips_idle = true, .skips_crashless = true },
};

static const struct action *find_action(const char *name)
{
	for (int i = 0; i < ARRAY_SIZE(actions); i++)
		if (strcmp(actions[i].name, name) == 0)
			return &actions[i];
	return NULL;
}

/* All of them. Return: the first error. */
static int run_all(const struct action *a)
{
	int err = 0, ret, count = 0;

	for (int i = 0; i < ARRAY_SIZE(examples); i++) {
		if (running[i] ? a->skips_busy : a->skips_idle)
			continue;
		if (a->skips_crashless && !examples[i]->crash)
			continue;
		ret = a->run(i);
		err = err ?: ret;
		count++;
	}
	if (!count)
		console_printf("examples: %s running\n", a->skips_busy ? "all are" : "none is");
	return err;
}

static int run_named(const struct action *a, const char *name)
{
	for (int i = 0; i < ARRAY_SIZE(examples); i++)
		if (strcmp(examples[i]->name, name) == 0)
			return a->run(i);
	console_printf("examples: there is no %s; there are", name);
	for (int i = 0; i < ARRAY_SIZE(examples); i++)
		console_printf(" %s", examples[i]->name);
	console_printf("\n");
	return -ENOENT;
}

static int run_examples(int argc, char **argv)
{
	const struct action *a = argc >= 2 && argc <= 3 ? find_action(argv[1]) : NULL;
	int err;

	if (!a) {
		console_printf("examples: what to do? examples start, stop, status or crash, for all or with a name\n");
		return -EINVAL;
	}
	mutex_lock(&examples_lock);
	err = argc == 3 ? run_named(a, argv[2]) : run_all(a);
	mutex_unlock(&examples_lock);
	return err;
}

SHELL_COMMAND(examples, run_examples, "start|stop|status|crash [NAME]", "four daemons, as in real kernels",
	      "  writeback, reclaim, deferred and journal: threads that serve others, each with a little load to\n"
	      "  serve. Read them in kernel/examples/. status says what each has done; stop says it a last time.\n"
	      "  crash pulls the plug of the journal's disk in the middle of a write, and starts the journal again.\n"
	      "  Example: examples start; sleep 5; ps -ef; examples status journal; examples stop",
	      .group = "demonstrations");
