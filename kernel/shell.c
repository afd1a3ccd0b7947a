/* SPDX-License-Identifier: MIT */
/*
 * The shell's language: from a line to jobs.
 *
 *	line     := list of and-ors, each followed by ; & or a new line
 *	and-or   := pipeline, then && or || and a pipeline, as often as you like
 *	pipeline := command | command | ... > file
 *	command  := words; the first one names it (SHELL_COMMAND)
 *
 * One parser, by recursive descent, that goes over the text twice: first dry, which finds what is wrong before anything
 * has run, then for real. What is read dry yields nothing; what is read for real becomes a job (shell_job.c) with a
 * stage for each command. What stands in front of & is run behind: a pipeline as it is, several in a thread of their
 * own by `sh -c`.
 *
 * Words end at blanks and at ; & | and line ends. Single quotes take the meaning of everything between them, double
 * quotes of all but \ and $?, a backslash of the next character. $? is how the last command ended. # begins a comment.
 * There are no other variables, no patterns, and no files but those of /proc: > is a last stage that writes (tee).
 *
 * Read next: shell_job.c, shell_session.c.
 */
#include "shell.h"
#include "shell_job.h"
#include <linux/console.h>
#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/string.h>

enum { STATUS_SYNTAX = 2 };

struct parser {
	const char	*at;		/* the rest of the line */
	bool		dry;		/* look for mistakes only */
	bool		failed;		/* one was found, and said */
	bool		stopped;	/* by exit or Ctrl-C: nothing more is run */
	int		status;		/* $? */
	char		*out;		/* where words are copied to; not when dry */
};

/* ---- names ---- */

const struct shell_command *shell_find(const char *name)
{
	const struct shell_command *c;

	for_each_shell_command(c)
		if (strcmp(c->name, name) == 0)
			return c;
	return NULL;
}

#define MAX_NAME	20

/* How many letters must be changed, added or left out to make b of a. */
static int distance(const char *a, const char *b)
{
	int row[MAX_NAME + 1], n = strnlen(b, MAX_NAME);

	for (int j = 0; j <= n; j++)
		row[j] = j;
	for (int i = 0; a[i]; i++) {
		int diagonal = row[0];

		row[0] = i + 1;
		for (int j = 0; j < n; j++) {
			int better = min(row[j], row[j + 1]) + 1;

			better = min(better, diagonal + (a[i] != b[j]));
			diagonal = row[j + 1];
			row[j + 1] = better;
		}
	}
	return row[n];
}

const char *shell_nearest(const char *name)
{
	const struct shell_command *c, *best = NULL;
	int least = strlen(name) / 2 + 1;

	if (strlen(name) > MAX_NAME)
		return NULL;
	for_each_shell_command(c) {
		int d = distance(name, c->name);

		if (d < least) {
			least = d;
			best = c;
		}
	}
	return best ? best->name : NULL;
}

/* ---- words ---- */

static int complain(struct parser *p, const char *fmt, ...)
{
	va_list args;

	if (!p->failed) {
		va_start(args, fmt);
		console_vprintf(fmt, args);
		va_end(args);
	}
	p->failed = true;
	return -EINVAL;
}

static void skip_blanks(struct parser *p)
{
	for (;; p->at++) {
		if (*p->at == '#')
			p->at += strcspn(p->at, "\n");
		if (*p->at == '\\' && p->at[1] == '\n')
			p->at++;
		else if (*p->at != ' ' && *p->at != '\t')
			return;
	}
}

/* Skip one of the words that stand between commands. Return: was it there? */
static bool accept(struct parser *p, const char *op)
{
	size_t n = strlen(op);

	skip_blanks(p);
	if (strncmp(p->at, op, n) || (n == 1 && (*op == '|' || *op == '&') && p->at[1] == *op))
		return false;
	p->at += n;
	return true;
}

static bool at_word(struct parser *p)
{
	skip_blanks(p);
	return *p->at && !strchr(";&|>\n", *p->at);
}


static void put(struct parser *p, const char *s, size_t n)
{
	if (p->dry)
		return;
	memcpy(p->out, s, n);
	p->out += n;
}

/* One character of a word. */
static void take_char(struct parser *p, char quote)
{
	if (quote != '\'' && *p->at == '\\' && p->at[1] && (!quote || strchr("\\\"$", p->at[1]))) {
		put(p, p->at + 1, 1);
		p->at += 2;
	} else if (quote != '\'' && p->at[0] == '$' && p->at[1] == '?') {
		char number[12];

		put(p, number, scnprintf(number, sizeof(number), "%d", p->status));
		p->at += 2;
	} else {
		put(p, p->at++, 1);
	}
}

