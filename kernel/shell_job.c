/* SPDX-License-Identifier: MIT */
/*
 * Jobs: pipelines of commands, each on a thread of its own.
 *
 *	ps -ef | grep kworker | head -3 &
 *
 *	job ---- stage "ps" == pipe ==> stage "grep" == pipe ==> stage "head" ==> the terminal
 *	            thread                 thread                   thread
 *
 * A stage's thread is made by the shell's, is its child, and no kernel thread: on Linux, too, insmod is a process, and
 * a module's init function runs on it. It starts with no signal ignored or blocked, so SIGINT ends its sleep. What it
 * prints goes to its stage (current->output), and from there into the pipe, if one follows.
 *
 * It may end by returning, or by a fault in the middle. do_exit() is the one place that sees both: it calls the stage's
 * release(), which lets go of both pipes so that the neighbours notice, and completes stage->ended (vfork_done, which
 * on Linux tells a parent just this), for which the shell waits. So a command that dies of an oops is just one that
 * ended badly, and one that never ends can be left in the background.
 *
 * Ctrl-C is SIGINT to whoever waits in job_wait(): the shell, which passes it on to the stages; one of which may be in
 * job_wait() for a job of its own (time, watch), and so on.
 *
 * Locking: jobs_lock (a mutex) for the list of jobs in the background. A job in the foreground is the waiter's own.
 * Read next: shell.c, pipe.c.
 */
#include "shell_job.h"
#include "pipe.h"
#include "shell.h"
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/string.h>

static LIST_HEAD(jobs);			/* jobs_lock */
static DEFINE_MUTEX(jobs_lock);

/* ---- a stage ---- */

static void stage_release(struct thread_output *output)
{
	struct stage *s = container_of(output, struct stage, output);

	pipe_put_reader(s->in);
	pipe_put_writer(s->out);
	s->in = s->out = NULL;
	stage_close_file(s);
	kfree(s->ahead);
	s->ahead = NULL;
}

/* Nobody reads any more: who goes on writing all the same is told to end. */
static void stage_write(struct thread_output *output, const char *text, size_t n)
{
	struct stage *s = container_of(output, struct stage, output);

	if (pipe_write(s->out, text, n) == -EPIPE)
		send_sig(SIGPIPE, current, 1);
}

struct stage *current_stage(void)
{
	struct thread_output *output = current->output;

	return output && output->release == stage_release ? container_of(output, struct stage, output) : NULL;
}

int status_of(int ret)
{
	return ret >= 0 ? ret : signal_pending(current) ? STATUS_INTERRUPTED : 1;
}

static int run_stage(void *data)
{
	struct stage *s = data;
	int ret = s->command->run(s->argc, s->argv);

	s->status = status_of(ret) % STATUS_EXIT;
	return 0;
}

static int start_stage(struct stage *s)
{
	struct kernel_clone_args args = { .fn = run_stage, .fn_arg = s };
	struct task_struct *p = copy_process(NULL, 0, &args);

	if (IS_ERR(p))
		return PTR_ERR(p);
	get_task_struct(p);
	set_task_comm(p, s->command->name);
	flush_signal_handlers(p, 1);
	sigemptyset(&p->blocked);
	s->status = STATUS_FAULT;	/* unless it returns */
	s->output.write = s->out ? stage_write : NULL;
	s->output.release = stage_release;
	p->output = &s->output;
	p->vfork_done = &s->ended;
	s->task = p;
	wake_up_new_task(p);
	return 0;
}

/* ---- a job ---- */

void job_free(struct job *job)
{
	for (int i = 0; i < job->nr_stages; i++) {
		struct stage *s = &job->stages[i];

		if (s->task)
			put_task_struct(s->task);
		kfree(s->argv);
	}
	kfree(job->words);
	kfree(job->text);
	kfree(job);
}

static void signal_job(struct job *job, int sig)
{
	for (int i = 0; i < job->nr_stages; i++)
		if (job->stages[i].task)
			send_sig(sig, job->stages[i].task, 1);
}

