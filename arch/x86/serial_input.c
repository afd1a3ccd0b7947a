/* SPDX-License-Identifier: MIT */
/*
 * What arrives on the serial line is typed.
 *
 * The port raises its interrupt when its FIFO has something; the handler empties it into the terminal. When the
 * terminal has no room left, the port is told not to interrupt and the other side not to send, and what was sent stays
 * where it is until a reader has made room (tty_room_again): so a long text pasted at full speed loses nothing.
 *
 * A BREAK and a key is a request that does not wait for any thread (kernel/sysrq.c): it is handled right here.
 *
 * Locking: listen_lock, interrupts off, between the handler, which stops listening, and the reader, who begins again.
 * Read next: kernel/tty.c.
 */
#include <asm/serial.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/printk.h>
#include <linux/spinlock.h>
#include "../../kernel/tty.h"

static DEFINE_RAW_SPINLOCK(listen_lock);

void (*serial_after_break)(int c);
static bool was_break;		/* listen_lock: a BREAK was the last that came */

/* Lock: listen_lock. Everything goes to the terminal, but for what stands behind a BREAK. Return: that, or -1. */
static int take_bytes(void)
{
	int c;

	while (tty_has_room() && (c = serial_getc()) >= 0) {
		if (c == SERIAL_BREAK) {
			was_break = true;
		} else if (was_break) {
			was_break = false;
			return c;
		} else {
			tty_receive(c);
		}
	}
	return -1;
}

static irqreturn_t serial_interrupt(int irq, void *unused)
{
	int key;

	do {
		raw_spin_lock(&listen_lock);
		key = take_bytes();
		if (!tty_has_room())
			serial_listen(false);
		raw_spin_unlock(&listen_lock);
		if (key >= 0 && serial_after_break)
			serial_after_break(key);
	} while (key >= 0);
	return IRQ_HANDLED;
}

static void serial_resume(void)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&listen_lock, flags);
	serial_listen(true);
	raw_spin_unlock_irqrestore(&listen_lock, flags);
}

int __init serial_input_init(void)
{
	int err;

	if (!serial_present())
		return -ENODEV;
	err = request_irq(SERIAL_IRQ, serial_interrupt, 0, "ttyS0", NULL);
	if (err) {
		pr_warn("ttyS0: no interrupt %d (%pe): nothing can be typed there\n", SERIAL_IRQ, ERR_PTR(err));
		return err;
	}
	tty_room_again = serial_resume;
	serial_resume();
	return 0;
}
