/* SPDX-License-Identifier: MIT */
/*
 * The PC's keyboard: from wire to characters.
 *
 * An i8042 controller sits between: its status port says whether a byte is there, its data port gives it. It translates
 * to scan code set 1, in which a key's code comes when it goes down and the same with bit 7 when it comes up; a 0xe0 in
 * front says that the key is one of those that older keyboards had not: the arrows beside the number block, for one.
 * Shift, Ctrl, Alt and Caps Lock are remembered; the other keys are typed into the terminal (kernel/tty.h), as the
 * bytes that a serial terminal would send for them. The layout is the American one.
 *
 *	down 1e (a)		-> 'a'			with Shift 'A', with Ctrl 1, with Alt ESC a
 *	down e0 48 (up)		-> ESC [ A
 *	up			-> nothing, but for Shift, Ctrl, Alt
 *
 * All of it happens in the interrupt, on one CPU, so nothing needs a lock. Alt with the SysRq key (Print) and a letter
 * is not typed: keyboard_sysrq gets the letter, in the interrupt, however stuck the threads are.
 * Read next: kernel/tty.c.
 */
#include <asm/keyboard.h>
#include <asm/io.h>
#include <asm/processor.h>
#include <linux/ctype.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/string.h>
#include "../../kernel/tty.h"

#define KEYBOARD_IRQ	1
#define DATA		0x60
#define STATUS		0x64	/* read */
#define COMMAND		0x64	/* write */

#define STATUS_OUT_FULL	0x01	/* there is something to read */
#define STATUS_IN_FULL	0x02	/* it has not taken the last byte yet */
#define STATUS_AUX	0x20	/* what there is comes from the mouse */

#define CMD_READ_CONFIG		0x20
#define CMD_WRITE_CONFIG	0x60
#define CMD_DISABLE_AUX		0xa7
#define CMD_ENABLE_KEYBOARD	0xae
#define CONFIG_IRQ		0x01
#define CONFIG_AUX_IRQ		0x02
#define CONFIG_KEYBOARD_OFF	0x10
#define CONFIG_TRANSLATE	0x40
#define KEYBOARD_SCAN		0xf4

#define PATIENCE	100000	/* looks at the status; each takes about a microsecond on a real port */

void (*keyboard_sysrq)(int key);

/* ---- which key is which ---- */

enum {
	EXTENDED = 0xe0, RELEASED = 0x80,
	KEY_CTRL = 0x1d, KEY_SHIFT_LEFT = 0x2a, KEY_SHIFT_RIGHT = 0x36, KEY_ALT = 0x38, KEY_CAPS = 0x3a,
	KEY_ENTER = 0x1c, KEY_SLASH = 0x35, KEY_PRINT = 0x37, KEY_SYSRQ = 0x54,
	KEY_F1 = 0x3b, KEY_F10 = 0x44, KEY_PAD = 0x47, KEY_F11 = 0x57, KEY_F12,
};

static const char plain[] =
	"\0\0331234567890-=\x7f\tqwertyuiop[]\r\0asdfghjkl;'`\0\\zxcvbnm,./\0*\0 ";
static const char shifted[] =
	"\0\033!@#$%^&*()_+\x7f\tQWERTYUIOP{}\r\0ASDFGHJKL:\"~\0|ZXCVBNM<>?\0*\0 ";

/* The block of the arrows, from 0x47, as the end of an escape sequence; and F1 to F12. */
static const char *const block[] = {
	"[H", "[A", "[5~", NULL, "[D", NULL, "[C", NULL, "[F", "[B", "[6~", "[2~", "[3~",
};
static const char *const functions[] = {
	"OP", "OQ", "OR", "OS", "[15~", "[17~", "[18~", "[19~", "[20~", "[21~", "[23~", "[24~",
};
static const char pad_others[] = { [0x4a - KEY_PAD] = '-', [0x4e - KEY_PAD] = '+', [0x4c - KEY_PAD] = '5' };

/* ---- what is held down ---- */

static bool shift_left, shift_right, ctrl_left, ctrl_right, alt_left, alt_right, caps, sysrq;

/* Return: was it one of these keys? */
static bool hold(u8 key, bool extended, bool down)
{
	switch (key) {
	case KEY_SHIFT_LEFT:
	case KEY_SHIFT_RIGHT:
		if (!extended)	/* with it: no key, but the keyboard's way to say "as if without Shift" */
			*(key == KEY_SHIFT_LEFT ? &shift_left : &shift_right) = down;
		return true;
	case KEY_CTRL:
		*(extended ? &ctrl_right : &ctrl_left) = down;
		return true;
	case KEY_ALT:
		*(extended ? &alt_right : &alt_left) = down;
		sysrq = sysrq && down;
		return true;
	case KEY_CAPS:
		caps ^= down;
		return true;
	}
	return false;
}

