/* SPDX-License-Identifier: MIT */
/*
 * The terminal: a ring of what was typed, and who waits for it.
 *
 *	serial_input.c --.
 *	                  >-- tty_receive() --> ring --> tty_getc() --> tty_getkey() --> line editor, top, more
 *	keyboard.c ------'         |
 *	                           `-- Ctrl-C, if a command runs: SIGINT to the shell
 *
 * There is one terminal. Serial line and keyboard type into it and both consoles show what is answered, so that it does
 * not matter at which of them one sits. Bytes are taken as they come: there is no echo and no line in here; who reads a
 * line edits it (shell_edit.c). Only the keys that end a command must work although nobody reads: they are found on the
 * way in.
 *
 * A key that is no character arrives as an escape sequence, ESC [ A for "up". It is taken apart when it is read.
 * ESC alone cannot be told from its beginning but by waiting; so ESC alone means nothing here, and nothing waits.
 *
 * Locking: lock, interrupts off: ring, foreground. One reader at a time is the readers' affair (who runs in the
 * foreground). Rejected: a line discipline with modes; the editor needs none, and a program that wants single keys
 * just reads them.
 * Read next: shell_edit.c.
 */
#include "tty.h"
#include <linux/console.h>
#include <linux/errno.h>
#include <linux/irq_work.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

#define RING	16384	/* a power of two */
#define ROOM	64	/* for the longest thing that comes in one piece */

static DEFINE_RAW_SPINLOCK(lock);
static u8 ring[RING];				/* lock */
static unsigned int head, tail;			/* lock. Typed, read; they only grow */
static struct task_struct *foreground;		/* lock */
static DECLARE_WAIT_QUEUE_HEAD(typed);
static unsigned int window_rows = 24, window_cols = 80;

static bool disturbed;			/* something was written on the console since it was looked at */

void (*tty_room_again)(void);

bool tty_has_room(void)
{
	return READ_ONCE(head) - READ_ONCE(tail) <= RING - ROOM;
}

bool tty_has_input(void)
{
	return READ_ONCE(head) != READ_ONCE(tail);
}

/* ---- typing ---- */

static int signal_of(u8 c)
{
	switch (c) {
	case TTY_CTRL('C'):
		return SIGINT;
	case TTY_CTRL('\\'):
		return SIGQUIT;
	case TTY_CTRL('Z'):
		return SIGTSTP;
	}
	return 0;
}

void tty_receive_text(const char *s, size_t n)
{
	struct task_struct *to = NULL;
	unsigned long flags;
	int sig = 0;

	raw_spin_lock_irqsave(&lock, flags);
	for (; n; n--, s++) {
		sig = foreground ? signal_of(*s) : 0;
		if (sig) {
			tail = head;
			to = foreground;
			get_task_struct(to);
			break;
		}
		if (head - tail < RING)
			ring[head++ % RING] = *s;
	}
	raw_spin_unlock_irqrestore(&lock, flags);
	wake_up(&typed);
	if (to) {
		send_sig(sig, to, 1);
		put_task_struct(to);
	}
}

void tty_receive(u8 c)
{
	tty_receive_text((const char *)&c, 1);
}

/* A key that was typed just before is obeyed as if typed now: nobody sees the moment in which a command begins. */
struct task_struct *tty_set_foreground(struct task_struct *p)
{
	struct task_struct *before;
	bool was_full, room;
	int sig = 0;

	raw_spin_lock_irq(&lock);
	before = foreground;
	foreground = p;
	was_full = !tty_has_room();
	for (unsigned int at = tail; p && at != head; at++) {
		int this = signal_of(ring[at % RING]);

		if (this) {
			sig = this;
			tail = at + 1;
		}
	}
	room = tty_has_room();
	raw_spin_unlock_irq(&lock);
	if (was_full && room && tty_room_again)
		tty_room_again();
	if (sig)
		send_sig(sig, p, 1);
	return before;
}

/* ---- reading ---- */

/* Return: a byte, or -EAGAIN. */
static int take_byte(void)
{
	bool was_full, room;
	int c = -EAGAIN;

	raw_spin_lock_irq(&lock);
	was_full = !tty_has_room();
	if (head != tail)
		c = ring[tail++ % RING];
	room = tty_has_room();
	raw_spin_unlock_irq(&lock);
	if (was_full && room && tty_room_again)
		tty_room_again();
	return c;
}