static int take_word(struct parser *p)
{
	const char *start = p->at;
	char quote = 0;

	for (; *p->at && (quote || !strchr(" \t\n;&|>", *p->at)); ) {
		if (quote ? *p->at == quote : *p->at == '"' || *p->at == '\'') {
			quote = quote ? 0 : *p->at;
			p->at++;
		} else if (!quote && *p->at == '<') {
			return complain(p, "sh: <: files are read by cat FILE |\n");
		} else {
			take_char(p, quote);
		}
	}
	put(p, "", 1);
	return quote ? complain(p, "sh: a quote is not closed: %s\n", start) : 0;
}

/* ---- commands ---- */

/* Return: how many words, or a negative errno. argv, if there is one, has room for them and a NULL. */
static int take_command(struct parser *p, char **argv)
{
	int argc = 0;

	while (at_word(p)) {
		if (argv)
			argv[argc] = p->out;
		argc++;
		if (take_word(p))
			return -EINVAL;
	}
	if (argv)
		argv[argc] = NULL;
	return argc;
}

static int count_words(const struct parser *p)
{
	struct parser ahead = *p;

	ahead.dry = true;
	return take_command(&ahead, NULL);
}

int stage_find_command(struct stage *s)
{
	const char *near;

	s->command = shell_find(s->argv[0]);
	if (s->command)
		return 0;
	near = shell_nearest(s->argv[0]);
	if (near)
		console_printf("sh: %s: command not found; did you mean %s? (help lists all)\n", s->argv[0], near);
	else
		console_printf("sh: %s: command not found (help lists all)\n", s->argv[0]);
	return -ENOENT;
}

/* to_file: it is what stands behind > */
static int add_stage(struct parser *p, struct job *job, bool to_file)
{
	struct stage *s = &job->stages[job->nr_stages];

	s->argv = kmalloc_array(count_words(p) + 3, sizeof(char *), GFP_KERNEL);
	if (!s->argv)
		return -ENOMEM;
	job->nr_stages++;
	if (to_file) {
		s->argv[s->argc++] = "tee";
		s->argv[s->argc++] = "-q";
	}
	s->argc += take_command(p, s->argv + s->argc);
	return stage_find_command(s);
}

/* A pipeline of which it is known that it is right. Return: NULL: it cannot be run; $? says why. */
static struct job *take_job(struct parser *p)
{
	const char *start = p->at;
	struct job *job = kzalloc(sizeof(*job), GFP_KERNEL);
	bool to_file = false;
	int err = -ENOMEM;

	if (!job)
		goto fail;
	job->words = kmalloc(2 * strlen(start) + 2, GFP_KERNEL);	/* $? may be longer than it looks */
	if (!job->words)
		goto fail;
	p->out = job->words;
	do {
		err = add_stage(p, job, to_file);
		to_file = !err && accept(p, ">");
	} while (!err && (to_file || accept(p, "|")));
	if (err)
		goto fail;
	while (p->at[-1] == ' ')
		p->at--;
	job->text = kstrndup(start, p->at - start, GFP_KERNEL);
	if (job->text)
		return job;
	err = -ENOMEM;
fail:
	if (err == -ENOMEM)
		console_printf("sh: not enough memory for this line\n");
	p->status = err == -ENOENT ? STATUS_NO_COMMAND : 1;
	if (job)
		job_free(job);
	return NULL;
}

/* What stands behind > */
static int skip_file(struct parser *p, int stages)
{
	int n = take_command(p, NULL);
	bool goes_on = *p->at == '>' || (*p->at == '|' && p->at[1] != '|');

	if (n == 1 && stages < MAX_STAGES && !goes_on)
		return 0;
	return complain(p, "sh: behind > stands one file of /proc and nothing more, as in: "
			"echo 5 > /proc/sys/kernel/printk\n");
}

/* Look for mistakes in one, moving behind it. */
static int skip_pipeline(struct parser *p)
{
	int n, stages = 0;

	do {
		n = take_command(p, NULL);
		if (n < 0)
			return n;
		if (!n && (stages || *p->at == '|' || *p->at == '>'))
			return complain(p, "sh: there is no command %s %c\n", stages ? "behind" : "in front of",
					stages ? '|' : *p->at);
		if (++stages > MAX_STAGES)
			return complain(p, "sh: more than %d commands with | between\n", MAX_STAGES);
	} while (accept(p, "|"));
	return accept(p, ">") ? skip_file(p, stages) : 0;
}

