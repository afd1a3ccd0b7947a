/* SPDX-License-Identifier: MIT */
#pragma once
/* Private to the shell: pipelines of commands as threads, in the foreground or behind. */
#include <linux/completion.h>
#include <linux/console.h>
#include <linux/list.h>
#include <linux/types.h>

struct job;
struct pipe;
struct proc_file;
struct shell_command;
struct task_struct;

/* A command of a pipeline. */
struct stage {
	struct job			*job;
	const struct shell_command	*command;
	int				argc;
	char				**argv;		/* a NULL behind the last */
	struct pipe			*in, *out;	/* NULL: the terminal. Its own until it has ended */
	struct proc_file		*file;		/* what is read instead of `in`, or NULL; self only */
	char				*ahead;		/* what shell_getline() has read and not given yet */
	size_t				ahead_at, ahead_len;
	struct thread_output		output;		/* current->output of its thread */
	struct task_struct		*task;		/* a reference, or NULL: was not started */
	struct completion		ended;		/* by do_exit(), however it ends */
	int				status;		/* as $? */
};

/* How it ended, as $?. From STATUS_EXIT on: the shell shall end, too, with what is more. */
enum { STATUS_NO_COMMAND = 127, STATUS_INTERRUPTED = 130, STATUS_FAULT = 139, STATUS_EXIT = 256 };
int status_of(int ret);

#define MAX_STAGES	16

/* jobs_lock but for the stages: constant after the start. */
struct job {
	struct list_head	list;		/* of those in the background */
	int			nr;		/* among those; 0: in the foreground */
	bool			background;
	char			*text;		/* as typed */
	char			*words;		/* what the argv point into */
	int			nr_stages;
	struct stage		stages[MAX_STAGES];
};

/*
 * Start a thread for each stage, with pipes between; the first reads `in`, the last writes to `out`, which are the
 * caller's own if NULL. Return: 0, or a negative errno: nothing runs. Context: thread, may sleep.
 */
int job_start(struct job *job, struct pipe *in, struct pipe *out);

/*
 * Wait until all have ended, and free the job. SIGINT to the caller is passed on to them; the second one leaves them
 * in the background, as SIGTSTP does at once. Return: the last one's status.
 */
int job_wait(struct job *job);
/* The same; *ns gets what they have used of CPUs. */
int job_wait_cpu(struct job *job, u64 *ns);

/* Into the background, where jobs, fg and wait find it. */
void job_put_behind(struct job *job);

/* Say which have ended since the last time, and forget them. */
void jobs_report(void);

/* The stage that is the caller, or NULL. */
struct stage *current_stage(void);

/* shell_input.c: close the file that it reads, if any. Context: its own thread. */
void stage_close_file(struct stage *s);

/* A job of one command: its words, which are copied. NULL: no memory or no such command, which was said. */
struct job *job_of_words(const char *text, int argc, char **argv);

/* Start it and wait for it, or not. Return: its status; 0 if it is not waited for. What goes wrong was said. */
int job_launch(struct job *job, bool behind);

void job_free(struct job *job);

/* shell.c: run a line; $? before it is `status`. Return: as shell_run(), or from STATUS_EXIT on. */
int shell_run_after(const char *line, int status);

/* shell.c: the command that the first word names. Return: 0, -ENOENT: none, which was said. */
int stage_find_command(struct stage *s);
