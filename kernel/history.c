/* SPDX-License-Identifier: MIT */
/*
 * How Linux has made kernel threads: the three ways, run side by side.
 *
 *	at first	kernel_thread(): a copy of the caller; it undoes by hand what it has inherited
 *	2.6.4 - 2.6.21	kthread_create() gives the request to a workqueue, whose worker calls kernel_thread()
 *	since 2.6.22	kthread_create() gives it to kthreadd, a thread that does nothing else
 *
 * What is wrong with the first way is seen only if the caller has something that is worth inheriting. So they are all
 * asked for by "insmod", a thread that is like the process that loads a module: nice, bound to a CPU, ready to be ended
 * by SIGTERM. Each new thread writes down how it finds itself. Then everybody gets a SIGTERM, then all are ended, and
 * insmod looks whether it has to bury them.
 *
 *	insmod:   settled? (each)   SIGTERM to each   asked_to_end, wake   ended? (each)   wait for children
 *
 * The second way is written out here, for it is history; the third is kthread.c. Between them only the last step
 * differs, who calls kernel_thread(), and it was changed because a worker is not a good parent: it has come into being
 * by kthread_create() itself, so which was first? And a worker has other things to do, which creation then waits for.
 *
 * Locking: none; the completions and the wait queue hand everything over. Read next: old_names.c, kthread.c.
 */
#include "history.h"
#include "shell.h"
#include <linux/console.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/old_names.h>
#include <linux/pid.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#define INSMOD_NICE	5

static struct history *history_of(struct specimen *s)
{
	return container_of(s, struct history, specimens[s->way]);
}

/* ---- what each new thread does ---- */

/* My parent now. It may be another the next moment if he ends; here all live until we are asked to end. */
static void note_parent(pid_t *pid, char *comm)
{
	raw_spin_lock_irq(&tasklist_lock);
	*pid = current->real_parent->pid;
	__get_task_comm(comm, TASK_COMM_LEN, current->real_parent);
	raw_spin_unlock_irq(&tasklist_lock);
}

static void settle(struct specimen *s)
{
	struct history *h = history_of(s);

	s->pid = current->pid;
	get_task_comm(s->comm, current);
	note_parent(&s->parent_pid, s->parent);
	s->nice = task_nice(current);
	cpumask_and(&s->cpus, &current->cpus_mask, cpu_online_mask);
	s->blocks_sigterm = sigismember(&current->blocked, SIGTERM);
	complete(&s->settled);
	wait_event(h->wait, READ_ONCE(h->asked_to_end));
	/* Not signal_pending(), which is true for one that is being stopped, too. */
	s->sees_sigterm = task_sigpending(current);
}

/* ---- 1: a copy of the caller ---- */

static int bare_thread(void *data)
{
	struct specimen *s = data;

	note_parent(&s->maker_pid, s->maker);
	if (s->way == WAY_DAEMONIZED)
		daemonize("history/%d", s->way);
	settle(s);
	complete_and_exit(&s->ended, 0);
}

static int make_directly(struct specimen *s)
{
	pid_t pid = kernel_thread(bare_thread, s, CLONE_KERNEL | SIGCHLD);

	return pid < 0 ? pid : 0;
}

/* ---- 2: a helper's copy ---- */

/* What kthread_create() of those days put into the workqueue. */
struct request {
	struct work_struct	work;
	struct specimen		*s;
	struct completion	started, done;
	int			err;
};

/* The thread starts here, and makes itself ready before who asked for it hears of it. */
static int helper_thread(void *data)
{
	struct request *request = data;
	struct specimen *s = request->s;

	note_parent(&s->maker_pid, s->maker);
	set_cpus_allowed(current, CPU_MASK_ALL);	/* the worker may be bound */
	set_task_comm(current, "history/2");
	complete(&request->started);
	settle(s);
	complete_and_exit(&s->ended, 0);
}

