/* SPDX-License-Identifier: MIT */
/*
 * What a command reads: a file of /proc that it has named, or what comes through the pipe in front of it, or else what
 * is typed.
 *
 * All of them come by shell_getline(). Bytes are fetched in blocks and kept at the stage (shell_job.h), which also lets
 * go of them, and of an open file, however its command ends.
 * Read next: shell_filters.c.
 */
#include "shell.h"
#include "pipe.h"
#include "proc/proc.h"
#include "shell_edit.h"
#include "shell_job.h"
#include <linux/console.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/slab.h>

bool shell_in_is_terminal(void)
{
	struct stage *s = current_stage();

	return !s || (!s->in && !s->file && !s->job->background);
}

void stage_close_file(struct stage *s)
{
	if (!s->file)
		return;
	if (s->file->inside != current) {	/* else it has died in there, and what state that is in nobody knows */
		proc_close(s->file);
		kfree(s->file);
	}
	s->file = NULL;
}

int shell_open_input(const char *path)
{
	struct stage *s = current_stage();
	int err = -ENOMEM;

	stage_close_file(s);
	s->ahead_at = s->ahead_len = 0;
	s->file = kzalloc(sizeof(*s->file), GFP_KERNEL);
	if (s->file)
		err = proc_open(s->file, path, FMODE_READ);
	if (!err)
		return 0;
	kfree(s->file);
	s->file = NULL;
	return proc_complain(s->command->name, path, err);
}

static ssize_t next_block(struct stage *s)
{
	return s->file ? proc_read(s->file, s->ahead, PIPE_SIZE) : pipe_read(s->in, s->ahead, PIPE_SIZE);
}

static int next_byte(struct stage *s)
{
	ssize_t n;

	if (s->ahead_at < s->ahead_len)
		return (u8)s->ahead[s->ahead_at++];
	if (!s->ahead)
		s->ahead = kmalloc(PIPE_SIZE, GFP_KERNEL);
	if (!s->ahead)
		return -ENOMEM;
	n = shell_interrupted() ? -EINTR : next_block(s);
	s->ahead_at = 0;
	s->ahead_len = max_t(ssize_t, n, 0);
	return n < 0 ? n : n ? (u8)s->ahead[s->ahead_at++] : -EPIPE;
}

ssize_t shell_getline(char *buf, size_t size)
{
	struct stage *s = current_stage();
	size_t n = 0;
	int c = 0;

	if (shell_in_is_terminal())
		return shell_edit_line("", buf, size, EDIT_PLAIN);
	if (!s->in && !s->file) {
		console_printf("%s: nothing can be typed for a job in the background\n", s->command->name);
		return -EPIPE;
	}
	while (n < size - 1 && (c = next_byte(s)) >= 0 && c != '\n')
		buf[n++] = c;
	buf[n] = '\0';
	return c < 0 && (!n || c != -EPIPE) ? c : (ssize_t)n;
}
