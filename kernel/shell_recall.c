/* SPDX-License-Identifier: MIT */
/*
 * The lines that were typed before, to have them again: a ring of the last LINES.
 *
 * Line number n, counted from 1, is in ring[n % LINES]. `back` says how far the editor has gone; the line that was
 * being typed is kept aside meanwhile. No lock: one line is edited at a time, by the shell's thread.
 * Read next: shell_edit.c.
 */
#include "shell_recall.h"
#include "tty.h"
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/string.h>

#define LINES	100

static char *ring[LINES];
static unsigned int nr;			/* lines ever kept */

static const char *line_at(unsigned int back)
{
	return ring[(nr + 1 - back) % LINES];
}

static void keep(const char *line)
{
	char *copy;

	if (!*line || (nr && !strcmp(line_at(1), line)))
		return;
	copy = kstrdup(line, GFP_KERNEL);
	if (!copy)
		return;
	nr++;
	kfree(ring[nr % LINES]);
	ring[nr % LINES] = copy;
}

static void go_back(struct edit *e, unsigned int back)
{
	if (!e->back)
		e->kept = kstrndup(e->buf, e->len, GFP_KERNEL);
	e->back = back;
	edit_set(e, back ? line_at(back) : e->kept ?: "");
	if (!back) {
		kfree(e->kept);
		e->kept = NULL;
	}
}

bool recall_key(struct edit *e, int key)
{
	unsigned int oldest = min(nr, LINES - 1u);

	if (key == TTY_KEY_UP || key == TTY_CTRL('P')) {
		if (e->back < oldest)
			go_back(e, e->back + 1);
		return true;
	}
	if (key == TTY_KEY_DOWN || key == TTY_CTRL('N')) {
		if (e->back)
			go_back(e, e->back - 1);
		return true;
	}
	return false;
}

void recall_end(struct edit *e, bool wanted)
{
	kfree(e->kept);
	e->kept = NULL;
	if (wanted)
		keep(e->buf);
}