void tty_flush(void)
{
	while (take_byte() >= 0)
		;
}

/* Something was written on the console, by anybody, anywhere: under a lock of the scheduler, in an NMI. */
static void wake_reader(struct irq_work *unused)
{
	wake_up(&typed);
}

static DEFINE_IRQ_WORK(disturbed_work, wake_reader);

static void console_was_disturbed(void)
{
	WRITE_ONCE(disturbed, true);
	irq_work_queue(&disturbed_work);	/* ORDER(irq-work): the flag, then the wake-up */
}

void tty_watch_console(bool on)
{
	WRITE_ONCE(disturbed, false);
	WRITE_ONCE(console_disturbed, on ? console_was_disturbed : NULL);
}

static int get_byte(long timeout, bool heed)
{
	int c;

	while ((c = take_byte()) == -EAGAIN && timeout) {
		if (heed && xchg(&disturbed, false))
			return -ESTALE;
		timeout = wait_event_interruptible_timeout(typed, tty_has_input() || (heed && READ_ONCE(disturbed)),
							   timeout);
		if (timeout < 0)
			return -EINTR;
	}
	return c;
}

int tty_getc(long timeout)
{
	return get_byte(timeout, false);
}

/* The end of "ESC [ number final" as a key. */
static int key_of(int final, int number)
{
	static const short by_number[] = {
		[1] = TTY_KEY_HOME, [2] = TTY_KEY_INSERT, [3] = TTY_KEY_DELETE, [4] = TTY_KEY_END, [5] = TTY_KEY_PGUP,
		[6] = TTY_KEY_PGDN, [7] = TTY_KEY_HOME, [8] = TTY_KEY_END,
		[11] = TTY_KEY_F1, TTY_KEY_F1 + 1, TTY_KEY_F1 + 2, TTY_KEY_F1 + 3, TTY_KEY_F1 + 4,
		[17] = TTY_KEY_F1 + 5, TTY_KEY_F1 + 6, TTY_KEY_F1 + 7, TTY_KEY_F1 + 8, TTY_KEY_F1 + 9,
		[23] = TTY_KEY_F1 + 10, TTY_KEY_F1 + 11,
	};

	if (final >= 'A' && final <= 'D')
		return TTY_KEY_UP + final - 'A';
	if (final >= 'P' && final <= 'S')
		return TTY_KEY_F1 + final - 'P';
	if (final == 'H' || final == 'F')
		return final == 'H' ? TTY_KEY_HOME : TTY_KEY_END;
	if (final == '~' && number > 0 && number < (int)ARRAY_SIZE(by_number) && by_number[number])
		return by_number[number];
	return TTY_KEY_UNKNOWN;
}

/* What comes after "ESC [": a number, perhaps more behind semicolons (which keys are held down), and a letter. */
static int get_sequence(void)
{
	int c, number = 0;
	bool first = true;

	for (;;) {
		c = tty_getc(MAX_SCHEDULE_TIMEOUT);
		if (c < 0)
			return c;
		if (c >= '0' && c <= '9') {
			if (first)
				number = min(number * 10 + c - '0', 1000);
		} else if (c < ' ' || c > '~') {
			return TTY_KEY_UNKNOWN;	/* no sequence at all */
		} else if (c >= '@') {
			return key_of(c, number);
		} else {
			first = false;
		}
	}
}

int tty_getkey(long timeout)
{
	int c = get_byte(timeout, true);

	if (c != '\033')
		return c;
	c = tty_getc(MAX_SCHEDULE_TIMEOUT);
	if (c == '[')
		return get_sequence();
	if (c == 'O') {
		c = tty_getc(MAX_SCHEDULE_TIMEOUT);
		return c < 0 ? c : key_of(c, 0);
	}
	return c < 0 ? c : c == '\033' ? TTY_KEY_UNKNOWN : c + TTY_KEY_ALT;
}

/* ---- the window ---- */

void tty_size(unsigned int *rows, unsigned int *cols)
{
	*rows = READ_ONCE(window_rows);
	*cols = READ_ONCE(window_cols);
}

void tty_set_size(unsigned int rows, unsigned int cols)
{
	if (rows)
		WRITE_ONCE(window_rows, rows);
	if (cols)
		WRITE_ONCE(window_cols, cols);
}