/* ---- typing ---- */

static void type_sequence(const char *end)
{
	char text[8];

	tty_receive_text(text, snprintf(text, sizeof(text), "\033%s", end));
}

static void type_char(char c)
{
	bool shift = shift_left || shift_right;
	char text[2] = { '\033', c };

	if (isalpha(c) && caps)
		text[1] = shift ? tolower(c) : toupper(c);
	if (ctrl_left || ctrl_right) {
		if (c == ' ' || (toupper(c) >= '@' && toupper(c) <= '_'))
			text[1] = toupper(c) & 0x1f;
		else if (c == '/' || c == '-')
			text[1] = 0x1f;
	}
	if (alt_left || alt_right)
		tty_receive_text(text, 2);
	else
		tty_receive(text[1]);
}

static char char_of(u8 key)
{
	const char *map = shift_left || shift_right ? shifted : plain;

	return key < sizeof(plain) - 1 ? map[key] : 0;
}

static void key_down(u8 key, bool extended)
{
	const char *sequence = NULL;
	char c = extended && key != KEY_SLASH && key != KEY_ENTER ? 0 : char_of(key);

	if (key == KEY_SYSRQ || (key == KEY_PRINT && extended && (alt_left || alt_right))) {
		sysrq = true;
		return;
	}
	if (sysrq && c) {
		if (keyboard_sysrq)
			keyboard_sysrq(tolower(c));
		return;
	}
	if (key >= KEY_F1 && key <= KEY_F10)
		sequence = functions[key - KEY_F1];
	else if (key == KEY_F11 || key == KEY_F12)
		sequence = functions[10 + key - KEY_F11];
	else if (key >= KEY_PAD && key < KEY_PAD + ARRAY_SIZE(block))
		sequence = block[key - KEY_PAD];
	if (!extended && key >= KEY_PAD && key - KEY_PAD < (int)sizeof(pad_others) && pad_others[key - KEY_PAD])
		c = pad_others[key - KEY_PAD];
	if (c)
		type_char(c);
	else if (sequence)
		type_sequence(sequence);
}

static irqreturn_t keyboard_interrupt(int irq, void *unused)
{
	static bool extended;
	u8 status;

	while ((status = inb(STATUS)) & STATUS_OUT_FULL) {
		u8 code = inb(DATA), key = code & ~RELEASED;
		bool down = !(code & RELEASED);

		if (status & STATUS_AUX)
			continue;
		if (code == EXTENDED) {
			extended = true;
			continue;
		}
		if (!hold(key, extended, down) && down)
			key_down(key, extended);
		extended = false;
	}
	return IRQ_HANDLED;
}

/* ---- setting it up ---- */

static bool wait_until(u8 mask, u8 want)
{
	for (int i = 0; i < PATIENCE; i++) {
		if ((inb(STATUS) & mask) == want)
			return true;
		cpu_relax();
	}
	return false;
}

static bool send(u16 port, u8 byte)
{
	if (!wait_until(STATUS_IN_FULL, 0))
		return false;
	outb(byte, port);
	return true;
}

static void drop_input(void)
{
	for (int i = 0; i < 64 && (inb(STATUS) & STATUS_OUT_FULL); i++)
		inb(DATA);
}

static bool __init configure(void)
{
	u8 config;

	drop_input();
	if (!send(COMMAND, CMD_DISABLE_AUX) || !send(COMMAND, CMD_READ_CONFIG) ||
	    !wait_until(STATUS_OUT_FULL, STATUS_OUT_FULL))
		return false;
	config = inb(DATA);
	config |= CONFIG_IRQ | CONFIG_TRANSLATE;
	config &= ~(CONFIG_KEYBOARD_OFF | CONFIG_AUX_IRQ);
	return send(COMMAND, CMD_WRITE_CONFIG) && send(DATA, config) && send(COMMAND, CMD_ENABLE_KEYBOARD) &&
	       send(DATA, KEYBOARD_SCAN);
}

int __init keyboard_init(void)
{
	int err;

	if (inb(STATUS) == 0xff)	/* nothing answers there */
		return -ENODEV;
	/* Shared, as on Linux: a module may listen, too. */
	err = configure() ? request_irq(KEYBOARD_IRQ, keyboard_interrupt, IRQF_SHARED, "i8042", &keyboard_init) : -EIO;
	if (err)
		pr_warn("keyboard: it does not work (%pe)\n", ERR_PTR(err));
	else
		drop_input();	/* the next byte shall raise the line, which it cannot if it is up already */
	return err;
}
