/* SPDX-License-Identifier: MIT */
/*
 * help and man: what the commands say of themselves (SHELL_COMMAND), arranged.
 *
 * Read next: shell.h.
 */
#include "shell.h"
#include "ps.h"
#include <linux/array_size.h>
#include <linux/console.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

static const char *const groups[] = { "threads", "modules", "machine", "text", "shell", "demonstrations", "other" };

static const char *group_of(const struct shell_command *c)
{
	for (int i = 0; c->group && i < ARRAY_SIZE(groups); i++)
		if (!strcmp(c->group, groups[i]))
			return c->group;
	return "other";
}

static void help_group(const char *group)
{
	const struct shell_command *c;
	bool first = true;

	for_each_shell_command(c) {
		char usage[80];

		if (strcmp(group_of(c), group))
			continue;
		if (first)
			console_printf("%s:\n", group);
		first = false;
		snprintf(usage, sizeof(usage), "%s %s", c->name, c->arguments);
		if (strlen(usage) < 26)
			console_printf("  %-26s%s\n", usage, c->summary);
		else
			console_printf("  %s\n%28s%s\n", usage, "", c->summary);
	}
}

static void help_all(void)
{
	for (int i = 0; i < ARRAY_SIZE(groups); i++)
		help_group(groups[i]);
	console_printf("`man command` says more. Between them: ; & && || and | into grep, head, tail...\n"
		       "Commands run at boot: sh=\"ps -ef; sleep 1; poweroff\"\n");
}

/* The columns that -o takes, as many to a line as fit. */
static void help_columns(void)
{
	static const char title[] = "Columns:";
	unsigned int width = shell_out_width() ?: 100, at = console_printf("%s", title);

	for (unsigned int i = 0; i < nr_ps_columns; i++) {
		unsigned int len = 1 + strlen(ps_columns[i].name);

		if (at + len > width)
			at = console_printf("\n%*s", (int)strlen(title), "") - 1;
		at += len;
		console_printf(" %s", ps_columns[i].name);
	}
	console_printf("\n");
}

/*
 * A page, as it is written, or with its lines broken at blanks where the terminal ends; what is broken off begins as
 * far to the right.
 */
static void print_page(const char *text)
{
	size_t cols = shell_out_width(), indent = 0;
	bool begins = true;

	while (*text) {
		size_t len, cut;

		indent = begins ? strspn(text, " ") : indent;
		text += begins ? indent : 0;
		len = cut = strcspn(text, "\n");
		if (cols > indent && len > cols - indent)
			for (cut = cols - indent; cut && text[cut] != ' '; cut--)
				;
		cut = cut ?: len;
		console_printf("%*s", (int)indent, "");
		console_write(text, cut);
		console_write("\n", 1);
		text += cut;
		begins = *text == '\n';
		text += begins ? 1 : strspn(text, " ");
	}
}

static int help_one(const char *asker, const char *name)
{
	const struct shell_command *c = shell_find(name);
	const char *near = shell_nearest(name);

	if (!c) {
		console_printf("%s: there is no command %s", asker, name);
		if (near)
			console_printf("; did you mean %s?", near);
		console_printf(" (help lists all)\n");
		return -ENOENT;
	}
	console_printf("%s %s\n  %s\n\n", c->name, c->arguments, c->summary);
	print_page(c->text);
	if (c->run == ps_main)
		help_columns();
	return 0;
}

static int run_help(int argc, char **argv)
{
	if (argc > 1)
		return help_one(argv[0], argv[1]);
	help_all();
	return 0;
}

static int run_man(int argc, char **argv)
{
	if (argc == 2)
		return help_one(argv[0], argv[1]);
	console_printf("man: which command's page? As in: man ps (help lists all)\n");
	return -EINVAL;
}

static void complete_name(int argc, char **argv, void (*offer)(const char *word))
{
	const struct shell_command *c;

	for_each_shell_command(c)
		offer(c->name);
}

SHELL_COMMAND(help, run_help, "[command]", "this list, or more about one command",
	"  Example: help ps", .group = "shell", .complete = complete_name);
SHELL_COMMAND(man, run_man, "command", "what a command does, with an example",
	"  Example: man ps", .group = "shell", .complete = complete_name);
