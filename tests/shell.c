/* SPDX-License-Identifier: MIT */
/* The shell's language, jobs and pipes; what is typed is tested from outside (tests/expect/shell.t). */
#include "test.h"
#include "../kernel/shell.h"
#include "../kernel/shell_job.h"
#include "../kernel/pipe.h"
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/string.h>

/* ---- what is printed, caught ---- */

static char printed[16384];
static size_t nr_printed;

/* Runs the line on a shell of its own, at the reading end of a pipe. Return: its status. */
static int run_and_catch(const char *line)
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

TEST(shell_words_are_cut_at_blanks_and_quotes)
{
	SAYS("echo a   b", "a b\n", 0);
	SAYS("  echo\ta\\ b 'c  d' \"e 'f'\" ", "a b c  d e 'f'\n", 0);
	SAYS("echo 'a;b' \"c|d\" e\\&f", "a;b c|d e&f\n", 0);
	SAYS("echo '\\' \"\\\"\\\\\\n\"", "\\ \"\\\\n\n", 0);
	SAYS("echo a'b'\"c\"d ''", "abcd \n", 0);
	SAYS("echo a # b; echo c", "a\n", 0);
	SAYS("echo a#b", "a#b\n", 0);
	SAYS("", "", 0);
	SAYS(" ; ;; ", "", 0);
	return NULL;
}

TEST(shell_lists_go_by_how_the_last_command_ended)
{
	SAYS("echo a; echo b;", "a\nb\n", 0);
	SAYS("echo a\necho b\n", "a\nb\n", 0);
	SAYS("true && echo yes || echo no", "yes\n", 0);
	SAYS("false && echo yes || echo no", "no\n", 0);
	SAYS("false || false || echo c", "c\n", 0);
	SAYS("false && echo a; echo b", "b\n", 0);
	SAYS("true; echo $?; false; echo $? \"$?\" '$?'", "0\n1 1 $?\n", 0);
	SAYS("false", "", 1);
	SAYS("sh -c 'exit 3'; echo $?", "3\n", 0);
	SAYS("sh -c 'echo a; exit 4; echo b'", "a\n", 4);
	return NULL;
}

TEST(shell_says_what_is_wrong_before_anything_runs)
{
	SAYS("echo a; echo 'b", "sh: a quote is not closed: 'b\n", 2);
	SAYS("echo a | | echo b", "sh: there is no command behind |\n", 2);
	SAYS("| echo a", "sh: there is no command in front of |\n", 2);
	SAYS("echo a |", "sh: there is no command behind |\n", 2);
	SAYS("echo a &&", "sh: there is no command behind &&\n", 2);
	SAYS("echo a || ; echo b", "sh: there is no command behind ||\n", 2);
	SAYS("& echo a", "sh: there is no command in front of &\n", 2);
	SAYS("echo a > b", "sh: b: No such file or directory; all files are in /proc (ls /proc)\n", 1);
	SAYS("echo a > b c", "sh: behind > stands one file of /proc and nothing more, as in: "
	     "echo 5 > /proc/sys/kernel/printk\n", 2);
	SAYS("echo a > b | wc", "sh: behind > stands one file of /proc and nothing more, as in: "
	     "echo 5 > /proc/sys/kernel/printk\n", 2);
	SAYS("> b", "sh: there is no command in front of >\n", 2);
	SAYS("echo x > /proc/sys/kernel/pid_max || echo no", "sh: /proc/sys/kernel/pid_max: Invalid argument\nno\n", 0);
	SAYS("echo 0 > /proc/sys/kernel/panic_on_oops && cat /proc/sys/kernel/panic_on_oops", "0\n", 0);
	SAYS("echo 0 | tee /proc/sys/kernel/panic_on_oops", "0\n", 0);
	SAYS("echo a < b", "sh: <: files are read by cat FILE |\n", 2);
	SAYS("eco a; echo $?", "sh: eco: command not found; did you mean echo? (help lists all)\n127\n", 0);
	SAYS("qqqqqqq", "sh: qqqqqqq: command not found (help lists all)\n", 127);
	return NULL;
}

TEST(shell_commands_leave_nothing_behind)
{
	for (int i = 0; i < 100; i++)
		EXPECT_EQ(shell_run("true"), 0);
	return NULL;
}
