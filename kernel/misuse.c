/* SPDX-License-Identifier: MIT */
/*
 * The command `misuse`: a wrong program, to see how it is explained.
 *
 * A student's kernel module is wrong more often than not, and in most kernels the answer is silence, a hang or a
 * reboot. Here it is a sentence and a backtrace, and where there is a safe way on, the machine takes it. Each mistake
 * that is explained can be made on purpose, by name, so that a teacher can show it and a test can hold us to it.
 *
 * The rows of the table are in the files that know the subject (MISUSE in misuse.h); those about a thread's life are
 * below. Read next: misuse_locks.c.
 */
#define MISUSE_SUBJECT "a thread's life"
#include "misuse.h"
#include "shell.h"
#include <linux/completion.h>
#include <linux/console.h>
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/string.h>

static const struct misuse *find_misuse(const char *name)
{
	for (const struct misuse *m = __misuses_start; m < __misuses_end; m++)
		if (strcmp(m->name, name) == 0)
			return m;
	return NULL;
}

int misuse_provoke(const char *name)
{
	const struct misuse *m = find_misuse(name);

	return m ? m->provoke() : -ENOENT;
}

/* ---- the list ---- */

static void list_subject(const char *subject)
{
	console_printf("%s\n", subject);
	for (const struct misuse *m = __misuses_start; m < __misuses_end; m++)
		if (strcmp(m->subject, subject) == 0)
			console_printf("  %-24s%s%s\n", m->name, m->sentence,
				       m->fatal ? "; THE MACHINE STOPS" : "");
}

static bool is_new_subject(const struct misuse *m)
{
	for (const struct misuse *before = __misuses_start; before < m; before++)
		if (strcmp(before->subject, m->subject) == 0)
			return false;
	return true;
}

static int list_all(void)
{
	for (const struct misuse *m = __misuses_start; m < __misuses_end; m++)
		if (is_new_subject(m))
			list_subject(m->subject);
	return 0;
}

/* ---- the command ---- */

static int run_one(const struct misuse *m)
{
	int err;

	console_printf("misuse %s: %s\n", m->name, m->sentence);
	err = m->provoke();
	if (err)
		console_printf("misuse %s: could not be tried (%pe)\n", m->name, ERR_PTR(err));
	else
		console_printf("misuse %s: done, and the machine goes on\n", m->name);
	return err;
}

/* One after the other, but for those that would be the last. */
static int run_all(void)
{
	int done = 0, failed = 0;

	for (const struct misuse *m = __misuses_start; m < __misuses_end; m++) {
		if (m->fatal)
			continue;
		if (run_one(m))
			failed++;
		else
			done++;
	}
	console_printf("misuse: %d made, %d could not be tried here; the machine goes on\n", done, failed);
	return 0;
}

static int run_misuse(int argc, char **argv)
{
	const struct misuse *m;

	if (argc != 2) {
		console_printf("misuse: one name, please: misuse abba (misuse list shows them)\n");
		return -EINVAL;
	}
	if (strcmp(argv[1], "list") == 0)
		return list_all();
	if (strcmp(argv[1], "all") == 0)
		return run_all();
	m = find_misuse(argv[1]);
	if (!m) {
		console_printf("misuse: there is no %s (misuse list shows what there is)\n", argv[1]);
		return -ENOENT;
	}
	return run_one(m);
}
static void complete_misuse(int argc, char **argv, void (*offer)(const char *word))
{
	offer("list");
	for (const struct misuse *m = __misuses_start; m < __misuses_end; m++)
		offer(m->name);
}

SHELL_COMMAND(misuse, run_misuse, "list|all|NAME", "make a mistake on purpose, to see it explained",
	      "  Each name is a wrong program. The kernel says in the log what was wrong and what to do instead,\n"
	      "  with a backtrace, and goes on; the list names the few where it cannot. docs/misuse.md has them all.\n"
	      "  Example: misuse list; misuse stop-dead-thread", .group = "demonstrations",
	      .complete = complete_misuse);

/* ---- what the wrong programs share ---- */

/* A thread of a misuse ends by itself; so whoever starts it keeps a reference until misuse_finish(). */
struct task_struct *misuse_start(int (*fn)(void *), void *data, const char *name)
{
	struct task_struct *p = kthread_create(fn, data, "misuse/%s", name);

	if (!IS_ERR(p)) {
		get_task_struct(p);
		wake_up_process(p);
	}
	return p;
}

int misuse_finish(struct task_struct *p)
{
	int ret = kthread_stop(p);

	put_task_struct(p);
	return ret;
}

/* Stopped before it has run at all, a thread would never do so. */
struct job {
	int			(*fn)(void);
	struct completion	begun;
};

static int begin(void *data)
{
	struct job *job = data;
	int (*fn)(void) = job->fn;

	complete(&job->begun);
	return fn();
}

int misuse_run(int (*fn)(void), const char *name)
{
	struct job job = { .fn = fn, .begun = COMPLETION_INITIALIZER(job.begun) };
	struct task_struct *p = misuse_start(begin, &job, name);

	if (IS_ERR(p))
		return PTR_ERR(p);
	wait_for_completion(&job.begun);
	misuse_finish(p);
	return 0;
}

int misuse_run_thread(int (*fn)(void *), const char *name)
{
	struct task_struct *p = misuse_start(fn, NULL, name);

	if (IS_ERR(p))
		return PTR_ERR(p);
	while (!READ_ONCE(p->exit_state))
		msleep(1);
	misuse_finish(p);
	return 0;
}

/* ---- a thread's life ---- */

static int end_at_once(void *unused)
{
	return 42;
}

static int stop_dead_thread(void)
{
	struct task_struct *p = kthread_run(end_at_once, NULL, "misuse/dead");

	if (IS_ERR(p))
		return PTR_ERR(p);
	msleep(20);	/* it has ended by now, and nobody holds a reference to it */
	kthread_stop(p);
	return 0;
}
MISUSE("stop-dead-thread", stop_dead_thread, "kthread_stop() of a thread that has ended by itself");