static void run_pipeline(struct parser *p, bool behind)
{
	struct job *job = take_job(p);
	struct stage *first;

	if (!job)
		return;
	first = &job->stages[0];
	if (job->nr_stages == 1 && first->command->builtin && !behind) {
		p->status = status_of(first->command->run(first->argc, first->argv));
		job_free(job);
		return;
	}
	p->status = job_launch(job, behind);
}

/* ---- lists ---- */

/* Look for mistakes in the pipeline ahead. Return: where it ends; NULL: there is one. */
static const char *end_of_pipeline(struct parser *p)
{
	struct parser ahead = *p;

	ahead.dry = true;
	if (!skip_pipeline(&ahead))
		return ahead.at;
	p->failed = true;
	return NULL;
}

/* One and-or. Dry, it is only looked at. Return: how many pipelines, or a negative errno. */
static int and_or(struct parser *p)
{
	bool run = !p->dry, and = true;

	for (int n = 1; ; n++) {
		const char *end = end_of_pipeline(p);

		if (!end)
			return -EINVAL;
		if (!at_word(p))
			return complain(p, "sh: there is no command %s\n",
					n == 1 ? "in front of &" : and ? "behind &&" : "behind ||");
		if (run)
			run_pipeline(p, false);
		p->at = end;
		if (p->status == STATUS_INTERRUPTED || p->status >= STATUS_EXIT)
			p->stopped = true;
		and = accept(p, "&&");
		if (!and && !accept(p, "||"))
			return n;
		run = !p->dry && !p->stopped && (and ? !p->status : p->status);
	}
}

/* An and-or of several pipelines: on a thread of its own. */
static void run_behind(struct parser *p, const char *end)
{
	char *text = kstrndup(p->at, end - p->at, GFP_KERNEL);
	char *argv[] = { "sh", "-c", text, NULL };
	struct job *job = text ? job_of_words(text, ARRAY_SIZE(argv) - 1, argv) : NULL;

	p->status = job ? job_launch(job, true) : 1;
	kfree(text);
}

static void skip_ends(struct parser *p)
{
	while (accept(p, ";") || accept(p, "\n"))
		;
}

static void run_list(struct parser *p)
{
	for (skip_ends(p); *p->at && !p->failed && !p->stopped; skip_ends(p)) {
		struct parser ahead = *p;
		const char *end;
		int n;

		ahead.dry = true;
		n = and_or(&ahead);
		end = ahead.at;
		p->failed = n < 0;
		if (p->dry || n < 0)
			accept(&ahead, "&");
		else if (!accept(&ahead, "&"))
			and_or(p);
		else if (n > 1)
			run_behind(p, end);
		else
			run_pipeline(p, true);
		p->at = ahead.at;
	}
}

int shell_run_after(const char *line, int status)
{
	struct parser look = { .at = line, .dry = true }, p = { .at = line, .status = status };

	run_list(&look);
	if (look.failed)
		return STATUS_SYNTAX;
	run_list(&p);
	return p.status;
}

int shell_run(const char *line)
{
	return shell_run_after(line, 0);
}

/* ---- commands about it ---- */

static int run_sh(int argc, char **argv)
{
	if (argc != 3 || strcmp(argv[1], "-c")) {
		console_printf("sh: what shall be run? As in: sh -c 'ps; free'\n");
		return -EINVAL;
	}
	return shell_run(argv[2]) % STATUS_EXIT;
}

static int run_exit(int argc, char **argv)
{
	unsigned int status = 0;

	if (argc > 2 || (argc == 2 && (kstrtouint(argv[1], 10, &status) || status > 255))) {
		console_printf("exit: a status from 0 to 255, or nothing, as in: exit 1\n");
		return -EINVAL;
	}
	return STATUS_EXIT + status;
}

SHELL_COMMAND(sh, run_sh, "-c COMMANDS", "run a line of commands",
	"  On a shell of its own, which is one thread more. Example: sh -c 'ps; free' | head -5", .group = "shell");
SHELL_COMMAND(exit, run_exit, "[STATUS]", "end this shell",
	"  Init then starts another one: there must be somebody to talk to. To end Bobbin: poweroff.\n"
	"  Example: sh -c 'exit 3'; echo $?", .group = "shell", .builtin = true);