/* Both ends of every stage, or none. */
static int connect(struct job *job, struct pipe *in, struct pipe *out)
{
	struct stage *me = current_stage();
	int last = job->nr_stages - 1;

	in = in ?: me ? me->in : NULL;
	out = out ?: me ? me->out : NULL;
	job->stages[0].in = pipe_get_reader(in);
	job->stages[last].out = pipe_get_writer(out);
	for (int i = 0; i < last; i++) {
		struct pipe *p = pipe_create();

		if (!p)
			return -ENOMEM;
		job->stages[i].out = job->stages[i + 1].in = p;
	}
	return 0;
}

int job_start(struct job *job, struct pipe *in, struct pipe *out)
{
	int i, err;

	for (i = 0; i < job->nr_stages; i++) {
		job->stages[i].job = job;
		init_completion(&job->stages[i].ended);
	}
	err = connect(job, in, out);
	for (i = 0; !err && i < job->nr_stages; i++)
		err = start_stage(&job->stages[i]);
	if (!err)
		return 0;
	/* Those that were started see the ends of their pipes closed. */
	for (i = 0; i < job->nr_stages; i++)
		if (!job->stages[i].task)
			stage_release(&job->stages[i].output);
	signal_job(job, SIGKILL);
	for (i = 0; i < job->nr_stages; i++)
		if (job->stages[i].task)
			wait_for_completion(&job->stages[i].ended);
	return err;
}

static bool job_has_ended(struct job *job)
{
	for (int i = 0; i < job->nr_stages; i++)
		if (!completion_done(&job->stages[i].ended))
			return false;
	return true;
}

/* One that is left behind after the second Ctrl-C. What it does instead of ending is worth knowing. */
static void explain_stubborn(struct job *job)
{
	for (int i = 0; i < job->nr_stages; i++) {
		struct stage *s = &job->stages[i];

		if (!completion_done(&s->ended))
			console_printf("sh: %s (%d) does not listen to signals; it goes on in the background\n",
				       s->command->name, s->task->pid);
	}
}

/* A signal came while waiting. Return: true: do not wait any more. */
static bool heed_signal(struct job *job, int *interrupts)
{
	int sig = kernel_dequeue_signal();

	flush_signals(current);
	if (sig == SIGTSTP)
		return true;
	signal_job(job, *interrupts ? SIGKILL : SIGINT);
	if (sig == SIGINT && !current_stage())
		console_write("^C\n", 3);
	if (++*interrupts < 2)
		return false;
	explain_stubborn(job);
	return true;
}

int job_wait(struct job *job)
{
	u64 unused;

	return job_wait_cpu(job, &unused);
}

int job_wait_cpu(struct job *job, u64 *ns)
{
	int status, interrupts = 0;

	*ns = 0;

	for (int i = 0; i < job->nr_stages; i++) {
		while (wait_for_completion_interruptible(&job->stages[i].ended)) {
			if (!heed_signal(job, &interrupts))
				continue;
			job_put_behind(job);
			return STATUS_INTERRUPTED;
		}
		*ns += task_sched_runtime(job->stages[i].task);
	}
	status = job->stages[job->nr_stages - 1].status;
	job_free(job);
	return interrupts ? STATUS_INTERRUPTED : status;
}

int job_launch(struct job *job, bool behind)
{
	int err = job_start(job, NULL, NULL);

	if (err) {
		console_printf("sh: %s: cannot be started (%pe)\n", job->text, ERR_PTR(err));
		job_free(job);
		return 1;
	}
	if (!behind)
		return job_wait(job);
	job_put_behind(job);
	return 0;
}

/* All words in one piece. */
static char *copy_words(int argc, char **argv, char **copies)
{
	size_t size = 1;
	char *words, *at;

	for (int i = 0; i < argc; i++)
		size += strlen(argv[i]) + 1;
	words = at = kmalloc(size, GFP_KERNEL);
	for (int i = 0; words && i < argc; i++) {
		copies[i] = strcpy(at, argv[i]);
		at += strlen(at) + 1;
	}
	return words;
}

struct job *job_of_words(const char *text, int argc, char **argv)
{
	struct job *job = kzalloc(sizeof(*job), GFP_KERNEL);
	struct stage *s;

	if (!job)
		goto no_memory;
	s = &job->stages[0];
	job->nr_stages = 1;
	s->argc = argc;
	s->argv = kcalloc(argc + 1, sizeof(char *), GFP_KERNEL);
	job->text = kstrdup(text, GFP_KERNEL);
	if (!s->argv || !job->text)
		goto no_memory;
	job->words = copy_words(argc, argv, s->argv);
	if (!job->words)
		goto no_memory;
	if (!stage_find_command(s))
		return job;
	job_free(job);
	return NULL;
no_memory:
	console_printf("sh: not enough memory for %s\n", text);
	if (job)
		job_free(job);
	return NULL;
}

