/* SPDX-License-Identifier: MIT */
/*
 * Tab: the rest of the word.
 *
 * What stands in front of the cursor since the last ; & or | is the command so far. Its first word is completed from
 * the names of the commands, the others by the command (.complete), or from the words in its `arguments`. All that
 * begin like the word are collected in one text, with their common beginning, which is what is filled in.
 *
 * No lock: one line is edited at a time.
 * Read next: shell_edit.c.
 */
#include "shell_complete.h"
#include "shell.h"
#include "tty.h"
#include <linux/console.h>
#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/string.h>

#define MAX_WORDS	32
#define MAX_COMMAND	512

/* What has been found. */
static struct {
	const char	*begin;		/* of the word, as typed */
	unsigned int	nr, widest;
	size_t		common;		/* characters that all have, from the first on */
	size_t		len;
	char		names[8192];	/* each with its NUL */
} found;

static bool is_known(const char *word)
{
	for (const char *s = found.names; s < found.names + found.len; s += strlen(s) + 1)
		if (!strcmp(s, word))
			return true;
	return false;
}

static void offer(const char *word)
{
	size_t n = strlen(word), same = 0;

	if (strncmp(word, found.begin, strlen(found.begin)) || n >= sizeof(found.names) - found.len ||
	    is_known(word))
		return;
	memcpy(found.names + found.len, word, n + 1);
	found.len += n + 1;
	while (found.nr && same < found.common && word[same] == found.names[same])
		same++;
	found.common = found.nr++ ? same : n;
	found.widest = max_t(unsigned int, found.widest, n);
}

/* The words of small letters in "start|stop [-c]". */
static void offer_arguments(const char *arguments)
{
	char word[32];

	while (*arguments) {
		size_t n = strcspn(arguments, " |[].");
		size_t small = strspn(arguments, "abcdefghijklmnopqrstuvwxyz0123456789-");

		if (n > 1 && n == small && n < sizeof(word)) {
			memcpy(word, arguments, n);
			word[n] = '\0';
			offer(word);
		}
		arguments += n + !!arguments[n];
	}
}

static void collect(int argc, char **argv)
{
	const struct shell_command *c;

	found.begin = argv[argc - 1];
	found.nr = found.widest = found.common = found.len = 0;
	if (argc == 1) {
		for_each_shell_command(c)
			offer(c->name);
		return;
	}
	c = shell_find(argv[0]);
	if (c && c->complete)
		c->complete(argc, argv, offer);
	else if (c)
		offer_arguments(c->arguments);
}

/* The words of the command in front of the cursor; the last one may be empty. Quotes are not minded. */
static int cut(const struct edit *e, char *text, char **argv)
{
	size_t start = e->pos;
	int argc = 0;
	char *s = text;

	while (start && !strchr(";|&", e->buf[start - 1]))
		start--;
	if (e->pos - start >= MAX_COMMAND)
		return 0;
	memcpy(text, e->buf + start, e->pos - start);
	text[e->pos - start] = '\0';
	for (;;) {
		s += strspn(s, " \t");
		if (argc == MAX_WORDS)
			return 0;
		argv[argc++] = s;
		s += strcspn(s, " \t");
		if (!*s)
			return argc;
		*s++ = '\0';
	}
}

static void list_found(void)
{
	unsigned int rows, cols, width = found.widest + 2, at = 0;

	tty_size(&rows, &cols);
	console_write("\n", 1);
	for (const char *s = found.names; s < found.names + found.len; s += strlen(s) + 1) {
		bool last = (at + 2) * width > cols || s + strlen(s) + 1 == found.names + found.len;

		console_printf("%-*s%s", last ? 0 : (int)width, s, last ? "\n" : "");
		at = last ? 0 : at + 1;
	}
}

bool complete_word(struct edit *e, bool list)
{
	char text[MAX_COMMAND], *argv[MAX_WORDS];
	int argc = cut(e, text, argv);
	size_t typed;

	if (!argc)
		return false;
	collect(argc, argv);
	if (!found.nr)
		return false;
	typed = strlen(argv[argc - 1]);
	if (found.common > typed)
		edit_insert(e, found.names + typed, found.common - typed);
	else if (found.nr > 1 && list)
		list_found();
	if (found.nr == 1)
		edit_insert(e, " ", 1);
	return found.nr == 1 || found.common > typed || list;
}