/* On the helper's worker. */
static void create_for(void *data)
{
	struct request *request = data;
	pid_t pid = kernel_thread(helper_thread, request, CLONE_KERNEL | SIGCHLD);

	if (pid < 0)
		request->err = pid;
	else
		wait_for_completion(&request->started);
	complete(&request->done);
}

static int make_by_helper(struct specimen *s)
{
	struct history *h = history_of(s);
	struct request request = { .s = s };

	h->helper = alloc_ordered_workqueue("kthread", 0);
	if (!h->helper)
		return -ENOMEM;
	init_completion(&request.started);
	init_completion(&request.done);
	INIT_WORK(&request.work, create_for, &request);
	queue_work(h->helper, &request.work);
	wait_for_completion(&request.done);
	return request.err;
}

/* ---- 3: kthreadd's copy ---- */

static int modern_thread(void *data)
{
	struct specimen *s = data;

	note_parent(&s->maker_pid, s->maker);
	settle(s);
	wait_event(history_of(s)->wait, kthread_should_stop());
	return 0;
}

static int make_by_kthreadd(struct specimen *s)
{
	s->task = kthread_run(modern_thread, s, "history/%d", s->way);
	return PTR_ERR_OR_ZERO(s->task);
}

/* ---- insmod, who asks for all of them ---- */

static int (*const make[NR_WAYS])(struct specimen *s) = {
	make_directly, make_directly, make_by_helper, make_by_kthreadd,
};

/* Wait for the end, however it is reached; did it leave a body? */
static void see_end(struct specimen *s)
{
	if (s->task)
		kthread_stop(s->task);
	else
		wait_for_completion(&s->ended);
	s->left_body = kernel_wait4(s->pid, NULL, 0, NULL) == s->pid;
}

static int insmod(void *data)
{
	struct history *h = data;
	int made = 0;

	set_task_comm(current, "insmod");
	set_user_nice(current, h->nice);
	set_cpus_allowed(current, cpumask_of_cpu(h->cpu));
	kernel_sigaction(SIGTERM, SIG_DFL);
	kernel_sigaction(SIGCHLD, SIG_DFL);
	h->pid = current->pid;
	while (made < NR_WAYS && !h->err) {
		h->err = make[made](&h->specimens[made]);
		made += !h->err;
	}
	for (int i = 0; i < made; i++) {
		wait_for_completion(&h->specimens[i].settled);
		kill_proc(h->specimens[i].pid, SIGTERM, 1);
	}
	WRITE_ONCE(h->asked_to_end, true);
	wake_up_all(&h->wait);
	for (int i = 0; i < made; i++)
		see_end(&h->specimens[i]);
	if (h->helper)
		destroy_workqueue(h->helper);
	complete_and_exit(&h->done, 0);
}

int history_run(struct history *h)
{
	pid_t pid;

	*h = (struct history){ .nice = INSMOD_NICE, .cpu = cpumask_first(cpu_online_mask) };
	init_completion(&h->done);
	init_waitqueue_head(&h->wait);
	for (int i = 0; i < NR_WAYS; i++) {
		h->specimens[i].way = i;
		init_completion(&h->specimens[i].settled);
		init_completion(&h->specimens[i].ended);
	}
	pid = user_mode_thread(insmod, h, SIGCHLD);
	if (pid < 0)
		return pid;
	wait_for_completion(&h->done);
	kernel_wait4(pid, NULL, 0, NULL);
	return h->err;
}

/* ---- the table ---- */

struct row {
	const char	*head;
	const char	*(*text)(const struct history *h, const struct specimen *s, char *buf);
};

#define CELL	24

static const char *name_and_pid(char *buf, const char *comm, pid_t pid)
{
	snprintf(buf, CELL, "%s (%d)", comm, pid);
	return buf;
}

static const char *years(const struct history *h, const struct specimen *s, char *buf)
{
	static const char *const text[] = { "from the first on", "until 3.7", "2.6.4 to 2.6.21", "since 2.6.22" };

	return text[s->way];
}

