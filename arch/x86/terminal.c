/* SPDX-License-Identifier: MIT */
/*
 * The terminal on the screen: an array of cells, and what the bytes of the output do to it.
 *
 * Of the escape sequences that terminals know (ECMA-48, as the VT100 and xterm have it), those are obeyed that a line
 * editor and programs like top need:
 *
 *	ESC [ n A B C D E F G d		move up, down, right, left, lines down, up, to a column, to a row
 *	ESC [ row ; col H f		move there
 *	ESC [ n J K X			clear: screen, line, characters; 0 from the cursor on, 1 up to it, 2 all
 *	ESC [ n @ P L M			insert, delete characters; insert, delete lines
 *	ESC [ n ; ... m			bold, reverse, colours
 *	ESC [ s u, ESC 7 8		remember the place, go back there
 *	ESC [ ? 25 h l			show, hide the cursor
 *	ESC c				begin anew
 *
 * All others are swallowed. A character of UTF-8 that is not ASCII takes one cell and shows the box of the font.
 *
 * No lock: kernel/console.c lets one CPU at a time in. It may be cut off anywhere by a panic on another CPU, so every
 * index is made right where it is used.
 * Read next: screen.c.
 */
#include "terminal.h"
#include <linux/array_size.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/string.h>

#define TAB	8
#define ESC	'\033'
#define BOX	0xff	/* has no shape: font.c draws a box */
#define GREY	7
#define MAX_ARGS 8

struct terminal term;

/* How the next characters look. Colours as the card numbers them. */
static struct pen {
	u8	ink, paper;
	bool	bold, reverse;
} pen = { .ink = GREY };
static int kept_x, kept_y;

static u16 empty_cell(void)
{
	return pen.paper << 12 | GREY << 8 | ' ';
}

static u16 cell_of(u8 c)
{
	u16 cell = pen.paper << 12 | (pen.ink | (pen.bold ? 8 : 0)) << 8 | c;

	return pen.reverse ? term_reverse(cell) : cell;
}

/* ---- changing cells ---- */

/* In row y, from one column up to another. */
static void clear_cells(int y, int from, int to)
{
	for (int x = max(from, 0); x < min(to, term.cols); x++)
		term.cells[y][x] = empty_cell();
}

static void clear_rows(int from, int to)
{
	for (int y = max(from, 0); y < min(to, term.rows); y++)
		clear_cells(y, 0, term.cols);
}

/* Rows from y on move by n (down, or up if it is negative); what comes in is empty. */
static void move_rows(int y, int n)
{
	int room = term.rows - y, shift = clamp(n, -room, room), left = room - abs(shift);

	if (shift >= 0)
		memmove(term.cells[y + shift], term.cells[y], left * sizeof(term.cells[0]));
	else
		memmove(term.cells[y], term.cells[y - shift], left * sizeof(term.cells[0]));
	clear_rows(shift >= 0 ? y : y + left, shift >= 0 ? y + shift : term.rows);
}

/* The cells of the cursor's row, from the cursor on, in the same way. */
static void move_cells(int n)
{
	int x = min(term.x, term.cols - 1), room = term.cols - x, shift = clamp(n, -room, room);
	int left = room - abs(shift);
	u16 *row = term.cells[term.y];

	memmove(row + x + max(shift, 0), row + x + max(-shift, 0), left * sizeof(*row));
	clear_cells(term.y, shift >= 0 ? x : x + left, shift >= 0 ? x + shift : term.cols);
}

static void new_line(void)
{
	term.x = 0;
	if (term.y < term.rows - 1)
		term.y++;
	else
		move_rows(0, -1);
}

static void put_char(u8 c)
{
	if (term.x >= term.cols)
		new_line();
	term.cells[term.y][term.x++] = cell_of(c);
}

void terminal_reset(void)
{
	pen = (struct pen){ .ink = GREY };
	term.x = term.y = kept_x = kept_y = 0;
	term.cursor_hidden = false;
	clear_rows(0, term.rows);
}

/* ---- escape sequences ---- */

static struct {
	enum { PLAIN, AFTER_ESC, IN_SEQUENCE, ONE_MORE } state;
	int	arg[MAX_ARGS], nr;	/* nr: of the last one */
	bool	private;		/* began with ? */
} seq;

static void go_to(int x, int y)
{
	term.x = clamp(x, 0, term.cols - 1);
	term.y = clamp(y, 0, term.rows - 1);
}

