/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The terminal: what was typed, on the serial line or on the keyboard, whoever is first. Output goes the other way, to
 * both, by console_printf(). For the drivers that type, and for the programs of the shell that read keys.
 */
#include <linux/types.h>

struct task_struct;

/* ---- the drivers' side. Context: any, interrupts included. */

/* tty_receive: c was typed. Dropped when there is no room. tty_receive_text: these, with nothing in between. */
void tty_receive(u8 c);
void tty_receive_text(const char *s, size_t n);

/* Is there room for a key's worth? When there was none, tty_room_again is called (by a reader) as soon as there is. */
bool tty_has_room(void);
extern void (*tty_room_again)(void);

/* ---- the programs' side. Context: thread, may sleep. */

/*
 * The next byte, or the next key: a character (0 to 255) or one of the TTY_KEY_*.
 * Waits for at most timeout jiffies, MAX_SCHEDULE_TIMEOUT for ever.
 * Return: also -EAGAIN: nothing came in time; -EINTR: a signal, Ctrl-C for one, ended the wait; -ESTALE (tty_getkey,
 * while tty_watch_console(true)): something was written on the console meanwhile, what was drawn there is not right.
 */
int tty_getc(long timeout);
int tty_getkey(long timeout);
void tty_watch_console(bool on);

enum tty_key {
	TTY_KEY_UP = 0x100, TTY_KEY_DOWN, TTY_KEY_RIGHT, TTY_KEY_LEFT, TTY_KEY_HOME, TTY_KEY_END, TTY_KEY_INSERT,
	TTY_KEY_DELETE, TTY_KEY_PGUP, TTY_KEY_PGDN,
	TTY_KEY_F1 = 0x120,		/* F2 is one more, and so on to F12 */
	TTY_KEY_UNKNOWN = 0x1ff,	/* a sequence that has no name here */
	TTY_KEY_ALT = 0x200,		/* added to the character typed with it */
};
#define TTY_CTRL(letter)	((letter) & 0x1f)

/* Is something typed waiting? tty_flush: forget it. */
bool tty_has_input(void);
void tty_flush(void);

/*
 * From now on Ctrl-C, Ctrl-\ and Ctrl-Z are no characters but send SIGINT, SIGQUIT and SIGTSTP to p, and what was typed
 * before them is forgotten. One that nobody has read yet does so at once. NULL: they are characters. Return: who had
 * them before.
 */
struct task_struct *tty_set_foreground(struct task_struct *p);

/* The size of the window. Serial terminals do not tell: 80x24 unless somebody says. 0 leaves as it is. */
void tty_size(unsigned int *rows, unsigned int *cols);
void tty_set_size(unsigned int rows, unsigned int cols);
