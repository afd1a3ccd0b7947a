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
#include "misuse.h"
#include "shell.h"
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

static int run_misuse(int argc, char **argv)
{
	const struct misuse *m;
	int err;

	if (argc != 2) {
		console_printf("misuse: one name, please: misuse abba (misuse list shows them)\n");
		return -EINVAL;
	}
	if (strcmp(argv[1], "list") == 0) {
		for (m = __misuses_start; m < __misuses_end; m++)
			console_printf("  %-24s%s\n", m->name, m->sentence);
		return 0;
	}
	m = find_misuse(argv[1]);
	if (!m) {
		console_printf("misuse: there is no %s (misuse list shows what there is)\n", argv[1]);
		return -ENOENT;
	}
	console_printf("misuse %s: %s\n", m->name, m->sentence);
	err = m->provoke();
	if (err)
		console_printf("misuse %s: could not be tried (%pe)\n", m->name, ERR_PTR(err));
	else
		console_printf("misuse %s: done, and the machine goes on\n", m->name);
	return err;
}
SHELL_COMMAND(misuse, run_misuse, "list|NAME", "make a mistake on purpose, to see it explained",
	      "  Each name is a wrong program. The kernel says in the log what was wrong and what to do instead,\n"
	      "  with a backtrace, and goes on. Example: misuse list; misuse stop-dead-thread",
	      .group = "demonstrations");

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
