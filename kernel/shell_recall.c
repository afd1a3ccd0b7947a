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
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/sched.h>
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
	if (!e->back && !back)
		return;
	if (!e->back)
		e->kept = kstrndup(e->buf, e->len, GFP_KERNEL);
	e->back = back;
	edit_set(e, back ? line_at(back) : e->kept ?: "");
	if (!back) {
		kfree(e->kept);
		e->kept = NULL;
	}
}

/* ---- Ctrl-R ---- */

#define MAX_SOUGHT	48

/* The line `back` or older that has the text in it. Return: how far back; 0: there is none. */
static unsigned int find_back(const char *text, unsigned int back)
{
	for (; back <= min(nr, LINES - 1u); back++)
		if (strstr(line_at(back), text))
			return back;
	return 0;
}

/*
 * What is typed is looked for in the lines before, from the youngest on; Ctrl-R again: in those before that. Any other
 * key ends it, with the line that was found, and is obeyed then; Ctrl-C and Ctrl-G: with the line as it was.
 */
static void search(struct edit *e)
{
	char sought[MAX_SOUGHT] = "", prompt[MAX_SOUGHT + 16];
	const char *real_prompt = e->prompt;
	unsigned int at = 1, hit;
	size_t n = 0;
	int key;

	e->prompt = prompt;
	for (;;) {
		snprintf(prompt, sizeof(prompt), "(search `%s') ", sought);
		edit_show(e);
		key = tty_getkey(MAX_SCHEDULE_TIMEOUT);
		if (key == '\b' || key == 0x7f)
			sought[n -= !!n] = '\0';
		else if (key >= ' ' && key <= 0xff && n < MAX_SOUGHT - 1)
			sought[n++] = key;
		else if (key == TTY_CTRL('R'))
			at = e->back + 1;
		else if (key != -ESTALE)
			break;
		sought[n] = '\0';
		hit = n ? find_back(sought, at) : 0;
		if (hit)
			go_back(e, hit);
		at = 1;
	}
	e->prompt = real_prompt;
	if (key == TTY_CTRL('C') || key == TTY_CTRL('G'))
		go_back(e, 0);
	e->pending_key = key == TTY_CTRL('C') || key == TTY_CTRL('G') ? 0 : key;
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
	if (key == TTY_CTRL('R')) {
		search(e);
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