/* ---- in the background ---- */

static void print_job(struct job *job, const char *state)
{
	console_printf("[%d]  %-8s %s\n", job->nr, state, job->text);
}

void job_put_behind(struct job *job)
{
	struct job *other;

	mutex_lock(&jobs_lock);
	job->background = true;
	job->nr = 1;
	list_for_each_entry(other, &jobs, list)
		job->nr = max(job->nr, other->nr + 1);
	list_add_tail(&job->list, &jobs);
	console_printf("[%d] %d\n", job->nr, job->stages[job->nr_stages - 1].task->pid);
	mutex_unlock(&jobs_lock);
}

static const char *how_it_ended(struct job *job)
{
	int status = job->stages[job->nr_stages - 1].status;

	return !status ? "Done" : status == STATUS_FAULT ? "Fault" : "Exit 1";
}

void jobs_report(void)
{
	struct job *job, *next;

	mutex_lock(&jobs_lock);
	list_for_each_entry_safe(job, next, &jobs, list) {
		if (!job_has_ended(job))
			continue;
		print_job(job, how_it_ended(job));
		list_del(&job->list);
		job_free(job);
	}
	mutex_unlock(&jobs_lock);
}

static int run_jobs(int argc, char **argv)
{
	struct job *job;

	mutex_lock(&jobs_lock);
	list_for_each_entry(job, &jobs, list)
		print_job(job, job_has_ended(job) ? how_it_ended(job) : "Running");
	mutex_unlock(&jobs_lock);
	return 0;
}

/* Take one off the list: by its number, or the youngest. NULL: there is none, and it was said. */
static struct job *take_job(int argc, char **argv)
{
	struct job *job, *found = NULL;
	int nr = 0;

	if (argc > 2 || (argc == 2 && (kstrtoint(argv[1] + (argv[1][0] == '%'), 10, &nr) || nr <= 0))) {
		console_printf("%s: the number of one job, as `jobs` lists them: %s 1\n", argv[0], argv[0]);
		return NULL;
	}
	mutex_lock(&jobs_lock);
	list_for_each_entry(job, &jobs, list)
		if (!nr || job->nr == nr)
			found = job;
	if (found)
		list_del(&found->list);
	mutex_unlock(&jobs_lock);
	if (!found)
		console_printf(nr ? "%s: there is no job %d (jobs lists them)\n" : "%s: no job is in the background\n",
			       argv[0], nr);
	return found;
}

static int run_fg(int argc, char **argv)
{
	struct job *job = take_job(argc, argv);

	if (!job)
		return -ESRCH;
	console_printf("%s\n", job->text);
	job->background = false;
	return job_wait(job);
}

static int run_wait(int argc, char **argv)
{
	struct job *job;

	if (argc == 2) {
		job = take_job(argc, argv);
		return job ? job_wait(job) : -ESRCH;
	}
	for (;;) {
		mutex_lock(&jobs_lock);
		job = list_first_entry_or_null(&jobs, struct job, list);
		if (job)
			list_del(&job->list);
		mutex_unlock(&jobs_lock);
		if (!job)
			return 0;
		if (job_wait(job) == STATUS_INTERRUPTED)
			return -EINTR;
	}
}

SHELL_COMMAND(jobs, run_jobs, "", "list the jobs in the background",
	"  A job is a command, or several with pipes between, that was followed by &, or that Ctrl-Z left behind.\n"
	"  Example: sleep 100 & jobs", .group = "shell", .builtin = true);
SHELL_COMMAND(fg, run_fg, "[JOB]", "bring a job to the foreground, and wait for it",
	"  Ctrl-C then reaches it. Without a number: the youngest. Example: sleep 100 & fg 1", .group = "shell",
	.builtin = true);
SHELL_COMMAND(wait, run_wait, "[JOB]", "wait until jobs in the background have ended",
	"  Without a number: all of them. Example: sleep 1 & sleep 2 & wait; echo both", .group = "shell",
	.builtin = true);
