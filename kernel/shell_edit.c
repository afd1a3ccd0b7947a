/* SPDX-License-Identifier: MIT */
/*
 * Editing a line.
 *
 * The line is bytes in the caller's buffer, `len` of them, with the cursor before byte `pos`. On the terminal it stands
 * behind the prompt and goes on in the next row where the window ends; a character is one cell wide, and the bytes that
 * continue one in UTF-8 are none. After a key that has changed more than the end, everything is drawn anew: up to the
 * row of the prompt, clear from there, print, and put the cursor back. That is one piece of output, so no message of
 * the kernel comes into the middle of it.
 *
 *	prompt# echo one two th
 *	ree four_                    rows below the prompt's: cells / cols
 *
 * While more is typed already, nothing is drawn: a text that is pasted is shown once, when it is there.
 *
 * Keys are a table. A program that reads a line (EDIT_PLAIN) gets the same keys without the shell's own.
 * Read next: tty.c for the keys, shell_recall.c for lines that were typed before.
 */
#include "shell_edit.h"
#include "shell_complete.h"
#include "shell_recall.h"
#include "tty.h"
#include <linux/console.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

/* What a key asks of the loop. */
enum { GO_ON, LINE_DONE, LINE_DROPPED, INPUT_ENDED };

/* ---- characters ---- */

static bool is_continuation(char c)
{
	return (c & 0xc0) == 0x80;
}

static size_t char_before(const struct edit *e, size_t pos)
{
	while (pos && is_continuation(e->buf[--pos]))
		;
	return pos;
}

static size_t char_after(const struct edit *e, size_t pos)
{
	if (pos < e->len)
		pos++;
	while (pos < e->len && is_continuation(e->buf[pos]))
		pos++;
	return pos;
}

static unsigned int cells(const char *s, size_t n)
{
	unsigned int count = 0;

	while (n--)
		count += !is_continuation(*s++);
	return count;
}

static size_t word_before(const struct edit *e)
{
	size_t pos = e->pos;

	while (pos && e->buf[pos - 1] == ' ')
		pos--;
	while (pos && e->buf[pos - 1] != ' ')
		pos--;
	return pos;
}

static size_t word_after(const struct edit *e)
{
	size_t pos = e->pos;

	while (pos < e->len && e->buf[pos] == ' ')
		pos++;
	while (pos < e->len && e->buf[pos] != ' ')
		pos++;
	return pos;
}

/* ---- showing ---- */

/* The cell of byte pos, counted from the prompt's first. */
static unsigned int cell_of(const struct edit *e, size_t pos)
{
	return cells(e->prompt, strlen(e->prompt)) + cells(e->buf, pos);
}

/* The text to write for the whole line; the cursor is in the row e->row below the prompt's. */
static size_t draw(struct edit *e, char *out, size_t size)
{
	unsigned int rows, cols, end = cell_of(e, e->len), here = cell_of(e, e->pos);
	size_t n;

	tty_size(&rows, &cols);
	n = scnprintf(out, size, e->drawn ? "\r" : "");
	if (e->row)
		n += scnprintf(out + n, size - n, "\033[%uA", e->row);
	n += scnprintf(out + n, size - n, "%s%s%.*s", e->drawn ? "\033[J" : "", e->prompt, (int)e->len, e->buf);
	/* A full last row: the terminal has not gone to the next one yet. */
	if (end && end % cols == 0)
		n += scnprintf(out + n, size - n, "\r\n");
	if (end / cols > here / cols)
		n += scnprintf(out + n, size - n, "\033[%uA", end / cols - here / cols);
	if (here != end) {
		n += scnprintf(out + n, size - n, "\r");
		if (here % cols)
			n += scnprintf(out + n, size - n, "\033[%uC", here % cols);
	}
	return n;
}

static void show_now(struct edit *e)
{
	size_t n, size = e->len + strlen(e->prompt) + 64;
	char *out = kmalloc(size, GFP_KERNEL);
	unsigned int rows, cols;

	if (!out)
		return;
	while (n = draw(e, out, size), !console_draw(out, n, &e->seen)) {
		e->drawn = false;	/* what was there has something else below it now, and we a new line */
		e->row = 0;
	}
	e->drawn = true;
	tty_size(&rows, &cols);
	e->row = cell_of(e, e->pos) / cols;
	e->stale = false;
	kfree(out);
}

void edit_show(struct edit *e)
{
	if (tty_has_input())
		e->stale = true;	/* more is to come: once, later */
	else
		show_now(e);
}

/* ---- changing ---- */

void edit_insert(struct edit *e, const char *s, size_t n)
{
	if (n > e->size - 1 - e->len) {
		console_draw("\a", 1, &e->seen);
		return;
	}
	memmove(e->buf + e->pos + n, e->buf + e->pos, e->len - e->pos);
	memcpy(e->buf + e->pos, s, n);
	e->len += n;
	e->pos += n;
}

void edit_delete(struct edit *e, size_t from, size_t to)
{
	memmove(e->buf + from, e->buf + to, e->len - to);
	e->len -= to - from;
	e->pos = from;
}

void edit_set(struct edit *e, const char *s)
{
	e->len = e->pos = 0;
	edit_insert(e, s, min(strlen(s), e->size - 1));
}

