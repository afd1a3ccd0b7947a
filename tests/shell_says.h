/* SPDX-License-Identifier: MIT */
#pragma once
/* What a line of shell commands prints, and how it ends: for the tests of the shell and of its commands. */
#include "test.h"
#include "../kernel/pipe.h"
#include "../kernel/shell.h"
#include "../kernel/shell_job.h"
#include <linux/errno.h>
#include <linux/string.h>

static char printed[16384] __maybe_unused;
static size_t nr_printed __maybe_unused;

/* Runs the line on a shell of its own, at the reading end of a pipe. Return: its status. */
static inline int run_and_catch(const char *line)
{
	char *argv[] = { "sh", "-c", (char *)line, NULL };
	struct job *job = job_of_words(line, 3, argv);
	struct pipe *p = pipe_create();
	ssize_t n;

	if (!job || !p || job_start(job, NULL, p))
		return -ENOMEM;
	pipe_put_writer(p);
	for (nr_printed = 0; (n = pipe_read(p, printed + nr_printed, sizeof(printed) - 1 - nr_printed)) > 0; )
		nr_printed += n;
	printed[nr_printed] = '\0';
	pipe_put_reader(p);
	return job_wait(job);
}

/* Does the line print this, and end so? */
#define SAYS(line, text, status)									\
	do {												\
		int _status = run_and_catch(line);							\
		if (strcmp(printed, text) || _status != (status))					\
			return test_fail("%s:%d: %s: printed \"%s\", status %d", test_basename(__FILE__), __LINE__, \
					 line, printed, _status);					\
	} while (0)

/* Does it print this somewhere? */
#define SAYS_ALSO(line, text)										\
	do {												\
		run_and_catch(line);									\
		if (!strstr(printed, text))								\
			return test_fail("%s:%d: %s: printed \"%s\"", test_basename(__FILE__), __LINE__, line,	\
					 printed);							\
	} while (0)