/* ESC [ n m. The colours of ECMA-48 have red and blue the other way round. */
static void set_pen(int n)
{
	static const u8 card[] = { 0, 4, 2, 6, 1, 5, 3, 7 };

	if (n == 0)
		pen = (struct pen){ .ink = GREY };
	else if (n == 1 || n == 22)
		pen.bold = n == 1;
	else if (n == 7 || n == 27)
		pen.reverse = n == 7;
	else if (n >= 30 && n <= 37)
		pen.ink = card[n - 30];
	else if (n == 39)
		pen.ink = GREY;
	else if (n >= 40 && n <= 47)
		pen.paper = card[n - 40];
	else if (n == 49)
		pen.paper = 0;
	else if (n >= 90 && n <= 97)
		pen.ink = card[n - 90] | 8;
	else if (n >= 100 && n <= 107)
		pen.paper = card[n - 100] | 8;
}

static void erase(u8 what, int how)
{
	int x = min(term.x, term.cols - 1);

	if (what == 'X') {
		clear_cells(term.y, x, x + max(how, 1));
		return;
	}
	clear_cells(term.y, how ? 0 : x, how == 1 ? x + 1 : term.cols);
	if (what == 'J' && how != 1)
		clear_rows(how ? 0 : term.y + 1, term.rows);
	else if (what == 'J')
		clear_rows(0, term.y);
}

/* Return: was it one that moves? */
static bool obey_move(u8 final, int n)
{
	switch (final) {
	case 'A':
		go_to(term.x, term.y - n);
		return true;
	case 'B':
		go_to(term.x, term.y + n);
		return true;
	case 'C':
		go_to(term.x + n, term.y);
		return true;
	case 'D':
		go_to(term.x - n, term.y);
		return true;
	case 'E':
		go_to(0, term.y + n);
		return true;
	case 'F':
		go_to(0, term.y - n);
		return true;
	case 'G':
		go_to(n - 1, term.y);
		return true;
	case 'd':
		go_to(term.x, n - 1);
		return true;
	case 'H':
	case 'f':
		go_to(seq.arg[1] - 1, n - 1);
		return true;
	case 's':
		kept_x = term.x;
		kept_y = term.y;
		return true;
	case 'u':
		go_to(kept_x, kept_y);
		return true;
	}
	return false;
}

static void obey_sequence(u8 final)
{
	int n = max(seq.arg[0], 1);

	if (seq.private) {
		if (seq.arg[0] == 25 && (final == 'h' || final == 'l'))
			term.cursor_hidden = final == 'l';
		return;
	}
	if (obey_move(final, n))
		return;
	switch (final) {
	case 'J':
	case 'K':
	case 'X':
		erase(final, seq.arg[0]);
		break;
	case '@':
	case 'P':
		move_cells(final == '@' ? n : -n);
		break;
	case 'L':
	case 'M':
		move_rows(term.y, final == 'L' ? n : -n);
		break;
	case 'm':
		for (int i = 0; i <= seq.nr; i++)
			set_pen(seq.arg[i]);
		break;
	}
}

static void obey_short(u8 c)
{
	if (c == 'c')
		terminal_reset();
	else if (c == '7' || c == '8')
		obey_move(c == '7' ? 's' : 'u', 0);
}

/* Swallows the bytes of an escape sequence. Return: false for an ordinary character. */
static bool take_escape(u8 c)
{
	switch (seq.state) {
	case PLAIN:
		if (c != ESC)
			return false;
		seq.state = AFTER_ESC;
		return true;
	case AFTER_ESC:
		seq.state = c == '[' ? IN_SEQUENCE : c == '(' || c == ')' ? ONE_MORE : PLAIN;
		memset(seq.arg, 0, sizeof(seq.arg));
		seq.nr = 0;
		seq.private = false;
		if (seq.state == PLAIN)
			obey_short(c);
		return true;
	case ONE_MORE:
		seq.state = PLAIN;
		return true;
	case IN_SEQUENCE:
		if (c >= '0' && c <= '9') {
			seq.arg[seq.nr] = min(seq.arg[seq.nr] * 10 + c - '0', 1000);
		} else if (c == ';') {
			seq.nr = min(seq.nr + 1, MAX_ARGS - 1);
		} else if (c == '?') {
			seq.private = true;
		} else if (c >= 0x40) {
			seq.state = PLAIN;
			obey_sequence(c);
		}
		return true;
	}
	return false;
}

void terminal_put(u8 c)
{
	if (take_escape(c))
		return;
	switch (c) {
	case '\n':
		new_line();
		break;
	case '\r':
		term.x = 0;
		break;
	case '\b':
		term.x = clamp(term.x - 1, 0, term.cols - 1);
		break;
	case '\t':
		term.x = min(term.x / TAB * TAB + TAB, term.cols - 1);
		break;
	default:
		if ((c & 0xc0) == 0x80)		/* goes on with a character of UTF-8 */
			break;
		if (c >= ' ')
			put_char(c < 0x7f ? c : BOX);
	}
}
