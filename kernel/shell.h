/* SPDX-License-Identifier: MIT */
#pragma once
/* Private to the rooms: the commands of the shell, and running them by name. */
#include <linux/compiler.h>

/* Run "command; command", in order. What is wrong is said on the console. Context: thread, may sleep. */
void shell_run(const char *line);

/*
 * A command is announced in the file that has it:
 *
 *	SHELL_COMMAND(nproc, run_nproc, "", "how many CPUs run", "  Example: nproc");
 *
 * run gets argc and argv with argv[0] the command, prints with console_printf(), and returns 0 or a negative errno;
 * it has then already said, in one line, what was wrong and what would have been right. Context: thread, may sleep.
 */
struct shell_command {
	const char	*name;
	int		(*run)(int argc, char **argv);
	const char	*arguments;
	const char	*summary;	/* one line */
	const char	*text;		/* for `help name`: what it does, with an example */
};

#define SHELL_COMMAND(_name, _run, _arguments, _summary, _text) \
	static const struct shell_command shell_command_##_name __used __section(".shell_commands." #_name) \
		__aligned(__alignof__(struct shell_command)) = { /* no holes: they are an array */ \
		.name = #_name, .run = _run, .arguments = _arguments, .summary = _summary, .text = _text }

/* All of them, by name: the linker sorts the sections. */
extern const struct shell_command __shell_commands_start[], __shell_commands_end[];