/* A character at the end of a row that is not full needs no drawing anew. */
static void type(struct edit *e, char c)
{
	unsigned int rows, cols, cell;

	edit_insert(e, &c, 1);
	tty_size(&rows, &cols);
	cell = cell_of(e, e->len) % cols;
	if (e->pos != e->len || !cell || e->stale || (c & 0x80) || tty_has_input()) {
		edit_show(e);
	} else if (!console_draw(&c, 1, &e->seen)) {
		e->drawn = false;
		e->row = 0;
		show_now(e);
	}
}

/* ---- keys ---- */

static int key_end_of_input(struct edit *e)
{
	if (!e->len)
		return INPUT_ENDED;
	edit_delete(e, e->pos, char_after(e, e->pos));
	return GO_ON;
}

static int key_clear_screen(struct edit *e)
{
	console_draw("\033[H\033[2J", 7, &e->seen);
	e->row = 0;
	return GO_ON;
}

/* The second Tab in a row lists what is possible. */
static int key_tab(struct edit *e)
{
	if (e->mode != EDIT_SHELL)
		edit_insert(e, "\t", 1);
	else if (!complete_word(e, e->tabbed))
		console_draw("\a", 1, &e->seen);
	e->tabbed = true;
	return GO_ON;
}

static int key_swap(struct edit *e)
{
	size_t a, b, n;
	char kept[8];

	if (!e->pos || e->len < 2)
		return GO_ON;
	b = e->pos == e->len ? char_before(e, e->pos) : e->pos;
	a = char_before(e, b);
	n = min(b - a, sizeof(kept));
	memcpy(kept, e->buf + a, n);
	edit_delete(e, a, b);
	e->pos = char_after(e, a);
	edit_insert(e, kept, n);
	return GO_ON;
}

/* Keys that move. Return: where to; e->pos if it is none of them. */
static size_t target_of(const struct edit *e, int key)
{
	switch (key) {
	case TTY_KEY_LEFT:
	case TTY_CTRL('B'):
		return char_before(e, e->pos);
	case TTY_KEY_RIGHT:
	case TTY_CTRL('F'):
		return char_after(e, e->pos);
	case TTY_KEY_HOME:
	case TTY_CTRL('A'):
		return 0;
	case TTY_KEY_END:
	case TTY_CTRL('E'):
		return e->len;
	case TTY_KEY_ALT + 'b':
		return word_before(e);
	case TTY_KEY_ALT + 'f':
		return word_after(e);
	}
	return e->pos;
}

/* Keys that delete. Return: from there to the cursor, or from the cursor to there; e->pos if it is none of them. */
static size_t deleted_to(const struct edit *e, int key)
{
	switch (key) {
	case '\b':
	case 0x7f:
		return char_before(e, e->pos);
	case TTY_KEY_DELETE:
		return char_after(e, e->pos);
	case TTY_CTRL('U'):
		return 0;
	case TTY_CTRL('K'):
		return e->len;
	case TTY_CTRL('W'):
	case TTY_KEY_ALT + 0x7f:
		return word_before(e);
	case TTY_KEY_ALT + 'd':
		return word_after(e);
	}
	return e->pos;
}

static int obey(struct edit *e, int key)
{
	size_t to = deleted_to(e, key);

	switch (key) {
	case '\r':
	case '\n':
		return LINE_DONE;
	case TTY_CTRL('C'):
		return LINE_DROPPED;
	case TTY_CTRL('D'):
		return key_end_of_input(e);
	case TTY_CTRL('L'):
		return key_clear_screen(e);
	case TTY_CTRL('T'):
		return key_swap(e);
	case '\t':
		return key_tab(e);
	}
	if (to != e->pos)
		edit_delete(e, min(to, e->pos), max(to, e->pos));
	else
		e->pos = target_of(e, key);
	return GO_ON;
}

static bool is_text(int key)
{
	return key >= ' ' && key <= 0xff && key != 0x7f;
}

/* Return: LINE_*, or a negative errno. */
static int edit_keys(struct edit *e)
{
	int key, what = GO_ON;

	while (what == GO_ON) {
		key = e->pending_key ?: tty_getkey(MAX_SCHEDULE_TIMEOUT);
		e->pending_key = 0;
		if (key == -ESTALE)
			key = TTY_KEY_UNKNOWN;	/* draws it anew */
		if (key < 0)
			return key;
		e->tabbed = e->tabbed && key == '\t';
		if (is_text(key)) {
			type(e, key);
			continue;
		}
		if (e->mode == EDIT_SHELL && recall_key(e, key))
			key = TTY_KEY_UNKNOWN;
		what = obey(e, key);
		if (what == GO_ON)
			edit_show(e);
	}
	return what;
}

/* Behind the last row of the line, whatever was not shown yet. */
static void leave(struct edit *e, const char *mark)
{
	bool at_end = e->pos == e->len;

	e->pos = e->len;
	if (e->stale || !at_end)
		show_now(e);
	console_printf("%s\n", mark);
}

ssize_t shell_edit_line(const char *prompt, char *buf, size_t size, int mode)
{
	struct edit e = { .prompt = prompt, .buf = buf, .size = size, .mode = mode };
	struct task_struct *foreground = tty_set_foreground(NULL);
	int what;

	show_now(&e);
	tty_watch_console(true);
	what = edit_keys(&e);
	tty_watch_console(false);
	leave(&e, what == LINE_DROPPED ? "^C" : "");
	tty_set_foreground(foreground);
	buf[e.len] = '\0';
	if (mode == EDIT_SHELL)
		recall_end(&e, what == LINE_DONE);
	if (what == LINE_DONE)
		return e.len;
	return what < 0 ? what : what == INPUT_ENDED ? -EPIPE : -EINTR;
}
