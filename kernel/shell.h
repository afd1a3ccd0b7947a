/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Private to the rooms: the commands of the shell, what they may use, and running them by name. docs/shell.md.
 *
 * A command is announced in the file that has it:
 *
 *	SHELL_COMMAND(nproc, run_nproc, "", "how many CPUs run", "  Example: nproc", .group = "machine");
 *
 * run gets argc and argv with argv[0] the command, prints with console_printf() (also into a pipe, it need not know),
 * and returns 0 or a negative errno; it has then already said, in one line, what was wrong and what would have been
 * right. Context: thread, may sleep. Each command runs on a thread of its own that has its name and is no kernel
 * thread, as on Linux: it may be killed, fault or hang without harm to the shell. Ctrl-C sends it SIGINT, which ends
 * interruptible and killable sleep; who loops without sleeping asks shell_interrupted() now and then.
 */
#include <linux/compiler.h>
#include <linux/types.h>

/*
 * Run a line: commands with ; & && || and | between. What is wrong is said on the console.
 * Return: what the last command ended with, as $? (0: well). Context: thread, may sleep.
 */
int shell_run(const char *line);

struct shell_command {
	const char	*name;
	int		(*run)(int argc, char **argv);
	const char	*arguments;
	const char	*summary;	/* one line */
	const char	*text;		/* for `man name`: what it does, with "Example: " at the end */

	/* Optional, behind the others in SHELL_COMMAND(): */
	const char	*group;		/* for help: "threads", "modules", ... */
	bool		builtin;	/* runs on the shell's own thread: what it does is about that thread */
	/*
	 * For Tab: offer() each word that could stand at argv[argc - 1], of which the beginning is typed; those that
	 * begin otherwise are left out. Without it: the words in `arguments`.
	 */
	void		(*complete)(int argc, char **argv, void (*offer)(const char *word));
};

#define SHELL_COMMAND(_name, _run, _arguments, _summary, _text, ...) \
	static const struct shell_command shell_command_##_name __used __section(".shell_commands." #_name) \
		__aligned(__alignof__(struct shell_command)) = { /* no holes: they are an array */ \
		.name = #_name, .run = _run, .arguments = _arguments, .summary = _summary, .text = _text, \
		##__VA_ARGS__ }

/* All of them, by name: the linker sorts the sections. */
extern const struct shell_command __shell_commands_start[], __shell_commands_end[];
#define for_each_shell_command(c) for (c = __shell_commands_start; c < __shell_commands_end; c++)

/* The command of that name, or NULL. The name most like it, for "did you mean", or NULL if none is near. */
const struct shell_command *shell_find(const char *name);
const char *shell_nearest(const char *name);

/* ---- for commands */

/* Ctrl-C, or a kill, wants the command to end. */
bool shell_interrupted(void);

/* Sleeps. Return: 0, or -EINTR when it is interrupted. */
int shell_sleep(u64 us);

/* "N" or "N.fraction" seconds. Return: 0, -EINVAL, -ERANGE. */
int shell_parse_seconds(const char *s, u64 *us);

/*
 * The next line of what comes through the pipe in front, or of what is typed if there is none, without its newline; a
 * longer one comes in parts. Return: its length; -EPIPE: there are no more; -EINTR.
 */
ssize_t shell_getline(char *buf, size_t size);

/* From now on it gives the lines of that file of /proc. Return: 0, or a negative errno, which was said. */
int shell_open_input(const char *path);

/* Does the command's output go to the terminal, and its input come from there? */
bool shell_out_is_terminal(void);
bool shell_in_is_terminal(void);

/* How wide lines may be: the terminal's columns; 0: nothing cuts them, in a pipe, or for the commands of the boot. */
unsigned int shell_out_width(void);