static const char *maker(const struct history *h, const struct specimen *s, char *buf)
{
	return name_and_pid(buf, s->maker, s->maker_pid);
}

static const char *parent(const struct history *h, const struct specimen *s, char *buf)
{
	return name_and_pid(buf, s->parent, s->parent_pid);
}

static const char *own_name(const struct history *h, const struct specimen *s, char *buf)
{
	return name_and_pid(buf, s->comm, s->pid);
}

static const char *nice(const struct history *h, const struct specimen *s, char *buf)
{
	snprintf(buf, CELL, "%d%s", s->nice, s->nice == h->nice ? ", insmod's" : "");
	return buf;
}

static const char *cpus(const struct history *h, const struct specimen *s, char *buf)
{
	snprintf(buf, CELL, "%*pbl%s", cpumask_pr_args(&s->cpus),
		 cpumask_equal(&s->cpus, cpu_online_mask) ? "" : ", insmod's");
	return buf;
}

static const char *sigterm(const struct history *h, const struct specimen *s, char *buf)
{
	return s->sees_sigterm ? "ends its sleep" : s->blocks_sigterm ? "blocked" : "ignored";
}

static const char *end(const struct history *h, const struct specimen *s, char *buf)
{
	static const char *const text[] = {
		"a flag of its own", "a flag of its own", "kthread_stop()", "kthread_stop()"
	};

	return text[s->way];
}

static const char *body(const struct history *h, const struct specimen *s, char *buf)
{
	return s->left_body ? "waits for insmod" : "is gone at once";
}

static const char *by_hand(const struct history *h, const struct specimen *s, char *buf)
{
	static const char *const text[] = { "all of the above", "nice, CPUs, the end", "nothing", "nothing" };

	return text[s->way];
}

static const struct row rows[] = {
	{ "in Linux", years }, { "made by", maker }, { "its parent", parent }, { "its name", own_name },
	{ "nice", nice }, { "CPUs", cpus }, { "a SIGTERM", sigterm }, { "ended by", end }, { "when dead, it", body },
	{ "left to do by hand", by_hand },
};

static void print_table(const struct history *h)
{
	static const char *const ways[] = {
		"kernel_thread()", "... and daemonize()", "a helper workqueue", "kthreadd"
	};
	char buf[CELL];

	console_printf("insmod (%d), nice %d, on CPU %u, which a SIGTERM would end, asks for a thread in each "
		       "way:\n\n",
		       h->pid, h->nice, h->cpu);
	console_printf("%-20s%-21s%-21s%-21s%s\n", "", ways[0], ways[1], ways[2], ways[3]);
	for (int i = 0; i < ARRAY_SIZE(rows); i++) {
		console_printf("%-20s", rows[i].head);
		for (int way = 0; way < NR_WAYS; way++)
			console_printf(way < NR_WAYS - 1 ? "%-21s" : "%s\n",
				       rows[i].text(h, &h->specimens[way], buf));
	}
	console_printf("\nThe first way inherits everything, so it has to undo everything; daemonize() never undid\n"
		       "all. A copy of a thread that has nothing has nothing to undo. docs/history.md has more.\n");
}

static int run_history(int argc, char **argv)
{
	struct history *h = kmalloc(sizeof(*h), GFP_KERNEL);
	int err = h ? history_run(h) : -ENOMEM;

	if (err)
		console_printf("history: a thread could not be made (%pe)\n", ERR_PTR(err));
	else
		print_table(h);
	kfree(h);
	return err;
}

SHELL_COMMAND(history, run_history, "", "the ways in which Linux has made threads",
	      "  Makes a thread in each of the three ways (one of them twice), all asked for by the same process-like\n"
	      "  thread, and prints what they have inherited from it, what a signal does to them and who buries them.\n"
	      "  Example: history", .group = "demonstrations");
