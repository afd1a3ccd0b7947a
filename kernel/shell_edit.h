/* SPDX-License-Identifier: MIT */
#pragma once
/* Private to the shell: reading a line from the terminal, with everything that one expects of its keys. */
#include <linux/types.h>

/* The shell's own lines have history and completion, a command's input (EDIT_PLAIN) has not. */
enum { EDIT_PLAIN = 0, EDIT_SHELL = 1 };

/* A line that is being edited. The reader's own. */
struct edit {
	const char	*prompt;
	char		*buf;
	size_t		size, len, pos;		/* of buf; of the line; the cursor is before this byte of it */
	int		mode;
	unsigned int	row;			/* of the cursor on the terminal, counted from the prompt's */
	unsigned long	seen;			/* console_draw()'s */
	bool		drawn;			/* the cursor is in it, not on a new line */
	bool		stale;			/* the terminal does not show the line as it is */
	bool		tabbed;			/* the last key was Tab */
	unsigned int	back;			/* so many lines ago (shell_recall.c); 0: the new one */
	int		pending_key;		/* to be obeyed next; 0: none */
	char		*kept;			/* the new one, while an older one is shown */
};

/* For keys that are in other files: put text at the cursor, take away, replace all; draw. */
void edit_insert(struct edit *e, const char *s, size_t n);
void edit_delete(struct edit *e, size_t from, size_t to);
void edit_set(struct edit *e, const char *s);
void edit_show(struct edit *e);

/*
 * Read a line into buf, without its newline. Return: its length; -EPIPE: Ctrl-D on an empty line, there are no more;
 * -EINTR: Ctrl-C or a signal; -ENOMEM. Context: thread, may sleep; one at a time.
 */
ssize_t shell_edit_line(const char *prompt, char *buf, size_t size, int mode);
